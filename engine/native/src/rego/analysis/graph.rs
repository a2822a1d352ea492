//! Stages 17 and 28: which rule needs which, rules that need themselves, and the order in which types are found.

use super::core::{Expr, Kind, Name, Place, Rule, RuleId, Statement, Term};
use super::fault::Fault;
use super::text;
use super::tree::{Node, rule_reference};
use super::walk::{self, Item};
use crate::rego::errors::RECURSION;

/// By rule, the rules that it names (and the `else` branches of those), sorted.
pub(super) fn build(rules: &[Rule], tree: &Node) -> Vec<Vec<RuleId>> {
    rules.iter().map(|rule| dependencies(rule, rules, tree)).collect()
}

fn dependencies(rule: &Rule, rules: &[Rule], tree: &Node) -> Vec<RuleId> {
    let mut direct = Vec::new();
    let data = Name::from("data");
    let mut add = |path: &[Term]| {
        if path.first().and_then(Term::as_var) == Some(&data) {
            direct.extend(tree.rules_for(path));
        }
    };
    let mut visit = |item: Item<'_>| {
        match item {
            Item::Term(Term { kind: Kind::Ref(path), .. }) => add(path),
            Item::Term(Term { kind: Kind::Call(call), .. }) => add(&call.operator),
            Item::Expr(Expr { statement: Statement::Call(call), .. }) => add(&call.operator),
            _ => {}
        }
        false
    };
    walk::head(&rule.head, &mut visit);
    walk::body(&rule.body, &mut visit);
    direct.sort_unstable();
    direct.dedup();
    let mut all = Vec::with_capacity(direct.len());
    for id in direct {
        let mut next = Some(id);
        while let Some(id) = next {
            all.push(id);
            next = rules.get(id.0 as usize).and_then(|rule| rule.otherwise);
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

fn edges(graph: &[Vec<RuleId>], id: usize) -> &[RuleId] {
    graph.get(id).map(Vec::as_slice).unwrap_or_default()
}

/// The rules that can reach themselves: the members of cycles (Tarjan's algorithm, without recursion).
fn cyclic(graph: &[Vec<RuleId>]) -> Vec<bool> {
    #[derive(Clone, Copy, Default)]
    struct Mark {
        index: usize,
        low: usize,
        on_stack: bool,
    }
    let mut marks = vec![Mark::default(); graph.len()];
    let mut result = vec![false; graph.len()];
    let mut stack = Vec::new();
    let mut counter = 0;
    for start in 0..graph.len() {
        if marks.get(start).is_some_and(|mark| mark.index > 0) {
            continue;
        }
        let mut work = vec![(start, 0)];
        while let Some((node, at)) = work.pop() {
            if at == 0 {
                counter += 1;
                if let Some(mark) = marks.get_mut(node) {
                    *mark = Mark { index: counter, low: counter, on_stack: true };
                }
                stack.push(node);
            }
            if let Some(next) = edges(graph, node).get(at).map(|id| id.0 as usize) {
                work.push((node, at + 1));
                let seen = marks.get(next).copied().unwrap_or_default();
                if seen.index == 0 {
                    work.push((next, 0));
                } else if let (true, Some(mark)) = (seen.on_stack, marks.get_mut(node)) {
                    mark.low = mark.low.min(seen.index);
                }
                continue;
            }
            let done = marks.get(node).copied().unwrap_or_default();
            if let Some(mark) = work.last().and_then(|(parent, _)| marks.get_mut(*parent)) {
                mark.low = mark.low.min(done.low);
            }
            if done.low == done.index {
                let from = stack.iter().rposition(|member| *member == node).unwrap_or(0);
                let members = stack.split_off(from);
                let is_cycle = members.len() > 1 || edges(graph, node).iter().any(|id| id.0 as usize == node);
                for member in members {
                    if let Some(mark) = marks.get_mut(member) {
                        mark.on_stack = false;
                    }
                    if let Some(flag) = result.get_mut(member) {
                        *flag = is_cycle;
                    }
                }
            }
        }
    }
    result
}

/// A way from a rule back to itself.
fn way_back(graph: &[Vec<RuleId>], start: usize) -> Vec<usize> {
    let mut came_from = vec![None; graph.len()];
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for next in edges(graph, node).iter().map(|id| id.0 as usize) {
            if next == start {
                let mut path = vec![start];
                let mut node = node;
                while node != start {
                    path.push(node);
                    node = came_from.get(node).copied().flatten().unwrap_or(start);
                }
                path.push(start);
                path.reverse();
                return path;
            }
            if let Some(from @ None) = came_from.get_mut(next) {
                *from = Some(node);
                queue.push_back(next);
            }
        }
    }
    vec![start, start]
}

/// Stage 28, `CheckRecursion`: every rule that can reach itself.
pub(super) fn recursion(
    graph: &[Vec<RuleId>],
    rules: &[Rule],
    packages: &[Vec<Term>],
    limit: usize,
    faults: &mut Vec<Fault>,
) {
    let name = |index: usize| match rules.get(index) {
        Some(rule) => {
            let package = packages.get(rule.module as usize).map(Vec::as_slice).unwrap_or_default();
            text::reference(&rule_reference(package, &rule.head.reference))
        }
        None => String::new(),
    };
    let members = cyclic(graph);
    for rule in rules.iter().filter(|rule| members.get(rule.id.0 as usize) == Some(&true)).take(limit) {
        let start = rule.id.0 as usize;
        let path: Vec<String> = way_back(graph, start).into_iter().map(name).collect();
        let message = format!("rule {} is recursive: {}", name(start), path.join(" -> "));
        faults.push(Fault::new(RECURSION, message, rule.at));
    }
}

/// The rules, each after those that it needs; otherwise in the order of their places.
pub(super) fn sorted(graph: &[Vec<RuleId>], rules: &[Rule]) -> Vec<RuleId> {
    let place = |id: &RuleId| rules.get(id.0 as usize).map_or(Place::default(), |rule| rule.at);
    let mut ids: Vec<RuleId> = rules.iter().map(|rule| rule.id).collect();
    ids.sort_by_key(|id| (place(id), *id));
    let mut children: Vec<Vec<RuleId>> = graph.to_vec();
    for ids in &mut children {
        ids.sort_by_key(|id| (place(id), *id));
    }
    let mut done = vec![false; rules.len()];
    let mut result = Vec::with_capacity(rules.len());
    for id in ids {
        let mut work = vec![(id, 0_usize)];
        while let Some((id, at)) = work.pop() {
            let node = id.0 as usize;
            if at == 0 && done.get(node).copied().unwrap_or(true) {
                continue;
            }
            // Marked on the way down: there are no cycles any more, so nothing is met before it is finished.
            if let Some(flag) = done.get_mut(node) {
                *flag = true;
            }
            match children.get(node).and_then(|children| children.get(at)) {
                Some(next) => {
                    work.push((id, at + 1));
                    work.push((*next, 0));
                }
                None => result.push(id),
            }
        }
    }
    result
}

/// The rules that need one of the given ones, directly or not, those included.
pub(super) fn dependents(graph: &[Vec<RuleId>], of: &[RuleId]) -> Vec<RuleId> {
    let mut reversed: Vec<Vec<RuleId>> = vec![Vec::new(); graph.len()];
    for (index, targets) in graph.iter().enumerate() {
        let id = RuleId(u32::try_from(index).unwrap_or(u32::MAX));
        for target in targets {
            if let Some(sources) = reversed.get_mut(target.0 as usize) {
                sources.push(id);
            }
        }
    }
    let mut seen = vec![false; graph.len()];
    let mut work = of.to_vec();
    let mut found = Vec::new();
    while let Some(id) = work.pop() {
        match seen.get_mut(id.0 as usize) {
            Some(flag @ false) => *flag = true,
            _ => continue,
        }
        found.push(id);
        work.extend(reversed.get(id.0 as usize).into_iter().flatten());
    }
    found
}
