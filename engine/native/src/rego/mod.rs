//! Rego: syntax, analysis, plan, evaluation, values and built-ins. Usable without Python.

pub mod analysis;
pub mod builtins;
pub mod errors;
pub mod eval;
pub mod plan;
pub mod syntax;
pub mod values;

pub use eval::{Bindings, CompileOptions, Options, Policy, PrintHook, QueryResult, Snapshot};
