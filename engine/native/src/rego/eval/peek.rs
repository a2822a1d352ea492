//! Operands that can be looked at where they are: constants, variables, and paths below variables, input, base data and
//! rules that have been evaluated.
//!
//! Most operands of comparisons and most tests are such. Nothing is copied, counted or called for them.

use super::held::Held;
use super::machine::{Machine, Run};
use super::memo::{DATA, Entry as Recalled, FUNCTIONS, INPUT};
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

/// Where a path begins: the value, how many keys led there, and whether it is base data.
enum Start<'p, 'm> {
    Held(&'p Held<'m>, usize, bool),
    Base(&'m Value, usize),
    Undefined,
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
        match self.start(plan) {
            Start::Held(held, used, is_stored) => self.steps(held.value(), plan, used, plan.keys.len(), is_stored),
            Start::Base(base, used) => self.steps(base, plan, used, plan.keys.len(), true),
            Start::Undefined => Peek::Undefined,
            Start::Unknown => Peek::Unknown,
        }
    }

    /// The value at the first keys of a path, if it is held by what outlives the evaluation; the outer `None`: it is not,
    /// or only evaluation can tell.
    pub(super) fn borrowed(&self, plan: &'m RefPlan, keys: usize) -> Option<Option<&'m Value>> {
        let (from, used, is_stored) = match self.start(plan) {
            Start::Held(Held::Borrowed(value), used, is_stored) => (*value, used, is_stored),
            Start::Base(base, used) => (base, used, true),
            Start::Undefined => return Some(None),
            Start::Held(..) | Start::Unknown => return None,
        };
        match self.steps(from, plan, used, keys, is_stored) {
            Peek::Value(value) => Some(Some(value)),
            Peek::Undefined => Some(None),
            Peek::Unknown => None,
        }
    }

    #[inline]
    fn start(&self, plan: &'m RefPlan) -> Start<'_, 'm> {
        match plan.root {
            Root::Slot(slot) => Start::Held(self.slot(slot), 0, false),
            Root::Input => self.world.input.as_ref().map_or(Start::Undefined, |input| Start::Held(input, 0, false)),
            Root::Data(_) if self.world.data.is_some() => Start::Unknown,
            Root::Data(Entry::Base(Some(path), used)) => match self.bases.get(path as usize) {
                Some(Some(base)) => Start::Base(base, used),
                Some(None) => Start::Undefined,
                None => Start::Unknown,
            },
            Root::Data(Entry::Group(group, used)) => match self.recalled(group) {
                Some(Recalled { value: Some(value), .. }) => Start::Held(value, used, false),
                Some(_) => Start::Undefined,
                None => Start::Unknown,
            },
            Root::Data(_) => Start::Unknown,
        }
    }

    fn steps<'v>(&self, from: &'v Value, plan: &'m RefPlan, used: usize, upto: usize, is_stored: bool) -> Peek<'v> {
        let mut value = from;
        for (key, hint) in plan.keys.iter().zip(&plan.hints).take(upto).skip(used) {
            let next = match key {
                Key::Constant(key) if is_stored => value.get_near(key, hint).or_else(|| stored::get(value, key)),
                Key::Constant(key) => value.get_near(key, hint),
                Key::Slot(slot) if is_stored => stored::get(value, self.slot(*slot).value()),
                Key::Slot(slot) => value.get(self.slot(*slot).value()),
                Key::Computed(_) | Key::Free(_) => return Peek::Unknown,
            };
            match next {
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
            self.looks_along(plan);
        }
    }

    #[inline]
    fn looks_along(&mut self, plan: &RefPlan) {
        match plan.root {
            Root::Input => self.reads |= INPUT,
            Root::Data(Entry::Group(group, _)) => {
                let reads = self.recalled(group).map_or(0, |result| result.reads);
                self.reads |= DATA | reads;
            }
            Root::Data(_) => self.reads |= DATA,
            Root::Slot(_) => {}
        }
    }

    /// The container that a reference ranges over with its last key only, as [`Self::borrowed`] finds it.
    pub(super) fn borrowed_container(&mut self, plan: &'m RefPlan) -> Option<(Option<&'m Value>, &'m Pattern)> {
        let (Key::Free(key @ (Pattern::Any | Pattern::Bind(_))), before) = plan.keys.split_last()? else { return None };
        let container = self.borrowed(plan, before.len())?;
        self.looks_along(plan);
        Some((container, key))
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

    /// Whether the value of the expression fits the pattern, if a look can tell.
    pub(super) fn compared(&mut self, pattern: &'m Pattern, expr: &'m Expr) -> Option<bool> {
        match pattern {
            Pattern::Bind(slot) => {
                let Expr::Ref(plan) = expr else { return None };
                self.looks_at(expr);
                let found = self.borrowed(plan, plan.keys.len())?;
                if let Some(value) = found {
                    self.set(*slot, Held::Borrowed(value));
                }
                Some(found.is_some())
            }
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
