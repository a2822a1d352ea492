//! What an evaluation tells whoever watches it: events, and what is made of them.
//!
//! Events are those of OPA's tracers (`topdown/trace.go`). A tracer in the options makes the evaluation run a program
//! with marks; without one, nothing here is met.

mod coverage;
mod profile;
mod ranges;
mod tell;
mod trace;

use std::sync::Arc;

use crate::rego::errors::Location;
pub use crate::rego::plan::marks::Marked;
use crate::rego::values::Value;

pub use coverage::Coverage;
pub use profile::Profile;
pub(super) use tell::Watcher;
pub use trace::{Explain, Trace};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Op {
    /// A body or a rule is about to be evaluated.
    Enter,
    /// It has a solution.
    Exit,
    /// A statement is about to be evaluated.
    Eval,
    /// More solutions of it are looked for.
    Redo,
    /// It has none.
    Fail,
    /// The definitions of a rule that can succeed were looked up.
    Index,
    /// `trace(…)` was called.
    Note,
}

impl Op {
    pub fn name(self) -> &'static str {
        match self {
            Op::Enter => "Enter",
            Op::Exit => "Exit",
            Op::Eval => "Eval",
            Op::Redo => "Redo",
            Op::Fail => "Fail",
            Op::Index => "Index",
            Op::Note => "Note",
        }
    }
}

/// One event.
#[derive(Debug)]
pub struct Event<'e> {
    pub op: Op,
    /// What it is about; for a note and a lookup, the statement that made it.
    pub of: Marked,
    /// The path of the rule, or the text of statement or body; of a lookup, the path that is looked up.
    pub text: &'e str,
    pub location: &'e Location,
    /// The number of the body that is evaluated, and of the one around it.
    pub query: u64,
    pub parent: u64,
    /// The note, or what more there is to say.
    pub message: &'e str,
    /// True if analysis made the statement.
    pub generated: bool,
    /// The author's variables in it that have values; only if the tracer wants them.
    pub locals: &'e [(Arc<str>, Value)],
}

/// Watches evaluations.
pub trait Tracer: Send + Sync {
    fn event(&self, event: &Event<'_>);

    /// Whether events should carry values of variables.
    fn wants_locals(&self) -> bool {
        false
    }
}

/// Several tracers, told one after the other.
pub struct Tracers(pub Vec<Arc<dyn Tracer>>);

impl Tracer for Tracers {
    fn event(&self, event: &Event<'_>) {
        for tracer in &self.0 {
            tracer.event(event);
        }
    }

    fn wants_locals(&self) -> bool {
        self.0.iter().any(|tracer| tracer.wants_locals())
    }
}

/// A lock whose holder panicked still has what was collected.
fn locked<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn entry(name: &str, value: Value) -> (Value, Value) {
    (Value::string(name), value)
}

fn number(n: u64) -> Value {
    Value::Int(i64::try_from(n).unwrap_or(i64::MAX))
}
