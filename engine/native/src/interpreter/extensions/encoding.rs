//! JSON text inside policies, written as Go writes it (regorus does not escape `<`, `>` and `&`).

use regorus::Value;

use super::{Answer, Extension, Fault, string, wanted};
use crate::interpreter::json_value;

pub const EXTENSIONS: &[Extension] =
    &[("json.is_valid", 1, is_valid), ("json.marshal", 1, marshal), ("json.unmarshal", 1, unmarshal)];

/// Anything but a string is not valid, rather than an error.
fn is_valid(arguments: &[Value]) -> Answer {
    let valid = |text: &str| serde_json::from_str::<serde_json::Value>(text).is_ok();
    Ok(Value::Bool(matches!(arguments.first(), Some(Value::String(text)) if valid(text))))
}

fn marshal(arguments: &[Value]) -> Answer {
    let Some(value) = arguments.first() else {
        return wanted(1, "a value");
    };
    let text = json_value::write(value).map_err(|error| Fault::Limit(error.to_string()))?;
    String::from_utf8(text).map(Value::from).map_err(|error| Fault::Limit(error.to_string()))
}

/// As lenient as Go: of a key said twice the last holds.
fn unmarshal(arguments: &[Value]) -> Answer {
    let text = string(arguments, 0)?;
    json_value::read_leniently(text.as_bytes()).map_err(|error| Fault::Arguments(error.to_string()))
}
