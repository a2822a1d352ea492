//! Stage 16, `RewriteRegoMetadataCalls`: `rego.metadata.chain()` and `rego.metadata.rule()` become variables that are
//! bound to constants at the start of their rule.

use super::annotations::AnnotationSet;
use super::core::{Expr, Kind, Name, Place, Rule, Statement, Term};
use super::expand;
use super::names::{Names, equality};
use super::text;
use super::walk::{self, Item, ItemMut};

const CHAIN: &str = "rego.metadata.chain";
const RULE: &str = "rego.metadata.rule";

fn calls(expr: &Expr, name: &str) -> bool {
    expr.as_call().is_some_and(|call| call.operator.len() == 3 && text::reference(&call.operator) == name)
}

/// Where a rule first calls a built-in, nested bodies included.
fn first_call(rule: &Rule, name: &str) -> Option<Place> {
    let mut found = None;
    let mut visit = |item: Item<'_>| {
        if let Item::Expr(expr) = item
            && found.is_none()
            && calls(expr, name)
        {
            found = Some(expr.at);
        }
        found.is_some()
    };
    walk::head(&rule.head, &mut visit);
    walk::body(&rule.body, &mut visit);
    found
}

/// Rewrites one rule.
pub(super) fn rewrite(names: &mut Names, set: &AnnotationSet, package: &[Term], rule: &mut Rule) {
    let mut bound = Vec::new();
    let mut locals: Vec<(&str, Name)> = Vec::new();
    for name in [CHAIN, RULE] {
        let Some(at) = first_call(rule, name) else { continue };
        let value = if name == CHAIN { set.chain_term(rule, package, at) } else { set.rule_term(rule, at) };
        let (local, expr) = names.bind(value);
        bound.push(expr);
        if let Kind::Var(local) = local.kind {
            locals.push((name, local));
        }
    }
    if locals.is_empty() {
        return;
    }
    let mut replace = |item: ItemMut<'_>| {
        if let ItemMut::Expr(expr) = item
            && let Some((_, local)) = locals.iter().find(|(name, _)| calls(expr, name))
        {
            replace_call(expr, local);
        }
        false
    };
    walk::head_mut(&mut rule.head, &mut replace);
    walk::body_mut(&mut rule.body, &mut replace);
    let body = std::mem::replace(&mut rule.body, bound);
    expand::append(&mut rule.body, body);
}

/// A call with an output unifies it with the variable; one without is the variable.
fn replace_call(expr: &mut Expr, local: &Name) {
    let at = expr.at;
    let value = Term::var(local.clone(), at);
    let output = expr.as_call().and_then(|call| call.arguments.first().cloned());
    let statement = match output {
        Some(output) => Statement::Call(equality(output, value)),
        None => Statement::Term(value),
    };
    *expr = Expr { generated: true, ..Expr::new(statement, at) };
}
