//! `object.subset`: whether one collection is contained in another. Source: OPA `topdown/subset.go`.

use super::context::Context;
use super::operands::{BuiltinError, Outcome, at, some};
use super::registry::Definition;
use crate::rego::values::{Array, Object, Set, Value};

pub(super) static DEFS: &[Definition] = &[("object.subset", subset)];

fn subset(_: &mut Context, operands: &[Value]) -> Outcome {
    some(match (at(operands, 1)?, at(operands, 2)?) {
        (Value::Object(whole), Value::Object(part)) => object_holds(whole, part),
        (Value::Set(whole), Value::Set(part)) => set_holds(whole, part),
        (Value::Array(whole), Value::Array(part)) => array_holds(whole, part),
        (Value::Array(whole), Value::Set(part)) => array_holds_set(whole, part),
        _ => {
            let message = "both arguments object.subset must be of the same type or array and set";
            return Err(BuiltinError::operand(message));
        }
    })
}

/// Every key is there with an equal value, or with a collection of the same kind that holds the other.
fn object_holds(whole: &Object, part: &Object) -> bool {
    part.iter().all(|(key, wanted)| match (whole.get(key), wanted) {
        (None, _) => false,
        (Some(found), wanted) if found == wanted => true,
        (Some(Value::Object(found)), Value::Object(wanted)) => object_holds(found, wanted),
        (Some(Value::Set(found)), Value::Set(wanted)) => set_holds(found, wanted),
        (Some(Value::Array(found)), Value::Array(wanted)) => array_holds(found, wanted),
        _ => false,
    })
}

fn set_holds(whole: &Set, part: &Set) -> bool {
    part.iter().all(|element| whole.contains(element))
}

/// The part occurs in the whole, without gaps.
fn array_holds(whole: &Array, part: &Array) -> bool {
    part.is_empty() || whole.as_slice().windows(part.len()).any(|window| window == part.as_slice())
}

/// Counts elements of the array that are in the set, repeated ones too, as OPA does: `[1, 1]` holds `{1, 2}`. An
/// empty array holds nothing, not even the empty set, and any other array holds the empty set.
fn array_holds_set(whole: &Array, part: &Set) -> bool {
    let found = whole.iter().filter(|element| part.contains(element)).count();
    !whole.is_empty() && found >= part.len()
}
