//! Parentheses that group `and`, `or` and `not`, told apart from parentheses around a value.

use super::super::ast::ExprKind;
use super::super::token::Token;
use super::Parser;
use super::logical::Operand;

impl Parser<'_> {
    /// Tries the parenthesis at the current token as a group. `None`: it is none, and nothing was read;
    /// `Some(None)`: it is one, and wrong. `operand` says whether the parenthesis already stands where an operand
    /// must; `prefix` is what was written before it, for hints.
    pub(super) fn logical_group(&mut self, operand: bool, prefix: &str) -> Option<Option<Operand>> {
        if !self.enter() {
            return Some(None);
        }
        let group = self.with_stack(|parser| parser.logical_group_inner(operand, prefix));
        self.leave();
        group
    }

    fn logical_group_inner(&mut self, operand: bool, prefix: &str) -> Option<Option<Operand>> {
        let start = self.save();
        let open = self.here();
        self.scan();
        if self.token() == Token::RParen {
            if operand {
                self.error_on(open, "empty parenthesized group");
                return Some(None);
            }
            self.restore(start);
            return None;
        }
        let Some(mut left) = self.logical_operand(None) else {
            if self.exhausted {
                return Some(None);
            }
            self.restore(start);
            return None;
        };
        if matches!(self.token(), Token::LogicalAnd | Token::LogicalOr) {
            return Some(self.rest_of_group(left).map(|body| Operand { span: self.extended(open), ..body }));
        }
        if self.token() == Token::With && !left.explicit && left.body.len() == 1 {
            let with_at = self.here();
            let Some(modifiers) = self.with() else { return Some(None) };
            left.body.iter_mut().for_each(|expr| expr.with.clone_from(&modifiers));
            if matches!(self.token(), Token::LogicalAnd | Token::LogicalOr) {
                let operator = self.token().name();
                self.error_with_on_operand(with_at, operator);
                return Some(None);
            }
            if !self.close_group() {
                return Some(None);
            }
            if operand || matches!(self.token(), Token::LogicalAnd | Token::LogicalOr) {
                return Some(Some(Operand { span: self.extended(open), explicit: false, body: left.body }));
            }
            self.restore(start);
            return None;
        }
        if left.explicit {
            return self.braces_in_parentheses(left, start, open, prefix);
        }
        let groups = match left.body.as_slice() {
            [only] => only.negated || matches!(only.kind, ExprKind::Not(_) | ExprKind::And(_) | ExprKind::Or(_)),
            _ => false,
        };
        if groups {
            return Some(self.close_group().then(|| Operand { span: self.extended(open), explicit: false, ..left }));
        }
        self.restore(start);
        None
    }

    /// From the operator to the closing parenthesis.
    fn rest_of_group(&mut self, left: Operand) -> Option<Operand> {
        let chain = self.or_chain(left)?;
        let expr = self.attach_with(chain)?;
        let span = expr.span;
        self.close_group().then(|| Operand { body: vec![expr], explicit: false, span })
    }

    fn close_group(&mut self) -> bool {
        if self.token() != Token::RParen {
            self.error("expected ) to close parenthesized group");
            return false;
        }
        self.scan();
        true
    }

    /// `({ … })` without an operator: the braces must be a value.
    fn braces_in_parentheses(
        &mut self,
        left: Operand,
        start: super::State,
        open: super::super::ast::Span,
        prefix: &str,
    ) -> Option<Option<Operand>> {
        let braces = self.slice(left.span.start, self.state.last_end);
        self.restore(start.clone());
        self.scan();
        let is_value = self.term().is_some();
        self.restore(start);
        if is_value {
            return None;
        }
        self.hint(format!("drop the parens to keep the body: `{prefix}{braces}`"));
        self.error_on(open, "`(...)` in an operand position cannot contain a body");
        Some(None)
    }
}
