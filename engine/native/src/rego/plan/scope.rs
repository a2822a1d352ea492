//! The variables of one rule or query while it is planned: their slots, and which of them are bound so far.

use std::collections::{HashMap, HashSet};

use super::marks::Names;
use super::program::{Program, Slot};
use super::spans::Range;
use super::{Fault, Slots};
use crate::rego::analysis::core::{Name, Place};
use crate::rego::values::Value;

/// How deep terms and bodies may nest: planning is recursive.
const MAX_NESTING: u32 = 2_000;

pub(crate) struct Scope<'a> {
    pub(super) program: &'a Program,
    slots: Slots,
    next: Slot,
    bound: HashSet<Slot>,
    /// Variables of the head have the slots below this.
    head: Slot,
    nesting: u32,
    /// Variables that stand at one place only.
    pub(super) unread: HashSet<Name>,
    pub(super) notes: Option<&'a mut Notes>,
    /// Given if the plan is to have marks.
    pub(super) names_of_author: Option<&'a Names>,
}

/// What planning meets in the rules and prepares for all of them, each once: paths of base data, and references that
/// range over packages.
#[derive(Default)]
pub(crate) struct Notes {
    ids: HashMap<Vec<Value>, u32>,
    pub(super) base_paths: Vec<Vec<Value>>,
    pub(super) ranges: HashSet<Range>,
}

impl Notes {
    pub(super) fn base_path(&mut self, path: Vec<Value>) -> u32 {
        if let Some(id) = self.ids.get(&path) {
            return *id;
        }
        let id = self.base_paths.len() as u32;
        self.ids.insert(path.clone(), id);
        self.base_paths.push(path);
        id
    }
}

impl<'a> Scope<'a> {
    pub(crate) fn new(program: &'a Program) -> Self {
        Scope {
            program,
            slots: Slots::new(),
            next: 0,
            bound: HashSet::new(),
            head: 0,
            nesting: 0,
            unread: HashSet::new(),
            notes: None,
            names_of_author: None,
        }
    }

    /// Gives a variable of the head its slot; to be called before anything else is planned.
    pub(super) fn declare_head(&mut self, name: &Name) -> Slot {
        let slot = self.slot(name);
        self.head = self.next;
        slot
    }

    pub(super) fn slot(&mut self, name: &Name) -> Slot {
        if let Some(slot) = self.slots.get(name) {
            return *slot;
        }
        let slot = self.fresh();
        self.slots.insert(name.clone(), slot);
        slot
    }

    /// The slot of a variable that has been met.
    pub(super) fn known_slot(&self, name: &Name) -> Option<Slot> {
        self.slots.get(name).copied()
    }

    /// A slot without a name.
    pub(super) fn fresh(&mut self) -> Slot {
        let slot = self.next;
        self.next = self.next.saturating_add(1);
        slot
    }

    pub(super) fn is_head(&self, slot: Slot) -> bool {
        slot < self.head
    }

    pub(crate) fn is_bound(&self, slot: Slot) -> bool {
        self.bound.contains(&slot)
    }

    pub(super) fn has(&self, name: &Name) -> bool {
        self.slots.get(name).is_some_and(|slot| self.bound.contains(slot))
    }

    pub(super) fn bind(&mut self, slot: Slot) {
        self.bound.insert(slot);
    }

    pub(crate) fn names(&self) -> Vec<(Name, Slot)> {
        self.slots.iter().map(|(name, slot)| (name.clone(), *slot)).collect()
    }

    pub(crate) fn slots(&self) -> u32 {
        self.next
    }

    /// Plans something whose bindings end with it.
    pub(super) fn closed<T>(&mut self, plan: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        let before = self.bound.clone();
        let planned = plan(self);
        self.bound = before;
        planned
    }

    /// Plans something one level deeper.
    pub(super) fn deeper<T>(
        &mut self,
        at: Place,
        plan: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        if self.nesting >= MAX_NESTING {
            return Err(Fault::new("policy is nested too deeply", at));
        }
        self.nesting += 1;
        let planned = plan(self);
        self.nesting -= 1;
        planned
    }
}
