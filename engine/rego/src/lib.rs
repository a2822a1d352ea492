//! A Rego engine: OPA v1.20 semantics, compiled and executed.

pub mod rego;
