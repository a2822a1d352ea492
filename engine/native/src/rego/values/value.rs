//! The value itself: its kinds, its constructors, the questions one asks of it.

use std::sync::atomic::AtomicU32;

use num_bigint::BigInt;

use super::{Array, Decimal, Number, Object, Set, Str};

/// One value of Rego. See [`Kind`] for the kinds OPA knows; the two number variants are one kind.
#[derive(Clone, Default)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    /// A number written as a plain integer of 64 bits: most of them.
    Int(i64),
    /// Every other number, by its text: `1.0`, `1e3`, `-0`, `18446744073709551616`.
    Decimal(Decimal),
    String(Str),
    Array(Array),
    Object(Object),
    Set(Set),
}

/// The kinds of values, in OPA's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
    Set,
}

impl Kind {
    /// The name OPA's `type_name` and its operand errors use.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Null => "null",
            Kind::Boolean => "boolean",
            Kind::Number => "number",
            Kind::String => "string",
            Kind::Array => "array",
            Kind::Object => "object",
            Kind::Set => "set",
        }
    }
}

const _: () = assert!(size_of::<Value>() == 16 && size_of::<Option<Value>>() == 16);

impl Value {
    pub fn array(elements: Vec<Value>) -> Value {
        Value::Array(Array::from(elements))
    }

    /// An object; of equal keys the last value wins, under the first key.
    pub fn object(entries: impl IntoIterator<Item = (Value, Value)>) -> Value {
        Value::Object(entries.into_iter().collect())
    }

    /// A set; of equal elements the first is kept.
    pub fn set(elements: impl IntoIterator<Item = Value>) -> Value {
        Value::Set(elements.into_iter().collect())
    }

    pub fn string(text: &str) -> Value {
        Value::String(Str::new(text))
    }

    pub fn empty_object() -> Value {
        Value::Object(Object::empty())
    }

    pub fn kind(&self) -> Kind {
        match self {
            Value::Null => Kind::Null,
            Value::Bool(_) => Kind::Boolean,
            Value::Int(_) | Value::Decimal(_) => Kind::Number,
            Value::String(_) => Kind::String,
            Value::Array(_) => Kind::Array,
            Value::Object(_) => Kind::Object,
            Value::Set(_) => Kind::Set,
        }
    }

    /// OPA's name of the kind: `null`, `boolean`, `number`, `string`, `array`, `object`, `set`.
    pub fn type_name(&self) -> &'static str {
        self.kind().name()
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    pub fn is_number(&self) -> bool {
        matches!(self, Value::Int(_) | Value::Decimal(_))
    }

    /// Whether this is `false`: the one value, beside undefined, that fails an expression.
    #[inline]
    pub fn is_false(&self) -> bool {
        matches!(self, Value::Bool(false))
    }

    pub fn as_bool(&self) -> Option<bool> {
        if let Value::Bool(truth) = self { Some(*truth) } else { None }
    }

    pub fn as_number(&self) -> Option<Number> {
        match self {
            Value::Int(n) => Some(Number::Int(*n)),
            Value::Decimal(text) => Some(Number::Decimal(text.clone())),
            _ => None,
        }
    }

    /// The integer, if this number is *written* as one that fits (`1.0` is not): what an array index must be.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Value::Int(n) => Some(*n),
            Value::Decimal(text) => text.plain_i64(),
            _ => None,
        }
    }

    pub fn as_str(&self) -> Option<&str> {
        if let Value::String(text) = self { Some(text.as_str()) } else { None }
    }

    pub fn as_array(&self) -> Option<&Array> {
        if let Value::Array(array) = self { Some(array) } else { None }
    }

    pub fn as_object(&self) -> Option<&Object> {
        if let Value::Object(object) = self { Some(object) } else { None }
    }

    pub fn as_set(&self) -> Option<&Set> {
        if let Value::Set(set) = self { Some(set) } else { None }
    }

    /// One step of a reference: an array by index, an object by key, a set by element (which is then the result).
    #[inline]
    pub fn get(&self, key: &Value) -> Option<&Value> {
        match self {
            Value::Object(object) => object.get(key),
            Value::Array(array) => array.get(array_index(key)?),
            Value::Set(set) => set.get(key),
            _ => None,
        }
    }

    /// As [`Self::get`], for a key that was at `hint` in another object.
    #[inline]
    pub fn get_near(&self, key: &Value, hint: &AtomicU32) -> Option<&Value> {
        if let Value::Object(object) = self { object.get_near(key, hint) } else { self.get(key) }
    }

    /// A field of an object by its name; `None` for everything else.
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.as_object()?.get(&Value::string(name))
    }

    /// How many elements or entries; `None` for scalars (and for strings, whose length is in characters).
    pub fn container_len(&self) -> Option<usize> {
        match self {
            Value::Array(array) => Some(array.len()),
            Value::Object(object) => Some(object.len()),
            Value::Set(set) => Some(set.len()),
            _ => None,
        }
    }

    /// Levels of containers: 0 for a scalar, 1 for `[]` or `[1]`, 2 for `[[1]]`.
    pub fn depth(&self) -> u32 {
        match self {
            Value::Array(array) => array.depth(),
            Value::Object(object) => object.depth(),
            Value::Set(set) => set.depth(),
            _ => 0,
        }
    }
}

/// An array index as OPA accepts one: `1` and `1.0`, but not `1e0`.
pub(crate) fn array_index(key: &Value) -> Option<usize> {
    match key {
        Value::Int(n) => usize::try_from(*n).ok(),
        Value::Decimal(text) => usize::try_from(text.index_i64()?).ok(),
        _ => None,
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Value {
        Value::Bool(truth)
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Value {
        Value::Int(n)
    }
}

impl From<i32> for Value {
    fn from(n: i32) -> Value {
        Value::Int(i64::from(n))
    }
}

impl From<u64> for Value {
    fn from(n: u64) -> Value {
        i64::try_from(n).map_or_else(|_| Value::from(Number::from_bigint(&BigInt::from(n))), Value::Int)
    }
}

impl From<usize> for Value {
    fn from(n: usize) -> Value {
        Value::from(n as u64)
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Value {
        match number {
            Number::Int(n) => Value::Int(n),
            Number::Decimal(text) => Value::Decimal(text),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::string(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::string(&text)
    }
}

impl From<Str> for Value {
    fn from(text: Str) -> Value {
        Value::String(text)
    }
}

impl From<Array> for Value {
    fn from(array: Array) -> Value {
        Value::Array(array)
    }
}

impl From<Vec<Value>> for Value {
    fn from(elements: Vec<Value>) -> Value {
        Value::array(elements)
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Value {
        Value::Object(object)
    }
}

impl From<Set> for Value {
    fn from(set: Set) -> Value {
        Value::Set(set)
    }
}
