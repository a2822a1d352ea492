//! Arrays: one shared allocation of exactly the elements.

use triomphe::ThinArc;

use super::Value;
use super::deep::{self, Meta};

/// An immutable array.
#[derive(Clone)]
pub struct Array(pub(super) ThinArc<Meta, Value>);

impl Array {
    pub fn empty() -> Array {
        static EMPTY: std::sync::OnceLock<Array> = std::sync::OnceLock::new();
        EMPTY.get_or_init(|| Array::from(Vec::new())).clone()
    }

    /// From values that know their number, without a vector in between.
    pub(super) fn from_exact(elements: impl ExactSizeIterator<Item = Value>) -> Array {
        let array = Array(ThinArc::from_header_and_iter(Meta::default(), elements));
        if array.meta().settle(deep::levels(array.iter())) {
            super::hash::array_hash(&array);
        }
        array
    }

    pub fn len(&self) -> usize {
        self.0.slice.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, index: usize) -> Option<&Value> {
        self.0.slice.get(index)
    }

    pub fn as_slice(&self) -> &[Value] {
        &self.0.slice
    }

    pub fn iter(&self) -> std::slice::Iter<'_, Value> {
        self.0.slice.iter()
    }

    /// Whether both are the same allocation: equal without looking.
    pub fn same(&self, other: &Array) -> bool {
        std::ptr::eq(self.0.as_ptr(), other.0.as_ptr())
    }

    pub(super) fn depth(&self) -> u32 {
        self.0.header.header.depth()
    }

    pub(super) fn meta(&self) -> &Meta {
        &self.0.header.header
    }
}

impl From<Vec<Value>> for Array {
    fn from(elements: Vec<Value>) -> Array {
        Array::from_exact(elements.into_iter())
    }
}

impl FromIterator<Value> for Array {
    fn from_iter<I: IntoIterator<Item = Value>>(elements: I) -> Array {
        Array::from(elements.into_iter().collect::<Vec<_>>())
    }
}

impl<'a> IntoIterator for &'a Array {
    type Item = &'a Value;
    type IntoIter = std::slice::Iter<'a, Value>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Drop for Array {
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
