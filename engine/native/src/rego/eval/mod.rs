//! Evaluation of a program: solutions of bodies, values of rules, and the limits on both.
//!
//! Semantics are those of OPA's `topdown`; where the order of solutions or errors can be seen, it is OPA's too.

mod body;
mod candidates;
pub mod explain;
mod expr;
mod extent;
mod facade;
mod held;
mod kept;
mod machine;
mod memo;
mod options;
mod overlay;
mod partial;
mod peek;
mod print;
mod quick;
mod refs;
mod results;
mod rules;
mod start;
mod stored;
mod walk;

pub use explain::{Coverage, Explain, Profile, Trace, Tracer, Tracers};
pub use facade::{Bindings, CompileOptions, Policy, Snapshot};
pub use options::{Options, PrintHook};
pub use results::{ExpressionValue, QueryResult};
