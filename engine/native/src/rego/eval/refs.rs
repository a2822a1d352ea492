//! References: from a root, key by key, through base data, the tree of rules and what rules give.

use super::held::Held;
use super::machine::{Machine, Run};
use super::memo::{DATA, INPUT};
use super::stored;
use crate::rego::plan::program::{Entry, GroupId, GroupKind, Key, NodeId, Pattern, RefPlan, Root};
use crate::rego::values::Value;

/// What to do with each value that a reference reaches.
pub type Each<'k, 'm> = &'k mut dyn FnMut(&mut Machine<'m>, Held<'m>) -> Run;

impl<'m> Machine<'m> {
    /// The value of a reference without free variables.
    pub fn lookup(&mut self, plan: &'m RefPlan) -> Run<Option<Held<'m>>> {
        match plan.root {
            Root::Input => {
                self.reads |= INPUT;
                let Some(input) = &self.world.input else { return Ok(None) };
                if let Some(found) = constant_path(input, plan) {
                    return Ok(found);
                }
                let input = input.clone();
                self.descend(input, &plan.keys, false)
            }
            Root::Slot(slot) => {
                let value = self.slot(slot);
                if let Some(found) = constant_path(value, plan) {
                    return Ok(found);
                }
                let value = value.clone();
                self.descend(value, &plan.keys, false)
            }
            Root::Data(entry) => {
                if self.world.data.is_some() {
                    return self.last_of(plan);
                }
                match entry {
                    Entry::Group(group, used) => {
                        self.reads |= DATA;
                        self.lookup_group(group, plan.keys.get(used..).unwrap_or_default())
                    }
                    Entry::Base(path, used) => match self.base(path, used, &plan.keys) {
                        Some((base, rest)) => self.descend(base, rest, true),
                        None => Ok(None),
                    },
                    Entry::Tree(..) => self.last_of(plan),
                }
            }
        }
    }

    /// Base data at constant keys, and the keys after them.
    fn base(&mut self, path: Option<u32>, used: usize, keys: &'m [Key]) -> Option<(Held<'m>, &'m [Key])> {
        self.reads |= DATA;
        match path.and_then(|path| self.bases.get(path as usize)) {
            Some(found) => Some((Held::Borrowed(found.as_ref()?), keys.get(used..)?)),
            None => Some((Held::Borrowed(self.data), keys)),
        }
    }

    /// As [`Self::lookup`], by way of the general walk.
    fn last_of(&mut self, plan: &'m RefPlan) -> Run<Option<Held<'m>>> {
        let mut last = None;
        self.deeper(|machine| {
            machine.iterate(plan, &mut |_, value| {
                last = Some(value);
                Ok(())
            })
        })?;
        Ok(last)
    }

    fn lookup_group(&mut self, group: GroupId, keys: &'m [Key]) -> Run<Option<Held<'m>>> {
        let Some(value) = self.group_value(group, keys)? else { return Ok(None) };
        self.descend(value, keys, false)
    }

    /// What a group's value is, as far as the keys after it can tell.
    fn group_value(&mut self, group: GroupId, keys: &'m [Key]) -> Run<Option<Held<'m>>> {
        let Some(plan) = self.program.groups.get(group as usize) else { return Ok(None) };
        match plan.kind {
            GroupKind::Complete => self.complete(group),
            GroupKind::Function(_) => Ok(None),
            GroupKind::Set | GroupKind::Object => self.partial(group, keys),
        }
    }

    /// `stored`: what is walked is base data.
    fn descend(&mut self, from: Held<'m>, keys: &'m [Key], stored: bool) -> Run<Option<Held<'m>>> {
        let mut value = from;
        for key in keys {
            match self.step(value, key, stored)? {
                Some(next) => value = next,
                None => return Ok(None),
            }
        }
        Ok(Some(value))
    }

    #[inline]
    fn step(&mut self, from: Held<'m>, key: &'m Key, stored: bool) -> Run<Option<Held<'m>>> {
        match key {
            Key::Constant(key) => Ok(step_to(&from, key, stored)),
            Key::Slot(slot) => Ok(step_to(&from, self.slot(*slot).value(), stored)),
            Key::Computed(expr) => Ok(self.eval(expr)?.and_then(|key| step_to(&from, key.value(), stored))),
            Key::Free(_) => Ok(None),
        }
    }

    /// Calls `each` with every value of the reference; its free variables are bound by then.
    pub fn iterate(&mut self, plan: &'m RefPlan, each: Each<'_, 'm>) -> Run {
        match plan.root {
            Root::Input => {
                self.reads |= INPUT;
                match self.world.input.clone() {
                    Some(input) => self.ranged(input, &plan.keys, false, each),
                    None => Ok(()),
                }
            }
            Root::Slot(slot) => {
                let value = self.slot(slot).clone();
                self.ranged(value, &plan.keys, false, each)
            }
            Root::Data(entry) => {
                self.reads |= DATA;
                if self.world.data.is_some() {
                    return self.replaced(&mut Vec::new(), Some(0), &plan.keys, each);
                }
                match entry {
                    Entry::Group(group, used) => {
                        self.ranged_group(group, plan.keys.get(used..).unwrap_or_default(), each)
                    }
                    Entry::Base(path, used) => match self.base(path, used, &plan.keys) {
                        Some((base, rest)) => self.ranged(base, rest, true, each),
                        None => Ok(()),
                    },
                    Entry::Tree(node, used) => {
                        let constants = plan.keys.iter().take(used).filter_map(|key| match key {
                            Key::Constant(value) => Some(value),
                            _ => None,
                        });
                        let base = stored::find(self.data, constants).map(Held::Borrowed);
                        self.tree(node, base, plan.keys.get(used..).unwrap_or_default(), each)
                    }
                }
            }
        }
    }

    fn ranged_group(&mut self, group: GroupId, keys: &'m [Key], each: Each<'_, 'm>) -> Run {
        match self.group_value(group, keys)? {
            Some(value) => self.ranged(value, keys, false, each),
            None => Ok(()),
        }
    }

    /// Below a value.
    pub(super) fn below(&mut self, from: Held<'m>, keys: &'m [Key], each: Each<'_, 'm>) -> Run {
        self.ranged(from, keys, false, each)
    }

    fn ranged(&mut self, from: Held<'m>, keys: &'m [Key], stored: bool, each: Each<'_, 'm>) -> Run {
        let mut value = from;
        let mut rest = keys;
        while let Some((key, after)) = rest.split_first() {
            let Key::Free(pattern) = key else {
                match self.step(value, key, stored)? {
                    Some(next) => value = next,
                    None => return Ok(()),
                }
                rest = after;
                continue;
            };
            if let Pattern::Head(slot) = pattern
                && self.is_known(*slot)
            {
                match step_to(&value, self.slot(*slot).value(), stored) {
                    Some(next) => value = next,
                    None => return Ok(()),
                }
                rest = after;
                continue;
            }
            let length = value.value().container_len().unwrap_or(0);
            for position in 0..length {
                self.tick()?;
                let (fits, element) = match pattern {
                    Pattern::Any => (true, value.element(position)),
                    _ => match value.entry(position) {
                        Some((key, element)) => (self.matches(pattern, key)?, Some(element)),
                        None => (false, None),
                    },
                };
                let Some(element) = element else { break };
                if fits {
                    if after.is_empty() {
                        each(self, element)?;
                    } else {
                        self.deeper(|machine| machine.ranged(element, after, stored, each))?;
                    }
                }
            }
            return Ok(());
        }
        each(self, value)
    }

    /// Below a node of the tree of rules that has no rules itself; nothing of data is replaced.
    fn tree(&mut self, node: NodeId, base: Option<Held<'m>>, keys: &'m [Key], each: Each<'_, 'm>) -> Run {
        let Some((key, after)) = keys.split_first() else {
            return match self.extent(node, base)? {
                Some(value) => each(self, value),
                None => Ok(()),
            };
        };
        let known = match key {
            Key::Constant(key) => Some(Held::Borrowed(key)),
            Key::Slot(slot) => Some(self.slot(*slot).clone()),
            Key::Computed(expr) => match self.eval(expr)? {
                Some(key) => Some(key),
                None => return Ok(()),
            },
            Key::Free(Pattern::Head(slot)) if self.is_known(*slot) => Some(self.slot(*slot).clone()),
            Key::Free(_) => None,
        };
        if let Some(key) = known {
            return self.tree_step(node, base, key.value(), after, each);
        }
        let Key::Free(pattern) = key else { return Ok(()) };
        if let Some(base) = &base {
            let length = base.value().container_len().unwrap_or(0);
            for position in 0..length {
                self.tick()?;
                let Some((key, _)) = base.entry(position) else { break };
                let name = key.value().clone();
                if self.hides(node, &name) || !self.matches(pattern, key)? {
                    continue;
                }
                self.deeper(|machine| machine.tree_step(node, Some(base.clone()), &name, after, each))?;
            }
        }
        let program = self.program;
        let Some(plan) = program.nodes.get(node as usize) else { return Ok(()) };
        // Who watches sees every child, as in OPA.
        if self.options.indexing
            && self.watcher.is_none()
            && let Some(span) = plan.spans.iter().find(|span| span.serves(after))
        {
            for position in self.visited(span) {
                let Some((key, _)) = plan.children.get(position as usize) else { continue };
                self.tree_child(node, base.as_ref(), key, pattern, after, each)?;
            }
            return Ok(());
        }
        for (key, _) in &plan.children {
            self.tree_child(node, base.as_ref(), key, pattern, after, each)?;
        }
        Ok(())
    }

    /// One child of a node that a reference ranges over, unless base data has had its turn under that key.
    fn tree_child(
        &mut self,
        node: NodeId,
        base: Option<&Held<'m>>,
        key: &'m Value,
        pattern: &'m Pattern,
        after: &'m [Key],
        each: Each<'_, 'm>,
    ) -> Run {
        self.tick()?;
        if base.is_some_and(|base| base.get(key).is_some()) && !self.hides(node, key) {
            return Ok(());
        }
        if self.matches(pattern, Held::Borrowed(key))? {
            self.deeper(|machine| machine.tree_step(node, base.cloned(), key, after, each))?;
        }
        Ok(())
    }

    fn tree_step(
        &mut self,
        node: NodeId,
        base: Option<Held<'m>>,
        key: &Value,
        after: &'m [Key],
        each: Each<'_, 'm>,
    ) -> Run {
        let program = self.program;
        let child = program.nodes.get(node as usize).and_then(|node| node.by_key.get(key).copied());
        let Some(child) = child else {
            return match base.and_then(|base| stored::get_held(&base, key)) {
                Some(value) => self.ranged(value, after, true, each),
                None => Ok(()),
            };
        };
        match program.nodes.get(child as usize).and_then(|node| node.group) {
            Some(group) => self.ranged_group(group, after, each),
            None => {
                let base = base.and_then(|base| stored::get_held(&base, key));
                self.deeper(|machine| machine.tree(child, base, after, each))
            }
        }
    }

    /// `data.system` of the base is not seen from the root.
    pub(super) fn hides(&self, node: NodeId, key: &Value) -> bool {
        node == 0 && key.as_str() == Some("system")
    }
}

#[inline]
fn step_to<'m>(from: &Held<'m>, key: &Value, stored: bool) -> Option<Held<'m>> {
    if stored { stored::get_held(from, key) } else { from.get(key) }
}

/// The value at keys that are all constants, in one go; the outer `None`: some are not.
#[inline]
fn constant_path<'m>(from: &Held<'m>, plan: &RefPlan) -> Option<Option<Held<'m>>> {
    match from {
        Held::Borrowed(from) => Some(constant_steps(from, plan)?.map(Held::Borrowed)),
        Held::Own(from) => Some(constant_steps(from, plan)?.cloned().map(Held::Own)),
        Held::Free => None,
    }
}

fn constant_steps<'v>(from: &'v Value, plan: &RefPlan) -> Option<Option<&'v Value>> {
    let mut value = from;
    for (key, hint) in plan.keys.iter().zip(&plan.hints) {
        let Key::Constant(key) = key else { return None };
        match value.get_near(key, hint) {
            Some(next) => value = next,
            None => return Some(None),
        }
    }
    Some(Some(value))
}
