//! The reader: one pass over the bytes, a list of what is open, and values built at their exact size.

use std::borrow::Cow;

use super::super::{Array, Object, Value};
use super::read::{JsonError, Limits};
use super::shapes::Repeated;
use super::string;

/// Reads one document.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Value, JsonError> {
    Reader::default().read(bytes, limits)
}

/// Reads documents one after the other; keys and key lists they share are built once.
#[derive(Default)]
pub struct Reader {
    repeated: Repeated,
    values: Vec<Value>,
    keys: Vec<u32>,
    open: Vec<Open>,
}

/// An array or object whose end has not been met: where its values and keys begin.
struct Open {
    values: usize,
    /// `None` for an array.
    keys: Option<usize>,
}

/// What the next token may be.
enum Next {
    Value,
    /// A value or, directly after `[`, its end.
    ValueOrEnd,
    /// A key or, directly after `{`, its end.
    KeyOrEnd,
    Key,
    /// A value is complete: a comma, an end, or the end of the document.
    Done,
}

impl Reader {
    pub fn new() -> Reader {
        Reader::default()
    }

    pub fn read(&mut self, bytes: &[u8], limits: &Limits) -> Result<Value, JsonError> {
        if bytes.len() > limits.max_bytes {
            let message = format!("document has {} bytes, at most {} are read", bytes.len(), limits.max_bytes);
            return Err(JsonError::limit(limits.max_bytes, message));
        }
        self.repeated.start_document(bytes.len());
        self.values.clear();
        self.keys.clear();
        self.open.clear();
        let text = std::str::from_utf8(bytes).map_or_else(|_| Cow::Owned(string::lossy(bytes)), Cow::Borrowed);
        let pass = Pass { reader: self, text: &text, at: 0, count: 0, limits };
        let value = pass.document().map_err(|error| error.worded(bytes, matches!(text, Cow::Owned(_))))?;
        if self.values.capacity() > 1 << 16 {
            self.values = Vec::new();
        }
        Ok(value)
    }
}

/// One pass over one document.
struct Pass<'a> {
    reader: &'a mut Reader,
    text: &'a str,
    at: usize,
    count: usize,
    limits: &'a Limits,
}

impl Pass<'_> {
    fn document(mut self) -> Result<Value, JsonError> {
        let mut next = Next::Value;
        loop {
            let byte = self.skip_space();
            next = match (next, byte) {
                (Next::ValueOrEnd, Some(b']')) | (Next::KeyOrEnd, Some(b'}')) => {
                    self.at += 1;
                    self.close()?;
                    Next::Done
                }
                (Next::Value | Next::ValueOrEnd, _) => self.value(byte)?,
                (Next::KeyOrEnd | Next::Key, Some(b'"')) => self.key()?,
                (Next::KeyOrEnd | Next::Key, _) => {
                    return Err(self.unexpected("looking for beginning of object key string"));
                }
                (Next::Done, byte) => match (self.reader.open.last(), byte) {
                    (None, None) => {
                        return self
                            .reader
                            .values
                            .pop()
                            .ok_or_else(|| self.unexpected("looking for beginning of value"));
                    }
                    (None, Some(byte)) => return Err(self.trailing(byte)),
                    (Some(Open { keys: None, .. }), Some(b',')) => {
                        self.at += 1;
                        Next::Value
                    }
                    (Some(Open { keys: Some(_), .. }), Some(b',')) => {
                        self.at += 1;
                        Next::Key
                    }
                    (Some(Open { keys: None, .. }), Some(b']')) | (Some(Open { keys: Some(_), .. }), Some(b'}')) => {
                        self.at += 1;
                        self.close()?;
                        Next::Done
                    }
                    (Some(Open { keys: None, .. }), _) => return Err(self.unexpected("after array element")),
                    (Some(Open { keys: Some(_), .. }), _) => {
                        return Err(self.unexpected("after object key:value pair"));
                    }
                },
            };
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) -> Option<u8> {
        loop {
            match self.peek() {
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.at += 1,
                other => return other,
            }
        }
    }

    fn unexpected(&self, context: &'static str) -> JsonError {
        JsonError::syntax(self.at, context)
    }

    fn value(&mut self, byte: Option<u8>) -> Result<Next, JsonError> {
        self.count += 1;
        if self.count > self.limits.max_values {
            let message = format!("document has more than {} values", self.limits.max_values);
            return Err(JsonError::limit(self.at, message));
        }
        let value = match byte {
            Some(b'"') => {
                let start = self.at + 1;
                let scanned = string::scan(self.text, start)?;
                self.at = scanned.end + 1;
                let raw = self.text.get(start..scanned.end).unwrap_or_default();
                if scanned.escaped {
                    self.reader.repeated.string(&string::unescape(raw))
                } else {
                    self.reader.repeated.string(raw)
                }
            }
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b'{') => return self.open(true),
            Some(b'[') => return self.open(false),
            Some(b't') => self.literal("true", Value::Bool(true))?,
            Some(b'f') => self.literal("false", Value::Bool(false))?,
            Some(b'n') => self.literal("null", Value::Null)?,
            _ => return Err(self.unexpected("looking for beginning of value")),
        };
        self.reader.values.push(value);
        Ok(Next::Done)
    }

    fn open(&mut self, object: bool) -> Result<Next, JsonError> {
        if self.reader.open.len() >= self.limits.max_depth {
            let message = format!("document is nested deeper than {} levels", self.limits.max_depth);
            return Err(JsonError::limit(self.at, message));
        }
        self.at += 1;
        let keys = object.then_some(self.reader.keys.len());
        self.reader.open.push(Open { values: self.reader.values.len(), keys });
        Ok(if object { Next::KeyOrEnd } else { Next::ValueOrEnd })
    }

    fn key(&mut self) -> Result<Next, JsonError> {
        let start = self.at + 1;
        let scanned = string::scan(self.text, start)?;
        let raw = self.text.get(start..scanned.end).unwrap_or_default();
        let Reader { repeated, keys, open, .. } = &mut *self.reader;
        let before = open.last().and_then(|open| open.keys).and_then(|from| keys.get(from..)?.last().copied());
        let id = if scanned.escaped {
            repeated.key_id(before, &string::unescape(raw))
        } else {
            repeated.key_id(before, raw)
        };
        keys.push(id);
        self.at = scanned.end + 1;
        if self.skip_space() != Some(b':') {
            return Err(self.unexpected("after object key"));
        }
        self.at += 1;
        Ok(Next::Value)
    }

    fn close(&mut self) -> Result<(), JsonError> {
        let Some(open) = self.reader.open.pop() else { return Ok(()) };
        let Reader { repeated, values, keys, .. } = &mut *self.reader;
        let value = match open.keys {
            None if open.values == values.len() => Value::Array(Array::empty()),
            None => Value::Array(Array::from_exact(values.drain(open.values..))),
            Some(from) if from == keys.len() => Value::empty_object(),
            Some(from) => {
                let written = keys.get(from..).unwrap_or_default();
                let Some(form) = repeated.form(written) else { return Ok(()) };
                if let (true, Some(id)) = (self.limits.refuse_duplicate_keys, form.duplicate) {
                    return Err(JsonError::duplicate(self.at, repeated.key(id)));
                }
                keys.truncate(from);
                let object = match &form.order {
                    None => Object::from_exact(form.shape.clone(), values.drain(open.values..)),
                    Some(order) => {
                        let own = values.get_mut(open.values..).unwrap_or_default();
                        let sorted =
                            order.iter().map(|at| own.get_mut(*at as usize).map(std::mem::take).unwrap_or_default());
                        let object = Object::from_exact(form.shape.clone(), sorted);
                        values.truncate(open.values);
                        object
                    }
                };
                Value::Object(object)
            }
        };
        self.reader.values.push(value);
        Ok(())
    }

    fn literal(&mut self, word: &'static str, value: Value) -> Result<Value, JsonError> {
        for (expected, at) in word.bytes().zip(self.at..) {
            if self.text.as_bytes().get(at) != Some(&expected) {
                let context = format!("in literal {word} (expecting '{}')", char::from(expected));
                return Err(JsonError::syntax(at, context));
            }
        }
        self.at += word.len();
        Ok(value)
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let start = self.at;
        let negative = self.peek() == Some(b'-');
        if negative {
            self.at += 1;
        }
        let first = self.at;
        let mut small: i64 = 0;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            small = small.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
            self.at += 1;
        }
        let digits = self.at - first;
        if digits == 0 {
            return Err(self.unexpected("in numeric literal"));
        }
        if digits > 1 && self.text.as_bytes().get(first) == Some(&b'0') {
            // A leading zero is a number of its own; what follows is out of place, and so the caller will say.
            self.at = first + 1;
            return Ok(Value::Int(0));
        }
        if !matches!(self.peek(), Some(b'.' | b'e' | b'E')) && digits <= 18 && !(negative && small == 0) {
            return Ok(Value::Int(if negative { -small } else { small }));
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.some_digits("after decimal point in numeric literal")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.some_digits("in exponent of numeric literal")?;
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        if self.limits.refuse_beyond_double && !text.parse().is_ok_and(f64::is_finite) {
            return Err(JsonError::limit(start, "a number beyond a double".to_owned()));
        }
        self.reader.repeated.number(text).map_err(|error| JsonError::number(start, error))
    }

    fn some_digits(&mut self, context: &'static str) -> Result<(), JsonError> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(self.unexpected(context)) } else { Ok(()) }
    }

    /// A document is followed by something: OPA looks at one token and names it. (It lets a `null` pass, and with it
    /// whatever follows; this reader does not.)
    fn trailing(&mut self, byte: u8) -> JsonError {
        let start = self.at;
        let scalar = match byte {
            b'{' => return JsonError::trailing(start, "{"),
            b'[' => return JsonError::trailing(start, "["),
            _ => self.value(Some(byte)),
        };
        if let Err(error) = scalar {
            return error;
        }
        match self.reader.values.pop() {
            Some(Value::Bool(truth)) => JsonError::trailing(start, &format!("%!s(bool={truth})")),
            Some(Value::String(text)) => JsonError::trailing(start, &text),
            Some(other) => JsonError::trailing(start, &other.to_string()),
            None => self.unexpected("looking for beginning of value"),
        }
    }
}
