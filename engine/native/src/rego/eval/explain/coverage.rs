//! Which parts of the modules were evaluated. Source: OPA `cover/cover.go`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use super::ranges::{Position, Range, Ranges};
use super::{Event, Marked, Op, Tracer, entry, locked, number};
use crate::rego::values::{Number, Value};

/// Remembers where rules had solutions and statements were evaluated.
#[derive(Default)]
pub struct Coverage {
    hits: Mutex<BTreeMap<Arc<str>, BTreeSet<Hit>>>,
}

/// A place, whether it is that of a rule, and whether analysis made the statement.
type Hit = (Position, bool, bool);

impl Coverage {
    pub fn new() -> Self {
        Coverage::default()
    }

    /// The report of `opa test --coverage` on these modules: pairs of file and text, as they were compiled.
    pub fn report(&self, modules: &[(String, String)], v0: bool) -> Value {
        let hits = locked(&self.hits);
        let mut files = Vec::new();
        let mut total = (0, 0);
        for (file, text) in modules {
            let ranges = Ranges::of(file, text, v0);
            let none = BTreeSet::new();
            let hits = hits.get(file.as_str()).unwrap_or(&none);
            let covered: BTreeSet<Range> =
                hits.iter().map(|(at, head, generated)| ranges.at(*at, *head, *generated)).collect();
            let longest = Longest::of(&covered);
            let missing: BTreeSet<Range> =
                ranges.wanted.iter().filter(|range| !longest.contains(range)).copied().collect();
            let lines = (rows(&covered), rows(&missing));
            total = (total.0 + lines.0, total.1 + lines.1);
            files.push((Value::string(file), report(&covered, &missing, lines)));
        }
        Value::object([
            entry("files", Value::object(files)),
            entry("covered_lines", number(total.0)),
            entry("not_covered_lines", number(total.1)),
            entry("coverage", share(total)),
        ])
    }
}

impl Tracer for Coverage {
    fn event(&self, event: &Event<'_>) {
        let head = match (event.of, event.op) {
            (Marked::Rule, Op::Exit) => true,
            (Marked::Expr, Op::Eval) => false,
            _ => return,
        };
        if event.location.file.is_empty() {
            return;
        }
        let hit = ((event.location.row, event.location.col), head, event.generated);
        let mut hits = locked(&self.hits);
        match hits.get_mut(&event.location.file) {
            Some(hits) => {
                hits.insert(hit);
            }
            None => {
                hits.insert(event.location.file.clone(), BTreeSet::from([hit]));
            }
        }
    }
}

/// For each start, the farthest end of the ranges that start there or before.
struct Longest(BTreeMap<Position, Position>);

impl Longest {
    fn of(ranges: &BTreeSet<Range>) -> Self {
        let mut farthest = (0, 0);
        let ends = ranges.iter().map(|(start, end)| {
            farthest = farthest.max(*end);
            (*start, farthest)
        });
        Longest(ends.collect())
    }

    /// Whether one range contains this one.
    fn contains(&self, (start, end): &Range) -> bool {
        self.0.range(..=*start).next_back().is_some_and(|(_, farthest)| farthest >= end)
    }
}

/// How many lines the ranges touch.
fn rows(ranges: &BTreeSet<Range>) -> u64 {
    let mut next = 0;
    let mut count = 0;
    for ((first, _), (last, _)) in ranges {
        let from = next.max(*first);
        if *last >= from {
            count += u64::from(last - from + 1);
            next = last + 1;
        }
    }
    count
}

fn report(covered: &BTreeSet<Range>, missing: &BTreeSet<Range>, lines: (u64, u64)) -> Value {
    let mut entries = Vec::new();
    if !covered.is_empty() {
        entries.push(entry("covered", Value::array(covered.iter().map(written).collect())));
    }
    if !missing.is_empty() {
        entries.push(entry("not_covered", Value::array(missing.iter().map(written).collect())));
    }
    if lines.0 > 0 {
        entries.push(entry("covered_lines", number(lines.0)));
        entries.push(entry("coverage", share(lines)));
    }
    if lines.1 > 0 {
        entries.push(entry("not_covered_lines", number(lines.1)));
    }
    Value::object(entries)
}

fn written((start, end): &Range) -> Value {
    let position =
        |(row, col): Position| Value::object([entry("row", number(row.into())), entry("col", number(col.into()))]);
    Value::object([entry("start", position(*start)), entry("end", position(*end))])
}

/// The percentage of lines that are covered.
fn share((covered, missing): (u64, u64)) -> Value {
    let total = covered + missing;
    let percent = if total == 0 { 0.0 } else { 100.0 * covered as f64 / total as f64 };
    Number::from_f64(percent).map_or(Value::Int(0), Value::from)
}
