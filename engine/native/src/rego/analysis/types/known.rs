//! Constants of a policy as values.

use crate::rego::analysis::core::{Kind, Term};
use crate::rego::values::{Number, Value};

/// The value of a constant; sets become arrays, as in the JSON that OPA's types have for keys.
pub fn value_of(term: &Term) -> Option<Value> {
    Some(match &term.kind {
        Kind::Null => Value::Null,
        Kind::Bool(value) => Value::Bool(*value),
        Kind::Number(text) => Value::from(Number::parse(text).ok()?),
        Kind::String(text) => Value::string(text),
        Kind::Array(items) | Kind::Set(items) => {
            Value::array(items.iter().map(value_of).collect::<Option<Vec<Value>>>()?)
        }
        Kind::Object(items) => Value::object(
            items
                .iter()
                .map(|(key, value)| Some((value_of(key)?, value_of(value)?)))
                .collect::<Option<Vec<(Value, Value)>>>()?,
        ),
        Kind::Var(_) | Kind::Ref(_) | Kind::Comprehension(_) | Kind::Call(_) | Kind::Template(_) => return None,
    })
}
