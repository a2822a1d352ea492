//! Order and equality: OPA's total order, without recursion on deep values.
//!
//! Source: OPA's `ast/compare.go`: kinds in their order; strings by bytes; arrays and sets by element, then length;
//! objects by key, value, key, value, then length.

use std::cmp::Ordering;

use super::{Array, Decimal, Object, Set, Value};

/// Values of at most this many levels are compared by recursion.
const COMPARE_BY_RECURSION: u32 = 128;

impl Ord for Value {
    fn cmp(&self, other: &Value) -> Ordering {
        match (self, other) {
            (Value::Array(_), Value::Array(_))
            | (Value::Object(_), Value::Object(_))
            | (Value::Set(_), Value::Set(_)) => {
                if self.depth().min(other.depth()) > COMPARE_BY_RECURSION {
                    compare_deep(self, other)
                } else {
                    compare_shallow(self, other)
                }
            }
            _ => compare_scalars(self, other),
        }
    }
}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Value) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Eq for Value {}

impl PartialEq for Value {
    #[inline]
    fn eq(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::String(a), Value::String(b)) => a == b,
            (Value::Int(a), Value::Int(b)) => a == b,
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Array(a), Value::Array(b)) => a == b,
            (Value::Object(a), Value::Object(b)) => a == b,
            (Value::Set(a), Value::Set(b)) => a == b,
            (Value::Decimal(_), Value::Int(_) | Value::Decimal(_)) | (Value::Int(_), Value::Decimal(_)) => {
                compare_scalars(self, other) == Ordering::Equal
            }
            _ => false,
        }
    }
}

/// Whether the two hashes, where both are known, already tell the values apart.
fn known_to_differ(a: &super::deep::Meta, b: &super::deep::Meta) -> bool {
    a.depth() != b.depth() || matches!((a.known_hash(), b.known_hash()), (Some(x), Some(y)) if x != y)
}

macro_rules! equality {
    ($container:ident, $slices:expr) => {
        impl PartialEq for $container {
            fn eq(&self, other: &$container) -> bool {
                if self.same(other) {
                    return true;
                }
                if self.len() != other.len() || known_to_differ(self.meta(), other.meta()) {
                    return false;
                }
                if self.depth() > COMPARE_BY_RECURSION {
                    return compare_deep(&Value::$container(self.clone()), &Value::$container(other.clone())).is_eq();
                }
                let slices: fn(&$container, &$container) -> bool = $slices;
                slices(self, other)
            }
        }
        impl Eq for $container {}
        impl Ord for $container {
            fn cmp(&self, other: &$container) -> Ordering {
                Value::$container(self.clone()).cmp(&Value::$container(other.clone()))
            }
        }
        impl PartialOrd for $container {
            fn partial_cmp(&self, other: &$container) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }
    };
}

equality!(Array, |a, b| a.as_slice() == b.as_slice());
equality!(Set, |a, b| a.as_slice() == b.as_slice());
equality!(Object, |a, b| (a.shape().same(b.shape()) || a.keys() == b.keys()) && a.values() == b.values());

fn compare_scalars(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Decimal(a), Value::Decimal(b)) => a.compare(b),
        (Value::Int(a), Value::Decimal(b)) => Decimal::compare_int(*a, b),
        (Value::Decimal(a), Value::Int(b)) => Decimal::compare_int(*b, a).reverse(),
        _ => a.kind().cmp(&b.kind()),
    }
}

fn compare_shallow(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) if a.same(b) => Ordering::Equal,
        (Value::Array(a), Value::Array(b)) => a.as_slice().cmp(b.as_slice()),
        (Value::Set(a), Value::Set(b)) if a.same(b) => Ordering::Equal,
        (Value::Set(a), Value::Set(b)) => a.as_slice().cmp(b.as_slice()),
        (Value::Object(a), Value::Object(b)) if a.same(b) => Ordering::Equal,
        (Value::Object(a), Value::Object(b)) => a.iter().cmp(b.iter()),
        _ => compare_scalars(a, b),
    }
}

/// The elements of a container in the order they are compared in.
fn element(container: &Value, at: usize) -> Option<&Value> {
    match container {
        Value::Array(array) => array.get(at),
        Value::Set(set) => set.as_slice().get(at),
        Value::Object(object) if at.is_multiple_of(2) => object.keys().get(at / 2),
        Value::Object(object) => object.values().get(at / 2),
        _ => None,
    }
}

fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => a.same(b),
        (Value::Object(a), Value::Object(b)) => a.same(b),
        (Value::Set(a), Value::Set(b)) => a.same(b),
        _ => false,
    }
}

/// The same comparison with a list of what is open instead of recursion.
fn compare_deep(a: &Value, b: &Value) -> Ordering {
    let mut open: Vec<(&Value, &Value, usize)> = vec![(a, b, 0)];
    while let Some((a, b, at)) = open.pop() {
        if same(a, b) {
            continue;
        }
        let order = match (element(a, at), element(b, at)) {
            (None, None) => continue,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(x), Some(y)) => {
                open.push((a, b, at + 1));
                if x.kind() == y.kind() && x.depth().min(y.depth()) > COMPARE_BY_RECURSION {
                    open.push((x, y, 0));
                    continue;
                }
                x.cmp(y)
            }
        };
        if order.is_ne() {
            return order;
        }
    }
    Ordering::Equal
}
