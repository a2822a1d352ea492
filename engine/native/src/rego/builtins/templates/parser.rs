//! Reads a template. Source: Go's `text/template/parse`.

use super::super::operands::BuiltinError;
use super::functions;
use super::syntax::{Node, Operand, Pipeline, Word};
use super::unsupported;
use crate::rego::values::quote;

/// How deep blocks and parentheses may nest.
const MAX_DEPTH: usize = 100;

type Parsed<T> = Result<T, BuiltinError>;

/// The parts of a template.
///
/// # Errors
/// Go's messages for common mistakes; a stop for what is not supported here (`define`, `template`, `block`).
pub(super) fn parse(text: &str) -> Parsed<Vec<Node>> {
    let mut parser = Parser { text, at: 0, variables: vec!["$".to_owned()], depth: 0, ranges: 0, trim: false };
    match parser.list()? {
        (nodes, Ending::Text) => Ok(nodes),
        (_, Ending::End) => Err(parser.error("unexpected {{end}}")),
        (_, Ending::Else(_)) => Err(parser.error("unexpected {{else}}")),
    }
}

/// What a list of parts ended with.
enum Ending {
    Text,
    End,
    /// `else`, or `else if` and `else with` with the word.
    Else(Option<&'static str>),
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    variables: Vec<String>,
    depth: usize,
    ranges: usize,
    /// Whether the action before asked to trim what follows (`-}}`).
    trim: bool,
}

const SPACES: &[char] = &[' ', '\t', '\r', '\n'];

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn error(&self, message: &str) -> BuiltinError {
        let before = self.text.get(..self.at).unwrap_or(self.text);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        BuiltinError::failure(format!("template: template:{line}: {message}"))
    }

    fn enter(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(unsupported("a template that nests so deeply")) } else { Ok(()) }
    }

    fn accept(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn spaces(&mut self) -> bool {
        let rest = self.rest();
        let trimmed = rest.trim_start_matches(SPACES);
        self.at += rest.len() - trimmed.len();
        rest.len() != trimmed.len()
    }

    /// Parts up to `end`, `else` or the end of the text.
    fn list(&mut self) -> Parsed<(Vec<Node>, Ending)> {
        let mut nodes = Vec::new();
        loop {
            let rest = self.rest();
            let (literal, more) = match rest.find("{{") {
                Some(start) => rest.split_at(start),
                None => (rest, ""),
            };
            let opens_trimming = more.strip_prefix("{{-").is_some_and(|after| after.starts_with(SPACES));
            let literal_end = self.at + literal.len();
            let literal = if self.trim { literal.trim_start_matches(SPACES) } else { literal };
            let literal = if opens_trimming { literal.trim_end_matches(SPACES) } else { literal };
            if !literal.is_empty() {
                nodes.push(Node::Text(literal.to_owned()));
            }
            self.at = literal_end;
            if more.is_empty() {
                return Ok((nodes, Ending::Text));
            }
            self.trim = false;
            self.at += if opens_trimming { 3 } else { 2 };
            if self.comment(opens_trimming)? {
                continue;
            }
            self.spaces();
            match self.keyword() {
                Some("end") => {
                    self.close("end")?;
                    return Ok((nodes, Ending::End));
                }
                Some("else") => {
                    self.spaces();
                    let again = self.keyword();
                    return match again {
                        Some("if") => Ok((nodes, Ending::Else(Some("if")))),
                        Some("with") => Ok((nodes, Ending::Else(Some("with")))),
                        _ => {
                            self.close("else")?;
                            Ok((nodes, Ending::Else(None)))
                        }
                    };
                }
                Some("break") => nodes.push(self.leave("break", Node::Break)?),
                Some("continue") => nodes.push(self.leave("continue", Node::Continue)?),
                Some(word @ ("if" | "with" | "range")) => nodes.push(self.block(word)?),
                Some(_) => return Err(unsupported("define, template and block in a template")),
                None => {
                    let pipeline = self.pipeline("command", false)?;
                    self.close("command")?;
                    nodes.push(Node::Action(pipeline));
                }
            }
        }
    }

    /// `/* … */`, right after the braces and right before them.
    fn comment(&mut self, trimmed: bool) -> Parsed<bool> {
        let start = self.at;
        if trimmed {
            self.spaces();
        }
        if !self.accept("/*") {
            self.at = start;
            return Ok(false);
        }
        let Some(length) = self.rest().find("*/") else { return Err(self.error("unclosed comment")) };
        self.at += length + 2;
        if self.rest().starts_with(SPACES) && self.rest().trim_start_matches(SPACES).starts_with("-}}") {
            self.spaces();
            self.trim = self.accept("-}}");
        } else if !self.accept("}}") {
            return Err(self.error("comment ends before closing delimiter"));
        }
        Ok(true)
    }

    /// A word of the language of blocks, if one stands here.
    fn keyword(&mut self) -> Option<&'static str> {
        const KEYWORDS: &[&str] =
            &["if", "else", "end", "range", "with", "break", "continue", "define", "template", "block"];
        let rest = self.rest();
        let end = rest.find(|letter: char| !is_word(letter)).unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or_default();
        let found = KEYWORDS.iter().copied().find(|keyword| *keyword == word);
        self.at += found.map_or(0, str::len);
        found
    }

    fn leave(&mut self, word: &str, node: Node) -> Parsed<Node> {
        if self.ranges == 0 {
            return Err(self.error(&format!("{{{{{word}}}}} outside {{{{range}}}}")));
        }
        self.close(word)?;
        Ok(node)
    }

    /// The end of an action.
    fn close(&mut self, context: &str) -> Parsed<()> {
        if self.closes() { Ok(()) } else { Err(self.unexpected(context)) }
    }

    fn closes(&mut self) -> bool {
        self.spaces();
        let before = self.text.get(..self.at).unwrap_or_default();
        if before.ends_with(SPACES) && self.accept("-}}") {
            self.trim = true;
            return true;
        }
        self.accept("}}")
    }

    fn unexpected(&self, context: &str) -> BuiltinError {
        let rest = self.rest();
        if rest.is_empty() {
            return self.error("unclosed action");
        }
        let end = rest.find(|letter: char| !is_word(letter)).unwrap_or(rest.len());
        match rest.get(..end).filter(|word| !word.is_empty()) {
            Some(word) => self.error(&format!("unexpected <{word}> in {context}")),
            None => {
                let first: String = rest.chars().take(1).collect();
                self.error(&format!("unexpected {} in {context}", quote(&first)))
            }
        }
    }

    fn block(&mut self, word: &'static str) -> Parsed<Node> {
        self.enter()?;
        let scope = self.variables.len();
        let pipeline = self.pipeline(word, word == "range")?;
        self.close(word)?;
        self.ranges += usize::from(word == "range");
        let body = self.list();
        self.ranges -= usize::from(word == "range");
        let (body, ending) = body?;
        let otherwise = match ending {
            Ending::End => Vec::new(),
            Ending::Text => return Err(self.error("unexpected EOF")),
            Ending::Else(Some(again)) if again == word => vec![self.block(again)?],
            Ending::Else(Some(_)) => return Err(self.unexpected("else")),
            Ending::Else(None) => match self.list()? {
                (nodes, Ending::End) => nodes,
                (_, Ending::Text) => return Err(self.error("unexpected EOF")),
                (_, Ending::Else(_)) => return Err(self.error("expected end; found {{else}}")),
            },
        };
        self.variables.truncate(scope);
        self.depth -= 1;
        Ok(match word {
            "if" => Node::If(pipeline, body, otherwise),
            "with" => Node::With(pipeline, body, otherwise),
            _ => Node::Range(pipeline, body, otherwise),
        })
    }

    /// A pipeline up to, but without, what closes it.
    fn pipeline(&mut self, context: &str, two: bool) -> Parsed<Pipeline> {
        self.spaces();
        let (variables, assigns) = self.declarations(context, two)?;
        let mut commands = Vec::new();
        loop {
            let command = self.command(context)?;
            if command.is_empty() {
                return Err(self.error(&format!("missing value for {context}")));
            }
            commands.push(command);
            self.spaces();
            if !self.accept("|") {
                break;
            }
        }
        for (position, command) in commands.iter().enumerate().skip(1) {
            if let Some(Operand {
                word: Word::Dot | Word::Nil | Word::Boolean(_) | Word::Integer(_) | Word::Float(_) | Word::Text(_),
                ..
            }) = command.first()
            {
                return Err(self.error(&format!("non executable command in pipeline stage {}", position + 1)));
            }
        }
        for variable in variables.iter().filter(|_| !assigns) {
            self.variables.push(variable.clone());
        }
        Ok(Pipeline { variables, assigns, commands })
    }

    /// `$x :=`, `$x =` and, for `range`, `$i, $x :=`.
    fn declarations(&mut self, context: &str, two: bool) -> Parsed<(Vec<String>, bool)> {
        let start = self.at;
        let mut names = Vec::new();
        while self.rest().starts_with('$') {
            names.push(self.variable_name());
            self.spaces();
            if self.accept(":=") {
                return Ok((names, false));
            }
            if self.rest().starts_with('=') {
                self.at += 1;
                for name in &names {
                    self.known(name)?;
                }
                return Ok((names, true));
            }
            if !self.rest().starts_with(',') {
                break;
            }
            if !two || names.len() > 1 {
                return Err(self.error(&format!("too many declarations in {context}")));
            }
            self.at += 1;
            self.spaces();
        }
        if names.len() > 1 {
            return Err(self.error("range can only initialize variables"));
        }
        self.at = start;
        Ok((Vec::new(), false))
    }

    fn variable_name(&mut self) -> String {
        let rest = self.rest();
        let after = rest.get(1..).unwrap_or_default();
        let end = 1 + after.find(|letter: char| !is_word(letter)).unwrap_or(after.len());
        self.at += end;
        rest.get(..end).unwrap_or_default().to_owned()
    }

    fn known(&self, name: &str) -> Parsed<()> {
        if self.variables.iter().any(|known| known == name) {
            return Ok(());
        }
        Err(self.error(&format!("undefined variable {}", quote(name))))
    }

    /// Operands with spaces between them, up to `|`, `)` or the end of the action.
    fn command(&mut self, context: &str) -> Parsed<Vec<Operand>> {
        let mut operands = Vec::new();
        loop {
            let spaced = self.spaces();
            let rest = self.rest();
            if rest.starts_with(['|', ')']) || rest.starts_with("}}") || spaced && rest.starts_with("-}}") {
                return Ok(operands);
            }
            if !spaced && !operands.is_empty() {
                return Err(self.unexpected("operand"));
            }
            operands.push(self.operand(context)?);
        }
    }

    fn operand(&mut self, context: &str) -> Parsed<Operand> {
        let start = self.at;
        let word = self.word(context)?;
        let operand = Operand { word, start, end: self.at };
        if !self.rest().starts_with('.') {
            return Ok(operand);
        }
        let whole_start = operand.start;
        match operand.word {
            Word::Pipeline(_) | Word::Function(_) => {
                let fields = self.fields()?;
                Ok(Operand { word: Word::Chain(Box::new(operand), fields), start: whole_start, end: self.at })
            }
            _ => Err(self.unexpected("operand")),
        }
    }

    fn word(&mut self, context: &str) -> Parsed<Word> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return Err(self.error("unclosed action")) };
        let second = rest.chars().nth(1);
        match first {
            '.' if second.is_some_and(|second| second.is_ascii_digit()) => self.number(),
            '.' if second.is_some_and(is_word) => Ok(Word::Field(self.fields()?)),
            '.' => {
                self.at += 1;
                Ok(Word::Dot)
            }
            '$' => {
                let name = self.variable_name();
                self.known(&name)?;
                Ok(Word::Variable(name, self.fields()?))
            }
            '"' | '`' => self.quoted(first),
            '\'' => Err(unsupported("a character constant in a template")),
            '(' => {
                self.enter()?;
                self.at += 1;
                let inner = self.pipeline("parenthesized pipeline", false)?;
                self.spaces();
                if !self.accept(")") {
                    return Err(self.error("unclosed left paren"));
                }
                self.depth -= 1;
                Ok(Word::Pipeline(Box::new(inner)))
            }
            '0'..='9' | '+' | '-' => self.number(),
            letter if is_word(letter) => {
                let end = rest.find(|letter: char| !is_word(letter)).unwrap_or(rest.len());
                let name = rest.get(..end).unwrap_or_default();
                self.at += end;
                match name {
                    "true" => Ok(Word::Boolean(true)),
                    "false" => Ok(Word::Boolean(false)),
                    "nil" => Ok(Word::Nil),
                    _ if functions::NAMES.contains(&name) => Ok(Word::Function(name.to_owned())),
                    _ => Err(self.error(&format!("function {} not defined", quote(name)))),
                }
            }
            _ => Err(self.unexpected(context)),
        }
    }

    /// `.a.b`: as many names as there are.
    fn fields(&mut self) -> Parsed<Vec<String>> {
        let mut fields = Vec::new();
        while let Some(after) = self.rest().strip_prefix('.') {
            let end = after.find(|letter: char| !is_word(letter)).unwrap_or(after.len());
            if end == 0 {
                return Err(self.error("unexpected <.> in operand"));
            }
            fields.push(after.get(..end).unwrap_or_default().to_owned());
            self.at += end + 1;
        }
        Ok(fields)
    }

    fn number(&mut self) -> Parsed<Word> {
        let rest = self.rest();
        let end = rest
            .char_indices()
            .find(|(at, letter)| !(is_word(*letter) || *letter == '.' || *at == 0 && matches!(letter, '+' | '-')))
            .map_or(rest.len(), |(at, _)| at);
        let text = rest.get(..end).unwrap_or_default();
        self.at += end;
        let digits = text.trim_start_matches(['+', '-']);
        if digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.") || digits.contains('_') {
            return Err(unsupported("a number in a template that is not decimal"));
        }
        let decimal = digits.chars().all(|letter| letter.is_ascii_digit());
        if decimal && let Ok(integer) = text.parse() {
            return Ok(Word::Integer(integer));
        }
        let float = digits.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, '.' | 'e' | 'E'));
        match text.parse::<f64>() {
            Ok(number) if float && !decimal && number.is_finite() => Ok(Word::Float(number)),
            _ => Err(self.error(&format!("bad number syntax: {}", quote(text)))),
        }
    }

    /// A text in quotes with escapes, or a raw one.
    fn quoted(&mut self, mark: char) -> Parsed<Word> {
        let body = self.rest().get(1..).unwrap_or_default();
        let mut escaped = false;
        let end = body.find(|letter: char| {
            let closes = letter == mark && !escaped;
            escaped = mark == '"' && letter == '\\' && !escaped;
            closes
        });
        let Some(end) = end else {
            let what = if mark == '`' { "unterminated raw quoted string" } else { "unterminated quoted string" };
            return Err(self.error(what));
        };
        let inner = body.get(..end).unwrap_or_default();
        self.at += end + 2;
        if mark == '`' || !inner.contains('\\') {
            return Ok(Word::Text(inner.to_owned()));
        }
        match serde_json::from_str::<String>(&format!("\"{inner}\"")) {
            Ok(text) if !inner.contains("\\/") => Ok(Word::Text(text)),
            _ => Err(unsupported("an escape in a template that JSON does not have")),
        }
    }
}

fn is_word(letter: char) -> bool {
    letter == '_' || letter.is_alphanumeric()
}
