//! GraphQL's tokens (specification of October 2021, section 2.1), with gqlparser's messages.

use super::ast::Position;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    Invalid,
    Eof,
    /// `! $ & ( ) ... : = @ [ ] { } |`
    Mark(&'static str),
    Name,
    Int,
    Float,
    String,
    BlockString,
    Comment,
}

impl TokenKind {
    pub fn text(self) -> &'static str {
        match self {
            TokenKind::Invalid => "<Invalid>",
            TokenKind::Eof => "<EOF>",
            TokenKind::Mark(mark) => mark,
            TokenKind::Name => "Name",
            TokenKind::Int => "Int",
            TokenKind::Float => "Float",
            TokenKind::String => "String",
            TokenKind::BlockString => "BlockString",
            TokenKind::Comment => "Comment",
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub value: String,
    pub at: Position,
}

impl Token {
    /// As messages name it: `Name "on"`, `{`.
    pub fn text(&self) -> String {
        if self.value.is_empty() {
            return self.kind.text().to_owned();
        }
        format!("{} {:?}", self.kind.text(), self.value)
    }
}

/// A fault in a document: what and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub message: String,
    pub at: Option<Position>,
}

pub(super) struct Lexer {
    text: Vec<char>,
    next: usize,
    line: usize,
    line_start: usize,
}

impl Lexer {
    pub fn new(text: &str) -> Self {
        Lexer { text: text.chars().collect(), next: 0, line: 1, line_start: 0 }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.text.get(self.next + ahead).copied()
    }

    fn here(&self, offset: usize) -> Position {
        Position { line: self.line, column: offset.saturating_sub(self.line_start) + 1 }
    }

    fn token(&self, kind: TokenKind, start: usize, value: String) -> Token {
        Token { kind, value, at: self.here(start) }
    }

    fn fault(&self, message: String) -> (Token, Option<Fault>) {
        let at = self.here(self.next);
        let token = Token { kind: TokenKind::Invalid, value: String::new(), at };
        (token, Some(Fault { message, at: Some(at) }))
    }

    fn skip_space(&mut self) {
        while let Some(character) = self.peek(0) {
            match character {
                '\t' | ' ' | ',' | '\u{feff}' => self.next += 1,
                '\n' | '\r' => self.new_line(),
                _ => return,
            }
        }
    }

    /// Past a line's end, of one or two characters.
    fn new_line(&mut self) {
        let windows = self.peek(0) == Some('\r') && self.peek(1) == Some('\n');
        self.next += 1;
        self.line += 1;
        self.line_start = self.next;
        if windows {
            self.next += 1;
        }
    }

    /// The next token, and what is wrong with it.
    pub fn read(&mut self) -> (Token, Option<Fault>) {
        const MARKS: [&str; 13] = ["!", "$", "&", "(", ")", ":", "=", "@", "[", "]", "{", "}", "|"];
        self.skip_space();
        let start = self.next;
        let Some(first) = self.peek(0) else { return (self.token(TokenKind::Eof, start, String::new()), None) };
        if let Some(mark) = MARKS.iter().find(|mark| mark.starts_with(first)) {
            self.next += 1;
            return (self.token(TokenKind::Mark(mark), start, String::new()), None);
        }
        match first {
            '.' if self.peek(1) == Some('.') && self.peek(2) == Some('.') => {
                self.next += 3;
                (self.token(TokenKind::Mark("..."), start, String::new()), None)
            }
            '#' => {
                let text = self.take_while(|c| c > '\u{1f}' || c == '\t');
                (self.token(TokenKind::Comment, start, text), None)
            }
            '_' | 'a'..='z' | 'A'..='Z' => {
                let text = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
                (self.token(TokenKind::Name, start, text), None)
            }
            '-' | '0'..='9' => self.number(),
            '"' if self.peek(1) == Some('"') && self.peek(2) == Some('"') => self.block_string(),
            '"' => self.string(),
            c if c < ' ' => self.fault(format!("Cannot contain the invalid character \"\\u{:04x}\"", u32::from(c))),
            '\'' => {
                self.fault("Unexpected single quote character ('), did you mean to use a double quote (\")?".to_owned())
            }
            c => {
                // gqlparser shows the first byte of a longer character.
                let mut buffer = [0; 4];
                let byte = c.encode_utf8(&mut buffer).bytes().next().map_or(c, char::from);
                self.fault(format!("Cannot parse the unexpected character \"{byte}\"."))
            }
        }
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let start = self.next;
        while self.peek(0).is_some_and(&wanted) {
            self.next += 1;
        }
        self.text.get(start..self.next).unwrap_or_default().iter().collect()
    }

    fn describe_next(&self) -> String {
        self.peek(0).map_or("<EOF>".to_owned(), |c| format!("\"{c}\""))
    }

    fn number(&mut self) -> (Token, Option<Fault>) {
        let start = self.next;
        let mut kind = TokenKind::Int;
        let no_digit =
            |lexer: &Self| lexer.fault(format!("Invalid number, expected digit but got: {}.", lexer.describe_next()));
        if self.peek(0) == Some('-') {
            self.next += 1;
        }
        if self.peek(0) == Some('0') {
            self.next += 1;
            if self.peek(0).is_some_and(|c| c.is_ascii_digit()) {
                let next = self.describe_next();
                return self.fault(format!("Invalid number, unexpected digit after 0: {next}."));
            }
        } else if self.take_while(|c| c.is_ascii_digit()).is_empty() {
            return no_digit(self);
        }
        if self.peek(0) == Some('.') {
            kind = TokenKind::Float;
            self.next += 1;
            if self.take_while(|c| c.is_ascii_digit()).is_empty() {
                return no_digit(self);
            }
        }
        if matches!(self.peek(0), Some('e' | 'E')) {
            kind = TokenKind::Float;
            self.next += 1;
            if matches!(self.peek(0), Some('-' | '+')) {
                self.next += 1;
            }
            if self.take_while(|c| c.is_ascii_digit()).is_empty() {
                return no_digit(self);
            }
        }
        let text = self.text.get(start..self.next).unwrap_or_default().iter().collect();
        (self.token(kind, start, text), None)
    }

    fn string(&mut self) -> (Token, Option<Fault>) {
        self.next += 1;
        // gqlparser places a string at its first character, after the quote.
        let start = self.next;
        let mut value = String::new();
        while let Some(character) = self.peek(0) {
            match character {
                '\n' | '\r' => break,
                '"' => {
                    let token = self.token(TokenKind::String, start, value);
                    self.next += 1;
                    return (token, None);
                }
                '\\' => match self.escape() {
                    Ok(character) => value.push(character),
                    Err(message) => return self.fault(message),
                },
                c if c < ' ' && c != '\t' => {
                    return self.fault(format!("Invalid character within String: \"\\u{:04x}\".", u32::from(c)));
                }
                c => {
                    value.push(c);
                    self.next += 1;
                }
            }
        }
        self.fault("Unterminated string.".to_owned())
    }

    fn escape(&mut self) -> Result<char, String> {
        let invalid = |rest: &str| format!("Invalid character escape sequence: \\{rest}.");
        let Some(letter) = self.peek(1) else {
            self.next += 1;
            return Err("Invalid character escape sequence.".to_owned());
        };
        if letter == 'u' {
            let digits: String = self.text.iter().skip(self.next + 2).take(4).collect();
            let code = u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 4);
            let Some(code) = code else {
                self.next += 1;
                return Err(invalid(&format!("u{digits}")));
            };
            self.next += 6;
            return Ok(char::from_u32(code).unwrap_or('\u{fffd}'));
        }
        let meant = match letter {
            '"' | '/' | '\\' => letter,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            other => {
                self.next += 1;
                return Err(invalid(&other.to_string()));
            }
        };
        self.next += 2;
        Ok(meant)
    }

    fn block_string(&mut self) -> (Token, Option<Fault>) {
        self.next += 3;
        let start = self.next;
        let mut raw = String::new();
        while let Some(character) = self.peek(0) {
            let quotes = self.text.iter().skip(self.next).take_while(|c| **c == '"').count();
            if quotes >= 3 {
                // More than three: the last three close.
                raw.extend(std::iter::repeat_n('"', quotes - 3));
                let token = self.token(TokenKind::BlockString, start, block_value(&raw));
                self.next += quotes;
                return (token, None);
            }
            match character {
                '\\' if self.peek(1) == Some('"') && self.peek(2) == Some('"') && self.peek(3) == Some('"') => {
                    raw.push_str("\"\"\"");
                    self.next += 4;
                }
                '\n' | '\r' => {
                    raw.push('\n');
                    self.new_line();
                }
                c if c < ' ' && c != '\t' => {
                    return self.fault(format!("Invalid character within String: \"\\u{:04x}\".", u32::from(c)));
                }
                c => {
                    raw.push(c);
                    self.next += 1;
                }
            }
        }
        self.fault("Unterminated string.".to_owned())
    }
}

/// Without the indentation that all lines share, and without empty lines at both ends.
fn block_value(raw: &str) -> String {
    let indent = |line: &str| line.find(|c| c != ' ' && c != '\t');
    let mut lines: Vec<&str> = raw.split('\n').collect();
    let common = lines.iter().filter_map(|line| indent(line)).min().unwrap_or(0);
    for line in lines.iter_mut().skip(1) {
        *line = line.get(common..).unwrap_or("");
    }
    let first = lines.iter().position(|line| indent(line).is_some()).unwrap_or(lines.len());
    let last = lines.iter().rposition(|line| indent(line).is_some()).map_or(first, |last| last + 1);
    lines.get(first..last).unwrap_or_default().join("\n")
}
