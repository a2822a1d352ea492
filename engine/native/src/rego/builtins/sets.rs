//! Sets: `&`, `|`, `intersection`, `union`, `set_diff`. Difference as `-` is in `arithmetic`.
//!
//! Source: OPA `topdown/binary.go` and `topdown/sets.go`.

use super::context::Context;
use super::operands::{Outcome, set, some, wrong_type};
use super::registry::Definition;
use crate::rego::values::{Set, SetBuilder, Value};

pub(super) static DEFS: &[Definition] =
    &[("and", and), ("intersection", intersection), ("or", or), ("set_diff", difference), ("union", union)];

fn and(_: &mut Context, operands: &[Value]) -> Outcome {
    some(set(operands, 1)?.intersection(set(operands, 2)?))
}

fn or(_: &mut Context, operands: &[Value]) -> Outcome {
    some(set(operands, 1)?.union(set(operands, 2)?))
}

fn difference(_: &mut Context, operands: &[Value]) -> Outcome {
    some(set(operands, 1)?.difference(set(operands, 2)?))
}

/// What all the given sets have in common; of no sets, nothing.
fn intersection(context: &mut Context, operands: &[Value]) -> Outcome {
    let mut common: Option<Set> = None;
    for member in set(operands, 1)? {
        context.tick()?;
        let Value::Set(next) = member else { return Err(wrong_type(1, member, &["set"])) };
        common = Some(match common {
            None => next.clone(),
            Some(so_far) => so_far.intersection(next),
        });
    }
    some(common.unwrap_or_else(Set::empty))
}

fn union(context: &mut Context, operands: &[Value]) -> Outcome {
    let mut all = SetBuilder::new();
    for member in set(operands, 1)? {
        let Value::Set(next) = member else { return Err(wrong_type(1, member, &["set"])) };
        for element in next {
            context.tick()?;
            all.insert(element.clone());
        }
    }
    some(all.finish())
}
