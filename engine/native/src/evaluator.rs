//! What an evaluator can do, whichever it is: the face that [`crate::native`] and [`crate::interpreter`] show to Python.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::errors::{Error, Result};
use crate::watching::Watch;

/// The largest input. Doors agree to less; values take some multiple of the memory of their text.
pub const MAX_INPUT_BYTES: usize = 64 << 20;

/// How one evaluation goes about it.
#[derive(Debug, Clone)]
pub struct Manner {
    /// What `time.now_ns()` answers; the present where it is not given.
    pub at_ns: Option<i64>,
    pub deadline: Instant,
    pub strict_builtin_errors: bool,
    /// Told what happens on the way, by an evaluator that can.
    pub watch: Option<Arc<Watch>>,
}

impl Manner {
    pub fn within(limit: Duration) -> Self {
        Manner { at_ns: None, deadline: Instant::now() + limit, strict_builtin_errors: false, watch: None }
    }
}

/// What a test run wants to know beside the value.
pub struct Observed {
    pub value: Option<Vec<u8>>,
    /// By an evaluator that tells no watch.
    pub coverage: Vec<FileCoverage>,
    pub prints: Vec<String>,
}

/// The lines of a file that were evaluated, and those that were not.
pub struct FileCoverage {
    pub file: String,
    pub covered: Vec<u32>,
    pub not_covered: Vec<u32>,
}

/// Modules and data, ready to be asked and never changed again.
pub trait Evaluator: Send + Sync {
    /// The document at a path with slashes as compact JSON, or none where it is undefined.
    ///
    /// # Errors
    /// The input cannot be read, or the evaluation failed or was stopped.
    fn evaluate(&self, entrypoint: &str, input: Option<&[u8]>, manner: &Manner) -> Result<Option<Vec<u8>>>;

    /// As `evaluate`, with what was covered and printed on the way. Slower.
    ///
    /// # Errors
    /// As `evaluate`.
    fn observe(&self, entrypoint: &str, input: Option<&[u8]>, manner: &Manner) -> Result<Observed>;

    /// The results of a query, as a JSON list in the form of `opa eval`.
    ///
    /// # Errors
    /// As `evaluate`, and those of the query itself.
    fn query(&self, query: &str, input: Option<&[u8]>, manner: &Manner) -> Result<Vec<u8>>;

    /// Whether a rule of this path, or one below it, was loaded. Data does not count.
    fn defines(&self, entrypoint: &str) -> bool;

    /// The packages of all modules, sorted, with slashes.
    fn packages(&self) -> Vec<String>;

    /// Whether an evaluation may take more of its thread's stack than the usual one has.
    fn needs_large_stack(&self) -> bool {
        true
    }
}

/// Refuses what is larger than any input may be.
///
/// # Errors
/// It is.
pub fn within_size(input: &[u8]) -> Result<()> {
    match input.len() {
        bytes if bytes > MAX_INPUT_BYTES => {
            Err(Error::TooLarge(format!("an input of {bytes} bytes, at most {MAX_INPUT_BYTES} are read")))
        }
        _ => Ok(()),
    }
}
