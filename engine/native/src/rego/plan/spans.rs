//! Which children of a node a reference can leave out: one index over the rules of many packages.
//!
//! `data.law[rule].violation[v]` ranges over hundreds of packages, of which few have a definition that the input lets
//! succeed. The index of each package says so one by one; a span says so for all at once. It serves references that
//! look into what they find (`.violation[v]`): there, an empty set, an empty object and undefined are the same nothing.

use std::collections::HashSet;

use super::index::Index;
use super::program::{GroupKind, Node, NodeId, Program};
use super::{demands, tree};
use crate::rego::analysis::Compiled;
use crate::rego::analysis::core::Rule;
use crate::rego::values::Value;

/// Fewer children are visited faster than left out.
const MIN_CHILDREN: usize = 4;
/// How many definitions spans may hold for each one that the policy has.
const MAX_SHARE: usize = 4;

/// A reference that ranges over the children of some nodes: keys up to there (`None` for those known later), and the
/// constant keys after it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Range {
    pub from: NodeId,
    pub before: Vec<Option<Value>>,
    pub after: Vec<Value>,
}

/// What can be left out of one node's children when the keys after it begin with `suffix` and go on.
#[derive(Debug)]
pub struct Span {
    pub suffix: Vec<Value>,
    /// Positions of the children that are always visited, ascending.
    pub always: Vec<u32>,
    /// The others by the demands of their rules; the position of a candidate is the child's.
    pub index: Index,
}

/// What one child has to say.
enum Child<'c> {
    Always,
    Nothing,
    Rules(Vec<&'c Rule>),
}

/// Makes the spans that `ranges` can use.
pub(super) fn build(compiled: &Compiled, program: &mut Program, ranges: &HashSet<Range>) {
    let mut left = compiled.rules.len().saturating_mul(MAX_SHARE);
    for range in ranges {
        for id in reached(program, range) {
            let known = |node: &Node| node.spans.iter().any(|span| span.suffix == range.after);
            let Some(node) = program.nodes.get(id as usize) else { continue };
            if node.group.is_some() || node.children.len() < MIN_CHILDREN || known(node) {
                continue;
            }
            let Some((span, size)) = span(compiled, program, node, &range.after) else { continue };
            let Some(rest) = left.checked_sub(size) else { return };
            left = rest;
            if let Some(node) = program.nodes.get_mut(id as usize) {
                node.spans.push(span);
            }
        }
    }
}

/// The nodes whose children the reference ranges over.
fn reached(program: &Program, range: &Range) -> Vec<NodeId> {
    let mut nodes = vec![range.from];
    for key in &range.before {
        let below = nodes.iter().filter_map(|id| program.nodes.get(*id as usize));
        nodes = match key {
            Some(key) => below.filter_map(|node| node.by_key.get(key).copied()).collect(),
            None => below.flat_map(|node| node.children.iter().map(|(_, child)| *child)).collect(),
        };
    }
    nodes
}

fn span(compiled: &Compiled, program: &Program, node: &Node, suffix: &[Value]) -> Option<(Span, usize)> {
    let mut always = Vec::new();
    let mut indexed = Vec::new();
    let mut size = 0;
    for (position, (_, child)) in node.children.iter().enumerate() {
        match look(compiled, program, *child, suffix) {
            Child::Always => always.push(position as u32),
            Child::Nothing => {}
            Child::Rules(rules) => {
                size += rules.len();
                indexed.push((position as u32, rules));
            }
        }
    }
    let index = demands::spanning(compiled, &indexed)?;
    Some((Span { suffix: suffix.to_vec(), always, index }, size))
}

fn look<'c>(compiled: &'c Compiled, program: &Program, child: NodeId, suffix: &[Value]) -> Child<'c> {
    let mut id = child;
    let mut keys = suffix.iter();
    loop {
        let Some(node) = program.nodes.get(id as usize) else { return Child::Always };
        let next = keys.next();
        let Some(group) = node.group.and_then(|group| program.groups.get(group as usize)) else {
            // Rules deeper than the suffix may be there; where no rules are, there is only base data.
            let Some(key) = next else { return Child::Always };
            let Some(below) = node.by_key.get(key) else { return Child::Nothing };
            id = *below;
            continue;
        };
        return match (group.kind, group.default) {
            (GroupKind::Function(_), _) => Child::Nothing,
            (_, Some(_)) => Child::Always,
            _ if next.is_some() => Child::Always,
            _ => Child::Rules(group.rules.iter().filter_map(|it| tree::rule_at(compiled, it.rule)).collect()),
        };
    }
}
