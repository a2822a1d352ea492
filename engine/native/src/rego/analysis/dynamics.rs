//! Stages 25 and 26: `==` becomes unification; references and comprehensions inside operands are bound to variables
//! by statements before, in OPA's order, which decides what undefined means there.

use super::core::{Body, Expr, Kind, Name, Statement, Term, With};
use super::names::Names;
use super::walk::ItemMut;

/// Stage 25, `RewriteEquals`: the visitor that handles one statement.
pub(super) fn equals(item: ItemMut<'_>) -> bool {
    if let ItemMut::Expr(Expr { statement: Statement::Call(call), .. }) = item
        && call.arguments.len() == 2
        && call.is_named("equal")
    {
        let at = call.operator_at;
        call.operator = vec![Term::var(Name::from("eq"), at)];
    }
    false
}

/// Stage 26, `RewriteDynamicTerms`.
pub(super) fn body(names: &mut Names, body: &mut Body) {
    let mut result = Body::with_capacity(body.len());
    for mut expr in std::mem::take(body) {
        statement(names, &mut expr, &mut result);
        result.push(expr);
    }
    *body = result;
}

fn statement(names: &mut Names, expr: &mut Expr, result: &mut Body) {
    let with = &expr.with;
    match &mut expr.statement {
        Statement::Call(call) if call.is_named("eq") => {
            if call.arguments.len() == 2 {
                call.arguments.iter_mut().for_each(|term| outermost(names, term, with, result));
            }
        }
        Statement::Call(call) => call.arguments.iter_mut().for_each(|term| nested(names, term, with, result)),
        Statement::Every(every) => {
            nested(names, &mut every.domain, with, result);
            body(names, &mut every.body);
        }
        Statement::Not(not) => body(names, &mut not.body),
        Statement::Logic(logic) => {
            body(names, &mut logic.left);
            body(names, &mut logic.right);
        }
        Statement::Term(term) => outermost(names, term, with, result),
        Statement::Some(_) => {}
    }
}

/// An operand of unification or a statement's only term: it stays, what is inside moves.
fn outermost(names: &mut Names, term: &mut Term, with: &[With], result: &mut Body) {
    match &mut term.kind {
        Kind::Ref(terms) => terms.iter_mut().skip(1).for_each(|term| nested(names, term, with, result)),
        Kind::Comprehension(inner) => body(names, &mut inner.body),
        _ => nested(names, term, with, result),
    }
}

fn nested(names: &mut Names, term: &mut Term, with: &[With], result: &mut Body) {
    match &mut term.kind {
        Kind::Ref(terms) => {
            terms.iter_mut().skip(1).for_each(|term| nested(names, term, with, result));
            bind(names, term, with, result);
        }
        Kind::Array(items) | Kind::Set(items) => items.iter_mut().for_each(|item| nested(names, item, with, result)),
        Kind::Object(items) => {
            for (key, value) in items {
                nested(names, key, with, result);
                nested(names, value, with, result);
            }
        }
        Kind::Comprehension(inner) => {
            body(names, &mut inner.body);
            bind(names, term, with, result);
        }
        _ => {}
    }
}

fn bind(names: &mut Names, term: &mut Term, with: &[With], result: &mut Body) {
    let (local, mut bound) = names.bind(term.clone());
    bound.with = with.to_vec();
    let subject = std::mem::replace(term, local);
    if let Some(name) = term.as_var() {
        names.subjects.insert(name.clone(), subject);
    }
    result.push(bound);
}
