//! Stage 21, `CheckRuleConflicts`: definitions that cannot stand side by side.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::core::{Name, Place, Rule, RuleId, Term, is_ground_reference};
use super::fault::{Fault, place_text};
use super::text;
use super::tree::{Node, Step, rule_reference};
use super::walk::{self, ItemMut};
use crate::rego::errors::{COMPILE, TYPE};

/// Says whether base data has a value at a path below `data`.
pub type BasePaths = dyn Fn(&[&str]) -> bool + Send + Sync;

pub(super) struct Conflicts<'a> {
    pub rules: &'a [Rule],
    pub packages: &'a [Vec<Term>],
    pub package_places: &'a [Place],
    pub files: &'a [Arc<str>],
    pub original: &'a HashMap<Name, Name>,
    pub faults: Vec<Fault>,
}

impl<'a> Conflicts<'a> {
    pub fn check(&mut self, tree: &Node, base: Option<&BasePaths>) {
        self.node(tree);
        if let (Some(base), Some(data)) = (base, tree.children.get(&Step::Var(Name::from("data")))) {
            for (step, child) in &data.children {
                self.base(step, child, base, &mut Vec::new());
            }
        }
        self.packages();
    }

    fn rule(&self, id: RuleId) -> Option<&'a Rule> {
        self.rules.get(id.0 as usize)
    }

    fn reference(&self, rule: &Rule) -> Vec<Term> {
        let package = self.packages.get(rule.module as usize).map(Vec::as_slice).unwrap_or_default();
        rule_reference(package, &rule.head.reference)
    }

    /// The reference with the author's names.
    fn shown(&self, rule: &Rule) -> String {
        let mut reference = self.reference(rule);
        walk::terms_mut(&mut reference, &mut |item| {
            if let ItemMut::Term(Term { kind: super::core::Kind::Var(name), .. }) = item
                && let Some(original) = self.original.get(name)
            {
                *name = original.clone();
            }
            false
        });
        text::reference(&reference)
    }

    fn node(&mut self, node: &Node) {
        if let Some(fault) = self.conflict(node) {
            self.faults.push(fault);
        }
        for child in node.children.values() {
            self.node(child);
        }
    }

    fn conflict(&self, node: &Node) -> Option<Fault> {
        let rules: Vec<&Rule> = node.rules.iter().filter_map(|id| self.rule(*id)).collect();
        let (first, last) = (rules.first()?, rules.last()?);
        let name = self.shown(last);
        let is_ground = |rule: &Rule| is_ground_reference(&rule.head.reference);
        let mut inside = if rules.iter().any(|rule| is_ground(rule)) && !node.children.is_empty() {
            Some(self.below(node, |_| true))
        } else {
            None
        };
        if inside.is_none() && rules.iter().any(|rule| !is_ground(rule)) {
            inside = Some(self.below(node, |rule| !rule.head.arguments.is_empty())).filter(|found| !found.is_empty());
        }
        if let Some(inside) = inside {
            let list: String = inside
                .iter()
                .map(|rule| format!("\n  rule {} at {}", self.shown(rule), place_text(self.files, rule.at)))
                .collect();
            return Some(Fault::new(TYPE, format!("rule {name} conflicts with:{list}"), first.at));
        }
        let kinds: BTreeSet<bool> = rules.iter().map(|rule| rule.head.is_multi_value()).collect();
        let arities: BTreeSet<usize> = rules.iter().map(|rule| rule.head.arguments.len()).collect();
        let completes: BTreeSet<bool> =
            rules.iter().map(|rule| !rule.head.is_multi_value() && is_ground(rule)).collect();
        let sets: BTreeSet<bool> =
            rules.iter().filter(|rule| rule.head.is_multi_value()).map(|rule| is_ground(rule)).collect();
        if kinds.len() > 1 || arities.len() > 1 || completes.len() > 1 || sets.len() > 1 {
            return Some(Fault::new(TYPE, format!("conflicting rules {name} found"), first.at));
        }
        let defaults: Vec<&&Rule> = rules.iter().filter(|rule| rule.default).collect();
        if let [default, _, ..] = defaults.as_slice() {
            let places: Vec<String> = defaults.iter().map(|rule| place_text(self.files, rule.at)).collect();
            let message = format!("multiple default rules {name} found at {}", places.join(", "));
            let at = self.package_places.get(default.module as usize).copied().unwrap_or(default.at);
            return Some(Fault::new(TYPE, message, at));
        }
        None
    }

    /// The rules below a node, those inside of another left out, in the order of their references.
    fn below(&self, node: &Node, wanted: impl Fn(&Rule) -> bool) -> Vec<&'a Rule> {
        let mut ids = Vec::new();
        node.children.values().for_each(|child| child.collect_all(&mut ids));
        let mut found: BTreeMap<String, &'a Rule> = BTreeMap::new();
        for rule in ids.into_iter().filter_map(|id| self.rule(id)).filter(|rule| wanted(rule)) {
            found.entry(text::reference(&self.reference(rule))).or_insert(rule);
        }
        let mut kept: Vec<(Vec<Term>, &'a Rule)> = Vec::new();
        for rule in found.into_values() {
            let reference = self.reference(rule);
            let is_inside = kept.iter().any(|(outer, _)| {
                reference.get(..outer.len()).is_some_and(|prefix| super::order::all_same(prefix, outer))
            });
            if !is_inside {
                kept.push((reference, rule));
            }
        }
        kept.into_iter().map(|(_, rule)| rule).collect()
    }

    fn base<'p>(&mut self, step: &'p Step, node: &'p Node, base: &BasePaths, path: &mut Vec<&'p str>) {
        let Step::String(name) = step else { return };
        path.push(name);
        match node.rules.first().and_then(|id| self.rule(*id)) {
            Some(rule) if base(path) => {
                let message = format!("conflicting rule for data path {} found", path.join("/"));
                self.faults.push(Fault::new(COMPILE, message, rule.at));
            }
            _ => {
                for (step, child) in &node.children {
                    self.base(step, child, base, path);
                }
            }
        }
        path.pop();
    }

    /// A package cannot be where a rule of another package is.
    fn packages(&mut self) {
        let steps = |path: &[Term]| path.iter().filter_map(Step::of).collect::<Vec<_>>();
        let mut by_path: HashMap<Vec<Step>, Vec<usize>> = HashMap::new();
        for (index, package) in self.packages.iter().enumerate() {
            by_path.entry(steps(package)).or_default().push(index);
        }
        let mut faults = Vec::new();
        for rule in self.rules.iter().filter(|rule| !rule.is_else && is_ground_reference(&rule.head.reference)) {
            for module in by_path.get(&steps(&self.reference(rule))).into_iter().flatten() {
                let package = self.packages.get(*module).and_then(|path| path.get(1..)).unwrap_or_default();
                let at = self.package_places.get(rule.module as usize).copied().unwrap_or(rule.at);
                let message = format!(
                    "package {} conflicts with rule {} defined at {}",
                    text::reference(package),
                    text::reference(&rule.head.reference),
                    place_text(self.files, rule.at)
                );
                faults.push(Fault::new(TYPE, message, at));
            }
        }
        self.faults.extend(faults);
    }
}
