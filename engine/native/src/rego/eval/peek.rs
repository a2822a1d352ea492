//! Operands that can be looked at where they are: constants, variables, and paths below variables, input and base data.
//!
//! Most operands of comparisons and most tests are such. Nothing is copied, counted or called for them.

use super::machine::{Machine, Run};
use super::memo::{DATA, FUNCTIONS, INPUT};
use super::stored;
use crate::rego::plan::program::{Call, Entry, Expr, Key, Pattern, Quick, RefPlan, Root};
use crate::rego::values::Value;

/// What a look found.
pub(super) enum Peek<'p> {
    Value(&'p Value),
    Undefined,
    /// Only evaluation can tell.
    Unknown,
}

/// The value, or what the whole answer is without it.
macro_rules! seen {
    ($peek:expr) => {
        match $peek {
            Peek::Value(value) => value,
            Peek::Undefined => return Some(None),
            Peek::Unknown => return None,
        }
    };
}

impl<'m> Machine<'m> {
    #[inline]
    fn peek(&self, expr: &'m Expr) -> Peek<'_> {
        match expr {
            Expr::Constant(value) => Peek::Value(value),
            Expr::Slot(slot) => Peek::Value(self.slot(*slot).value()),
            Expr::Ref(plan) => self.peek_path(plan),
            _ => Peek::Unknown,
        }
    }

    fn peek_path(&self, plan: &'m RefPlan) -> Peek<'_> {
        let (mut value, keys, is_stored) = match plan.root {
            Root::Slot(slot) => (self.slot(slot).value(), plan.keys.as_ref(), false),
            Root::Input => match &self.world.input {
                Some(input) => (input.value(), plan.keys.as_ref(), false),
                None => return Peek::Undefined,
            },
            Root::Data(Entry::Base(Some(path), used)) if self.world.data.is_none() => {
                match (self.bases.get(path as usize), plan.keys.get(used..)) {
                    (Some(Some(base)), Some(keys)) => (base, keys, true),
                    (Some(None), _) => return Peek::Undefined,
                    _ => return Peek::Unknown,
                }
            }
            Root::Data(_) => return Peek::Unknown,
        };
        for key in keys {
            let key = match key {
                Key::Constant(key) => key,
                Key::Slot(slot) => self.slot(*slot).value(),
                Key::Computed(_) | Key::Free(_) => return Peek::Unknown,
            };
            match if is_stored { stored::get(value, key) } else { value.get(key) } {
                Some(next) => value = next,
                None => return Peek::Undefined,
            }
        }
        Peek::Value(value)
    }

    /// Notes what a look at the expression reads.
    #[inline]
    fn looks_at(&mut self, expr: &Expr) {
        if let Expr::Ref(plan) = expr {
            match plan.root {
                Root::Input => self.reads |= INPUT,
                Root::Data(_) => self.reads |= DATA,
                Root::Slot(_) => {}
            }
        }
    }

    /// Whether the expression is neither undefined nor false.
    pub(super) fn test(&mut self, expr: &'m Expr) -> Run<bool> {
        if let Expr::Call(call) = expr
            && let Some(quick) = call.quick
            && let Some(truth) = self.quick_truth(quick, call)
        {
            return Ok(truth == Some(true));
        }
        self.looks_at(expr);
        match self.peek(expr) {
            Peek::Value(value) => Ok(!value.is_false()),
            Peek::Undefined => Ok(false),
            Peek::Unknown => Ok(self.eval(expr)?.is_some_and(|value| !value.value().is_false())),
        }
    }

    /// Whether the value of the expression fits the pattern, if that compares two values that can be looked at.
    pub(super) fn compared(&mut self, pattern: &'m Pattern, expr: &'m Expr) -> Option<bool> {
        match pattern {
            Pattern::Constant(constant) => {
                self.looks_at(expr);
                match self.peek(expr) {
                    Peek::Value(value) => Some(value == constant),
                    Peek::Undefined => Some(false),
                    Peek::Unknown => None,
                }
            }
            Pattern::Equal(other) => {
                self.looks_at(expr);
                self.looks_at(other);
                match (self.peek(expr), self.peek(other)) {
                    (Peek::Value(a), Peek::Value(b)) => Some(a == b),
                    (Peek::Undefined, _) => Some(false),
                    (Peek::Value(_), Peek::Undefined) => Some(false),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The answer of a comparison or of membership, undefined included; `None` if its operands must be evaluated.
    pub(super) fn quick_truth(&mut self, quick: Quick, call: &'m Call) -> Option<Option<bool>> {
        let [first, second] = call.arguments.as_ref() else { return None };
        if self.world.functions.is_some() {
            return None;
        }
        self.reads |= FUNCTIONS;
        self.looks_at(first);
        if let (Quick::Member, Expr::Set(items) | Expr::Array(items)) = (quick, second) {
            items.iter().for_each(|item| self.looks_at(item));
            let item = seen!(self.peek(first));
            let mut found = false;
            for other in items {
                found = seen!(self.peek(other)) == item || found;
            }
            return Some(Some(found));
        }
        self.looks_at(second);
        let a = seen!(self.peek(first));
        let b = seen!(self.peek(second));
        quick.compare(a, b).map(Some)
    }
}
