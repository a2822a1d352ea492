//! Where regorus panics (an empty needle), or has no such built-in.

use regorus::Value;

use super::{Answer, Extension, integer, string};

pub const EXTENSIONS: &[Extension] = &[("strings.count", 2, count), ("strings.split_n", 3, split_n)];

/// As Go counts: an empty needle is found before every character and at the end.
fn count(arguments: &[Value]) -> Answer {
    let (text, needle) = (string(arguments, 0)?, string(arguments, 1)?);
    let count = if needle.is_empty() { text.chars().count() + 1 } else { text.matches(needle).count() };
    Ok(Value::from(count))
}

/// The first parts, or the last ones where the number is negative.
fn split_n(arguments: &[Value]) -> Answer {
    let (text, delimiter, count) = (string(arguments, 0)?, string(arguments, 1)?, integer(arguments, 2)?);
    let parts: Vec<&str> = if delimiter.is_empty() {
        text.split("").filter(|part| !part.is_empty()).collect()
    } else {
        text.split(delimiter).collect()
    };
    let wanted = usize::try_from(count.unsigned_abs()).map_or(parts.len(), |count| count.min(parts.len()));
    let parts = if count < 0 { &parts[parts.len() - wanted..] } else { &parts[..wanted] };
    Ok(Value::from(parts.iter().map(|&part| Value::from(part)).collect::<Vec<_>>()))
}
