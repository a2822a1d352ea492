//! What both kinds of documents are parsed with: tokens, comments, values, types and directives.
//!
//! The first fault wins; after it every step is a no-op, so that loops end. Comments are kept where gqlparser keeps them.

use super::ast::{Argument, Child, Comments, Directive, Literal, LiteralKind, Position, Type};
use super::lexer::{Fault, Lexer, Token, TokenKind};

/// Levels of nesting; each costs stack.
const MAX_DEPTH: u32 = 200;

pub(super) const OPEN: TokenKind = TokenKind::Mark("{");
pub(super) const CLOSE: TokenKind = TokenKind::Mark("}");
pub(super) const COLON: TokenKind = TokenKind::Mark(":");
pub(super) const EQUALS: TokenKind = TokenKind::Mark("=");
pub(super) const PIPE: TokenKind = TokenKind::Mark("|");
pub(super) const AMP: TokenKind = TokenKind::Mark("&");
pub(super) const AT: TokenKind = TokenKind::Mark("@");
pub(super) const LEFT: TokenKind = TokenKind::Mark("(");
pub(super) const RIGHT: TokenKind = TokenKind::Mark(")");
pub(super) const SPREAD: TokenKind = TokenKind::Mark("...");
const DOLLAR: TokenKind = TokenKind::Mark("$");

pub(super) struct Parser {
    lexer: Lexer,
    pub fault: Option<Fault>,
    peeked: Option<(Token, Option<Fault>)>,
    pub previous: Token,
    /// The comments before the token that was last looked at.
    pub comment: Comments,
    depth: u32,
}

impl Parser {
    pub fn new(text: &str) -> Self {
        let start = Token { kind: TokenKind::Invalid, value: String::new(), at: Position { line: 1, column: 1 } };
        Parser { lexer: Lexer::new(text), fault: None, peeked: None, previous: start, comment: Vec::new(), depth: 0 }
    }

    pub fn peek(&mut self) -> Token {
        if self.fault.is_some() {
            return self.previous.clone();
        }
        if let Some((token, _)) = &self.peeked {
            return token.clone();
        }
        let mut comments = Vec::new();
        let mut read = self.lexer.read();
        while read.0.kind == TokenKind::Comment {
            comments.push(std::mem::take(&mut read.0.value));
            read = self.lexer.read();
        }
        if !comments.is_empty() {
            self.comment = comments;
        }
        let token = read.0.clone();
        self.peeked = Some(read);
        token
    }

    pub fn at(&mut self) -> Option<Position> {
        if self.fault.is_some() {
            return None;
        }
        Some(self.peek().at)
    }

    pub fn next(&mut self) -> Token {
        if self.fault.is_some() {
            return self.previous.clone();
        }
        self.peek();
        self.comment = Vec::new();
        if let Some((token, fault)) = self.peeked.take() {
            self.previous = token;
            self.fault = fault;
        }
        self.previous.clone()
    }

    pub fn fail(&mut self, token: &Token, message: String) {
        if self.fault.is_none() {
            self.fault = Some(Fault { message, at: Some(token.at) });
        }
    }

    pub fn unexpected(&mut self) {
        let token = self.peek();
        self.unexpected_token(&token);
    }

    pub fn unexpected_token(&mut self, token: &Token) {
        let message = format!("Unexpected {}", token.text());
        self.fail(token, message);
    }

    pub fn expect(&mut self, kind: TokenKind) -> Token {
        let token = self.peek();
        if token.kind == kind {
            return self.next();
        }
        self.fail(&token, format!("Expected {}, found {}", kind.text(), token.kind.text()));
        token
    }

    /// Returns the comments before the keyword.
    pub fn keyword(&mut self, word: &str) -> Comments {
        let token = self.peek();
        let comment = self.comment.clone();
        if token.kind == TokenKind::Name && token.value == word {
            self.next();
        } else {
            self.fail(&token, format!("Expected {word:?}, found {}", token.text()));
        }
        comment
    }

    pub fn skip(&mut self, kind: TokenKind) -> bool {
        if self.fault.is_some() || self.peek().kind != kind {
            return false;
        }
        self.next();
        true
    }

    /// Any number of elements between two marks, or nothing at all.
    pub fn many<T>(&mut self, open: TokenKind, close: TokenKind, element: impl Fn(&mut Self) -> T) -> Vec<T> {
        let mut elements = Vec::new();
        if !self.skip(open) {
            return elements;
        }
        while self.peek().kind != close && self.fault.is_none() {
            elements.push(element(self));
        }
        self.next();
        elements
    }

    /// At least one element between two marks, or nothing at all; and the comments before the closing mark.
    pub fn some<T>(
        &mut self,
        open: TokenKind,
        close: TokenKind,
        element: impl Fn(&mut Self) -> T,
    ) -> (Vec<T>, Comments) {
        let mut elements = Vec::new();
        if !self.skip(open) {
            return (elements, Vec::new());
        }
        while self.peek().kind != close && self.fault.is_none() {
            elements.push(element(self));
        }
        if elements.is_empty() {
            let token = self.peek();
            self.fail(&token, format!("expected at least one definition, found {}", token.kind.text()));
            return (elements, Vec::new());
        }
        let comment = self.comment.clone();
        self.next();
        (elements, comment)
    }

    /// Runs a part that may contain itself.
    pub fn nested<T: Default>(&mut self, part: impl FnOnce(&mut Self) -> T) -> T {
        if self.depth >= MAX_DEPTH {
            let token = self.peek();
            self.fail(&token, format!("nested more than {MAX_DEPTH} levels deep"));
            return T::default();
        }
        self.depth += 1;
        let result = part(self);
        self.depth -= 1;
        result
    }

    pub fn name(&mut self) -> String {
        self.expect(TokenKind::Name).value
    }

    pub fn variable(&mut self) -> String {
        self.expect(DOLLAR);
        self.name()
    }

    pub fn literal(&mut self, constant: bool) -> Literal {
        self.nested(|parser| parser.literal_here(constant))
    }

    fn literal_here(&mut self, constant: bool) -> Literal {
        let token = self.peek();
        let at = Some(token.at);
        let kind = match token.kind {
            TokenKind::Mark("[") => {
                let comment = self.comment.clone();
                let children = self.many(TokenKind::Mark("["), TokenKind::Mark("]"), |parser| Child {
                    value: parser.literal(constant),
                    ..Child::default()
                });
                return Literal { kind: LiteralKind::List, raw: String::new(), children, at, comment };
            }
            TokenKind::Mark("{") => {
                let comment = self.comment.clone();
                let children = self.many(OPEN, CLOSE, |parser| parser.member(constant));
                return Literal { kind: LiteralKind::Object, raw: String::new(), children, at, comment };
            }
            TokenKind::Mark("$") if !constant => {
                let raw = self.variable();
                let comment = self.comment.clone();
                return Literal { kind: LiteralKind::Variable, raw, children: Vec::new(), at, comment };
            }
            TokenKind::Int => LiteralKind::Int,
            TokenKind::Float => LiteralKind::Float,
            TokenKind::String => LiteralKind::String,
            TokenKind::BlockString => LiteralKind::Block,
            TokenKind::Name => match token.value.as_str() {
                "true" | "false" => LiteralKind::Boolean,
                "null" => LiteralKind::Null,
                _ => LiteralKind::Enum,
            },
            _ => {
                self.unexpected();
                return Literal::default();
            }
        };
        self.next();
        Literal { kind, raw: token.value, children: Vec::new(), at, comment: self.comment.clone() }
    }

    fn member(&mut self, constant: bool) -> Child {
        let at = self.at();
        let comment = self.comment.clone();
        let name = self.name();
        self.expect(COLON);
        Child { name, value: self.literal(constant), at, comment }
    }

    pub fn directives(&mut self, constant: bool) -> Vec<Directive> {
        let mut directives = Vec::new();
        while self.peek().kind == AT && self.fault.is_none() {
            self.next();
            let at = self.at();
            let name = self.name();
            directives.push(Directive { name, arguments: self.arguments(constant), at });
        }
        directives
    }

    pub fn arguments(&mut self, constant: bool) -> Vec<Argument> {
        let argument = |parser: &mut Self| {
            let at = parser.at();
            let comment = parser.comment.clone();
            let name = parser.name();
            parser.expect(COLON);
            Argument { name, value: parser.literal(constant), at, comment }
        };
        self.some(LEFT, RIGHT, argument).0
    }

    pub fn type_reference(&mut self) -> Type {
        self.nested(|parser| {
            let mut found = Type::default();
            if parser.skip(TokenKind::Mark("[")) {
                found.at = parser.at();
                found.element = Some(Box::new(parser.type_reference()));
                parser.expect(TokenKind::Mark("]"));
            } else {
                found.at = parser.at();
                found.named = parser.name();
            }
            found.non_null = parser.skip(TokenKind::Mark("!"));
            found
        })
    }
}
