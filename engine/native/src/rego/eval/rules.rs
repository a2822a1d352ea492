//! Complete rules and functions: one value, whichever definitions give it.

use smallvec::SmallVec;

use super::candidates::Tries;
use super::held::Held;
use super::machine::{Halt, Machine, Run};
use super::memo::{FAILED, FUNCTIONS, MOMENT};
use super::overlay::Mock;
use super::quick::Quickly;
use crate::rego::builtins::operands::{BuiltinError, ErrorKind};
use crate::rego::builtins::registry::BuiltinDef;
use crate::rego::errors::{EVAL_INTERNAL, Error};
use crate::rego::plan::program::{Call, Callee, Group, GroupId, GroupKind, RuleIndex, RulePlan};
use crate::rego::values::Value;

/// The arguments of a call.
pub(super) type Arguments<'m> = SmallVec<[Held<'m>; 4]>;

const COMPLETE_CONFLICT: &str = "complete rules must not produce multiple outputs";
const FUNCTION_CONFLICT: &str = "functions must not produce multiple outputs for same inputs";

impl<'m> Machine<'m> {
    /// The value of a complete rule.
    pub fn complete(&mut self, group: GroupId) -> Run<Option<Held<'m>>> {
        if let Some(known) = self.recall_group(group) {
            return Ok(known);
        }
        let Some(plan) = self.program.groups.get(group as usize) else { return Ok(None) };
        self.tracked(|machine| {
            let built = machine.bytes_built();
            let value = machine.deeper(|machine| machine.settle(plan, &[], COMPLETE_CONFLICT))?;
            machine.remember_group(group, value.clone(), built);
            Ok(value)
        })
    }

    /// Runs the definitions, their else chains and, if none succeeds, the default.
    fn settle(&mut self, group: &'m Group, arguments: &[Held<'m>], conflict: &str) -> Run<Option<Held<'m>>> {
        let (candidates, agree) = self.tries_of(group, arguments);
        let first_settles = agree && self.options.early_exit;
        let mut value = None;
        let mut settled = None;
        for candidate in candidates.iter() {
            if settled == Some(candidate.position) {
                continue;
            }
            let Some(rule) = self.rule(candidate.rule) else { continue };
            let (found, after) = self.definition(rule, arguments, value.take(), first_settles, conflict)?;
            value = after;
            if found {
                if first_settles {
                    return Ok(value);
                }
                settled = Some(candidate.position);
            }
        }
        if value.is_none()
            && let Some(rule) = group.default.and_then(|index| self.rule(index))
        {
            value = self.definition(rule, arguments, None, first_settles, conflict)?.1;
        }
        Ok(value)
    }

    /// The definitions to try, in order, and whether they all give the same constant.
    pub(super) fn tries_of(&mut self, group: &'m Group, arguments: &[Held<'m>]) -> (Tries<'m>, bool) {
        let (rules, agree) = match &group.index {
            Some(index) if self.options.indexing => {
                let found = self.candidates(index, arguments);
                let agree = found.agree();
                (Tries::Found(found.rules), agree)
            }
            _ => (Tries::All(&group.rules), group.early_exit),
        };
        if self.watcher.is_some() {
            let chains = rules.iter().filter(|rule| rule.link == 0).count();
            let single = matches!(group.kind, GroupKind::Complete | GroupKind::Function(_));
            self.tell_index(group, chains, single && agree && self.options.early_exit);
        }
        (rules, agree)
    }

    pub(super) fn rule(&self, index: RuleIndex) -> Option<&'m RulePlan> {
        self.program.rules.get(index as usize)
    }

    /// Runs one definition. Whether it succeeded, and the value so far.
    fn definition(
        &mut self,
        rule: &'m RulePlan,
        arguments: &[Held<'m>],
        before: Option<Held<'m>>,
        first_settles: bool,
        conflict: &str,
    ) -> Run<(bool, Option<Held<'m>>)> {
        let Some(result) = &rule.value else { return Ok((false, before)) };
        let mut value = before;
        let mut found = false;
        if let Some(watcher) = &mut self.watcher {
            watcher.first_only = first_settles;
        }
        let run = self.framed(rule.slots, |machine| {
            for (pattern, argument) in rule.arguments.iter().zip(arguments) {
                if !machine.matches(pattern, argument.clone())? {
                    return Ok(());
                }
            }
            machine.run(&rule.body, &mut |machine| {
                let Some(new) = machine.eval(result)? else { return Ok(()) };
                found = true;
                match &value {
                    Some(old) if old.value() != new.value() => return Err(machine.conflict(conflict, rule.at)),
                    Some(_) => {}
                    None => value = Some(new),
                }
                if first_settles { Err(Halt::Enough) } else { Ok(()) }
            })
        });
        match run {
            Ok(()) | Err(Halt::Enough) => Ok((found, value)),
            Err(halt) => Err(halt),
        }
    }

    /// The result of a call.
    pub fn call(&mut self, call: &'m Call) -> Run<Option<Held<'m>>> {
        self.reads |= FUNCTIONS;
        if let (Some(quick), None) = (call.quick, &self.world.functions) {
            if let Some(truth) = self.quick_truth(quick, call) {
                return Ok(truth.map(|truth| Held::Own(Value::Bool(truth))));
            }
            return match self.quick(quick, call)? {
                Quickly::Undefined => Ok(None),
                Quickly::Value(value) => Ok(Some(Held::Own(value))),
                Quickly::Not(arguments) => self.call_original(call.callee, arguments, call),
            };
        }
        let mut arguments = Arguments::new();
        for argument in &call.arguments {
            let Some(value) = self.eval(argument)? else { return Ok(None) };
            arguments.push(value);
        }
        if self.world.functions.is_some()
            && let Some(mock) = self.world.mock(call.callee)
        {
            return self.mocked(mock, arguments, call);
        }
        self.call_original(call.callee, arguments, call)
    }

    /// A replacement sees the originals.
    fn mocked(&mut self, mock: Mock<'m>, arguments: Arguments<'m>, call: &'m Call) -> Run<Option<Held<'m>>> {
        match mock {
            Mock::Value(value) => Ok(Some(value)),
            Mock::Rule(rule) => self.lookup(rule),
            Mock::Function(callee) => {
                let functions = self.world.functions.take();
                let stamp = self.world.stamps.get_mut(2).map(std::mem::take);
                let result = self.call_original(callee, arguments, call);
                self.world.functions = functions;
                if let (Some(place), Some(stamp)) = (self.world.stamps.get_mut(2), stamp) {
                    *place = stamp;
                }
                result
            }
        }
    }

    fn call_original(&mut self, callee: Callee, arguments: Arguments<'m>, call: &'m Call) -> Run<Option<Held<'m>>> {
        match callee {
            Callee::Group(group) => self.function(group, arguments),
            Callee::Builtin(def) => {
                let operands: SmallVec<[Value; 4]> = arguments.into_iter().map(Held::into_value).collect();
                self.builtin(def, &operands, call)
            }
        }
    }

    fn function(&mut self, group: GroupId, arguments: Arguments<'m>) -> Run<Option<Held<'m>>> {
        let Some(plan) = self.program.groups.get(group as usize) else { return Ok(None) };
        let key = (group, arguments.iter().map(|argument| argument.value().clone()).collect());
        if let Some(known) = self.recall_call(&key) {
            return Ok(known);
        }
        self.tracked(|machine| {
            let value = machine.deeper(|machine| machine.settle(plan, &arguments, FUNCTION_CONFLICT))?;
            machine.charge(64 + 16 * arguments.len() as u64)?;
            machine.remember_call(key, value.clone());
            Ok(value)
        })
    }

    fn builtin(&mut self, def: &'static BuiltinDef, operands: &[Value], call: &'m Call) -> Run<Option<Held<'m>>> {
        let Some(function) = def.function else {
            return Err(self.failed(EVAL_INTERNAL, &format!("unsupported built-in: {}", def.signature.name), call.at));
        };
        if !def.is_timeless {
            self.reads |= MOMENT;
        }
        let result = function(&mut self.context, operands);
        if self.watcher.is_some() {
            self.tell_notes();
        }
        match result {
            Ok(Some(value)) => Ok(Some(Held::Own(value))),
            Ok(None) => Ok(None),
            Err(error) => {
                self.builtin_failed(def, error, call)?;
                Ok(None)
            }
        }
    }

    /// Keeps the first error for strict evaluation; passes on one that stops everything.
    #[cold]
    fn builtin_failed(&mut self, def: &'static BuiltinDef, error: BuiltinError, call: &'m Call) -> Run {
        let at = self.location(call.at);
        if let ErrorKind::Halt(code) = error.kind {
            return Err(Halt::Failed(Box::new(Error::new(code, error.message, Some(at)))));
        }
        self.reads |= FAILED;
        if self.builtin_error.is_none() {
            let message = format!("{}: {}", def.signature.name, error.message);
            self.builtin_error = Some(Box::new(Error::new(error.code(), message, Some(at))));
        }
        Ok(())
    }
}
