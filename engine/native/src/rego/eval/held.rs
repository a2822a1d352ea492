//! A value during evaluation: borrowed from what outlives it (data, input, constants), or held.

use crate::rego::values::Value;

/// What a slot holds. Borrowing is the usual case and costs no reference count.
#[derive(Debug, Clone, Default)]
pub enum Held<'m> {
    /// Nothing yet.
    #[default]
    Free,
    Borrowed(&'m Value),
    Own(Value),
}

const _: () = assert!(size_of::<Held<'_>>() == 16);

const NULL: Value = Value::Null;

impl<'m> Held<'m> {
    /// The value; null for a free slot, which planning does not let happen.
    #[inline]
    pub fn value(&self) -> &Value {
        match self {
            Held::Borrowed(value) => value,
            Held::Own(value) => value,
            Held::Free => &NULL,
        }
    }

    /// The value, if there is one yet.
    pub fn known(&self) -> Option<&Value> {
        match self {
            Held::Free => None,
            held => Some(held.value()),
        }
    }

    /// True if dropping this does nothing.
    #[inline]
    pub fn is_plain(&self) -> bool {
        matches!(self, Held::Free | Held::Borrowed(_) | Held::Own(Value::Null | Value::Bool(_) | Value::Int(_)))
    }

    #[inline]
    pub fn into_value(self) -> Value {
        match self {
            Held::Borrowed(value) => value.clone(),
            Held::Own(value) => value,
            Held::Free => Value::Null,
        }
    }

    /// One step of a reference.
    #[inline]
    pub fn get(&self, key: &Value) -> Option<Held<'m>> {
        match self {
            Held::Borrowed(value) => value.get(key).map(Held::Borrowed),
            Held::Own(value) => value.get(key).cloned().map(Held::Own),
            Held::Free => None,
        }
    }

    /// Several steps at once.
    pub fn find<'k>(&self, keys: impl IntoIterator<Item = &'k Value>) -> Option<Held<'m>> {
        match self {
            Held::Borrowed(value) => {
                let mut value: &'m Value = value;
                for key in keys {
                    value = value.get(key)?;
                }
                Some(Held::Borrowed(value))
            }
            Held::Own(value) => {
                let mut value = value;
                for key in keys {
                    value = value.get(key)?;
                }
                Some(Held::Own(value.clone()))
            }
            Held::Free => None,
        }
    }

    /// What is at a position, as [`Self::entry`] has it, without its key.
    #[inline]
    pub fn element(&self, position: usize) -> Option<Held<'m>> {
        fn of(value: &Value, position: usize) -> Option<&Value> {
            match value {
                Value::Array(array) => array.as_slice().get(position),
                Value::Object(object) => object.values().get(position),
                Value::Set(set) => set.as_slice().get(position),
                _ => None,
            }
        }
        match self {
            Held::Borrowed(value) => of(value, position).map(Held::Borrowed),
            Held::Own(value) => of(value, position).cloned().map(Held::Own),
            Held::Free => None,
        }
    }

    /// The entry at a position: the key and what is there. Arrays count, sets are their own keys.
    #[inline]
    pub fn entry(&self, position: usize) -> Option<(Held<'m>, Held<'m>)> {
        match self {
            Held::Borrowed(value) => match value {
                Value::Array(array) => Some((index_key(position), Held::Borrowed(array.as_slice().get(position)?))),
                Value::Object(object) => {
                    let (key, value) = object.entry(position)?;
                    Some((Held::Borrowed(key), Held::Borrowed(value)))
                }
                Value::Set(set) => {
                    let element = set.as_slice().get(position)?;
                    Some((Held::Borrowed(element), Held::Borrowed(element)))
                }
                _ => None,
            },
            Held::Own(value) => match value {
                Value::Array(array) => Some((index_key(position), Held::Own(array.as_slice().get(position)?.clone()))),
                Value::Object(object) => {
                    let (key, value) = object.entry(position)?;
                    Some((Held::Own(key.clone()), Held::Own(value.clone())))
                }
                Value::Set(set) => {
                    let element = set.as_slice().get(position)?.clone();
                    Some((Held::Own(element.clone()), Held::Own(element)))
                }
                _ => None,
            },
            Held::Free => None,
        }
    }
}

fn index_key<'m>(position: usize) -> Held<'m> {
    Held::Own(Value::Int(i64::try_from(position).unwrap_or(i64::MAX)))
}
