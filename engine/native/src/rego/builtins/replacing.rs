//! Replacing and trimming: `replace`, `strings.replace_n`, `trim` and its like.
//!
//! Source: OPA `topdown/strings.go` and Go's `strings.Replacer`.

use super::context::Context;
use super::operands::{BuiltinError, Outcome, object, some, string, wrong_operand};
use super::registry::Definition;
use crate::rego::values::Value;

pub(super) static DEFS: &[Definition] = &[
    ("replace", replace),
    ("strings.replace_n", replace_n),
    ("trim", trim),
    ("trim_left", trim_left),
    ("trim_prefix", trim_prefix),
    ("trim_right", trim_right),
    ("trim_space", trim_space),
    ("trim_suffix", trim_suffix),
];

fn replace(context: &mut Context, operands: &[Value]) -> Outcome {
    let (text, old, new) = (string(operands, 1)?, string(operands, 2)?, string(operands, 3)?);
    some(replaced(context, text, &[(old, new)])?)
}

/// All patterns in one pass from the left; at each place the first pattern in the order of keys wins.
fn replace_n(context: &mut Context, operands: &[Value]) -> Outcome {
    let patterns = object(operands, 1)?;
    let text = string(operands, 2)?;
    let mut pairs = Vec::with_capacity(patterns.len());
    for (old, new) in patterns {
        let Value::String(old) = old else { return Err(wrong_operand(1, "non-string key found in pattern object")) };
        let Value::String(new) = new else { return Err(wrong_operand(1, "non-string value found in pattern object")) };
        pairs.push((old.as_str(), new.as_str()));
    }
    some(replaced(context, text, &pairs)?)
}

/// An empty pattern matches between any two bytes, also within a character: the result would not be text, so that is
/// refused. It does not match twice in a row at one place.
fn replaced(context: &mut Context, text: &str, pairs: &[(&str, &str)]) -> Result<String, BuiltinError> {
    if !text.is_ascii() && pairs.iter().any(|(old, _)| old.is_empty()) {
        return Err(BuiltinError::failure("an empty pattern would cut characters into bytes"));
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut after_empty = false;
    loop {
        context.tick()?;
        let found = pairs.iter().find(|(old, _)| rest.starts_with(old) && !(after_empty && old.is_empty()));
        after_empty = found.is_some_and(|(old, _)| old.is_empty());
        if let Some((old, new)) = found {
            context.reserve(new.len() as u64)?;
            out.push_str(new);
            rest = rest.get(old.len()..).unwrap_or_default();
            continue;
        }
        let mut characters = rest.chars();
        let Some(character) = characters.next() else { return Ok(out) };
        out.push(character);
        rest = characters.as_str();
    }
}

fn trim(_: &mut Context, operands: &[Value]) -> Outcome {
    let (text, cutset) = (string(operands, 1)?, string(operands, 2)?);
    some(text.trim_matches(|character| cutset.contains(character)))
}

fn trim_left(_: &mut Context, operands: &[Value]) -> Outcome {
    let (text, cutset) = (string(operands, 1)?, string(operands, 2)?);
    some(text.trim_start_matches(|character| cutset.contains(character)))
}

fn trim_right(_: &mut Context, operands: &[Value]) -> Outcome {
    let (text, cutset) = (string(operands, 1)?, string(operands, 2)?);
    some(text.trim_end_matches(|character| cutset.contains(character)))
}

fn trim_prefix(_: &mut Context, operands: &[Value]) -> Outcome {
    let (text, prefix) = (string(operands, 1)?, string(operands, 2)?);
    some(text.strip_prefix(prefix).unwrap_or(text))
}

fn trim_suffix(_: &mut Context, operands: &[Value]) -> Outcome {
    let (text, suffix) = (string(operands, 1)?, string(operands, 2)?);
    some(text.strip_suffix(suffix).unwrap_or(text))
}

fn trim_space(_: &mut Context, operands: &[Value]) -> Outcome {
    some(string(operands, 1)?.trim())
}
