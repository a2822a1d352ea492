//! Objects: `object.get`, `.keys`, `.filter`, `.remove`, `.union`, `.union_n`. Source: OPA `topdown/object.go`.

use super::context::Context;
use super::operands::{BuiltinError, Outcome, array, at, object, some, wrong_element, wrong_type};
use super::registry::Definition;
use crate::rego::values::{Object, ObjectBuilder, Set, Value};

pub(super) static DEFS: &[Definition] = &[
    ("object.filter", filter),
    ("object.get", get),
    ("object.keys", keys),
    ("object.remove", remove),
    ("object.union", union),
    ("object.union_n", union_n),
];

/// The value at a key, or at a path if the key is an array; else the default. An empty path is the object itself.
fn get(_: &mut Context, operands: &[Value]) -> Outcome {
    let (whole, path, default) = (at(operands, 1)?, at(operands, 2)?, at(operands, 3)?);
    let found = match path {
        Value::Array(path) => {
            object(operands, 1)?;
            path.iter().try_fold(whole, |value, step| value.get(step))
        }
        key => object(operands, 1)?.get(key),
    };
    Ok(Some(found.unwrap_or(default).clone()))
}

fn keys(_: &mut Context, operands: &[Value]) -> Outcome {
    some(object(operands, 1)?.keys().iter().cloned().collect::<Set>())
}

fn filter(_: &mut Context, operands: &[Value]) -> Outcome {
    let whole = object(operands, 1)?;
    let wanted = chosen_keys(operands)?;
    some(picked(whole, |key| wanted.contains(key)))
}

fn remove(_: &mut Context, operands: &[Value]) -> Outcome {
    let whole = object(operands, 1)?;
    let unwanted = chosen_keys(operands)?;
    some(picked(whole, |key| !unwanted.contains(key)))
}

fn picked(whole: &Object, wanted: impl Fn(&Value) -> bool) -> Object {
    let entries = whole.iter().filter(|(key, _)| wanted(key));
    entries.map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// The keys that the second operand names: its elements, or its own keys if it is an object.
fn chosen_keys(operands: &[Value]) -> Result<Set, BuiltinError> {
    match at(operands, 2)? {
        Value::Array(array) => Ok(array.iter().cloned().collect()),
        Value::Set(set) => Ok(set.clone()),
        Value::Object(object) => Ok(object.keys().iter().cloned().collect()),
        other => Err(wrong_type(2, other, &["object", "set", "array"])),
    }
}

fn union(context: &mut Context, operands: &[Value]) -> Outcome {
    some(merged(context, object(operands, 1)?, object(operands, 2)?)?)
}

/// The right value wins, except that two objects are merged. Depth is bounded by that of the values.
fn merged(context: &mut Context, left: &Object, right: &Object) -> Result<Object, BuiltinError> {
    if left.is_empty() {
        return Ok(right.clone());
    }
    if right.is_empty() || left == right {
        return Ok(left.clone());
    }
    let mut result = ObjectBuilder::new();
    for (key, value) in left {
        context.tick()?;
        let value = match (value, right.get(key)) {
            (Value::Object(ours), Some(Value::Object(theirs))) => Value::Object(merged(context, ours, theirs)?),
            (_, Some(theirs)) => theirs.clone(),
            (ours, None) => ours.clone(),
        };
        result.insert(key.clone(), value);
    }
    for (key, value) in right.iter().filter(|(key, _)| !left.contains_key(key)) {
        context.tick()?;
        result.insert(key.clone(), value.clone());
    }
    Ok(result.finish())
}

fn union_n(context: &mut Context, operands: &[Value]) -> Outcome {
    let whole = at(operands, 1)?;
    let mut result = Object::empty();
    let mut objects = Vec::new();
    for element in array(operands, 1)? {
        match element {
            Value::Object(object) => objects.push(object),
            other => return Err(wrong_element(1, whole, other, &["object"])),
        }
    }
    for object in objects {
        result = merged(context, &result, object)?;
    }
    some(result)
}
