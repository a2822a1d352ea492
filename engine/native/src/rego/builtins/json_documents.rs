//! JSON and YAML as text: `json.marshal`, `.unmarshal`, `.is_valid`, `yaml.*`. Source: OPA `topdown/encoding.go`.

use super::context::Context;
use super::operands::{BuiltinError, Outcome, at, object, some, string, wrong_operand};
use super::registry::Definition;
use super::yaml_documents;
use crate::rego::values::{Value, json, quote};

pub(super) static DEFS: &[Definition] = &[
    ("json.is_valid", is_valid),
    ("json.marshal", marshal),
    ("json.marshal_with_options", marshal_with_options),
    ("json.unmarshal", unmarshal),
    ("yaml.is_valid", is_valid_yaml),
    ("yaml.marshal", marshal_yaml),
    ("yaml.unmarshal", unmarshal_yaml),
];

fn marshal(context: &mut Context, operands: &[Value]) -> Outcome {
    written(context, at(operands, 1)?, &json::WriteOptions::default(), "")
}

fn written(context: &mut Context, value: &Value, options: &json::WriteOptions, before: &str) -> Outcome {
    let bytes = json::write_with(value, options);
    context.reserve(bytes.len() as u64)?;
    match String::from_utf8(bytes) {
        Ok(text) => some(format!("{before}{text}")),
        Err(_) => Err(BuiltinError::failure("the text is not UTF-8")),
    }
}

fn marshal_with_options(context: &mut Context, operands: &[Value]) -> Outcome {
    let value = at(operands, 1)?;
    let (mut prefix, mut indent, mut pretty, mut said) = (String::new(), "\t".to_owned(), false, None);
    for (index, (key, option)) in object(operands, 2)?.iter().enumerate() {
        let Some(key) = key.as_str() else {
            let message = format!("failed to stringify key {key} at index {index}: {}", not_text(index, key));
            return Err(wrong_operand(2, &message));
        };
        match key {
            "prefix" | "indent" => {
                let Some(text) = option.as_str() else {
                    let why = not_text(index, option);
                    return Err(wrong_operand(2, &format!("key {} failed cast to string: {why}", quote(key))));
                };
                *(if key == "prefix" { &mut prefix } else { &mut indent }) = text.to_owned();
                pretty = true;
            }
            "pretty" => match option {
                Value::Bool(truth) => said = Some(*truth),
                _ => return Err(wrong_operand(2, "key \"pretty\" failed cast to bool")),
            },
            other => return Err(wrong_operand(2, &format!("object contained unknown key {}", quote(other)))),
        }
    }
    if !said.unwrap_or(pretty) {
        return written(context, value, &json::WriteOptions::default(), "");
    }
    // Every line is as long as its depth and these make it.
    let lines = json::write(value).len() as u64;
    context.reserve(lines.saturating_mul((prefix.len() + indent.len()) as u64))?;
    let options = json::WriteOptions { indent: Some(indent), prefix: prefix.clone(), ..json::WriteOptions::default() };
    written(context, value, &options, &prefix)
}

fn not_text(position: usize, value: &Value) -> String {
    format!("operand {position} must be string but got {}", value.type_name())
}

fn unmarshal(context: &mut Context, operands: &[Value]) -> Outcome {
    let text = string(operands, 1)?;
    context.reserve(text.len() as u64 * 4)?;
    json::read(text.as_bytes(), &json::Limits::default()).map(Some).map_err(unread)
}

/// What is no JSON is a failure of the call; what is beyond a limit ends the evaluation, as undefined might be a wrong
/// answer.
fn unread(error: json::JsonError) -> BuiltinError {
    match error.kind {
        json::JsonErrorKind::Limit => BuiltinError::halt(crate::rego::errors::EVAL_INTERNAL, error.message),
        _ => BuiltinError::failure(error.message),
    }
}

fn is_valid(context: &mut Context, operands: &[Value]) -> Outcome {
    let Some(text) = at(operands, 1)?.as_str() else { return some(false) };
    context.reserve(text.len() as u64 * 4)?;
    match json::read(text.as_bytes(), &json::Limits::default()) {
        Ok(_) => some(true),
        Err(error) if error.kind == json::JsonErrorKind::Limit => Err(unread(error)),
        Err(_) => some(false),
    }
}

fn marshal_yaml(context: &mut Context, operands: &[Value]) -> Outcome {
    let text = yaml_documents::write(context, at(operands, 1)?)?;
    context.reserve(text.len() as u64)?;
    some(text)
}

fn unmarshal_yaml(context: &mut Context, operands: &[Value]) -> Outcome {
    yaml_documents::read(context, string(operands, 1)?).map(Some)
}

fn is_valid_yaml(context: &mut Context, operands: &[Value]) -> Outcome {
    let Some(text) = at(operands, 1)?.as_str() else { return some(false) };
    match yaml_documents::read(context, text) {
        Ok(_) => some(true),
        Err(error) if matches!(error.kind, super::operands::ErrorKind::Halt(_)) => Err(error),
        Err(_) => some(false),
    }
}
