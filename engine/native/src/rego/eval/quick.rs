//! Comparisons, membership and `count`, without a call: no operand is copied, no literal collection built.

use super::machine::{Machine, Run};
use super::rules::Arguments;
use crate::rego::plan::program::{Call, Expr, Quick};
use crate::rego::values::Value;

/// What became of it.
pub(super) enum Quickly<'m> {
    Undefined,
    Value(Value),
    /// To be called, since it is an error or no concern of ours.
    Not(Arguments<'m>),
}

impl<'m> Machine<'m> {
    pub(super) fn quick(&mut self, quick: Quick, call: &'m Call) -> Run<Quickly<'m>> {
        let [first, rest @ ..] = call.arguments.as_ref() else { return Ok(Quickly::Undefined) };
        if let (Quick::Member, [Expr::Set(items) | Expr::Array(items)]) = (quick, rest) {
            let Some(item) = self.eval(first)? else { return Ok(Quickly::Undefined) };
            let mut found = false;
            for other in items {
                let Some(other) = self.eval(other)? else { return Ok(Quickly::Undefined) };
                found = found || other.value() == item.value();
            }
            return Ok(Quickly::Value(Value::Bool(found)));
        }
        let Some(a) = self.eval(first)? else { return Ok(Quickly::Undefined) };
        let Some(second) = rest.first() else {
            let length = if a.value().as_str().is_some() { None } else { a.value().container_len() };
            return Ok(match length.and_then(|length| i64::try_from(length).ok()) {
                Some(length) => Quickly::Value(Value::Int(length)),
                None => Quickly::Not(Arguments::from_iter([a])),
            });
        };
        let Some(b) = self.eval(second)? else { return Ok(Quickly::Undefined) };
        match quick.compare(a.value(), b.value()) {
            Some(truth) => Ok(Quickly::Value(Value::Bool(truth))),
            None => Ok(Quickly::Not(Arguments::from_iter([a, b]))),
        }
    }
}

impl Quick {
    /// The answer; `None` for what takes another number of operands.
    #[inline]
    pub fn compare(self, a: &Value, b: &Value) -> Option<bool> {
        Some(match self {
            Quick::Equal => a == b,
            Quick::NotEqual => a != b,
            Quick::Less => a < b,
            Quick::LessOrEqual => a <= b,
            Quick::Greater => a > b,
            Quick::GreaterOrEqual => a >= b,
            Quick::Member => contains(b, a),
            Quick::Count => return None,
        })
    }
}

fn contains(collection: &Value, item: &Value) -> bool {
    match collection {
        Value::Set(set) => set.contains(item),
        Value::Array(array) => array.iter().any(|element| element == item),
        Value::Object(object) => object.values().iter().any(|value| value == item),
        _ => false,
    }
}
