//! The state of one evaluation: frames, what `with` replaced, what is remembered, what is left to spend.

use crate::rego::analysis::core::Place;
use crate::rego::builtins::context::Context;
use crate::rego::errors::{EVAL_CANCEL, EVAL_CONFLICT, Error, Location};
use crate::rego::plan::program::{Program, Slot};
use crate::rego::values::Value;

use super::explain::Watcher;
use super::held::Held;
use super::kept::Kept;
use super::memo::Memory;
use super::options::Options;
use super::overlay::World;

/// Why evaluation of a body ends before its last solution.
pub enum Halt {
    /// Whoever asked has seen enough.
    Enough,
    Failed(Box<Error>),
}

pub type Run<T = ()> = Result<T, Halt>;

/// What to do with each solution.
pub type Then<'k, 'm> = &'k mut dyn FnMut(&mut Machine<'m>) -> Run;

/// How many steps pass between two looks at the clock.
const STEPS_PER_LOOK: u64 = 4_096;
/// Native stack that must be left before evaluation goes one level deeper, and how much more it then gets.
const STACK_RED_ZONE: usize = 128 * 1024;
const STACK_PIECE: usize = 2 * 1024 * 1024;

pub struct Machine<'m> {
    pub program: &'m Program,
    /// The data of the snapshot.
    pub data: &'m Value,
    /// The values at [`Program::base_paths`].
    pub bases: &'m [Option<Value>],
    /// Input, and what `with` put over it, data and functions.
    pub world: World<'m>,
    /// Worlds made so far; each has its own number.
    pub worlds: u32,
    /// What was read since the current rule began: see [`super::memo`].
    pub reads: u8,
    pub memory: Memory<'m>,
    /// What is known for all evaluations, unless this one is watched or otherwise looked at.
    pub kept: Option<&'m Kept>,
    /// Whether whole values may be tried for [`Self::kept`].
    pub tries: bool,
    /// Who is told what happens, in a program with marks.
    pub watcher: Option<Box<Watcher<'m>>>,
    pub options: &'m Options,
    pub context: Context,
    /// The first error of a built-in that only made something undefined.
    pub builtin_error: Option<Box<Error>>,
    slots: Vec<Held<'m>>,
    base: usize,
    /// Slots of the current frame that a known key of the head bound before the body: a bit each.
    pub known: u64,
    depth: u32,
    steps: u64,
    next_look: u64,
    bytes: u64,
    /// Another place than the program's, for queries.
    pub query_file: Option<std::sync::Arc<str>>,
}

impl<'m> Machine<'m> {
    pub fn new(
        program: &'m Program,
        data: &'m Value,
        bases: &'m [Option<Value>],
        input: Option<&'m Value>,
        options: &'m Options,
    ) -> Self {
        Machine {
            program,
            data,
            bases,
            world: World::new(input),
            worlds: 0,
            reads: 0,
            memory: Memory::new(program.groups.len()),
            kept: None,
            tries: true,
            watcher: options.tracer.as_deref().map(|tracer| Box::new(Watcher::new(tracer))),
            options,
            context: super::start::context(options),
            builtin_error: None,
            slots: Vec::with_capacity(64),
            base: 0,
            known: 0,
            depth: 0,
            steps: 0,
            next_look: STEPS_PER_LOOK.min(options.max_steps),
            bytes: 0,
            query_file: None,
        }
    }

    /// Runs `body` with a new frame.
    pub fn framed<T>(&mut self, slots: u32, body: impl FnOnce(&mut Self) -> Run<T>) -> Run<T> {
        let (base, known) = (self.base, self.known);
        self.base = self.slots.len();
        self.known = 0;
        self.slots.extend((0..slots).map(|_| Held::Free));
        let result = body(self);
        self.slots.truncate(self.base);
        self.base = base;
        self.known = known;
        result
    }

    #[inline]
    pub fn set(&mut self, slot: Slot, value: Held<'m>) {
        if let Some(held) = self.slots.get_mut(self.base + slot as usize) {
            let before = std::mem::replace(held, value);
            if before.is_plain() {
                // Nothing to give back: forgetting it spares the call that would find that out.
                std::mem::forget(before);
            }
        }
    }

    #[inline]
    pub fn slot(&self, slot: Slot) -> &Held<'m> {
        static FREE: Held<'static> = Held::Free;
        self.slots.get(self.base + slot as usize).unwrap_or(&FREE)
    }

    /// True if a known key bound this slot of the head before the body.
    #[inline]
    pub fn is_known(&self, slot: Slot) -> bool {
        slot < 64 && self.known & (1 << slot) != 0
    }

    /// Counts one step.
    #[inline]
    pub fn tick(&mut self) -> Run {
        self.steps += 1;
        if self.steps >= self.next_look { self.look() } else { Ok(()) }
    }

    #[cold]
    fn look(&mut self) -> Run {
        if self.steps >= self.options.max_steps {
            return Err(self.stopped("evaluation used up its steps"));
        }
        self.next_look = (self.steps + STEPS_PER_LOOK).min(self.options.max_steps);
        let cancelled =
            self.options.cancel.as_ref().is_some_and(|flag| flag.load(std::sync::atomic::Ordering::Relaxed));
        if cancelled {
            return Err(self.stopped("caller cancelled query execution"));
        }
        if self.options.deadline.is_some_and(|deadline| std::time::Instant::now() >= deadline) {
            return Err(self.stopped("context deadline exceeded"));
        }
        Ok(())
    }

    /// Counts bytes that a result under construction holds.
    #[inline]
    pub fn charge(&mut self, bytes: u64) -> Run {
        self.bytes += bytes;
        if self.bytes > self.options.max_memory_bytes {
            return Err(self.stopped("evaluation used up its memory"));
        }
        Ok(())
    }

    /// Steps so far, those inside of built-ins included.
    #[inline]
    pub fn steps_taken(&self) -> u64 {
        self.steps + self.options.max_steps.saturating_sub(self.context.steps_left)
    }

    /// Bytes built so far, those by built-ins included.
    #[inline]
    pub fn bytes_built(&self) -> u64 {
        self.bytes + self.options.max_memory_bytes.saturating_sub(self.context.bytes_left)
    }

    /// Runs `inner` one level deeper, with enough native stack for it.
    #[inline]
    pub fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Run<T>) -> Run<T> {
        if self.depth >= self.options.max_depth {
            return Err(self.stopped("evaluation is nested too deeply"));
        }
        self.depth += 1;
        let result = stacker::maybe_grow(STACK_RED_ZONE, STACK_PIECE, || inner(self));
        self.depth -= 1;
        result
    }

    #[cold]
    fn stopped(&self, message: &str) -> Halt {
        Halt::Failed(Box::new(Error::new(EVAL_CANCEL, message, None)))
    }

    #[cold]
    pub fn conflict(&self, message: &str, at: Place) -> Halt {
        self.failed(EVAL_CONFLICT, message, at)
    }

    #[cold]
    pub fn failed(&self, code: &'static str, message: &str, at: Place) -> Halt {
        Halt::Failed(Box::new(Error::new(code, message, Some(self.location(at)))))
    }

    pub fn location(&self, at: Place) -> Location {
        let mut location = crate::rego::plan::location(&self.program.files, at);
        if at.file as usize >= self.program.files.len()
            && let Some(file) = &self.query_file
        {
            location.file = file.clone();
        }
        location
    }

    /// True if the first solution is all that is wanted: only strict errors need the others.
    #[inline]
    pub fn first_is_enough(&self) -> bool {
        !self.options.strict_builtin_errors
    }
}
