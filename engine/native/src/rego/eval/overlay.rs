//! `with`: what stands in the place of input, of parts of data and of functions, and for how long.
//!
//! Input is replaced, or shares all but one path with what it was. Replaced data is a document of its own, merged with
//! the base only where a reference reads above a target. Source of the rules: OPA `topdown/{eval,input}.go`.

use std::rc::Rc;

use super::held::Held;
use super::machine::{Machine, Run};
use super::memo::{DATA, FUNCTIONS, INPUT};
use crate::rego::plan::program::{Callee, Expr, Overlay, RefPlan, Replacement, With};
use crate::rego::values::Value;

/// What references to input, data and functions mean at the moment.
#[derive(Clone, Default)]
pub struct World<'m> {
    pub input: Option<Held<'m>>,
    /// Replaced data, and the paths that were replaced.
    pub data: Option<Rc<Replaced>>,
    pub functions: Option<Rc<Mocks<'m>>>,
    /// Numbers of the current replacements of input, data and functions; zero: none.
    pub stamps: [u32; 3],
}

#[derive(Clone, Default)]
pub struct Replaced {
    /// Only the values put there.
    pub document: Option<Value>,
    pub targets: Vec<Vec<Value>>,
}

pub struct Mocks<'m> {
    pairs: Vec<(Callee, Mock<'m>)>,
    outer: Option<Rc<Mocks<'m>>>,
}

/// What stands for a function.
#[derive(Clone)]
pub enum Mock<'m> {
    Function(Callee),
    Value(Held<'m>),
    /// A rule, evaluated where the function is called.
    Rule(&'m RefPlan),
}

impl<'m> World<'m> {
    pub fn new(input: Option<&'m Value>) -> Self {
        World { input: input.map(Held::Borrowed), ..World::default() }
    }

    pub fn mock(&self, callee: Callee) -> Option<Mock<'m>> {
        let mut layer = self.functions.as_ref();
        while let Some(mocks) = layer {
            if let Some((_, mock)) = mocks.pairs.iter().rev().find(|(target, _)| *target == callee) {
                return Some(mock.clone());
            }
            layer = mocks.outer.as_ref();
        }
        None
    }
}

impl Replaced {
    /// True if a target is the path or above it: then only replaced values are there.
    pub fn covers(&self, path: &[Value]) -> bool {
        self.targets.iter().any(|target| path.starts_with(target))
    }
}

impl<'m> Machine<'m> {
    /// The world that a `with` makes; `None` if one of its values is undefined.
    pub fn overlaid(&mut self, with: &'m With, at: crate::rego::analysis::core::Place) -> Run<Option<World<'m>>> {
        let mut world = self.world.clone();
        let mut data: Option<Replaced> = None;
        let mut mocks = Vec::new();
        let mut changed = 0;
        for target in &with.targets {
            match target {
                Overlay::Input { path, value } => {
                    let Some(value) = self.eval(value)? else { return Ok(None) };
                    changed |= INPUT;
                    world.input = Some(match path.as_ref() {
                        [] => value,
                        path => {
                            let old = world.input.as_ref().map(Held::value);
                            Held::Own(patched(old, path, value.into_value()))
                        }
                    });
                }
                Overlay::Data { path, value } => {
                    let Some(value) = self.eval(value)? else { return Ok(None) };
                    changed |= DATA;
                    let replaced = data.get_or_insert_with(|| self.world.data.as_deref().cloned().unwrap_or_default());
                    replaced.document = Some(patched(replaced.document.as_ref(), path, value.into_value()));
                    replaced.targets.push(path.to_vec());
                }
                Overlay::Function { target, by } => {
                    let mock = match by {
                        Replacement::Function(callee) => Mock::Function(*callee),
                        Replacement::Value(Expr::Ref(rule)) if rule.is_constant() => Mock::Rule(rule),
                        Replacement::Value(value) => match self.eval(value)? {
                            Some(value) => Mock::Value(value),
                            None => return Ok(None),
                        },
                    };
                    changed |= FUNCTIONS;
                    mocks.push((*target, mock));
                }
                Overlay::BadPath => return Err(self.conflict("bad document path", at)),
            }
        }
        if let Some(replaced) = data {
            world.data = Some(Rc::new(replaced));
        }
        if !mocks.is_empty() {
            world.functions = Some(Rc::new(Mocks { pairs: mocks, outer: world.functions.take() }));
        }
        self.worlds = self.worlds.wrapping_add(1);
        for (bit, stamp) in world.stamps.iter_mut().enumerate() {
            if changed & (1 << bit) != 0 {
                *stamp = self.worlds;
            }
        }
        Ok(Some(world))
    }
}

/// The document with `value` at `path`; what is not an object on the way gives place to one.
pub fn patched(document: Option<&Value>, path: &[Value], value: Value) -> Value {
    // From the root down: the objects that are there; then from the leaf up: each with its new entry.
    let mut parents = Vec::with_capacity(path.len());
    let mut node = document;
    for key in path {
        let object = node.and_then(Value::as_object);
        parents.push((key, object));
        node = object.and_then(|object| object.get(key));
    }
    parents.into_iter().rev().fold(value, |value, (key, object)| match object {
        Some(object) => Value::Object(object.with(key.clone(), value)),
        None => Value::object([(key.clone(), value)]),
    })
}
