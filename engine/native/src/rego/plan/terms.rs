//! Terms as expressions and as patterns.

use super::Fault;
use super::program::{Comprehension, Expr, Gather, Pattern};
use super::scope::Scope;
use crate::rego::analysis::core::{self, Gathers, Kind, Term};
use crate::rego::errors::UNSAFE_VAR;
use crate::rego::values::{Number, Shape, Value};

/// The value of a term without variables, references and comprehensions.
pub(crate) fn constant(term: &Term) -> Option<Value> {
    Some(match &term.kind {
        Kind::Null => Value::Null,
        Kind::Bool(truth) => Value::Bool(*truth),
        Kind::Number(text) => Value::from(Number::parse(text).ok()?),
        Kind::String(text) => Value::string(text),
        Kind::Array(items) => Value::array(items.iter().map(constant).collect::<Option<Vec<_>>>()?),
        Kind::Set(items) => Value::set(items.iter().map(constant).collect::<Option<Vec<_>>>()?),
        Kind::Object(items) => Value::object(
            items.iter().map(|(key, value)| Some((constant(key)?, constant(value)?))).collect::<Option<Vec<_>>>()?,
        ),
        _ => return None,
    })
}

/// The keys of an object if all are constants and stand in order, each once.
fn ascending(items: &[(Term, Term)]) -> Option<Shape> {
    let keys = items.iter().map(|(key, _)| constant(key)).collect::<Option<Vec<Value>>>()?;
    let sorted = keys.is_sorted_by(|a, b| a < b);
    let object = sorted.then(|| Value::object(keys.into_iter().map(|key| (key, Value::Null))))?;
    object.as_object().map(|object| object.shape().clone())
}

impl Scope<'_> {
    /// True if the term has a value once the variables bound so far have theirs.
    pub(super) fn is_known(&self, term: &Term) -> bool {
        match &term.kind {
            Kind::Var(name) => self.has(name) || matches!(&**name, "input" | "data"),
            Kind::Ref(terms) => terms.iter().enumerate().all(|(index, term)| match &term.kind {
                Kind::Var(name) if index == 0 && matches!(&**name, "input" | "data") => true,
                _ => self.is_known(term),
            }),
            Kind::Array(items) | Kind::Set(items) => items.iter().all(|item| self.is_known(item)),
            Kind::Object(items) => items.iter().all(|(key, value)| self.is_known(key) && self.is_known(value)),
            _ => true,
        }
    }

    /// A term all of whose variables are bound.
    pub(super) fn expr(&mut self, term: &Term) -> Result<Expr, Fault> {
        if let Some(value) = constant(term) {
            return Ok(Expr::Constant(value));
        }
        self.deeper(term.at, |scope| scope.expr_of(term))
    }

    fn expr_of(&mut self, term: &Term) -> Result<Expr, Fault> {
        Ok(match &term.kind {
            Kind::Var(name) if matches!(&**name, "input" | "data") && !self.has(name) => {
                Expr::Ref(Box::new(self.reference(std::slice::from_ref(term), term.at)?))
            }
            Kind::Var(name) => {
                let slot = self.slot(name);
                if !self.is_bound(slot) {
                    return Err(Fault::unbound(name, term.at));
                }
                Expr::Slot(slot)
            }
            Kind::Ref(terms) => {
                let plan = self.reference(terms, term.at)?;
                if plan.keys.iter().any(super::program::Key::is_free) {
                    return Err(Fault::new("a reference that ranges is not a value", term.at));
                }
                Expr::Ref(Box::new(plan))
            }
            Kind::Array(items) => Expr::Array(self.exprs(items)?),
            Kind::Set(items) => Expr::Set(self.exprs(items)?),
            Kind::Object(items) => self.object(items)?,
            Kind::Comprehension(comprehension) => {
                Expr::Comprehension(Box::new(self.comprehension(comprehension, term.at)?))
            }
            Kind::Call(call) => self.call(call, &call.arguments, term.at)?,
            Kind::Number(text) => return Err(Fault::new(format!("illegal number {text}"), term.at)),
            _ => return Err(Fault::new("a term that analysis should have rewritten", term.at)),
        })
    }

    fn object(&mut self, items: &[(Term, Term)]) -> Result<Expr, Fault> {
        if let Some(shape) = ascending(items) {
            let values = items.iter().map(|(_, value)| self.expr(value)).collect::<Result<_, Fault>>()?;
            return Ok(Expr::Record(shape, values));
        }
        let entries = items.iter().map(|(key, value)| Ok((self.expr(key)?, self.expr(value)?)));
        Ok(Expr::Object(entries.collect::<Result<_, Fault>>()?))
    }

    pub(super) fn exprs(&mut self, terms: &[Term]) -> Result<Box<[Expr]>, Fault> {
        terms.iter().map(|term| self.expr(term)).collect()
    }

    fn comprehension(&mut self, it: &core::Comprehension, at: core::Place) -> Result<Comprehension, Fault> {
        self.closed(|scope| {
            let body = scope.body(&it.body)?;
            let body = scope.entered(&it.body, body, false);
            let term = scope.expr(&it.term)?;
            let kind = match (it.gathers, &it.key) {
                (Gathers::Array, _) => Gather::Array(term),
                (Gathers::Set, _) => Gather::Set(term),
                (Gathers::Object, Some(key)) => Gather::Object(scope.expr(key)?, term),
                (Gathers::Object, None) => return Err(Fault::new("an object comprehension without a key", at)),
            };
            let at = it.key.as_ref().map_or(at, |key| key.at);
            Ok(Comprehension { kind, body, at })
        })
    }

    /// How a value that is known is matched with the term; binds its free variables.
    pub(super) fn pattern(&mut self, term: &Term) -> Result<Pattern, Fault> {
        if let Some(value) = constant(term) {
            return Ok(Pattern::Constant(value));
        }
        if self.is_known(term) {
            return Ok(Pattern::Equal(self.expr(term)?));
        }
        self.deeper(term.at, |scope| scope.pattern_of(term))
    }

    fn pattern_of(&mut self, term: &Term) -> Result<Pattern, Fault> {
        Ok(match &term.kind {
            Kind::Var(name) => {
                let slot = self.slot(name);
                self.bind(slot);
                if self.is_head(slot) { Pattern::Head(slot) } else { Pattern::Bind(slot) }
            }
            Kind::Array(items) => {
                Pattern::Array(items.iter().map(|item| self.pattern(item)).collect::<Result<_, _>>()?)
            }
            Kind::Object(items) if items.iter().all(|(key, _)| self.is_known(key)) => Pattern::Object(
                items
                    .iter()
                    .map(|(key, value)| Ok((self.expr(key)?, self.pattern(value)?)))
                    .collect::<Result<_, Fault>>()?,
            ),
            // A key that only the values of the same object would bind: as in OPA, keys are looked at before them all.
            Kind::Object(items) => {
                for (_, value) in items {
                    self.pattern(value)?;
                }
                Pattern::Never
            }
            _ => {
                let message = "variables in a set are unsafe where it is to be matched".to_owned();
                return Err(Fault { code: UNSAFE_VAR, message, at: term.at });
            }
        })
    }
}
