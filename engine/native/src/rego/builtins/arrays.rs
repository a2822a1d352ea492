//! Arrays: `array.concat`, `array.flatten`, `array.reverse`, `array.slice`. Source: OPA `topdown/array.go`.

use super::context::Context;
use super::operands::{Outcome, array, at, integer, some};
use super::registry::Definition;
use crate::rego::values::Value;

pub(super) static DEFS: &[Definition] =
    &[("array.concat", concat), ("array.flatten", flatten), ("array.reverse", reverse), ("array.slice", slice)];

fn concat(_: &mut Context, operands: &[Value]) -> Outcome {
    let (first, second) = (array(operands, 1)?, array(operands, 2)?);
    if first.is_empty() {
        return some(second.clone());
    }
    if second.is_empty() {
        return some(first.clone());
    }
    some([first.as_slice(), second.as_slice()].concat())
}

/// One level only: `[1, [2, [3]]]` becomes `[1, 2, [3]]`.
fn flatten(_: &mut Context, operands: &[Value]) -> Outcome {
    let whole = array(operands, 1)?;
    let mut flat = Vec::with_capacity(whole.len());
    for element in whole {
        match element {
            Value::Array(nested) => flat.extend(nested.iter().cloned()),
            other => flat.push(other.clone()),
        }
    }
    some(flat)
}

fn reverse(_: &mut Context, operands: &[Value]) -> Outcome {
    some(array(operands, 1)?.iter().rev().cloned().collect::<Vec<_>>())
}

/// From `start` to before `stop`, both moved into the array; empty if they cross.
fn slice(_: &mut Context, operands: &[Value]) -> Outcome {
    let whole = array(operands, 1)?;
    let (start, stop) = (integer(operands, 2)?, integer(operands, 3)?);
    let stop = clamped(stop, whole.len());
    let start = clamped(start, stop);
    if start == 0 && stop == whole.len() {
        return Ok(Some(at(operands, 1)?.clone()));
    }
    some(whole.as_slice().get(start..stop).unwrap_or_default().to_vec())
}

fn clamped(index: i64, most: usize) -> usize {
    usize::try_from(index.max(0)).unwrap_or(usize::MAX).min(most)
}
