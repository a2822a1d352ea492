//! What a template computes with, and how Go prints it.

use super::super::format_float::format_float;
use crate::rego::values::Value;

/// A value in a template. Numbers of the data are text to Go; numbers of the template itself are not.
#[derive(Debug, Clone)]
pub(super) enum Item {
    /// What a missing key gives.
    Nothing,
    Data(Value),
    Integer(i64),
    Float(f64),
}

impl Item {
    /// Go holds `null` as nothing as soon as it went through a pipeline.
    pub(super) fn settled(self) -> Item {
        match self {
            Item::Data(Value::Null) => Item::Nothing,
            other => other,
        }
    }

    pub(super) fn is_true(&self) -> bool {
        match self {
            Item::Nothing | Item::Data(Value::Null) => false,
            Item::Data(Value::Bool(truth)) => *truth,
            Item::Data(value) => value.is_number() || value.container_len().or(value.as_str().map(str::len)) != Some(0),
            Item::Integer(n) => *n != 0,
            Item::Float(float) => *float != 0.0,
        }
    }

    /// The text of a string, or of a number of the data.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Item::Data(Value::String(text)) => Some(text.as_str().to_owned()),
            Item::Data(value) if value.is_number() => Some(value.to_string()),
            _ => None,
        }
    }

    /// As `%v` prints it.
    pub(super) fn printed(&self) -> String {
        match self {
            Item::Nothing => "<nil>".to_owned(),
            Item::Integer(n) => n.to_string(),
            Item::Float(float) => format_float(*float, 'g', None),
            Item::Data(value) => {
                let mut out = String::new();
                push(&mut out, value);
                out
            }
        }
    }

    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Item::Nothing | Item::Data(Value::Null) => "nil",
            Item::Integer(_) => "int",
            Item::Float(_) => "float64",
            Item::Data(Value::Bool(_)) => "bool",
            Item::Data(Value::String(_)) => "string",
            Item::Data(Value::Array(_) | Value::Set(_)) => "[]interface {}",
            Item::Data(Value::Object(_)) => "map[string]interface {}",
            Item::Data(_) => "json.Number",
        }
    }
}

fn push(out: &mut String, value: &Value) {
    stacker::maybe_grow(64 << 10, 1 << 20, || match value {
        Value::Null => out.push_str("<nil>"),
        Value::String(text) => out.push_str(text.as_str()),
        Value::Array(array) => {
            out.push('[');
            for (position, element) in array.iter().enumerate() {
                out.push_str(if position > 0 { " " } else { "" });
                push(out, element);
            }
            out.push(']');
        }
        Value::Object(object) => {
            out.push_str("map[");
            for (position, (key, element)) in object.iter().enumerate() {
                out.push_str(if position > 0 { " " } else { "" });
                push(out, key);
                out.push(':');
                push(out, element);
            }
            out.push(']');
        }
        other => out.push_str(&other.to_string()),
    });
}
