//! Strings: searching, cutting, joining, cases. Positions count characters, not bytes.
//!
//! Source: OPA `topdown/strings.go` and Go's package `strings`.

use super::context::Context;
use super::operands::{
    BuiltinError, Outcome, array, at, integer, number, some, string, strings, wrong_choice, wrong_element, wrong_type,
};
use super::registry::Definition;
use crate::rego::errors::EVAL_CONFLICT;
use crate::rego::values::{Number, Value};

pub(super) static DEFS: &[Definition] = &[
    ("concat", concat),
    ("contains", contains),
    ("endswith", ends_with),
    ("format_int", format_int),
    ("indexof", index_of),
    ("indexof_n", indexes_of),
    ("internal.template_string", template_string),
    ("lower", lower),
    ("split", split),
    ("startswith", starts_with),
    ("strings.any_prefix_match", any_prefix),
    ("strings.any_suffix_match", any_suffix),
    ("strings.count", count),
    ("strings.reverse", reverse),
    ("strings.split_n", split_n),
    ("substring", substring),
    ("upper", upper),
];

fn concat(context: &mut Context, operands: &[Value]) -> Outcome {
    let delimiter = string(operands, 1)?;
    let whole = at(operands, 2)?;
    let parts = match whole {
        Value::Array(array) => array.as_slice(),
        Value::Set(set) => set.as_slice(),
        other => return Err(wrong_type(2, other, &["set", "array"])),
    };
    let mut texts = Vec::with_capacity(parts.len());
    for part in parts {
        let Value::String(text) = part else { return Err(wrong_element(2, whole, part, &["string"])) };
        context.reserve((delimiter.len() + text.len()) as u64)?;
        texts.push(text.as_str());
    }
    some(texts.join(delimiter))
}

fn contains(_: &mut Context, operands: &[Value]) -> Outcome {
    let (text, part) = (string(operands, 1)?, string(operands, 2)?);
    some(text.contains(part))
}

fn starts_with(_: &mut Context, operands: &[Value]) -> Outcome {
    let (text, part) = (string(operands, 1)?, string(operands, 2)?);
    some(text.starts_with(part))
}

fn ends_with(_: &mut Context, operands: &[Value]) -> Outcome {
    let (text, part) = (string(operands, 1)?, string(operands, 2)?);
    some(text.ends_with(part))
}

/// How often the part occurs without overlapping; an empty part once more than there are characters.
fn count(_: &mut Context, operands: &[Value]) -> Outcome {
    let (text, part) = (string(operands, 1)?, string(operands, 2)?);
    some(text.matches(part).count())
}

fn reverse(_: &mut Context, operands: &[Value]) -> Outcome {
    some(string(operands, 1)?.chars().rev().collect::<String>())
}

/// One string, or all of an array or set of strings.
fn one_or_more(operands: &[Value], position: usize) -> Result<Vec<&str>, BuiltinError> {
    match at(operands, position)? {
        Value::String(text) => Ok(vec![text.as_str()]),
        Value::Array(_) | Value::Set(_) => strings(operands, position),
        other => Err(wrong_type(position, other, &["string", "set", "array"])),
    }
}

fn any_pair(context: &mut Context, operands: &[Value], holds: fn(&str, &str) -> bool) -> Outcome {
    let (texts, parts) = (one_or_more(operands, 1)?, one_or_more(operands, 2)?);
    for text in texts {
        for part in &parts {
            context.tick()?;
            if holds(text, part) {
                return some(true);
            }
        }
    }
    some(false)
}

fn any_prefix(context: &mut Context, operands: &[Value]) -> Outcome {
    any_pair(context, operands, |text, part| text.starts_with(part))
}

fn any_suffix(context: &mut Context, operands: &[Value]) -> Outcome {
    any_pair(context, operands, |text, part| text.ends_with(part))
}

/// The integer part in base 2, 8, 10 or 16. The base must be written just so: `10.0` is refused.
fn format_int(_: &mut Context, operands: &[Value]) -> Outcome {
    let (input, base) = (number(operands, 1)?, number(operands, 2)?);
    let radix = match base.text().as_ref() {
        "2" => 2,
        "8" => 8,
        "10" => 10,
        "16" => 16,
        _ => return Err(wrong_choice(2, &["2", "8", "10", "16"])),
    };
    let negative = input.sign() < 0;
    let size = if negative { Number::Int(0).sub(&input)? } else { input };
    let Some(whole) = size.floor()?.to_bigint() else {
        return Err(BuiltinError::failure("the integer part is not an integer"));
    };
    let whole = size.to_bigint().unwrap_or(whole);
    some(if negative { -whole } else { whole }.to_str_radix(radix))
}

fn searched(operands: &[Value]) -> Result<(&str, &str), BuiltinError> {
    let (text, part) = (string(operands, 1)?, string(operands, 2)?);
    if part.is_empty() {
        return Err(BuiltinError::failure("empty search character"));
    }
    Ok((text, part))
}

/// The position of the first occurrence, or -1.
fn index_of(_: &mut Context, operands: &[Value]) -> Outcome {
    let (text, part) = searched(operands)?;
    match text.split_once(part) {
        Some((before, _)) => some(before.chars().count()),
        None => some(-1_i64),
    }
}

/// The positions of all occurrences, overlapping ones too.
fn indexes_of(context: &mut Context, operands: &[Value]) -> Outcome {
    let (text, part) = searched(operands)?;
    let mut found = Vec::new();
    for (position, (offset, _)) in text.char_indices().enumerate() {
        context.tick()?;
        if text.get(offset..).is_some_and(|rest| rest.starts_with(part)) {
            found.push(Value::from(position));
        }
    }
    some(found)
}

/// From an offset, a length or (if negative) all the rest.
fn substring(_: &mut Context, operands: &[Value]) -> Outcome {
    let text = string(operands, 1)?;
    let (offset, length) = (integer(operands, 2)?, integer(operands, 3)?);
    let Ok(offset) = usize::try_from(offset) else { return Err(BuiltinError::failure("negative offset")) };
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    if text.is_ascii() {
        let start = offset.min(text.len());
        let end = offset.saturating_add(length).min(text.len());
        return some(text.get(start..end).unwrap_or_default());
    }
    some(text.chars().skip(offset).take(length).collect::<String>())
}

fn pieces(context: &mut Context, text: &str, delimiter: &str) -> Result<Vec<Value>, BuiltinError> {
    let mut parts = Vec::new();
    if delimiter.is_empty() {
        for character in text.chars() {
            context.tick()?;
            parts.push(Value::from(&*character.encode_utf8(&mut [0; 4])));
        }
    } else {
        for part in text.split(delimiter) {
            context.tick()?;
            parts.push(Value::from(part));
        }
    }
    Ok(parts)
}

/// An empty delimiter splits into characters.
fn split(context: &mut Context, operands: &[Value]) -> Outcome {
    let (text, delimiter) = (string(operands, 1)?, string(operands, 2)?);
    some(pieces(context, text, delimiter)?)
}

/// The first `n` pieces, or the last if `n` is negative.
fn split_n(context: &mut Context, operands: &[Value]) -> Outcome {
    let (text, delimiter) = (string(operands, 1)?, string(operands, 2)?);
    let n = integer(operands, 3)?;
    let mut parts = pieces(context, text, delimiter)?;
    let wanted = usize::try_from(n.unsigned_abs()).unwrap_or(usize::MAX);
    if n >= 0 {
        parts.truncate(wanted);
    } else {
        parts.drain(..parts.len().saturating_sub(wanted));
    }
    some(parts)
}

/// Characters one by one, as Go does: `ß` stays, since its upper case would be two letters.
fn upper(_: &mut Context, operands: &[Value]) -> Outcome {
    some(string(operands, 1)?.chars().map(upper_character).collect::<String>())
}

fn upper_character(character: char) -> char {
    let mut mapped = character.to_uppercase();
    match (mapped.next(), mapped.next()) {
        (Some(single), None) => single,
        _ => match character {
            // Greek letters with an iota below have one letter as their simple upper case (UnicodeData.txt).
            '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => shifted(character, 8),
            '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => shifted(character, 9),
            other => other,
        },
    }
}

fn shifted(character: char, by: u32) -> char {
    char::from_u32(u32::from(character) + by).unwrap_or(character)
}

fn lower(_: &mut Context, operands: &[Value]) -> Outcome {
    some(string(operands, 1)?.chars().map(lower_character).collect::<String>())
}

fn lower_character(character: char) -> char {
    let mut mapped = character.to_lowercase();
    match (mapped.next(), mapped.next()) {
        (Some(single), None) => single,
        // `İ`: the dot above is lost.
        (Some(first), Some(_)) => first,
        _ => character,
    }
}

/// `$"…{x}…"`: strings bare, other scalars as text, and each interpolated term as the set of its values, of which
/// there must be at most one. Source: OPA `topdown/template_string.go`, `topdown/print.go`.
fn template_string(context: &mut Context, operands: &[Value]) -> Outcome {
    let mut text = String::new();
    for part in array(operands, 1)? {
        let before = text.len();
        match part {
            Value::Set(values) if values.len() > 1 => {
                return Err(BuiltinError::halt(EVAL_CONFLICT, "template-strings must not produce multiple outputs"));
            }
            Value::Set(values) => match values.iter().next() {
                Some(value) => push_bare(&mut text, value),
                None => text.push_str("<undefined>"),
            },
            Value::Array(_) | Value::Object(_) => {
                let message = format!("illegal argument type: {}", part.type_name());
                return Err(BuiltinError::halt(crate::rego::errors::EVAL_INTERNAL, message));
            }
            scalar => push_bare(&mut text, scalar),
        }
        context.reserve((text.len() - before) as u64)?;
    }
    some(text)
}

fn push_bare(text: &mut String, value: &Value) {
    match value {
        Value::String(bare) => text.push_str(bare.as_str()),
        other => text.push_str(&other.to_string()),
    }
}
