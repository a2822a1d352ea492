//! JSON as a stranger sends it: read within limits, or refused with the place. One reader, and what it builds is the
//! caller's: nothing (a check), a value to evaluate, or the same text in canonical form (`json_canonical`).
//!
//! Stricter than most parsers where leniency would let two readers see different facts: a key said twice, a lone
//! surrogate and whatever is not UTF-8 are refused.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::errors::{Error, Result};

#[path = "json_fault.rs"]
mod fault;
#[path = "json_string.rs"]
mod strings;

use fault::{Fault, FaultKind, Read};

/// The deepest document that is read. regorus merges base data no deeper, and no contract, manifest or plan comes near.
pub const MAX_DEPTH: usize = 128;

/// The longest number, in characters: reading one costs the square of its length.
pub const MAX_NUMBER_LENGTH: usize = 1_000;

/// Up to this many keys, comparing each with each is cheaper than hashing them.
const FEW_KEYS: usize = 12;

/// What the reader makes of what it reads.
pub trait Build<'a> {
    type Out;
    fn null(&mut self) -> Self::Out;
    fn bool(&mut self, value: bool) -> Self::Out;
    fn number(&mut self, text: &'a str) -> std::result::Result<Self::Out, String>;
    fn string(&mut self, text: Cow<'a, str>) -> Self::Out;
    fn array(&mut self, items: Vec<Self::Out>) -> Self::Out;
    fn object(&mut self, members: Vec<(Cow<'a, str>, Self::Out)>) -> Self::Out;
}

/// Builds nothing: only the checks remain.
pub struct Check;

impl Build<'_> for Check {
    type Out = ();
    fn null(&mut self) {}
    fn bool(&mut self, _: bool) {}
    fn number(&mut self, text: &str) -> std::result::Result<(), String> {
        let is_within = text.parse().is_ok_and(f64::is_finite);
        is_within.then_some(()).ok_or_else(|| format!("{text} is beyond a double"))
    }
    fn string(&mut self, _: Cow<'_, str>) {}
    fn array(&mut self, _: Vec<()>) {}
    fn object(&mut self, _: Vec<(Cow<'_, str>, ())>) {}
}

/// Reads one document. Anything after it but white space is an error.
pub fn read<'a, B: Build<'a>>(text: &'a [u8], build: &mut B, max_depth: usize) -> Result<B::Out> {
    let mut reader = Reader::new(text, max_depth)?;
    let value = reader.value(build).map_err(|fault| fault.into_error())?;
    reader.end().map_err(|fault| fault.into_error())?;
    Ok(value)
}

/// As `read`, but a key may be said twice, and a surrogate may stand alone and becomes U+FFFD.
pub fn read_leniently<'a, B: Build<'a>>(text: &'a [u8], build: &mut B, max_depth: usize) -> Result<B::Out> {
    let mut reader = Reader::new(text, max_depth)?;
    reader.is_lenient = true;
    let value = reader.value(build).map_err(|fault| fault.into_error())?;
    reader.end().map_err(|fault| fault.into_error())?;
    Ok(value)
}

/// Whether the text is JSON within the limits.
pub fn check(text: &[u8], max_depth: usize) -> Result<()> {
    read(text, &mut Check, max_depth)
}

/// The members of a top-level object, each value as the text it stands in. The whole document is checked.
pub fn split_object(text: &[u8], max_depth: usize) -> Result<Vec<(String, &[u8])>> {
    let mut reader = Reader::new(text, max_depth)?;
    let members = reader.split().map_err(|fault| fault.into_error())?;
    reader.end().map_err(|fault| fault.into_error())?;
    Ok(members)
}

/// The items of an array, each as its own text.
pub fn split_array(text: &[u8], max_depth: usize) -> Result<Vec<&[u8]>> {
    let mut reader = Reader::new(text, max_depth)?;
    let items = reader.split_items().map_err(|fault| fault.into_error())?;
    reader.end().map_err(|fault| fault.into_error())?;
    Ok(items)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    max_depth: usize,
    is_lenient: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a [u8], max_depth: usize) -> Result<Self> {
        let text = std::str::from_utf8(text)
            .map_err(|error| Error::Malformed(format!("not UTF-8 at byte {}", error.valid_up_to())))?;
        Ok(Reader { text, at: 0, depth: 0, max_depth, is_lenient: false })
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn malformed<T>(&self, wanted: &str) -> Read<T> {
        let (came, row, column) = self.place();
        Err(Box::new(Fault {
            kind: FaultKind::Malformed,
            message: format!("row {row}, column {column}: wanted {wanted}, found {came}"),
            steps: Vec::new(),
        }))
    }

    fn place(&self) -> (String, usize, usize) {
        let at = (0..=self.at.min(self.text.len())).rev().find(|&at| self.text.is_char_boundary(at)).unwrap_or(0);
        let before = &self.text[..at];
        let row = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
        let came = self.text[at..].chars().next();
        (came.map_or("the end".into(), |c| format!("{c:?}")), row, column)
    }

    fn value<B: Build<'a>>(&mut self, build: &mut B) -> Read<B::Out> {
        self.skip_space();
        match self.peek() {
            Some(b'{') => self.nested(|reader| reader.object(build)),
            Some(b'[') => self.nested(|reader| reader.array(build)),
            Some(b'"') => Ok(build.string(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(build),
            Some(b't') => self.word("true").map(|()| build.bool(true)),
            Some(b'f') => self.word("false").map(|()| build.bool(false)),
            Some(b'n') => self.word("null").map(|()| build.null()),
            _ => self.malformed("a value"),
        }
    }

    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth == self.max_depth {
            return Err(Box::new(Fault {
                kind: FaultKind::TooDeep,
                message: format!("nested more than {} deep", self.max_depth),
                steps: Vec::new(),
            }));
        }
        self.depth += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn array<B: Build<'a>>(&mut self, build: &mut B) -> Read<B::Out> {
        let mut items = Vec::new();
        self.items(|reader| {
            items.push(reader.value(build)?);
            Ok(())
        })?;
        Ok(build.array(items))
    }

    fn items(&mut self, mut item: impl FnMut(&mut Self) -> Read<()>) -> Read<()> {
        self.at += 1;
        self.skip_space();
        if self.take(b']') {
            return Ok(());
        }
        let mut index = 0_usize;
        loop {
            item(self).map_err(|fault| fault.within(&index.to_string()))?;
            index += 1;
            self.skip_space();
            if self.take(b']') {
                return Ok(());
            }
            if !self.take(b',') {
                return self.malformed("',' or ']'");
            }
        }
    }

    fn object<B: Build<'a>>(&mut self, build: &mut B) -> Read<B::Out> {
        let mut members = Vec::new();
        self.members(|reader, key| {
            let value = reader.value(build).map_err(|fault| fault.within(&key))?;
            members.push((key, value));
            Ok(())
        })?;
        self.no_duplicates(members.iter().map(|(key, _)| key.as_ref()))?;
        Ok(build.object(members))
    }

    fn split(&mut self) -> Read<Vec<(String, &'a [u8])>> {
        self.skip_space();
        if self.peek() != Some(b'{') {
            return self.malformed("an object");
        }
        let mut members: Vec<(String, &'a [u8])> = Vec::new();
        self.nested(|reader| {
            reader.members(|reader, key| {
                let value = reader.text_of_value().map_err(|fault| fault.within(&key))?;
                members.push((key.into_owned(), value));
                Ok(())
            })
        })?;
        self.no_duplicates(members.iter().map(|(key, _)| key.as_str()))?;
        Ok(members)
    }

    fn split_items(&mut self) -> Read<Vec<&'a [u8]>> {
        self.skip_space();
        if self.peek() != Some(b'[') {
            return self.malformed("an array");
        }
        let mut items = Vec::new();
        self.nested(|reader| {
            reader.items(|reader| {
                items.push(reader.text_of_value()?);
                Ok(())
            })
        })?;
        Ok(items)
    }

    /// The text of the value that stands here, checked and stepped over.
    fn text_of_value(&mut self) -> Read<&'a [u8]> {
        self.skip_space();
        let start = self.at;
        self.value(&mut Check)?;
        Ok(&self.bytes()[start..self.at])
    }

    fn members(&mut self, mut member: impl FnMut(&mut Self, Cow<'a, str>) -> Read<()>) -> Read<()> {
        self.at += 1;
        self.skip_space();
        if self.take(b'}') {
            return Ok(());
        }
        loop {
            self.skip_space();
            if self.peek() != Some(b'"') {
                return self.malformed("a key in quotes");
            }
            let key = self.string()?;
            self.skip_space();
            if !self.take(b':') {
                return self.malformed("':'");
            }
            member(self, key)?;
            self.skip_space();
            if self.take(b'}') {
                return Ok(());
            }
            if !self.take(b',') {
                return self.malformed("',' or '}'");
            }
        }
    }

    fn no_duplicates<'k>(&self, keys: impl ExactSizeIterator<Item = &'k str> + Clone) -> Read<()> {
        if self.is_lenient {
            return Ok(());
        }
        let twice = if keys.len() <= FEW_KEYS {
            keys.clone()
                .enumerate()
                .find(|(index, key)| keys.clone().take(*index).any(|earlier| earlier == *key))
                .map(|(_, key)| key)
        } else {
            let mut seen = HashSet::with_capacity(keys.len());
            keys.clone().find(|key| !seen.insert(*key))
        };
        twice.map_or(Ok(()), |key| {
            Err(Box::new(Fault {
                kind: FaultKind::DuplicateKey,
                message: format!("the key {key:?} stands here twice"),
                steps: Vec::new(),
            }))
        })
    }

    fn number<B: Build<'a>>(&mut self, build: &mut B) -> Read<B::Out> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if !self.take(b'+') {
                self.take(b'-');
            }
            self.digits()?;
        }
        let text = &self.text[start..self.at];
        let refusal = if text.len() > MAX_NUMBER_LENGTH {
            format!("a number of more than {MAX_NUMBER_LENGTH} characters")
        } else {
            match build.number(text) {
                Ok(value) => return Ok(value),
                Err(refusal) => refusal,
            }
        };
        Err(Box::new(Fault { kind: FaultKind::Malformed, message: refusal, steps: Vec::new() }))
    }

    fn digits(&mut self) -> Read<()> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return self.malformed("a digit");
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        Ok(())
    }

    fn word(&mut self, word: &str) -> Read<()> {
        if self.text[self.at..].starts_with(word) {
            self.at += word.len();
            return Ok(());
        }
        self.malformed(word)
    }

    fn take(&mut self, byte: u8) -> bool {
        let here = self.peek() == Some(byte);
        self.at += usize::from(here);
        here
    }

    fn end(&mut self) -> Read<()> {
        self.skip_space();
        if self.at == self.text.len() {
            return Ok(());
        }
        self.malformed("the end")
    }
}

#[cfg(test)]
#[path = "json_text_tests.rs"]
mod tests;
