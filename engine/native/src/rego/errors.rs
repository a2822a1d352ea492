//! Errors as OPA words them: a stable code, a message, a place.

use std::sync::Arc;

/// A place in a module: line and column counted from one, column in bytes as OPA counts them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Location {
    pub file: Arc<str>,
    pub row: u32,
    pub col: u32,
}

/// One error of parsing or compiling (`rego_parse_error`, …) or of evaluating (`eval_conflict_error`, …).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    pub code: &'static str,
    pub message: String,
    pub location: Option<Location>,
}

pub const PARSE: &str = "rego_parse_error";
pub const COMPILE: &str = "rego_compile_error";
pub const TYPE: &str = "rego_type_error";
pub const UNSAFE_VAR: &str = "rego_unsafe_var_error";
pub const RECURSION: &str = "rego_recursion_error";
pub const EVAL_INTERNAL: &str = "eval_internal_error";
pub const EVAL_CANCEL: &str = "eval_cancel_error";
pub const EVAL_CONFLICT: &str = "eval_conflict_error";
pub const EVAL_TYPE: &str = "eval_type_error";
pub const EVAL_BUILTIN: &str = "eval_builtin_error";
pub const EVAL_WITH_MERGE: &str = "eval_with_merge_error";

impl Error {
    pub fn new(code: &'static str, message: impl Into<String>, location: Option<Location>) -> Self {
        Error { code, message: message.into(), location }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(at) = &self.location {
            write!(f, "{}:{}: ", at.file, at.row)?;
        }
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Error {}
