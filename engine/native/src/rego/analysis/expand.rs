//! Stages 3, 13, 18 and 19: what has to be evaluated moves out of operands, heads and comprehension terms into
//! statements of its own, before the statement that needs it.

use super::core::{Body, Call, Expr, Head, Kind, Rule, Statement, Term, With, is_true_body};
use super::names::Names;
use super::walk::{self, Item, ItemMut};

/// Appends, the statement `true` of an empty body giving way.
pub(super) fn append(body: &mut Body, statements: Vec<Expr>) {
    if statements.is_empty() {
        return;
    }
    if is_true_body(body) {
        body.clear();
    }
    body.extend(statements);
}

/// Stage 3, `RewriteRuleHeadRefs`: elements of a head's reference that are no scalars become variables.
pub(super) fn head_reference(names: &mut Names, rule: &mut Rule) {
    for term in rule.head.reference.iter_mut().skip(1) {
        if term.is_scalar() || term.as_var().is_some() {
            continue;
        }
        let (local, bound) = names.bind(term.clone());
        *term = local;
        append(&mut rule.body, vec![bound]);
    }
}

/// Stage 13, `RewriteExprTerms`, for a rule.
pub(super) fn rule(names: &mut Names, rule: &mut Rule) {
    let mut support = Vec::new();
    let Head { arguments, member, value, .. } = &mut rule.head;
    for term in arguments.iter_mut().chain(member).chain(value) {
        expand_term(names, term, &mut support);
    }
    body(names, &mut rule.body);
    append(&mut rule.body, support);
}

/// Stage 13 for a body: nested calls become statements.
pub(super) fn body(names: &mut Names, body: &mut Body) {
    let mut expanded = Body::with_capacity(body.len());
    for expr in std::mem::take(body) {
        expand_expr(names, expr, &mut expanded);
    }
    *body = expanded;
}

fn with_modifiers(mut statements: Vec<Expr>, with: &[With]) -> Vec<Expr> {
    if !with.is_empty() {
        for statement in &mut statements {
            statement.with = with.to_vec();
        }
    }
    statements
}

fn expand_expr(names: &mut Names, mut expr: Expr, result: &mut Body) {
    for with in &mut expr.with {
        expand_term(names, &mut with.value, result);
    }
    let mut support = Vec::new();
    match &mut expr.statement {
        Statement::Term(term) => {
            expand_term(names, term, &mut support);
            result.extend(with_modifiers(support, &expr.with));
        }
        Statement::Call(call) => {
            for term in &mut call.arguments {
                expand_term(names, term, &mut support);
            }
            result.extend(with_modifiers(support, &expr.with));
        }
        Statement::Every(every) => {
            let (local, mut bound) = names.bind(every.domain.clone());
            bound.with.clone_from(&expr.with);
            expand_expr(names, bound, result);
            every.domain = local;
            body(names, &mut every.body);
        }
        Statement::Not(not) => body(names, &mut not.body),
        Statement::Logic(logic) => {
            body(names, &mut logic.left);
            body(names, &mut logic.right);
        }
        Statement::Some(_) => {}
    }
    result.push(expr);
}

fn expand_terms(names: &mut Names, terms: &mut [Term], support: &mut Vec<Expr>) {
    for term in terms {
        expand_term(names, term, support);
    }
}

fn expand_term(names: &mut Names, term: &mut Term, support: &mut Vec<Expr>) {
    let at = term.at;
    match &mut term.kind {
        Kind::Call(call) => {
            expand_terms(names, &mut call.arguments, support);
            let local = Term::var(names.fresh(), at);
            let kind = std::mem::replace(&mut term.kind, local.kind.clone());
            let Kind::Call(call) = kind else { return };
            let Call { operator, operator_at, mut arguments } = *call;
            arguments.push(local);
            let mut expr = Expr::new(Statement::Call(Call { operator, operator_at, arguments }), at);
            expr.generated = true;
            support.push(expr);
        }
        Kind::Ref(terms) => expand_reference(names, terms, support),
        Kind::Array(items) | Kind::Set(items) => expand_terms(names, items, support),
        Kind::Object(items) => {
            for (key, value) in items {
                expand_term(names, key, support);
                expand_term(names, value, support);
            }
        }
        Kind::Comprehension(inner) => {
            let mut inside = Vec::new();
            if let Some(key) = &mut inner.key {
                expand_term(names, key, &mut inside);
            }
            expand_term(names, &mut inner.term, &mut inside);
            body(names, &mut inner.body);
            append(&mut inner.body, inside);
        }
        Kind::Template(_) | Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Var(_) => {}
    }
}

/// The head of a reference that is no variable is bound to one: `[1, 2][i]`, `f(x).y`.
fn expand_reference(names: &mut Names, terms: &mut [Term], support: &mut Vec<Expr>) {
    for term in terms.iter_mut() {
        let subject = matches!(term.kind, Kind::Call(_)).then(|| term.clone());
        expand_term(names, term, support);
        if let (Some(subject), Some(local)) = (subject, term.as_var()) {
            names.subjects.insert(local.clone(), subject);
        }
    }
    let Some(head) = terms.first_mut() else { return };
    if !matches!(head.kind, Kind::Var(_) | Kind::Call(_)) {
        let (local, bound) = names.bind(head.clone());
        if let Some(name) = local.as_var() {
            names.subjects.insert(name.clone(), head.clone());
        }
        *head = local;
        support.push(bound);
    }
}

/// True if a term has references or comprehensions in it.
pub(super) fn requires_evaluation(term: &Term) -> bool {
    let mut found = false;
    walk::term(term, &mut |item: Item<'_>| {
        if let Item::Term(term) = item {
            found |= matches!(term.kind, Kind::Ref(_) | Kind::Comprehension(_));
        }
        found
    });
    found
}

fn bind_if_needed(names: &mut Names, term: &mut Term, support: &mut Vec<Expr>) {
    if requires_evaluation(term) {
        let (local, bound) = names.bind(term.clone());
        *term = local;
        support.push(bound);
    }
}

/// Stage 18, `RewriteComprehensionTerms`: the visitor that handles one comprehension.
pub(super) fn comprehension_terms(names: &mut Names, item: ItemMut<'_>) -> bool {
    if let ItemMut::Term(Term { kind: Kind::Comprehension(inner), .. }) = item {
        let mut support = Vec::new();
        if let Some(key) = &mut inner.key {
            bind_if_needed(names, key, &mut support);
        }
        bind_if_needed(names, &mut inner.term, &mut support);
        append(&mut inner.body, support);
    }
    false
}

/// Stage 19, `RewriteRefsInHead`.
pub(super) fn head_terms(names: &mut Names, rule: &mut Rule) {
    let mut support = Vec::new();
    let Head { arguments, member, value, .. } = &mut rule.head;
    for term in member.iter_mut().chain(value).chain(arguments) {
        bind_if_needed(names, term, &mut support);
    }
    append(&mut rule.body, support);
}
