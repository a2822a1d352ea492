//! Depth: what every container knows of the levels below it, and how deep values are dropped without recursion.

use std::sync::atomic::{AtomicU32, Ordering};

use super::Value;

/// Values with more levels than this are taken apart with a list instead of by recursion.
pub(super) const DROP_BY_RECURSION: u32 = 128;

/// Every so many levels a container's hash is computed when it is built, so that a hash asked for later never
/// recurses further than this.
const HASH_EVERY: u32 = 64;

/// What a container keeps beside its elements: its levels, and its hash once someone asked.
#[derive(Debug, Default)]
pub(super) struct Meta {
    /// Set once, when the elements are in place and before anyone else sees the container.
    depth: AtomicU32,
    hash: AtomicU32,
}

impl Meta {
    /// Notes the levels below; whether the container's hash should be computed at once.
    pub fn settle(&self, below: u32) -> bool {
        let depth = below.saturating_add(1);
        self.depth.store(depth, Ordering::Relaxed);
        depth.is_multiple_of(HASH_EVERY)
    }

    pub fn depth(&self) -> u32 {
        self.depth.load(Ordering::Relaxed)
    }

    /// The hash, computed at most once (or twice at the same time, with the same outcome).
    pub fn hash_or(&self, compute: impl FnOnce() -> u64) -> u32 {
        match self.hash.load(Ordering::Relaxed) {
            0 => {
                let wide = compute();
                let hash = ((wide >> 32) as u32 ^ wide as u32).max(1);
                self.hash.store(hash, Ordering::Relaxed);
                hash
            }
            known => known,
        }
    }

    /// The hash if it is known already.
    pub fn known_hash(&self) -> Option<u32> {
        match self.hash.load(Ordering::Relaxed) {
            0 => None,
            hash => Some(hash),
        }
    }
}

/// The most levels among these values.
pub(super) fn levels<'a>(values: impl IntoIterator<Item = &'a Value>) -> u32 {
    values.into_iter().map(Value::depth).max().unwrap_or(0)
}

/// Empties a deep container's elements one container at a time.
pub(super) fn drop_elements(elements: &mut [Value]) {
    let mut waiting: Vec<Value> = Vec::new();
    take_deep(elements, &mut waiting);
    while let Some(mut value) = waiting.pop() {
        match &mut value {
            Value::Array(array) => array.0.with_arc_mut(|shared| {
                if let Some(unique) = triomphe::Arc::get_mut(shared) {
                    take_deep(unique.slice_mut(), &mut waiting);
                }
            }),
            Value::Object(object) => object.0.with_arc_mut(|shared| {
                if let Some(unique) = triomphe::Arc::get_mut(shared) {
                    take_deep(unique.slice_mut(), &mut waiting);
                }
            }),
            Value::Set(set) => set.0.with_arc_mut(|shared| {
                if let Some(unique) = triomphe::Arc::get_mut(shared) {
                    take_deep(unique.slice_mut(), &mut waiting);
                }
            }),
            _ => {}
        }
        // What is dropped here has no deep element left, so its own drop finds nothing more to do.
    }
}

fn take_deep(elements: &mut [Value], waiting: &mut Vec<Value>) {
    for element in elements {
        if element.depth() > 0 {
            waiting.push(std::mem::replace(element, Value::Null));
        }
    }
}
