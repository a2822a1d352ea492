//! Expressions of a body: plain terms and calls, `=` and `:=`, `not`, `some`, `every`, `with`.

use super::super::ast::{Body, Every, Expr, ExprKind, Not, SomeDecl, Span, Term, TermKind, With};
use super::super::token::{Keywords, Token};
use super::{Parser, RegoVersion};

/// What a membership term consists of: a key if there was one, the value and the collection.
pub(super) fn membership(term: &Term) -> Option<usize> {
    let TermKind::Call(terms) = &term.kind else { return None };
    match terms.first()?.as_ref_parts()?.as_slice() {
        [Term { kind: TermKind::Var(head), .. }, Term { kind: TermKind::String(name), .. }]
            if &**head == "internal" =>
        {
            match &**name {
                "member_2" => Some(2),
                "member_3" => Some(3),
                _ => None,
            }
        }
        _ => None,
    }
}

impl Parser<'_> {
    /// Expressions up to `end`, which becomes current.
    pub(super) fn body(&mut self, end: Token) -> Option<Body> {
        if !self.enter() {
            return None;
        }
        let body = self.with_stack(|parser| parser.query(false, end));
        self.leave();
        body
    }

    /// Expressions separated by semicolons, and in a body by line feeds.
    pub(super) fn query(&mut self, semicolons_only: bool, end: Token) -> Option<Body> {
        if self.token() == end {
            self.error("found empty body");
            return None;
        }
        let mut body = Body::new();
        let mut height = 0;
        loop {
            body.push(self.expression_literal()?);
            height = height.max(self.height);
            self.height = height;
            if self.token() == Token::Semicolon {
                self.scan();
                continue;
            }
            if self.token() == end || semicolons_only {
                return Some(body);
            }
            if !self.state.skipped_newline {
                if self.state.errors.is_empty() {
                    self.illegal(&format!("expected \\n or ; or {}", end.name()));
                }
                return None;
            }
        }
    }

    pub(super) fn expression_literal(&mut self) -> Option<Expr> {
        let at = self.here();
        let mut expr = self.literal_inner()?;
        expr.span = self.extended(at);
        if let ExprKind::Not(not) = &mut expr.kind
            && !not.explicit
        {
            // OPA gives the operand the place of its `not`.
            not.body.iter_mut().for_each(|inner| inner.span = expr.span);
        }
        let height = self.height;
        self.grown(height + 1).then_some(expr)
    }

    fn literal_inner(&mut self) -> Option<Expr> {
        if self.keywords().logical() {
            match self.token() {
                Token::LBrace => {
                    if let Some(result) = self.braced_left_operand() {
                        return result;
                    }
                }
                Token::LParen => {
                    if let Some(group) = self.logical_group(false, "") {
                        return self.fold_logical_tail(group?);
                    }
                }
                _ => {}
            }
        }
        if self.keyword_starts_reference() {
            return self.literal_expression(None);
        }
        let not = self.negation();
        if let Some(not) = not
            && self.state.not_bodies
            && self.token() == Token::LBrace
        {
            let operand = self.not_body(not)?;
            return self.fold_logical_tail(operand);
        }
        match self.token() {
            token @ (Token::Some | Token::Every) if not.is_some() => {
                self.illegal(&format!("illegal negation of '{}'", token.name()));
                None
            }
            Token::Some => self.some(),
            Token::Every => self.every(),
            _ => self.literal_expression(not),
        }
    }

    /// Steps over `not` where it is the keyword and not the name in `not.x`; its place.
    pub(super) fn negation(&mut self) -> Option<Span> {
        if self.token() != Token::Not || matches!(self.peek_adjacent(), Token::Dot | Token::LBrack) {
            return None;
        }
        let at = self.here();
        self.scan();
        Some(at)
    }

    /// A plain expression with its modifiers; `not` is the place of a negation before it.
    fn literal_expression(&mut self, not: Option<Span>) -> Option<Expr> {
        let start = self.save();
        let at = self.here();
        if let Some(not_at) = not
            && self.state.not_bodies
            && self.token() == Token::LParen
            && let Some(group) = self.logical_group(true, "not ")
        {
            let group = group?;
            let span = self.extended(not_at);
            let not = Not { body: group.body, explicit: group.explicit, span };
            return self.fold_logical_tail(super::logical::Operand::single(ExprKind::Not(Box::new(not)), span));
        }
        let mut expr = self.expression()?;
        let mut with_at = None;
        if self.token() == Token::With {
            with_at = Some(self.here());
            expr.with = self.with()?;
        }
        if self.version == RegoVersion::V0 {
            self.hint_every(&expr, &start);
        }
        if let Some(not_at) = not {
            if self.state.not_bodies {
                let with = std::mem::take(&mut expr.with);
                let span = self.extended(not_at);
                expr = Expr::new(ExprKind::Not(Box::new(Not { body: vec![expr], explicit: false, span })), span);
                expr.with = with;
            } else {
                expr.negated = true;
            }
        }
        if matches!(self.token(), Token::LogicalAnd | Token::LogicalOr) {
            return self.logical_after(expr, not, at, with_at);
        }
        Some(expr)
    }

    /// `every` that is not imported reads as a name; says so if that explains the text.
    fn hint_every(&mut self, expr: &Expr, start: &super::State) {
        if !matches!(&expr.kind, ExprKind::Term(Term { kind: TermKind::Var(name), .. }) if &**name == "every") {
            return;
        }
        let here = self.save();
        self.restore(start.clone());
        self.state.lexer.keywords = Keywords::ALL;
        let explains = self.every().is_some();
        self.restore(here);
        if explains {
            self.hint("`import future.keywords.every` for `every x in xs { ... }` expressions");
        }
    }

    /// A term, a call, `x = y` or `x := y`; the span is that of its text.
    pub(super) fn expression(&mut self) -> Option<Expr> {
        let at = self.here();
        let left = self.term_infix()?;
        let mut height = self.height;
        let kind = if let Some(operator) = self.term_operator(&[Token::Assign, Token::Unify]) {
            let right = self.term_infix()?;
            height = height.max(self.height);
            ExprKind::Call(vec![operator, left, right])
        } else {
            match left.kind {
                TermKind::Call(terms) => ExprKind::Call(terms),
                kind => ExprKind::Term(Term { kind, span: left.span }),
            }
        };
        self.height = height;
        Some(Expr::new(kind, self.extended(at)))
    }

    /// One or more `with target as value`.
    pub(super) fn with(&mut self) -> Option<Vec<With>> {
        let mut modifiers = Vec::new();
        let mut height = self.height;
        while self.token() == Token::With {
            let at = self.here();
            self.scan();
            if self.token() != Token::Ident {
                self.illegal("expected ident");
                return None;
            }
            let target = self.term()?;
            height = height.max(self.height);
            if !matches!(target.kind, TermKind::Ref(_) | TermKind::Var(_)) {
                self.illegal("expected with target path");
            }
            if self.token() != Token::As {
                self.illegal("expected as keyword");
                return None;
            }
            self.scan();
            let value = self.term_infix()?;
            height = height.max(self.height);
            modifiers.push(With { target, value, span: self.extended(at) });
        }
        self.height = height;
        Some(modifiers)
    }

    /// Adds the modifiers that follow, if any.
    pub(super) fn attach_with(&mut self, mut expr: Expr) -> Option<Expr> {
        if self.token() == Token::With {
            expr.with = self.with()?;
        }
        Some(expr)
    }

    fn some(&mut self) -> Option<Expr> {
        let at = self.here();
        let start = self.save();
        self.scan();
        if let Some(term) = self.term_infix()
            && let TermKind::Call(terms) = &term.kind
        {
            match membership(&term) {
                None => {
                    self.illegal("expected `x in xs` or `x, y in xs` expression");
                    return None;
                }
                Some(operands) if terms.len() != operands + 1 => {
                    self.illegal("illegal domain");
                    return None;
                }
                Some(_) => {}
            }
            let declaration = SomeDecl { symbols: vec![term], span: at };
            return self.attach_with(Expr::new(ExprKind::Some(declaration), at));
        }
        self.restore(start);
        if self.version == RegoVersion::V0 {
            self.hint_in();
        }
        let mut symbols = Vec::new();
        loop {
            self.scan();
            if self.token() != Token::Ident {
                self.illegal("expected var");
                return None;
            }
            symbols.push(self.variable());
            self.scan();
            if self.token() != Token::Comma {
                break;
            }
        }
        self.height = 1;
        Some(Expr::new(ExprKind::Some(SomeDecl { symbols, span: at }), at))
    }

    /// `in` that is not imported; says so if that explains the text after `some`.
    fn hint_in(&mut self) {
        let start = self.save();
        self.scan();
        self.state.lexer.keywords = Keywords::ALL;
        let explains = self.term_infix().is_some_and(|term| membership(&term).is_some());
        self.restore(start);
        if explains {
            self.hint("`import future.keywords.in` for `some x in xs` expressions");
        }
    }

    fn every(&mut self) -> Option<Expr> {
        const WANTED: &str = "expected `x[, y] in xs { ... }` expression";
        let at = self.here();
        self.scan();
        let term = self.term_infix()?;
        let mut height = self.height;
        let operands = membership(&term);
        let TermKind::Call(mut terms) = term.kind else {
            self.illegal(WANTED);
            return None;
        };
        let Some(operands) = operands else {
            self.illegal(WANTED);
            return None;
        };
        if terms.len() != operands + 1 {
            self.illegal("illegal domain");
            return None;
        }
        let (domain, value) = (terms.pop()?, terms.pop()?);
        let key = if operands == 3 { terms.pop() } else { None };
        if key.as_ref().is_some_and(|key| key.as_var().is_none()) {
            self.illegal("expected key to be a variable");
            return None;
        }
        if value.as_var().is_none() {
            self.illegal("expected value to be a variable");
            return None;
        }
        if self.token() != Token::LBrace {
            self.illegal("missing body");
            return None;
        }
        self.scan();
        let body = self.body(Token::RBrace)?;
        height = height.max(self.height);
        self.scan();
        self.height = height;
        if !self.grown(height + 1) {
            return None;
        }
        let every = Every { key, value, domain, body, span: at };
        self.attach_with(Expr::new(ExprKind::Every(Box::new(every)), at))
    }
}
