//! From the parser's tree to the core language.

use std::collections::HashSet;

use super::core::{
    Body, Call, Comprehension, Every, Expr, Gathers, Head, Kind, Logic, Name, Not, Part, Place, Rule, RuleId,
    Statement, Template, Term, With, is_generated,
};
use crate::rego::syntax::ast;

/// Translates what belongs to one file.
pub(super) struct Lowering {
    pub file: u32,
    /// Variables that look like generated ones: analysis must not make the same names.
    pub taken: HashSet<Name>,
}

impl Lowering {
    pub fn new(file: u32) -> Self {
        Lowering { file, taken: HashSet::new() }
    }

    pub fn place(&self, span: ast::Span) -> Place {
        Place { file: self.file, row: span.row, col: span.col }
    }

    pub fn terms(&mut self, terms: Vec<ast::Term>) -> Vec<Term> {
        terms.into_iter().map(|term| self.term(term)).collect()
    }

    pub fn term(&mut self, term: ast::Term) -> Term {
        let at = self.place(term.span);
        let kind = match term.kind {
            ast::TermKind::Null => Kind::Null,
            ast::TermKind::Boolean(value) => Kind::Bool(value),
            ast::TermKind::Number(text) => Kind::Number(text),
            ast::TermKind::String(text) => Kind::String(text),
            ast::TermKind::Var(name) => {
                if is_generated(&name) {
                    self.taken.insert(name.clone());
                }
                Kind::Var(name)
            }
            ast::TermKind::Ref(reference) => Kind::Ref(self.terms(reference.0)),
            ast::TermKind::Array(items) => Kind::Array(self.terms(items)),
            ast::TermKind::Set(items) => Kind::Set(self.terms(items)),
            ast::TermKind::Object(items) => {
                Kind::Object(items.into_iter().map(|(key, value)| (self.term(key), self.term(value))).collect())
            }
            ast::TermKind::ArrayComprehension(inner) => {
                self.comprehension(Gathers::Array, None, inner.term, inner.body)
            }
            ast::TermKind::SetComprehension(inner) => self.comprehension(Gathers::Set, None, inner.term, inner.body),
            ast::TermKind::ObjectComprehension(inner) => {
                self.comprehension(Gathers::Object, Some(inner.key), inner.value, inner.body)
            }
            ast::TermKind::Call(terms) => Kind::Call(Box::new(self.call(terms))),
            ast::TermKind::TemplateString(template) => {
                let parts = template.parts.into_iter().map(|part| match part {
                    ast::TemplatePart::Constant(term) => Part::Text(self.term(term)),
                    ast::TemplatePart::Expr(expr) => Part::Expr(self.expr(expr)),
                });
                Kind::Template(Box::new(Template { parts: parts.collect() }))
            }
        };
        Term { kind, at }
    }

    fn comprehension(&mut self, gathers: Gathers, key: Option<ast::Term>, term: ast::Term, body: ast::Body) -> Kind {
        let key = key.map(|key| self.term(key));
        let term = self.term(term);
        Kind::Comprehension(Box::new(Comprehension { gathers, key, term, body: self.body(body), index: Vec::new() }))
    }

    /// Operator and operands. An operator that is no reference cannot be parsed.
    fn call(&mut self, terms: Vec<ast::Term>) -> Call {
        let mut terms = self.terms(terms).into_iter();
        let (operator, operator_at) = match terms.next() {
            Some(Term { kind: Kind::Ref(operator), at }) => (operator, at),
            Some(other) => {
                let at = other.at;
                (vec![other], at)
            }
            None => (Vec::new(), Place::default()),
        };
        Call { operator, operator_at, arguments: terms.collect() }
    }

    pub fn body(&mut self, body: ast::Body) -> Body {
        body.into_iter().map(|expr| self.expr(expr)).collect()
    }

    pub fn expr(&mut self, expr: ast::Expr) -> Expr {
        let at = self.place(expr.span);
        let statement = match expr.kind {
            ast::ExprKind::Term(term) => Statement::Term(self.term(term)),
            ast::ExprKind::Call(terms) => Statement::Call(self.call(terms)),
            ast::ExprKind::Some(some) => Statement::Some(self.terms(some.symbols)),
            ast::ExprKind::Every(every) => Statement::Every(Box::new(Every {
                key: every.key.map(|key| self.term(key)),
                value: self.term(every.value),
                domain: self.term(every.domain),
                body: self.body(every.body),
            })),
            ast::ExprKind::Not(not) => {
                Statement::Not(Box::new(Not { body: self.body(not.body), braces: not.explicit }))
            }
            ast::ExprKind::And(logic) => self.logic(false, *logic),
            ast::ExprKind::Or(logic) => self.logic(true, *logic),
        };
        let with = expr.with.into_iter().map(|with| With {
            at: self.place(with.span),
            target: self.term(with.target),
            value: self.term(with.value),
        });
        let with = with.collect();
        Expr { statement, negated: expr.negated, with, generated: expr.generated, assigned: expr.from_assignment, at }
    }

    fn logic(&mut self, either: bool, logic: ast::Logical) -> Statement {
        Statement::Logic(Box::new(Logic {
            either,
            left: self.body(logic.left),
            right: self.body(logic.right),
            left_braces: logic.explicit_left,
            right_braces: logic.explicit_right,
        }))
    }

    /// The rule and its `else` branches, each a rule of its own, added to `rules` in order.
    pub fn rule(&mut self, module: u32, rule: ast::Rule, rules: &mut Vec<Rule>) {
        let mut next = Some(rule);
        let mut is_else = false;
        while let Some(mut rule) = next.take() {
            next = rule.else_.take().map(|rule| *rule);
            let id = RuleId(u32::try_from(rules.len()).unwrap_or(u32::MAX));
            let head = self.head(rule.head);
            rules.push(Rule {
                id,
                module,
                default: rule.default,
                head,
                body: self.body(rule.body),
                otherwise: next.is_some().then_some(RuleId(id.0.saturating_add(1))),
                is_else,
                at: self.place(rule.span),
            });
            is_else = true;
        }
    }

    fn head(&mut self, head: ast::Head) -> Head {
        let at = self.place(head.span);
        let member = if head.value.is_none() { head.key } else { None };
        Head {
            reference: self.terms(head.reference.0),
            arguments: self.terms(head.args),
            member: member.map(|term| self.term(term)),
            value: head.value.map(|term| self.term(term)),
            assigned: head.assign,
            at,
        }
    }
}
