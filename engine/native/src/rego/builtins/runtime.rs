//! What an evaluation may say and know about where it runs: `opa.runtime`, `trace`.

use super::context::Context;
use super::operands::{Outcome, some, string};
use super::registry::Definition;
use crate::rego::values::Value;

pub(super) static DEFS: &[Definition] = &[("opa.runtime", runtime), ("trace", trace)];

fn runtime(context: &mut Context, _: &[Value]) -> Outcome {
    some(context.runtime.clone())
}

/// Adds a note to the trace, if there is one; true in any case.
fn trace(context: &mut Context, operands: &[Value]) -> Outcome {
    let note = string(operands, 1)?;
    context.reserve(note.len() as u64)?;
    context.notes.push(note.to_owned());
    some(true)
}
