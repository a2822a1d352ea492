//! What rules give that read nothing but the snapshot: worked out once, for all evaluations.
//!
//! Whether a rule is such shows in what it read ([`super::memo`]), not in its text: a result that came about without
//! input, time, chance and failing built-ins comes about in every evaluation. Only successes are kept. Where a partial
//! rule is asked for single keys, its whole value is tried once such lookups have cost enough, with a bound on the trial.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

use super::held::Held;
use super::machine::Machine;
use super::memo::{FAILED, INPUT, MOMENT};
use super::options::Options;
use crate::rego::plan::program::GroupId;
use crate::rego::values::Value;

/// What all kept values of a snapshot may hold, estimated.
const MAX_BYTES: u64 = 64 << 20;
/// Steps that lookups in a rule take before its whole value is tried.
const FIRST_TRIAL: u64 = 20_000;
/// A trial may take as many times the steps that lookups took; the next needs as many times more of them.
const TRIAL_STEPS: u64 = 2;
const NEXT_TRIAL: u64 = 4;
/// The part of the time left that a trial may take.
const TRIAL_TIME: u32 = 4;

/// The values of a snapshot, by group.
pub struct Kept {
    places: Box<[Place]>,
    bytes: AtomicU64,
}

#[derive(Default)]
struct Place {
    constant: OnceLock<Constant>,
    /// Steps that lookups by key took so far, and at how many the whole value is tried.
    lookups: AtomicU64,
    trial_at: AtomicU64,
}

/// A value, undefined included, and what it was read from.
pub struct Constant {
    pub value: Option<Value>,
    pub reads: u8,
}

impl Kept {
    pub fn new(groups: usize) -> Self {
        let place = || Place { trial_at: AtomicU64::new(FIRST_TRIAL), ..Place::default() };
        Kept { places: std::iter::repeat_with(place).take(groups).collect(), bytes: AtomicU64::new(0) }
    }
}

impl<'m> Machine<'m> {
    /// Where a group's value is kept, as long as nothing that it may have read is replaced.
    #[inline]
    fn place(&self, group: GroupId) -> Option<&'m Place> {
        let kept = self.kept?;
        let [_, data, functions] = self.world.stamps;
        if data != 0 || functions != 0 {
            return None;
        }
        kept.places.get(group as usize)
    }

    #[inline]
    pub(super) fn constant(&self, group: GroupId) -> Option<&'m Constant> {
        self.place(group)?.constant.get()
    }

    #[inline]
    fn read_the_snapshot_only(&self) -> bool {
        self.reads & (INPUT | MOMENT | FAILED) == 0
    }

    /// Keeps the value that a group has just given; `built` is what had been built before.
    pub(super) fn keep(&mut self, group: GroupId, value: Option<&Held<'m>>, built: u64) {
        if !self.read_the_snapshot_only() {
            return;
        }
        let (Some(kept), Some(place)) = (self.kept, self.place(group)) else { return };
        let bytes = self.bytes_built().saturating_sub(built);
        if kept.bytes.fetch_add(bytes, Relaxed).saturating_add(bytes) > MAX_BYTES {
            kept.bytes.fetch_sub(bytes, Relaxed);
            return;
        }
        let value = value.map(|value| value.value().clone());
        if place.constant.set(Constant { value, reads: self.reads }).is_err() {
            // Another evaluation was faster, with the same.
            kept.bytes.fetch_sub(bytes, Relaxed);
        }
    }

    /// Counts what a lookup by key took, and tries the whole value when that was much.
    pub(super) fn count_lookup(&self, group: GroupId, steps: u64) {
        let Some(place) = self.place(group).filter(|_| self.tries && self.read_the_snapshot_only()) else { return };
        let lookups = place.lookups.fetch_add(steps, Relaxed).saturating_add(steps);
        if lookups < place.trial_at.load(Relaxed) {
            return;
        }
        place.trial_at.store(lookups.saturating_mul(NEXT_TRIAL), Relaxed);
        self.try_whole(group, lookups.saturating_mul(TRIAL_STEPS));
    }

    #[cold]
    fn try_whole(&self, group: GroupId, steps: u64) {
        let now = Instant::now();
        let options = Options {
            max_steps: steps.min(self.options.max_steps),
            max_memory_bytes: MAX_BYTES.min(self.options.max_memory_bytes),
            deadline: self.options.deadline.map(|end| now + end.saturating_duration_since(now) / TRIAL_TIME),
            ..self.options.clone()
        };
        let mut machine = Machine::new(self.program, self.data, self.bases, None, &options);
        machine.kept = self.kept;
        machine.tries = false;
        // A success has been kept; a failure is that of the trial alone.
        let _ = machine.partial(group, &[]);
    }
}
