//! The types of rules, each after those that it needs, and the check of queries against them.

use std::cell::RefCell;
use std::collections::HashMap;

use super::check::Checker;
use super::environment::Environment;
use super::kinds::{Maybe, Type};
use super::schemas;
use super::tree::Node;
use crate::rego::analysis::annotations::AnnotationSet;
use crate::rego::analysis::core::{Expr, Kind, Name, Rule, RuleId, Term, dynamic_suffix, ground_prefix};
use crate::rego::analysis::fault::Fault;
use crate::rego::analysis::functions::Functions;
use crate::rego::analysis::graph;
use crate::rego::analysis::schema_set::SchemaSet;
use crate::rego::analysis::tree::rule_reference;
use crate::rego::analysis::walk;

/// What the checks need to know of a policy.
pub(in crate::rego::analysis) struct Policy<'c> {
    pub functions: Functions<'c>,
    pub rules: &'c [Rule],
    pub packages: &'c [Vec<Term>],
    pub dependencies: &'c [Vec<RuleId>],
    pub original: &'c HashMap<Name, Name>,
    pub annotations: &'c AnnotationSet,
    /// Schemas by name.
    pub schemas: Option<&'c SchemaSet>,
}

impl<'c> Policy<'c> {
    fn checker(&self) -> Checker<'c> {
        Checker {
            functions: self.functions,
            rules: self.rules,
            packages: self.packages,
            dependencies: self.dependencies,
            original: self.original,
            closures: RefCell::default(),
            with_trees: RefCell::default(),
        }
    }
}

/// The types of all that the policy defines, and the errors, by place.
pub(in crate::rego::analysis) fn check_rules(policy: &Policy<'_>) -> (Node, Vec<Fault>) {
    let mut tree = built_ins(policy);
    if let Some(kind) = policy.schemas.and_then(|schemas| schemas.get(&[])).and_then(schemas::described) {
        tree.put(&[Term::var(Name::from("input"), Default::default())], kind);
    }
    let mut faults = Vec::new();
    let checker = policy.checker();
    for id in graph::sorted(policy.dependencies, policy.rules) {
        let Some(rule) = policy.rules.get(id.0 as usize) else { continue };
        let package = policy.packages.get(rule.module as usize).map(Vec::as_slice).unwrap_or_default();
        let reference = rule_reference(package, &rule.head.reference);
        let found = checker.rule(&tree, rule, &reference, policy, &mut faults);
        checker.closures.borrow_mut().clear();
        match found {
            Found::Faulty => tree.put(&reference, Type::any()),
            Found::Type(kind) => tree.insert(ground_prefix(&reference), kind),
            Found::Nothing => {}
        }
    }
    faults.sort_by_key(|fault| fault.at);
    (tree, faults)
}

/// The errors of a query.
pub(in crate::rego::analysis) fn check_query(policy: &Policy<'_>, tree: &Node, body: &[Expr]) -> Vec<Fault> {
    let outer = Environment::fixed(tree, None);
    let env = Environment::inside(&outer);
    policy.checker().body(&env, body)
}

fn built_ins(policy: &Policy<'_>) -> Node {
    let mut tree = Node::default();
    for signature in policy.functions.builtins.iter() {
        let mut names = signature.name.split('.');
        let first = names.next().unwrap_or_default();
        let mut path = vec![Term::var(Name::from(first), Default::default())];
        path.extend(names.map(|name| Term::string(name, Default::default())));
        tree.put(&path, Type::of_built_in(signature));
    }
    tree
}

/// What a rule came to.
enum Found {
    /// Its body has errors: those who name it are not to have more.
    Faulty,
    Type(Type),
    Nothing,
}

impl Checker<'_> {
    fn rule(
        &self,
        tree: &Node,
        rule: &Rule,
        reference: &[Term],
        policy: &Policy<'_>,
        faults: &mut Vec<Fault>,
    ) -> Found {
        let base = Environment::fixed(tree, None);
        let overrides = schemas::overrides(&base, rule, reference, policy, faults);
        let schemas = Environment::fixed(&overrides, Some(&base));
        let env = Environment::inside(&schemas);
        let in_body = self.body(&env, &rule.body);
        if !in_body.is_empty() {
            faults.extend(in_body);
            return Found::Faulty;
        }
        let kind = if rule.head.arguments.is_empty() {
            self.document(&env, rule, reference)
        } else {
            Some(self.function(&env, rule))
        };
        kind.map_or(Found::Nothing, Found::Type)
    }

    fn function(&self, env: &Environment<'_>, rule: &Rule) -> Type {
        for argument in &rule.head.arguments {
            walk::terms_of_term(argument, &mut |term: &Term| {
                if let Kind::Var(name) = &term.kind
                    && env.var(name).is_none()
                {
                    env.put_var(name, Some(Type::any()));
                }
                false
            });
        }
        let arguments = rule.head.arguments.iter().map(|argument| self.of_term(env, argument)).collect();
        Type::function(arguments, rule.head.value.as_ref().and_then(|value| self.of_term(env, value)))
    }

    fn document(&self, env: &Environment<'_>, rule: &Rule, reference: &[Term]) -> Maybe {
        let kind = match (&rule.head.value, &rule.head.member) {
            (None, Some(member)) => Type::set(Some(self.of_term(env, member)?)),
            (Some(value), _) => self.of_term(env, value)?,
            (None, None) => return None,
        };
        dynamic_suffix(reference).iter().rev().try_fold(kind, |kind, key| {
            Some(Type::object(Vec::new(), Some((Some(self.of_term(env, key)?), Some(kind)))))
        })
    }
}

/// A type with another at a path into it.
pub(super) fn overridden(kind: &Type, path: &[Term], by: &Type) -> Type {
    let Some((first, rest)) = path.split_first() else { return by.clone() };
    let Some(key) = super::known::value_of(first) else { return kind.clone() };
    let (mut fixed, others) = match kind {
        Type::Object(object) => (object.fixed.clone(), object.rest.clone()),
        _ => (Vec::new(), Some((Some(Type::any()), Some(Type::any())))),
    };
    match fixed.iter_mut().find(|(known, _)| *known == key) {
        Some((_, inner)) => {
            let below = inner.clone().unwrap_or_else(Type::any);
            *inner = Some(overridden(&below, rest, by));
        }
        None => {
            fixed.push((key, Some(overridden(&Type::any(), rest, by))));
        }
    }
    Type::object(fixed, others)
}
