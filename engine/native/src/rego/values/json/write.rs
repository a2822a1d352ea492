//! The writer: what Go's `encoding/json` writes for the value OPA would hand it.
//!
//! Keys are strings: other keys stand as their own JSON text, and the strings are sorted (`"10"` before `"9"`). Sets are
//! arrays in order. Source: OPA's `ast.JSON` and Go's `encoding/json`.

use std::borrow::Cow;

use super::super::{Object, Value};

/// How to write.
#[derive(Debug, Clone)]
pub struct WriteOptions {
    /// `<`, `>` and `&` as `\u003c` …, as `json.marshal` does.
    pub escape_html: bool,
    /// Each element on a line of its own, indented by this once per level; `None` writes no spaces at all.
    pub indent: Option<String>,
    /// Stands at the beginning of every line but the first, if `indent` is given.
    pub prefix: String,
}

impl Default for WriteOptions {
    fn default() -> WriteOptions {
        WriteOptions { escape_html: true, indent: None, prefix: String::new() }
    }
}

/// JSON on one line, HTML escaped.
pub fn write(value: &Value) -> Vec<u8> {
    write_with(value, &WriteOptions::default())
}

pub fn write_with(value: &Value, options: &WriteOptions) -> Vec<u8> {
    let mut out = Vec::with_capacity(128);
    let mut open: Vec<Open<'_>> = Vec::new();
    write_start(&mut out, value, options, &mut open);
    while let Some(top) = open.last_mut() {
        let (child, first) = top.next();
        let level = open.len();
        match child {
            Some((key, value)) => {
                if !first {
                    out.push(b',');
                }
                new_line(&mut out, options, level);
                if let Some(key) = key {
                    write_string(&mut out, &key, options.escape_html);
                    out.extend_from_slice(if options.indent.is_some() { b": " } else { b":" });
                }
                write_start(&mut out, value, options, &mut open);
            }
            None => {
                if let Some(closed) = open.pop() {
                    if !first {
                        new_line(&mut out, options, open.len());
                    }
                    out.push(closed.end());
                }
            }
        }
    }
    out
}

/// A container whose elements are being written.
enum Open<'a> {
    Elements(std::slice::Iter<'a, Value>, bool),
    Entries(super::super::ObjectIter<'a>, bool),
    /// Entries of an object with keys that are no strings, by their text.
    Sorted(std::vec::IntoIter<(Cow<'a, str>, &'a Value)>, bool),
}

type Child<'a> = Option<(Option<Cow<'a, [u8]>>, &'a Value)>;

impl<'a> Open<'a> {
    /// The next element, and whether it is the first (or would have been).
    fn next(&mut self) -> (Child<'a>, bool) {
        match self {
            Open::Elements(elements, started) => {
                let first = !std::mem::replace(started, true);
                (elements.next().map(|value| (None, value)), first)
            }
            Open::Entries(entries, started) => {
                let first = !std::mem::replace(started, true);
                let entry = entries.next();
                (entry.map(|(key, value)| (Some(Cow::Borrowed(key_bytes(key))), value)), first)
            }
            Open::Sorted(entries, started) => {
                let first = !std::mem::replace(started, true);
                let bytes = |key: Cow<'a, str>| match key {
                    Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
                    Cow::Owned(text) => Cow::Owned(text.into_bytes()),
                };
                (entries.next().map(|(key, value)| (Some(bytes(key)), value)), first)
            }
        }
    }

    fn end(&self) -> u8 {
        if matches!(self, Open::Elements(..)) { b']' } else { b'}' }
    }
}

fn write_start<'a>(out: &mut Vec<u8>, value: &'a Value, options: &WriteOptions, open: &mut Vec<Open<'a>>) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Int(n) => write_int(out, *n),
        Value::Decimal(text) => out.extend_from_slice(text.text().as_bytes()),
        Value::String(text) => write_string(out, text.as_bytes(), options.escape_html),
        Value::Array(array) => {
            out.push(b'[');
            open.push(Open::Elements(array.iter(), false));
        }
        Value::Set(set) => {
            out.push(b'[');
            open.push(Open::Elements(set.iter(), false));
        }
        Value::Object(object) => {
            out.push(b'{');
            if object.keys().iter().all(|key| matches!(key, Value::String(_))) {
                open.push(Open::Entries(object.iter(), false));
            } else {
                open.push(Open::Sorted(by_text(object).into_iter(), false));
            }
        }
    }
}

/// Entries by the text of their keys; of equal texts (`1` and `"1"`) the greater key's value stays, as in OPA.
fn by_text(object: &Object) -> Vec<(Cow<'_, str>, &Value)> {
    let mut entries: Vec<_> = object.iter().map(|(key, value)| (key_text(key), value)).collect();
    entries.sort_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
    entries.dedup_by(|later, kept| {
        let equal = later.0 == kept.0;
        if equal {
            kept.1 = later.1;
        }
        equal
    });
    entries
}

fn key_bytes(key: &Value) -> &[u8] {
    if let Value::String(text) = key { text.as_bytes() } else { &[] }
}

/// The string a key becomes: itself, or its JSON.
pub(super) fn key_text(key: &Value) -> Cow<'_, str> {
    match key {
        Value::String(text) => Cow::Borrowed(text.as_str()),
        other => Cow::Owned(String::from_utf8(write(other)).unwrap_or_default()),
    }
}

fn new_line(out: &mut Vec<u8>, options: &WriteOptions, level: usize) {
    if let Some(indent) = &options.indent {
        out.push(b'\n');
        out.extend_from_slice(options.prefix.as_bytes());
        for _ in 0..level {
            out.extend_from_slice(indent.as_bytes());
        }
    }
}

fn write_int(out: &mut Vec<u8>, n: i64) {
    use std::io::Write;
    // Writing into a vector cannot fail.
    let _ = write!(out, "{n}");
}

/// Bytes that may not stand as they are: always, or where HTML is escaped.
static SPECIAL: [u8; 256] = {
    let mut special = [0; 256];
    let mut byte = 0;
    while byte < 0x20 {
        special[byte] = ALWAYS;
        byte += 1;
    }
    special[b'"' as usize] = ALWAYS;
    special[b'\\' as usize] = ALWAYS;
    special[0xe2] = ALWAYS;
    special[b'<' as usize] = IN_HTML;
    special[b'>' as usize] = IN_HTML;
    special[b'&' as usize] = IN_HTML;
    special
};
const ALWAYS: u8 = 1;
const IN_HTML: u8 = 2;

/// `bytes` are UTF-8.
fn write_string(out: &mut Vec<u8>, bytes: &[u8], escape_html: bool) {
    let asked = if escape_html { ALWAYS | IN_HTML } else { ALWAYS };
    let is_special = |byte: &u8| SPECIAL.get(usize::from(*byte)).is_some_and(|special| special & asked != 0);
    out.reserve(bytes.len() + 2);
    out.push(b'"');
    let first = bytes.iter().position(is_special).unwrap_or(bytes.len());
    let mut from = 0;
    for (at, byte) in bytes.iter().enumerate().skip(first) {
        let escape: &[u8] = match byte {
            b'"' => b"\\\"",
            b'\\' => b"\\\\",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            b'\t' => b"\\t",
            8 => b"\\b",
            12 => b"\\f",
            0..0x20 => &[],
            b'<' | b'>' | b'&' if escape_html => &[],
            0xe2 if matches!(bytes.get(at + 1..at + 3), Some([0x80, 0xa8 | 0xa9])) => &[],
            _ => continue,
        };
        out.extend_from_slice(bytes.get(from..at).unwrap_or_default());
        from = at + 1;
        match (escape, byte) {
            ([], 0xe2) => {
                let last = if bytes.get(at + 2) == Some(&0xa8) { b"\\u2028" } else { b"\\u2029" };
                out.extend_from_slice(last);
                from = at + 3;
            }
            ([], byte) => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                out.extend_from_slice(b"\\u00");
                out.extend(HEX.get(usize::from(byte >> 4)));
                out.extend(HEX.get(usize::from(byte & 15)));
            }
            (escape, _) => out.extend_from_slice(escape),
        }
    }
    out.extend_from_slice(bytes.get(from..).unwrap_or_default());
    out.push(b'"');
}
