//! The results of a query in the form of `opa eval`: the value of each expression beside the bindings.
//!
//! As OPA does, the query is rewritten so that values are caught in variables of their own, which makes `1 == 2` a result
//! with the value false; where a query has several expressions or ranges over something, they must hold nevertheless.

use std::collections::HashMap;
use std::sync::Arc;

use super::facade::{Bindings, Snapshot};
use super::options::Options;
use crate::rego::analysis::core::CAUGHT;
use crate::rego::builtins;
use crate::rego::errors::Error;
use crate::rego::syntax::ast::{Body, Expr, ExprKind, Ref, Term, TermKind};
use crate::rego::syntax::visit::{self, Visitor};
use crate::rego::values::Value;

/// One solution of a query.
#[derive(Debug, Clone)]
pub struct QueryResult {
    pub expressions: Vec<ExpressionValue>,
    /// The variables that the query names, in order.
    pub bindings: Bindings,
}

/// What an expression came to, and the text that it was written as.
#[derive(Debug, Clone)]
pub struct ExpressionValue {
    pub value: Value,
    pub text: String,
    pub row: u32,
    pub col: u32,
}

struct Written {
    text: String,
    row: u32,
    col: u32,
    caught: Option<Arc<str>>,
}

impl Snapshot {
    /// All results of a query.
    ///
    /// # Errors
    /// Those of parsing and compiling the query, or the one error of the evaluation.
    pub fn results(&self, text: &str, input: Option<Value>, options: &Options) -> Result<Vec<QueryResult>, Vec<Error>> {
        let mut body = self.parse_query(text)?;
        let written = self.catch(&mut body, text);
        let solutions = self.solutions(body, input, options).map_err(of_the_query)?;
        Ok(solutions.into_iter().map(|solution| result(&written, solution)).collect())
    }

    /// Rewrites the query; what each expression was, in order.
    fn catch(&self, body: &mut Body, text: &str) -> Vec<Written> {
        let must_hold = body.len() > 1 || ranges(body);
        let mut checks = Body::new();
        let mut written = Vec::new();
        for (position, expr) in body.iter_mut().enumerate() {
            let span = expr.span;
            let source = text.get(span.start as usize..span.end as usize).unwrap_or_default().to_owned();
            let name: Arc<str> = Arc::from(format!("{CAUGHT}{position}"));
            let caught = self.caught(expr, &name).then(|| name.clone());
            if caught.is_some() && must_hold {
                let kind = ExprKind::Term(Term::var(name, span));
                checks.push(Expr { kind, with: Vec::new(), generated: true, ..expr.clone() });
            }
            written.push(Written { text: source, row: span.row, col: span.col, caught });
        }
        body.extend(checks);
        written
    }

    /// Catches the value of an expression, if it has one that is not just true.
    fn caught(&self, expr: &mut Expr, name: &Arc<str>) -> bool {
        if expr.negated {
            return false;
        }
        let caught = Term::var(name.clone(), expr.span);
        match &mut expr.kind {
            ExprKind::Term(term) => {
                let operator = Term::reference(vec![Term::var("eq", expr.span)], expr.span);
                expr.kind = ExprKind::Call(vec![operator, term.clone(), caught]);
                true
            }
            ExprKind::Call(terms) => {
                let Some((operator, operands)) = terms.split_first() else { return false };
                let arity = self.arity_of(operator);
                if arity != Some(operands.len()) {
                    return false;
                }
                terms.push(caught);
                true
            }
            _ => false,
        }
    }

    /// How many operands an operator takes; none for `=` and `:=`, for what has no result, and for what is unknown.
    fn arity_of(&self, operator: &Term) -> Option<usize> {
        let TermKind::Ref(Ref(parts)) = &operator.kind else { return None };
        let name = dotted(parts)?;
        if matches!(name.as_str(), "eq" | "assign") {
            return None;
        }
        match builtins::lookup(&name) {
            Some(builtin) => builtin.signature.result.as_ref().map(|_| builtin.signature.arguments.len()),
            None => self.function_arity(name.strip_prefix("data.")?),
        }
    }

    fn function_arity(&self, path: &str) -> Option<usize> {
        let path: Vec<&str> = path.split('.').collect();
        self.parameters(&path)
    }
}

/// The errors without those that only the rewriting made; one at least is left.
fn of_the_query(errors: Vec<Error>) -> Vec<Error> {
    let (made, own): (Vec<Error>, Vec<Error>) = errors.into_iter().partition(|error| error.message.contains(CAUGHT));
    if own.is_empty() { made } else { own }
}

fn dotted(parts: &[Term]) -> Option<String> {
    let names = parts.iter().map(|part| match &part.kind {
        TermKind::Var(name) | TermKind::String(name) => Some(&**name),
        _ => None,
    });
    Some(names.collect::<Option<Vec<_>>>()?.join("."))
}

fn result(written: &[Written], solution: Bindings) -> QueryResult {
    let (caught, bindings): (Bindings, Bindings) = solution.into_iter().partition(|(name, _)| name.starts_with(CAUGHT));
    let mut caught: HashMap<String, Value> = caught.into_iter().collect();
    let expressions = written.iter().map(|expression| ExpressionValue {
        value: expression.caught.as_ref().and_then(|name| caught.remove(&**name)).unwrap_or(Value::Bool(true)),
        text: expression.text.clone(),
        row: expression.row,
        col: expression.col,
    });
    QueryResult { expressions: expressions.collect(), bindings }
}

/// Whether the query ranges over something: declares with `some`, or has a variable or a wildcard inside a reference.
fn ranges(body: &Body) -> bool {
    struct Search(bool);
    impl Visitor for Search {
        fn visit_term(&mut self, term: &Term) {
            match &term.kind {
                TermKind::Ref(Ref(parts)) => {
                    self.0 |= parts.iter().skip(1).any(|part| matches!(part.kind, TermKind::Var(_)));
                    visit::descend_term(self, term);
                }
                TermKind::ArrayComprehension(..)
                | TermKind::SetComprehension(..)
                | TermKind::ObjectComprehension(..) => {}
                _ => visit::descend_term(self, term),
            }
        }
        fn visit_expr(&mut self, expr: &Expr) {
            self.0 |= matches!(expr.kind, ExprKind::Some(_));
            visit::descend_expr(self, expr);
        }
    }
    let mut search = Search(false);
    body.iter().for_each(|expr| search.visit_expr(expr));
    search.0
}
