//! Comparison and membership: `==`, `!=`, `<`, `<=`, `>`, `>=`, `in`.
//!
//! All values have one total order (see `values`), so nothing here can fail. Source: OPA `topdown/comparison.go` and
//! `builtinMember` in `topdown/aggregates.go`.

use std::cmp::Ordering;

use super::context::Context;
use super::operands::{Outcome, at, some};
use super::registry::Definition;
use crate::rego::values::Value;

pub(super) static DEFS: &[Definition] = &[
    ("equal", equal),
    ("gt", greater),
    ("gte", greater_or_equal),
    ("internal.member_2", member),
    ("internal.member_3", member_with_key),
    ("lt", less),
    ("lte", less_or_equal),
    ("neq", not_equal),
];

fn compared(operands: &[Value], holds: fn(Ordering) -> bool) -> Outcome {
    some(holds(at(operands, 1)?.cmp(at(operands, 2)?)))
}

fn equal(_: &mut Context, operands: &[Value]) -> Outcome {
    some(at(operands, 1)? == at(operands, 2)?)
}

fn not_equal(_: &mut Context, operands: &[Value]) -> Outcome {
    some(at(operands, 1)? != at(operands, 2)?)
}

fn greater(_: &mut Context, operands: &[Value]) -> Outcome {
    compared(operands, Ordering::is_gt)
}

fn greater_or_equal(_: &mut Context, operands: &[Value]) -> Outcome {
    compared(operands, Ordering::is_ge)
}

fn less(_: &mut Context, operands: &[Value]) -> Outcome {
    compared(operands, Ordering::is_lt)
}

fn less_or_equal(_: &mut Context, operands: &[Value]) -> Outcome {
    compared(operands, Ordering::is_le)
}

/// `x in collection`: an element of a set or array, or a value of an object. False for anything else.
fn member(_: &mut Context, operands: &[Value]) -> Outcome {
    let (item, collection) = (at(operands, 1)?, at(operands, 2)?);
    some(match collection {
        Value::Set(set) => set.contains(item),
        Value::Array(array) => array.iter().any(|element| element == item),
        Value::Object(object) => object.values().contains(item),
        _ => false,
    })
}

/// `k, v in collection`: the element at the key. A set's key is its element.
fn member_with_key(_: &mut Context, operands: &[Value]) -> Outcome {
    let (key, item, collection) = (at(operands, 1)?, at(operands, 2)?, at(operands, 3)?);
    some(collection.get(key) == Some(item))
}
