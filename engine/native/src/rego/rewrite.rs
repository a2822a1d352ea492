//! A module's text as the interpreter is to read it, so that it means what it means in OPA: `negation`, `operators`.
//! Every statement stays in its row; columns shift on the rows that are rewritten.

use std::collections::HashSet;

use regorus::unstable::{Expr, Literal, LiteralStmt, Module, Query, Rule, RuleHead};

use super::edits::Edits;
use super::{negation, operators, scopes};

/// Whether a name that is not local stands for a document: a rule, an import, `input`, `data`.
pub type IsDocument<'m> = dyn Fn(&str) -> bool + 'm;

pub fn rewrite_module(module: &Module, text: &str, is_document: &IsDocument<'_>) -> String {
    let mut rewriter = Rewriter::new(text, is_document);
    module.policy.iter().for_each(|rule| rewriter.rule(rule));
    rewriter.edits.finish()
}

pub fn rewrite_query(query: &Query, text: &str, is_document: &IsDocument<'_>) -> String {
    let mut rewriter = Rewriter::new(text, is_document);
    rewriter.query(query, true);
    rewriter.edits.finish()
}

struct Rewriter<'t> {
    edits: Edits<'t>,
    is_document: &'t IsDocument<'t>,
    scopes: Vec<HashSet<String>>,
    prefix: String,
    moved: usize,
}

impl<'t> Rewriter<'t> {
    fn new(source: &'t str, is_document: &'t IsDocument<'t>) -> Self {
        let mut prefix = String::from("__not_");
        while source.contains(&prefix) {
            prefix.push('_');
        }
        Rewriter {
            edits: Edits::of(source),
            is_document,
            scopes: Vec::new(),
            prefix,
            moved: 0,
        }
    }

    fn rule(&mut self, rule: &Rule) {
        let Rule::Spec { head, bodies, .. } = rule else {
            return;
        };
        let (reference, parameters, output) = match head {
            RuleHead::Compr { refr, assign, .. } => {
                (refr, &[][..], assign.as_ref().map(|a| &a.value))
            }
            RuleHead::Set { refr, key, .. } => (refr, &[][..], key.as_ref()),
            RuleHead::Func {
                refr, args, assign, ..
            } => (refr, args.as_slice(), assign.as_ref().map(|a| &a.value)),
        };
        self.scopes.push(scopes::parameters(parameters));
        self.scopes.push(
            bodies
                .first()
                .map_or_else(HashSet::new, |body| scopes::declared_in(&body.query)),
        );
        self.expression(reference);
        output.iter().for_each(|output| self.expression(output));
        self.scopes.pop();
        for body in bodies {
            if let Some(assign) = &body.assign {
                self.scopes.push(scopes::declared_in(&body.query));
                self.expression(&assign.value);
                self.scopes.pop();
            }
            let in_braces = body
                .query
                .stmts
                .first()
                .is_none_or(|first| first.span.start != body.query.span.start);
            self.query(&body.query, in_braces);
        }
        self.scopes.pop();
    }

    /// `many`: whether the query stands where several statements can.
    fn query(&mut self, query: &Query, many: bool) {
        self.scopes.push(scopes::declared_in(query));
        query
            .stmts
            .iter()
            .for_each(|statement| self.statement(statement, many));
        self.scopes.pop();
    }

    fn statement(&mut self, statement: &LiteralStmt, many: bool) {
        match &statement.literal {
            Literal::SomeVars { .. } => {}
            Literal::SomeIn {
                key,
                value,
                collection,
                ..
            } => {
                key.iter().for_each(|key| self.expression(key));
                self.expression(value);
                self.expression(collection);
            }
            Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => self.expression(expr),
            Literal::Every {
                key,
                value,
                domain,
                query,
                ..
            } => {
                self.expression(domain);
                self.scopes.push(
                    key.iter()
                        .chain([value])
                        .map(|span| span.text().to_owned())
                        .collect(),
                );
                self.query(query, true);
                self.scopes.pop();
            }
        }
        statement
            .with_mods
            .iter()
            .for_each(|modifier| self.expression(&modifier.r#as));
        if let Literal::NotExpr { expr, .. } = &statement.literal {
            self.negated(statement, expr, many);
        }
    }

    fn negated(&mut self, statement: &LiteralStmt, expression: &Expr, many: bool) {
        let Literal::NotExpr { span, .. } = &statement.literal else {
            return;
        };
        let stretch = self.edits.stretch(&statement.span);
        let modifiers = self
            .edits
            .source()
            .get(self.edits.stretch(span).1..stretch.1)
            .unwrap_or_default();
        let is_document = |name: &str| {
            !self.scopes.iter().any(|scope| scope.contains(name)) && (self.is_document)(name)
        };
        let computed = negation::computed_before(expression, &is_document);
        let values = statement
            .with_mods
            .iter()
            .filter(|modifier| replaces_document(&modifier.refr));
        let values: Vec<_> = values
            .flat_map(|with| negation::computed_by_value(&with.r#as, &is_document))
            .collect();
        let mut before = String::new();
        for (span, modifiers) in computed
            .into_iter()
            .map(|span| (span, modifiers))
            .chain(values.into_iter().map(|span| (span, "")))
        {
            let name = format!("{}{}", self.prefix, self.moved);
            self.moved += 1;
            let text = self.edits.take(self.edits.stretch(span), &name);
            before.push_str(&format!("{name} = {text} {modifiers}; "));
        }
        if before.is_empty() {
            return;
        }
        let (open, close) = if many { ("", "") } else { ("{ ", " }") };
        self.edits
            .surround(stretch, &format!("{open}{before}"), close);
    }

    /// An expression with all that is in it, inner things first.
    fn expression(&mut self, expression: &Expr) {
        match expression {
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
                self.comprehension(query, &[term.as_ref()]);
            }
            Expr::ObjectCompr {
                key, value, query, ..
            } => self.comprehension(query, &[key.as_ref(), value.as_ref()]),
            _ => scopes::parts(expression)
                .into_iter()
                .for_each(|part| self.expression(part)),
        }
        operators::rewrite(expression, &mut self.edits);
    }

    fn comprehension(&mut self, query: &Query, outputs: &[&Expr]) {
        self.scopes.push(scopes::declared_in(query));
        outputs.iter().for_each(|output| self.expression(output));
        self.scopes.pop();
        self.query(query, true);
    }
}

fn replaces_document(target: &Expr) -> bool {
    matches!(scopes::root_name(target), Some("input" | "data"))
}
