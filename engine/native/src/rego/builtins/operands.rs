//! How operands are read and what is said when they are wrong, in OPA's words.
//!
//! Source: OPA `topdown/builtins/builtins.go` and the error wrapper in `topdown/builtins.go`: a wrong operand is
//! `eval_type_error`, every other failure `eval_builtin_error`; the evaluator puts `name: ` before the message.

use num_bigint::BigInt;

use crate::rego::errors::{EVAL_BUILTIN, EVAL_INTERNAL, EVAL_TYPE};
use crate::rego::values::{Array, Number, NumberError, Object, Set, Value};

/// What a built-in gives: a value, undefined, or an error.
pub type Outcome = Result<Option<Value>, BuiltinError>;

/// A defined result.
pub fn some(value: impl Into<Value>) -> Outcome {
    Ok(Some(value.into()))
}

/// Why a built-in gave no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltinError {
    pub kind: ErrorKind,
    /// Without the built-in's name, which the evaluator knows.
    pub message: String,
}

/// What an error means for the evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// An operand of the wrong type; the expression is undefined unless errors are strict.
    Type,
    /// Any other failure; the expression is undefined unless errors are strict.
    Failure,
    /// Evaluation stops at once with this code, strict or not.
    Halt(&'static str),
}

impl BuiltinError {
    pub fn operand(message: impl Into<String>) -> Self {
        BuiltinError { kind: ErrorKind::Type, message: message.into() }
    }

    pub fn failure(message: impl Into<String>) -> Self {
        BuiltinError { kind: ErrorKind::Failure, message: message.into() }
    }

    pub fn halt(code: &'static str, message: impl Into<String>) -> Self {
        BuiltinError { kind: ErrorKind::Halt(code), message: message.into() }
    }

    /// The error's code in OPA's vocabulary.
    pub fn code(&self) -> &'static str {
        match self.kind {
            ErrorKind::Type => EVAL_TYPE,
            ErrorKind::Failure => EVAL_BUILTIN,
            ErrorKind::Halt(code) => code,
        }
    }
}

/// Arithmetic fails in OPA's words, except for the limit on digits that OPA does not have: that one stops evaluation,
/// since an undefined result would be a wrong answer.
impl From<NumberError> for BuiltinError {
    fn from(error: NumberError) -> Self {
        match error {
            NumberError::TooLarge => BuiltinError::halt(EVAL_INTERNAL, error.to_string()),
            other => BuiltinError::failure(other.to_string()),
        }
    }
}

/// `operand 1 must be number but got string`, or `… must be one of {array, set} but got string`. Counted from one.
pub fn wrong_type(position: usize, got: &Value, expected: &[&str]) -> BuiltinError {
    let got = got.type_name();
    BuiltinError::operand(match expected {
        [one] => format!("operand {position} must be {one} but got {got}"),
        many => format!("operand {position} must be one of {{{}}} but got {got}", many.join(", ")),
    })
}

/// `operand 1 must be array of strings but got array containing number`.
pub fn wrong_element(position: usize, composite: &Value, got: &Value, expected: &[&str]) -> BuiltinError {
    let (whole, got) = (composite.type_name(), got.type_name());
    BuiltinError::operand(match expected {
        [one] => format!("operand {position} must be {whole} of {one}s but got {whole} containing {got}"),
        many => format!(
            "operand {position} must be {whole} of (any of) {{{}}} but got {whole} containing {got}",
            many.join(", ")
        ),
    })
}

/// `operand 2 must be one of {2, 8, 10, 16}`.
pub fn wrong_choice(position: usize, expected: &[&str]) -> BuiltinError {
    BuiltinError::operand(match expected {
        [one] => format!("operand {position} must be {one}"),
        many => format!("operand {position} must be one of {{{}}}", many.join(", ")),
    })
}

/// `operand 2 <message>`.
pub fn wrong_operand(position: usize, message: &str) -> BuiltinError {
    BuiltinError::operand(format!("operand {position} {message}"))
}

/// The operand at a position counted from one. Arity is checked at compile time: a missing one is a defect.
pub fn at(operands: &[Value], position: usize) -> Result<&Value, BuiltinError> {
    operands
        .get(position.wrapping_sub(1))
        .ok_or_else(|| BuiltinError::failure(format!("operand {position} is missing")))
}

pub fn number(operands: &[Value], position: usize) -> Result<Number, BuiltinError> {
    let operand = at(operands, position)?;
    operand.as_number().ok_or_else(|| wrong_type(position, operand, &["number"]))
}

pub fn string(operands: &[Value], position: usize) -> Result<&str, BuiltinError> {
    match at(operands, position)? {
        Value::String(text) => Ok(text.as_str()),
        other => Err(wrong_type(position, other, &["string"])),
    }
}

pub fn boolean(operands: &[Value], position: usize) -> Result<bool, BuiltinError> {
    match at(operands, position)? {
        Value::Bool(truth) => Ok(*truth),
        other => Err(wrong_type(position, other, &["boolean"])),
    }
}

pub fn array(operands: &[Value], position: usize) -> Result<&Array, BuiltinError> {
    match at(operands, position)? {
        Value::Array(array) => Ok(array),
        other => Err(wrong_type(position, other, &["array"])),
    }
}

pub fn object(operands: &[Value], position: usize) -> Result<&Object, BuiltinError> {
    match at(operands, position)? {
        Value::Object(object) => Ok(object),
        other => Err(wrong_type(position, other, &["object"])),
    }
}

pub fn set(operands: &[Value], position: usize) -> Result<&Set, BuiltinError> {
    match at(operands, position)? {
        Value::Set(set) => Ok(set),
        other => Err(wrong_type(position, other, &["set"])),
    }
}

/// The integer of 64 bits that a number is, as OPA reads it here: `1` and `1.0`, but not `1e0`.
pub fn machine_integer(value: &Value) -> Option<i64> {
    match value {
        Value::Int(n) => Some(*n),
        Value::Decimal(number) if !number.text().contains(['e', 'E']) => number.integral_i64(),
        _ => None,
    }
}

/// A machine integer. Anything beyond 64 bits is "floating-point" in the message, as in OPA.
pub fn integer(operands: &[Value], position: usize) -> Result<i64, BuiltinError> {
    let operand = at(operands, position)?;
    if !operand.is_number() {
        return Err(wrong_type(position, operand, &["number"]));
    }
    machine_integer(operand).ok_or_else(|| floating(position))
}

/// An integer of any size. A non-number is told that it is no "integer", as OPA does here.
pub fn big_integer(operands: &[Value], position: usize) -> Result<BigInt, BuiltinError> {
    let operand = at(operands, position)?;
    let number = operand.as_number().ok_or_else(|| wrong_type(position, operand, &["integer"]))?;
    number.to_bigint().ok_or_else(|| floating(position))
}

fn floating(position: usize) -> BuiltinError {
    wrong_operand(position, "must be integer number but got floating-point number")
}

/// The strings of an array or a set, in order.
pub fn strings(operands: &[Value], position: usize) -> Result<Vec<&str>, BuiltinError> {
    let whole = at(operands, position)?;
    match whole {
        Value::Array(array) => array.iter().map(|item| text_in(position, whole, item)).collect(),
        Value::Set(set) => set.iter().map(|item| text_in(position, whole, item)).collect(),
        other => Err(wrong_type(position, other, &["array", "set"])),
    }
}

fn text_in<'a>(position: usize, whole: &Value, item: &'a Value) -> Result<&'a str, BuiltinError> {
    match item {
        Value::String(text) => Ok(text.as_str()),
        other => Err(wrong_element(position, whole, other, &["string"])),
    }
}
