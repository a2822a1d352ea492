//! References: the root, the keys, and what a ground path into `data` leads to.

use super::Fault;
use super::program::{Entry, Key, NodeId, Pattern, Program, RefPlan, Root};
use super::scope::Scope;
use super::spans::Range;
use super::terms::constant;
use crate::rego::analysis::core::{Kind, Place, Term};
use crate::rego::values::Value;

impl Scope<'_> {
    /// A reference from its first element on. Free variables in it are bound afterwards.
    pub(super) fn reference(&mut self, terms: &[Term], at: Place) -> Result<RefPlan, Fault> {
        let (head, rest) = terms.split_first().ok_or_else(|| Fault::new("an empty reference", at))?;
        let name = head.as_var().ok_or_else(|| Fault::new("a reference that does not start with a variable", at))?;
        let root = match &**name {
            "input" => Some(Root::Input),
            "data" => None,
            _ => {
                let slot = self.slot(name);
                if !self.is_bound(slot) {
                    return Err(Fault::unbound(name, head.at));
                }
                Some(Root::Slot(slot))
            }
        };
        let keys = rest.iter().map(|term| self.key(term)).collect::<Result<Box<[Key]>, Fault>>()?;
        let root = root.unwrap_or_else(|| match entry(self.program, &keys) {
            Entry::Base(_, constants) => Root::Data(Entry::Base(self.base_path(&keys), constants)),
            Entry::Tree(node, used) => {
                self.note_ranges(node, keys.get(used..).unwrap_or_default());
                Root::Data(Entry::Tree(node, used))
            }
            entry => Root::Data(entry),
        });
        Ok(RefPlan::new(root, keys, at))
    }

    fn base_path(&mut self, keys: &[Key]) -> Option<u32> {
        let path: Vec<Value> = keys
            .iter()
            .map_while(|key| match key {
                Key::Constant(value) => Some(value.clone()),
                _ => None,
            })
            .collect();
        self.notes.as_deref_mut().map(|notes| notes.base_path(path))
    }

    /// Each free key below a node of the tree, if more than constant keys follow it.
    fn note_ranges(&mut self, from: NodeId, keys: &[Key]) {
        let Some(notes) = self.notes.as_deref_mut() else { return };
        let constant = |key: &Key| match key {
            Key::Constant(value) => Some(value.clone()),
            _ => None,
        };
        for (position, key) in keys.iter().enumerate() {
            let after: Vec<Value> = keys.iter().skip(position + 1).map_while(constant).collect();
            if key.is_free() && position + 1 + after.len() < keys.len() {
                let before = keys.iter().take(position).map(constant).collect();
                notes.ranges.insert(Range { from, before, after });
            }
        }
    }

    fn key(&mut self, term: &Term) -> Result<Key, Fault> {
        if let Some(value) = constant(term) {
            return Ok(Key::Constant(value));
        }
        if let Kind::Var(name) = &term.kind
            && self.has(name)
        {
            return Ok(Key::Slot(self.slot(name)));
        }
        if self.is_known(term) {
            return Ok(Key::Computed(self.expr(term)?));
        }
        if let Kind::Var(name) = &term.kind
            && self.unread.contains(name)
        {
            return Ok(Key::Free(Pattern::Any));
        }
        Ok(Key::Free(self.pattern(term)?))
    }
}

/// What the constant keys lead to.
pub(crate) fn entry(program: &Program, keys: &[Key]) -> Entry {
    let mut node = 0;
    for (used, key) in keys.iter().enumerate() {
        let Key::Constant(key) = key else { return Entry::Tree(node, used) };
        let Some(child) = child(program, node, key) else {
            let constants = keys.iter().take_while(|key| matches!(key, Key::Constant(_))).count();
            return Entry::Base(None, constants);
        };
        node = child;
        if let Some(group) = program.nodes.get(node as usize).and_then(|node| node.group) {
            return Entry::Group(group, used + 1);
        }
    }
    Entry::Tree(node, keys.len())
}

/// The child of a node.
pub(crate) fn child(program: &Program, node: u32, key: &Value) -> Option<u32> {
    program.nodes.get(node as usize)?.by_key.get(key).copied()
}
