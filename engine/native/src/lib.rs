//! Rego evaluation for Bylaw: the regorus interpreter behind load-time checks, limits and immutable snapshots.
//!
//! - [`snapshot`]: modules and data in, an immutable [`snapshot::Snapshot`] out, that documents and queries are asked of;
//! - [`checks`]: the compile-time refusals that OPA has and the interpreter lacks, so that nothing is found out, or
//!   silently undefined, at a decision;
//! - [`workers`], [`completions`]: the threads that evaluate, and the way back to an event loop;
//! - [`json_text`], [`json_value`]: JSON read within limits and written as Go writes it;
//! - `python`: the only Python boundary, behind the feature of that name. All else is used, tested and fuzzed from Rust.
//!
//! Only regorus' interpreter is used, never its virtual machine, which lets undefined pass (see `docs/decisions`).

#![deny(unsafe_code)]

pub mod checks;
mod circumstances;
pub mod completions;
pub mod errors;
mod extensions;
pub mod json_canonical;
pub mod json_text;
pub mod json_value;
mod path;
#[cfg(feature = "python")]
mod python;
mod queries;
pub mod rego;
mod rule_tree;
pub mod snapshot;
mod views;
pub mod workers;
