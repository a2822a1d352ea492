//! Types by path: of built-ins, of the documents that rules make, of variables.

use std::collections::BTreeMap;

use super::combine::{or, select, values};
use super::kinds::{Maybe, Type};
use super::known::value_of;
use crate::rego::analysis::core::{Kind, Term};
use crate::rego::analysis::tree::Step;
use crate::rego::values::{Number, Value};

/// More children than this are not looked at one by one: their extent counts as any object.
const MAX_CHILDREN: usize = 2_000;

#[derive(Debug, Clone, Default)]
pub struct Node {
    pub value: Maybe,
    pub children: BTreeMap<Step, Node>,
}

/// The type of one step of a path.
fn step_type(step: &Term) -> Maybe {
    value_of(step).map(|value| super::combine::of_value(&value))
}

impl Node {
    pub fn child(&self, term: &Term) -> Option<&Node> {
        self.children.get(&Step::of(term)?)
    }

    /// Puts a type at a path, whatever was there.
    pub fn put(&mut self, path: &[Term], kind: Type) {
        let mut node = self;
        for term in path {
            let Some(step) = Step::of(term) else { return };
            node = node.children.entry(step).or_default();
        }
        node.value = Some(kind);
    }

    pub fn put_var(&mut self, name: &crate::rego::analysis::core::Name, kind: Maybe) {
        self.children.entry(Step::Var(name.clone())).or_default().value = kind;
    }

    /// Merges a type at a ground path, and into the objects on the way.
    pub fn insert(&mut self, path: &[Term], kind: Type) {
        let mut node = self;
        for (index, term) in path.iter().enumerate() {
            let Some(step) = Step::of(term) else { return };
            node = node.children.entry(step).or_default();
            let rest = path.get(index + 1..).unwrap_or_default();
            if let (false, Some(Type::Object(_))) = (rest.is_empty(), &node.value) {
                node.value = node.value.take().map(|value| insert_into(value, rest, &kind));
            }
        }
        let is_object = matches!(kind, Type::Object(_));
        let mut merged = merge(node.value.take(), Some(kind));
        if is_object && matches!(merged, Some(Type::Object(_))) {
            let mut leaves = Vec::new();
            for (step, child) in &node.children {
                child.leaves(&mut vec![step_term(step)], &mut leaves);
            }
            for (path, kind) in leaves {
                merged = merged.map(|value| insert_into(value, &path, &kind));
            }
        }
        node.value = merged;
    }

    fn leaves(&self, path: &mut Vec<Term>, found: &mut Vec<(Vec<Term>, Type)>) {
        if let Some(kind) = &self.value {
            found.push((path.clone(), kind.clone()));
            return;
        }
        for (step, child) in &self.children {
            path.push(step_term(step));
            child.leaves(path, found);
            path.pop();
        }
    }

    /// The type of everything at and below the node.
    pub fn extent(&self) -> Type {
        if let Some(kind) = &self.value {
            return kind.clone();
        }
        let others = Some((Some(Type::String), Some(Type::any())));
        if self.children.len() > MAX_CHILDREN {
            return Type::object(Vec::new(), others);
        }
        let fixed = self.children.iter().filter_map(|(step, child)| Some((step_value(step)?, Some(child.extent()))));
        Type::object(fixed.collect(), others)
    }

    /// What a variable can be that ranges over the node: the keys of its extent.
    pub fn extent_keys(&self) -> Maybe {
        match &self.value {
            Some(kind) => super::combine::keys(kind),
            None => {
                let steps = self.children.keys().filter_map(step_value);
                let found = steps.fold(None, |found, key| or(found, Some(super::combine::of_value(&key))));
                or(found, Some(Type::String))
            }
        }
    }

    /// The type at the rest of a path; `Err` if the tree does not know the path.
    pub fn follow(&self, path: &[Term]) -> Result<Maybe, ()> {
        let Some((first, rest)) = path.split_first() else { return Ok(Some(self.extent())) };
        if let Some(kind) = &self.value {
            return match self.child(first) {
                Some(child) => child.follow(rest),
                None => Ok(select_path(Some(kind.clone()), path)),
            };
        }
        if !first.is_constant() {
            return Ok(select_path(Some(self.extent()), path));
        }
        match self.child(first) {
            Some(child) => child.follow(rest),
            None => Err(()),
        }
    }
}

fn step_term(step: &Step) -> Term {
    let kind = match step {
        Step::Null => Kind::Null,
        Step::Bool(value) => Kind::Bool(*value),
        Step::Number(text) => Kind::Number(text.clone()),
        Step::String(text) => Kind::String(text.clone()),
        Step::Var(name) => Kind::Var(name.clone()),
    };
    Term::new(kind, Default::default())
}

/// The key that a step is in the object of an extent.
fn step_value(step: &Step) -> Option<Value> {
    match step {
        Step::Bool(value) => Some(Value::Bool(*value)),
        Step::Number(text) => Some(Value::from(Number::parse(text).ok()?)),
        Step::String(text) => Some(Value::string(text)),
        Step::Null | Step::Var(_) => None,
    }
}

/// The type at the end of a path into a type.
pub fn select_path(kind: Maybe, path: &[Term]) -> Maybe {
    path.iter().try_fold(kind?, |kind, term| match &term.kind {
        Kind::Var(_) | Kind::Ref(_) | Kind::Array(_) | Kind::Object(_) | Kind::Set(_) => values(&kind),
        _ => select(&kind, &value_of(term)?),
    })
}

fn insert_into(object: Type, path: &[Term], kind: &Type) -> Type {
    let (Type::Object(inner), Some((first, rest))) = (&object, path.split_first()) else { return object };
    let key = step_type(first);
    let value = if rest.is_empty() { kind.clone() } else { insert_into(Type::object(Vec::new(), None), rest, kind) };
    let others = match &inner.rest {
        Some((keys, values)) => (or(keys.clone(), key), or(values.clone(), Some(value))),
        None => (key, Some(value)),
    };
    Type::object(inner.fixed.clone(), Some(others))
}

/// The type of a document that several rules make.
pub fn merge(a: Maybe, b: Maybe) -> Maybe {
    match (&a, &b) {
        (None, _) => b,
        (_, None) => a,
        (Some(Type::Object(left)), Some(Type::Object(right))) if left.fixed.is_empty() && right.fixed.is_empty() => {
            let empty = (None, None);
            let (left_keys, left_values) = left.rest.as_ref().unwrap_or(&empty);
            let (right_keys, right_values) = right.rest.as_ref().unwrap_or(&empty);
            let keys = or(left_keys.clone(), right_keys.clone());
            Some(Type::object(Vec::new(), Some((keys, merge(left_values.clone(), right_values.clone())))))
        }
        (Some(Type::Set(left)), Some(Type::Set(right))) => Some(Type::set(or(left.of.clone(), right.of.clone()))),
        (Some(Type::Any(any)), Some(Type::Object(object))) | (Some(Type::Object(object)), Some(Type::Any(any)))
            if object.fixed.is_empty() =>
        {
            merge_into_union(&any.of, object).or_else(|| or(a.clone(), b.clone()))
        }
        _ => or(a, b),
    }
}

/// An object of unknown keys joins the member of the union that is one, too.
fn merge_into_union(of: &[Type], object: &super::kinds::Object) -> Maybe {
    let (keys, values) = object.rest.as_ref()?;
    let mut of = of.to_vec();
    let open = of.iter_mut().find_map(|kind| match kind {
        Type::Object(inner) if inner.fixed.is_empty() => {
            let (inner_keys, inner_values) = inner.rest.clone()?;
            Some((kind, inner_keys, inner_values))
        }
        _ => None,
    });
    let (kind, inner_keys, inner_values) = open?;
    *kind = Type::object(Vec::new(), Some((or(inner_keys, keys.clone()), or(inner_values, values.clone()))));
    Some(Type::union(of))
}
