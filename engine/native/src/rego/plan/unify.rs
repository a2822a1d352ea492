//! `a = b`, taken apart while planning: which side is known decides which side is matched.

use super::Fault;
use super::program::{Expr, Key, Op, Pattern, Step};
use super::scope::Scope;
use crate::rego::analysis::core::{Kind, Place, Term};

impl Scope<'_> {
    pub(super) fn unify(&mut self, a: &Term, b: &Term, at: Place, out: &mut Vec<Step>) -> Result<(), Fault> {
        if self.is_free_reference(a) {
            return self.iterate(a, b, at, out);
        }
        if self.is_free_reference(b) {
            return self.iterate(b, a, at, out);
        }
        self.unify_pairs(vec![(a, b)], at, out)
    }

    /// Pairs of which neither side is known yet wait until others have bound their variables.
    fn unify_pairs<'t>(
        &mut self,
        mut pairs: Vec<(&'t Term, &'t Term)>,
        at: Place,
        out: &mut Vec<Step>,
    ) -> Result<(), Fault> {
        while !pairs.is_empty() {
            let mut waiting = Vec::new();
            let mut progress = false;
            pairs.reverse();
            while let Some((a, b)) = pairs.pop() {
                if self.is_known(a) {
                    let value = self.expr(a)?;
                    let pattern = self.pattern(b)?;
                    out.push(Step { op: Op::Match(pattern, value), at, once: true });
                    progress = true;
                    continue;
                }
                if self.is_known(b) {
                    let value = self.expr(b)?;
                    let pattern = self.pattern(a)?;
                    out.push(Step { op: Op::Match(pattern, value), at, once: true });
                    progress = true;
                    continue;
                }
                match (&a.kind, &b.kind) {
                    (Kind::Array(x), Kind::Array(y)) if x.len() == y.len() => {
                        progress = true;
                        pairs.extend(x.iter().zip(y).rev());
                    }
                    (Kind::Object(x), Kind::Object(y)) if x.len() == y.len() => {
                        progress = true;
                        for (key, value) in x.iter().rev() {
                            match y.iter().find(|(other, _)| same_key(key, other)) {
                                Some((_, other)) => pairs.push((value, other)),
                                None => out.push(fail(at)),
                            }
                        }
                    }
                    (Kind::Var(_), _) | (_, Kind::Var(_)) => waiting.push((a, b)),
                    _ => {
                        progress = true;
                        out.push(fail(at));
                    }
                }
            }
            if !progress {
                return Err(Fault::new("neither side of a unification is known", at));
            }
            pairs = waiting;
        }
        Ok(())
    }

    /// Each value of the reference `a`, matched with `b`.
    fn iterate(&mut self, a: &Term, b: &Term, at: Place, out: &mut Vec<Step>) -> Result<(), Fault> {
        let Kind::Ref(terms) = &a.kind else { return Err(Fault::new("not a reference", at)) };
        let plan = Box::new(self.reference(terms, a.at)?);
        if let Kind::Ref(others) = &b.kind
            && self.is_free_reference(b)
        {
            let value = self.fresh();
            self.bind(value);
            out.push(Step { op: Op::Iterate(plan, Pattern::Bind(value)), at, once: false });
            let other = Box::new(self.reference(others, b.at)?);
            out.push(Step { op: Op::Iterate(other, Pattern::Equal(Expr::Slot(value))), at, once: false });
            return Ok(());
        }
        let pattern = self.pattern(b)?;
        out.push(Step { op: Op::Iterate(plan, pattern), at, once: false });
        Ok(())
    }

    /// True for a reference that has free variables as keys.
    pub(super) fn is_free_reference(&self, term: &Term) -> bool {
        matches!(term.kind, Kind::Ref(_)) && !self.is_known(term)
    }

    /// A reference on its own.
    pub(super) fn test_reference(&mut self, terms: &[Term], at: Place) -> Result<Step, Fault> {
        let plan = Box::new(self.reference(terms, at)?);
        if plan.keys.iter().any(Key::is_free) {
            return Ok(Step { op: Op::IterateTest(plan), at, once: false });
        }
        Ok(Step { op: Op::Test(Expr::Ref(plan)), at, once: true })
    }
}

fn fail(at: Place) -> Step {
    Step { op: Op::Fail, at, once: true }
}

fn same_key(a: &Term, b: &Term) -> bool {
    match (super::terms::constant(a), super::terms::constant(b)) {
        (Some(a), Some(b)) => a == b,
        (None, None) => matches!((&a.kind, &b.kind), (Kind::Var(a), Kind::Var(b)) if a == b),
        _ => false,
    }
}
