//! Partial sets and objects: built whole, or only as far as the known keys of a reference ask.
//!
//! `data.p[k]` with `k` known matches `k` with each definition's head before its body runs. A definition whose head
//! says otherwise does not run; the others have fewer solutions.

use foldhash::fast::RandomState;
use hashbrown::hash_map::Entry;
use hashbrown::{HashMap, HashSet};
use smallvec::SmallVec;

use super::expr::ELEMENT_BYTES;
use super::held::Held;
use super::machine::{Machine, Run};
use crate::rego::plan::program::{Group, GroupId, GroupKind, HeadKey, Key, KnownKey, Pattern, RulePlan};
use crate::rego::values::{Set, Value};

const CONFLICT: &str = "object keys must be unique";

type Entries = HashMap<Value, Grown, RandomState>;

/// An object under construction, or what is at its leaves.
enum Grown {
    Value(Value),
    Set(Vec<Value>, HashSet<Value, RandomState>),
    Object(Entries),
}

impl<'m> Machine<'m> {
    /// The set or object of a group, as far as `keys` can tell: other parts of it may be missing.
    pub fn partial(&mut self, id: GroupId, keys: &'m [Key]) -> Run<Option<Held<'m>>> {
        if let Some(whole) = self.recall_group(id) {
            return Ok(whole);
        }
        let Some(group) = self.program.groups.get(id as usize) else { return Ok(None) };
        let mut known: SmallVec<[Option<Value>; 2]> = SmallVec::new();
        for key in keys.iter().take(group.max_suffix) {
            known.push(match key {
                Key::Constant(value) => Some(value.clone()),
                Key::Slot(slot) => Some(self.slot(*slot).value().clone()),
                Key::Computed(expr) => match self.eval(expr)? {
                    Some(value) => Some(value.into_value()),
                    None => return Ok(None),
                },
                Key::Free(Pattern::Head(slot)) if self.is_known(*slot) => Some(self.slot(*slot).value().clone()),
                Key::Free(_) => None,
            });
            if known.len() == 1 && known.first().is_some_and(Option::is_none) {
                break;
            }
        }
        while known.last().is_some_and(Option::is_none) {
            known.pop();
        }
        if known.is_empty() {
            return self.tracked(|machine| {
                let built = machine.bytes_built();
                let value = machine.deeper(|machine| machine.grow(group, &[]))?;
                machine.remember_group(id, Some(Held::Own(value.clone())), built);
                Ok(Some(Held::Own(value)))
            });
        }
        let key = (id, known);
        if let Some(part) = self.recall_keys(&key) {
            return Ok(part);
        }
        self.tracked(|machine| {
            let steps = machine.steps_taken();
            let value = machine.deeper(|machine| machine.grow(group, &key.1))?;
            machine.count_lookup(id, machine.steps_taken() - steps);
            machine.charge(64 + 16 * key.1.len() as u64)?;
            machine.remember_keys(key, Some(Held::Own(value.clone())));
            Ok(Some(Held::Own(value)))
        })
    }

    fn grow(&mut self, group: &'m Group, known: &[Option<Value>]) -> Run<Value> {
        if group.kind == GroupKind::Set {
            return self.grow_set(group, known);
        }
        let mut root = Entries::default();
        // Paths of values put so far: none may lie below another.
        let mut paths: Vec<Vec<Value>> = Vec::new();
        let nested = group.max_suffix > 1;
        for candidate in self.tries_of(group, &[]).0.iter() {
            if candidate.link != 0 {
                continue;
            }
            let Some(rule) = self.rule(candidate.rule) else { continue };
            self.solutions(rule, known, &mut |machine, rule| {
                let mut path = Vec::with_capacity(rule.suffix.len());
                for key in &rule.suffix {
                    match machine.eval(&key.value)? {
                        Some(key) => path.push(key.into_value()),
                        None => return Ok(()),
                    }
                }
                if nested {
                    let below = |other: &Vec<Value>| path.len() > other.len() && path.starts_with(other);
                    if paths.iter().any(below) {
                        return Err(machine.conflict(CONFLICT, rule.head_at));
                    }
                    if !paths.contains(&path) {
                        paths.push(path.clone());
                    }
                }
                machine.put(&mut root, path, rule)
            })?;
        }
        Ok(finished(Grown::Object(root)))
    }

    fn grow_set(&mut self, group: &'m Group, known: &[Option<Value>]) -> Run<Value> {
        let mut members = Vec::new();
        for candidate in self.tries_of(group, &[]).0.iter() {
            if candidate.link != 0 {
                continue;
            }
            let Some(rule) = self.rule(candidate.rule) else { continue };
            self.solutions(rule, known, &mut |machine, rule| {
                let Some(member) = &rule.member else { return Ok(()) };
                if let Some(value) = machine.eval(&member.value)? {
                    machine.charge(ELEMENT_BYTES)?;
                    members.push(value.into_value());
                }
                Ok(())
            })?;
        }
        Ok(Value::Set(Set::from(members)))
    }

    /// Calls `each` for each solution of the definition that known keys leave.
    fn solutions(
        &mut self,
        rule: &'m RulePlan,
        known: &[Option<Value>],
        each: &mut dyn FnMut(&mut Machine<'m>, &'m RulePlan) -> Run,
    ) -> Run {
        self.framed(rule.slots, |machine| {
            for (key, value) in rule.suffix.iter().chain(&rule.member).zip(known) {
                if let Some(value) = value
                    && !machine.narrow(key, value)
                {
                    return Ok(());
                }
            }
            machine.run(&rule.body, &mut |machine| each(machine, rule))
        })
    }

    /// Whether the head can have the key there; binds its variable.
    fn narrow(&mut self, head: &'m HeadKey, value: &Value) -> bool {
        match &head.known {
            KnownKey::Open => true,
            KnownKey::Constant(constant) => constant == value,
            KnownKey::Slot(slot) => {
                if self.is_known(*slot) {
                    return self.slot(*slot).value() == value;
                }
                self.set(*slot, Held::Own(value.clone()));
                self.known |= 1 << slot;
                true
            }
        }
    }

    /// Puts one solution at its path.
    fn put(&mut self, root: &mut Entries, path: Vec<Value>, rule: &'m RulePlan) -> Run {
        let mut path = path;
        let Some(leaf) = path.pop() else { return Ok(()) };
        let mut node = root;
        for key in path {
            self.charge(ELEMENT_BYTES)?;
            match node.entry(key).or_insert_with(|| Grown::Object(Entries::default())) {
                Grown::Object(below) => node = below,
                _ => return Err(self.conflict(CONFLICT, rule.head_at)),
            }
        }
        if let Some(member) = &rule.member {
            let Some(value) = self.eval(&member.value)? else { return Ok(()) };
            self.charge(ELEMENT_BYTES)?;
            let value = value.into_value();
            match node.entry(leaf).or_insert_with(|| Grown::Set(Vec::new(), Default::default())) {
                Grown::Set(members, seen) => {
                    if seen.insert(value.clone()) {
                        members.push(value);
                    }
                    return Ok(());
                }
                _ => return Err(self.conflict(CONFLICT, rule.head_at)),
            }
        }
        let Some(value) = &rule.value else { return Ok(()) };
        let Some(value) = self.eval(value)? else { return Ok(()) };
        self.charge(2 * ELEMENT_BYTES)?;
        match node.entry(leaf) {
            Entry::Vacant(free) => {
                free.insert(Grown::Value(value.into_value()));
                Ok(())
            }
            // The entry stays as it was first written: of equal keys and values the first are kept.
            Entry::Occupied(taken) if matches!(taken.get(), Grown::Value(old) if old == value.value()) => Ok(()),
            Entry::Occupied(_) => Err(self.conflict(CONFLICT, rule.head_at)),
        }
    }
}

fn finished(grown: Grown) -> Value {
    match grown {
        Grown::Value(value) => value,
        Grown::Set(members, _) => Value::set(members),
        // As deep as a head's reference is long, which planning bounds.
        Grown::Object(entries) => Value::object(entries.into_iter().map(|(key, below)| (key, finished(below)))),
    }
}
