//! Text to tokens, one at a time: strings with expressions inside and imported keywords make the next token depend
//! on the parser, so nothing is read ahead. A [`Lexer`] is small and `Copy`; the parser goes back by keeping one.
//!
//! Rows and columns are counted as OPA counts them: a line feed stands at column 0 of the line it begins, a byte
//! order mark takes a column, and the end of the text stands where the last character does.

use super::token::{Keywords, Token};

/// One token: its kind and where its text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lexeme {
    pub token: Token,
    /// The place OPA reports, and where the literal begins; they differ in later parts of a template string.
    pub offset: u32,
    pub literal: u32,
    pub end: u32,
    pub row: u32,
    pub col: u32,
    /// A line feed among the white space.
    pub newline: bool,
}

/// Where reading stands: before `current`.
#[derive(Debug, Clone, Copy)]
pub struct Lexer {
    offset: u32,
    width: u32,
    current: Option<char>,
    row: u32,
    col: u32,
    pub keywords: Keywords,
    /// A complaint raised when `current` was read; it belongs to the token being read then.
    pending: Option<&'static str>,
}

const BYTE_ORDER_MARK: char = '\u{feff}';

impl Lexer {
    pub fn new(text: &str, keywords: Keywords) -> Self {
        let mut lexer = Lexer { offset: 0, width: 0, current: None, row: 1, col: 0, keywords, pending: None };
        lexer.next(text);
        if lexer.current == Some(BYTE_ORDER_MARK) {
            lexer.next(text);
        }
        lexer
    }

    /// Steps over `current`.
    fn next(&mut self, text: &str) {
        self.offset += self.width;
        self.current = text.get(self.offset as usize..).and_then(|rest| rest.chars().next());
        let Some(current) = self.current else {
            self.width = 0;
            return;
        };
        self.width = current.len_utf8() as u32;
        match current {
            '\0' => self.pending = self.pending.or(Some("illegal null character")),
            BYTE_ORDER_MARK if self.offset > 0 => self.pending = self.pending.or(Some("illegal byte-order mark")),
            _ => {}
        }
        if current == '\n' {
            self.row += 1;
            self.col = 0;
        } else {
            self.col += 1;
        }
    }

    fn eat(&mut self, text: &str, wanted: char) -> bool {
        let found = self.current == Some(wanted);
        if found {
            self.next(text);
        }
        found
    }

    /// The next token; complaints are added to `errors` and make it illegal.
    pub fn scan(&mut self, text: &str, errors: &mut Vec<&'static str>) -> Lexeme {
        let (offset, row, col) = (self.offset, self.row, self.col);
        let mut newline = false;
        let token = match self.current {
            None => Token::Eof,
            Some(c @ (' ' | '\t' | '\n' | '\r')) => {
                newline = c == '\n';
                self.next(text);
                Token::Whitespace
            }
            Some(c) if is_letter(c) => self.identifier(text),
            Some(c) if c.is_ascii_digit() => self.number(text, errors),
            Some(c) => {
                self.next(text);
                self.symbol(text, c, errors)
            }
        };
        self.finish(Lexeme { token, offset, literal: offset, end: 0, row, col, newline }, errors)
    }

    /// The rest of a template string after the brace that closed an expression.
    pub fn continue_template(&mut self, text: &str, raw: bool, errors: &mut Vec<&'static str>) -> Lexeme {
        let (offset, row, col) = (self.offset, self.row, self.col);
        let token = self.template(text, raw, errors);
        let literal = offset.saturating_sub(1);
        self.finish(Lexeme { token, offset, literal, end: 0, row, col, newline: false }, errors)
    }

    fn finish(&mut self, mut lexeme: Lexeme, errors: &mut Vec<&'static str>) -> Lexeme {
        lexeme.end = self.offset;
        if matches!(
            lexeme.token,
            Token::TemplatePart | Token::TemplateEnd | Token::RawTemplatePart | Token::RawTemplateEnd
        ) && lexeme.literal == lexeme.offset
        {
            lexeme.literal += 1; // the dollar sign is no part of the literal
        }
        errors.extend(self.pending.take());
        if !errors.is_empty() {
            lexeme.token = Token::Illegal;
        }
        lexeme
    }

    fn symbol(&mut self, text: &str, symbol: char, errors: &mut Vec<&'static str>) -> Token {
        match symbol {
            '#' => {
                while self.current.is_some_and(|c| c != '\n') {
                    self.next(text);
                }
                Token::Comment
            }
            '"' => self.string(text, errors),
            '`' => self.raw_string(text, errors),
            '[' => Token::LBrack,
            ']' => Token::RBrack,
            '{' => Token::LBrace,
            '}' => Token::RBrace,
            '(' => Token::LParen,
            ')' => Token::RParen,
            ',' => Token::Comma,
            ':' if self.eat(text, '=') => Token::Assign,
            ':' => Token::Colon,
            '+' => Token::Add,
            '-' => Token::Sub,
            '*' => Token::Mul,
            '/' => Token::Quo,
            '%' => Token::Rem,
            '&' => Token::And,
            '|' => Token::Or,
            '=' if self.eat(text, '=') => Token::Equal,
            '=' => Token::Unify,
            '>' if self.eat(text, '=') => Token::Gte,
            '>' => Token::Gt,
            '<' if self.eat(text, '=') => Token::Lte,
            '<' => Token::Lt,
            '!' if self.eat(text, '=') => Token::Neq,
            '!' => {
                errors.push("illegal ! character");
                Token::Illegal
            }
            ';' => Token::Semicolon,
            '.' => Token::Dot,
            '$' if self.eat(text, '`') => self.template(text, true, errors),
            '$' if self.eat(text, '"') => self.template(text, false, errors),
            '$' => {
                errors.push("illegal $ character");
                Token::Illegal
            }
            _ => Token::Illegal,
        }
    }

    fn identifier(&mut self, text: &str) -> Token {
        let start = self.offset as usize;
        while self.current.is_some_and(is_letter_or_digit) {
            self.next(text);
        }
        if self.current.is_some_and(|c| !c.is_ascii()) {
            return Token::Ident; // an illegal character follows, and OPA sees no keyword before one
        }
        self.keywords.token(text.get(start..self.offset as usize).unwrap_or(""))
    }

    fn digits(&mut self, text: &str) -> bool {
        let start = self.offset;
        while self.current.is_some_and(|c| c.is_ascii_digit()) {
            self.next(text);
        }
        self.offset > start
    }

    fn number(&mut self, text: &str, errors: &mut Vec<&'static str>) -> Token {
        self.digits(text);
        if self.eat(text, '.') && !self.digits(text) {
            errors.push("expected fraction");
        }
        if matches!(self.current, Some('e' | 'E')) {
            self.next(text);
            if matches!(self.current, Some('+' | '-')) {
                self.next(text);
            }
            if !self.digits(text) {
                errors.push("expected exponent");
            }
        }
        if self.current.is_some_and(is_letter) {
            errors.push("illegal number format");
            while self.current.is_some_and(is_letter_or_digit) {
                self.next(text);
            }
        }
        Token::Number
    }

    /// After a backslash: steps over the escape, or complains.
    fn escape(&mut self, text: &str, template: bool, errors: &mut Vec<&'static str>) {
        match self.current {
            Some('\\' | '"' | '/' | 'b' | 'f' | 'n' | 'r' | 't') => self.next(text),
            Some('{') if template => self.next(text),
            Some('u') => (0..4).for_each(|_| self.next(text)),
            _ => errors.push("illegal escape sequence"),
        }
    }

    fn string(&mut self, text: &str, errors: &mut Vec<&'static str>) -> Token {
        loop {
            match self.current {
                None | Some('\n') => {
                    errors.push("non-terminated string");
                    break;
                }
                Some('"') => {
                    self.next(text);
                    break;
                }
                Some('\\') => {
                    self.next(text);
                    self.escape(text, false, errors);
                }
                Some(_) => self.next(text),
            }
        }
        Token::String
    }

    fn raw_string(&mut self, text: &str, errors: &mut Vec<&'static str>) -> Token {
        loop {
            match self.current {
                None => {
                    errors.push("non-terminated string");
                    break;
                }
                Some(c) => {
                    self.next(text);
                    if c == '`' {
                        break;
                    }
                }
            }
        }
        Token::String
    }

    /// Up to the brace that opens an expression, or to the end of the string.
    fn template(&mut self, text: &str, raw: bool, errors: &mut Vec<&'static str>) -> Token {
        let (part, end, quote) = if raw {
            (Token::RawTemplatePart, Token::RawTemplateEnd, '`')
        } else {
            (Token::TemplatePart, Token::TemplateEnd, '"')
        };
        loop {
            match self.current {
                None => {
                    errors.push("non-terminated string");
                    return part;
                }
                Some('\n') if !raw => {
                    errors.push("non-terminated string");
                    return part;
                }
                Some(c) => {
                    self.next(text);
                    if c == quote {
                        return end;
                    }
                    if c == '{' {
                        return part;
                    }
                    if c == '\\' {
                        if !raw {
                            self.escape(text, true, errors);
                        } else {
                            self.eat(text, '{');
                        }
                    }
                }
            }
        }
    }
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}

fn is_letter_or_digit(c: char) -> bool {
    is_letter(c) || c.is_ascii_digit() || (!c.is_ascii() && is_decimal_digit(c))
}

/// The zeros of the commoner scripts whose digits OPA takes for part of a name.
const ZEROS: [char; 12] = [
    '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}', '\u{be6}', '\u{e50}',
    '\u{ed0}', '\u{ff10}',
];

fn is_decimal_digit(c: char) -> bool {
    ZEROS.iter().any(|zero| (*zero as u32..*zero as u32 + 10).contains(&(c as u32)))
}
