//! Stage 20, `RewriteWithValues`: what `with` may replace and by what; values that need evaluation are bound before.

use super::core::{Body, Expr, Kind, Place, Rule, Term, starts_with_var};
use super::expand::requires_evaluation;
use super::fault::Fault;
use super::functions::{Builtins, Functions};
use super::names::Names;
use super::text;
use super::tree::Node;
use super::walk::{self, ItemMut};
use crate::rego::builtins::signature::Signature;
use crate::rego::errors::{COMPILE, TYPE};

pub(super) struct Withs<'a> {
    pub names: &'a mut Names,
    pub functions: Functions<'a>,
    /// Built-ins that must not be named.
    pub unsafe_builtins: &'a [String],
    pub faults: &'a mut Vec<Fault>,
}

const REPLACING: &str = "with keyword replacing built-in function:";

impl Withs<'_> {
    pub fn rule(&mut self, rule: &mut Rule) {
        walk::head_mut(&mut rule.head, &mut |item| self.item(item));
        walk::body_mut(&mut rule.body, &mut |item| self.item(item));
    }

    /// Rewrites one body, and those inside of it.
    pub fn body(&mut self, body: &mut Body) {
        walk::body_mut(body, &mut |item| self.item(item));
    }

    fn item(&mut self, item: ItemMut<'_>) -> bool {
        let ItemMut::Body(body) = item else { return false };
        if body.iter().all(|expr| expr.with.is_empty()) {
            return false;
        }
        let mut result = Body::with_capacity(body.len());
        let mut bound = Vec::new();
        for mut expr in std::mem::take(body) {
            if let Err(fault) = self.statement(&mut expr, &mut result, &mut bound) {
                self.faults.push(fault);
                // As in OPA, one error for a body; nothing runs after a failed stage.
                return true;
            }
            result.push(expr);
        }
        *body = result;
        false
    }

    /// Statements that were one share their modifiers: a value is bound once, before the first of them.
    fn statement(&mut self, expr: &mut Expr, result: &mut Body, bound: &mut Vec<(Place, Term)>) -> Result<(), Fault> {
        for with in &mut expr.with {
            if !self.needs_binding(&mut with.target, &mut with.value)? {
                continue;
            }
            if let Some((_, local)) = bound.iter().find(|(at, _)| *at == with.at) {
                with.value = local.clone();
                continue;
            }
            let (local, statement) = self.names.bind(with.value.clone());
            bound.push((with.at, local.clone()));
            with.value = local;
            result.push(statement);
        }
        Ok(())
    }

    fn needs_binding(&self, target: &mut Term, value: &mut Term) -> Result<bool, Fault> {
        as_built_in_reference(self.functions.builtins, value);
        let is_built_in = self.is_built_in(target)?;
        let at = target.at;
        let reference = match &target.kind {
            Kind::Ref(terms) => terms.as_slice(),
            Kind::Var(_) => std::slice::from_ref(&*target),
            _ => &[],
        };
        let is_document = matches!(target.kind, Kind::Ref(_));
        if is_document && starts_with_var(reference, "data") {
            if self.replaces_by_function(reference, value, at)? {
                return Ok(false);
            }
            if value.as_ref_terms().is_some_and(|path| self.is_function(path)) {
                return Ok(false);
            }
        } else if is_document && starts_with_var(reference, "input") {
            // Any part of the input can be replaced.
        } else if is_built_in {
            if let Some(signature) = self.functions.builtins.find(reference) {
                check_target(signature, reference, at)?;
            }
            as_built_in_reference(self.functions.builtins, target);
            if self.is_function_value(value)? {
                return Ok(false);
            }
        } else {
            let message = "with keyword target must reference existing input, data, or a function";
            return Err(Fault::new(TYPE, message, at));
        }
        Ok(requires_evaluation(value))
    }

    /// For a target below `data`: an error if it is a part of a rule; true if it is a function replaced by one.
    fn replaces_by_function(&self, reference: &[Term], value: &Term, at: Place) -> Result<bool, Fault> {
        let Some((last, path)) = reference.split_last() else { return Ok(false) };
        let mut node: &Node = self.functions.tree;
        for term in path {
            match node.child(term) {
                None => break,
                Some(child) if !child.rules.is_empty() => {
                    let message = "with keyword cannot partially replace virtual document(s)";
                    return Err(Fault::new(COMPILE, message, at));
                }
                Some(child) => node = child,
            }
        }
        match node.child(last) {
            Some(child) if child.rules.iter().any(|id| self.has_parameters(*id)) => self.is_function_value(value),
            _ => Ok(false),
        }
    }

    fn has_parameters(&self, id: super::core::RuleId) -> bool {
        self.functions.arities.get(id.0 as usize).is_some_and(|arity| *arity > 0)
    }

    fn is_function(&self, path: &[Term]) -> bool {
        self.functions.rules(path).iter().any(|id| self.has_parameters(*id))
    }

    /// True if the value names a rule or a built-in.
    fn is_function_value(&self, value: &Term) -> Result<bool, Fault> {
        if let Kind::Ref(path) = &value.kind
            && self.functions.tree.find(path).is_some()
        {
            return Ok(true);
        }
        self.is_built_in(value)
    }

    fn is_built_in(&self, term: &Term) -> Result<bool, Fault> {
        let reference = match &term.kind {
            Kind::Ref(terms) => terms.as_slice(),
            Kind::Var(_) => std::slice::from_ref(term),
            _ => return Ok(false),
        };
        let name = text::reference(reference);
        if self.unsafe_builtins.contains(&name) {
            let message = format!("{REPLACING} target must not be unsafe: {}", text::quote(&name));
            return Err(Fault::new(COMPILE, message, term.at));
        }
        Ok(self.functions.builtins.find(reference).is_some())
    }
}

/// A variable that names a built-in becomes a reference to it.
fn as_built_in_reference(builtins: &Builtins, term: &mut Term) {
    if let Kind::Var(name) = &term.kind
        && builtins.get(name).is_some()
    {
        term.kind = Kind::Ref(vec![Term::var(name.clone(), super::core::Place::default())]);
    }
}

fn check_target(signature: &Signature, target: &[Term], at: Place) -> Result<(), Fault> {
    let name = signature.name;
    let message = if matches!(name, "eq" | "rego.metadata.chain" | "rego.metadata.rule") {
        format!("{REPLACING} replacement of {} invalid", text::quote(name))
    } else if starts_with_var(target, "internal") {
        format!("{REPLACING} replacement of internal function {} invalid", text::quote(name))
    } else if signature.relation {
        format!("{REPLACING} target must not be a relation")
    } else if signature.result.is_none() {
        format!("{REPLACING} target must not be a void function")
    } else {
        return Ok(());
    };
    Err(Fault::new(COMPILE, message, at))
}
