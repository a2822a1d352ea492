//! From analysed rules to a program: slots instead of names, paths instead of references, one table of rules.
//!
//! The input is [`crate::rego::analysis::core`], whose promises make planning local: a body is ordered, so which
//! variables are bound at each statement is known here and costs nothing when the program runs.

mod body;
mod demands;
pub mod index;
mod mark_text;
pub mod marks;
pub mod program;
mod refs;
mod rules;
mod scope;
pub mod spans;
mod terms;
mod tree;
mod unify;

pub use program::Program;
pub(crate) use refs::entry;

use std::collections::HashMap;

use crate::rego::analysis::core::{Name, Place};
use crate::rego::analysis::{Compiled, Query};
use crate::rego::errors::{EVAL_INTERNAL, Error, Location, UNSAFE_VAR};
use program::{Slot, Step};

/// A query, planned against a program.
#[derive(Debug)]
pub struct QueryPlan {
    pub body: Box<[Step]>,
    pub slots: u32,
    /// The variables that the author of the query named, in order of name.
    pub variables: Vec<(Name, Slot)>,
}

/// Plans all rules.
///
/// # Errors
/// `rego_unsafe_var_error` for a variable that nothing binds, `eval_internal_error` where analysis broke another promise;
/// nothing is planned then.
pub fn plan(compiled: &Compiled) -> Result<Program, Error> {
    rules::plan(compiled, false)
}

/// As [`plan`], with marks.
///
/// # Errors
/// As [`plan`].
pub fn plan_marked(compiled: &Compiled) -> Result<Program, Error> {
    rules::plan(compiled, true)
}

/// Plans a query. `files` of the query's places are those of the program, followed by the query itself.
///
/// # Errors
/// As [`plan`].
pub fn plan_query(query: &Query, program: &Program, marked: bool) -> Result<QueryPlan, Error> {
    let mut scope = scope::Scope::new(program);
    scope.names_of_author = marked.then_some(&query.original_names);
    let body = scope.body(&query.body).map_err(|fault| fault.into_error(&program.files))?;
    let body = scope.entered(&query.body, body, false);
    let mut variables: Vec<(Name, Slot)> = Vec::new();
    for (name, slot) in scope.names() {
        let written = query.original_names.get(&name).unwrap_or(&name).clone();
        if written.starts_with('$') || written.starts_with("__local") || !scope.is_bound(slot) {
            continue;
        }
        variables.push((written, slot));
    }
    variables.sort();
    Ok(QueryPlan { body, slots: scope.slots(), variables })
}

/// A promise of analysis that does not hold.
#[derive(Debug)]
pub(crate) struct Fault {
    pub code: &'static str,
    pub message: String,
    pub at: Place,
}

impl Fault {
    pub(crate) fn new(message: impl Into<String>, at: Place) -> Self {
        Fault { code: EVAL_INTERNAL, message: message.into(), at }
    }

    /// A variable that nothing binds. OPA's check of bodies lets a few pass, and so does ours as it is the same check.
    pub(crate) fn unbound(name: &str, at: Place) -> Self {
        Fault { code: UNSAFE_VAR, message: format!("var {name} is unsafe"), at }
    }

    pub(crate) fn into_error(self, files: &[std::sync::Arc<str>]) -> Error {
        Error::new(self.code, self.message, Some(location(files, self.at)))
    }
}

/// A place with the name of its file.
pub fn location(files: &[std::sync::Arc<str>], at: Place) -> Location {
    let file = files.get(at.file as usize).cloned().unwrap_or_else(|| std::sync::Arc::from(""));
    Location { file, row: at.row, col: at.col }
}

/// Slots by name; a rule's own.
pub(crate) type Slots = HashMap<Name, Slot>;
