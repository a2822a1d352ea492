//! All rules by their path below `data`: what a path stands for, and which rules a reference can mean.

use std::collections::BTreeMap;

use crate::interpreter::path::Path;
use crate::interpreter::source::{ModuleFacts, RuleFacts, Step, data_path};

/// A rule by its module and its place in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RuleId {
    pub module: usize,
    pub rule: usize,
}

#[derive(Debug, Default)]
pub struct Node {
    pub children: BTreeMap<String, usize>,
    pub rules: Vec<RuleId>,
    has_functions_only: bool,
    has_simple_heads: bool,
}

#[derive(Debug)]
pub struct RuleTree {
    pub nodes: Vec<Node>,
}

/// What evaluating a path comes down to. `rest` is followed in the value that comes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// One rule, or several that share a head: regorus' fast way.
    Rule { path: String, rest: Path },
    /// A package, or whatever lies above or beside rules.
    Document { path: String, rest: Path },
    /// Base data alone: nothing is evaluated.
    Data,
}

impl Target {
    pub fn rest(&self) -> &Path {
        const NOTHING: &Path = &Path::root();
        match self {
            Target::Rule { rest, .. } | Target::Document { rest, .. } => rest,
            Target::Data => NOTHING,
        }
    }
}

/// The rules and subtrees that a reference can mean.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Meanings {
    pub rules: Vec<RuleId>,
    /// Nodes: everything below them is meant.
    pub subtrees: Vec<usize>,
}

impl RuleTree {
    pub fn of(modules: &[ModuleFacts]) -> RuleTree {
        let mut tree = RuleTree { nodes: vec![Node::default()] };
        for (module, facts) in modules.iter().enumerate() {
            tree.reach(&facts.package, &[]);
            for (rule, rule_facts) in facts.rules.iter().enumerate() {
                let at = tree.reach(&facts.package, &rule_facts.path);
                tree.nodes[at].add(RuleId { module, rule }, rule_facts);
            }
        }
        tree
    }

    fn reach(&mut self, package: &[String], rule: &[String]) -> usize {
        package.iter().chain(rule).fold(0, |at, step| {
            if let Some(&child) = self.nodes[at].children.get(step) {
                return child;
            }
            let child = self.nodes.len();
            self.nodes.push(Node::default());
            self.nodes[at].children.insert(step.clone(), child);
            child
        })
    }

    /// What the path stands for.
    pub fn target(&self, path: &Path) -> Target {
        let mut at = 0;
        for (depth, step) in path.steps().iter().enumerate() {
            let Some(&child) = self.nodes[at].children.get(step) else {
                return Target::Data;
            };
            at = child;
            if !self.nodes[at].rules.is_empty() {
                return self.rule_target(at, path, depth + 1);
            }
        }
        Target::Document { path: query_path(path.steps()), rest: Path::root() }
    }

    fn rule_target(&self, at: usize, path: &Path, depth: usize) -> Target {
        let node = &self.nodes[at];
        let (steps, rest) = path.steps().split_at(depth);
        let rest = Path::from_steps(rest);
        if node.has_functions_only {
            Target::Data
        } else if node.has_simple_heads && node.children.is_empty() {
            Target::Rule { path: data_path(steps.iter().map(String::as_str)), rest }
        } else {
            Target::Document { path: query_path(steps), rest }
        }
    }

    pub fn defines(&self, path: &Path) -> bool {
        let node = path.steps().iter().try_fold(0, |at, step| self.nodes[at].children.get(step).copied());
        node.is_some_and(|at| self.nodes[at].has_rules(self))
    }

    /// Whether a rule of exactly this path was loaded.
    pub fn is_rule(&self, steps: &[&str]) -> bool {
        let node = steps.iter().try_fold(0, |at, step| self.nodes[at].children.get(*step).copied());
        node.is_some_and(|at| !self.nodes[at].rules.is_empty())
    }

    /// The rules a reference can mean as OPA sees it: a variable stands for every step there is.
    pub fn meanings(&self, steps: &[Step]) -> Meanings {
        let mut meanings = Meanings::default();
        self.collect(0, steps, &mut meanings);
        meanings
    }

    fn collect(&self, at: usize, steps: &[Step], meanings: &mut Meanings) {
        let Some((step, rest)) = steps.split_first() else {
            meanings.subtrees.push(at);
            return;
        };
        let mut enter = |child: usize| {
            meanings.rules.extend(&self.nodes[child].rules);
            self.collect(child, rest, meanings);
        };
        match step {
            Step::Key(key) => self.nodes[at].children.get(key).into_iter().for_each(|&child| enter(child)),
            Step::Variable => self.nodes[at].children.values().for_each(|&child| enter(child)),
        }
    }

    /// All rules at or below a node.
    pub fn below(&self, at: usize) -> Vec<RuleId> {
        let mut rules = Vec::new();
        let mut pending = vec![at];
        while let Some(at) = pending.pop() {
            rules.extend(&self.nodes[at].rules);
            pending.extend(self.nodes[at].children.values());
        }
        rules
    }
}

impl Node {
    fn add(&mut self, id: RuleId, facts: &RuleFacts) {
        let first = self.rules.is_empty();
        self.has_functions_only = (first || self.has_functions_only) && facts.parameters.is_some();
        self.has_simple_heads = (first || self.has_simple_heads) && facts.variable_steps <= 1;
        self.rules.push(id);
    }

    fn has_rules(&self, tree: &RuleTree) -> bool {
        !self.rules.is_empty() || self.children.values().any(|&child| tree.nodes[child].has_rules(tree))
    }
}

/// A path as a query: every step in brackets and quotes, so that no step can be a keyword or an operator.
fn query_path(steps: &[String]) -> String {
    let mut out = String::from("data");
    for step in steps {
        out.push('[');
        out.push_str(&serde_json::Value::from(step.as_str()).to_string());
        out.push(']');
    }
    out
}
