//! Whole documents: base data merged with what the rules below a path give, replaced parts seen in their place.

use super::held::Held;
use super::machine::{Machine, Run};
use super::refs::Each;
use crate::rego::plan::program::{GroupId, GroupKind, Key, NodeId, Pattern};
use crate::rego::values::Value;

impl<'m> Machine<'m> {
    /// The document at a node without rules of its own; nothing of data is replaced.
    pub(super) fn extent(&mut self, node: NodeId, base: Option<Held<'m>>) -> Run<Option<Held<'m>>> {
        let base = match base {
            Some(base) if node == 0 => Some(without_system(base)),
            other => other,
        };
        let rules = Value::object(self.leaves(node)?);
        Ok(Some(match base {
            None => Held::Own(rules),
            Some(base) => Held::Own(merged(base.value(), &rules)),
        }))
    }

    fn leaves(&mut self, node: NodeId) -> Run<Vec<(Value, Value)>> {
        let program = self.program;
        let mut entries = Vec::new();
        let Some(plan) = program.nodes.get(node as usize) else { return Ok(entries) };
        for (key, child) in &plan.children {
            self.tick()?;
            let Some(below) = program.nodes.get(*child as usize) else { continue };
            if below.hidden {
                continue;
            }
            let value = match below.group {
                Some(group) => self.whole_group(group)?.map(Held::into_value),
                None => Some(Value::object(self.deeper(|machine| machine.leaves(*child))?)),
            };
            if let Some(value) = value {
                entries.push((key.clone(), value));
            }
        }
        Ok(entries)
    }

    fn whole_group(&mut self, group: GroupId) -> Run<Option<Held<'m>>> {
        match self.program.groups.get(group as usize).map(|group| group.kind) {
            Some(GroupKind::Complete) => self.complete(group),
            Some(GroupKind::Set | GroupKind::Object) => self.partial(group, &[]),
            _ => Ok(None),
        }
    }

    /// A reference into data while parts of it are replaced. `path` is what has been walked; `node` is where that is in
    /// the tree of rules, unless a target covers it.
    pub(super) fn replaced(
        &mut self,
        path: &mut Vec<Value>,
        node: Option<NodeId>,
        keys: &'m [Key],
        each: Each<'_, 'm>,
    ) -> Run {
        let Some((key, after)) = keys.split_first() else {
            return match self.replaced_extent(path, node)? {
                Some(value) => each(self, Held::Own(value)),
                None => Ok(()),
            };
        };
        let known = match key {
            Key::Constant(key) => Some(key.clone()),
            Key::Slot(slot) => Some(self.slot(*slot).value().clone()),
            Key::Computed(expr) => match self.eval(expr)? {
                Some(key) => Some(key.into_value()),
                None => return Ok(()),
            },
            Key::Free(Pattern::Head(slot)) if self.is_known(*slot) => Some(self.slot(*slot).value().clone()),
            Key::Free(_) => None,
        };
        if let Some(key) = known {
            return self.replaced_step(path, node, key, after, each);
        }
        let Key::Free(pattern) = key else { return Ok(()) };
        let base = self.replaced_base(path).map(Held::Own);
        let length = base.as_ref().and_then(|base| base.value().container_len()).unwrap_or(0);
        for position in 0..length {
            self.tick()?;
            let Some((key, _)) = base.as_ref().and_then(|base| base.entry(position)) else { break };
            let name = key.value().clone();
            if self.matches(pattern, key)? {
                self.deeper(|machine| machine.replaced_step(path, node, name, after, each))?;
            }
        }
        let program = self.program;
        let Some(plan) = node.and_then(|node| program.nodes.get(node as usize)) else { return Ok(()) };
        for (key, _) in &plan.children {
            self.tick()?;
            if base.as_ref().is_some_and(|base| base.get(key).is_some()) {
                continue;
            }
            if self.matches(pattern, Held::Borrowed(key))? {
                self.deeper(|machine| machine.replaced_step(path, node, key.clone(), after, each))?;
            }
        }
        Ok(())
    }

    fn replaced_step(
        &mut self,
        path: &mut Vec<Value>,
        node: Option<NodeId>,
        key: Value,
        after: &'m [Key],
        each: Each<'_, 'm>,
    ) -> Run {
        let program = self.program;
        let child = node.and_then(|node| program.nodes.get(node as usize)?.by_key.get(&key).copied());
        path.push(key);
        let child = child.filter(|_| !self.covers(path));
        let group = child.and_then(|child| program.nodes.get(child as usize)?.group);
        let result = match group {
            Some(group) => {
                let kind = program.groups.get(group as usize).map(|group| group.kind);
                let value = match kind {
                    Some(GroupKind::Complete) => self.complete(group),
                    Some(GroupKind::Set | GroupKind::Object) => self.partial(group, after),
                    _ => Ok(None),
                };
                match value {
                    Ok(Some(value)) => self.below(value, after, each),
                    Ok(None) => Ok(()),
                    Err(halt) => Err(halt),
                }
            }
            None => self.deeper(|machine| machine.replaced(path, child, after, each)),
        };
        path.pop();
        result
    }

    fn covers(&self, path: &[Value]) -> bool {
        self.world.data.as_ref().is_some_and(|replaced| replaced.covers(path))
    }

    /// Base data at a path, replacements merged into it, or alone where a target covers the path.
    pub(super) fn replaced_base(&self, path: &[Value]) -> Option<Value> {
        let replaced = self.world.data.as_ref()?;
        let new = replaced.document.as_ref().and_then(|document| find(document, path));
        if replaced.covers(path) {
            return new.cloned();
        }
        let old = super::stored::find(self.data, path).cloned();
        let old = if path.is_empty() { old.map(|old| without_system(Held::Own(old)).into_value()) } else { old };
        match (new, old) {
            (Some(new), Some(old)) => Some(merged(new, &old)),
            (Some(new), None) => Some(new.clone()),
            (None, old) => old,
        }
    }

    fn replaced_extent(&mut self, path: &mut Vec<Value>, node: Option<NodeId>) -> Run<Option<Value>> {
        let base = self.replaced_base(path);
        let Some(node) = node else { return Ok(base) };
        let rules = self.replaced_leaves(path, node)?;
        Ok(Some(match base {
            Some(base) => merged(&base, &rules),
            None => rules,
        }))
    }

    fn replaced_leaves(&mut self, path: &mut Vec<Value>, node: NodeId) -> Run<Value> {
        let program = self.program;
        let mut entries = Vec::new();
        let children = program.nodes.get(node as usize).map(|node| node.children.as_slice()).unwrap_or_default();
        for (key, child) in children {
            self.tick()?;
            let Some(below) = program.nodes.get(*child as usize) else { continue };
            if below.hidden {
                continue;
            }
            path.push(key.clone());
            let value = match below.group {
                Some(_) if self.covers(path) => Ok(self.replaced_base(path)),
                Some(group) => self.whole_group(group).map(|value| value.map(Held::into_value)),
                None => self.deeper(|machine| machine.replaced_leaves(path, *child)).map(Some),
            };
            path.pop();
            if let Some(value) = value? {
                entries.push((key.clone(), value));
            }
        }
        Ok(Value::object(entries))
    }
}

fn find<'v>(document: &'v Value, path: &[Value]) -> Option<&'v Value> {
    path.iter().try_fold(document, |value, key| value.get(key))
}

fn without_system(base: Held<'_>) -> Held<'_> {
    match base.value() {
        Value::Object(object) => {
            let key = Value::string("system");
            if object.contains_key(&key) { Held::Own(Value::Object(object.without(&key))) } else { base }
        }
        _ => base,
    }
}

/// Both documents, objects entry by entry; where both have something else, the first.
pub fn merged(first: &Value, second: &Value) -> Value {
    let (Value::Object(a), Value::Object(b)) = (first, second) else { return first.clone() };
    if b.is_empty() {
        return first.clone();
    }
    if a.is_empty() {
        return second.clone();
    }
    let mut entries: Vec<(Value, Value)> = Vec::with_capacity(a.len() + b.len());
    for (key, value) in a {
        let value = match b.get(key) {
            Some(other) => merged(value, other),
            None => value.clone(),
        };
        entries.push((key.clone(), value));
    }
    entries.extend(b.iter().filter(|(key, _)| !a.contains_key(key)).map(|(key, value)| (key.clone(), value.clone())));
    Value::object(entries)
}
