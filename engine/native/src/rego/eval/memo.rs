//! What rules and functions gave, so that they run once.
//!
//! A result holds as long as nothing that it read has been replaced by `with`. Each thing that can be replaced has a
//! bit; each replacement has a number of its own, zero meaning none. A result is kept twice: as computed without any
//! replacement, and as computed last.

use foldhash::fast::RandomState;
use hashbrown::HashMap;
use smallvec::SmallVec;

use super::held::Held;
use super::machine::Machine;
use crate::rego::plan::program::GroupId;
use crate::rego::values::Value;

/// Bits of [`Machine::reads`].
pub const INPUT: u8 = 1;
pub const DATA: u8 = 2;
pub const FUNCTIONS: u8 = 4;
/// The time, chance, or the world outside: no other evaluation may have that result.
pub const MOMENT: u8 = 8;
/// A built-in failed on the way.
pub const FAILED: u8 = 16;

/// A result, undefined included, and what it depends on.
#[derive(Debug, Clone)]
pub struct Entry<'m> {
    pub value: Option<Held<'m>>,
    pub(super) reads: u8,
    stamps: [u32; 3],
}

#[derive(Debug, Default)]
struct Pair<'m> {
    plain: Option<Entry<'m>>,
    last: Option<Entry<'m>>,
}

/// A lookup in a partial rule: its group and the keys that are known.
pub type Keys = (GroupId, SmallVec<[Option<Value>; 2]>);
/// A call: its function and arguments.
pub type Arguments = (GroupId, SmallVec<[Value; 4]>);

#[derive(Debug)]
pub struct Memory<'m> {
    /// By group: one more than the place in `pairs`, zero for none. Cleared memory costs little, pairs would.
    places: Vec<u32>,
    pairs: Vec<Pair<'m>>,
    keyed: HashMap<Keys, Pair<'m>, RandomState>,
    calls: HashMap<Arguments, Pair<'m>, RandomState>,
}

impl<'m> Memory<'m> {
    pub fn new(groups: usize) -> Self {
        Memory {
            places: vec![0; groups],
            pairs: Vec::with_capacity(groups.min(32)),
            keyed: HashMap::with_hasher(RandomState::default()),
            calls: HashMap::with_hasher(RandomState::default()),
        }
    }

    #[inline]
    fn group(&self, group: GroupId) -> Option<&Pair<'m>> {
        let place = self.places.get(group as usize)?.checked_sub(1)?;
        self.pairs.get(place as usize)
    }

    fn group_mut(&mut self, group: GroupId) -> Option<&mut Pair<'m>> {
        let place = self.places.get_mut(group as usize)?;
        if *place == 0 {
            self.pairs.push(Pair::default());
            *place = u32::try_from(self.pairs.len()).unwrap_or(0);
        }
        self.pairs.get_mut(place.checked_sub(1)? as usize)
    }
}

impl<'m> Pair<'m> {
    fn find(&self, stamps: [u32; 3]) -> Option<&Entry<'m>> {
        [&self.last, &self.plain].into_iter().flatten().find(|entry| entry.holds(stamps))
    }

    fn put(&mut self, entry: Entry<'m>) {
        if entry.stamps == [0; 3] || entry.reads == 0 { self.plain = Some(entry) } else { self.last = Some(entry) }
    }
}

impl Entry<'_> {
    fn holds(&self, stamps: [u32; 3]) -> bool {
        let pairs = self.stamps.iter().zip(stamps);
        pairs.enumerate().all(|(bit, (then, now))| self.reads & (1 << bit) == 0 || *then == now)
    }
}

impl<'m> Machine<'m> {
    /// As [`Self::recall_group`], looked at where it is.
    #[inline]
    pub(super) fn recalled(&self, group: GroupId) -> Option<&Entry<'m>> {
        self.memory.group(group)?.find(self.world.stamps)
    }

    /// What the group gave, if that still holds: `Some(None)` for undefined.
    #[inline]
    pub fn recall_group(&mut self, group: GroupId) -> Option<Option<Held<'m>>> {
        if let Some(entry) = self.memory.group(group).and_then(|pair| pair.find(self.world.stamps)) {
            self.reads |= entry.reads;
            return Some(entry.value.clone());
        }
        let constant = self.constant(group)?;
        self.reads |= constant.reads;
        let value = constant.value.as_ref().map(Held::Borrowed);
        let entry = Entry { value: value.clone(), reads: constant.reads, stamps: self.world.stamps };
        if let Some(pair) = self.memory.group_mut(group) {
            pair.put(entry);
        }
        Some(value)
    }

    /// `built` is what the evaluation had built before the group's rules ran.
    pub fn remember_group(&mut self, group: GroupId, value: Option<Held<'m>>, built: u64) {
        self.keep(group, value.as_ref(), built);
        let entry = self.entry(value);
        if let Some(pair) = self.memory.group_mut(group) {
            pair.put(entry);
        }
    }

    pub fn recall_keys(&mut self, keys: &Keys) -> Option<Option<Held<'m>>> {
        let entry = self.memory.keyed.get(keys)?.find(self.world.stamps)?;
        self.reads |= entry.reads;
        Some(entry.value.clone())
    }

    pub fn remember_keys(&mut self, keys: Keys, value: Option<Held<'m>>) {
        let entry = self.entry(value);
        self.memory.keyed.entry(keys).or_default().put(entry);
    }

    pub fn recall_call(&mut self, call: &Arguments) -> Option<Option<Held<'m>>> {
        let entry = self.memory.calls.get(call)?.find(self.world.stamps)?;
        self.reads |= entry.reads;
        Some(entry.value.clone())
    }

    pub fn remember_call(&mut self, call: Arguments, value: Option<Held<'m>>) {
        let entry = self.entry(value);
        self.memory.calls.entry(call).or_default().put(entry);
    }

    fn entry(&self, value: Option<Held<'m>>) -> Entry<'m> {
        Entry { value, reads: self.reads, stamps: self.world.stamps }
    }

    /// Runs `inner` and tells apart what it reads from what was read before.
    pub fn tracked<T>(&mut self, inner: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::take(&mut self.reads);
        let result = inner(self);
        self.reads |= before;
        result
    }
}
