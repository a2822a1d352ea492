//! Stage 33, `BuildComprehensionIndices`: comprehensions that need nothing from outside can be computed once and
//! grouped by the outer variables that they bind.

use super::core::{Body, Comprehension, Expr, Kind, Statement, Term};
use super::functions::Functions;
use super::outputs;
use super::vars::{self, Collector, Skip, VarSet};
use super::walk::{self, Item, ItemMut};

/// Marks the comprehensions of a body and of all bodies inside.
pub(super) fn body(functions: &Functions<'_>, candidates: &mut VarSet, body: &mut Body) {
    walk::body_mut(body, &mut |item| {
        let ItemMut::Body(body) = item else { return false };
        for expr in body {
            statement(functions, candidates, expr);
            let mut collector = Collector::new(Skip { call_heads: true, closures: true, ..Skip::NOTHING });
            collector.expr(expr);
            candidates.extend(&collector.found);
        }
        false
    });
}

fn statement(functions: &Functions<'_>, candidates: &VarSet, expr: &mut Expr) {
    if expr.negated || !expr.with.is_empty() || !expr.is_equality() {
        return;
    }
    let Statement::Call(call) = &mut expr.statement else { return };
    let inner = match call.arguments.as_mut_slice() {
        [Term { kind: Kind::Var(_), .. }, Term { kind: Kind::Comprehension(inner), .. }]
        | [Term { kind: Kind::Comprehension(inner), .. }, Term { kind: Kind::Var(_), .. }] => inner,
        _ => return,
    };
    inner.index = keys(functions, candidates, inner);
}

fn keys(functions: &Functions<'_>, candidates: &VarSet, inner: &Comprehension) -> Vec<super::core::Name> {
    let reserved = VarSet::reserved();
    let outputs = outputs::of_body(&inner.body, functions, &reserved);
    let unbound = vars::of_body(&inner.body, Skip::SAFETY).minus(&outputs).minus(&reserved);
    if !unbound.is_empty() || ranges_over(candidates, &inner.body) || closes_over(candidates, &inner.body) {
        return Vec::new();
    }
    candidates.intersection(&outputs).iter().cloned().collect()
}

/// True if a reference has an outer variable among its outputs before anything else mentions it.
fn ranges_over(candidates: &VarSet, body: &Body) -> bool {
    let mut seen = VarSet::default();
    let mut worse = false;
    let mut check = |found: &VarSet, seen: &VarSet| {
        worse |= found.iter().any(|name| candidates.contains(name) && !seen.contains(name));
    };
    walk::body(body, &mut |item: Item<'_>| {
        match item {
            Item::Expr(Expr { statement: Statement::Call(call), .. }) if call.is_named("walk") => {
                if let Some(output) = call.arguments.get(1) {
                    check(&vars::of_term(output, Skip::NOTHING), &seen);
                }
            }
            Item::Term(Term { kind: Kind::Ref(terms), .. }) => {
                let mut collector = Collector::new(Skip { ref_heads: true, ..Skip::NOTHING });
                collector.reference(terms);
                check(&collector.found, &seen);
            }
            Item::Term(Term { kind: Kind::Var(name), .. }) => seen.add(name),
            Item::Term(Term { kind: Kind::Comprehension(_), .. }) => return true,
            _ => {}
        }
        false
    });
    worse
}

/// True if a comprehension inside uses an outer variable.
fn closes_over(candidates: &VarSet, body: &Body) -> bool {
    let mut found = false;
    walk::body(body, &mut |item: Item<'_>| {
        let Item::Term(Term { kind: Kind::Comprehension(inner), .. }) = item else { return found };
        let mut collector = Collector::new(Skip { ref_heads: true, ..Skip::NOTHING });
        collector.comprehension(inner);
        found |= collector.found.iter().any(|name| candidates.contains(name));
        true
    });
    found
}
