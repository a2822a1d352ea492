//! Whether terms can have types, and what that says about the variables in them.

use super::check::Checker;
use super::combine::{self, or, unifies};
use super::environment::Environment;
use super::kinds::{Array, Maybe, Object, Type, is_unknown};
use super::known::value_of;
use crate::rego::analysis::core::{Kind, Term};
use crate::rego::analysis::order;

impl Checker<'_> {
    /// Two terms that are made equal.
    pub(super) fn unify_both(&self, env: &Environment<'_>, a: (&Term, &Maybe), b: (&Term, &Maybe)) -> bool {
        let ((a, a_type), (b, b_type)) = (a, b);
        match (is_unknown(a_type), is_unknown(b_type)) {
            (true, false) => return self.unify(env, a, b_type, false),
            (false, true) => return self.unify(env, b, a_type, false),
            (false, false) => return unifies(a_type, b_type),
            (true, true) => {}
        }
        match (&a.kind, &b.kind) {
            (Kind::Array(items), _) => return self.unify_arrays(env, (a, items), b),
            (Kind::Object(items), _) => return self.unify_objects(env, (a, items), b),
            (Kind::Var(_), Kind::Var(_)) => {
                return self.unify(env, a, &Some(Type::any()), false)
                    && self.unify(env, b, &self.of_term(env, a), false);
            }
            (Kind::Var(_), Kind::Array(items)) => return self.unify_arrays(env, (b, items), a),
            (Kind::Var(_), Kind::Object(items)) => return self.unify_objects(env, (b, items), a),
            _ => {}
        }
        if matches!(a.kind, Kind::Var(_)) && a_type.is_none() && b_type.is_some() {
            return self.unify(env, a, b_type, false);
        }
        if matches!(b.kind, Kind::Var(_)) && b_type.is_none() && a_type.is_some() {
            return self.unify(env, b, a_type, false);
        }
        false
    }

    fn unify_pair(&self, env: &Environment<'_>, a: &Term, b: &Term) -> bool {
        let (a_type, b_type) = (self.of_term(env, a), self.of_term(env, b));
        self.unify_both(env, (a, &a_type), (b, &b_type))
    }

    fn unify_arrays(&self, env: &Environment<'_>, (whole, items): (&Term, &[Term]), other: &Term) -> bool {
        match &other.kind {
            Kind::Array(others) if others.len() == items.len() => {
                items.iter().zip(others).all(|(a, b)| self.unify_pair(env, a, b))
            }
            Kind::Var(_) => self.unify_with_var(env, whole, other),
            _ => false,
        }
    }

    fn unify_objects(&self, env: &Environment<'_>, (whole, items): (&Term, &[(Term, Term)]), other: &Term) -> bool {
        match &other.kind {
            Kind::Object(others) if others.len() == items.len() => items.iter().all(|(key, a)| {
                let same = others.iter().find(|(other, _)| order::same(other, key));
                same.is_some_and(|(_, b)| self.unify_pair(env, a, b))
            }),
            Kind::Var(_) => self.unify_with_var(env, whole, other),
            _ => false,
        }
    }

    fn unify_with_var(&self, env: &Environment<'_>, whole: &Term, var: &Term) -> bool {
        self.unify(env, whole, &Some(Type::any()), false) && self.unify(env, var, &self.of_term(env, whole), false)
    }

    /// A term that must have a type. `union`: it is one of several that variables may have.
    pub(super) fn unify(&self, env: &Environment<'_>, term: &Term, kind: &Maybe, union: bool) -> bool {
        match &term.kind {
            Kind::Array(items) => match kind {
                Some(Type::Array(array)) => self.unify_array(env, items, array, union),
                Some(Type::Any(any)) => self.unify_composite(env, term, &any.of),
                _ => false,
            },
            Kind::Object(items) => match kind {
                Some(Type::Object(object)) => self.unify_object(env, items, object, union),
                Some(Type::Any(any)) => self.unify_composite(env, term, &any.of),
                _ => false,
            },
            Kind::Set(items) => match kind {
                Some(Type::Set(set)) => items.iter().all(|item| self.unify(env, item, &set.of, union)),
                Some(Type::Any(any)) => self.unify_composite(env, term, &any.of),
                _ => false,
            },
            Kind::Var(name) => {
                let known = env.var(name);
                if union {
                    env.put_var(name, or(known, kind.clone()));
                } else if known.is_some() {
                    return unifies(&known, kind);
                } else {
                    env.put_var(name, kind.clone());
                }
                true
            }
            _ => unifies(&self.of_term(env, term), kind),
        }
    }

    /// A composite that may be any of the listed types; anything, if none is listed.
    fn unify_composite(&self, env: &Environment<'_>, term: &Term, of: &[Type]) -> bool {
        if !of.is_empty() {
            // All are tried, as each says something about the variables.
            let fits = of.iter().map(|kind| self.unify(env, term, &Some(kind.clone()), true));
            return fits.filter(|fits| *fits).count() > 0;
        }
        let any = |part: &Term| {
            self.unify(env, part, &Some(Type::any()), true);
        };
        match &term.kind {
            Kind::Array(items) | Kind::Set(items) => items.iter().for_each(any),
            Kind::Object(items) => items.iter().for_each(|(key, value)| {
                any(key);
                any(value);
            }),
            _ => {}
        }
        true
    }

    fn unify_array(&self, env: &Environment<'_>, items: &[Term], array: &Array, union: bool) -> bool {
        if items.len() != array.fixed.len() && array.rest.is_none() {
            return false;
        }
        let wanted = |index: usize| array.fixed.get(index).cloned().unwrap_or_else(|| array.rest.clone());
        items.iter().enumerate().all(|(index, item)| self.unify(env, item, &wanted(index), union))
    }

    fn unify_object(&self, env: &Environment<'_>, items: &[(Term, Term)], object: &Object, union: bool) -> bool {
        let rest = object.rest.as_ref().and_then(|(_, value)| value.as_ref());
        if items.len() != object.fixed.len() && rest.is_none() {
            return false;
        }
        let whole = Type::object(object.fixed.clone(), object.rest.clone());
        items.iter().all(|(key, value)| match value_of(key) {
            Some(key) => match combine::select(&whole, &key) {
                Some(kind) => self.unify(env, value, &Some(kind), union),
                None => false,
            },
            None => {
                self.unify(env, value, &Some(Type::any()), union);
                true
            }
        })
    }
}
