//! Questions about kinds: `is_number` and its like, `type_name`. Source: OPA `topdown/type.go`, `topdown/type_name.go`.

use super::context::Context;
use super::operands::{Outcome, at, some};
use super::registry::Definition;
use crate::rego::values::{Kind, Value};

pub(super) static DEFS: &[Definition] = &[
    ("is_array", |_, operands| is(operands, Kind::Array)),
    ("is_boolean", |_, operands| is(operands, Kind::Boolean)),
    ("is_null", |_, operands| is(operands, Kind::Null)),
    ("is_number", |_, operands| is(operands, Kind::Number)),
    ("is_object", |_, operands| is(operands, Kind::Object)),
    ("is_set", |_, operands| is(operands, Kind::Set)),
    ("is_string", |_, operands| is(operands, Kind::String)),
    ("type_name", type_name),
];

fn is(operands: &[Value], kind: Kind) -> Outcome {
    some(at(operands, 1)?.kind() == kind)
}

fn type_name(_: &mut Context, operands: &[Value]) -> Outcome {
    some(at(operands, 1)?.type_name())
}
