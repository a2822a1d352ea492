//! Where regorus panics (an empty needle), or has no such built-in.

use regorus::Value;

use super::{Answer, Extension, integer, string};

pub const EXTENSIONS: &[Extension] = &[("strings.count", 2, count), ("strings.split_n", 3, split_n)];

/// As Go counts: an empty needle is found before every character and at the end.
fn count(arguments: &[Value]) -> Answer {
    let (text, needle) = (string(arguments, 0)?, string(arguments, 1)?);
    let count = if needle.is_empty() {
        text.chars().count() + 1
    } else {
        text.matches(needle).count()
    };
    Ok(Value::from(count))
}

fn split_n(arguments: &[Value]) -> Answer {
    let (text, delimiter, parts) = (string(arguments, 0)?, string(arguments, 1)?, integer(arguments, 2)?);
    let limit = usize::try_from(parts).unwrap_or(usize::MAX); // negative: all of them
    let parts: Vec<Value> = if limit == 0 {
        Vec::new()
    } else if delimiter.is_empty() {
        characters(text, limit)
    } else {
        text.splitn(limit, delimiter).map(Value::from).collect()
    };
    Ok(Value::from(parts))
}

/// Character by character; the last part is whatever is left.
fn characters(text: &str, limit: usize) -> Vec<Value> {
    let mut rest = text;
    let mut parts = Vec::new();
    while let Some(character) = rest.chars().next() {
        let end = if parts.len() + 1 == limit { rest.len() } else { character.len_utf8() };
        parts.push(Value::from(&rest[..end]));
        rest = &rest[end..];
    }
    parts
}
