//! What can be called: built-ins that the capabilities name, and rules with parameters.

use std::collections::{BTreeSet, HashMap};

use super::core::{Rule, RuleId, Term};
use super::text;
use super::tree::Node;
use crate::rego::builtins::registry;
use crate::rego::builtins::signature::Signature;

/// The built-ins that a policy may use.
#[derive(Debug, Clone)]
pub struct Builtins(HashMap<&'static str, &'static Signature>);

impl Builtins {
    /// All, or those of the list that exist.
    pub fn new(allowed: Option<&BTreeSet<String>>) -> Self {
        let signatures = registry::signatures().iter();
        Builtins(
            signatures
                .filter(|signature| allowed.is_none_or(|names| names.contains(signature.name)))
                .map(|signature| (signature.name, signature))
                .collect(),
        )
    }

    pub fn get(&self, name: &str) -> Option<&'static Signature> {
        self.0.get(name).copied()
    }

    /// The built-in that a reference (or, for `with`, a variable) names.
    pub fn find(&self, reference: &[Term]) -> Option<&'static Signature> {
        match reference {
            [only] => self.get(only.as_var()?),
            [first, ..] if first.as_var().is_some_and(|name| &**name != "data" && &**name != "input") => {
                self.get(&text::reference(reference))
            }
            _ => None,
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &'static Signature> {
        self.0.values().copied()
    }
}

/// The functions of a policy.
#[derive(Clone, Copy)]
pub(super) struct Functions<'a> {
    pub builtins: &'a Builtins,
    pub tree: &'a Node,
    /// By rule, the number of its parameters.
    pub arities: &'a [u32],
}

impl<'a> Functions<'a> {
    /// The number of parameters; `None` if nothing of that name can be called. Rules without parameters have none.
    pub fn arity(&self, operator: &[Term]) -> Option<usize> {
        if let Some(signature) = self.builtins.find(operator) {
            return Some(signature.arity());
        }
        let first = self.rules(operator).first()?;
        self.arities.get(first.0 as usize).map(|arity| *arity as usize)
    }

    /// The rules of exactly that reference.
    pub fn rules(&self, operator: &[Term]) -> &'a [RuleId] {
        self.tree.find(operator).map(|node| node.rules.as_slice()).unwrap_or_default()
    }
}

/// The number of parameters of each rule.
pub(super) fn arities(rules: &[Rule]) -> Vec<u32> {
    rules.iter().map(|rule| u32::try_from(rule.head.arguments.len()).unwrap_or(u32::MAX)).collect()
}
