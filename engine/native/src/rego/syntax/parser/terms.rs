//! One term without operators: scalars, variables, references, calls, collections, parentheses.

use super::super::ast::{Ref, Span, Term, TermKind};
use super::super::token::Token;
use super::Parser;

/// The name of a kind of term in messages.
pub(super) fn kind_name(kind: &TermKind) -> &'static str {
    match kind {
        TermKind::Null => "null",
        TermKind::Boolean(_) => "boolean",
        TermKind::Number(_) => "number",
        TermKind::String(_) => "string",
        TermKind::Var(_) => "var",
        TermKind::Ref(_) => "ref",
        TermKind::Array(_) => "array",
        TermKind::Object(_) => "object",
        TermKind::Set(_) => "set",
        TermKind::ArrayComprehension(_) => "arraycomprehension",
        TermKind::SetComprehension(_) => "setcomprehension",
        TermKind::ObjectComprehension(_) => "objectcomprehension",
        TermKind::Call(_) => "call",
        TermKind::TemplateString(_) => "templatestring",
    }
}

fn is_root(term: &Term) -> bool {
    matches!(&term.kind, TermKind::Var(name) if matches!(&**name, "data" | "input"))
}

/// Whether a term is the name `set`, whose call without arguments is the empty set.
fn is_set_constructor(operator: &Term) -> bool {
    matches!(&operator.kind, TermKind::Ref(Ref(parts))
        if matches!(parts.as_slice(), [Term { kind: TermKind::Var(name), .. }] if &**name == "set"))
}

impl Parser<'_> {
    pub(super) fn term(&mut self) -> Option<Term> {
        if !self.enter() {
            return None;
        }
        let term = self.with_stack(Self::term_inner);
        self.leave();
        term
    }

    fn term_inner(&mut self) -> Option<Term> {
        if matches!(self.token(), Token::LogicalAnd | Token::LogicalOr) && self.peek_adjacent() == Token::LParen {
            // Where a term is wanted, `and(` and `or(` can only be the functions of these names.
            self.state.token = Token::Ident;
        }
        let at = self.here();
        self.height = 1;
        let mut minus = None;
        let term = match self.token() {
            Token::Null => Term::new(TermKind::Null, at),
            Token::True => Term::boolean(true, at),
            Token::False => Term::boolean(false, at),
            Token::Sub => {
                let saved = self.save();
                self.scan();
                if matches!(self.token(), Token::Ident | Token::Contains) {
                    minus = Some(at);
                    self.variable()
                } else {
                    self.restore(saved);
                    self.number()?
                }
            }
            Token::Dot | Token::Number => self.number()?,
            Token::String => self.string()?,
            Token::TemplatePart | Token::TemplateEnd => self.template_string(false)?,
            Token::RawTemplatePart | Token::RawTemplateEnd => self.template_string(true)?,
            Token::Ident | Token::Contains => self.variable(),
            Token::LBrack => self.array()?,
            Token::LBrace => self.set_or_object()?,
            Token::LParen => self.parenthesised(at)?,
            _ => {
                self.illegal("");
                return None;
            }
        };
        let term = self.after_term(term)?;
        let Some(minus) = minus else { return Some(term) };
        let height = self.height;
        if !self.grown(height + 1) {
            return None;
        }
        let operator = Term::reference(vec![Term::var("minus", minus)], minus);
        let span = Span { end: self.state.last_end, ..minus };
        Some(Term::call(vec![operator, Term::number("0", minus), term], span))
    }

    fn parenthesised(&mut self, open: Span) -> Option<Term> {
        self.scan();
        let mut term = self.term_infix()?;
        if self.token() != Token::RParen {
            self.error("non-terminated expression");
            return None;
        }
        term.span.start = open.start;
        term.span.end = self.state.lexeme.end;
        Some(term)
    }

    /// The name at the current token; `_` becomes a wildcard of its own.
    pub(super) fn variable(&mut self) -> Term {
        let at = self.here();
        let name = self.literal();
        if name == "_" {
            return Term::var(self.fresh_wildcard(), at);
        }
        Term::var(name, at)
    }

    pub(super) fn fresh_wildcard(&mut self) -> String {
        let name = format!("${}", self.state.wildcards);
        self.state.wildcards += 1;
        name
    }

    /// What may follow a term at once: a call, a field, an index.
    fn after_term(&mut self, head: Term) -> Option<Term> {
        self.scan_space();
        match self.token() {
            Token::LParen | Token::Dot | Token::LBrack => return self.reference(head),
            Token::Whitespace => self.scan(),
            _ => {}
        }
        Some(as_root_reference(head))
    }

    /// The head of a rule, which may have space before its parentheses or brackets.
    pub(super) fn after_head_name(&mut self, head: Term) -> Option<Term> {
        self.scan_space();
        match self.token() {
            Token::Add
            | Token::Sub
            | Token::Mul
            | Token::Quo
            | Token::Rem
            | Token::And
            | Token::Or
            | Token::Equal
            | Token::Neq
            | Token::Gt
            | Token::Gte
            | Token::Lt
            | Token::Lte => self.illegal(""),
            Token::Whitespace => self.scan(),
            _ => {}
        }
        if matches!(self.token(), Token::LParen | Token::Dot | Token::LBrack) {
            return self.reference(head);
        }
        Some(as_root_reference(head))
    }

    /// The parts below `head`; a call makes a term that may go on as a reference.
    fn reference(&mut self, head: Term) -> Option<Term> {
        if !self.enter() {
            return None;
        }
        let term = self.reference_inner(head);
        self.leave();
        term
    }

    fn reference_inner(&mut self, head: Term) -> Option<Term> {
        let at = head.span;
        if !matches!(
            head.kind,
            TermKind::Var(_)
                | TermKind::Array(_)
                | TermKind::Object(_)
                | TermKind::Set(_)
                | TermKind::ArrayComprehension(_)
                | TermKind::ObjectComprehension(_)
                | TermKind::SetComprehension(_)
                | TermKind::Call(_)
        ) {
            self.error_on(at, format!("illegal ref (head cannot be {})", kind_name(&head.kind)));
        }
        let mut height = self.height;
        let mut parts = vec![head];
        loop {
            match self.token() {
                Token::Dot => {
                    self.scan_space();
                    if self.token() != Token::Ident && !self.may_be_in_reference(self.token()) {
                        self.illegal("expected identifier");
                        return None;
                    }
                    parts.push(Term::string(self.literal(), self.here()));
                    self.scan_space();
                }
                Token::LParen => {
                    self.height = height + 1;
                    let end = self.here().start;
                    let operator = Term::reference(parts, Span { end, ..at });
                    let mut call = self.call(operator)?;
                    match self.token() {
                        Token::Whitespace => self.scan(),
                        Token::Dot | Token::LBrack => call = self.reference(call)?,
                        _ => {}
                    }
                    return Some(call);
                }
                Token::LBrack => {
                    self.scan();
                    let part = self.term_infix()?;
                    height = height.max(self.height);
                    if self.token() != Token::RBrack {
                        self.illegal("expected [");
                        return None;
                    }
                    parts.push(part);
                    self.scan_space();
                }
                other => {
                    if other == Token::Whitespace {
                        self.scan();
                    }
                    let span = Span { end: self.state.last_end, ..at };
                    return self.grown(height + 1).then(|| Term::reference(parts, span));
                }
            }
        }
    }

    /// The arguments of a call, from its opening parenthesis.
    fn call(&mut self, operator: Term) -> Option<Term> {
        if !self.enter() {
            return None;
        }
        let at = operator.span;
        let mut height = self.height;
        self.scan();
        let mut terms = vec![operator];
        if self.token() != Token::RParen {
            self.height = 0;
            let listed = self.term_list(Token::RParen, &mut terms);
            height = height.max(self.height);
            if listed.is_none() {
                self.leave();
                return None;
            }
        }
        let span = Span { end: self.state.lexeme.end, ..at };
        self.scan_space();
        self.leave();
        if !self.grown(height + 1) {
            return None;
        }
        match terms.as_slice() {
            [only] if is_set_constructor(only) => Some(Term::new(TermKind::Set(Vec::new()), span)),
            _ => Some(Term::call(terms, span)),
        }
    }
}

/// `data` and `input` alone are references.
fn as_root_reference(term: Term) -> Term {
    if is_root(&term) {
        let span = term.span;
        return Term::reference(vec![term], span);
    }
    term
}
