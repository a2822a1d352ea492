//! Where evaluation meets its watcher: the steps of a program with marks.

use std::sync::Arc;

use super::{Event, Marked, Op, Tracer};
use crate::rego::eval::machine::{Machine, Run, Then};
use crate::rego::plan::marks::{Mark, Watched};
use crate::rego::plan::program::Group;
use crate::rego::values::Value;

/// What an event costs of the evaluation's memory, estimated: tracers may keep it.
const EVENT_BYTES: u64 = 128;

/// The watcher of one evaluation, and where the evaluation is.
pub struct Watcher<'m> {
    tracer: &'m dyn Tracer,
    wants_locals: bool,
    here: Here<'m>,
    next: u64,
    /// The rule that is entered next settles with its first solution.
    pub first_only: bool,
}

#[derive(Clone, Copy)]
struct Here<'m> {
    query: u64,
    parent: u64,
    statement: Option<&'m Mark>,
}

impl<'m> Watcher<'m> {
    pub fn new(tracer: &'m dyn Tracer) -> Self {
        let here = Here { query: 0, parent: 0, statement: None };
        Watcher { tracer, wants_locals: tracer.wants_locals(), here, next: 0, first_only: false }
    }
}

impl<'m> Machine<'m> {
    /// A statement.
    pub(in crate::rego::eval) fn watch(&mut self, it: &'m Watched, then: Then<'_, 'm>) -> Run {
        let outer = self.watcher.as_ref().and_then(|watcher| watcher.here.statement);
        self.stand_at(Some(&it.mark));
        self.tell(Op::Eval, &it.mark, "", false)?;
        let mut defined = false;
        let result = self.run(&it.body, &mut |machine| {
            defined = true;
            let result = then(machine);
            machine.stand_at(Some(&it.mark));
            if !it.mark.is_negation {
                machine.tell(Op::Redo, &it.mark, "", true)?;
            }
            result
        });
        if result.is_ok() && !defined {
            self.tell(Op::Fail, &it.mark, "", false)?;
        }
        self.stand_at(outer);
        result
    }

    /// A body or a rule: what happens in it happens under a number of its own.
    pub(in crate::rego::eval) fn enter(&mut self, it: &'m Watched, then: Then<'_, 'm>) -> Run {
        let Some(watcher) = self.watcher.as_mut() else { return self.run(&it.body, then) };
        let outer = watcher.here;
        let first = watcher.next == 0;
        watcher.here = Here { query: watcher.next, parent: if first { 0 } else { outer.query }, statement: None };
        watcher.next += 1;
        let first_only = match it.mark.of {
            Marked::Rule => std::mem::take(&mut watcher.first_only),
            _ => it.mark.first_only,
        };
        let inner = watcher.here;
        self.tell(Op::Enter, &it.mark, "", false)?;
        let result = self.run(&it.body, &mut |machine| {
            machine.tell(Op::Exit, &it.mark, if first_only { "early" } else { "" }, true)?;
            machine.stand(outer);
            let result = then(machine);
            machine.stand(inner);
            machine.tell(Op::Redo, &it.mark, "", true)?;
            result
        });
        self.stand(outer);
        result
    }

    fn stand(&mut self, here: Here<'m>) {
        if let Some(watcher) = &mut self.watcher {
            watcher.here = here;
        }
    }

    fn stand_at(&mut self, statement: Option<&'m Mark>) {
        if let Some(watcher) = &mut self.watcher {
            watcher.here.statement = statement;
        }
    }

    fn tell(&mut self, op: Op, mark: &'m Mark, message: &str, after: bool) -> Run {
        let Some(watcher) = &self.watcher else { return Ok(()) };
        let locals: Vec<(Arc<str>, Value)> = if watcher.wants_locals {
            let known = mark.locals.iter().filter(|(_, _, before)| *before || after);
            known.filter_map(|(name, slot, _)| Some((name.clone(), self.slot(*slot).known()?.clone()))).collect()
        } else {
            Vec::new()
        };
        let location = self.location(mark.at);
        watcher.tracer.event(&Event {
            op,
            of: mark.of,
            text: &mark.text,
            location: &location,
            query: watcher.here.query,
            parent: watcher.here.parent,
            message,
            generated: mark.generated,
            locals: &locals,
        });
        self.charge(EVENT_BYTES)
    }

    /// What the statement that is evaluated does beside succeeding or failing.
    fn tell_aside(&self, op: Op, text: &str, message: &str) {
        let Some(watcher) = &self.watcher else { return };
        let Some(mark) = watcher.here.statement else { return };
        let location = self.location(mark.at);
        watcher.tracer.event(&Event {
            op,
            of: Marked::Expr,
            text,
            location: &location,
            query: watcher.here.query,
            parent: watcher.here.parent,
            message,
            generated: false,
            locals: &[],
        });
    }

    /// The definitions of a rule that can succeed.
    #[cold]
    pub(in crate::rego::eval) fn tell_index(&self, group: &Group, found: usize, first_only: bool) {
        let mut text = String::from("data");
        for key in &group.path {
            match key.as_str() {
                Some(name) if name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') => {
                    text.push('.');
                    text.push_str(name);
                }
                _ => text.push_str(&format!("[{key}]")),
            }
        }
        let rules = if found == 1 { "1 rule".to_owned() } else { format!("{found} rules") };
        let early = if first_only { ", early exit" } else { "" };
        self.tell_aside(Op::Index, &text, &format!("(matched {rules}{early})"));
    }

    /// The notes of the call that was just made.
    #[cold]
    pub(in crate::rego::eval) fn tell_notes(&mut self) {
        for note in std::mem::take(&mut self.context.notes) {
            self.tell_aside(Op::Note, "", &note);
        }
    }
}
