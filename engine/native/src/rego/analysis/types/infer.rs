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
        let (mut fixed, mut rest) = (Vec::new(), None);
        for (key, value) in items {
            let kind = self.of_term(env, value);
            match value_of(key) {
                Some(key) => fixed.push((key, kind)),
                None => rest = Some((self.of_term(env, key), kind)),
            }
        }
        if fixed.is_empty() && rest.is_none() {
            rest = Some((Some(Type::any()), Some(Type::any())));
        }
        Type::object(fixed, rest)
    }
}
