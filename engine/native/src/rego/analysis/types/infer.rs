//! The type of a term, as far as it is known.

use super::check::Checker;
use super::combine::or;
use super::environment::Environment;
use super::kinds::{Maybe, Type};
use super::known::value_of;
use crate::rego::analysis::core::{Kind, Term};

impl Checker<'_> {
    pub(super) fn of_term(&self, env: &Environment<'_>, term: &Term) -> Maybe {
        match &term.kind {
            Kind::Null => Some(Type::Null),
            Kind::Bool(_) => Some(Type::Boolean),
            Kind::Number(_) => Some(Type::Number),
            Kind::String(_) | Kind::Template(_) => Some(Type::String),
            Kind::Array(items) => {
                let rest = items.is_empty().then(Type::any);
                Some(Type::array(items.iter().map(|item| self.of_term(env, item)).collect(), rest))
            }
            Kind::Object(items) => Some(self.of_object(env, items)),
            Kind::Set(items) => {
                let of = items.iter().fold(None, |of, item| or(of, self.of_term(env, item)));
                Some(Type::set(of.or_else(|| Some(Type::any()))))
            }
            Kind::Comprehension(comprehension) => self.comprehension(env, comprehension).0,
            Kind::Ref(path) => env.reference(path),
            Kind::Var(name) => env.var(name),
            Kind::Call(_) => None,
        }
    }

    fn of_object(&self, env: &Environment<'_>, items: &[(Term, Term)]) -> Type {
        let (mut fixed, mut last) = (Vec::new(), None);
        for (key, value) in items {
            match value_of(key) {
                Some(key) => fixed.push((key, self.of_term(env, value))),
                // Of several keys that are not known the last counts, in OPA's order.
                None if last.is_some_and(|(last, _)| by_name(key) < by_name(last)) => {}
                None => last = Some((key, value)),
            }
        }
        let mut rest = last.map(|(key, value)| (self.of_term(env, key), self.of_term(env, value)));
        if fixed.is_empty() && rest.is_none() {
            rest = Some((Some(Type::any()), Some(Type::any())));
        }
        Type::object(fixed, rest)
    }
}

/// The order of variables in OPA; those of the compiler by their number.
fn by_name(term: &Term) -> Option<(usize, &str)> {
    let name = &**term.as_var()?;
    Some((if name.starts_with("__local") { name.len() } else { usize::MAX }, name))
}
