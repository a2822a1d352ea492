//! What the caller of an evaluation decides: limits and switches.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::explain::Tracer;
use crate::rego::errors::Location;

/// Receives the lines that `print` writes.
pub type PrintHook = Arc<dyn Fn(&Location, &str) + Send + Sync>;

/// One evaluation's limits and switches.
#[derive(Clone)]
pub struct Options {
    pub deadline: Option<Instant>,
    /// Statements evaluated and elements visited.
    pub max_steps: u64,
    /// Rules, closures and iterations within each other.
    pub max_depth: u32,
    /// What results may hold while they are built, estimated.
    pub max_memory_bytes: u64,
    /// The time that `time.now_ns` gives; none: the clock, once.
    pub now_ns: Option<i64>,
    pub strict_builtin_errors: bool,
    pub early_exit: bool,
    pub indexing: bool,
    pub cancel: Option<Arc<AtomicBool>>,
    pub print: Option<PrintHook>,
    /// Watches the evaluation.
    pub tracer: Option<Arc<dyn Tracer>>,
    /// What `opa.runtime()` says of the environment.
    pub env: Vec<(String, String)>,
    /// Where `rand.intn` and `uuid.rfc4122` start; none: somewhere else each time.
    pub seed: Option<u64>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            deadline: None,
            max_steps: 1_000_000_000,
            max_depth: 20_000,
            max_memory_bytes: 2 << 30,
            now_ns: None,
            strict_builtin_errors: false,
            early_exit: true,
            indexing: true,
            cancel: None,
            print: None,
            tracer: None,
            env: Vec::new(),
            seed: None,
        }
    }
}
