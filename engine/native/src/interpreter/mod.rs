//! The regorus interpreter behind load-time checks, limits and immutable snapshots: the second opinion on [`crate::rego`].
//!
//! - [`snapshot`]: modules and data in, an immutable [`snapshot::Snapshot`] out, that documents and queries are asked of;
//! - [`source`]: what a module says about itself, and its text rewritten so that the interpreter means what OPA means;
//! - [`checks`]: the compile-time refusals that OPA has and the interpreter lacks, so that nothing is found out, or
//!   silently undefined, at a decision.
//!
//! Only regorus' interpreter is used, never its virtual machine, which lets undefined pass (see `docs/decisions`).

pub mod checks;
mod circumstances;
mod extensions;
pub mod json_value;
mod path;
mod queries;
mod rule_tree;
pub mod snapshot;
pub mod source;
mod views;
