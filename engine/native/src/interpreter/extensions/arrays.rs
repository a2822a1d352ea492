//! Arrays.

use regorus::Value;

use super::{Answer, Extension, wanted};

pub const EXTENSIONS: &[Extension] = &[("array.flatten", 1, flatten)];

/// One level: the items of arrays in the array take their place.
fn flatten(arguments: &[Value]) -> Answer {
    let Some(Value::Array(items)) = arguments.first() else {
        return wanted(1, "array");
    };
    let mut flat = Vec::with_capacity(items.len());
    for item in items.iter() {
        match item {
            Value::Array(inner) => flat.extend(inner.iter().cloned()),
            other => flat.push(other.clone()),
        }
    }
    Ok(Value::from(flat))
}
