//! Bodies: statements from left to right, each solution of one followed by all of the next.
//!
//! A statement that succeeds at most once is a step of a loop; only one that ranges calls the rest of the body for
//! each of its solutions. `not`, `every`, comprehensions and the operands of `and` and `or` are bodies of their own in
//! the same frame.

use super::held::Held;
use super::machine::{Halt, Machine, Run, Then};
use super::memo::MOMENT;
use crate::rego::plan::program::{Every, Expr, Logic, Op, Pattern, Step, With};
use crate::rego::values::Value;

impl<'m> Machine<'m> {
    /// Calls `then` for each solution of the body.
    pub fn run(&mut self, steps: &'m [Step], then: Then<'_, 'm>) -> Run {
        let mut rest = steps;
        while let Some((step, after)) = rest.split_first() {
            self.tick()?;
            if step.once {
                if !self.succeeds(step)? {
                    return Ok(());
                }
                rest = after;
                continue;
            }
            return self.deeper(|machine| machine.range(step, &mut |machine| machine.run(after, then)));
        }
        then(self)
    }

    /// Whether the body has a solution.
    pub fn holds(&mut self, body: &'m [Step], first_is_enough: bool) -> Run<bool> {
        if body.iter().all(|step| step.once) {
            return self.deeper(|machine| machine.all_succeed(body));
        }
        let mut found = false;
        let result = self.deeper(|machine| {
            machine.run(body, &mut |_| {
                found = true;
                if first_is_enough { Err(Halt::Enough) } else { Ok(()) }
            })
        });
        match result {
            Ok(()) | Err(Halt::Enough) => Ok(found),
            Err(halt) => Err(halt),
        }
    }

    /// A statement with at most one solution.
    fn succeeds(&mut self, step: &'m Step) -> Run<bool> {
        match &step.op {
            Op::Test(expr) => self.test(expr),
            Op::Match(pattern, expr) => {
                if let Some(equal) = self.compared(pattern, expr) {
                    return Ok(equal);
                }
                match self.eval(expr)? {
                    Some(value) => self.matches(pattern, value),
                    None => Ok(false),
                }
            }
            Op::Not(body) => {
                // A watcher sees all solutions, as in OPA.
                let enough = self.first_is_enough() && self.watcher.is_none();
                Ok(!self.holds(body, enough)?)
            }
            Op::Every(every) => self.every(every),
            Op::Logic(logic) => self.logic(logic),
            Op::With(with) => {
                let Some(mut world) = self.overlaid(with, step.at)? else { return Ok(false) };
                std::mem::swap(&mut self.world, &mut world);
                let result = self.all_succeed(&with.body);
                std::mem::swap(&mut self.world, &mut world);
                result
            }
            Op::Print(operand) => {
                self.reads |= MOMENT;
                self.print(operand, step.at)
            }
            Op::Fail | Op::Iterate(..) | Op::IterateTest(_) | Op::Walk(_) | Op::Watch(_) | Op::Enter(_) => Ok(false),
        }
    }

    fn all_succeed(&mut self, steps: &'m [Step]) -> Run<bool> {
        for step in steps {
            self.tick()?;
            if !self.succeeds(step)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A statement with any number of solutions.
    fn range(&mut self, step: &'m Step, then: Then<'_, 'm>) -> Run {
        if let Op::Iterate(plan, pattern) = &step.op
            && let Some((container, key)) = self.borrowed_container(plan)
        {
            return match container {
                Some(container) => self.range_elements(container, key, pattern, then),
                None => Ok(()),
            };
        }
        match &step.op {
            Op::Iterate(plan, pattern) => self.iterate(plan, &mut |machine, value| {
                if machine.matches(pattern, value)? { then(machine) } else { Ok(()) }
            }),
            Op::IterateTest(plan) => self.iterate(plan, &mut |machine, value| {
                if value.value().is_false() { Ok(()) } else { then(machine) }
            }),
            Op::Walk(walk) => self.walk(walk, then),
            Op::With(with) => self.range_with(with, step, then),
            Op::Watch(watched) => self.watch(watched, then),
            Op::Enter(watched) => self.enter(watched, then),
            _ => {
                if self.succeeds(step)? {
                    return then(self);
                }
                Ok(())
            }
        }
    }

    /// Each element of a container that outlives the evaluation.
    fn range_elements(
        &mut self,
        container: &'m Value,
        key: &'m Pattern,
        pattern: &'m Pattern,
        then: Then<'_, 'm>,
    ) -> Run {
        let from = Held::Borrowed(container);
        for position in 0..container.container_len().unwrap_or(0) {
            self.tick()?;
            let element = match key {
                Pattern::Any => from.element(position),
                _ => match from.entry(position) {
                    Some((name, element)) => self.matches(key, name)?.then_some(element),
                    None => None,
                },
            };
            let Some(Held::Borrowed(element)) = element else { break };
            let fits = match pattern {
                Pattern::Bind(slot) => {
                    self.set(*slot, Held::Borrowed(element));
                    true
                }
                Pattern::Constant(constant) => constant == element,
                _ => self.matches(pattern, Held::Borrowed(element))?,
            };
            if fits {
                then(self)?;
            }
        }
        Ok(())
    }

    /// What follows a `with` happens outside of it.
    fn range_with(&mut self, with: &'m With, step: &'m Step, then: Then<'_, 'm>) -> Run {
        let Some(inner) = self.overlaid(with, step.at)? else { return Ok(()) };
        let outer = std::mem::replace(&mut self.world, inner);
        let result = self.run(&with.body, &mut |machine| {
            let inner = std::mem::replace(&mut machine.world, outer.clone());
            let result = then(machine);
            machine.world = inner;
            result
        });
        self.world = outer;
        result
    }

    fn every(&mut self, every: &'m Every) -> Run<bool> {
        let Some(domain) = self.eval(&every.domain)? else { return Ok(false) };
        let Some(length) = domain.value().container_len() else { return Ok(false) };
        for position in 0..length {
            self.tick()?;
            let Some((key, value)) = domain.entry(position) else { break };
            if !self.matches(&every.key, key)? || !self.matches(&every.value, value)? {
                continue;
            }
            if !self.holds(&every.body, true)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn logic(&mut self, logic: &'m Logic) -> Run<bool> {
        let left = self.holds(&logic.left, true)?;
        if left == logic.either { Ok(left) } else { self.holds(&logic.right, true) }
    }

    /// Whether the value fits; binds the pattern's variables as far as it got.
    #[inline]
    pub fn matches(&mut self, pattern: &'m Pattern, value: Held<'m>) -> Run<bool> {
        match pattern {
            Pattern::Any => Ok(true),
            Pattern::Bind(slot) => {
                self.set(*slot, value);
                Ok(true)
            }
            _ => self.fits(pattern, value),
        }
    }

    fn fits(&mut self, pattern: &'m Pattern, value: Held<'m>) -> Run<bool> {
        match pattern {
            Pattern::Any => Ok(true),
            Pattern::Never => Ok(false),
            Pattern::Bind(slot) => {
                self.set(*slot, value);
                Ok(true)
            }
            Pattern::Head(slot) => {
                if self.is_known(*slot) {
                    return Ok(self.slot(*slot).value() == value.value());
                }
                self.set(*slot, value);
                Ok(true)
            }
            Pattern::Constant(constant) => Ok(constant == value.value()),
            Pattern::Equal(expr) => {
                if let Expr::Slot(slot) = expr {
                    return Ok(self.slot(*slot).value() == value.value());
                }
                Ok(self.eval(expr)?.is_some_and(|other| other.value() == value.value()))
            }
            Pattern::Array(patterns) => {
                let Value::Array(array) = value.value() else { return Ok(false) };
                if array.len() != patterns.len() {
                    return Ok(false);
                }
                for (position, pattern) in patterns.iter().enumerate() {
                    let Some((_, element)) = value.entry(position) else { return Ok(false) };
                    if !self.matches(pattern, element)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Pattern::Object(patterns) => {
                let Value::Object(object) = value.value() else { return Ok(false) };
                if object.len() != patterns.len() {
                    return Ok(false);
                }
                for (key, pattern) in patterns {
                    let Some(key) = self.eval(key)? else { return Ok(false) };
                    let Some(element) = value.get(key.value()) else { return Ok(false) };
                    if !self.matches(pattern, element)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
        }
    }
}
