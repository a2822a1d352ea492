//! Unions of types, and what a type says about the keys, values and members of its values.

use super::kinds::{Function, Maybe, Type};
use crate::rego::values::Value;

/// The union; a type that contains the other is returned as it is. Functions go only with functions.
pub fn or(a: Maybe, b: Maybe) -> Maybe {
    let (a, b) = match (a, b) {
        (None, other) | (other, None) => return other,
        (Some(a), Some(b)) => (a, b),
    };
    match (&a, &b) {
        (Type::Function(a), Type::Function(b)) => either_function(a, b),
        (Type::Function(_), _) | (_, Type::Function(_)) => None,
        (Type::Any(left), Type::Any(right)) => {
            if left.of.is_empty() {
                return Some(a);
            }
            if right.of.is_empty() {
                return Some(b);
            }
            let mut of: Vec<Type> = left.of.iter().chain(&right.of).cloned().collect();
            of.sort_by(Type::compare);
            of.dedup_by(|a, b| a.compare(b).is_eq());
            Some(Type::union(of))
        }
        (Type::Any(_), _) => Some(with_member(a, b)),
        (_, Type::Any(_)) => Some(with_member(b, a)),
        _ if a.compare(&b).is_eq() => Some(a),
        _ => Some(Type::union(vec![a, b])),
    }
}

fn with_member(union: Type, other: Type) -> Type {
    match &union {
        Type::Any(any) if !any.of.is_empty() && !contains(&union, &other) => {
            Type::union(any.of.iter().cloned().chain([other]).collect())
        }
        _ => union,
    }
}

fn either_function(a: &Function, b: &Function) -> Maybe {
    if a.arguments.len() != b.arguments.len() || a.variadic.is_some() != b.variadic.is_some() {
        return None;
    }
    let arguments = a.arguments.iter().zip(&b.arguments).map(|(a, b)| or(a.clone(), b.clone()));
    Some(Type::function(arguments.collect(), or(a.result.clone(), b.result.clone())))
}

/// True if `a` is `b`, or a union that has it.
fn contains(a: &Type, b: &Type) -> bool {
    match a {
        Type::Any(any) => {
            !matches!(b, Type::Function(_))
                && (any.of.is_empty() || any.of.binary_search_by(|kind| kind.compare(b)).is_ok())
        }
        _ => a.compare(b).is_eq(),
    }
}

/// The type of a constant.
pub fn of_value(value: &Value) -> Type {
    match value {
        Value::Null => Type::Null,
        Value::Bool(_) => Type::Boolean,
        Value::Int(_) | Value::Decimal(_) => Type::Number,
        Value::String(_) => Type::String,
        Value::Array(items) => Type::array(items.iter().map(|item| Some(of_value(item))).collect(), None),
        Value::Object(items) => {
            Type::object(items.iter().map(|(key, value)| (key.clone(), Some(of_value(value)))).collect(), None)
        }
        Value::Set(items) => Type::array(items.iter().map(|item| Some(of_value(item))).collect(), None),
    }
}

/// The type of the part that a constant names; `None` if there cannot be one.
pub fn select(kind: &Type, key: &Value) -> Maybe {
    match kind {
        Type::Array(array) => {
            let index = usize::try_from(key.as_i64()?).ok()?;
            match array.fixed.get(index) {
                Some(kind) => kind.clone(),
                None => array.rest.clone(),
            }
        }
        Type::Object(object) => match object.fixed.binary_search_by(|(known, _)| known.cmp(key)) {
            Ok(at) => object.fixed.get(at).and_then(|(_, kind)| kind.clone()),
            Err(_) => {
                let (keys, values) = object.rest.as_ref()?;
                if contains(keys.as_ref()?, &of_value(key)) { values.clone() } else { None }
            }
        },
        Type::Set(set) => {
            let wanted = of_value(key);
            let of = set.of.as_ref()?;
            match of {
                Type::Any(_) if contains(of, &wanted) => Some(wanted),
                _ if of.compare(&wanted).is_eq() => Some(of.clone()),
                _ => None,
            }
        }
        Type::Any(any) if any.of.is_empty() => Some(Type::any()),
        Type::Any(any) => any.of.iter().fold(None, |found, kind| or(select(kind, key), found)),
        _ => None,
    }
}

/// The type of what a variable in a reference can be; `None` for values that have no parts.
pub fn keys(kind: &Type) -> Maybe {
    match kind {
        Type::Array(_) => Some(Type::Number),
        Type::Object(object) => {
            let fixed = object.fixed.iter().fold(None, |found, (key, _)| or(found, Some(of_value(key))));
            match &object.rest {
                Some((keys, _)) => or(fixed, keys.clone()),
                None => fixed,
            }
        }
        Type::Set(set) => set.of.clone(),
        Type::Any(any) if any.of.is_empty() => Some(Type::any()),
        Type::Any(any) => any.of.iter().fold(None, |found, kind| or(keys(kind), found)),
        _ => None,
    }
}

/// The type of the parts of a value.
pub fn values(kind: &Type) -> Maybe {
    match kind {
        Type::Array(array) => {
            let fixed = array.fixed.iter().fold(None, |found, kind| or(found, kind.clone()));
            or(fixed, array.rest.clone())
        }
        Type::Object(object) => {
            let fixed = object.fixed.iter().fold(None, |found, (_, kind)| or(found, kind.clone()));
            match &object.rest {
                Some((_, values)) => or(fixed, values.clone()),
                None => fixed,
            }
        }
        Type::Set(set) => set.of.clone(),
        Type::Any(any) if any.of.is_empty() => Some(Type::any()),
        Type::Any(any) => any.of.iter().fold(None, |found, kind| or(values(kind), found)),
        _ => None,
    }
}

/// True if a value could have both types.
pub fn unifies(a: &Maybe, b: &Maybe) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return false };
    unifies_known(a, b)
}

fn unifies_known(a: &Type, b: &Type) -> bool {
    if let Type::Any(any) = a
        && unifies_any(&any.of, b)
    {
        return true;
    }
    if let Type::Any(any) = b
        && unifies_any(&any.of, a)
    {
        return true;
    }
    match (a, b) {
        (Type::Null, Type::Null) | (Type::Boolean, Type::Boolean) => true,
        (Type::Number, Type::Number) | (Type::String, Type::String) => true,
        (Type::Array(a), Type::Array(b)) => {
            let at = |array: &super::kinds::Array, index: usize| match array.fixed.get(index) {
                Some(kind) => kind.clone(),
                None => array.rest.clone(),
            };
            let longest = a.fixed.len().max(b.fixed.len());
            (0..longest).all(|index| unifies(&at(a, index), &at(b, index)))
                && (a.rest.is_none() || b.rest.is_none() || unifies(&a.rest, &b.rest))
        }
        (Type::Object(a), Type::Object(b)) => {
            let rest = |object: &super::kinds::Object| object.rest.as_ref().and_then(|(_, value)| value.clone());
            let (a_rest, b_rest) = (rest(a), rest(b));
            let is_open = a_rest.is_some() || b_rest.is_some();
            let agrees = |these: &super::kinds::Object, those: &Type| {
                these.fixed.iter().all(|(key, kind)| match select(those, key) {
                    None => is_open,
                    other => unifies(kind, &other),
                })
            };
            agrees(a, &Type::Object(b.clone()))
                && agrees(b, &Type::Object(a.clone()))
                && (a_rest.is_none() || b_rest.is_none() || unifies(&a_rest, &b_rest))
        }
        (Type::Set(a), Type::Set(b)) => unifies(&a.of, &b.of),
        (Type::Function(a), Type::Function(b)) => {
            a.arguments.len() == b.arguments.len() && a.arguments.iter().zip(&b.arguments).all(|(a, b)| unifies(a, b))
        }
        _ => false,
    }
}

fn unifies_any(of: &[Type], other: &Type) -> bool {
    !matches!(other, Type::Function(_)) && (of.is_empty() || of.iter().any(|kind| unifies_known(kind, other)))
}
