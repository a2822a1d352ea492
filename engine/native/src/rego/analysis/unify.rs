//! Which variables `a = b` binds, given those that are bound already (OPA's `Unify`).

use std::collections::{BTreeMap, BTreeSet};

use super::core::{Gathers, Kind, Name, Term};
use super::vars::{Collector, Skip, VarSet};

/// Whether a variable is bound already.
pub(super) type Known<'a> = &'a dyn Fn(&str) -> bool;

/// True if nothing in the head of a reference is unbound.
pub(super) fn is_reference_safe(terms: &[Term], known: Known<'_>) -> bool {
    match terms.first() {
        Some(Term { kind: Kind::Var(name), .. }) => known(name),
        Some(head) => {
            let mut collector = Collector::new(Skip::SAFETY);
            collector.term(head);
            all_known(&collector.found, known)
        }
        None => true,
    }
}

fn is_call_safe(term: &Term, known: Known<'_>) -> bool {
    let mut collector = Collector::new(Skip::SAFETY);
    collector.term(term);
    all_known(&collector.found, known)
}

/// True if all are bound.
pub(super) fn all_known(vars: &VarSet, known: Known<'_>) -> bool {
    vars.iter().all(|name| known(name))
}

/// The variables that unifying the two terms binds.
pub(super) fn unify(left: &Term, right: &Term, known: Known<'_>) -> VarSet {
    let mut unifier = Unifier { known, unified: VarSet::default(), needs: BTreeMap::new(), needed_by: BTreeMap::new() };
    unifier.unify(left, right);
    unifier.unified
}

struct Unifier<'a> {
    known: Known<'a>,
    unified: VarSet,
    /// Variables that wait for others.
    needs: BTreeMap<Name, BTreeSet<Name>>,
    needed_by: BTreeMap<Name, BTreeSet<Name>>,
}

impl Unifier<'_> {
    fn is_safe(&self, name: &str) -> bool {
        (self.known)(name) || self.unified.contains(name)
    }

    fn unify(&mut self, left: &Term, right: &Term) {
        match (&left.kind, &right.kind) {
            (Kind::Var(a), Kind::Var(b)) => {
                if self.is_safe(b) {
                    self.mark(a);
                } else if self.is_safe(a) {
                    self.mark(b);
                } else {
                    self.wait(a, b);
                    self.wait(b, a);
                }
            }
            (Kind::Var(a), Kind::Array(_) | Kind::Object(_)) => self.whole(a, right),
            (Kind::Array(_) | Kind::Object(_), Kind::Var(b)) => self.whole(b, left),
            (Kind::Var(_), Kind::Ref(_) | Kind::Call(_)) => self.taken_from(right, left),
            (Kind::Ref(_) | Kind::Call(_), Kind::Var(_)) => self.taken_from(left, right),
            (Kind::Var(a), _) => self.mark(a),
            (Kind::Ref(_) | Kind::Call(_), Kind::Array(_) | Kind::Object(_)) => self.taken_from(left, right),
            (Kind::Array(_) | Kind::Object(_), Kind::Ref(_) | Kind::Call(_)) => self.taken_from(right, left),
            (Kind::Comprehension(a), Kind::Array(_)) if a.gathers == Gathers::Array => self.mark_all(right),
            (Kind::Comprehension(a), Kind::Object(_)) if a.gathers == Gathers::Object => self.mark_all(right),
            (Kind::Array(_), Kind::Comprehension(_)) => self.mark_all(left),
            (Kind::Array(a), Kind::Array(b)) if a.len() == b.len() => {
                for (left, right) in a.iter().zip(b) {
                    self.unify(left, right);
                }
            }
            (Kind::Object(a), Kind::Object(b)) if a.len() == b.len() => {
                for (key, left) in a {
                    if let Some((_, right)) = b.iter().find(|(other, _)| super::order::same(key, other)) {
                        self.unify(left, right);
                    }
                }
            }
            (_, Kind::Var(b)) => self.mark(b),
            _ => {}
        }
    }

    /// The variables of a pattern are bound if what they are taken from is.
    fn taken_from(&mut self, source: &Term, pattern: &Term) {
        if self.is_source_safe(source) {
            self.mark_all(pattern);
        }
    }

    fn is_source_safe(&self, term: &Term) -> bool {
        match &term.kind {
            Kind::Ref(terms) => is_reference_safe(terms, self.known),
            Kind::Call(_) => is_call_safe(term, self.known),
            _ => true,
        }
    }

    fn pattern(term: &Term) -> VarSet {
        let mut collector = Collector::new(Skip::PATTERN);
        collector.term(term);
        collector.found
    }

    fn mark_all(&mut self, term: &Term) {
        for name in Self::pattern(term).iter() {
            self.mark(name);
        }
    }

    fn whole(&mut self, name: &Name, term: &Term) {
        if self.is_safe(name) {
            self.mark_all(term);
            return;
        }
        let mut is_bound = true;
        for other in Self::pattern(term).iter() {
            if !self.is_safe(other) {
                is_bound = false;
                self.wait(name, other);
            }
        }
        if is_bound {
            self.mark(name);
        }
    }

    fn wait(&mut self, name: &Name, other: &Name) {
        self.needs.entry(name.clone()).or_default().insert(other.clone());
        self.needed_by.entry(other.clone()).or_default().insert(name.clone());
    }

    /// Marks a variable bound, and what follows: what it waited for, and what waited for nothing else.
    fn mark(&mut self, name: &Name) {
        let mut work = vec![name.clone()];
        while let Some(name) = work.pop() {
            self.unified.add(&name);
            for other in self.needs.remove(&name).into_iter().flatten() {
                if let Some(waiting) = self.needed_by.get_mut(&other) {
                    waiting.remove(&name);
                }
                work.push(other);
            }
            for other in self.needed_by.remove(&name).into_iter().flatten() {
                let Some(needs) = self.needs.get_mut(&other) else { continue };
                needs.remove(&name);
                if needs.is_empty() {
                    self.needs.remove(&other);
                    work.push(other);
                }
            }
        }
    }
}
