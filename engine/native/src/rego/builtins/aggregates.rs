//! Aggregates: `count`, `sum`, `product`, `max`, `min`, `sort`, and `any` and `all` of Rego v0.
//!
//! Source: OPA `topdown/aggregates.go`. Sums of integers are exact; one fraction makes the whole sum binary.

use super::context::Context;
use super::operands::{BuiltinError, Outcome, at, some, wrong_element, wrong_type};
use super::registry::Definition;
use crate::rego::values::{Number, Value};

pub(super) static DEFS: &[Definition] = &[
    ("all", all),
    ("any", any),
    ("count", count),
    ("max", max),
    ("min", min),
    ("product", product),
    ("sort", sort),
    ("sum", sum),
];

fn count(_: &mut Context, operands: &[Value]) -> Outcome {
    match at(operands, 1)? {
        Value::Array(array) => some(array.len()),
        Value::Object(object) => some(object.len()),
        Value::Set(set) => some(set.len()),
        Value::String(text) => some(text.chars().count()),
        other => Err(wrong_type(1, other, &["array", "object", "set", "string"])),
    }
}

/// The elements of an array or a set. The kinds are named in the order that OPA's message for the caller has.
fn elements<'a>(operands: &'a [Value], expected: &[&str]) -> Result<&'a [Value], BuiltinError> {
    match at(operands, 1)? {
        Value::Array(array) => Ok(array.as_slice()),
        Value::Set(set) => Ok(set.as_slice()),
        other => Err(wrong_type(1, other, expected)),
    }
}

/// The numbers of an array or a set, in their order.
fn numbers(context: &mut Context, operands: &[Value]) -> Result<Vec<Number>, BuiltinError> {
    let whole = at(operands, 1)?;
    let mut numbers = Vec::new();
    for element in elements(operands, &["set", "array"])? {
        context.tick()?;
        numbers.push(element.as_number().ok_or_else(|| wrong_element(1, whole, element, &["number"]))?);
    }
    Ok(numbers)
}

fn sum(context: &mut Context, operands: &[Value]) -> Outcome {
    some(Number::sum(&numbers(context, operands)?)?)
}

fn product(context: &mut Context, operands: &[Value]) -> Outcome {
    some(Number::product(&numbers(context, operands)?)?)
}

/// The greatest element; of equal ones the last in an array, the only one in a set. Undefined if there is none.
fn max(_: &mut Context, operands: &[Value]) -> Outcome {
    Ok(elements(operands, &["set", "array"])?.iter().max().cloned())
}

/// The least element; of equal ones the last. Undefined if there is none.
fn min(_: &mut Context, operands: &[Value]) -> Outcome {
    let elements = elements(operands, &["set", "array"])?;
    let least = elements.iter().reduce(|least, next| if next <= least { next } else { least });
    Ok(least.cloned())
}

fn sort(_: &mut Context, operands: &[Value]) -> Outcome {
    let mut sorted = elements(operands, &["set", "array"])?.to_vec();
    if matches!(at(operands, 1)?, Value::Array(_)) {
        sorted.sort();
    }
    some(sorted)
}

fn all(_: &mut Context, operands: &[Value]) -> Outcome {
    let truth = Value::Bool(true);
    some(elements(operands, &["array", "set"])?.iter().all(|element| *element == truth))
}

fn any(_: &mut Context, operands: &[Value]) -> Outcome {
    let truth = Value::Bool(true);
    some(elements(operands, &["array", "set"])?.contains(&truth))
}
