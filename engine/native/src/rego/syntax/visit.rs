//! Walks over terms and expressions, reading or rewriting. A visitor overrides what it cares about and calls
//! `descend_*` to go on below; not calling it stops there. The reference of a rule's head is not part of
//! `descend_rule`, as in OPA's generic visitor.

macro_rules! visitor {
    ($trait:ident, $term:ident, $expr:ident, $body:ident, $with:ident, $terms:ident, $rule:ident, $iter:ident, $as_deref:ident, $($mutability:tt)?) => {
        pub trait $trait {
            fn visit_term(&mut self, term: &$($mutability)? Term) {
                $term(self, term);
            }
            fn visit_expr(&mut self, expr: &$($mutability)? Expr) {
                $expr(self, expr);
            }
            fn visit_body(&mut self, body: &$($mutability)? Body) {
                $body(self, body);
            }
            fn visit_with(&mut self, with: &$($mutability)? With) {
                $with(self, with);
            }
        }

        fn $terms<V: $trait + ?Sized>(visitor: &mut V, terms: &$($mutability)? [Term]) {
            for term in terms.$iter() {
                visitor.visit_term(term);
            }
        }

        /// What is below a term.
        pub fn $term<V: $trait + ?Sized>(visitor: &mut V, term: &$($mutability)? Term) {
            match &$($mutability)? term.kind {
                TermKind::Null | TermKind::Boolean(_) | TermKind::Number(_) | TermKind::String(_) | TermKind::Var(_) => {}
                TermKind::Ref(reference) => $terms(visitor, &$($mutability)? reference.0),
                TermKind::Array(terms) | TermKind::Set(terms) | TermKind::Call(terms) => $terms(visitor, terms),
                TermKind::Object(members) => {
                    for (key, value) in members.$iter() {
                        visitor.visit_term(key);
                        visitor.visit_term(value);
                    }
                }
                TermKind::ArrayComprehension(c) | TermKind::SetComprehension(c) => {
                    visitor.visit_term(&$($mutability)? c.term);
                    visitor.visit_body(&$($mutability)? c.body);
                }
                TermKind::ObjectComprehension(c) => {
                    visitor.visit_term(&$($mutability)? c.key);
                    visitor.visit_term(&$($mutability)? c.value);
                    visitor.visit_body(&$($mutability)? c.body);
                }
                TermKind::TemplateString(template) => {
                    for part in template.parts.$iter() {
                        match part {
                            TemplatePart::Constant(term) => visitor.visit_term(term),
                            TemplatePart::Expr(expr) => visitor.visit_expr(expr),
                        }
                    }
                }
            }
        }

        /// What is below an expression, its modifiers last.
        pub fn $expr<V: $trait + ?Sized>(visitor: &mut V, expr: &$($mutability)? Expr) {
            match &$($mutability)? expr.kind {
                ExprKind::Term(term) => visitor.visit_term(term),
                ExprKind::Call(terms) => $terms(visitor, terms),
                ExprKind::Some(declaration) => $terms(visitor, &$($mutability)? declaration.symbols),
                ExprKind::Every(every) => {
                    if let Some(key) = &$($mutability)? every.key {
                        visitor.visit_term(key);
                    }
                    visitor.visit_term(&$($mutability)? every.value);
                    visitor.visit_term(&$($mutability)? every.domain);
                    visitor.visit_body(&$($mutability)? every.body);
                }
                ExprKind::Not(not) => visitor.visit_body(&$($mutability)? not.body),
                ExprKind::And(node) | ExprKind::Or(node) => {
                    visitor.visit_body(&$($mutability)? node.left);
                    visitor.visit_body(&$($mutability)? node.right);
                }
            }
            for with in expr.with.$iter() {
                visitor.visit_with(with);
            }
        }

        /// The expressions of a body.
        pub fn $body<V: $trait + ?Sized>(visitor: &mut V, body: &$($mutability)? Body) {
            for expr in body.$iter() {
                visitor.visit_expr(expr);
            }
        }

        /// Target and value of a modifier.
        pub fn $with<V: $trait + ?Sized>(visitor: &mut V, with: &$($mutability)? With) {
            visitor.visit_term(&$($mutability)? with.target);
            visitor.visit_term(&$($mutability)? with.value);
        }

        /// Arguments, key, value and body of a rule and of its `else` branches.
        pub fn $rule<V: $trait + ?Sized>(visitor: &mut V, rule: &$($mutability)? Rule) {
            let mut next = Some(rule);
            while let Some(rule) = next {
                $terms(visitor, &$($mutability)? rule.head.args);
                if let Some(key) = &$($mutability)? rule.head.key {
                    visitor.visit_term(key);
                }
                if let Some(value) = &$($mutability)? rule.head.value {
                    visitor.visit_term(value);
                }
                visitor.visit_body(&$($mutability)? rule.body);
                next = rule.else_.$as_deref();
            }
        }
    };
}

use super::ast::{Body, Expr, ExprKind, Rule, TemplatePart, Term, TermKind, With};

visitor!(Visitor, descend_term, descend_expr, descend_body, descend_with, each_term, descend_rule, iter, as_deref,);
visitor!(
    VisitorMut,
    descend_term_mut,
    descend_expr_mut,
    descend_body_mut,
    descend_with_mut,
    each_term_mut,
    descend_rule_mut,
    iter_mut,
    as_deref_mut,
    mut
);

/// Whether a term has no variables but the heads of references.
pub fn is_ground(term: &Term) -> bool {
    match &term.kind {
        TermKind::Null | TermKind::Boolean(_) | TermKind::Number(_) | TermKind::String(_) => true,
        TermKind::Var(_) | TermKind::TemplateString(_) => false,
        TermKind::Ref(parts) => parts.iter().skip(1).all(is_ground),
        TermKind::Array(terms) | TermKind::Set(terms) | TermKind::Call(terms) => terms.iter().all(is_ground),
        TermKind::Object(members) => members.iter().all(|(key, value)| is_ground(key) && is_ground(value)),
        TermKind::ArrayComprehension(c) | TermKind::SetComprehension(c) => {
            is_ground(&c.term) && is_body_ground(&c.body)
        }
        TermKind::ObjectComprehension(c) => is_ground(&c.key) && is_ground(&c.value) && is_body_ground(&c.body),
    }
}

/// Whether no expression of a body has variables but the heads of references.
pub fn is_body_ground(body: &Body) -> bool {
    body.iter().all(|expr| {
        let terms = match &expr.kind {
            ExprKind::Term(term) => is_ground(term),
            ExprKind::Call(terms) => terms.iter().all(is_ground),
            ExprKind::Not(not) => is_body_ground(&not.body),
            ExprKind::And(node) | ExprKind::Or(node) => is_body_ground(&node.left) && is_body_ground(&node.right),
            ExprKind::Some(_) | ExprKind::Every(_) => true,
        };
        terms && expr.with.iter().all(|with| is_ground(&with.target) && is_ground(&with.value))
    })
}
