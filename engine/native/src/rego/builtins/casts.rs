//! Conversions: `to_number`, and the casts of Rego v0 that only check. Source: OPA `topdown/casts.go`.

use super::context::Context;
use super::operands::{BuiltinError, Outcome, at, some, wrong_type};
use super::registry::Definition;
use crate::rego::values::{Kind, Number, Set, Value, quote};

pub(super) static DEFS: &[Definition] = &[
    ("cast_array", cast_array),
    ("cast_boolean", cast_boolean),
    ("cast_null", cast_null),
    ("cast_object", cast_object),
    ("cast_set", cast_set),
    ("cast_string", cast_string),
    ("to_number", to_number),
];

fn to_number(_: &mut Context, operands: &[Value]) -> Outcome {
    let operand = at(operands, 1)?;
    match operand {
        Value::Null | Value::Bool(false) => some(0_i64),
        Value::Bool(true) => some(1_i64),
        Value::Int(_) | Value::Decimal(_) => some(operand.clone()),
        Value::String(text) => parse(text.as_str(), operand),
        other => Err(wrong_type(1, other, &["null", "boolean", "number", "string"])),
    }
}

/// Numbers as Go's `ParseFloat` reads them, decimal ones only. Forms that JSON does not have (`+1`, `.5`, `007`) make
/// OPA fail when it prints the result; here they get the form that JSON has.
fn parse(text: &str, operand: &Value) -> Outcome {
    let unsigned = text.trim_start_matches(['+', '-']).to_ascii_lowercase();
    if matches!(unsigned.as_str(), "inf" | "infinity" | "nan") {
        return Err(wrong_type(1, operand, &["valid number string"]));
    }
    let failure = |why: &str| BuiltinError::failure(format!("strconv.ParseFloat: parsing {}: {why}", quote(text)));
    let plain = as_json(text).ok_or_else(|| failure("invalid syntax"))?;
    if !plain.parse::<f64>().is_ok_and(f64::is_finite) {
        return Err(failure("value out of range"));
    }
    some(Number::parse(&plain)?)
}

/// The number in JSON's form, if it is a decimal number at all.
fn as_json(text: &str) -> Option<String> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let power = exponent.get(1..).map(|power| power.strip_prefix(['+', '-']).unwrap_or(power));
    if !digits(whole) || !digits(fraction) || whole.is_empty() && fraction.is_empty() {
        return None;
    }
    if power.is_some_and(|power| power.is_empty() || !digits(power)) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{sign}{whole}{point}{fraction}{exponent}"))
}

fn only(operands: &[Value], kind: Kind) -> Outcome {
    let operand = at(operands, 1)?;
    if operand.kind() == kind { some(operand.clone()) } else { Err(wrong_type(1, operand, &[kind.name()])) }
}

fn cast_array(_: &mut Context, operands: &[Value]) -> Outcome {
    match at(operands, 1)? {
        Value::Array(array) => some(array.clone()),
        Value::Set(set) => some(set.as_slice().to_vec()),
        other => Err(wrong_type(1, other, &["array", "set"])),
    }
}

fn cast_set(_: &mut Context, operands: &[Value]) -> Outcome {
    match at(operands, 1)? {
        Value::Set(set) => some(set.clone()),
        Value::Array(array) => some(array.iter().cloned().collect::<Set>()),
        other => Err(wrong_type(1, other, &["array", "set"])),
    }
}

fn cast_boolean(_: &mut Context, operands: &[Value]) -> Outcome {
    only(operands, Kind::Boolean)
}

fn cast_null(_: &mut Context, operands: &[Value]) -> Outcome {
    only(operands, Kind::Null)
}

fn cast_object(_: &mut Context, operands: &[Value]) -> Outcome {
    only(operands, Kind::Object)
}

fn cast_string(_: &mut Context, operands: &[Value]) -> Outcome {
    only(operands, Kind::String)
}
