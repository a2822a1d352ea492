//! Marks: what an explained evaluation tells of its statements, bodies and rules.
//!
//! A program planned with marks has, around each statement and each body, a step that announces it. A program planned
//! without has none, so that an evaluation that nobody watches pays nothing.

use std::collections::HashMap;

use super::mark_text::Writer;
use super::program::{Op, Slot, Step};
use super::scope::Scope;
use crate::rego::analysis::core::{self, Name, Place, Rule, Term};

/// What a mark is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Marked {
    Rule,
    Body,
    Expr,
}

/// What is told of a statement, a body or a rule.
#[derive(Debug)]
pub struct Mark {
    pub of: Marked,
    /// As OPA writes it, with the names of the author.
    pub text: String,
    pub at: Place,
    /// True if analysis made it.
    pub generated: bool,
    /// True for a statement under the older `not`.
    pub is_negation: bool,
    /// True if one solution is all that is asked for.
    pub first_only: bool,
    /// The author's variables in it, and whether they had a value before.
    pub locals: Vec<(Name, Slot, bool)>,
}

/// Steps with a mark around them.
#[derive(Debug)]
pub struct Watched {
    pub mark: Mark,
    pub body: Box<[Step]>,
}

/// The author's names of variables that analysis has renamed.
pub(crate) type Names = HashMap<Name, Name>;

impl<'a> Scope<'a> {
    /// The steps of a statement within a step that announces them.
    pub(super) fn watch(&mut self, expr: &core::Expr, known: Vec<(Name, Slot)>, body: Vec<Step>, out: &mut Vec<Step>) {
        let Some(names) = self.names_of_author else { return out.extend(body) };
        let mut writer = Writer::new(names);
        writer.expr(expr);
        let (text, vars) = writer.finish();
        let locals = self.locals(vars, &known, names);
        let mark = Mark {
            of: Marked::Expr,
            text,
            at: expr.at,
            generated: expr.generated,
            is_negation: expr.negated,
            first_only: false,
            locals,
        };
        out.push(step(Op::Watch(Box::new(Watched { mark, body: body.into_boxed_slice() })), expr.at));
    }

    /// A body within a step that announces its solutions.
    pub(super) fn entered(&mut self, terms: &[core::Expr], steps: Box<[Step]>, first_only: bool) -> Box<[Step]> {
        let Some(names) = self.names_of_author else { return steps };
        let mut writer = Writer::new(names);
        writer.body(terms);
        let (text, _) = writer.finish();
        let at = terms.first().map(|expr| expr.at).unwrap_or_default();
        let mark =
            Mark { of: Marked::Body, text, at, generated: false, is_negation: false, first_only, locals: Vec::new() };
        Box::new([step(Op::Enter(Box::new(Watched { mark, body: steps })), at)])
    }

    /// The operand of `not`, which is one statement.
    pub(super) fn entered_negation(&mut self, expr: &core::Expr, steps: Vec<Step>) -> Box<[Step]> {
        if self.names_of_author.is_none() {
            return steps.into_boxed_slice();
        }
        let plain = core::Expr { negated: false, with: Vec::new(), ..expr.clone() };
        let mut inner = Vec::new();
        let known = self.known();
        self.watch(&plain, known, steps, &mut inner);
        self.entered(std::slice::from_ref(&plain), inner.into_boxed_slice(), false)
    }

    /// The body of a rule.
    pub(super) fn entered_rule(&mut self, rule: &Rule, path: &[Term], steps: Box<[Step]>) -> Box<[Step]> {
        let Some(names) = self.names_of_author else { return steps };
        let constant = path.iter().skip(1).take_while(|term| term.is_scalar()).count() + 1;
        let text = crate::rego::analysis::text::reference(path.get(..constant).unwrap_or(path));
        let mut writer = Writer::new(names);
        for term in rule.head.reference.iter().skip(1).chain(&rule.head.arguments) {
            writer.term(term);
        }
        for term in rule.head.member.iter().chain(&rule.head.value) {
            writer.term(term);
        }
        let (_, vars) = writer.finish();
        let locals = self.locals(vars, &[], names);
        let mark = Mark {
            of: Marked::Rule,
            text,
            at: rule.head.at,
            generated: false,
            is_negation: false,
            first_only: false,
            locals,
        };
        Box::new([step(Op::Enter(Box::new(Watched { mark, body: steps })), rule.head.at)])
    }

    /// The variables that have a value so far; nothing if nobody watches.
    pub(super) fn known(&self) -> Vec<(Name, Slot)> {
        match self.names_of_author {
            Some(_) => self.names().into_iter().filter(|(_, slot)| self.is_bound(*slot)).collect(),
            None => Vec::new(),
        }
    }

    fn locals(&self, vars: Vec<Name>, known: &[(Name, Slot)], names: &Names) -> Vec<(Name, Slot, bool)> {
        let mut locals: Vec<(Name, Slot, bool)> = Vec::new();
        for name in vars {
            let written = names.get(&name).unwrap_or(&name);
            if core::is_wildcard(written) || core::is_generated(written) {
                continue;
            }
            let Some(slot) = self.known_slot(&name) else { continue };
            if !locals.iter().any(|(_, other, _)| *other == slot) {
                let before = known.iter().any(|(_, other)| *other == slot);
                locals.push((written.clone(), slot, before));
            }
        }
        locals
    }
}

fn step(op: Op, at: Place) -> Step {
    Step { op, at, once: false }
}
