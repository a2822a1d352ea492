//! How often lines and rules were evaluated, and how long that took. Source: OPA `profiler/profiler.go`.
//!
//! The time of a line is from its event to the next one of any line, as in OPA; that of a rule is from entering it to
//! leaving it, what it calls included.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Mutex;
use std::time::Instant;

use super::{Event, Marked, Op, Tracer, entry, locked, number};
use crate::rego::errors::Location;
use crate::rego::values::Value;

/// Adds up events by line and by rule.
#[derive(Default)]
pub struct Profile {
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    lines: BTreeMap<(std::sync::Arc<str>, u32), Line>,
    rules: BTreeMap<(String, Location), Rule>,
    /// The line of the last event, and when that was.
    last: Option<((std::sync::Arc<str>, u32), Instant)>,
    /// Rules that are being evaluated, by the number of their body.
    open: HashMap<u64, Instant>,
}

#[derive(Default)]
struct Line {
    col: u32,
    time_ns: u128,
    evals: u64,
    redos: u64,
    statements: BTreeSet<String>,
}

#[derive(Default)]
struct Rule {
    time_ns: u128,
    enters: u64,
    exits: u64,
}

impl Profile {
    pub fn new() -> Self {
        Profile::default()
    }

    /// The lines, the one that took longest first.
    pub fn report(&self) -> Value {
        let mut counts = locked(&self.counts);
        counts.close(Instant::now());
        let mut lines: Vec<_> = counts.lines.iter().collect();
        lines.sort_by_key(|((file, row), line)| (std::cmp::Reverse(line.time_ns), file.clone(), *row));
        let lines = lines.into_iter().map(|((file, row), line)| {
            Value::object([
                entry("total_time_ns", number(u64::try_from(line.time_ns).unwrap_or(u64::MAX))),
                entry("num_eval", number(line.evals)),
                entry("num_redo", number(line.redos)),
                entry("num_gen_expr", number(line.statements.len() as u64)),
                entry("location", place(file, *row, line.col)),
            ])
        });
        Value::array(lines.collect())
    }

    /// The rules, the one that took longest first.
    pub fn rules(&self) -> Value {
        let counts = locked(&self.counts);
        let mut rules: Vec<_> = counts.rules.iter().collect();
        rules.sort_by_key(|(_, rule)| std::cmp::Reverse(rule.time_ns));
        let rules = rules.into_iter().map(|((path, at), rule)| {
            Value::object([
                entry("rule", Value::string(path)),
                entry("location", place(&at.file, at.row, at.col)),
                entry("num_enter", number(rule.enters)),
                entry("num_exit", number(rule.exits)),
                entry("total_time_ns", number(u64::try_from(rule.time_ns).unwrap_or(u64::MAX))),
            ])
        });
        Value::array(rules.collect())
    }
}

impl Counts {
    /// Gives the time since the last event to its line.
    fn close(&mut self, now: Instant) {
        if let Some((line, since)) = self.last.take()
            && let Some(line) = self.lines.get_mut(&line)
        {
            line.time_ns += now.duration_since(since).as_nanos();
        }
    }
}

impl Tracer for Profile {
    fn event(&self, event: &Event<'_>) {
        let mut counts = locked(&self.counts);
        let now = Instant::now();
        match (event.of, event.op) {
            (Marked::Expr, Op::Eval | Op::Redo) => {
                counts.close(now);
                let key = (event.location.file.clone(), event.location.row);
                let line = counts.lines.entry(key.clone()).or_default();
                if event.op == Op::Eval {
                    line.evals += 1;
                    if line.col == 0 {
                        line.col = event.location.col;
                    }
                    if !line.statements.contains(event.text) {
                        line.statements.insert(event.text.to_owned());
                    }
                } else {
                    line.redos += 1;
                }
                counts.last = Some((key, Instant::now()));
            }
            (Marked::Rule, op) => {
                let rule = (event.text.to_owned(), event.location.clone());
                let since = match op {
                    Op::Enter => counts.open.insert(event.query, now).map(|_| now),
                    Op::Exit => counts.open.remove(&event.query),
                    _ => None,
                };
                let rule = counts.rules.entry(rule).or_default();
                rule.enters += u64::from(op == Op::Enter);
                rule.exits += u64::from(op == Op::Exit);
                rule.time_ns += since.map_or(0, |since| now.duration_since(since).as_nanos());
            }
            _ => {}
        }
    }
}

fn place(file: &str, row: u32, col: u32) -> Value {
    Value::object([
        entry("file", Value::string(file)),
        entry("row", number(row.into())),
        entry("col", number(col.into())),
    ])
}
