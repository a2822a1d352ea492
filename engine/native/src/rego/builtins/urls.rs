//! `urlquery.*`, `uri.*`. Source: OPA `topdown/encoding.go`, `topdown/uri.go` over Go's `net/url`.

use super::context::Context;
use super::operands::{BuiltinError, Outcome, at, some, string, wrong_operand, wrong_type};
use super::registry::Definition;
use super::url_syntax::{escape_query, parse, unescape_query};
use crate::rego::values::{ObjectBuilder, Value};

pub(super) static DEFS: &[Definition] = &[
    ("uri.is_valid", uri_is_valid),
    ("uri.parse", parse_uri),
    ("urlquery.decode", decode),
    ("urlquery.decode_object", decode_object),
    ("urlquery.encode", encode),
    ("urlquery.encode_object", encode_object),
];

fn encode(context: &mut Context, operands: &[Value]) -> Outcome {
    let text = string(operands, 1)?;
    context.reserve(text.len() as u64 * 3)?;
    some(escape_query(text))
}

fn decode(_: &mut Context, operands: &[Value]) -> Outcome {
    some(unescape_query(string(operands, 1)?).map_err(BuiltinError::failure)?)
}

fn encode_object(context: &mut Context, operands: &[Value]) -> Outcome {
    let Value::Object(object) = at(operands, 1)? else {
        return Err(wrong_type(1, at(operands, 1)?, &["object"]));
    };
    let wrong = || wrong_operand(1, "values must be string, array[string], or set[string]");
    // Keys in the order of their texts, as Go sorts them.
    let mut entries: Vec<(String, &Value)> = object.iter().map(|(key, value)| (key_text(key), value)).collect();
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    let mut pairs = Vec::new();
    for (key, value) in entries {
        context.tick()?;
        let values: Vec<&Value> = match value {
            Value::String(_) => vec![value],
            Value::Array(array) => array.iter().collect(),
            Value::Set(set) => set.iter().collect(),
            _ => return Err(wrong()),
        };
        for value in values {
            let text = value.as_str().ok_or_else(wrong)?;
            context.reserve((key.len() + text.len()) as u64 * 3)?;
            pairs.push(format!("{}={}", escape_query(&key), escape_query(text)));
        }
    }
    some(pairs.join("&"))
}

fn key_text(key: &Value) -> String {
    match key.as_str() {
        Some(text) => text.to_owned(),
        None => String::from_utf8_lossy(&crate::rego::values::json::write(key)).into_owned(),
    }
}

fn decode_object(context: &mut Context, operands: &[Value]) -> Outcome {
    let mut found: std::collections::BTreeMap<String, Vec<Value>> = std::collections::BTreeMap::new();
    for pair in string(operands, 1)?.split('&') {
        context.tick()?;
        if pair.contains(';') {
            return Err(BuiltinError::failure("invalid semicolon separator in query"));
        }
        if pair.is_empty() {
            continue;
        }
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let key = unescape_query(key).map_err(BuiltinError::failure)?;
        let value = unescape_query(value).map_err(BuiltinError::failure)?;
        found.entry(key).or_default().push(Value::from(value));
    }
    some(Value::object(found.into_iter().map(|(key, values)| (Value::from(key), Value::array(values)))))
}

fn uri_is_valid(_: &mut Context, operands: &[Value]) -> Outcome {
    let text = at(operands, 1)?.as_str();
    some(text.is_some_and(|text| !text.is_empty() && parse(text).is_ok()))
}

fn parse_uri(_: &mut Context, operands: &[Value]) -> Outcome {
    let text = string(operands, 1)?;
    let url = parse(text).map_err(BuiltinError::failure)?;
    let mut parts = ObjectBuilder::new();
    let mut put = |name: &str, value: &str| {
        if !value.is_empty() {
            parts.insert(Value::string(name), Value::string(value));
        }
    };
    put("scheme", &url.scheme);
    put("hostname", url.hostname());
    put("port", url.port());
    put("path", &url.path);
    put("raw_path", &url.raw_path);
    put("raw_query", &url.raw_query);
    put("fragment", &url.fragment);
    some(parts.finish())
}
