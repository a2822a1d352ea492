//! Statements that read as expressions and are rules: `p := 1`, `p[x] = y`, `f(x) = y`, `p[1]`, `p.q.r`.

use super::super::ast::{Body, Expr, ExprKind, Head, Ref, Rule, Span, Term, TermKind};
use super::rules::true_body;
use super::terms::kind_name;
use crate::rego::builtins;

/// The rule an expression defines, or why it defines none.
pub(super) fn rule_from_body(mut body: Body) -> Result<Rule, String> {
    let (Some(expr), true) = (body.pop(), body.is_empty()) else {
        return Err("multiple expressions cannot be used for rule head".into());
    };
    if !expr.with.is_empty() {
        return Err("expressions using with keyword cannot be used for rule head".into());
    }
    if expr.negated {
        return Err("negated expressions cannot be used for rule head".into());
    }
    match expr.kind {
        ExprKind::Some(_) => Err("'some' declarations cannot be used for rule head".into()),
        ExprKind::Term(term) => from_term(term),
        ExprKind::Call(_) => from_call(expr),
        _ => Err("expression cannot be used for rule head".into()),
    }
}

fn head(reference: Ref, span: Span) -> Head {
    let name = match reference.as_slice() {
        [only] => only.as_var().cloned(),
        _ => None,
    };
    Head {
        name,
        reference,
        args: Vec::new(),
        key: None,
        value: None,
        assign: false,
        generated_value: false,
        keyword_if: false,
        keyword_contains: false,
        span,
    }
}

fn is_builtin(name: &str) -> bool {
    builtins::signatures().iter().any(|signature| signature.name == name)
}

/// OPA marks every rule made from an expression as one without a body.
fn rule(head: Head, body_span: Span, span: Span) -> Rule {
    Rule {
        default: false,
        head,
        body: true_body(body_span),
        else_: None,
        annotations: Vec::new(),
        generated_body: true,
        span,
    }
}

fn rule_head(reference: &Ref) -> Result<(), String> {
    match reference.first() {
        Some(first) if first.as_var().is_some() => Ok(()),
        _ => Err(format!("invalid rule head: {reference}")),
    }
}

/// `p[x]` adds to a set, `p.q.r` is true.
fn from_term(term: Term) -> Result<Rule, String> {
    let span = term.span;
    let TermKind::Ref(mut reference) = term.kind else {
        return Err(format!("{} cannot be used for rule name", kind_name(&term.kind)));
    };
    if reference.len() == 1 {
        return Err("refs cannot be used for rule head".into());
    }
    rule_head(&reference)?;
    let head = if reference.len() > 2 {
        let mut head = head(reference, span);
        head.value = Some(Term::boolean(true, span));
        head.generated_value = true;
        head
    } else {
        let key = reference.pop();
        let mut head = head(reference, span);
        head.key = key;
        head
    };
    Ok(rule(head, span, span))
}

fn from_call(expr: Expr) -> Result<Rule, String> {
    let span = expr.span;
    let (unifies, assigns) = (expr.calls("eq"), expr.calls("assign"));
    let ExprKind::Call(mut terms) = expr.kind else {
        return Err("expression cannot be used for rule head".into());
    };
    if unifies || assigns {
        let mut operands = terms.drain(1..);
        let (Some(left), Some(right)) = (operands.next(), operands.next()) else {
            return Err("assignment requires two operands".into());
        };
        let mut made = from_equality(left, right)?;
        made.span = span;
        made.head.span = span;
        made.head.assign = assigns;
        return Ok(made);
    }
    let operator = terms.remove(0);
    let TermKind::Ref(reference) = operator.kind else {
        return Err("expression cannot be used for rule head".into());
    };
    if is_builtin(&reference.to_string()) {
        return Err("rule name conflicts with built-in function".into());
    }
    if terms.is_empty() {
        return Err("rule argument list must take at least one argument".into());
    }
    rule_head(&reference)?;
    let mut head = head(reference, operator.span);
    head.value = Some(Term::boolean(true, operator.span));
    head.args = terms;
    Ok(rule(head, operator.span, operator.span))
}

/// `left = right` as a function, an entry of an object, or a document.
fn from_equality(left: Term, right: Term) -> Result<Rule, String> {
    let at = left.span;
    let body_at = right.span;
    let head = match left.kind {
        TermKind::Call(mut terms) => {
            let args = terms.split_off(1.min(terms.len()));
            let Some(Term { kind: TermKind::Ref(reference), .. }) = terms.pop() else {
                return Err("call cannot be used for rule name".into());
            };
            if rule_head(&reference).is_err() {
                return Err("call cannot be used for rule name".into());
            }
            Head { args, value: Some(right), ..head(reference, at) }
        }
        TermKind::Ref(reference) => {
            rule_head(&reference)?;
            let mut head = head(reference, at);
            if let [first, last] = head.reference.as_slice() {
                head.name = first.as_var().cloned();
                head.key = Some(last.clone());
            }
            Head { value: Some(right), ..head }
        }
        TermKind::Var(name) => Head { value: Some(right), ..head(Ref(vec![Term::var(name, at)]), at) },
        kind => return Err(format!("{} cannot be used for rule name", kind_name(&kind))),
    };
    Ok(rule(head, body_at, at))
}
