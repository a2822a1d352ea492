//! The tree of rules: which path of `data` is produced by which rules.

use std::collections::BTreeMap;

use super::core::{Kind, Name, Rule, RuleId, Term, ground_prefix};

/// One step of a path. Numbers are apart if their texts are, as in OPA.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    Null,
    Bool(bool),
    Number(Name),
    String(Name),
    /// Only for the root: `data`.
    Var(Name),
}

impl Step {
    /// The step that a term names, if it is a scalar (or, for the root, a variable).
    pub fn of(term: &Term) -> Option<Self> {
        match &term.kind {
            Kind::Null => Some(Step::Null),
            Kind::Bool(value) => Some(Step::Bool(*value)),
            Kind::Number(text) => Some(Step::Number(text.clone())),
            Kind::String(text) => Some(Step::String(text.clone())),
            Kind::Var(name) => Some(Step::Var(name.clone())),
            _ => None,
        }
    }
}

/// A node: the rules whose ground prefix ends here, and what is below.
#[derive(Debug, Clone, Default)]
pub struct Node {
    pub rules: Vec<RuleId>,
    pub children: BTreeMap<Step, Node>,
    /// True for `data.system`, which extents leave out.
    pub hidden: bool,
}

impl Node {
    pub(super) fn add(&mut self, path: &[Term], rule: Option<RuleId>) {
        let mut node = self;
        for step in path.iter().filter_map(Step::of) {
            node = node.children.entry(step).or_default();
        }
        node.rules.extend(rule);
    }

    /// The child that a term names; none for variables below the root, references and so on.
    pub fn child(&self, term: &Term) -> Option<&Node> {
        self.children.get(&Step::of(term)?)
    }

    /// The node at the end of a path that starts with `data`.
    pub fn find(&self, path: &[Term]) -> Option<&Node> {
        path.iter().try_fold(self, |node, term| node.child(term))
    }

    /// The node at the end of a path of names below `data`.
    pub fn find_names(&self, path: &[&str]) -> Option<&Node> {
        let root = self.children.get(&Step::Var(Name::from("data")))?;
        path.iter().try_fold(root, |node, name| node.children.get(&Step::String(Name::from(*name))))
    }

    /// True if there are rules here or below.
    pub fn has_rules(&self) -> bool {
        !self.rules.is_empty() || self.children.values().any(Node::has_rules)
    }

    /// The rules that a reference reaches on its way or at its end: OPA's `GetRulesForVirtualDocument`.
    pub fn rules_on_path(&self, path: &[Term]) -> &[RuleId] {
        let mut node = self;
        for term in path {
            match node.child(term) {
                Some(child) if !child.rules.is_empty() => return &child.rules,
                Some(child) => node = child,
                None => return &[],
            }
        }
        &node.rules
    }

    /// True if a ground reference leads to or through rules, or ends on a node that has rules below.
    pub fn is_virtual(&self, path: &[Term]) -> bool {
        let mut node = self;
        for term in path {
            match node.child(term) {
                Some(child) if !child.rules.is_empty() => return true,
                Some(child) => node = child,
                None => return false,
            }
        }
        true
    }

    /// All rules that a reference could mean, the unknown steps taken as anything. OPA's `GetRulesDynamicWithOpts`,
    /// hidden ones included.
    pub fn rules_for(&self, path: &[Term]) -> Vec<RuleId> {
        let mut found = Vec::new();
        self.collect(path, true, &mut found);
        found.sort_unstable();
        found.dedup();
        found
    }

    fn collect(&self, path: &[Term], is_root: bool, found: &mut Vec<RuleId>) {
        match path.split_first() {
            None => self.collect_all(found),
            Some((term, rest)) if is_root || term.is_constant() => {
                if let Some(child) = self.child(term) {
                    found.extend(&child.rules);
                    child.collect(rest, false, found);
                }
            }
            Some((_, rest)) => {
                for child in self.children.values() {
                    found.extend(&child.rules);
                    child.collect(rest, false, found);
                }
            }
        }
    }

    /// The rules of this node and of all below it.
    pub fn collect_all(&self, found: &mut Vec<RuleId>) {
        found.extend(&self.rules);
        for child in self.children.values() {
            child.collect_all(found);
        }
    }

    /// Calls `visit` on every node, parents first, until it returns true for the branch.
    pub fn depth_first<'a>(&'a self, visit: &mut impl FnMut(&'a Node) -> bool) {
        if visit(self) {
            return;
        }
        for child in self.children.values() {
            child.depth_first(visit);
        }
    }
}

/// Builds the tree. Packages without rules are nodes too.
pub(super) fn build(packages: &[Vec<Term>], rules: &[Rule]) -> Node {
    let mut root = Node::default();
    let mut has_rules = vec![false; packages.len()];
    for rule in rules.iter().filter(|rule| !rule.is_else) {
        let Some(package) = packages.get(rule.module as usize) else { continue };
        if let Some(flag) = has_rules.get_mut(rule.module as usize) {
            *flag = true;
        }
        let path = rule_reference(package, &rule.head.reference);
        root.add(ground_prefix(&path), Some(rule.id));
    }
    for (package, _) in packages.iter().zip(&has_rules).filter(|(_, has)| !**has) {
        root.add(package, None);
    }
    let system = root
        .children
        .get_mut(&Step::Var(Name::from("data")))
        .and_then(|data| data.children.get_mut(&Step::String(Name::from("system"))));
    if let Some(node) = system {
        node.hidden = true;
    }
    root
}

/// The reference of a rule from `data` on: the package's path, then the head's reference with its name as a string.
pub fn rule_reference(package: &[Term], head: &[Term]) -> Vec<Term> {
    let mut path = package.to_vec();
    for (index, term) in head.iter().enumerate() {
        match &term.kind {
            Kind::Var(name) if index == 0 => path.push(Term::new(Kind::String(name.clone()), term.at)),
            _ => path.push(term.clone()),
        }
    }
    path
}
