//! The syntax of glob patterns: `*`, `**`, `?`, `[a-z]`, `[!abc]`, `{a,b}`, `\`.
//!
//! Reads what OPA's library reads, errors included: a brace that is not closed is no error, a bracket is; a comma or
//! a closing brace outside braces is text. Source: `gobwas/glob` v0.2.3, `syntax/lexer` and `syntax/ast`.

/// A pattern as a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// One after another.
    Pattern(Vec<Node>),
    /// One of these, each a `Pattern` or `Nothing`.
    AnyOf(Vec<Node>),
    Text(String),
    /// `*`: anything without separators.
    Any,
    /// `**`: anything.
    Super,
    /// `?`: one character that is no separator.
    Single,
    Range {
        low: char,
        high: char,
        negated: bool,
    },
    List {
        characters: Vec<char>,
        negated: bool,
    },
    Nothing,
}

/// Nodes in one pattern. Compiling tries all stretches of them, so that long patterns would take very long.
const MAX_NODES: usize = 300;
/// How deep braces may nest.
const MAX_DEPTH: usize = 50;

pub(super) fn parse(pattern: &str) -> Result<Node, String> {
    let mut parser = Parser { rest: pattern.chars().peekable(), nodes: 0, depth: 0 };
    let children = parser.sequence()?;
    Ok(Node::Pattern(children))
}

struct Parser<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    nodes: usize,
    depth: usize,
}

impl Parser<'_> {
    /// The next character; a NUL ends a pattern, and the replacement character cannot be read.
    fn peek(&mut self) -> Result<Option<char>, String> {
        match self.rest.peek() {
            None | Some('\0') => Ok(None),
            Some(&char::REPLACEMENT_CHARACTER) => Err("could not read rune".to_owned()),
            Some(character) => Ok(Some(*character)),
        }
    }

    fn next(&mut self) -> Result<Option<char>, String> {
        let character = self.peek()?;
        if character.is_some() {
            self.rest.next();
        }
        Ok(character)
    }

    /// Nodes up to the end, or within braces up to a comma or the closing brace, which stay.
    fn sequence(&mut self) -> Result<Vec<Node>, String> {
        let mut nodes = Vec::new();
        while let Some(character) = self.peek()? {
            self.nodes += 1;
            if self.nodes > MAX_NODES {
                return Err(format!("pattern has more than {MAX_NODES} parts"));
            }
            let node = match character {
                ',' | '}' if self.depth > 0 => break,
                '{' => self.braces()?,
                '[' => self.brackets()?,
                '?' => {
                    self.next()?;
                    Node::Single
                }
                '*' => {
                    self.next()?;
                    if self.peek()? == Some('*') {
                        self.next()?;
                        Node::Super
                    } else {
                        Node::Any
                    }
                }
                _ => {
                    let breakers = if self.depth > 0 { "?*[{}," } else { "?*[{" };
                    let text = self.text(breakers)?;
                    if text.is_empty() {
                        continue;
                    }
                    Node::Text(text)
                }
            };
            nodes.push(node);
        }
        Ok(nodes)
    }

    fn braces(&mut self) -> Result<Node, String> {
        self.next()?;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(format!("braces nest more than {MAX_DEPTH} deep"));
        }
        let mut choices = Vec::new();
        loop {
            choices.push(Node::Pattern(self.sequence()?));
            if self.next()? != Some(',') {
                break;
            }
        }
        self.depth -= 1;
        Ok(Node::AnyOf(choices))
    }

    /// Characters up to one of the breakers; a backslash takes the next one as it is.
    fn text(&mut self, breakers: &str) -> Result<String, String> {
        let mut text = String::new();
        while let Some(character) = self.peek()? {
            if breakers.contains(character) {
                break;
            }
            self.next()?;
            if character == '\\' {
                text.extend(self.next()?);
            } else {
                text.push(character);
            }
        }
        Ok(text)
    }

    fn brackets(&mut self) -> Result<Node, String> {
        self.next()?;
        let negated = self.peek()? == Some('!');
        if negated {
            self.next()?;
        }
        let end = || "unexpected end of input".to_owned();
        let mut ahead = self.rest.clone();
        let low = ahead.next().filter(|first| *first != '\0').ok_or_else(end)?;
        if ahead.next() == Some('-') {
            self.next()?;
            self.next()?;
            let high = self.next()?.ok_or_else(end)?;
            self.closing_bracket()?;
            if high < low {
                return Err(format!("hi character '{high}' should be greater than lo '{low}'"));
            }
            return Ok(Node::Range { low, high, negated });
        }
        let characters: Vec<char> = self.text("]")?.chars().collect();
        self.closing_bracket()?;
        if characters.is_empty() {
            return Err("could not parse range".to_owned());
        }
        Ok(Node::List { characters, negated })
    }

    fn closing_bracket(&mut self) -> Result<(), String> {
        match self.next()? {
            Some(']') => Ok(()),
            Some(_) => Err("expected close range character".to_owned()),
            None => Err("unexpected end of input".to_owned()),
        }
    }
}

/// A backslash before every character that means something.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '*' | '?' | '\\' | '[' | ']' | '{' | '}') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}
