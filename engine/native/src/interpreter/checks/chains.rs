//! No rule depends on itself, and no chain of dependencies is longer than the stack is deep.
//!
//! The graph has a node for each rule and one for each step of the rule tree; a reference to a package leads to its
//! step, and from there to all that lies below, so its size is that of the policy. Searched twice: once with OPA's
//! reading of variable steps, then with the interpreter's, which evaluates all below the last constant step.

use super::place;
use crate::errors::{COMPILE_ERROR, Error, RECURSION_ERROR, Result};
use crate::interpreter::rule_tree::{Meanings, RuleId, RuleTree};
use crate::interpreter::source::{ModuleFacts, Root, RuleFacts, Step, data_path};

/// The longest chain of rules that depend on each other. A link costs up to a megabyte of `workers::STACK_BYTES`, where
/// expressions are as deep as `rego` lets them be; hand-written policy has chains of some tens.
pub const MAX_RULE_CHAIN: usize = 250;

/// As OPA reads variable steps.
pub fn check(modules: &[ModuleFacts], tree: &RuleTree) -> Result<()> {
    Graph::new(modules, tree, |steps| tree.meanings(steps)).search()
}

/// As the interpreter evaluates them.
pub fn check_as_interpreted(modules: &[ModuleFacts], tree: &RuleTree) -> Result<()> {
    let read = |steps: &[Step]| match constant(steps) {
        [] => Meanings::default(), // base data only; `dynamic` refuses it where rules could be meant
        constant => tree.meanings(constant),
    };
    Graph::new(modules, tree, read).search()
}

fn constant(steps: &[Step]) -> &[Step] {
    let end = steps.iter().position(|step| *step == Step::Variable).unwrap_or(steps.len());
    &steps[..end]
}

struct Graph<'m> {
    modules: &'m [ModuleFacts],
    rules: Vec<RuleId>,
    /// Edges by node: rules first, then the tree's nodes.
    edges: Vec<Vec<usize>>,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Unseen,
    Open,
    /// With the length of the longest chain from here.
    Done(usize),
}

impl<'m> Graph<'m> {
    fn new(modules: &'m [ModuleFacts], tree: &RuleTree, meanings: impl Fn(&[Step]) -> Meanings) -> Self {
        let rules: Vec<RuleId> = tree.below(0);
        let mut numbers = std::collections::HashMap::with_capacity(rules.len());
        for (number, id) in rules.iter().enumerate() {
            numbers.insert(*id, number);
        }
        let mut edges: Vec<Vec<usize>> = Vec::with_capacity(rules.len() + tree.nodes.len());
        for id in &rules {
            let mut targets = Vec::new();
            for reference in &modules[id.module].rules[id.rule].references {
                if reference.root == Root::Data {
                    let meanings = meanings(&reference.steps);
                    targets.extend(meanings.rules.iter().map(|id| numbers[id]));
                    targets.extend(meanings.subtrees.iter().map(|node| rules.len() + node));
                }
            }
            targets.sort_unstable();
            targets.dedup();
            edges.push(targets);
        }
        edges.extend(tree.nodes.iter().map(|node| {
            let below = node.children.values().map(|node| rules.len() + node);
            node.rules.iter().map(|id| numbers[id]).chain(below).collect()
        }));
        Graph { modules, rules, edges }
    }

    fn search(&self) -> Result<()> {
        let mut states = vec![State::Unseen; self.edges.len()];
        for start in 0..self.rules.len() {
            self.search_from(start, &mut states)?;
        }
        Ok(())
    }

    /// Depth first, on a stack of our own: chains may be as long as the policy.
    fn search_from(&self, start: usize, states: &mut [State]) -> Result<()> {
        if states[start] != State::Unseen {
            return Ok(());
        }
        let mut path: Vec<(usize, usize, usize)> = vec![(start, 0, 0)]; // node, next edge, longest chain below
        states[start] = State::Open;
        while let Some((node, next, longest)) = path.last_mut() {
            let node = *node;
            if let Some(&child) = self.edges[node].get(*next) {
                *next += 1;
                match states[child] {
                    State::Open => return Err(self.recursion(&path, child)),
                    State::Done(length) => *longest = (*longest).max(length),
                    State::Unseen => {
                        states[child] = State::Open;
                        path.push((child, 0, 0));
                    }
                }
                continue;
            }
            let length = *longest + usize::from(node < self.rules.len());
            if length > MAX_RULE_CHAIN {
                return Err(self.too_long(node));
            }
            states[node] = State::Done(length);
            path.pop();
            if let Some((_, _, longest)) = path.last_mut() {
                *longest = (*longest).max(length);
            }
        }
        Ok(())
    }

    fn rule(&self, node: usize) -> Option<(&'m ModuleFacts, &'m RuleFacts)> {
        let id = self.rules.get(node)?;
        let module = &self.modules[id.module];
        Some((module, &module.rules[id.rule]))
    }

    fn recursion(&self, path: &[(usize, usize, usize)], back: usize) -> Error {
        let from = path.iter().position(|(node, ..)| *node == back).unwrap_or_default();
        let cycle: Vec<_> = path[from..].iter().filter_map(|(node, ..)| self.rule(*node)).collect();
        let name = |(module, rule): &(&ModuleFacts, &RuleFacts)| {
            data_path(module.package.iter().chain(&rule.path).map(String::as_str))
        };
        let names: Vec<String> = cycle.iter().chain(cycle.first()).map(name).collect();
        let message = format!("rule {} is recursive: {}", names.first().map_or("", String::as_str), names.join(" -> "));
        let at = cycle.first().and_then(|(module, rule)| place(&module.file, rule.row, rule.column));
        Error::policy(RECURSION_ERROR, message, at)
    }

    fn too_long(&self, node: usize) -> Error {
        let at = self.rule(node).and_then(|(module, rule)| place(&module.file, rule.row, rule.column));
        let message = format!("a chain of more than {MAX_RULE_CHAIN} rules that depend on each other");
        Error::policy(COMPILE_ERROR, message, at)
    }
}
