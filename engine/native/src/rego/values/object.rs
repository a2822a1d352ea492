//! Objects: values in the order of their keys, and the keys in a shape that objects of the same form share.

use std::sync::atomic::{AtomicU32, Ordering};

use triomphe::ThinArc;

use super::deep::{self, Meta};
use super::index::KeyIndex;
use super::{ObjectBuilder, Value};

/// The sorted, distinct keys of one or many objects.
#[derive(Clone)]
pub struct Shape(ThinArc<ShapeHeader, Value>);

impl std::fmt::Debug for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.keys().fmt(f)
    }
}

struct ShapeHeader {
    index: KeyIndex,
    /// Levels of the deepest key.
    depth: u32,
}

/// An immutable object, sorted by key.
#[derive(Clone)]
pub struct Object(pub(super) ThinArc<ObjectHeader, Value>);

pub(super) struct ObjectHeader {
    meta: Meta,
    shape: Shape,
}

/// Entries in the order of their keys.
pub type ObjectIter<'a> = std::iter::Zip<std::slice::Iter<'a, Value>, std::slice::Iter<'a, Value>>;

impl Shape {
    /// The caller promises keys that are sorted and distinct.
    pub(super) fn from_sorted(keys: Vec<Value>) -> Shape {
        let header = ShapeHeader { index: KeyIndex::default(), depth: deep::levels(&keys) };
        Shape(ThinArc::from_header_and_iter(header, keys.into_iter()))
    }

    pub fn keys(&self) -> &[Value] {
        &self.0.slice
    }

    #[inline]
    pub fn position(&self, key: &Value) -> Option<usize> {
        self.0.header.header.index.find(&self.0.slice, key)
    }

    pub fn same(&self, other: &Shape) -> bool {
        std::ptr::eq(self.0.as_ptr(), other.0.as_ptr())
    }
}

impl Object {
    pub fn empty() -> Object {
        static EMPTY: std::sync::OnceLock<Object> = std::sync::OnceLock::new();
        EMPTY.get_or_init(|| Object::build(Shape::from_sorted(Vec::new()), Vec::new())).clone()
    }

    /// `values` in the order of the shape's keys; `None` if there are more or fewer of them.
    pub fn with_shape(shape: Shape, values: Vec<Value>) -> Option<Object> {
        (shape.keys().len() == values.len()).then(|| Object::build(shape, values))
    }

    /// The caller promises as many values as the shape has keys, in their order.
    pub(super) fn build(shape: Shape, values: Vec<Value>) -> Object {
        Object::from_exact(shape, values.into_iter())
    }

    pub(super) fn from_exact(shape: Shape, values: impl ExactSizeIterator<Item = Value>) -> Object {
        let header = ObjectHeader { meta: Meta::default(), shape };
        let object = Object(ThinArc::from_header_and_iter(header, values));
        let below = deep::levels(object.values()).max(object.shape().0.header.header.depth);
        if object.meta().settle(below) {
            super::hash::object_hash(&object);
        }
        object
    }

    pub fn len(&self) -> usize {
        self.0.slice.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline]
    pub fn get(&self, key: &Value) -> Option<&Value> {
        self.0.slice.get(self.shape().position(key)?)
    }

    /// The value of a key that was at `hint` in another object; keeps where it is in this one.
    #[inline]
    pub fn get_near(&self, key: &Value, hint: &AtomicU32) -> Option<&Value> {
        let guess = hint.load(Ordering::Relaxed) as usize;
        if let (Some(Value::String(there)), Value::String(wanted)) = (self.keys().get(guess), key)
            && there == wanted
        {
            return self.0.slice.get(guess);
        }
        let position = self.shape().position(key)?;
        hint.store(position as u32, Ordering::Relaxed);
        self.0.slice.get(position)
    }

    pub fn contains_key(&self, key: &Value) -> bool {
        self.shape().position(key).is_some()
    }

    /// The entry at a position in key order.
    #[inline]
    pub fn entry(&self, position: usize) -> Option<(&Value, &Value)> {
        Some((self.keys().get(position)?, self.0.slice.get(position)?))
    }

    /// Keys, sorted.
    pub fn keys(&self) -> &[Value] {
        self.shape().keys()
    }

    /// Values, in the order of their keys.
    pub fn values(&self) -> &[Value] {
        &self.0.slice
    }

    pub fn iter(&self) -> ObjectIter<'_> {
        self.keys().iter().zip(self.values())
    }

    /// The keys with their positions: a site that remembers one may skip the search in objects of the same shape.
    pub fn shape(&self) -> &Shape {
        &self.0.header.header.shape
    }

    /// This object with one entry put in or replaced.
    pub fn with(&self, key: Value, value: Value) -> Object {
        match self.shape().position(&key) {
            Some(position) => {
                let mut values = self.values().to_vec();
                if let Some(old) = values.get_mut(position) {
                    *old = value;
                }
                Object::build(self.shape().clone(), values)
            }
            None => {
                let at = self.keys().partition_point(|existing| *existing < key);
                let mut keys = self.keys().to_vec();
                let mut values = self.values().to_vec();
                keys.insert(at, key);
                values.insert(at, value);
                Object::build(Shape::from_sorted(keys), values)
            }
        }
    }

    /// This object without one key.
    pub fn without(&self, key: &Value) -> Object {
        let Some(position) = self.shape().position(key) else { return self.clone() };
        let mut keys = self.keys().to_vec();
        let mut values = self.values().to_vec();
        keys.remove(position);
        values.remove(position);
        Object::build(Shape::from_sorted(keys), values)
    }

    /// Whether both are the same allocation: equal without looking.
    pub fn same(&self, other: &Object) -> bool {
        std::ptr::eq(self.0.as_ptr(), other.0.as_ptr())
    }

    pub(super) fn depth(&self) -> u32 {
        self.meta().depth()
    }

    pub(super) fn meta(&self) -> &Meta {
        &self.0.header.header.meta
    }
}

impl FromIterator<(Value, Value)> for Object {
    fn from_iter<I: IntoIterator<Item = (Value, Value)>>(entries: I) -> Object {
        let mut builder = ObjectBuilder::new();
        for (key, value) in entries {
            builder.insert(key, value);
        }
        builder.finish()
    }
}

impl<'a> IntoIterator for &'a Object {
    type Item = (&'a Value, &'a Value);
    type IntoIter = ObjectIter<'a>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        if self.depth() > deep::DROP_BY_RECURSION {
            self.0.with_arc_mut(|shared| {
                if let Some(unique) = triomphe::Arc::get_mut(shared) {
                    deep::drop_elements(unique.slice_mut());
                }
            });
        }
    }
}
