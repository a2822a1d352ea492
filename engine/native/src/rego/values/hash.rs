//! Hashes: equal values hash alike, whatever their text or the way they were built.

use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::LazyLock;

use foldhash::fast::RandomState;

use super::{Array, Object, Set, Value};

/// One seed for the process: who sends the keys cannot choose their collisions, and hashes can be kept in values.
static SEED: LazyLock<RandomState> = LazyLock::new(RandomState::default);

/// Hashes bytes with the process's seed, as strings and the JSON reader's tables do.
pub(super) fn hash_bytes(bytes: &[u8]) -> u64 {
    let mut hasher = SEED.build_hasher();
    hasher.write(bytes);
    hasher.finish()
}

/// Hashes the ids of keys, as the JSON reader tells forms of objects apart.
pub(super) fn hash_ids(ids: &[u32]) -> u64 {
    let mut hasher = SEED.build_hasher();
    ids.iter().for_each(|id| hasher.write_u32(*id));
    hasher.finish()
}

impl Value {
    /// The hash; kept in containers once computed.
    pub(crate) fn hash64(&self) -> u64 {
        match self {
            Value::Null => 0x9ae1_6a3b_2f90_404f,
            Value::Bool(truth) => 0xc3a5_c85c_97cb_3127 ^ u64::from(*truth),
            Value::Int(n) => int_hash(*n),
            Value::Decimal(text) => match text.integral_i64() {
                Some(n) => int_hash(n),
                None => {
                    let mut hasher = SEED.build_hasher();
                    text.hash_normal(&mut hasher);
                    hasher.finish()
                }
            },
            Value::String(text) => hash_bytes(text.as_bytes()),
            Value::Array(array) => widen(array_hash(array)),
            Value::Object(object) => widen(object_hash(object)),
            Value::Set(set) => widen(set_hash(set)),
        }
    }
}

fn int_hash(n: i64) -> u64 {
    let mut hasher = SEED.build_hasher();
    hasher.write_i64(n);
    hasher.finish()
}

fn widen(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn all<'a>(tag: u8, values: impl Iterator<Item = &'a Value>) -> u64 {
    let mut hasher = SEED.build_hasher();
    hasher.write_u8(tag);
    for value in values {
        hasher.write_u64(value.hash64());
    }
    hasher.finish()
}

pub(super) fn array_hash(array: &Array) -> u32 {
    array.meta().hash_or(|| all(1, array.iter()))
}

pub(super) fn object_hash(object: &Object) -> u32 {
    object.meta().hash_or(|| all(2, object.iter().flat_map(|(key, value)| [key, value])))
}

pub(super) fn set_hash(set: &Set) -> u32 {
    set.meta().hash_or(|| all(3, set.iter()))
}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Value::String(text) => text.hash(state),
            other => state.write_u64(other.hash64()),
        }
    }
}
