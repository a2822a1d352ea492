//! Bits of integers of any size, negative ones as in two's complement. Source: OPA `topdown/bits.go`.

use num_bigint::{BigInt, Sign};
use num_traits::ToPrimitive;

use super::context::Context;
use super::operands::{BuiltinError, Outcome, big_integer, some, wrong_operand};
use super::registry::Definition;
use crate::rego::errors::EVAL_INTERNAL;
use crate::rego::values::{Number, Value};

pub(super) static DEFS: &[Definition] = &[
    ("bits.and", and),
    ("bits.lsh", shift_left),
    ("bits.negate", negate),
    ("bits.or", or),
    ("bits.rsh", shift_right),
    ("bits.xor", xor),
];

/// How far a number may be shifted to the left. Beyond, OPA fills its memory; here it is an error that stops.
const MAX_SHIFT: u64 = 65_536;

fn integer(value: BigInt) -> Outcome {
    some(Number::from_bigint(&value))
}

fn and(_: &mut Context, operands: &[Value]) -> Outcome {
    integer(big_integer(operands, 1)? & big_integer(operands, 2)?)
}

fn or(_: &mut Context, operands: &[Value]) -> Outcome {
    integer(big_integer(operands, 1)? | big_integer(operands, 2)?)
}

fn xor(_: &mut Context, operands: &[Value]) -> Outcome {
    integer(big_integer(operands, 1)? ^ big_integer(operands, 2)?)
}

fn negate(_: &mut Context, operands: &[Value]) -> Outcome {
    integer(!big_integer(operands, 1)?)
}

fn shift_left(_: &mut Context, operands: &[Value]) -> Outcome {
    let (value, by) = (big_integer(operands, 1)?, distance(operands)?);
    if value.sign() == Sign::NoSign {
        return some(0_i64);
    }
    match by.to_u64().filter(|by| *by <= MAX_SHIFT) {
        Some(by) => integer(value << by),
        None => Err(BuiltinError::halt(EVAL_INTERNAL, format!("numbers are shifted by at most {MAX_SHIFT} bits"))),
    }
}

fn shift_right(_: &mut Context, operands: &[Value]) -> Outcome {
    let (value, by) = (big_integer(operands, 1)?, distance(operands)?);
    integer(match by.to_u64() {
        Some(by) => value >> by,
        None if value.sign() == Sign::Minus => BigInt::from(-1),
        None => BigInt::ZERO,
    })
}

fn distance(operands: &[Value]) -> Result<BigInt, BuiltinError> {
    let by = big_integer(operands, 2)?;
    if by.sign() == Sign::Minus {
        return Err(wrong_operand(2, "must be an unsigned integer number but got a negative integer"));
    }
    Ok(by)
}
