//! The trace as a text and as a document. Source: OPA `topdown/trace.go`, `topdown/lineage`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use super::{Event, Marked, Op, Tracer, entry, locked, number};
use crate::rego::errors::Location;
use crate::rego::values::Value;

/// Spaces between the place and the event.
const PADDING: usize = 4;

/// Which events are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Explain {
    /// What `trace(…)` noted, and the way there.
    Notes,
    /// What failed, and the way there.
    Fails,
    Full,
}

#[derive(Debug, Clone)]
struct Kept {
    op: Op,
    of: Marked,
    text: Arc<str>,
    location: Location,
    query: u64,
    parent: u64,
    message: Arc<str>,
    locals: Vec<(Arc<str>, Value)>,
}

/// Keeps all events of an evaluation.
#[derive(Default)]
pub struct Trace {
    kept: Mutex<Vec<Kept>>,
    with_locals: bool,
}

impl Trace {
    pub fn new() -> Self {
        Trace::default()
    }

    /// Keeps the values of variables too.
    pub fn with_locals() -> Self {
        Trace { with_locals: true, ..Trace::default() }
    }

    /// The events, one a line, as OPA prints them.
    pub fn pretty(&self, explain: Explain) -> String {
        let kept = locked(&self.kept);
        let shown = shown(&kept, explain);
        let places: Vec<String> = shown.iter().map(|event| place(&event.location)).collect();
        let width = places.iter().map(String::len).max().unwrap_or(0) + PADDING;
        let mut depths: HashMap<u64, usize> = HashMap::new();
        let mut text = String::new();
        for (event, place) in shown.iter().zip(&places) {
            let depth = match depths.get(&event.query) {
                Some(depth) => *depth,
                None => {
                    let depth = depths.get(&event.parent).copied().unwrap_or(0) + 1;
                    depths.insert(event.query, depth);
                    depth
                }
            };
            let outside = event.op == Op::Enter || (event.op == Op::Redo && event.of != Marked::Expr);
            text.push_str(&format!("{place:width$} "));
            text.push_str(&"| ".repeat(if outside { depth - 1 } else { depth }));
            text.push_str(event.op.name());
            text.push(' ');
            if event.op == Op::Note {
                text.push_str(&format!("\"{}\"", event.message));
            } else {
                text.push_str(&event.text);
                if !event.message.is_empty() {
                    text.push(' ');
                    text.push_str(&event.message);
                }
            }
            text.push('\n');
        }
        text
    }

    /// The events as an array of objects.
    pub fn json(&self, explain: Explain) -> Value {
        let kept = locked(&self.kept);
        Value::array(shown(&kept, explain).into_iter().map(Kept::json).collect())
    }
}

impl Tracer for Trace {
    fn event(&self, event: &Event<'_>) {
        locked(&self.kept).push(Kept {
            op: event.op,
            of: event.of,
            text: Arc::from(event.text),
            location: event.location.clone(),
            query: event.query,
            parent: event.parent,
            message: Arc::from(event.message),
            locals: event.locals.to_vec(),
        });
    }

    fn wants_locals(&self) -> bool {
        self.with_locals
    }
}

impl Kept {
    fn json(&self) -> Value {
        let kind = match self.of {
            Marked::Rule => "rule",
            Marked::Body => "body",
            Marked::Expr => "expr",
        };
        let location = Value::object([
            entry("file", Value::string(&self.location.file)),
            entry("row", number(self.location.row.into())),
            entry("col", number(self.location.col.into())),
        ]);
        let mut entries = vec![
            entry("op", Value::string(self.op.name())),
            entry("type", Value::string(kind)),
            entry("node", Value::string(&self.text)),
            entry("location", location),
            entry("query_id", number(self.query)),
            entry("parent_id", number(self.parent)),
        ];
        if !self.message.is_empty() {
            entries.push(entry("message", Value::string(&self.message)));
        }
        if !self.locals.is_empty() {
            let locals = self.locals.iter().map(|(name, value)| entry(name, value.clone()));
            entries.push(entry("locals", Value::object(locals)));
        }
        Value::object(entries)
    }
}

fn place(location: &Location) -> String {
    if location.file.is_empty() {
        return format!("query:{}", location.row);
    }
    format!("{}:{}", location.file, location.row)
}

/// The events to show; of notes and failures also what was entered on the way, once.
fn shown(kept: &[Kept], explain: Explain) -> Vec<&Kept> {
    let wanted = match explain {
        Explain::Full => return kept.iter().collect(),
        Explain::Notes => Op::Note,
        Explain::Fails => Op::Fail,
    };
    let mut shown = Vec::new();
    let mut entered: HashMap<u64, &Kept> = HashMap::new();
    for event in kept {
        if event.op == wanted {
            let mut path = vec![event];
            let mut query = event.query;
            while let Some(outer) = entered.get(&query) {
                path.push(*outer);
                if outer.parent == query {
                    break;
                }
                query = outer.parent;
            }
            shown.extend(path.into_iter().rev());
            entered.clear();
        }
        if matches!(event.op, Op::Enter | Op::Redo) && event.of != Marked::Expr {
            entered.insert(event.query, event);
        }
    }
    shown
}
