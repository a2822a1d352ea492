//! Which variables were seen, assigned or declared in a scope and the scopes around it.

use std::collections::HashMap;

use super::core::Name;
use super::names::Names;

/// How a variable came into a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Occurrence {
    Argument,
    Seen,
    Assigned,
    Declared,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    /// The new name of each variable; its own if it is not renamed.
    pub renamed: HashMap<Name, Name>,
    pub occurrences: HashMap<Name, Occurrence>,
    counts: HashMap<Name, usize>,
}

/// The scopes around a place, innermost last. There is always one.
#[derive(Debug, Clone)]
pub(super) struct Scopes {
    scopes: Vec<Scope>,
    /// All new names ever made, with the author's.
    pub original: HashMap<Name, Name>,
}

impl Scopes {
    pub fn new() -> Self {
        Scopes { scopes: vec![Scope::default()], original: HashMap::new() }
    }

    pub fn push(&mut self) {
        self.scopes.push(Scope::default());
    }

    pub fn pop(&mut self) {
        if self.scopes.len() > 1 {
            self.scopes.pop();
        }
    }

    pub fn innermost(&self) -> Option<&Scope> {
        self.scopes.last()
    }

    pub fn insert(&mut self, name: &Name, renamed: Name, occurrence: Occurrence) {
        if *name != renamed {
            self.original.insert(renamed.clone(), name.clone());
        }
        if let Some(scope) = self.scopes.last_mut() {
            scope.renamed.insert(name.clone(), renamed);
            scope.occurrences.insert(name.clone(), occurrence);
            scope.counts.insert(name.clone(), 1);
        }
    }

    /// The new name, from the nearest scope that knows the variable.
    pub fn renamed(&self, name: &str) -> Option<&Name> {
        self.scopes.iter().rev().find_map(|scope| scope.renamed.get(name))
    }

    /// How the variable came into the innermost scope.
    pub fn occurrence(&self, name: &str) -> Option<Occurrence> {
        self.scopes.last()?.occurrences.get(name).copied()
    }

    /// How the variable came into the nearest scope that knows it.
    pub fn outer_occurrence(&self, name: &str) -> Option<Occurrence> {
        self.scopes.iter().rev().find_map(|scope| scope.occurrences.get(name).copied())
    }

    /// Counts one more use.
    pub fn count_use(&mut self, name: &Name) {
        for scope in self.scopes.iter_mut().rev() {
            if let Some(count) = scope.counts.get_mut(name) {
                *count += 1;
                return;
            }
        }
        if let Some(scope) = self.scopes.last_mut() {
            scope.counts.insert(name.clone(), 1);
        }
    }

    pub fn uses(&self, name: &str) -> usize {
        self.scopes.iter().rev().find_map(|scope| scope.counts.get(name).copied()).unwrap_or(0)
    }

    /// Declares a variable in the innermost scope under a new name; the message if it is there already.
    pub fn declare(&mut self, names: &mut Names, name: &Name, occurrence: Occurrence) -> Result<Name, String> {
        let shown = super::text::variable(name);
        match self.occurrence(name) {
            Some(Occurrence::Seen) => return Err(format!("var {shown} referenced above")),
            Some(Occurrence::Assigned) => return Err(format!("var {shown} assigned above")),
            Some(Occurrence::Declared) => return Err(format!("var {shown} declared above")),
            Some(Occurrence::Argument) => return Err(format!("arg {shown} redeclared")),
            None => {}
        }
        let renamed = names.fresh();
        self.insert(name, renamed.clone(), occurrence);
        Ok(renamed)
    }
}
