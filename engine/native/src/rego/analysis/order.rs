//! Whether two terms are the same, wherever they were written.

use super::core::{Kind, Term};
use crate::rego::syntax::decimal;

/// True for equal scalars, variables, references and collections of them. Comprehensions and calls are never the same.
pub(super) fn same(left: &Term, right: &Term) -> bool {
    match (&left.kind, &right.kind) {
        (Kind::Null, Kind::Null) => true,
        (Kind::Bool(a), Kind::Bool(b)) => a == b,
        (Kind::Number(a), Kind::Number(b)) => decimal::compare(a, b).is_eq(),
        (Kind::String(a), Kind::String(b)) | (Kind::Var(a), Kind::Var(b)) => a == b,
        (Kind::Ref(a), Kind::Ref(b)) | (Kind::Array(a), Kind::Array(b)) | (Kind::Set(a), Kind::Set(b)) => {
            all_same(a, b)
        }
        (Kind::Object(a), Kind::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((k1, v1), (k2, v2))| same(k1, k2) && same(v1, v2))
        }
        _ => false,
    }
}

/// True for lists of the same terms.
pub(super) fn all_same(left: &[Term], right: &[Term]) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(a, b)| same(a, b))
}
