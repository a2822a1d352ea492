//! Which variables a statement binds (OPA's `outputVarsForExpr`).

use super::core::{Call, Expr, Kind, Statement, Term};
use super::declared::add_all_vars;
use super::functions::Functions;
use super::unify::{Known, all_known, is_reference_safe, unify};
use super::vars::{Collector, Skip, VarSet};
use super::walk;

/// The variables that a statement binds when those of `known` are bound. Known ones may be among them.
pub(super) fn of_expr(expr: &Expr, functions: &Functions<'_>, known: Known<'_>) -> VarSet {
    if expr.is_negated() {
        return VarSet::default();
    }
    for with in &expr.with {
        let mut collector = Collector::new(Skip::SAFETY);
        collector.with(with);
        if !all_known(&collector.found, known) {
            return VarSet::default();
        }
    }
    match &expr.statement {
        Statement::Term(Term { kind: Kind::Template(_), .. }) => VarSet::default(),
        Statement::Term(_) => of_references(expr, known),
        Statement::Call(call) if call.is_named("eq") => of_equality(expr, call, known),
        Statement::Call(call) => match functions.arity(&call.operator) {
            Some(arity) => of_call(expr, call, arity, known),
            None => VarSet::default(),
        },
        Statement::Every(every) => {
            let mut found = VarSet::default();
            walk::terms_of_term(&every.domain, &mut |term| add_reference(term, known, &mut found));
            found
        }
        Statement::Some(_) | Statement::Not(_) | Statement::Logic(_) => VarSet::default(),
    }
}

/// The variables that a body binds, without those of `safe`.
pub(super) fn of_body(body: &[Expr], functions: &Functions<'_>, safe: &VarSet) -> VarSet {
    let mut found = VarSet::default();
    for expr in body {
        let more = of_expr(expr, functions, &|name| safe.contains(name) || found.contains(name));
        for name in more.iter().filter(|name| !safe.contains(name)) {
            found.add(name);
        }
    }
    found
}

fn add_reference(term: &Term, known: Known<'_>, found: &mut VarSet) -> bool {
    match &term.kind {
        Kind::Comprehension(_) | Kind::Template(_) => true,
        Kind::Ref(terms) => {
            if !is_reference_safe(terms, known) {
                return true;
            }
            if !super::core::is_ground_reference(terms) {
                let mut collector = Collector::new(Skip { ref_heads: true, ..Skip::NOTHING });
                collector.reference(terms);
                found.extend(&collector.found);
            }
            false
        }
        _ => false,
    }
}

fn of_references(expr: &Expr, known: Known<'_>) -> VarSet {
    let mut found = VarSet::default();
    walk::terms_of_expr(expr, &mut |term| add_reference(term, known, &mut found));
    found
}

/// What `a = b` binds. The left side of `:=` is an output only: the right side must not be bound through it.
pub(super) fn of_equality(expr: &Expr, call: &Call, known: Known<'_>) -> VarSet {
    let [left, right] = call.arguments.as_slice() else { return VarSet::default() };
    let references = of_references(expr, known);
    let mut assigned = VarSet::default();
    if expr.assigned {
        add_all_vars(left, &mut assigned);
    }
    let is_bound = |name: &str| (references.contains(name) || known(name)) && !assigned.contains(name);
    let unified = unify(left, right, &is_bound);
    let mut found = VarSet::default();
    for name in references.iter().filter(|name| !assigned.contains(name) && !known(name)) {
        found.add(name);
    }
    for name in unified.iter().filter(|name| !known(name)) {
        found.add(name);
    }
    found
}

fn of_call(expr: &Expr, call: &Call, arity: usize, known: Known<'_>) -> VarSet {
    let mut found = of_references(expr, known);
    let Some((inputs, outputs)) = call.arguments.split_at_checked(arity) else { return found };
    if outputs.is_empty() {
        return found;
    }
    let skip = Skip { sets: true, ..Skip::PATTERN };
    let mut collector = Collector::new(skip);
    collector.reference(&call.operator);
    collector.terms(inputs);
    if !all_known(&collector.found, &|name| found.contains(name) || known(name)) {
        return VarSet::default();
    }
    let mut collector = Collector::new(skip);
    collector.terms(outputs);
    found.extend(&collector.found);
    found
}
