//! Arithmetic: `+`, `-` (of sets too), `*`, `/`, `%`, `abs`, `ceil`, `floor`, `round`.
//!
//! The rules of numbers are in `values::Number`; here are the operands and their errors. Source: OPA
//! `topdown/arithmetic.go`.

use super::context::Context;
use super::operands::{Outcome, at, number, some, wrong_type};
use super::registry::Definition;
use crate::rego::values::Value;

pub(super) static DEFS: &[Definition] = &[
    ("abs", abs),
    ("ceil", ceil),
    ("div", div),
    ("floor", floor),
    ("minus", minus),
    ("mul", mul),
    ("plus", plus),
    ("rem", rem),
    ("round", round),
];

fn plus(_: &mut Context, operands: &[Value]) -> Outcome {
    if let [Value::Int(x), Value::Int(y)] = operands
        && let Some(sum) = x.checked_add(*y)
    {
        return some(sum);
    }
    some(number(operands, 1)?.add(&number(operands, 2)?)?)
}

/// The difference of two numbers, or of two sets.
fn minus(_: &mut Context, operands: &[Value]) -> Outcome {
    let (left, right) = (at(operands, 1)?, at(operands, 2)?);
    if let (Value::Int(x), Value::Int(y)) = (left, right)
        && let Some(difference) = x.checked_sub(*y)
    {
        return some(difference);
    }
    if let (Some(x), Some(y)) = (left.as_number(), right.as_number()) {
        return some(x.sub(&y)?);
    }
    match (left, right) {
        (Value::Set(x), Value::Set(y)) => some(x.difference(y)),
        (Value::Set(_), other) if !other.is_number() => Err(wrong_type(2, other, &["number"])),
        (left, _) if !left.is_number() && left.as_set().is_none() => Err(wrong_type(1, left, &["number", "set"])),
        (_, right) if right.is_number() => Err(wrong_type(2, right, &["set"])),
        (_, right) => Err(wrong_type(2, right, &["number"])),
    }
}

fn mul(_: &mut Context, operands: &[Value]) -> Outcome {
    if let [Value::Int(x), Value::Int(y)] = operands
        && let Some(product) = x.checked_mul(*y)
    {
        return some(product);
    }
    some(number(operands, 1)?.mul(&number(operands, 2)?)?)
}

fn div(_: &mut Context, operands: &[Value]) -> Outcome {
    some(number(operands, 1)?.div(&number(operands, 2)?)?)
}

fn rem(_: &mut Context, operands: &[Value]) -> Outcome {
    if let [Value::Int(x), Value::Int(y)] = operands
        && let Some(rest) = x.checked_rem(*y)
    {
        return some(rest);
    }
    some(number(operands, 1)?.rem(&number(operands, 2)?)?)
}

fn abs(_: &mut Context, operands: &[Value]) -> Outcome {
    some(number(operands, 1)?.abs()?)
}

fn ceil(_: &mut Context, operands: &[Value]) -> Outcome {
    some(number(operands, 1)?.ceil()?)
}

fn floor(_: &mut Context, operands: &[Value]) -> Outcome {
    some(number(operands, 1)?.floor()?)
}

fn round(_: &mut Context, operands: &[Value]) -> Outcome {
    some(number(operands, 1)?.round()?)
}
