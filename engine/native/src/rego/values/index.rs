//! Finding a key among sorted keys: by comparing few, by halving more, by a hash table when there are many.

use std::sync::OnceLock;

use super::Value;

/// Up to here each key is compared: cheaper than anything cleverer for the objects policies look at.
const COMPARE_EACH: usize = 8;

/// From here on a table of positions is built at the first search.
const HASH_FROM: usize = 33;

/// The table of positions by hash: open addressing, a power of two, at most half full; 0 is empty, else position + 1.
#[derive(Default, Debug)]
pub(super) struct KeyIndex(OnceLock<Box<[u32]>>);

impl KeyIndex {
    /// The position of `key` in `keys`, which are sorted and never change.
    pub fn find(&self, keys: &[Value], key: &Value) -> Option<usize> {
        if keys.len() <= COMPARE_EACH {
            if let Value::String(text) = key {
                return keys.iter().position(|candidate| matches!(candidate, Value::String(other) if other == text));
            }
            return keys.iter().position(|candidate| candidate == key);
        }
        if keys.len() < HASH_FROM || u32::try_from(keys.len()).is_err() {
            return keys.binary_search(key).ok();
        }
        let table = self.0.get_or_init(|| build(keys));
        let mask = table.len() - 1;
        let mut slot = key.hash64() as usize & mask;
        loop {
            let position = match table.get(slot)? {
                0 => return None,
                filled => *filled as usize - 1,
            };
            if keys.get(position)? == key {
                return Some(position);
            }
            slot = (slot + 1) & mask;
        }
    }
}

fn build(keys: &[Value]) -> Box<[u32]> {
    let mut table = vec![0_u32; (keys.len() * 2).next_power_of_two()].into_boxed_slice();
    let mask = table.len() - 1;
    for (position, key) in keys.iter().enumerate() {
        let mut slot = key.hash64() as usize & mask;
        while let Some(filled) = table.get_mut(slot) {
            if *filled == 0 {
                *filled = position as u32 + 1;
                break;
            }
            slot = (slot + 1) & mask;
        }
    }
    table
}
