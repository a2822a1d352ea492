//! The kinds of token, and which words are keywords at a point of the text.

/// A kind of token. Operators bear the names of the built-in functions they stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    Illegal,
    Eof,
    Whitespace,
    Ident,
    Comment,
    Package,
    Import,
    As,
    Default,
    Else,
    Not,
    Some,
    With,
    Null,
    True,
    False,
    Number,
    String,
    TemplatePart,
    TemplateEnd,
    RawTemplatePart,
    RawTemplateEnd,
    LBrack,
    RBrack,
    LBrace,
    RBrace,
    LParen,
    RParen,
    Comma,
    Colon,
    Add,
    Sub,
    Mul,
    Quo,
    Rem,
    And,
    Or,
    Unify,
    Equal,
    Assign,
    In,
    Neq,
    Gt,
    Lt,
    Gte,
    Lte,
    Dot,
    Semicolon,
    Every,
    Contains,
    If,
    LogicalAnd,
    LogicalOr,
}

impl Token {
    /// The name in messages, and of the built-in where there is one.
    pub fn name(self) -> &'static str {
        match self {
            Token::Illegal => "illegal",
            Token::Eof => "eof",
            Token::Whitespace => "whitespace",
            Token::Ident => "identifier",
            Token::Comment => "comment",
            Token::Package => "package",
            Token::Import => "import",
            Token::As => "as",
            Token::Default => "default",
            Token::Else => "else",
            Token::Not => "not",
            Token::Some => "some",
            Token::With => "with",
            Token::Null => "null",
            Token::True => "true",
            Token::False => "false",
            Token::Number => "number",
            Token::String => "string",
            Token::TemplatePart => "template-string-part",
            Token::TemplateEnd => "template-string-end",
            Token::RawTemplatePart => "raw-template-string-part",
            Token::RawTemplateEnd => "raw-template-string-end",
            Token::LBrack => "[",
            Token::RBrack => "]",
            Token::LBrace => "{",
            Token::RBrace => "}",
            Token::LParen => "(",
            Token::RParen => ")",
            Token::Comma => ",",
            Token::Colon => ":",
            Token::Add => "plus",
            Token::Sub => "minus",
            Token::Mul => "mul",
            Token::Quo => "div",
            Token::Rem => "rem",
            Token::And | Token::LogicalAnd => "and",
            Token::Or | Token::LogicalOr => "or",
            Token::Unify => "eq",
            Token::Equal => "equal",
            Token::Assign => "assign",
            Token::In => "in",
            Token::Neq => "neq",
            Token::Gt => "gt",
            Token::Lt => "lt",
            Token::Gte => "gte",
            Token::Lte => "lte",
            Token::Dot => ".",
            Token::Semicolon => ";",
            Token::Every => "every",
            Token::Contains => "contains",
            Token::If => "if",
        }
    }

    /// Whether messages call it a keyword.
    pub fn is_keyword(self) -> bool {
        BASE.iter().any(|(_, token)| *token == self) || FUTURE.iter().any(|(_, token, _)| *token == self)
    }
}

/// Words that are keywords in every version.
const BASE: [(&str, Token); 11] = [
    ("package", Token::Package),
    ("import", Token::Import),
    ("as", Token::As),
    ("default", Token::Default),
    ("else", Token::Else),
    ("not", Token::Not),
    ("some", Token::Some),
    ("with", Token::With),
    ("null", Token::Null),
    ("true", Token::True),
    ("false", Token::False),
];

/// Words that are, or were, imported.
const FUTURE: [(&str, Token, Keywords); 7] = [
    ("in", Token::In, Keywords(1)),
    ("every", Token::Every, Keywords(2)),
    ("contains", Token::Contains, Keywords(4)),
    ("if", Token::If, Keywords(8)),
    ("not", Token::Not, Keywords(16)),
    ("and", Token::LogicalAnd, Keywords(32)),
    ("or", Token::LogicalOr, Keywords(64)),
];

/// A set of future keywords. `not` is a keyword anyway, but import paths are read without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keywords(u8);

impl Keywords {
    /// What v0 starts with.
    pub const NONE: Keywords = Keywords(16);
    /// What v1 starts with, and what `import rego.v1` gives.
    pub const V1: Keywords = Keywords(1 | 2 | 4 | 8 | 16);
    pub const ALL: Keywords = Keywords(127);
    /// For import paths: no future keyword at all, not even `not`.
    pub const PRESENT: Keywords = Keywords(0);

    /// The keyword of this name; `every` brings `in` along.
    pub fn named(name: &str) -> Option<Keywords> {
        let (_, token, bit) = FUTURE.iter().find(|(word, ..)| *word == name)?;
        Some(if *token == Token::Every { Keywords(bit.0 | 1) } else { *bit })
    }

    pub fn with(self, more: Keywords) -> Keywords {
        Keywords(self.0 | more.0)
    }

    fn has(self, bit: Keywords) -> bool {
        self.0 & bit.0 != 0
    }

    /// Whether `and` or `or` is an operator.
    pub fn logical(self) -> bool {
        self.has(Keywords(32 | 64))
    }

    /// The token of an identifier.
    pub fn token(self, word: &str) -> Token {
        if let Some((_, token, bit)) = FUTURE.iter().find(|(w, ..)| *w == word) {
            return if self.has(*bit) { *token } else { Token::Ident };
        }
        BASE.iter().find(|(w, _)| *w == word).map_or(Token::Ident, |(_, token)| *token)
    }

    /// Whether the word is a keyword here.
    pub fn contains(self, word: &str) -> bool {
        self.token(word) != Token::Ident
    }
}

/// Whether a word is reserved by a version of the language, whatever is imported.
pub fn is_reserved(word: &str, v0: bool) -> bool {
    BASE.iter().any(|(w, _)| *w == word) || (!v0 && matches!(word, "if" | "contains" | "in" | "every"))
}
