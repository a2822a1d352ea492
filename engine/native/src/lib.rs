//! Rego evaluation for Bylaw: its own engine, and a second opinion on it.
//!
//! - [`rego`]: the Rego engine, all of OPA's language, from text to answer;
//! - [`interpreter`]: the regorus interpreter behind load-time checks, the second opinion;
//! - [`evaluator`]: what both can do, [`native`]: the engine as one that can;
//! - [`watching`]: what an evaluation can tell beside its value;
//! - [`workers`], [`completions`]: the threads that evaluate, and the way back to an event loop;
//! - [`documents`]: YAML read within limits, with the place of each value;
//! - [`json_text`], [`json_canonical`]: JSON read within limits, and in its canonical form;
//! - `python`: the only Python boundary, behind the feature of that name. All else is used, tested and fuzzed from Rust.

#![deny(unsafe_code)]

pub mod completions;
pub mod documents;
pub mod errors;
pub mod evaluator;
pub mod interpreter;
pub mod json_canonical;
pub mod json_text;
pub mod native;
#[cfg(feature = "python")]
mod python;
pub mod rego;
pub mod watching;
pub mod workers;
