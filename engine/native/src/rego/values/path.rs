//! Paths into values: looking up, and replacing below a root while everything else is shared.

use super::{Object, Value};

/// The value at `path`, each step as a reference takes it (see [`Value::get`]).
pub fn lookup<'a>(root: &'a Value, path: &[Value]) -> Option<&'a Value> {
    path.iter().try_fold(root, |value, key| value.get(key))
}

/// `root` with `value` at `path`, as `with` lays it: objects on the way are copied one level each and keep their other
/// keys; what is missing on the way, or is no object, becomes an object with the one key.
pub fn replaced(root: Option<&Value>, path: &[Value], value: Value) -> Value {
    let mut above: Vec<(Option<&Object>, &Value)> = Vec::with_capacity(path.len());
    let mut here = root;
    for key in path {
        let object = here.and_then(Value::as_object);
        above.push((object, key));
        here = object.and_then(|object| object.get(key));
    }
    above.into_iter().rev().fold(value, |value, (object, key)| match object {
        Some(object) => Value::Object(object.with(key.clone(), value)),
        None => Value::object([(key.clone(), value)]),
    })
}

/// `root` without what is at `path` in nested objects; unchanged if nothing is there.
pub fn removed(root: &Value, path: &[Value]) -> Value {
    let Some((last, way)) = path.split_last() else { return root.clone() };
    let parent = way.iter().try_fold(root, |value, key| value.as_object()?.get(key)).and_then(Value::as_object);
    match parent {
        Some(parent) if parent.contains_key(last) => replaced(Some(root), way, Value::Object(parent.without(last))),
        _ => root.clone(),
    }
}
