//! Go's regular expressions (RE2), checked and rewritten for the `regex` crate, which matches them alike.
//!
//! The two agree on what matches first and on time linear in the text, but not on all syntax: in Go `\d`, `\w`, `\s`
//! and `\b` are ASCII, `\Q…\E` quotes, `{` can be a plain character, classes do not nest, counts end at 1,000.
//! Source: Go's `regexp/syntax` (`parse.go`, flags `Perl`), whose error texts these are.

use std::fmt::Write;

use super::regex_class::{class, perl_class, unicode_class};

/// Go refuses to repeat more often, also by nesting.
const MAX_REPEAT: u32 = 1_000;
/// Go's limit on nested parentheses.
const MAX_DEPTH: usize = 1_000;

/// The same expression for the `regex` crate.
///
/// # Errors
/// Go's words: `error parsing regexp: missing closing ): `(a``.
pub(super) fn translated(pattern: &str) -> Result<String, String> {
    let mut translator = Translator {
        reader: Reader { pattern, at: 0 },
        out: String::with_capacity(pattern.len() + 8),
        names: 0,
        groups: Vec::new(),
        last: Last::Nothing,
        repeats: 1,
    };
    translator.run().map_err(|why| format!("error parsing regexp: {why}"))?;
    Ok(translator.out)
}

pub(super) fn error(kind: &str, at: &str) -> String {
    format!("{kind}: `{at}`")
}

/// A walk over the pattern's characters.
pub(super) struct Reader<'a> {
    pub pattern: &'a str,
    pub at: usize,
}

impl<'a> Reader<'a> {
    pub fn rest(&self) -> &'a str {
        self.pattern.get(self.at..).unwrap_or_default()
    }

    pub fn since(&self, start: usize) -> &'a str {
        self.pattern.get(start..self.at).unwrap_or_default()
    }

    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub fn next(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += character.len_utf8();
        Some(character)
    }

    pub fn accept(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }
}

/// What stands before a repetition.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    /// Something that can be repeated, and how often what is inside may be repeated already.
    Atom(u32),
    /// A repetition, from that byte on.
    Repeat(usize),
}

struct Translator<'a> {
    reader: Reader<'a>,
    out: String,
    /// Named groups so far.
    names: usize,
    /// For each open group, the repetitions counted before it.
    groups: Vec<u32>,
    last: Last,
    /// The most repetitions that nest within the current group so far.
    repeats: u32,
}

impl<'a> Translator<'a> {
    fn run(&mut self) -> Result<(), String> {
        while let Some(character) = self.reader.peek() {
            match character {
                '(' => self.open()?,
                ')' => self.close()?,
                '|' => {
                    self.copy();
                    self.last = Last::Nothing;
                }
                '*' | '+' | '?' => self.repeat(None)?,
                '{' => match counts(self.reader.rest()) {
                    Some(counts) => self.repeat(Some(counts))?,
                    None => self.literal(),
                },
                '[' => {
                    let class = class(&mut self.reader)?;
                    self.atom(&class);
                }
                '\\' => self.escape()?,
                '.' | '^' | '$' => {
                    self.copy();
                    self.last = Last::Atom(1);
                }
                _ => self.literal(),
            }
        }
        if self.groups.is_empty() { Ok(()) } else { Err(error("missing closing )", self.reader.pattern)) }
    }

    fn copy(&mut self) {
        self.out.extend(self.reader.next());
    }

    fn atom(&mut self, text: &str) {
        self.out.push_str(text);
        self.last = Last::Atom(1);
    }

    fn literal(&mut self) {
        if let Some(character) = self.reader.next() {
            push_literal(&mut self.out, character);
            self.last = Last::Atom(1);
        }
    }

    fn open(&mut self) -> Result<(), String> {
        let start = self.reader.at;
        self.reader.next();
        if self.groups.len() >= MAX_DEPTH {
            return Err(error("expression nests too deeply", self.reader.pattern));
        }
        if !self.reader.accept("?") {
            self.out.push('(');
        } else if self.reader.accept("P<") || self.reader.accept("<") {
            self.named_group(start)?;
        } else if self.flags(start)? {
            return Ok(());
        }
        self.groups.push(self.repeats);
        self.repeats = 1;
        self.last = Last::Nothing;
        Ok(())
    }

    fn named_group(&mut self, start: usize) -> Result<(), String> {
        let Some(end) = self.reader.rest().find('>') else {
            return Err(error("invalid named capture", self.reader.pattern.get(start..).unwrap_or_default()));
        };
        let name = self.reader.rest().get(..end).unwrap_or_default();
        self.reader.at += end + 1;
        let valid = !name.is_empty() && name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
        if !valid {
            return Err(error("invalid named capture", self.reader.since(start)));
        }
        // Only in Go may names begin with a digit and be given twice, so ours are numbered by order of appearance.
        self.names += 1;
        let _ = write!(self.out, "(?P<g{}_{name}>", self.names);
        Ok(())
    }

    /// Reads `?flags)` or `?flags:`; true if that was all of the group.
    fn flags(&mut self, start: usize) -> Result<bool, String> {
        let from = self.reader.at;
        let (mut minus, mut any) = (false, false);
        loop {
            match self.reader.next() {
                Some('i' | 'm' | 's' | 'U') => any = true,
                Some('-') if !minus => {
                    minus = true;
                    any = false;
                }
                Some(end @ (':' | ')')) if any || !minus => {
                    let flags = self.reader.since(from);
                    // `(?)` sets nothing; the other engine has no form for that.
                    if flags != ")" {
                        let _ = write!(self.out, "(?{flags}");
                    }
                    return Ok(end == ')');
                }
                _ => return Err(error("invalid or unsupported Perl syntax", self.reader.since(start))),
            }
        }
    }

    fn close(&mut self) -> Result<(), String> {
        let Some(before) = self.groups.pop() else {
            return Err(error("unexpected )", self.reader.pattern));
        };
        self.copy();
        self.last = Last::Atom(self.repeats);
        self.repeats = before.max(self.repeats);
        Ok(())
    }

    /// `*`, `+`, `?` or counts in braces, then perhaps `?` for as few as possible.
    fn repeat(&mut self, counts: Option<Counts<'a>>) -> Result<(), String> {
        let start = self.reader.at;
        let text = match &counts {
            Some(counts) => {
                self.reader.at += counts.text.len();
                counts.text
            }
            None => {
                self.reader.next();
                self.reader.since(start)
            }
        };
        self.out.push_str(text);
        if self.reader.accept("?") {
            self.out.push('?');
        }
        let inside = match self.last {
            Last::Nothing => {
                return Err(error("missing argument to repetition operator", self.reader.since(start)));
            }
            Last::Repeat(first) => {
                return Err(error("invalid nested repetition operator", self.reader.since(first)));
            }
            Last::Atom(inside) => inside,
        };
        self.last = Last::Repeat(start);
        if let Some(counts) = counts {
            let most = counts.most.unwrap_or(counts.least);
            if counts.least > MAX_REPEAT || most > MAX_REPEAT || counts.least > most {
                return Err(error("invalid repeat count", text));
            }
            let nested = inside.saturating_mul(most.max(1));
            if nested > MAX_REPEAT {
                return Err(error("invalid repeat count", self.reader.since(start)));
            }
            self.repeats = self.repeats.max(nested);
        }
        Ok(())
    }

    fn escape(&mut self) -> Result<(), String> {
        let start = self.reader.at;
        self.reader.next();
        let Some(character) = self.reader.peek() else {
            return Err("trailing backslash at end of expression: ``".to_owned());
        };
        match character {
            'A' | 'z' => {
                self.reader.next();
                self.atom(&format!("\\{character}"));
            }
            'b' | 'B' => {
                self.reader.next();
                self.atom(&format!("(?-u:\\{character})"));
            }
            'Q' => self.quoted(),
            'p' | 'P' => {
                self.reader.at = start;
                let class = unicode_class(&mut self.reader)?;
                self.atom(&class);
            }
            _ => {
                if let Some(class) = perl_class(character) {
                    self.reader.next();
                    self.atom(&format!("[{class}]"));
                } else {
                    self.reader.at = start;
                    let character = escaped(&mut self.reader)?;
                    push_literal(&mut self.out, character);
                    self.last = Last::Atom(1);
                }
            }
        }
        Ok(())
    }

    /// `\Q…\E`: literally, to the end if there is no `\E`.
    fn quoted(&mut self) {
        self.reader.next();
        while let Some(character) = self.reader.peek() {
            if self.reader.accept("\\E") {
                return;
            }
            self.reader.at += character.len_utf8();
            push_literal(&mut self.out, character);
            self.last = Last::Atom(1);
        }
    }
}

struct Counts<'a> {
    text: &'a str,
    least: u32,
    most: Option<u32>,
}

/// `{2}`, `{2,}` or `{2,3}`; anything else in braces is literal.
fn counts(rest: &str) -> Option<Counts<'_>> {
    let end = rest.find('}')?;
    let inner = rest.get(1..end)?;
    let number = |digits: &str| {
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let leading_zero = digits.len() > 1 && digits.starts_with('0');
        (plain && !leading_zero).then(|| digits.parse().unwrap_or(u32::MAX))
    };
    let (least, most) = match inner.split_once(',') {
        None => (number(inner)?, None),
        Some((least, "")) => (number(least)?, None),
        Some((least, most)) => (number(least)?, Some(number(most)?)),
    };
    Some(Counts { text: rest.get(..=end)?, least, most })
}

/// One escaped character: `\n`, `\x7f`, `\x{10ffff}`, `\012`, `\.`.
pub(super) fn escaped(reader: &mut Reader<'_>) -> Result<char, String> {
    let start = reader.at;
    reader.next();
    let invalid = |reader: &Reader<'_>| error("invalid escape sequence", reader.since(start));
    let Some(character) = reader.next() else {
        return Err("trailing backslash at end of expression: ``".to_owned());
    };
    let octal = |digit: Option<char>| digit.filter(|digit| ('0'..='7').contains(digit));
    match character {
        '1'..='7' if octal(reader.peek()).is_none() => Err(invalid(reader)),
        '0'..='7' => {
            let mut code = character.to_digit(8).unwrap_or(0);
            for _ in 0..2 {
                let Some(digit) = octal(reader.peek()).and_then(|digit| digit.to_digit(8)) else { break };
                code = code * 8 + digit;
                reader.next();
            }
            char::from_u32(code).ok_or_else(|| invalid(reader))
        }
        'x' => {
            let digits = if reader.accept("{") {
                let end = reader.rest().find('}').ok_or_else(|| invalid(reader))?;
                let digits = reader.rest().get(..end).unwrap_or_default();
                reader.at += end + 1;
                digits
            } else {
                reader.next();
                reader.next();
                reader.since(start).get(2..).filter(|digits| digits.len() == 2).unwrap_or_default()
            };
            let hexadecimal = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            let code = if hexadecimal { u32::from_str_radix(digits, 16).ok() } else { None };
            code.and_then(char::from_u32).ok_or_else(|| invalid(reader))
        }
        'a' => Ok('\u{7}'),
        'f' => Ok('\u{c}'),
        'n' => Ok('\n'),
        'r' => Ok('\r'),
        't' => Ok('\t'),
        'v' => Ok('\u{b}'),
        other if other.is_ascii() && !other.is_ascii_alphanumeric() => Ok(other),
        _ => Err(invalid(reader)),
    }
}

/// A character that stands for itself, also where it would mean something.
pub(super) fn push_literal(out: &mut String, character: char) {
    if character.is_ascii_alphanumeric() || !character.is_ascii() || matches!(character, ' ' | '_' | '/' | ':') {
        out.push(character);
    } else {
        let _ = write!(out, "\\x{{{:x}}}", u32::from(character));
    }
}
