//! Operators, from the loosest to the tightest: `in`, comparisons, `|`, `&`, `+ -`, `* / %`; all lean left.

use super::super::ast::{Span, Term};
use super::super::token::Token;
use super::Parser;

/// From the loosest to the tightest, below `in`.
const LEVELS: [&[Token]; 5] = [
    &[Token::Equal, Token::Neq, Token::Lt, Token::Gt, Token::Lte, Token::Gte],
    &[Token::Or],
    &[Token::And],
    &[Token::Add, Token::Sub],
    &[Token::Mul, Token::Quo, Token::Rem],
];

impl Parser<'_> {
    /// A term with operators; `a, b in c` is one too.
    pub(super) fn term_infix(&mut self) -> Option<Term> {
        self.term_in(None, true, self.here().start)
    }

    /// A term with operators where a comma separates.
    pub(super) fn term_infix_in_list(&mut self) -> Option<Term> {
        self.term_in(None, false, self.here().start)
    }

    /// Goes on with operators after a term that was read already.
    pub(super) fn term_infix_after(&mut self, left: Term, start: u32) -> Option<Term> {
        self.term_in(Some(left), false, start)
    }

    fn term_in(&mut self, left: Option<Term>, pairs: bool, start: u32) -> Option<Term> {
        let mut left = self.operators(0, left, start)?;
        let mut height = self.height;
        loop {
            if pairs && self.token() == Token::Comma {
                let saved = self.save();
                self.scan();
                if let Some(middle) = self.operators(0, None, start) {
                    height = height.max(self.height);
                    if let Some(operator) = self.member_operator("member_3")
                        && let Some(right) = self.operators(0, None, self.here().start)
                    {
                        height = height.max(self.height);
                        left = self.operator_call(vec![operator, left, middle, right], start, height)?;
                        height = self.height;
                        if self.token() == Token::In {
                            continue;
                        }
                        return Some(left);
                    }
                }
                self.restore(saved);
            }
            self.keyword_starts_reference();
            if let Some(operator) = self.member_operator("member_2")
                && let Some(right) = self.operators(0, None, self.here().start)
            {
                height = height.max(self.height);
                left = self.operator_call(vec![operator, left, right], start, height)?;
                height = self.height;
                if self.token() == Token::In {
                    continue;
                }
            }
            self.height = height;
            return Some(left);
        }
    }

    /// Operators of this level and tighter ones. When an operand is missing its error is recorded and what was read
    /// so far returned.
    fn operators(&mut self, level: usize, left: Option<Term>, start: u32) -> Option<Term> {
        let Some(tokens) = LEVELS.get(level) else {
            return match left {
                Some(left) => Some(left),
                None => self.term(),
            };
        };
        let mut left = self.operators(level + 1, left, start)?;
        let mut height = self.height;
        while tokens.contains(&self.token()) {
            let Some(operator) = self.term_operator(tokens) else { break };
            let Some(right) = self.operators(level + 1, None, self.here().start) else { break };
            height = height.max(self.height);
            left = self.operator_call(vec![operator, left, right], start, height)?;
            height = self.height;
        }
        self.height = height;
        Some(left)
    }

    fn operator_call(&mut self, terms: Vec<Term>, start: u32, height: u32) -> Option<Term> {
        let at = terms.get(1).map(|left| left.span).unwrap_or_default();
        let span = Span { row: at.row, col: at.col, start, end: self.state.last_end };
        if !self.grown(height + 1) {
            return None;
        }
        Some(Term::call(terms, span))
    }

    /// The operator at the current token, if it is one of these.
    pub(super) fn term_operator(&mut self, tokens: &[Token]) -> Option<Term> {
        let token = self.token();
        if !tokens.contains(&token) {
            return None;
        }
        let at = self.here();
        self.scan();
        Some(Term::reference(vec![Term::var(token.name(), at)], at))
    }

    fn member_operator(&mut self, name: &str) -> Option<Term> {
        if self.token() != Token::In {
            return None;
        }
        let at = self.here();
        self.scan();
        Some(Term::reference(vec![Term::var("internal", at), Term::string(name, at)], at))
    }
}
