//! Ranges and chance: `numbers.range`, `numbers.range_step`, `rand.intn`. Source: OPA `topdown/numbers.go`.

use num_bigint::BigInt;
use num_traits::{One, ToPrimitive, Zero};

use super::context::Context;
use super::operands::{BuiltinError, Outcome, big_integer, integer, some, string};
use super::registry::Definition;
use crate::rego::values::{Number, Value};

pub(super) static DEFS: &[Definition] =
    &[("numbers.range", range), ("numbers.range_step", range_step), ("rand.intn", random_below)];

/// What one element costs of the memory that an evaluation may use.
const BYTES_PER_ELEMENT: u64 = size_of::<Value>() as u64;

fn range(context: &mut Context, operands: &[Value]) -> Outcome {
    steps(context, big_integer(operands, 1)?, &big_integer(operands, 2)?, BigInt::one())
}

fn range_step(context: &mut Context, operands: &[Value]) -> Outcome {
    let (from, to) = (big_integer(operands, 1)?, big_integer(operands, 2)?);
    let step = big_integer(operands, 3)?;
    if step <= BigInt::zero() {
        return Err(BuiltinError::failure("numbers.range_step: step must be a positive integer"));
    }
    steps(context, from, &to, step)
}

/// From the first number to the last, both included if the step meets it, upwards or downwards.
fn steps(context: &mut Context, from: BigInt, to: &BigInt, step: BigInt) -> Outcome {
    let up = from <= *to;
    let length = (to - &from).magnitude() / step.magnitude() + 1_u32;
    context.reserve(length.to_u64().unwrap_or(u64::MAX).saturating_mul(BYTES_PER_ELEMENT))?;
    let step = if up { step } else { -step };
    let mut numbers = Vec::new();
    let mut next = from;
    while if up { next <= *to } else { next >= *to } {
        context.tick()?;
        numbers.push(Value::from(Number::from_bigint(&next)));
        next += &step;
    }
    some(numbers)
}

/// A number from zero to below `n`, the same for the same text and `n` throughout an evaluation.
fn random_below(context: &mut Context, operands: &[Value]) -> Outcome {
    let (text, n) = (string(operands, 1)?, integer(operands, 2)?);
    let Some(bound) = std::num::NonZeroU64::new(n.unsigned_abs()) else { return some(0_i64) };
    let key = [Value::from(text), Value::from(Number::from_bigint(&BigInt::from(bound.get())))];
    if let Some(known) = context.recall("rand.intn", &key) {
        return Ok(known);
    }
    let chosen = Value::from(Number::from_bigint(&BigInt::from(context.random() % bound)));
    context.remember("rand.intn", &key, Some(chosen.clone()));
    some(chosen)
}
