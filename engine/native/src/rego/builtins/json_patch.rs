//! `json.patch`: the operations of RFC 6902, and on sets as well. Source: OPA `topdown/json.go`, `internal/edittree`.

use super::context::Context;
use super::json_paths::steps;
use super::operands::{BuiltinError, Outcome, array, at, machine_integer};
use super::registry::Definition;
use crate::rego::values::{Number, Object, Value};

pub(super) static DEFS: &[Definition] = &[("json.patch", patch)];

type Patched<T = Value> = Result<T, BuiltinError>;

fn patch(context: &mut Context, operands: &[Value]) -> Outcome {
    // `None` is a document that was removed as a whole.
    let mut document = Some(at(operands, 1)?.clone());
    for operation in array(operands, 2)? {
        let Value::Object(operation) = operation else {
            return failed("must be an array of JSON-Patch objects, but at least one element is not an object");
        };
        document = apply(context, document, operation)?;
    }
    Ok(document)
}

fn failed<T>(message: impl Into<String>) -> Patched<T> {
    Err(BuiltinError::failure(message))
}

fn attribute<'o>(operation: &'o Object, name: &str) -> Patched<&'o Value> {
    match operation.get(&Value::string(name)) {
        Some(value) => Ok(value),
        None => failed(format!("missing required attribute '{name}'")),
    }
}

fn apply(context: &mut Context, document: Option<Value>, operation: &Object) -> Patched<Option<Value>> {
    let path = attribute(operation, "path")?;
    let op = attribute(operation, "op")?;
    let Some(op) = op.as_str() else {
        return failed(format!("attribute 'op' must be a string but found: {}", op.type_name()));
    };
    let path = steps(path)?;
    match op {
        "add" => inserted(context, document, &path, attribute(operation, "value")?),
        "remove" => removed(context, document, &path),
        "replace" => {
            let document = removed(context, document, &path)?;
            inserted(context, document, &path, attribute(operation, "value")?)
        }
        "move" => {
            let from = steps(attribute(operation, "from")?)?;
            let moved = found(document.as_ref(), &from)?;
            let document = removed(context, document, &from)?;
            inserted(context, document, &path, &moved)
        }
        "copy" => {
            let copied = found(document.as_ref(), &steps(attribute(operation, "from")?)?)?;
            inserted(context, document, &path, &copied)
        }
        "test" => {
            let (actual, wanted) = (found(document.as_ref(), &path)?, attribute(operation, "value")?);
            if actual == *wanted {
                return Ok(document);
            }
            failed(format!("value from EditTree != patch value.\n\nExpected: {wanted}\n\nFound: {actual}"))
        }
        other => failed(format!("unrecognized op: '{other}'")),
    }
}

fn found(document: Option<&Value>, path: &[Value]) -> Patched {
    let Some(mut value) = document else { return failed("nil value encountered where composite value was expected") };
    for step in path {
        value = child(value, step)?;
    }
    Ok(value.clone())
}

/// The name that OPA's messages give the type of a scalar.
fn go_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "ast.Null",
        Value::Bool(_) => "ast.Boolean",
        Value::String(_) => "ast.String",
        _ => "ast.Number",
    }
}

/// What a step leads to.
fn child<'v>(value: &'v Value, step: &Value) -> Patched<&'v Value> {
    let next = match value {
        Value::Object(object) => object.get(step),
        Value::Set(set) => set.position(step).and_then(|position| set.as_slice().get(position)),
        Value::Array(array) => array.get(index(array.len(), step)?),
        other => {
            let message =
                format!("expected composite type for path {step}, found value: {other} (type: {})", go_type(other));
            return failed(message);
        }
    };
    match next {
        Some(next) => Ok(next),
        None if value.as_set().is_some() && step.as_str().is_some() => {
            let bare = step.as_str().unwrap_or_default();
            failed(format!("path {bare} does not exist in set term {value}"))
        }
        None => failed(format!("path {step} does not exist in {} term {value}", value.type_name())),
    }
}

/// The position that a step names in an array of that length; `-` is behind its end.
fn index(length: usize, step: &Value) -> Patched<usize> {
    let position = match step {
        Value::String(text) if text.as_str() == "-" => return Ok(length),
        Value::String(text) => {
            let text = text.as_str();
            let number = Number::parse(text).ok().map(Value::from);
            let Some(position) = number.as_ref().and_then(machine_integer) else {
                return failed("invalid string for indexing");
            };
            if text != "0" && text.starts_with('0') {
                return failed("leading zeros are not allowed in JSON paths");
            }
            position
        }
        number if number.is_number() => match machine_integer(number) {
            Some(position) => position,
            None => return failed("invalid number type for indexing"),
        },
        _ => return failed("invalid type for indexing"),
    };
    // What is negative is out of bounds wherever it is used.
    Ok(usize::try_from(position).unwrap_or(usize::MAX))
}

fn inserted(context: &mut Context, document: Option<Value>, path: &[Value], value: &Value) -> Patched<Option<Value>> {
    let Some((last, parents)) = path.split_last() else { return Ok(Some(value.clone())) };
    let Some(document) = document else { return failed("nil value encountered where composite value was expected") };
    changed(context, &document, parents, &mut |_, parent| put(parent, last, value)).map(Some)
}

fn put(parent: &Value, key: &Value, value: &Value) -> Patched {
    match parent {
        Value::Object(object) => Ok(Value::from(object.with(key.clone(), value.clone()))),
        Value::Set(set) => {
            if key != value {
                return failed(format!("set key {key} does not equal value to be inserted {value}"));
            }
            Ok(Value::set(set.iter().cloned().chain([value.clone()])))
        }
        Value::Array(array) => {
            let position = index(array.len(), key)?;
            if position > array.len() {
                return failed("index for array insertion out of bounds");
            }
            let (before, after) = array.as_slice().split_at(position);
            Ok(Value::array(before.iter().chain([value]).chain(after).cloned().collect()))
        }
        other => failed(format!("expected composite type, found value: {other} (type: {})", go_type(other))),
    }
}

fn removed(context: &mut Context, document: Option<Value>, path: &[Value]) -> Patched<Option<Value>> {
    let Some(document) = document else { return failed("deleted node encountered during delete operation") };
    let Some((last, parents)) = path.split_last() else { return Ok(None) };
    changed(context, &document, parents, &mut |_, parent| take(parent, last)).map(Some)
}

fn take(parent: &Value, key: &Value) -> Patched {
    let missing = || failed(format!("cannot delete child key {key} that does not exist"));
    match parent {
        Value::Object(object) if object.contains_key(key) => Ok(Value::from(object.without(key))),
        Value::Set(set) if set.contains(key) => Ok(Value::set(set.iter().filter(|member| *member != key).cloned())),
        Value::Object(_) | Value::Set(_) => missing(),
        Value::Array(array) => {
            let position = index(array.len(), key)?;
            if position >= array.len() {
                return failed("index for array delete out of bounds");
            }
            let kept = array.iter().enumerate().filter(|(at, _)| *at != position);
            Ok(Value::array(kept.map(|(_, element)| element.clone()).collect()))
        }
        other => failed(format!("expected composite type, found value: {other} (type: {})", go_type(other))),
    }
}

/// The document with the value at the end of the path exchanged for what `change` makes of it. What the path passes is
/// made anew, the rest is shared; each pays for the elements it copies.
fn changed(
    context: &mut Context,
    document: &Value,
    path: &[Value],
    change: &mut dyn FnMut(&mut Context, &Value) -> Patched,
) -> Patched {
    let mut passed = vec![document];
    for step in path {
        let below = child(passed.last().copied().unwrap_or(document), step)?;
        passed.push(below);
    }
    let mut value = change(context, passed.pop().unwrap_or(document))?;
    context.reserve(value.container_len().unwrap_or(0) as u64 * 16)?;
    for (parent, step) in passed.into_iter().rev().zip(path.iter().rev()) {
        context.reserve(parent.container_len().unwrap_or(0) as u64 * 16)?;
        context.tick()?;
        value = exchanged(parent, step, value)?;
    }
    Ok(value)
}

fn exchanged(parent: &Value, step: &Value, value: Value) -> Patched {
    match parent {
        Value::Object(object) => Ok(Value::from(object.with(step.clone(), value))),
        Value::Set(set) => Ok(Value::set(set.iter().filter(|member| *member != step).cloned().chain([value]))),
        Value::Array(array) => {
            let position = index(array.len(), step)?;
            let elements = array.iter().enumerate();
            Ok(Value::array(
                elements.map(|(at, old)| if at == position { value.clone() } else { old.clone() }).collect(),
            ))
        }
        other => failed(format!("expected composite type, found value: {other} (type: {})", go_type(other))),
    }
}
