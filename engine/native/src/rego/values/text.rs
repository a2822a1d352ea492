//! The text of values as OPA prints them: `{"a": [1, true]}`, `set()`.

use std::fmt::{self, Write};

use super::{Str, Value};

/// What is still to be written.
enum Open<'a> {
    Array(std::slice::Iter<'a, Value>, bool),
    Set(std::slice::Iter<'a, Value>, bool),
    Object(super::ObjectIter<'a>, bool),
    Text(&'static str),
    Value(&'a Value),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut open = vec![Open::Value(self)];
        while let Some(next) = open.pop() {
            match next {
                Open::Text(text) => f.write_str(text)?,
                Open::Value(value) => write_value(f, value, &mut open)?,
                Open::Array(mut elements, first) => match elements.next() {
                    None => f.write_char(']')?,
                    Some(value) => {
                        f.write_str(if first { "" } else { ", " })?;
                        open.push(Open::Array(elements, false));
                        open.push(Open::Value(value));
                    }
                },
                Open::Set(mut elements, first) => match elements.next() {
                    None => f.write_char('}')?,
                    Some(value) => {
                        f.write_str(if first { "" } else { ", " })?;
                        open.push(Open::Set(elements, false));
                        open.push(Open::Value(value));
                    }
                },
                Open::Object(mut entries, first) => match entries.next() {
                    None => f.write_char('}')?,
                    Some((key, value)) => {
                        f.write_str(if first { "" } else { ", " })?;
                        open.push(Open::Object(entries, false));
                        open.push(Open::Value(value));
                        open.push(Open::Text(": "));
                        open.push(Open::Value(key));
                    }
                },
            }
        }
        Ok(())
    }
}

fn write_value<'a>(f: &mut fmt::Formatter<'_>, value: &'a Value, open: &mut Vec<Open<'a>>) -> fmt::Result {
    match value {
        Value::Null => f.write_str("null"),
        Value::Bool(truth) => write!(f, "{truth}"),
        Value::Int(n) => write!(f, "{n}"),
        Value::Decimal(text) => f.write_str(text.text()),
        Value::String(text) => write_quoted(f, text.as_str()),
        Value::Array(array) => {
            open.push(Open::Array(array.iter(), true));
            f.write_char('[')
        }
        Value::Set(set) if set.is_empty() => f.write_str("set()"),
        Value::Set(set) => {
            open.push(Open::Set(set.iter(), true));
            f.write_char('{')
        }
        Value::Object(object) => {
            open.push(Open::Object(object.iter(), true));
            f.write_char('{')
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A string in quotes, escaped as Go's `strconv.Quote` does.
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    // Writing into a string cannot fail.
    let _ = write_quoted(&mut out, text);
    out
}

fn write_quoted(out: &mut impl Write, text: &str) -> fmt::Result {
    out.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' => out.write_str("\\\"")?,
            '\\' => out.write_str("\\\\")?,
            ' '..='~' => out.write_char(character)?,
            '\u{7}' => out.write_str("\\a")?,
            '\u{8}' => out.write_str("\\b")?,
            '\u{c}' => out.write_str("\\f")?,
            '\n' => out.write_str("\\n")?,
            '\r' => out.write_str("\\r")?,
            '\t' => out.write_str("\\t")?,
            '\u{b}' => out.write_str("\\v")?,
            _ if is_printable(character) => out.write_char(character)?,
            _ => match u32::from(character) {
                code if code < 0x80 => write!(out, "\\x{code:02x}")?,
                code if code < 0x1_0000 => write!(out, "\\u{code:04x}")?,
                code => write!(out, "\\U{code:08x}")?,
            },
        }
    }
    out.write_char('"')
}

/// Go's `unicode.IsPrint` beyond ASCII: letters, marks, numbers, punctuation and symbols, not spaces and controls.
///
/// The standard library's own table of these is reachable through `str::escape_debug`, which leaves what is printable
/// as it is when it is not the first character of the string (there, combining marks would be escaped too).
pub fn is_printable(character: char) -> bool {
    let mut bytes = [b'a'; 5];
    let len = match bytes.get_mut(1..) {
        Some(rest) => character.encode_utf8(rest).len(),
        None => return false,
    };
    let pair = bytes.get(..len + 1).and_then(|pair| std::str::from_utf8(pair).ok()).unwrap_or_default();
    pair.escape_debug().nth(1) == Some(character)
}

impl Str {
    /// In quotes, escaped as Go does.
    pub fn quoted(&self) -> String {
        quote(self.as_str())
    }
}
