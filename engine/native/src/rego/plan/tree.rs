//! The tree of rules as arrays of nodes and groups.

use super::index::Candidate;
use super::program::{Group, GroupKind, Node, NodeId, Program, RuleIndex};
use super::terms::constant;
use super::{Fault, demands};
use crate::rego::analysis::Compiled;
use crate::rego::analysis::core::{Name, Rule, Term};
use crate::rego::analysis::tree::{self, Step};
use crate::rego::values::{Number, Value};

/// How deep a path of rules may be.
const MAX_DEPTH: usize = 2_000;

/// Fills in nodes and groups. Rules are planned later, under the same numbers as in analysis.
pub(super) fn build(compiled: &Compiled, program: &mut Program) -> Result<(), Fault> {
    let data = compiled.tree.children.get(&Step::Var(Name::from("data")));
    let empty = tree::Node::default();
    add(compiled, data.unwrap_or(&empty), Vec::new(), program)?;
    Ok(())
}

fn add(compiled: &Compiled, from: &tree::Node, path: Vec<Value>, program: &mut Program) -> Result<NodeId, Fault> {
    if path.len() > MAX_DEPTH {
        return Err(Fault::new("a path of rules is too deep", Default::default()));
    }
    let id = program.nodes.len() as NodeId;
    program.nodes.push(Node { path: path.clone(), hidden: from.hidden, ..Node::default() });
    let mut rules = from.rules.clone();
    let ranges = rules.iter().filter_map(|id| rule(compiled, *id)).any(has_free_reference);
    if ranges {
        // All rules within the extent of a reference with variables belong to it.
        for child in from.children.values() {
            child.collect_all(&mut rules);
        }
    }
    if !rules.is_empty() {
        let group = group(compiled, &rules, &path, ranges);
        let group_id = program.groups.len() as u32;
        program.groups.push(group);
        if let Some(node) = program.nodes.get_mut(id as usize) {
            node.group = Some(group_id);
        }
    }
    if ranges {
        return Ok(id);
    }
    let mut children = Vec::new();
    for (step, child) in &from.children {
        let Some(key) = key(step) else { continue };
        let mut path = path.clone();
        path.push(key.clone());
        children.push((key, add(compiled, child, path, program)?));
    }
    children.sort_by(|a, b| a.0.cmp(&b.0));
    if let Some(node) = program.nodes.get_mut(id as usize) {
        node.by_key = children.iter().cloned().collect();
        node.children = children;
    }
    Ok(id)
}

fn group(compiled: &Compiled, ids: &[crate::rego::analysis::core::RuleId], path: &[Value], ranges: bool) -> Group {
    let rules: Vec<&Rule> = ids.iter().filter_map(|id| rule(compiled, *id)).collect();
    let is_set = rules.first().is_some_and(|rule| rule.head.is_multi_value());
    let parameters = rules.iter().find(|rule| !rule.head.arguments.is_empty());
    let kind = match parameters {
        Some(rule) => GroupKind::Function(rule.head.arguments.len()),
        None if ranges => GroupKind::Object,
        None if is_set => GroupKind::Set,
        None => GroupKind::Complete,
    };
    let default = rules.iter().find(|rule| rule.default).map(|rule| rule.id.0 as RuleIndex);
    let bodies: Vec<&&Rule> = rules.iter().filter(|rule| !rule.default).collect();
    let max_suffix = bodies
        .iter()
        .map(|rule| {
            let length = compiled.path_of(rule.id).len().saturating_sub(1);
            length.saturating_sub(path.len()) + usize::from(rule.head.is_multi_value())
        })
        .max()
        .unwrap_or(0);
    Group {
        path: path.to_vec(),
        kind,
        rules: candidates(compiled, &bodies),
        default,
        early_exit: gives_one_constant(compiled, &bodies),
        max_suffix,
        index: demands::index(compiled, &bodies),
    }
}

fn candidates(compiled: &Compiled, rules: &[&&Rule]) -> Vec<Candidate> {
    let mut all = Vec::with_capacity(rules.len());
    for (position, first) in rules.iter().enumerate() {
        let mut next = Some(**first);
        let mut link = 0;
        while let Some(it) = next {
            all.push(Candidate { position: position as u32, link, rule: it.id.0 });
            link += 1;
            next = it.otherwise.and_then(|id| rule(compiled, id));
        }
    }
    all
}

/// All definitions, those after `else` included, have the same constant for a value.
fn gives_one_constant(compiled: &Compiled, rules: &[&&Rule]) -> bool {
    let mut only: Option<Value> = None;
    for first in rules {
        let mut next = Some(**first);
        while let Some(it) = next {
            let Some(value) = it.head.value.as_ref().and_then(constant) else { return false };
            match &only {
                Some(known) if *known != value => return false,
                _ => only = Some(value),
            }
            next = it.otherwise.and_then(|id| rule(compiled, id));
        }
    }
    only.is_some()
}

pub(super) fn rule(compiled: &Compiled, id: crate::rego::analysis::core::RuleId) -> Option<&Rule> {
    compiled.rules.get(id.0 as usize)
}

pub(super) fn rule_at(compiled: &Compiled, index: RuleIndex) -> Option<&Rule> {
    compiled.rules.get(index as usize)
}

fn has_free_reference(rule: &Rule) -> bool {
    rule.head.reference.iter().skip(1).any(|term: &Term| !term.is_constant())
}

fn key(step: &Step) -> Option<Value> {
    Some(match step {
        Step::Null => Value::Null,
        Step::Bool(truth) => Value::Bool(*truth),
        Step::Number(text) => Value::from(Number::parse(text).ok()?),
        Step::String(text) => Value::string(text),
        Step::Var(_) => return None,
    })
}
