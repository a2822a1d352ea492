//! Parts of documents by path: `json.filter`, `json.remove`. Source: OPA `topdown/json.go`.

use std::collections::BTreeMap;

use super::context::Context;
use super::operands::{BuiltinError, Outcome, at, object, some, wrong_operand, wrong_type};
use super::registry::Definition;
use crate::rego::values::{ObjectBuilder, SetBuilder, Value};

pub(super) static DEFS: &[Definition] = &[("json.filter", filter), ("json.remove", remove)];

/// Native stack that must be left to go one level deeper, and how much more there is then.
const STACK: (usize, usize) = (64 * 1024, 1024 * 1024);

/// Paths as a tree: a leaf is where one ends, and what lies below it is not looked at.
enum Paths {
    End,
    Below(BTreeMap<Value, Paths>),
}

/// The steps of a path: `"a/b/0"`, with `~1` for `/` and `~0` for `~`, or an array of keys.
///
/// # Errors
/// Anything else.
pub(super) fn steps(path: &Value) -> Result<Vec<Value>, BuiltinError> {
    match path {
        Value::String(text) if text.is_empty() => Ok(Vec::new()),
        Value::String(text) => {
            let text = text.as_str().trim_start_matches('/').to_owned();
            Ok(text.split('/').map(|step| Value::from(step.replace("~1", "/").replace("~0", "~"))).collect())
        }
        Value::Array(array) => Ok(array.iter().cloned().collect()),
        other => {
            let wanted = "must be one of {set, array} containing string paths or array of path segments but got";
            Err(wrong_operand(2, &format!("{wanted} {}", other.type_name())))
        }
    }
}

fn paths(operand: &Value) -> Result<Paths, BuiltinError> {
    let members: Vec<&Value> = match operand {
        Value::Array(array) => array.iter().collect(),
        Value::Set(set) => set.iter().collect(),
        other => return Err(wrong_type(2, other, &["set", "array"])),
    };
    let mut root = BTreeMap::new();
    for path in members {
        add(&mut root, &steps(path)?);
    }
    Ok(Paths::Below(root))
}

/// The first of two paths wins where the other goes on below it; a shorter one later replaces what is below.
fn add(mut node: &mut BTreeMap<Value, Paths>, path: &[Value]) {
    let Some((last, inner)) = path.split_last() else { return };
    for step in inner {
        match node.entry(step.clone()).or_insert_with(|| Paths::Below(BTreeMap::new())) {
            Paths::End => return,
            Paths::Below(below) => node = below,
        }
    }
    node.insert(last.clone(), Paths::End);
}

fn filter(context: &mut Context, operands: &[Value]) -> Outcome {
    object(operands, 1)?;
    let wanted = paths(at(operands, 2)?)?;
    kept(context, at(operands, 1)?, &wanted).map(Some)
}

/// What the paths lead to. Scalars are kept wherever they are met.
fn kept(context: &mut Context, value: &Value, paths: &Paths) -> Result<Value, BuiltinError> {
    context.tick()?;
    let Paths::Below(below) = paths else { return Ok(value.clone()) };
    stacker::maybe_grow(STACK.0, STACK.1, || match value {
        Value::Array(array) => {
            let mut elements = Vec::new();
            for (index, element) in array.iter().enumerate() {
                if let Some(paths) = below.get(&Value::from(index.to_string())) {
                    elements.push(kept(context, element, paths)?);
                }
            }
            Ok(Value::array(elements))
        }
        Value::Set(set) => {
            let mut members = SetBuilder::new();
            for member in set {
                if let Some(paths) = below.get(member) {
                    members.insert(kept(context, member, paths)?);
                }
            }
            Ok(Value::from(members.finish()))
        }
        Value::Object(object) => {
            let mut entries = ObjectBuilder::new();
            for (key, paths) in below {
                if let Some(value) = object.get(key) {
                    entries.insert(key.clone(), kept(context, value, paths)?);
                }
            }
            Ok(Value::from(entries.finish()))
        }
        scalar => Ok(scalar.clone()),
    })
}

fn remove(context: &mut Context, operands: &[Value]) -> Outcome {
    object(operands, 1)?;
    let unwanted = paths(at(operands, 2)?)?;
    match without(context, at(operands, 1)?, Some(&unwanted))? {
        Some(value) => some(value),
        None => Ok(None),
    }
}

/// The value without what the paths lead to; `None` if they lead to it.
fn without(context: &mut Context, value: &Value, paths: Option<&Paths>) -> Result<Option<Value>, BuiltinError> {
    context.tick()?;
    let below = match paths {
        None => return Ok(Some(value.clone())),
        Some(Paths::End) => return Ok(None),
        Some(Paths::Below(below)) => below,
    };
    stacker::maybe_grow(STACK.0, STACK.1, || match value {
        Value::Array(array) => {
            let mut elements = Vec::with_capacity(array.len());
            for (index, element) in array.iter().enumerate() {
                elements.extend(without(context, element, below.get(&Value::from(index.to_string())))?);
            }
            Ok(Some(Value::array(elements)))
        }
        Value::Set(set) => {
            let mut members = SetBuilder::new();
            for member in set {
                if let Some(member) = without(context, member, below.get(member))? {
                    members.insert(member);
                }
            }
            Ok(Some(Value::from(members.finish())))
        }
        Value::Object(object) => {
            let mut entries = ObjectBuilder::new();
            for (key, value) in object {
                if let Some(value) = without(context, value, below.get(key))? {
                    entries.insert(key.clone(), value);
                }
            }
            Ok(Some(Value::from(entries.finish())))
        }
        scalar => Ok(Some(scalar.clone())),
    })
}
