//! `with`: a document that is replaced, and all that depends on it, can be anything that the replacement makes it.

use super::check::Checker;
use super::combine::or;
use super::environment::Environment;
use super::kinds::{Maybe, Type};
use super::tree::Node;
use crate::rego::analysis::core::{Kind, Term, With, ground_prefix, is_ground_reference};
use crate::rego::analysis::text;
use crate::rego::analysis::tree::rule_reference;
use crate::rego::analysis::{graph, order};

impl Checker<'_> {
    /// Looks at a statement in the layers that its modifiers make.
    pub(super) fn with_layers(&self, env: &Environment<'_>, with: &[With], look: impl FnOnce(&Environment<'_>)) {
        if with.is_empty() {
            return look(env);
        }
        let mut targets = Vec::new();
        let mut relaxed = Vec::new();
        for modifier in with {
            let Kind::Ref(target) = &modifier.target.kind else { continue };
            let known = env.reference(target);
            let is_function = matches!(known, Some(Type::Function(_)));
            relaxed.extend(self.relaxed(target, is_function));
            if !is_function {
                let kind = self.replaced(env, target, known, &modifier.value);
                targets.push((ground_prefix(target).to_vec(), kind));
            }
        }
        self.in_layers(env, relaxed, targets, look);
    }

    fn in_layers(
        &self,
        env: &Environment<'_>,
        mut relaxed: Vec<Node>,
        targets: Vec<(Vec<Term>, Type)>,
        look: impl FnOnce(&Environment<'_>),
    ) {
        if let Some(tree) = relaxed.pop() {
            // The order of these layers does not matter: all that they say is that something can be anything.
            let layer = Environment::with(env, tree);
            return self.in_layers_boxed(&layer, relaxed, targets, Box::new(look));
        }
        if targets.is_empty() {
            return look(env);
        }
        let mut tree = Node::default();
        for (path, kind) in targets {
            tree.put(&path, kind);
        }
        look(&Environment::with(env, tree));
    }

    fn in_layers_boxed<'f>(
        &self,
        env: &Environment<'_>,
        relaxed: Vec<Node>,
        targets: Vec<(Vec<Term>, Type)>,
        look: Box<dyn FnOnce(&Environment<'_>) + 'f>,
    ) {
        self.in_layers(env, relaxed, targets, look);
    }

    fn replaced(&self, env: &Environment<'_>, target: &[Term], known: Maybe, value: &Term) -> Type {
        if !is_ground_reference(target) || known.is_none() {
            return Type::any();
        }
        match self.of_term(env, value) {
            Some(kind) => or(known, Some(kind)).unwrap_or_else(Type::any),
            None => Type::any(),
        }
    }

    /// The rules that a target may mean and those that need them, as documents of any type.
    fn relaxed(&self, target: &[Term], is_function: bool) -> Option<Node> {
        let key = format!("{}{}", if is_function { "f:" } else { "" }, text::reference(target));
        if let Some(known) = self.with_trees.borrow().get(&key) {
            return known.clone();
        }
        let meant = self.functions.tree.rules_for(target);
        let mut tree: Option<Node> = None;
        for id in graph::dependents(self.dependencies, &meant) {
            let Some(rule) = self.rules.get(id.0 as usize) else { continue };
            let package = self.packages.get(rule.module as usize).map(Vec::as_slice).unwrap_or_default();
            let reference = rule_reference(package, &rule.head.reference);
            let path = ground_prefix(&reference);
            if is_function && order::all_same(path, target) {
                continue;
            }
            tree.get_or_insert_default().put(path, Type::any());
        }
        self.with_trees.borrow_mut().insert(key, tree.clone());
        tree
    }
}
