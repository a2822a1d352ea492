//! Stage 1, `ResolveRefs`: names of rules and imports become references from `data` or `input` on.

use std::cell::Cell;
use std::collections::HashMap;

use super::core::{Body, Expr, Kind, Name, Rule, Statement, Term, starts_with_var};
use super::declared::declared_in;
use super::fault::Fault;
use super::vars::{self, Skip, VarSet};
use super::walk::{self, Item};
use super::{core, text};
use crate::rego::errors::COMPILE;

/// What a name of a module stands for.
#[derive(Debug)]
pub(super) struct Global {
    pub path: Vec<Term>,
    pub used: Cell<bool>,
}

/// An import as the later stages need it.
#[derive(Debug, Clone)]
pub(super) struct Import {
    pub path: Vec<Term>,
    pub alias: Option<Name>,
    pub name: Option<Name>,
    pub at: core::Place,
}

impl Import {
    /// True for `import rego…` and `import future…`.
    pub fn is_language(&self) -> bool {
        starts_with_var(&self.path, "future") || starts_with_var(&self.path, "rego")
    }

    /// As OPA writes it in messages.
    pub fn text(&self) -> String {
        let path = text::reference(&self.path);
        match &self.alias {
            Some(alias) => format!("import {path} as {alias}"),
            None => format!("import {path}"),
        }
    }
}

pub(super) type Globals = HashMap<Name, Global>;

/// The names that a module can use: the rules of its package, then its imports.
pub(super) fn globals(package: &[Term], exports: &[Name], imports: &[Import]) -> Globals {
    let mut globals = Globals::new();
    for name in exports {
        let mut path = package.to_vec();
        path.push(Term::new(Kind::String(name.clone()), core::Place::default()));
        globals.insert(name.clone(), Global { path, used: Cell::new(false) });
    }
    for import in imports.iter().filter(|import| !import.is_language()) {
        if let Some(name) = &import.name {
            globals.insert(name.clone(), Global { path: import.path.clone(), used: Cell::new(false) });
        }
    }
    globals
}

/// Rewrites one rule or body.
pub(super) struct Resolver<'a> {
    globals: &'a Globals,
    /// Variables that hide a name, innermost scope last.
    hidden: Vec<VarSet>,
}

impl<'a> Resolver<'a> {
    pub fn new(globals: &'a Globals) -> Self {
        Resolver { globals, hidden: Vec::new() }
    }

    pub fn query(&mut self, body: &mut Body) {
        self.hidden.push(declared_in(body));
        self.body(body);
    }

    pub fn rule(&mut self, rule: &mut Rule) -> Result<(), Fault> {
        let parameters = pattern_vars(rule)?;
        self.hidden.push(parameters);
        self.hidden.push(declared_in(&rule.body));
        for term in rule.head.reference.iter_mut().skip(1) {
            self.term(term);
        }
        if let Some(member) = &mut rule.head.member {
            self.term(member);
        }
        if let Some(value) = &mut rule.head.value {
            self.term(value);
        }
        self.body(&mut rule.body);
        Ok(())
    }

    fn lookup(&self, name: &Name) -> Option<&'a Global> {
        if self.hidden.iter().any(|scope| scope.contains(name)) {
            return None;
        }
        let global = self.globals.get(name)?;
        global.used.set(true);
        Some(global)
    }

    fn path_at(global: &Global, at: core::Place) -> Vec<Term> {
        global.path.iter().map(|term| Term::new(term.kind.clone(), at)).collect()
    }

    fn body(&mut self, body: &mut Body) {
        for expr in body {
            self.expr(expr);
        }
    }

    fn expr(&mut self, expr: &mut Expr) {
        match &mut expr.statement {
            Statement::Term(term) => self.term(term),
            Statement::Call(call) => {
                self.reference(&mut call.operator);
                self.terms(&mut call.arguments);
            }
            Statement::Some(symbols) => {
                if let [Term { kind: Kind::Call(call), .. }] = symbols.as_mut_slice() {
                    self.terms(&mut call.arguments);
                }
            }
            Statement::Every(every) => {
                let mut locals = VarSet::default();
                if let Some(key) = &every.key {
                    locals.extend(&vars::of_term(key, Skip::NOTHING));
                }
                locals.extend(&vars::of_term(&every.value, Skip::NOTHING));
                self.hidden.push(locals);
                self.term(&mut every.domain);
                self.body(&mut every.body);
                self.hidden.pop();
            }
            Statement::Not(not) => self.body(&mut not.body),
            Statement::Logic(logic) => {
                self.body(&mut logic.left);
                self.body(&mut logic.right);
            }
        }
        for with in &mut expr.with {
            self.term(&mut with.target);
            self.term(&mut with.value);
        }
    }

    fn terms(&mut self, terms: &mut [Term]) {
        for term in terms {
            self.term(term);
        }
    }

    fn term(&mut self, term: &mut Term) {
        let at = term.at;
        match &mut term.kind {
            Kind::Var(name) => {
                if let Some(global) = self.lookup(name) {
                    term.kind = Kind::Ref(Self::path_at(global, at));
                }
            }
            Kind::Ref(terms) => self.reference(terms),
            Kind::Array(items) | Kind::Set(items) => self.terms(items),
            Kind::Object(items) => {
                for (key, value) in items {
                    self.term(key);
                    self.term(value);
                }
            }
            Kind::Call(call) => {
                self.reference(&mut call.operator);
                self.terms(&mut call.arguments);
            }
            Kind::Comprehension(inner) => {
                self.hidden.push(declared_in(&inner.body));
                if let Some(key) = &mut inner.key {
                    self.term(key);
                }
                self.term(&mut inner.term);
                self.body(&mut inner.body);
                self.hidden.pop();
            }
            Kind::Template(template) => {
                for part in &mut template.parts {
                    if let core::Part::Expr(expr) = part {
                        self.expr(expr);
                    }
                }
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
        }
    }

    /// The first element is replaced by the path that it stands for, the others by references of their own.
    fn reference(&mut self, terms: &mut Vec<Term>) {
        let mut resolved = Vec::with_capacity(terms.len() + 3);
        for (index, mut term) in std::mem::take(terms).into_iter().enumerate() {
            let global = match &term.kind {
                Kind::Var(name) => self.lookup(name),
                _ => None,
            };
            match global {
                Some(global) if index == 0 => resolved = Self::path_at(global, term.at),
                Some(global) => resolved.push(Term::new(Kind::Ref(Self::path_at(global, term.at)), term.at)),
                None => {
                    if !matches!(term.kind, Kind::Template(_)) {
                        self.term(&mut term);
                    }
                    resolved.push(term);
                }
            }
        }
        *terms = resolved;
    }
}

/// The variables that the patterns of a rule's parameters bind.
fn pattern_vars(rule: &Rule) -> Result<VarSet, Fault> {
    let mut found = VarSet::default();
    let mut shadowed = None;
    for argument in &rule.head.arguments {
        collect_pattern(argument, &mut found, &mut shadowed);
    }
    match shadowed {
        Some(name) => {
            let message = format!("args must not shadow {name} (use a different variable name)");
            Err(Fault::new(COMPILE, message, rule.at))
        }
        None => Ok(found),
    }
}

fn collect_pattern(term: &Term, found: &mut VarSet, shadowed: &mut Option<Name>) {
    match &term.kind {
        Kind::Var(name) => found.add(name),
        Kind::Object(items) => items.iter().for_each(|(_, value)| collect_pattern(value, found, shadowed)),
        Kind::Array(items) => items.iter().for_each(|item| collect_pattern(item, found, shadowed)),
        Kind::Ref(terms) => match root_document(terms) {
            Some(name) => _ = shadowed.get_or_insert(name),
            None => terms.iter().for_each(|term| collect_pattern(term, found, shadowed)),
        },
        Kind::Template(_) => walk::term(term, &mut |item: Item<'_>| {
            let Item::Term(Term { kind, .. }) = item else { return false };
            match kind {
                Kind::Var(name) => found.add(name),
                Kind::Ref(terms) => {
                    if let Some(name) = root_document(terms) {
                        shadowed.get_or_insert(name);
                    }
                }
                _ => {}
            }
            matches!(kind, Kind::Set(_) | Kind::Comprehension(_) | Kind::Call(_))
        }),
        Kind::Set(_) | Kind::Comprehension(_) | Kind::Call(_) => {}
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
    }
}

/// `input` or `data`, if a reference is that and no more.
fn root_document(terms: &[Term]) -> Option<Name> {
    match terms {
        [Term { kind: Kind::Var(name), .. }] if &**name == "data" || &**name == "input" => Some(name.clone()),
        _ => None,
    }
}
