//! Arrays, sets, objects and comprehensions. `|` after a first plain term begins a comprehension if a body follows;
//! otherwise it is the union operator.

use super::super::ast::{Body, Comprehension, ObjectComprehension, Span, Term, TermKind};
use super::super::token::Token;
use super::Parser;

impl Parser<'_> {
    pub(super) fn array(&mut self) -> Option<Term> {
        let at = self.here();
        self.scan();
        let kind = if self.token() == Token::RBrack {
            self.height = 1;
            TermKind::Array(Vec::new())
        } else {
            self.array_content()?
        };
        let height = self.height;
        self.grown(height + 1).then(|| Term::new(kind, self.closed(at)))
    }

    /// From the opening token to the closing one, which is current.
    fn closed(&self, at: Span) -> Span {
        Span { end: self.state.lexeme.end, ..at }
    }

    /// OPA allows a comma before the first member; no comprehension follows it.
    fn leading_comma(&mut self) -> bool {
        let found = self.token() == Token::Comma;
        if found {
            self.scan();
        }
        found
    }

    fn array_content(&mut self) -> Option<TermKind> {
        let comprehension_possible = !self.leading_comma();
        let start = self.here().start;
        let head = self.term()?;
        match self.token() {
            Token::RBrack => return Some(TermKind::Array(vec![head])),
            Token::Comma => {}
            Token::Or if comprehension_possible => {
                if let Some(body) = self.comprehension_body(Token::RBrack)? {
                    return Some(TermKind::ArrayComprehension(Box::new(Comprehension { term: head, body })));
                }
                return self.members_after(head, start, Token::RBrack).map(TermKind::Array);
            }
            _ => return self.members_after(head, start, Token::RBrack).map(TermKind::Array),
        }
        self.scan();
        let mut members = vec![head];
        self.term_list(Token::RBrack, &mut members)?;
        Some(TermKind::Array(members))
    }

    /// After `head |`: the body of a comprehension; `Some(None)` goes back because a comma shows that this is a
    /// list whose first member is a union.
    fn comprehension_body(&mut self, end: Token) -> Option<Option<Body>> {
        let saved = self.save();
        let head_height = self.height;
        self.scan();
        if let Some(body) = self.body(end) {
            self.height = self.height.max(head_height);
            return Some(Some(body));
        }
        if self.token() != Token::Comma || self.exhausted {
            return None;
        }
        self.restore(saved);
        self.height = head_height;
        Some(None)
    }

    /// The members of a list whose first member begins with `first` and goes on with an operator.
    fn members_after(&mut self, first: Term, start: u32, end: Token) -> Option<Vec<Term>> {
        let first = self.term_infix_after(first, start)?;
        let mut members = vec![first];
        match self.token() {
            token if token == end => {}
            Token::Comma => {
                self.scan();
                self.term_list(end, &mut members)?;
            }
            _ => {
                self.illegal_in_list(end);
                return None;
            }
        }
        Some(members)
    }

    fn illegal_in_list(&mut self, end: Token) {
        self.illegal(&format!("expected \",\" or \"{}\"", end.name()));
    }

    /// Terms up to `end`, separated by commas; one may trail. The height is that of the highest so far.
    pub(super) fn term_list(&mut self, end: Token, members: &mut Vec<Term>) -> Option<()> {
        let mut height = self.height;
        while self.token() != end {
            let term = self.term_infix_in_list()?;
            height = height.max(self.height);
            members.push(term);
            match self.token() {
                token if token == end => break,
                Token::Comma => self.scan(),
                _ => {
                    self.illegal_in_list(end);
                    return None;
                }
            }
        }
        self.height = height;
        Some(())
    }

    pub(super) fn set_or_object(&mut self) -> Option<Term> {
        let at = self.here();
        self.scan();
        let term = if self.token() == Token::RBrace {
            self.height = 1;
            Term::new(TermKind::Object(Vec::new()), at)
        } else {
            self.set_or_object_content()?
        };
        let height = self.height;
        self.grown(height + 1).then(|| Term { kind: term.kind, span: self.closed(at) })
    }

    fn set_or_object_content(&mut self) -> Option<Term> {
        let comprehension_possible = !self.leading_comma();
        let start = self.here().start;
        let head = self.term()?;
        match self.token() {
            Token::RBrace | Token::Comma => return self.set_members(head),
            Token::Colon => return self.object(head, comprehension_possible),
            Token::Or if comprehension_possible => {
                if let Some(body) = self.comprehension_body(Token::RBrace)? {
                    let content = Box::new(Comprehension { term: head, body });
                    return Some(Term::new(TermKind::SetComprehension(content), Span::default()));
                }
                let members = self.members_after(head, start, Token::RBrace)?;
                return Some(Term::set(members, Span::default()));
            }
            _ => {}
        }
        let head = self.term_infix_after(head, start)?;
        match self.token() {
            Token::RBrace | Token::Comma => self.set_members(head),
            Token::Colon => self.object(head, comprehension_possible),
            _ => {
                self.illegal("non-terminated set");
                None
            }
        }
    }

    /// The current token is the closing brace or the comma after the first member.
    fn set_members(&mut self, first: Term) -> Option<Term> {
        let mut members = vec![first];
        if self.token() == Token::Comma {
            self.scan();
            self.term_list(Token::RBrace, &mut members)?;
        }
        Some(Term::set(members, Span::default()))
    }

    /// The current token is the colon after the first key.
    fn object(&mut self, key: Term, comprehension_possible: bool) -> Option<Term> {
        let key_height = self.height;
        self.scan();
        let at_value = self.save();
        let start = self.here().start;
        let value = self.term()?;
        self.height = self.height.max(key_height);
        match self.token() {
            Token::RBrace if comprehension_possible => return Some(Term::object(vec![(key, value)], Span::default())),
            Token::Comma if comprehension_possible => {
                self.scan();
                let mut members = vec![(key, value)];
                if self.pair_list(&mut members).is_some() {
                    return Some(Term::object(members, Span::default()));
                }
                // OPA forgets the error and blames the first value.
                self.restore(at_value);
                self.illegal("non-terminated object");
                return None;
            }
            Token::Or if comprehension_possible => {
                let after_value = self.save();
                let height = self.height;
                self.scan();
                if let Some(body) = self.body(Token::RBrace) {
                    self.height = self.height.max(height);
                    let content = Box::new(ObjectComprehension { key, value, body });
                    return Some(Term::new(TermKind::ObjectComprehension(content), Span::default()));
                }
                self.restore(after_value);
                self.height = height;
            }
            _ => {}
        }
        let value = self.term_infix_after(value, start)?;
        match self.token() {
            Token::RBrace => Some(Term::object(vec![(key, value)], Span::default())),
            Token::Comma => {
                self.scan();
                let mut members = vec![(key, value)];
                self.pair_list(&mut members)?;
                Some(Term::object(members, Span::default()))
            }
            _ => {
                self.illegal("non-terminated object");
                None
            }
        }
    }

    /// Pairs up to the closing brace.
    fn pair_list(&mut self, members: &mut Vec<(Term, Term)>) -> Option<()> {
        let mut height = self.height;
        while self.token() != Token::RBrace {
            let key = self.term_infix_in_list()?;
            height = height.max(self.height);
            if self.token() != Token::Colon {
                self.illegal("expected \":\"");
                return None;
            }
            self.scan();
            let value = self.term_infix_in_list()?;
            height = height.max(self.height);
            members.push((key, value));
            match self.token() {
                Token::RBrace => break,
                Token::Comma => self.scan(),
                _ => {
                    self.illegal_in_list(Token::RBrace);
                    return None;
                }
            }
        }
        self.height = height;
        Some(())
    }
}
