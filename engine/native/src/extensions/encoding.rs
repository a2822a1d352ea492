//! JSON text inside policies, written as Go writes it (regorus does not escape `<`, `>` and `&`).

use regorus::Value;

use super::{Answer, Extension, wanted};
use crate::json_value;

pub const EXTENSIONS: &[Extension] = &[("json.is_valid", 1, is_valid), ("json.marshal", 1, marshal)];

/// Anything but a string is not valid, rather than an error.
fn is_valid(arguments: &[Value]) -> Answer {
    let valid = |text: &str| serde_json::from_str::<serde_json::Value>(text).is_ok();
    Ok(Value::Bool(matches!(arguments.first(), Some(Value::String(text)) if valid(text))))
}

fn marshal(arguments: &[Value]) -> Answer {
    let Some(value) = arguments.first() else {
        return wanted(1, "a value");
    };
    let mut text = String::new();
    json_value::write_into(&mut text, value);
    Ok(Value::from(text))
}
