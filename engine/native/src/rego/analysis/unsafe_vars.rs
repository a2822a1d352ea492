//! Stages 23 and 24 for whole rules: heads whose variables the body does not have, bodies that cannot be ordered.

use std::collections::{BTreeSet, HashMap};

use super::core::{Name, Rule, ground_prefix, is_generated};
use super::fault::Fault;
use super::safety::Unsafe;
use super::vars::{self, Collector, Skip, VarSet};
use super::{order, text};
use crate::rego::errors::UNSAFE_VAR;

/// Keywords that have to be imported in some version of the language; unsafe variables of these names get a hint.
const FUTURE_KEYWORDS: [&str; 7] = ["and", "contains", "every", "if", "in", "not", "or"];

/// The lines of a module on which rules of more than one name start.
#[derive(Debug, Default)]
pub(super) struct SharedRows(BTreeSet<(u32, u32)>);

impl SharedRows {
    pub fn of(rules: &[Rule]) -> Self {
        let mut first: HashMap<(u32, u32), &Rule> = HashMap::new();
        let mut shared = BTreeSet::new();
        for rule in rules {
            let row = (rule.module, rule.at.row);
            let earlier = *first.entry(row).or_insert(rule);
            if !order::all_same(ground_prefix(&earlier.head.reference), ground_prefix(&rule.head.reference)) {
                shared.insert(row);
            }
        }
        SharedRows(shared)
    }

    /// `" in rule p"` where the line alone does not say which.
    pub fn label(&self, rule: &Rule) -> String {
        if self.0.contains(&(rule.module, rule.at.row)) {
            format!(" in rule {}", text::reference(ground_prefix(&rule.head.reference)))
        } else {
            String::new()
        }
    }
}

/// Stage 23, `CheckSafetyRuleHeads`, for one rule.
pub(super) fn check_head(rule: &Rule, rows: &SharedRows, original: &HashMap<Name, Name>, faults: &mut Vec<Fault>) {
    let in_head = vars::of_head(&rule.head);
    if in_head.is_empty() {
        return;
    }
    let mut collector = Collector::new(Skip::SAFETY);
    collector.body(&rule.body);
    let mut arguments = Collector::new(Skip::NOTHING);
    arguments.terms(&rule.head.arguments);
    for (name, at) in in_head.places() {
        if collector.found.contains(name) || arguments.found.contains(name) {
            continue;
        }
        let shown = original.get(name).unwrap_or(name);
        if !is_generated(shown) {
            let message = format!("var {} is unsafe{}", text::variable(shown), rows.label(rule));
            faults.push(Fault::new(UNSAFE_VAR, message, *at));
        }
    }
}

/// The errors of a body that cannot be ordered.
pub(super) fn errors(found: &[Unsafe], original: &HashMap<Name, Name>, label: &str) -> Vec<Fault> {
    let mut places: HashMap<&Name, super::core::Place> = HashMap::new();
    for unbound in found {
        for name in unbound.vars.iter() {
            places.entry(name).and_modify(|at| *at = (*at).min(unbound.at)).or_insert(unbound.at);
        }
    }
    let mut places: Vec<_> = places.into_iter().collect();
    places.sort_by(|(a, a_at), (b, b_at)| a_at.cmp(b_at).then_with(|| a.cmp(b)));
    let mut faults = Vec::new();
    for (name, at) in places {
        let shown = original.get(name).unwrap_or(name);
        if is_generated(shown) {
            continue;
        }
        let hint = if FUTURE_KEYWORDS.contains(&&**shown) {
            format!(" (hint: `import future.keywords.{shown}` to import a future keyword)")
        } else {
            String::new()
        };
        let message = format!("var {} is unsafe{label}{hint}", text::variable(shown));
        faults.push(Fault::new(UNSAFE_VAR, message, at));
    }
    if !faults.is_empty() {
        return faults;
    }
    // Only generated variables: their names say nothing, so the statements are reported, one for each variable.
    let mut by_place: Vec<&Unsafe> = found.iter().collect();
    by_place.sort_by_key(|unbound| unbound.at);
    let mut seen = VarSet::default();
    for unbound in by_place {
        let before = seen.len();
        unbound.vars.iter().filter(|name| is_generated(name)).for_each(|name| seen.add(name));
        if seen.len() > before {
            faults.push(Fault::new(UNSAFE_VAR, format!("expression is unsafe{label}"), unbound.at));
        }
    }
    faults
}
