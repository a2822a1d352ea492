//! `walk`, the one built-in with many results: every path and what is there, parents first.

use super::expr::ELEMENT_BYTES;
use super::held::Held;
use super::machine::{Machine, Run, Then};
use crate::rego::plan::program::Walk;
use crate::rego::values::Value;

impl<'m> Machine<'m> {
    pub(super) fn walk(&mut self, walk: &'m Walk, then: Then<'_, 'm>) -> Run {
        let Some(mut start) = self.eval(&walk.document)? else { return Ok(()) };
        let mut path = Vec::new();
        for key in &walk.prefix {
            let Some(key) = self.eval(key)? else { return Ok(()) };
            match start.get(key.value()) {
                Some(next) => start = next,
                None => return Ok(()),
            }
            path.push(key.into_value());
        }
        self.visit(walk, &path, &start, then)?;
        if walk.prefix_is_whole() {
            return Ok(());
        }
        // The containers from the root to here, and the next entry of each.
        let mut open: Vec<(Held<'m>, usize)> = vec![(start, 0)];
        while let Some((container, position)) = open.last_mut() {
            self.tick()?;
            match container.entry(*position) {
                Some((key, value)) => {
                    *position += 1;
                    if walk.with_path {
                        path.push(key.into_value());
                    }
                    self.visit(walk, &path, &value, then)?;
                    open.push((value, 0));
                }
                None => {
                    open.pop();
                    if walk.with_path && !open.is_empty() {
                        path.pop();
                    }
                }
            }
        }
        Ok(())
    }

    fn visit(&mut self, walk: &'m Walk, path: &[Value], value: &Held<'m>, then: Then<'_, 'm>) -> Run {
        let Some(output) = &walk.output else { return then(self) };
        self.charge(if walk.with_path { ELEMENT_BYTES * path.len() as u64 / 16 } else { 0 })?;
        let pair = Value::array(vec![Value::array(path.to_vec()), value.value().clone()]);
        if self.matches(output, Held::Own(pair))? { then(self) } else { Ok(()) }
    }
}

impl Walk {
    /// True if the path is known to its end: nothing below can fit.
    fn prefix_is_whole(&self) -> bool {
        !self.prefix.is_empty() && self.prefix_open
    }
}
