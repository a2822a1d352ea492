//! What a built-in may know beyond its operands: time, chance, the runtime's description, and how much is left to spend.
//!
//! One context lives as long as one evaluation. Whatever must stay the same within it (a random number for equal
//! arguments, the current time) is kept here; state that families need is theirs, under their own type.

use std::any::{Any, TypeId};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use super::operands::BuiltinError;
use crate::rego::errors::EVAL_CANCEL;
use crate::rego::values::Value;

/// The message of a cancelled or exhausted evaluation, as OPA has it.
pub const CANCELLED: &str = "caller cancelled query execution";

/// How many ticks pass between two looks at the clock.
const TICKS_PER_LOOK: u64 = 1024;

/// Which other machines an evaluation may reach.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Hosts {
    #[default]
    None,
    All,
    /// Those of a capabilities file's `allow_net`.
    Only(Arc<BTreeSet<String>>),
}

impl Hosts {
    /// # Errors
    /// The host may not be reached, in OPA's words.
    pub fn check(&self, host: &str) -> Result<(), BuiltinError> {
        let is_allowed = match self {
            Hosts::None => false,
            Hosts::All => true,
            Hosts::Only(hosts) => hosts.contains(host),
        };
        if is_allowed { Ok(()) } else { Err(BuiltinError::failure(format!("disallowed host: {host}"))) }
    }
}

/// The state of one evaluation that built-ins share.
pub struct Context {
    /// Wall clock at the start of the evaluation, in nanoseconds since 1970.
    pub now_ns: i64,
    /// What `opa.runtime()` answers.
    pub runtime: Value,
    /// Where chance starts. The same seed gives the same evaluation.
    pub seed: u64,
    /// Set from outside to stop the evaluation.
    pub cancel: Option<Arc<AtomicBool>>,
    /// When the evaluation must have ended.
    pub deadline: Option<Instant>,
    /// Steps that are left; each built-in counts its own loops.
    pub steps_left: u64,
    /// Bytes that built-ins may still produce.
    pub bytes_left: u64,
    /// Messages of `trace(…)`, in order.
    pub notes: Vec<String>,
    /// The hosts that may be looked up and asked.
    pub hosts: Hosts,
    remembered: HashMap<(&'static str, Vec<Value>), Option<Value>>,
    states: HashMap<TypeId, Box<dyn Any + Send>>,
    ticks: u64,
    random: u64,
}

impl Default for Context {
    fn default() -> Self {
        Context::new(0, 0)
    }
}

impl Context {
    /// A context without limits and without network.
    pub fn new(now_ns: i64, seed: u64) -> Self {
        Context {
            now_ns,
            runtime: Value::empty_object(),
            seed,
            cancel: None,
            deadline: None,
            steps_left: u64::MAX,
            bytes_left: u64::MAX,
            notes: Vec::new(),
            hosts: Hosts::None,
            remembered: HashMap::new(),
            states: HashMap::new(),
            ticks: 0,
            random: seed,
        }
    }

    /// Count one step of a loop inside a built-in.
    ///
    /// # Errors
    /// `eval_cancel_error` if the evaluation was cancelled, ran out of time or out of steps.
    #[inline]
    pub fn tick(&mut self) -> Result<(), BuiltinError> {
        if self.steps_left == 0 {
            return Err(BuiltinError::halt(EVAL_CANCEL, "evaluation used up its steps"));
        }
        self.steps_left -= 1;
        self.ticks = self.ticks.wrapping_add(1);
        if self.ticks.is_multiple_of(TICKS_PER_LOOK) { self.look() } else { Ok(()) }
    }

    /// Ask for room before building a large result.
    ///
    /// # Errors
    /// `eval_cancel_error` if the evaluation may not produce that much any more.
    pub fn reserve(&mut self, bytes: u64) -> Result<(), BuiltinError> {
        match self.bytes_left.checked_sub(bytes) {
            Some(left) => {
                self.bytes_left = left;
                Ok(())
            }
            None => Err(BuiltinError::halt(EVAL_CANCEL, "evaluation used up its memory")),
        }
    }

    /// # Errors
    /// `eval_cancel_error` if the evaluation was cancelled or ran out of time.
    #[cold]
    pub fn look(&self) -> Result<(), BuiltinError> {
        let cancelled = self.cancel.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed));
        let late = self.deadline.is_some_and(|deadline| Instant::now() >= deadline);
        if cancelled || late { Err(BuiltinError::halt(EVAL_CANCEL, CANCELLED)) } else { Ok(()) }
    }

    /// What an earlier call with the same arguments gave, for built-ins that must not change their mind.
    pub fn recall(&self, name: &'static str, operands: &[Value]) -> Option<Option<Value>> {
        self.remembered.get(&(name, operands.to_vec())).cloned()
    }

    pub fn remember(&mut self, name: &'static str, operands: &[Value], result: Option<Value>) {
        self.remembered.insert((name, operands.to_vec()), result);
    }

    /// A family's own state, created on first use and dropped with the evaluation.
    pub fn state<T: Any + Send + Default>(&mut self) -> &mut T {
        let state = self.states.entry(TypeId::of::<T>()).or_insert_with(|| Box::<T>::default());
        if !state.is::<T>() {
            *state = Box::<T>::default();
        }
        match state.downcast_mut::<T>() {
            Some(state) => state,
            None => unreachable!("the state under a type's id has that type"),
        }
    }

    /// The next number of the evaluation's random sequence (SplitMix64). Not for secrets.
    pub fn random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
