//! JSON text inside policies, written as Go writes it (regorus does not escape `<`, `>` and `&`).

use regorus::Value;

use super::{Answer, Extension, wanted};
use crate::json_value;

pub const EXTENSIONS: &[Extension] = &[("json.marshal", 1, marshal)];

fn marshal(arguments: &[Value]) -> Answer {
    let Some(value) = arguments.first() else {
        return wanted(1, "a value");
    };
    let mut text = String::new();
    json_value::write_into(&mut text, value);
    Ok(Value::from(text))
}
