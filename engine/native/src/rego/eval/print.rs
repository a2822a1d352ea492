//! `print`: each operand a set of what it may be; several values make several lines, none is `<undefined>`.

use super::machine::{Machine, Run};
use crate::rego::analysis::core::Place;
use crate::rego::errors::EVAL_INTERNAL;
use crate::rego::plan::program::Expr;
use crate::rego::values::Value;

/// How many lines one `print` may write.
const MAX_LINES: usize = 10_000;

impl<'m> Machine<'m> {
    pub(super) fn print(&mut self, operand: &'m Expr, at: Place) -> Run<bool> {
        let Some(operands) = self.eval(operand)? else { return Ok(false) };
        let Some(hook) = &self.options.print else { return Ok(true) };
        let Some(operands) = operands.value().as_array() else {
            return Err(self.failed(EVAL_INTERNAL, "illegal argument type", at));
        };
        let mut lines = vec![String::new()];
        for (position, operand) in operands.iter().enumerate() {
            let words = words(operand);
            let mut next = Vec::with_capacity(lines.len() * words.len());
            for line in &lines {
                for word in &words {
                    if next.len() >= MAX_LINES {
                        break;
                    }
                    next.push(if position == 0 { word.clone() } else { format!("{line} {word}") });
                }
            }
            lines = next;
        }
        let location = self.location(at);
        for line in lines {
            hook(&location, &line);
        }
        Ok(true)
    }
}

fn words(operand: &Value) -> Vec<String> {
    let Some(values) = operand.as_set() else { return vec![word(operand)] };
    if values.is_empty() { vec!["<undefined>".to_owned()] } else { values.iter().map(word).collect() }
}

fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
