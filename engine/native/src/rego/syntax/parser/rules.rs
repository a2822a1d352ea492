//! Rules: head, body, `else`, further bodies.

use super::super::ast::{Body, Expr, ExprKind, Head, Rule, Span, Term, TermKind};
use super::super::token::Token;
use super::super::visit::{VisitorMut, descend_expr_mut, descend_term_mut, descend_with_mut, is_ground};
use super::Parser;

/// Longest chain of `else`.
const MAX_ELSE: u32 = 1000;

/// A body that was not written.
pub(super) fn true_body(span: Span) -> Body {
    vec![Expr::new(ExprKind::Term(Term::boolean(true, span)), span)]
}

impl Parser<'_> {
    /// The rules that one head makes; nothing when this is no rule, or a wrong one.
    pub(super) fn rules(&mut self) -> Option<Vec<Rule>> {
        let at = self.here();
        self.keyword_starts_reference();
        let default = self.token() == Token::Default;
        if default {
            self.scan();
            self.keyword_starts_reference();
        }
        if self.token() != Token::Ident {
            return None;
        }
        let head = self.head(default)?;
        let mut rule = Rule {
            default,
            head,
            body: Body::new(),
            else_: None,
            annotations: Vec::new(),
            generated_body: false,
            span: at,
        };
        if default {
            rule.span = self.extended(at);
            rule.body = true_body(at);
            return self.check_default(&rule).then(|| vec![rule]);
        }
        let has_if = self.token() == Token::If;
        if !settle_head(&mut rule.head, has_if) {
            return None;
        }
        if has_if {
            rule.head.keyword_if = true;
            self.scan();
            rule.body = self.body_after_if()?;
        } else if self.token() == Token::LBrace {
            rule.body = self.braced_body()?;
        } else if rule.head.keyword_contains {
            rule.body = true_body(at);
            rule.generated_body = true;
            rule.span = rule.head.span;
            return Some(vec![rule]);
        } else {
            return None;
        }
        if self.token() == Token::Else && !self.keyword_starts_reference() {
            if rule.head.reference.len() > 1 && !rule.head.reference.iter().skip(1).all(is_ground) {
                self.error("else keyword cannot be used on rules with variables in head");
                return None;
            }
            if rule.head.key.is_some() {
                self.error("else keyword cannot be used on multi-value rules");
                return None;
            }
            rule.else_ = Some(self.else_branches(&rule.head)?);
        }
        rule.span = self.extended(at);
        self.further_bodies(rule)
    }

    /// `{ … }` with the opening brace current.
    fn braced_body(&mut self) -> Option<Body> {
        self.scan();
        let body = self.body(Token::RBrace)?;
        self.scan();
        Some(body)
    }

    /// One expression, or a body in braces; a set is read as a body.
    fn body_after_if(&mut self) -> Option<Body> {
        let start = self.save();
        let brace = self.token() == Token::LBrace;
        if let Some(expr) = self.expression_literal() {
            let is_set = matches!(&expr.kind, ExprKind::Term(Term { kind: TermKind::Set(_), .. }));
            if !(brace && is_set) {
                return Some(vec![expr]);
            }
        }
        if !brace {
            return None;
        }
        self.restore(start);
        self.braced_body()
    }

    /// The `else` branches of a rule with this head, the first holding the next.
    fn else_branches(&mut self, head: &Head) -> Option<Box<Rule>> {
        let mut branches = Vec::new();
        while self.token() == Token::Else {
            if branches.len() as u32 >= MAX_ELSE {
                self.exhaust("max parsing recursion depth exceeded");
                return None;
            }
            let (branch, ended) = self.else_branch(head)?;
            branches.push(branch);
            if ended {
                break;
            }
        }
        let mut chain = None;
        for mut branch in branches.into_iter().rev() {
            branch.else_ = chain;
            chain = Some(Box::new(branch));
        }
        chain
    }

    /// One branch, and whether no other may follow because it has no body.
    fn else_branch(&mut self, head: &Head) -> Option<(Rule, bool)> {
        let at = self.here();
        let mut head = head.clone();
        head.generated_value = false;
        head.keyword_if = false;
        head.keyword_contains = false;
        head.span = at;
        self.renew_wildcards(&mut head);
        self.scan();
        match self.token() {
            Token::LBrace | Token::If => {
                head.generated_value = true;
                head.value = Some(Term::boolean(true, at));
            }
            token @ (Token::Assign | Token::Unify) => {
                head.assign = token == Token::Assign;
                self.scan();
                head.value = Some(self.term_infix()?);
                head.span = self.extended(at);
            }
            _ => {
                self.illegal("expected else value term or rule body");
                return None;
            }
        }
        head.keyword_if = self.token() == Token::If;
        let bare = !head.keyword_if && self.token() != Token::LBrace;
        let body = if bare {
            true_body(at)
        } else {
            if head.keyword_if {
                self.scan();
            }
            self.else_body(at)?
        };
        let rule = Rule {
            default: false,
            head,
            body,
            else_: None,
            annotations: Vec::new(),
            generated_body: bare,
            span: self.extended(at),
        };
        Some((rule, bare))
    }

    fn else_body(&mut self, at: Span) -> Option<Body> {
        match self.token() {
            Token::LBrace => self.braced_body(),
            Token::Eof => {
                self.illegal("rule body expected");
                None
            }
            _ => {
                let mut expr = self.expression_literal()?;
                // OPA gives everything in such a body the place of its `else`.
                Relocate(at).visit_expr(&mut expr);
                Some(vec![expr])
            }
        }
    }

    fn renew_wildcards(&mut self, head: &mut Head) {
        for arg in &mut head.args {
            if arg.is_wildcard() {
                arg.kind = TermKind::Var(self.fresh_wildcard().into());
            }
        }
    }

    /// Bodies behind the first make rules with the same head.
    fn further_bodies(&mut self, rule: Rule) -> Option<Vec<Rule>> {
        let mut rules = vec![rule];
        while self.token() == Token::LBrace {
            let first = rules.first()?;
            if first.else_.is_some() {
                self.error("expected else keyword");
                return None;
            }
            let mut head = first.head.clone();
            let at = self.here();
            let body = self.braced_body()?;
            let span = self.extended(at);
            self.renew_wildcards(&mut head);
            head.span = span;
            let mut relocate = Relocate(span);
            head.args.iter_mut().chain(&mut head.key).chain(&mut head.value).for_each(|term| relocate.visit_term(term));
            rules.push(Rule {
                default: false,
                head,
                body,
                else_: None,
                annotations: Vec::new(),
                generated_body: false,
                span,
            });
        }
        Some(rules)
    }
}

/// What `p[x]` means depends on what follows: with `if` one value at `p[x]`, else a member of `p`.
fn settle_head(head: &mut Head, has_if: bool) -> bool {
    if head.keyword_contains || head.reference.len() != 2 {
        return true;
    }
    let (Some(first), Some(last)) = (head.reference.first(), head.reference.last()) else { return true };
    let name = first.as_var().cloned();
    if has_if {
        let dynamic = !is_ground(last) || matches!(last.kind, TermKind::Ref(_));
        if dynamic && head.args.is_empty() {
            head.key = Some(last.clone());
        }
        if head.value.is_none() {
            head.generated_value = true;
            head.value = Some(Term::boolean(true, head.span));
            return true;
        }
        head.name = name;
        return head.name.is_some();
    }
    if head.args.is_empty() {
        if name.is_none() {
            return false;
        }
        head.name = name;
        head.key = Some(last.clone());
        if head.value.is_none() {
            head.reference.truncate(1);
        }
    }
    true
}

/// Gives every node the same place.
struct Relocate(Span);

impl VisitorMut for Relocate {
    fn visit_term(&mut self, term: &mut Term) {
        term.span = self.0;
        descend_term_mut(self, term);
    }

    fn visit_expr(&mut self, expr: &mut Expr) {
        expr.span = self.0;
        match &mut expr.kind {
            ExprKind::Some(node) => node.span = self.0,
            ExprKind::Every(node) => node.span = self.0,
            ExprKind::Not(node) => node.span = self.0,
            ExprKind::And(node) | ExprKind::Or(node) => node.span = self.0,
            ExprKind::Term(_) | ExprKind::Call(_) => {}
        }
        descend_expr_mut(self, expr);
    }

    fn visit_with(&mut self, with: &mut super::super::ast::With) {
        with.span = self.0;
        descend_with_mut(self, with);
    }
}
