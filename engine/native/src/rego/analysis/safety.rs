//! Stage 24, `CheckSafetyRuleBodies`: bodies are put into an order in which every variable is bound where it has to
//! be, as close to the author's as possible; where there is none, the variables are unsafe.
//!
//! OPA goes over the statements again and again and takes those that have become safe. Here a statement is looked at
//! again only when one of its variables has become safe since, which gives the same order without the squares.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::core::{Body, Expr, Kind, Name, Place, Statement, Term, With};
use super::functions::Functions;
use super::outputs;
use super::unify::Known;
use super::vars::{self, Collector, Skip, VarSet};
use super::walk::{self, Closure, Item};

/// A statement and the variables in it that nothing binds.
#[derive(Debug, Clone)]
pub(super) struct Unsafe {
    pub at: Place,
    pub vars: VarSet,
}

/// Orders bodies.
#[derive(Clone, Copy)]
pub(super) struct Safety<'a> {
    functions: Functions<'a>,
}

/// One statement while its body is ordered.
struct Candidate {
    expr: Option<Expr>,
    unbound: VarSet,
    /// Variables of the body that closures inside the statement use.
    closed_over: VarSet,
}

impl<'a> Safety<'a> {
    pub fn new(functions: Functions<'a>) -> Self {
        Safety { functions }
    }

    fn vars_of_body(&self, body: &[Expr]) -> VarSet {
        vars::of_body(body, Skip::safety_with(&|body| self.taken_from_outside(body)))
    }

    fn vars_of_expr(&self, expr: &Expr) -> VarSet {
        vars::of_expr(expr, Skip::safety_with(&|body| self.taken_from_outside(body)))
    }

    /// The body in a safe order. If there is none, it comes back as it was, and `faults` has what is unsafe.
    pub fn order(&self, globals: &VarSet, body: Body, faults: &mut Vec<Unsafe>) -> Body {
        let before = faults.len();
        let body_vars = self.vars_of_body(&body);
        let mut safe = body_vars.intersection(globals);
        let mut candidates: Vec<Candidate> = body
            .into_iter()
            .map(|expr| Candidate {
                unbound: self.vars_of_expr(&expr).minus(&safe),
                closed_over: vars_in_closures(&expr).intersection(&body_vars).minus(globals),
                expr: Some(expr),
            })
            .collect();
        let taken = self.take_in_order(&mut candidates, &mut safe);
        let is_complete = taken.len() == candidates.len();
        let mut ordered = Vec::with_capacity(taken.len());
        for index in taken {
            let Some(expr) = candidates.get_mut(index).and_then(|candidate| candidate.expr.take()) else { continue };
            ordered.push((index, expr));
        }
        for candidate in &candidates {
            if let Some(expr) = &candidate.expr {
                faults.push(Unsafe { at: expr.at, vars: candidate.unbound.clone() });
            }
        }
        let mut visible = globals.clone();
        for (_, expr) in &mut ordered {
            let vars = self.vars_of_expr(expr);
            self.closures(expr, &mut visible, faults);
            visible.extend(&vars);
        }
        if is_complete && faults.len() == before {
            return ordered.into_iter().map(|(_, expr)| expr).collect();
        }
        ordered
            .extend(candidates.into_iter().enumerate().filter_map(|(index, candidate)| Some((index, candidate.expr?))));
        ordered.sort_by_key(|(index, _)| *index);
        ordered.into_iter().map(|(_, expr)| expr).collect()
    }

    /// The indices of the statements that can be made safe, in order.
    fn take_in_order(&self, candidates: &mut [Candidate], safe: &mut VarSet) -> Vec<usize> {
        let mut users: HashMap<Name, Vec<usize>> = HashMap::new();
        for (index, candidate) in candidates.iter().enumerate() {
            let Some(expr) = &candidate.expr else { continue };
            for name in vars::of_expr(expr, Skip::NOTHING).iter() {
                users.entry(name.clone()).or_default().push(index);
            }
        }
        let mut taken = Vec::with_capacity(candidates.len());
        let mut is_taken = vec![false; candidates.len()];
        let mut pass: BTreeSet<usize> = (0..candidates.len()).collect();
        while !pass.is_empty() {
            let mut next = BTreeSet::new();
            while let Some(index) = pass.pop_first() {
                let Some(candidate) = candidates.get_mut(index) else { continue };
                let Some(outputs) = self.try_take(candidate, &|name| safe.contains(name)) else { continue };
                taken.push(index);
                if let Some(flag) = is_taken.get_mut(index) {
                    *flag = true;
                }
                for name in outputs.iter().filter(|name| !safe.contains(name)) {
                    for user in users.get(name).into_iter().flatten().copied() {
                        match is_taken.get(user) {
                            Some(false) if user > index => pass.insert(user),
                            Some(false) => next.insert(user),
                            _ => false,
                        };
                    }
                }
                safe.extend(&outputs);
            }
            pass = next;
        }
        taken
    }

    /// What the statement binds, if all of its variables are bound now.
    fn try_take(&self, candidate: &mut Candidate, known: Known<'_>) -> Option<VarSet> {
        let expr = candidate.expr.as_ref()?;
        let outputs = outputs::of_expr(expr, &self.functions, known);
        if !candidate.closed_over.is_empty() {
            if candidate.closed_over.same_names(&outputs) {
                return None;
            }
            candidate.unbound = candidate.closed_over.clone();
        }
        let bound: Vec<Name> =
            candidate.unbound.iter().filter(|name| outputs.contains(name) || known(name)).cloned().collect();
        for name in bound {
            candidate.unbound.remove(&name);
        }
        candidate.unbound.is_empty().then_some(outputs)
    }

    /// Orders the bodies inside a statement.
    fn closures(&self, expr: &mut Expr, visible: &mut VarSet, faults: &mut Vec<Unsafe>) {
        let at = expr.at;
        match &mut expr.statement {
            Statement::Every(every) => {
                for term in every.key.iter().chain([&every.value]) {
                    visible.extend(&vars::of_term(term, Skip::NOTHING));
                }
                self.inner(&mut every.body, &VarSet::default(), at, visible, faults);
                return;
            }
            Statement::Not(not) => {
                self.inner(&mut not.body, &VarSet::default(), at, visible, faults);
                return;
            }
            Statement::Logic(logic) => {
                self.inner(&mut logic.left, &VarSet::default(), at, visible, faults);
                self.inner(&mut logic.right, &VarSet::default(), at, visible, faults);
                return;
            }
            Statement::Term(term) => self.in_term(term, at, visible, faults),
            Statement::Call(call) => {
                for term in &mut call.arguments {
                    self.in_term(term, at, visible, faults);
                }
            }
            Statement::Some(_) => {}
        }
        for With { target, value, .. } in &mut expr.with {
            self.in_term(target, at, visible, faults);
            self.in_term(value, at, visible, faults);
        }
    }

    fn in_term(&self, term: &mut Term, at: Place, visible: &VarSet, faults: &mut Vec<Unsafe>) {
        match &mut term.kind {
            Kind::Comprehension(inner) => {
                let mut needed = vars::of_term(&inner.term, Skip::NOTHING);
                if let Some(key) = &inner.key {
                    needed.extend(&vars::of_term(key, Skip::NOTHING));
                }
                self.inner(&mut inner.body, &needed, at, visible, faults);
            }
            Kind::Ref(items) | Kind::Array(items) | Kind::Set(items) => {
                items.iter_mut().for_each(|item| self.in_term(item, at, visible, faults));
            }
            Kind::Object(items) => {
                for (key, value) in items {
                    self.in_term(key, at, visible, faults);
                    self.in_term(value, at, visible, faults);
                }
            }
            Kind::Call(call) => {
                call.arguments.iter_mut().for_each(|item| self.in_term(item, at, visible, faults));
            }
            _ => {}
        }
    }

    /// Orders an inner body; `needed` are variables that its comprehension uses and that must occur somewhere.
    fn inner(&self, body: &mut Body, needed: &VarSet, at: Place, visible: &VarSet, faults: &mut Vec<Unsafe>) {
        let missing = needed.minus(visible);
        if !missing.is_empty() {
            let missing = missing.minus(&self.vars_of_body(body));
            if !missing.is_empty() {
                faults.push(Unsafe { at, vars: missing });
            }
        }
        // Only what the body mentions: copying all that is visible for each closure would cost squares.
        let globals = vars::of_body(body, Skip::NOTHING).intersection(visible);
        *body = self.order(&globals, std::mem::take(body), faults);
    }

    /// The variables of an operand without braces that must come from outside of it (OPA's `unsafeImplicitBodyVars`).
    fn taken_from_outside(&self, body: &Body) -> VarSet {
        let mut occurrences: BTreeMap<Name, usize> = BTreeMap::new();
        for expr in body {
            for name in vars::of_expr(expr, Skip::SAFETY).iter() {
                *occurrences.entry(name.clone()).or_default() += 1;
            }
        }
        let mut bound = VarSet::default();
        if body.len() > 1 {
            for expr in body {
                self.bindings(expr, &mut bound);
            }
        }
        let mut found = VarSet::default();
        for (name, count) in &occurrences {
            if *count == 1 || !bound.contains(name) {
                found.add(name);
            }
        }
        found
    }

    fn bindings(&self, expr: &Expr, bound: &mut VarSet) {
        let Statement::Call(call) = &expr.statement else { return };
        if call.is_named("eq") {
            bound.extend(&outputs::of_equality(expr, call, &|_| false));
            return;
        }
        let Some(arity) = self.functions.arity(&call.operator) else { return };
        let mut collector = Collector::new(Skip { sets: true, ..Skip::PATTERN });
        collector.terms(call.arguments.get(arity..).unwrap_or_default());
        bound.extend(&collector.found);
    }
}

/// The variables that closures inside a statement use.
fn vars_in_closures(expr: &Expr) -> VarSet {
    let mut collector = Collector::new(Skip::NOTHING);
    walk::expr(expr, &mut |item: Item<'_>| match walk::closure_of(item) {
        Some(Closure::Comprehension(inner)) => {
            collector.comprehension(inner);
            true
        }
        Some(Closure::Every(every)) => {
            collector.body(&every.body);
            true
        }
        Some(Closure::Not(not)) => {
            collector.body(&not.body);
            true
        }
        Some(Closure::Logic(logic)) => {
            collector.body(&logic.left);
            collector.body(&logic.right);
            true
        }
        None => false,
    });
    collector.found
}
