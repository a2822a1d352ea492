//! `and`, `or` and the newer `not`: operands are bodies, `not` binds tighter than `and`, `and` tighter than `or`.

use super::super::ast::{Body, Expr, ExprKind, Logical, Not, Span, Term, TermKind};
use super::super::token::Token;
use super::Parser;
use super::literals::membership;
use super::terms::kind_name;

/// One side of an operator: its expressions, whether braces were written, and its place.
pub(super) struct Operand {
    pub body: Body,
    pub explicit: bool,
    pub span: Span,
}

impl Operand {
    pub fn single(kind: ExprKind, span: Span) -> Operand {
        Operand { body: vec![Expr::new(kind, span)], explicit: false, span }
    }

    fn of(expr: Expr) -> Operand {
        Operand { span: expr.span, body: vec![expr], explicit: false }
    }

    /// The only expression, for operands that are not written in braces.
    fn into_expr(mut self) -> Option<Expr> {
        self.body.pop()
    }
}

impl Parser<'_> {
    fn at_logical(&self) -> bool {
        matches!(self.token(), Token::LogicalAnd | Token::LogicalOr)
    }

    /// `{ body } and …` at the start of an expression. `None`: the braces are no operand, and nothing was read.
    pub(super) fn braced_left_operand(&mut self) -> Option<Option<Expr>> {
        let start = self.save();
        let at = self.here();
        self.scan();
        if let Some(body) = self.body(Token::RBrace) {
            self.scan();
            if self.at_logical() {
                if self.is_ambiguous_union(&body) {
                    self.error_ambiguous_union(at, &body, "");
                    return Some(None);
                }
                let outer = self.or_chain(Operand { body, explicit: true, span: at });
                return Some(outer.and_then(|outer| self.attach_with(outer)));
            }
        }
        self.restore(start);
        None
    }

    /// Goes on with `and` or `or` after a complete operand, or takes it as it is.
    pub(super) fn fold_logical_tail(&mut self, operand: Operand) -> Option<Expr> {
        let expr = if self.at_logical() { self.or_chain(operand)? } else { operand.into_expr()? };
        self.attach_with(expr)
    }

    /// `expr` turned out to be the left operand. `not` and `at` are where it began, `with_at` is the place of a
    /// modifier, which an operand may not have.
    pub(super) fn logical_after(
        &mut self,
        mut expr: Expr,
        not: Option<Span>,
        at: Span,
        with_at: Option<Span>,
    ) -> Option<Expr> {
        let operator = self.token().name();
        if let Some(with_at) = with_at {
            self.error_with_on_operand(with_at, operator);
            return None;
        }
        if not.is_none() || !self.state.not_bodies {
            expr.span = self.extended(at);
        }
        let text = self.slice(expr.span.start, expr.span.end);
        if not.is_none() && text.starts_with('{') {
            if matches!(&expr.kind, ExprKind::Term(Term { kind: TermKind::Object(members), .. }) if members.is_empty())
            {
                self.error_on(expr.span, "found empty body");
            } else {
                self.error_brace_led(expr.span, text, operator);
            }
            return None;
        }
        let outer = self.or_chain(Operand::of(expr))?;
        self.attach_with(outer)
    }

    /// The current token is `and` or `or`; everything to its right, folded to the left.
    pub(super) fn or_chain(&mut self, left: Operand) -> Option<Expr> {
        if !self.enter() {
            return None;
        }
        let chain = self.or_operands(left);
        self.leave();
        chain
    }

    fn or_operands(&mut self, mut left: Operand) -> Option<Expr> {
        if self.token() == Token::LogicalAnd {
            left = self.and_chain(left)?;
        }
        while self.token() == Token::LogicalOr {
            let height = self.height;
            self.scan();
            let mut right = self.logical_operand(Some("or"))?;
            if self.token() == Token::LogicalAnd {
                right = self.and_chain(right)?;
            }
            left = self.fold(left, right, "or", height)?;
        }
        left.into_expr()
    }

    fn and_chain(&mut self, mut left: Operand) -> Option<Operand> {
        while self.token() == Token::LogicalAnd {
            let height = self.height;
            self.scan();
            let right = self.logical_operand(Some("and"))?;
            left = self.fold(left, right, "and", height)?;
        }
        Some(left)
    }

    fn fold(&mut self, left: Operand, right: Operand, operator: &str, left_height: u32) -> Option<Operand> {
        for side in [&left, &right] {
            if let Some((name, at)) = only_void_calls(&side.body) {
                self.hint(format!(
                    "`{name}` produces no value and always succeeds, so the operand can never fail; move it out of \
                     the operand, or add an expression that can fail"
                ));
                self.error_on(at, format!("operand of `{operator}` cannot consist only of calls to `{name}`"));
            }
        }
        let height = self.height.max(left_height);
        if !self.grown(height + 1) {
            return None;
        }
        let span = self.extended(left.span);
        let node = Box::new(Logical {
            left: left.body,
            right: right.body,
            explicit_left: left.explicit,
            explicit_right: right.explicit,
            span,
        });
        Some(Operand::single(if operator == "or" { ExprKind::Or(node) } else { ExprKind::And(node) }, span))
    }

    /// One operand. `operator` is the one it belongs to; without, the caller is trying and goes back on failure.
    pub(super) fn logical_operand(&mut self, operator: Option<&str>) -> Option<Operand> {
        if self.token() == Token::LBrace {
            return self.braced_operand(operator);
        }
        let not = self.negation();
        if let Some(not) = not
            && self.state.not_bodies
            && self.token() == Token::LBrace
        {
            return self.not_body(not);
        }
        if self.token() == Token::LParen && self.keywords().logical() && (not.is_none() || self.state.not_bodies) {
            let prefix = if not.is_some() { "not " } else { "" };
            if let Some(group) = self.logical_group(true, prefix) {
                let group = group?;
                let Some(not) = not else { return Some(group) };
                let span = self.extended(not);
                let not = Not { body: group.body, explicit: group.explicit, span };
                return Some(Operand::single(ExprKind::Not(Box::new(not)), span));
            }
        }
        let mut expr = self.expression()?;
        let Some(not) = not else { return Some(Operand::of(expr)) };
        if self.state.not_bodies {
            let span = self.extended(not);
            let not = Not { body: vec![expr], explicit: false, span };
            return Some(Operand::single(ExprKind::Not(Box::new(not)), span));
        }
        expr.negated = true;
        Some(Operand::of(expr))
    }

    fn braced_operand(&mut self, operator: Option<&str>) -> Option<Operand> {
        let at = self.here();
        let start = self.save();
        self.scan();
        let empty = self.token() == Token::RBrace;
        let Some(body) = self.body(Token::RBrace) else {
            let operator = operator.filter(|_| !empty)?;
            // The braces may hold a value; then that is what to say.
            let failed = self.save();
            self.restore(start);
            if self.term_infix().is_some() {
                let text = self.slice(at.start, self.state.last_end);
                self.error_brace_led(at, text, operator);
            } else {
                self.restore(failed);
            }
            return None;
        };
        self.scan();
        if self.is_ambiguous_union(&body) {
            self.error_ambiguous_union(at, &body, "");
        }
        Some(Operand { body, explicit: true, span: at })
    }

    /// `not { body }` with the opening brace current; `not` is the place of the keyword.
    pub(super) fn not_body(&mut self, not: Span) -> Option<Operand> {
        let at = self.here();
        let start = self.save();
        self.scan();
        let empty = self.token() == Token::RBrace;
        let Some(body) = self.body(Token::RBrace) else {
            if empty {
                return None;
            }
            let failed = self.save();
            self.restore(start);
            if let Some(term) = self.term_infix() {
                let text = self.slice(at.start, self.state.last_end);
                self.hint(format!(
                    "write `not ({text})` to negate the value, or `not {{{text}}}` for a body holding it"
                ));
                let kind = kind_name(&brace_led(&term).kind);
                self.error_on(at, format!("`{{...}}` in an operand position must contain expression(s), got: {kind}"));
            } else {
                self.restore(failed);
            }
            return None;
        };
        self.scan();
        if self.is_ambiguous_union(&body) {
            self.error_ambiguous_union(at, &body, "not ");
            return None;
        }
        let height = self.height;
        if !self.grown(height + 1) {
            return None;
        }
        let span = self.extended(not);
        Some(Operand::single(ExprKind::Not(Box::new(Not { body, explicit: true, span })), span))
    }

    /// Whether a body is led by a union with a bare `|`, which also reads as a comprehension.
    fn is_ambiguous_union(&self, body: &Body) -> bool {
        let Some(first) = body.first() else { return false };
        first.calls("or")
            && first.operator().is_some_and(|operator| self.slice(operator.span.start, operator.span.end) == "|")
            && !self.slice(first.span.start, first.span.end).starts_with('(')
    }

    fn error_ambiguous_union(&mut self, at: Span, body: &Body, prefix: &str) {
        let braces = self.slice(at.start, self.state.last_end);
        let union = body.first().map_or(braces.to_owned(), |first| {
            let before = self.slice(at.start, first.span.start);
            let inside = self.slice(first.span.start, first.span.end);
            let after = self.slice(first.span.end, self.state.last_end);
            format!("{before}({inside}){after}")
        });
        self.hint(format!("write `{prefix}({braces})` for the comprehension, or `{prefix}{union}` for the set union"));
        self.error_on(
            at,
            "ambiguous `{ ... | ... }` operand: read as a body holding a set-union expression, not as a comprehension",
        );
    }

    fn error_brace_led(&mut self, at: Span, operand: &str, operator: &str) {
        self.hint(format!("wrap the operand to keep the value: `({operand}) {operator} ...`"));
        self.error_on(at, format!("operand of `{operator}` cannot begin with `{{` unless the braces hold a body"));
    }

    pub(super) fn error_with_on_operand(&mut self, at: Span, operator: &str) {
        self.hint(format!(
            "Wrap the operand in `(...)` or `{{...}}` to scope, or move `with` after the `{operator}` expression to \
             apply it to the whole expression"
        ));
        self.error_on(at, format!("`with` modifier is not allowed on operand of `{operator}`"));
    }
}

/// The value that a leading brace opens: the leftmost operand of operators.
fn brace_led(term: &Term) -> &Term {
    let mut term = term;
    while let TermKind::Call(terms) = &term.kind
        && let [operator, left, rest @ ..] = terms.as_slice()
        && (is_infix(operator) && rest.len() == 1 || membership(term) == Some(rest.len() + 1))
    {
        term = left;
    }
    term
}

fn is_infix(operator: &Term) -> bool {
    const NAMES: [&str; 15] =
        ["eq", "assign", "gt", "gte", "lt", "lte", "neq", "equal", "plus", "minus", "mul", "div", "rem", "and", "or"];
    matches!(operator.as_ref_parts().map(|parts| parts.as_slice()),
        Some([Term { kind: TermKind::Var(name), .. }]) if NAMES.contains(&&**name))
}

/// The first call if a body only calls built-ins without a result (`print`).
fn only_void_calls(body: &Body) -> Option<(&'static str, Span)> {
    let mut found = None;
    for expr in body {
        let name = if expr.negated {
            return None;
        } else if expr.calls("print") {
            "print"
        } else {
            return None;
        };
        found = found.or(Some((name, expr.span)));
    }
    found
}
