//! Recursive descent over the tokens of [`super::lexer`], statement by statement, in the order OPA tries things
//! (`v1/ast/parser.go`): where two readings are possible, which is tried first decides tree and message.
//!
//! A function that returns `None` has recorded an error, or leaves the decision to its caller, who goes back to a
//! saved [`State`] and tries another reading. Going back drops what was recorded since. Two limits make every text
//! terminate: the depth of the tree, and the number of tokens read in all, going back included.

mod annotate;
mod collections;
mod heads;
mod infix;
mod literals;
mod logical;
mod logical_group;
mod metadata;
mod module;
mod numbers;
mod rule_from_body;
mod rules;
mod statements;
mod strings;
mod terms;
mod v1_rules;
mod yaml_errors;

use std::sync::Arc;

use super::ast::{Body, Comment, Import, Module, Package, Ref, RegoVersion, Rule, Span, Term, TermKind};
use super::lexer::{Lexeme, Lexer};
use super::options::ParseOptions;
use super::token::{Keywords, Token, is_reserved};
use crate::rego::errors::{Error, Location, PARSE};

/// At most so many errors are reported for one text.
const MAX_ERRORS: usize = 10;

/// Tokens that may be read, going back included: so many, and so many for each byte of the text. A long token counts
/// for several.
const WORK_BASE: u64 = 1_000_000;
const WORK_PER_BYTE: u64 = 64;
const WORK_BYTES: u32 = 32;

/// A level of nesting needs much less than this even without optimisation; a piece serves many levels.
const STACK_RESERVE: usize = 192 << 10;
const STACK_PIECE: usize = 1 << 20;

/// Longer texts do not fit the 32-bit offsets of a [`Span`].
const MAX_BYTES: usize = 1 << 30;

/// Parses one file.
pub fn parse_module(
    file: &str,
    text: &str,
    version: RegoVersion,
    options: &ParseOptions,
) -> Result<Module, Vec<Error>> {
    let mut parser = Parser::new(file, text, version, options, false)?;
    let statements = parser.parse_statements();
    parser.into_module(statements)
}

/// Parses a query: expressions separated by semicolons or line feeds. Empty text is an empty body.
pub fn parse_query(text: &str, version: RegoVersion, options: &ParseOptions) -> Result<Body, Vec<Error>> {
    let mut parser = Parser::new("", text, version, options, true)?;
    let statements = parser.parse_statements();
    if !parser.state.errors.is_empty() {
        return Err(parser.into_errors());
    }
    let mut query = Body::new();
    for statement in statements {
        match statement {
            Statement::Body(body) => query.extend(body),
            Statement::Package(Package { span, .. }) | Statement::Import(Import { span, .. }) => {
                return Err(vec![parser.error_at(span, "expected body but got another statement".into())]);
            }
            Statement::Rule(rule) => {
                return Err(vec![parser.error_at(rule.span, "expected body but got a rule".into())]);
            }
        }
    }
    Ok(query)
}

/// Parses exactly one term.
pub fn parse_term(text: &str, version: RegoVersion, options: &ParseOptions) -> Result<Term, Vec<Error>> {
    let mut body = parse_query(text, version, options)?;
    match (body.pop(), body.is_empty()) {
        (Some(super::ast::Expr { kind: super::ast::ExprKind::Term(term), .. }), true) => Ok(term),
        _ => Err(vec![Error::new(PARSE, "expected exactly one term", None)]),
    }
}

/// Parses a reference such as `data.a.b`; a lone name counts as one.
pub fn parse_reference(text: &str) -> Result<Ref, Vec<Error>> {
    let term = parse_term(text, RegoVersion::V1, &ParseOptions::default())?;
    match term.kind {
        TermKind::Ref(reference) => Ok(reference),
        TermKind::Var(_) => Ok(Ref(vec![term])),
        _ => Err(vec![Error::new(PARSE, "expected a reference", None)]),
    }
}

/// What a file consists of at its top level.
pub(super) enum Statement {
    Package(Package),
    Import(Import),
    Rule(Box<Rule>),
    /// An expression that turns out to be a rule (`p := 1` never comes here, `p[1]` does), or a query.
    Body(Body),
}

/// All that is undone when the parser goes back.
#[derive(Clone)]
struct State {
    lexer: Lexer,
    token: Token,
    lexeme: Lexeme,
    /// Where the last token ended that was not white space.
    last_end: u32,
    wildcards: u32,
    skipped_newline: bool,
    errors: Vec<Error>,
    hints: Vec<String>,
    comments: usize,
    /// `not { … }` has a body of its own.
    not_bodies: bool,
}

pub(super) struct Parser<'t> {
    text: &'t str,
    file: Arc<str>,
    version: RegoVersion,
    options: &'t ParseOptions,
    skip_rules: bool,
    state: State,
    /// All comments read so far, in order; a state knows how many are before it.
    comments: Vec<Comment>,
    depth: u32,
    /// Height of the tree of the term, expression or body made last.
    height: u32,
    work: u64,
    /// A limit was hit: no other reading may be tried.
    exhausted: bool,
}

impl<'t> Parser<'t> {
    fn new(
        file: &str,
        text: &'t str,
        version: RegoVersion,
        options: &'t ParseOptions,
        skip_rules: bool,
    ) -> Result<Self, Vec<Error>> {
        let file: Arc<str> = file.into();
        let refuse = |message: String| {
            let location = Location { file: Arc::clone(&file), row: 1, col: 1 };
            vec![Error::new(PARSE, message, Some(location))]
        };
        if text.len() > MAX_BYTES {
            return Err(refuse(format!("text of {} bytes, at most {MAX_BYTES} are read", text.len())));
        }
        let is_v1 = version == RegoVersion::V1;
        let mut keywords = if is_v1 { Keywords::V1 } else { Keywords::NONE };
        let mut not_bodies = false;
        let requested: Vec<&str> = if options.all_future_keywords {
            options.allowed_future_keywords.iter().map(String::as_str).collect()
        } else {
            options.future_keywords.iter().map(String::as_str).collect()
        };
        for name in requested {
            match Keywords::named(name) {
                Some(keyword) if options.allowed_future_keywords.iter().any(|k| k == name) => {
                    keywords = keywords.with(keyword);
                    not_bodies |= name == "not";
                }
                _ => return Err(refuse(format!("unknown future keyword: {name}"))),
            }
        }
        let lexeme = Lexeme { token: Token::Whitespace, offset: 0, literal: 0, end: 0, row: 1, col: 1, newline: false };
        let state = State {
            lexer: Lexer::new(text, keywords),
            token: Token::Illegal,
            lexeme,
            last_end: 0,
            wildcards: 0,
            skipped_newline: false,
            errors: Vec::new(),
            hints: Vec::new(),
            comments: 0,
            not_bodies,
        };
        let mut parser = Parser {
            text,
            file,
            version,
            options,
            skip_rules,
            state,
            comments: Vec::new(),
            depth: 0,
            height: 0,
            work: WORK_BASE.saturating_add(WORK_PER_BYTE.saturating_mul(text.len() as u64)),
            exhausted: false,
        };
        parser.scan();
        Ok(parser)
    }

    fn token(&self) -> Token {
        self.state.token
    }

    fn save(&self) -> State {
        self.state.clone()
    }

    /// Goes back; when a limit was hit, its error stays.
    fn restore(&mut self, state: State) {
        if self.exhausted {
            return;
        }
        self.state = state;
    }

    /// The place of the current token.
    fn here(&self) -> Span {
        let at = &self.state.lexeme;
        Span { row: at.row, col: at.col, start: at.offset, end: at.end }
    }

    /// The text of the current token; empty for `&` and `|`, which have none in OPA.
    fn literal(&self) -> &'t str {
        if matches!(self.state.token, Token::And | Token::Or) {
            return "";
        }
        self.slice(self.state.lexeme.literal, self.state.lexeme.end)
    }

    fn slice(&self, start: u32, end: u32) -> &'t str {
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    /// `span` up to the end of what was read last.
    fn extended(&self, span: Span) -> Span {
        Span { end: self.state.last_end.max(span.start), ..span }
    }

    fn scan(&mut self) {
        self.scan_with(true);
    }

    fn scan_space(&mut self) {
        self.scan_with(false);
    }

    fn scan_with(&mut self, skip_space: bool) {
        self.scan_mode(skip_space, None);
    }

    fn scan_mode(&mut self, skip_space: bool, template: Option<bool>) {
        if self.state.token != Token::Whitespace {
            self.state.last_end = self.state.lexeme.end;
            self.state.skipped_newline = false;
        }
        if self.exhausted {
            self.state.token = Token::Eof;
            return;
        }
        let mut complaints = Vec::new();
        loop {
            if self.work == 0 {
                self.exhaust("text is too ambiguous to parse");
                return;
            }
            let lexeme = match template {
                Some(raw) => self.state.lexer.continue_template(self.text, raw, &mut complaints),
                None => self.state.lexer.scan(self.text, &mut complaints),
            };
            let length = lexeme.end.saturating_sub(lexeme.offset);
            self.work = self.work.saturating_sub(1 + u64::from(length / WORK_BYTES));
            self.state.lexeme = lexeme;
            self.state.token = lexeme.token;
            for complaint in complaints.drain(..) {
                self.error(complaint);
            }
            match lexeme.token {
                Token::Whitespace => {
                    self.state.skipped_newline |= lexeme.newline;
                    if !skip_space {
                        return;
                    }
                }
                Token::Comment => self.keep_comment(),
                _ => return,
            }
        }
    }

    fn keep_comment(&mut self) {
        let span = self.here();
        let at = self.state.comments;
        if self.comments.get(at).is_none_or(|known| known.span != span) {
            let text = self.slice(span.start.saturating_add(1), span.end).trim_end_matches('\r');
            self.comments.truncate(at);
            self.comments.push(Comment { text: text.into(), span });
        }
        self.state.comments = at + 1;
    }

    /// Records an error that no other reading can undo, and ends the text.
    fn exhaust(&mut self, message: &str) {
        if !self.exhausted {
            self.error(message);
            self.exhausted = true;
        }
        self.state.token = Token::Eof;
    }

    fn error_at(&self, span: Span, message: String) -> Error {
        Error::new(PARSE, message, Some(span.location(&self.file)))
    }

    fn error(&mut self, message: impl Into<String>) {
        self.error_on(self.here(), message);
    }

    fn error_on(&mut self, span: Span, message: impl Into<String>) {
        let mut message: String = message.into();
        match self.state.hints.as_slice() {
            [] => {}
            [hint] => message.push_str(&format!(" (hint: {hint})")),
            hints => message.push_str(&format!(" (hints: {})", hints.join(", "))),
        }
        self.state.hints.clear();
        if !self.exhausted {
            let error = self.error_at(span, message);
            self.state.errors.push(error);
        }
    }

    fn hint(&mut self, hint: impl Into<String>) {
        self.state.hints.push(hint.into());
    }

    /// The current token is not what the grammar wants here.
    fn illegal(&mut self, note: &str) {
        let token = self.state.token;
        if token == Token::Illegal {
            self.error("illegal token");
            return;
        }
        let kind = if token.is_keyword() { "keyword" } else { "token" };
        let note = if note.is_empty() { String::new() } else { format!(": {note}") };
        self.error(format!("unexpected {} {kind}{note}", token.name()));
    }

    fn into_errors(self) -> Vec<Error> {
        let mut errors = self.state.errors;
        errors.truncate(MAX_ERRORS);
        errors
    }

    /// One level deeper, or an error.
    fn enter(&mut self) -> bool {
        if self.depth >= self.options.max_depth {
            self.exhaust("max parsing recursion depth exceeded");
            return false;
        }
        self.depth += 1;
        true
    }

    /// Goes on with enough stack, on a new piece of it if need be.
    fn with_stack<T>(&mut self, next: impl FnOnce(&mut Self) -> T) -> T {
        stacker::maybe_grow(STACK_RESERVE, STACK_PIECE, || next(self))
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }

    /// The tree made last has this height; too high a tree is an error.
    #[must_use]
    fn grown(&mut self, height: u32) -> bool {
        self.height = height;
        // A level of text makes at most a few levels of tree; chains of operators and calls are what this bounds.
        if height > self.options.max_depth {
            self.exhaust("max parsing recursion depth exceeded");
            return false;
        }
        true
    }

    /// Whether a word, though a keyword, may be part of a reference.
    fn may_be_in_reference(&self, token: Token) -> bool {
        let word = token.name();
        self.options.keywords_in_refs
            && (is_reserved(word, self.version == RegoVersion::V0) || self.state.lexer.keywords.contains(word))
            && word.starts_with(|c: char| c.is_ascii_alphabetic())
    }

    /// Turns a keyword that begins a reference (`if.x`, `not["x"]`) into a name.
    fn keyword_starts_reference(&mut self) -> bool {
        if !self.may_be_in_reference(self.token()) {
            return false;
        }
        let follows = matches!(self.peek_adjacent(), Token::Dot | Token::LBrack);
        if follows {
            self.state.token = Token::Ident;
        }
        follows
    }

    /// The token right behind the current one, white space included.
    fn peek_adjacent(&mut self) -> Token {
        let saved = self.save();
        self.scan_space();
        let token = self.token();
        self.restore(saved);
        token
    }

    fn keywords(&self) -> Keywords {
        self.state.lexer.keywords
    }
}
