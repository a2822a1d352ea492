//! One body: each statement's references, closures, call and unification, in OPA's order.

use std::cell::RefCell;
use std::collections::HashMap;

use super::environment::Environment;
use super::kinds::{Function, Maybe, Type, is_unknown};
use super::tree::Node;
use crate::rego::analysis::core::{Call, Comprehension, Expr, Kind, Name, RuleId, Statement, Term};
use crate::rego::analysis::fault::Fault;
use crate::rego::analysis::functions::Functions;
use crate::rego::analysis::walk::{self, Item};
use crate::rego::analysis::{core, text};
use crate::rego::errors::TYPE;

/// What is checked against: rules, who needs whom, and the author's names of variables.
pub(super) struct Checker<'c> {
    pub functions: Functions<'c>,
    pub rules: &'c [core::Rule],
    pub packages: &'c [Vec<Term>],
    pub dependencies: &'c [Vec<RuleId>],
    pub original: &'c HashMap<Name, Name>,
    /// What closures came to in a layer: they are met several times, and nested ones would be met ever more often.
    pub closures: RefCell<HashMap<(*const Comprehension, u64), Gathered>>,
    pub with_trees: RefCell<HashMap<String, Option<Node>>>,
}

/// A comprehension's type, and the errors inside of it.
type Gathered = (Maybe, Vec<Fault>);

/// An error, and whether a part whose type is unknown may have caused it.
struct Mismatch {
    fault: Fault,
    unknown: bool,
}

impl Checker<'_> {
    /// Checks a body and leaves what it found out about variables in `env`, a layer for it.
    pub(super) fn body(&self, env: &Environment<'_>, body: &[Expr]) -> Vec<Fault> {
        let mut faults = Vec::new();
        for expr in body {
            self.with_layers(env, &expr.with, |env| self.statement(env, expr, &mut faults));
        }
        faults
    }

    fn statement(&self, env: &Environment<'_>, expr: &Expr, faults: &mut Vec<Fault>) {
        let in_closures = self.in_closures(env, expr);
        let in_references = self.references_of(env, expr);
        let explained = !in_closures.is_empty() || !in_references.is_empty();
        faults.extend(in_closures);
        faults.extend(in_references);
        if let Err(mismatch) = self.expr(env, expr)
            && !(explained && mismatch.unknown)
        {
            faults.push(mismatch.fault);
        }
    }

    /// The errors of the last closure that has any, as OPA reports them.
    fn in_closures(&self, env: &Environment<'_>, expr: &Expr) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut visit = |item: Item<'_>| {
            let Item::Term(Term { kind: Kind::Comprehension(comprehension), .. }) = item else { return false };
            let (_, found) = self.comprehension(env, comprehension);
            let failed = !found.is_empty();
            if failed {
                faults = found;
            }
            failed
        };
        walk::expr(expr, &mut visit);
        faults
    }

    /// The type of a comprehension and the errors inside of it.
    pub(super) fn comprehension(&self, env: &Environment<'_>, it: &Comprehension) -> Gathered {
        let key = (std::ptr::from_ref(it), env.id);
        if let Some(known) = self.closures.borrow().get(&key) {
            return known.clone();
        }
        let inner = Environment::inside(env);
        let faults = self.body(&inner, &it.body);
        let kind = if faults.is_empty() { self.gathered(&inner, it) } else { None };
        self.closures.borrow_mut().insert(key, (kind.clone(), faults.clone()));
        (kind, faults)
    }

    fn gathered(&self, env: &Environment<'_>, it: &Comprehension) -> Maybe {
        let term = self.of_term(env, &it.term);
        Some(match it.gathers {
            core::Gathers::Array => Type::array(Vec::new(), term),
            core::Gathers::Set => Type::set(term),
            core::Gathers::Object => {
                let key = it.key.as_ref().and_then(|key| self.of_term(env, key));
                Type::object(Vec::new(), Some((key, term)))
            }
        })
    }

    fn expr(&self, env: &Environment<'_>, expr: &Expr) -> Result<(), Mismatch> {
        self.replacements(env, expr)?;
        match &expr.statement {
            Statement::Call(call) if call.is_named("eq") => self.equality(env, expr, call),
            Statement::Call(call) => self.call(env, expr, call),
            _ => Ok(()),
        }
    }

    /// A function may only be replaced by one of the same parameters.
    fn replacements(&self, env: &Environment<'_>, expr: &Expr) -> Result<(), Mismatch> {
        for with in &expr.with {
            let (target, value) = (self.of_term(env, &with.target), self.of_term(env, &with.value));
            if let (Some(Type::Function(_)), Some(Type::Function(_))) = (&target, &value)
                && !super::combine::unifies(&target, &value)
            {
                let message = format!("{}: arity mismatch", text::term(&with.target));
                return Err(Mismatch { fault: Fault::new(TYPE, message, with.at), unknown: false });
            }
        }
        Ok(())
    }

    fn equality(&self, env: &Environment<'_>, expr: &Expr, call: &Call) -> Result<(), Mismatch> {
        let [left, right] = call.arguments.as_slice() else {
            let few = call.arguments.len() < 2;
            return Err(self.wrong(expr, call, if few { "too few arguments" } else { "too many arguments" }, false));
        };
        let (left_type, right_type) = (self.of_term(env, left), self.of_term(env, right));
        if self.unify_both(env, (left, &left_type), (right, &right_type)) {
            return Ok(());
        }
        let unknown = is_unknown(&left_type) || is_unknown(&right_type);
        Err(Mismatch { fault: Fault::new(TYPE, "match error", expr.at), unknown })
    }

    fn call(&self, env: &Environment<'_>, expr: &Expr, call: &Call) -> Result<(), Mismatch> {
        let function = match env.reference(&call.operator) {
            Some(Type::Function(function)) => function,
            Some(kind) if kind.is_any() => return Ok(()),
            _ => {
                let message = format!("undefined function {}", call.name());
                return Err(Mismatch { fault: Fault::new(TYPE, message, expr.at), unknown: false });
            }
        };
        let has_result = usize::from(function.result.is_some());
        let given = call.arguments.len();
        if given > function.arguments.len() + has_result && function.variadic.is_none() {
            return Err(self.wrong_call(env, expr, call, "too many arguments"));
        }
        if given < function.arguments.len() {
            return Err(self.wrong_call(env, expr, call, "too few arguments"));
        }
        let before: Vec<Maybe> = call.arguments.iter().map(|argument| self.of_term(env, argument)).collect();
        for (position, (argument, known)) in call.arguments.iter().zip(&before).enumerate() {
            let wanted = parameter(&function, position);
            let impossible = !is_unknown(known) && !super::combine::unifies(known, &wanted);
            if impossible || !self.unify(env, argument, &wanted, false) {
                return Err(self.wrong_call(env, expr, call, "invalid argument(s)"));
            }
        }
        Ok(())
    }

    fn wrong_call(&self, env: &Environment<'_>, expr: &Expr, call: &Call, why: &str) -> Mismatch {
        let unknown = call.arguments.iter().any(|argument| is_unknown(&self.of_term(env, argument)));
        self.wrong(expr, call, why, unknown)
    }

    fn wrong(&self, expr: &Expr, call: &Call, why: &str, unknown: bool) -> Mismatch {
        Mismatch { fault: Fault::new(TYPE, format!("{}: {why}", call.name()), expr.at), unknown }
    }
}

/// The type of the argument at a position: a parameter's, the result's, or that of further ones.
fn parameter(function: &Function, position: usize) -> Maybe {
    if let Some(kind) = function.arguments.get(position) {
        return kind.clone();
    }
    if position == function.arguments.len() && function.result.is_some() {
        return function.result.clone();
    }
    function.variadic.clone()
}
