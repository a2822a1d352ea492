//! Graphs given as an object from node to neighbours, and `walk`'s way through a document.
//!
//! Source: OPA `topdown/reachable.go` and `topdown/walk.go`.

use super::context::Context;
use super::operands::{BuiltinError, Outcome, at, object, some, wrong_type};
use super::registry::Definition;
use crate::rego::values::{Object, SetBuilder, Value};

pub(super) static DEFS: &[Definition] = &[("graph.reachable", reachable), ("graph.reachable_paths", reachable_paths)];

/// The nodes in an array or a set; anything else has none.
fn nodes(value: &Value) -> &[Value] {
    match value {
        Value::Array(array) => array.as_slice(),
        Value::Set(set) => set.as_slice(),
        _ => &[],
    }
}

fn initial(operands: &[Value]) -> Result<&[Value], BuiltinError> {
    match at(operands, 2)? {
        start @ (Value::Array(_) | Value::Set(_)) => Ok(nodes(start)),
        other => Err(wrong_type(2, other, &["{array, set}"])),
    }
}

/// All nodes of the graph that can be reached, the initial ones included.
fn reachable(context: &mut Context, operands: &[Value]) -> Outcome {
    let graph = object(operands, 1)?;
    let mut waiting: Vec<&Value> = initial(operands)?.iter().rev().collect();
    let mut reached = SetBuilder::new();
    while let Some(node) = waiting.pop() {
        context.tick()?;
        let Some(neighbours) = graph.get(node) else { continue };
        if reached.insert(node.clone()) {
            waiting.extend(nodes(neighbours).iter().rev());
        }
    }
    some(reached.finish())
}

/// All paths from the initial nodes to where they end: at a node without neighbours, before a node that is not in the
/// graph, or before a node that is on the path already.
fn reachable_paths(context: &mut Context, operands: &[Value]) -> Outcome {
    let graph = object(operands, 1)?;
    let mut paths = SetBuilder::new();
    for start in initial(operands)? {
        if graph.get(start).is_some() {
            follow(context, graph, start, &mut paths)?;
        }
    }
    some(paths.finish())
}

/// Depth first with a stack of its own: one level for each node of the path, with its neighbours still to visit.
fn follow<'a>(
    context: &mut Context,
    graph: &'a Object,
    start: &'a Value,
    paths: &mut SetBuilder,
) -> Result<(), BuiltinError> {
    let mut path: Vec<&Value> = vec![start];
    let mut open = vec![graph.get(start).map(nodes).unwrap_or_default()];
    if open.iter().all(|neighbours| neighbours.is_empty()) {
        found(context, &path, paths)?;
    }
    while let Some(neighbours) = open.last_mut() {
        context.tick()?;
        let Some((next, rest)) = neighbours.split_first() else {
            open.pop();
            path.pop();
            continue;
        };
        *neighbours = rest;
        match graph.get(next) {
            // OPA looks for a cycle only from the second step on: a node that is its own neighbour is repeated once.
            Some(_) if path.len() > 1 && path.contains(&next) => found(context, &path, paths)?,
            None => found(context, &path, paths)?,
            Some(onward) => {
                path.push(next);
                if nodes(onward).is_empty() {
                    found(context, &path, paths)?;
                }
                open.push(nodes(onward));
            }
        }
    }
    Ok(())
}

fn found(context: &mut Context, path: &[&Value], paths: &mut SetBuilder) -> Result<(), BuiltinError> {
    context.reserve((path.len() * size_of::<Value>()) as u64)?;
    paths.insert(path.iter().copied().cloned().collect::<Vec<_>>().into());
    Ok(())
}

/// `walk`: every value within a document with the path to it, parents first, in the order of keys.
///
/// The evaluator calls this, since one call has many results. A known beginning of the path leads straight there.
pub struct Walk<'a> {
    open: Vec<(Vec<Value>, &'a Value)>,
}

impl<'a> Walk<'a> {
    /// Everything below `document` whose path begins with `prefix`. A set's element is its own key.
    pub fn new(document: &'a Value, prefix: &[Value]) -> Walk<'a> {
        let target = prefix.iter().try_fold(document, |value, key| value.get(key));
        Walk { open: target.map(|target| (prefix.to_vec(), target)).into_iter().collect() }
    }
}

impl<'a> Iterator for Walk<'a> {
    type Item = (Vec<Value>, &'a Value);

    fn next(&mut self) -> Option<Self::Item> {
        let (path, value) = self.open.pop()?;
        let below = |key: Value| {
            let mut longer = Vec::with_capacity(path.len() + 1);
            longer.extend_from_slice(&path);
            longer.push(key);
            longer
        };
        match value {
            Value::Array(array) => {
                let elements = array.iter().enumerate().rev();
                self.open.extend(elements.map(|(index, element)| (below(Value::from(index)), element)));
            }
            Value::Object(object) => {
                let entries = object.keys().iter().zip(object.values()).rev();
                self.open.extend(entries.map(|(key, element)| (below(key.clone()), element)));
            }
            Value::Set(set) => {
                self.open.extend(set.iter().rev().map(|element| (below(element.clone()), element)));
            }
            _ => {}
        }
        Some((path, value))
    }
}
