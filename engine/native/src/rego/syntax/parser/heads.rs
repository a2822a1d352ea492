//! Heads of rules: a name or reference, arguments, `contains`, a value.

use super::super::ast::{Head, Ref, Rule, Term, TermKind};
use super::super::token::Token;
use super::super::visit::{Visitor, descend_expr, descend_term};
use super::terms::kind_name;
use super::{Parser, Span};

impl Parser<'_> {
    /// A head and whether `contains` was written; nothing when this cannot be a rule.
    pub(super) fn head(&mut self, default: bool) -> Option<Head> {
        let at = self.here();
        let mut head = self.head_inner(default, at)?;
        head.span = self.extended(at);
        Some(head)
    }

    fn head_inner(&mut self, default: bool, at: Span) -> Option<Head> {
        let name = self.variable();
        self.height = 1;
        let Some(term) = self.after_head_name(name) else {
            self.illegal("expected rule head name");
            return None;
        };
        let is_call = matches!(term.kind, TermKind::Call(_));
        let (reference, args) = match term.kind {
            TermKind::Var(name) => (Ref(vec![Term::var(name, term.span)]), Vec::new()),
            TermKind::Ref(reference) => (reference, Vec::new()),
            TermKind::Call(mut terms) => {
                let args = terms.split_off(1.min(terms.len()));
                match terms.pop().map(|operator| operator.kind) {
                    Some(TermKind::Ref(reference)) if reference.first().is_some_and(|t| t.as_var().is_some()) => {
                        (reference, args)
                    }
                    _ => {
                        self.illegal("rule head ref invalid");
                        return None;
                    }
                }
            }
            _ => return None,
        };
        let name = match reference.as_slice() {
            [only] => only.as_var().cloned(),
            _ => None,
        };
        let mut head = Head {
            name,
            reference,
            args,
            key: None,
            value: None,
            assign: false,
            generated_value: false,
            keyword_if: false,
            keyword_contains: false,
            span: at,
        };
        if self.token() == Token::Contains {
            self.head_key(&mut head, is_call);
            return Some(head);
        }
        self.head_value(&mut head, default);
        if head.value.is_none() && (head.reference.len() != 2 || !head.args.is_empty()) {
            head.generated_value = true;
            head.value = Some(Term::boolean(true, at));
        }
        Some(head)
    }

    fn head_key(&mut self, head: &mut Head, is_call: bool) {
        let name = head.reference.to_string();
        if is_call {
            self.illegal(&format!(
                "the contains keyword can only be used with multi-value rule definitions (e.g., {name} contains \
                 <VALUE> {{ ... }})"
            ));
        }
        self.scan();
        head.keyword_contains = true;
        head.key = self.term_infix();
        if head.key.is_none() {
            self.illegal(&format!("expected rule key term (e.g., {name} contains <VALUE> {{ ... }})"));
        }
    }

    fn head_value(&mut self, head: &mut Head, default: bool) {
        let token = self.token();
        if !matches!(token, Token::Unify | Token::Assign) {
            return;
        }
        self.scan();
        head.assign = token == Token::Assign;
        head.value = self.term_infix();
        if head.value.is_some() {
            return;
        }
        let name = head.reference.to_string();
        let note = match () {
            () if !head.assign => {
                format!("expected rule value term (e.g., {name}[%!s(*ast.Term=<nil>)] = <VALUE> {{ ... }})")
            }
            () if !head.args.is_empty() => {
                format!("expected function value term (e.g., {name}(...) := <VALUE> {{ ... }})")
            }
            () if default => format!("expected default rule value term (e.g., default {name} := <VALUE>)"),
            () => format!("expected rule value term (e.g., {name} := <VALUE> {{ ... }})"),
        };
        self.illegal(&note);
    }

    /// A default's value has no variables, references or calls outside comprehensions; its arguments are distinct
    /// plain variables.
    pub(super) fn check_default(&mut self, rule: &Rule) -> bool {
        let Some(value) = &rule.head.value else {
            self.error_on(rule.span, "illegal default rule (must have a value)");
            return false;
        };
        let mut check = Constant { found: Vec::new() };
        check.visit_term(value);
        let valid = check.found.is_empty();
        for kind in check.found {
            self.error_on(rule.span, format!("illegal default rule (value cannot contain {kind})"));
        }
        valid && self.check_default_arguments(rule)
    }

    fn check_default_arguments(&mut self, rule: &Rule) -> bool {
        let mut valid = true;
        for (at, arg) in rule.head.args.iter().enumerate() {
            let message = match &arg.kind {
                TermKind::Var(name) if rule.head.args.iter().take(at).any(|earlier| earlier.as_var() == Some(name)) => {
                    format!("illegal default rule (arguments cannot be repeated {name})")
                }
                TermKind::Var(_) => continue,
                kind => format!("illegal default rule (arguments cannot contain {})", kind_name(kind)),
            };
            self.error_on(rule.span, message);
            valid = false;
        }
        valid
    }
}

/// Collects what makes a value no constant; comprehensions are closures and allowed.
struct Constant {
    found: Vec<&'static str>,
}

impl Visitor for Constant {
    fn visit_term(&mut self, term: &Term) {
        match &term.kind {
            TermKind::ArrayComprehension(_) | TermKind::SetComprehension(_) | TermKind::ObjectComprehension(_) => {}
            kind @ (TermKind::Ref(_) | TermKind::Var(_) | TermKind::Call(_)) => self.found.push(kind_name(kind)),
            _ => descend_term(self, term),
        }
    }

    fn visit_expr(&mut self, expr: &super::super::ast::Expr) {
        descend_expr(self, expr);
    }
}
