//! Stage 9 for whole rules: parameters, comprehensions in the head, the body, then the head again.

use std::collections::HashMap;

use super::core::{Head, Kind, Name, Rule, Term, is_wildcard};
use super::declared::{add_all_vars, declared_in};
use super::fault::Fault;
use super::functions::Builtins;
use super::locals::Locals;
use super::names::Names;
use super::scopes::{Occurrence, Scopes};
use super::vars::{Collector, Skip, VarSet};
use super::walk::{self, Item, ItemMut};
use crate::rego::errors::COMPILE;

/// What renaming needs, whatever the rule.
pub(super) struct Renaming<'a> {
    pub names: &'a mut Names,
    pub builtins: &'a Builtins,
    pub original: &'a mut HashMap<Name, Name>,
    pub faults: &'a mut Vec<Fault>,
    pub strict: bool,
}

impl Renaming<'_> {
    /// Renames in a rule and its `else` branches, which share its parameters.
    pub fn chain(&mut self, chain: &mut [Rule]) {
        let Some(first) = chain.first_mut() else { return };
        let mut unused = VarSet::default();
        if self.strict {
            let mut collector = Collector::new(Skip::NOTHING);
            collector.terms(&first.head.arguments);
            unused = collector.found;
        }
        let at = first.head.at;
        let mut parameters = Scopes::new();
        for argument in &mut first.head.arguments {
            self.parameter(argument, &mut parameters);
        }
        for rule in chain {
            self.rule(rule, &parameters, &mut unused);
        }
        for name in unused.iter().filter(|name| !is_wildcard(name)) {
            let message = format!("unused argument {name}. (hint: use _ (wildcard variable) instead)");
            self.faults.push(Fault::new(COMPILE, message, at));
        }
    }

    fn parameter(&mut self, term: &mut Term, scopes: &mut Scopes) {
        match &mut term.kind {
            Kind::Var(name) => match scopes.renamed(name).cloned() {
                Some(renamed) => {
                    scopes.count_use(name);
                    *name = renamed;
                }
                None => {
                    let renamed = self.names.fresh();
                    scopes.insert(name, renamed.clone(), Occurrence::Argument);
                    *name = renamed;
                }
            },
            Kind::Object(items) => items.iter_mut().for_each(|(_, value)| self.parameter(value, scopes)),
            Kind::Ref(items) | Kind::Array(items) => items.iter_mut().for_each(|item| self.parameter(item, scopes)),
            Kind::Call(_) => {
                self.faults.push(Fault::new(COMPILE, "rule arguments cannot contain calls", term.at));
            }
            _ => {}
        }
    }

    fn rule(&mut self, rule: &mut Rule, parameters: &Scopes, unused: &mut VarSet) {
        let has_vars = may_have_vars(&rule.head);
        let mut used = VarSet::default();
        if has_vars {
            self.nested_in_head(&mut rule.head);
            used = used_by_head(&rule.head, unused);
        }
        let mut scopes = parameters.clone();
        self.built_in_names(rule, &mut scopes);
        let mut locals = Locals::new(self.names, scopes, self.strict);
        locals.body(&mut rule.body, &used);
        let Locals { scopes, faults, .. } = locals;
        self.faults.extend(faults);
        self.original.extend(scopes.original.iter().map(|(new, old)| (new.clone(), old.clone())));
        let counted: Vec<Name> = unused.iter().filter(|name| scopes.uses(name) > 1).cloned().collect();
        for name in counted {
            unused.remove(&name);
        }
        if let (true, Some(scope)) = (has_vars, scopes.innermost()) {
            rename_head(&mut rule.head, &scope.renamed);
        }
    }

    /// `:=` and `some` in comprehensions of the head, which see nothing of the body's scope.
    fn nested_in_head(&mut self, head: &mut Head) {
        let Renaming { names, original, faults, strict, .. } = self;
        walk::head_mut(head, &mut |item| {
            let ItemMut::Term(term) = item else { return false };
            if !matches!(term.kind, Kind::Comprehension(_) | Kind::Template(_)) {
                return false;
            }
            let mut locals = Locals::new(names, Scopes::new(), *strict);
            locals.term(term);
            faults.append(&mut locals.faults);
            original.extend(locals.scopes.original);
            true
        });
    }

    /// A variable bound in the body that has the name of a built-in gets another, so that nobody takes it for one.
    fn built_in_names(&mut self, rule: &Rule, scopes: &mut Scopes) {
        let mut collector = Collector::new(Skip { call_heads: true, closures: true, ..Skip::NOTHING });
        collector.body(&rule.body);
        let candidates: Vec<&Name> = collector.found.iter().filter(|name| self.builtins.get(name).is_some()).collect();
        if candidates.is_empty() {
            return;
        }
        let declared = declared_in(&rule.body);
        let mut in_with = VarSet::default();
        let mut visit = |item: Item<'_>| {
            if let Item::With(with) = item {
                add_all_vars(&with.target, &mut in_with);
                add_all_vars(&with.value, &mut in_with);
            }
            false
        };
        walk::head(&rule.head, &mut visit);
        walk::body(&rule.body, &mut visit);
        for name in candidates {
            if !declared.contains(name) && !in_with.contains(name) && scopes.renamed(name).is_none() {
                let renamed = self.names.fresh();
                scopes.insert(name, renamed, Occurrence::Seen);
            }
        }
    }
}

fn may_have_vars(head: &Head) -> bool {
    let reference = head.reference.iter().skip(1);
    reference.chain(&head.arguments).chain(&head.member).chain(&head.value).any(|term| !term.is_scalar())
}

fn used_by_head(head: &Head, unused: &mut VarSet) -> VarSet {
    let mut collector = Collector::new(Skip::NOTHING);
    collector.terms(head.reference.get(1..).unwrap_or_default());
    if let Some(member) = &head.member {
        collector.term(member);
    }
    if let Some(value) = &head.value {
        let mut in_value = Collector::new(Skip::NOTHING);
        in_value.term(value);
        for name in in_value.found.iter() {
            unused.remove(name);
        }
        collector.found.extend(&in_value.found);
    }
    collector.found
}

fn rename_head(head: &mut Head, renamed: &HashMap<Name, Name>) {
    let mut rename = |item: ItemMut<'_>| {
        if let ItemMut::Term(Term { kind: Kind::Var(name), .. }) = item
            && let Some(new) = renamed.get(name)
        {
            *name = new.clone();
        }
        false
    };
    walk::terms_mut(head.reference.get_mut(1..).unwrap_or_default(), &mut rename);
    walk::head_mut(head, &mut rename);
}
