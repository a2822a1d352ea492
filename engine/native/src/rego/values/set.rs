//! Sets: sorted, distinct elements, with a table of positions when there are many.

use triomphe::ThinArc;

use super::deep::{self, Meta};
use super::index::KeyIndex;
use super::{SetBuilder, Value};

/// An immutable set.
#[derive(Clone)]
pub struct Set(pub(super) ThinArc<SetHeader, Value>);

pub(super) struct SetHeader {
    meta: Meta,
    index: KeyIndex,
}

impl Set {
    pub fn empty() -> Set {
        static EMPTY: std::sync::OnceLock<Set> = std::sync::OnceLock::new();
        EMPTY.get_or_init(|| Set::from_sorted(Vec::new())).clone()
    }

    /// The caller promises elements that are sorted and distinct.
    pub(super) fn from_sorted(elements: Vec<Value>) -> Set {
        let header = SetHeader { meta: Meta::default(), index: KeyIndex::default() };
        let set = Set(ThinArc::from_header_and_iter(header, elements.into_iter()));
        if set.meta().settle(deep::levels(set.iter())) {
            super::hash::set_hash(&set);
        }
        set
    }

    pub fn len(&self) -> usize {
        self.0.slice.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The element equal to `value`, as this set holds it.
    pub fn get(&self, value: &Value) -> Option<&Value> {
        self.0.slice.get(self.position(value)?)
    }

    pub fn contains(&self, value: &Value) -> bool {
        self.position(value).is_some()
    }

    pub fn position(&self, value: &Value) -> Option<usize> {
        self.0.header.header.index.find(&self.0.slice, value)
    }

    /// Elements, sorted.
    pub fn as_slice(&self) -> &[Value] {
        &self.0.slice
    }

    pub fn iter(&self) -> std::slice::Iter<'_, Value> {
        self.0.slice.iter()
    }

    /// Elements of either; of equal ones this set's.
    pub fn union(&self, other: &Set) -> Set {
        if other.is_empty() {
            return self.clone();
        }
        let mut merged = Vec::with_capacity(self.len() + other.len());
        let (mut left, mut right) = (self.iter().peekable(), other.iter().peekable());
        loop {
            match (left.peek(), right.peek()) {
                (Some(a), Some(b)) => match a.cmp(b) {
                    std::cmp::Ordering::Less => merged.extend(left.next().cloned()),
                    std::cmp::Ordering::Greater => merged.extend(right.next().cloned()),
                    std::cmp::Ordering::Equal => {
                        merged.extend(left.next().cloned());
                        right.next();
                    }
                },
                (Some(_), None) => merged.extend(left.by_ref().cloned()),
                (None, Some(_)) => merged.extend(right.by_ref().cloned()),
                (None, None) => return Set::from_sorted(merged),
            }
        }
    }

    /// Elements that both have, as the smaller set holds them (this one, if neither is smaller).
    pub fn intersection(&self, other: &Set) -> Set {
        let (small, large) = if other.len() < self.len() { (other, self) } else { (self, other) };
        Set::from_sorted(small.iter().filter(|element| large.contains(element)).cloned().collect())
    }

    /// Elements of this set that the other has not.
    pub fn difference(&self, other: &Set) -> Set {
        Set::from_sorted(self.iter().filter(|element| !other.contains(element)).cloned().collect())
    }

    /// Whether both are the same allocation: equal without looking.
    pub fn same(&self, other: &Set) -> bool {
        std::ptr::eq(self.0.as_ptr(), other.0.as_ptr())
    }

    pub(super) fn depth(&self) -> u32 {
        self.meta().depth()
    }

    pub(super) fn meta(&self) -> &Meta {
        &self.0.header.header.meta
    }
}

/// Up to here sorting finds equal elements faster than a table.
const SORT_UP_TO: usize = 64;

impl From<Vec<Value>> for Set {
    /// Of equal elements the first is kept.
    fn from(mut elements: Vec<Value>) -> Set {
        if elements.is_empty() {
            return Set::empty();
        }
        if elements.len() > SORT_UP_TO {
            return elements.into_iter().collect();
        }
        if !elements.is_sorted_by(|a, b| a < b) {
            elements.sort();
            elements.dedup();
        }
        Set::from_sorted(elements)
    }
}

impl FromIterator<Value> for Set {
    fn from_iter<I: IntoIterator<Item = Value>>(elements: I) -> Set {
        let mut builder = SetBuilder::new();
        for element in elements {
            builder.insert(element);
        }
        builder.finish()
    }
}

impl<'a> IntoIterator for &'a Set {
    type Item = &'a Value;
    type IntoIter = std::slice::Iter<'a, Value>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Drop for Set {
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
