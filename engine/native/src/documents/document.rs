//! A document: plain values, what is in a collection before the collection, and the place of each.

use super::places::{Places, Step, Symbol};

/// A value's number in its document.
pub type Id = u32;

#[derive(Debug, PartialEq)]
pub enum Value {
    Null,
    Flag(bool),
    Integer(i64),
    /// An integer beyond 64 bits, as it is written: digits with a sign, or behind `0x` or `0o`.
    LongInteger(String),
    Float(f64),
    Text(String),
    Sequence(Vec<Id>),
    /// Entries in the order of the text, merged ones last.
    Mapping(Vec<(Symbol, Id)>),
}

/// One document. A collection comes after all that is in it; what aliases stand for is there once.
#[derive(Debug)]
pub struct Document {
    pub values: Vec<Value>,
    pub root: Id,
    pub places: Places,
    /// How numbers were written where the value loses it, and the ways to them.
    pub spellings: Vec<(Vec<Step>, String)>,
    /// The ways to words that YAML 1.1 takes for true or false.
    pub doubtful: Vec<Vec<Step>>,
}

impl Document {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self.values.get(self.root as usize), None | Some(Value::Null))
    }
}

impl Document {
    pub(super) fn push(&mut self, value: Value) -> Id {
        self.values.push(value);
        Id::try_from(self.values.len() - 1).unwrap_or(Id::MAX)
    }
}
