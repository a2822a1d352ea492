//! OPA's own evaluation cases, changed a little and asked with more inputs.

use crate::cases::Case;
use crate::edits::{Parts, replaced};
use crate::generate::values;
use crate::job::Job;
use crate::random::Random;
use bylaw_native::rego::values::json;

/// Folders whose built-ins depend on the clock, chance, the network or the process, or are slow by intent.
const LEFT_OUT: [&str; 8] =
    ["rand", "uuid", "time", "netlookupipaddr", "providers-aws", "invalidkeyerror", "jwtencodesign", "jwtdecodeverify"];

/// The cases that can be asked through JSON.
pub fn usable(cases: Vec<Case>) -> Vec<Case> {
    let fits = |case: &Case| {
        let folder = case.folder.split('/').nth(1).unwrap_or_default();
        !case.modules.is_empty() && case.env.is_empty() && !LEFT_OUT.iter().any(|name| folder.starts_with(name))
    };
    cases.into_iter().filter(fits).collect()
}

pub fn job(random: &mut Random, cases: &[Case]) -> Job {
    let case = random.choose(cases);
    let v0 = case.folder.starts_with("v0/");
    let mut modules: Vec<(String, String)> =
        case.modules.iter().enumerate().map(|(index, text)| (format!("test-{index}.rego"), text.clone())).collect();
    let times = if random.chance(10) { 0 } else { random.between(1, 3) };
    for _ in 0..times {
        let index = random.below(modules.len());
        if let Some(changed) = changed(random, &modules[index].1, v0) {
            modules[index].1 = changed;
        }
    }
    let text = |value: &bylaw_native::rego::values::Value| String::from_utf8_lossy(&json::write(value)).into_owned();
    let data = case.data.as_ref().map_or("{}".into(), text);
    let own = case.input.as_ref().map(text);
    let mut inputs = vec![own.clone()];
    for _ in 0..random.between(2, 5) {
        inputs.push(match &own {
            Some(own) if random.chance(60) => Some(disturbed(random, own)),
            _ => Some(values::document(random)),
        });
    }
    let mut queries = vec!["x = data".to_owned()];
    for (_, text) in &modules {
        if let Some(package) = text.lines().find_map(|line| line.trim().strip_prefix("package ")) {
            let package = package.split([' ', '#', ';']).next().unwrap_or_default();
            queries.push(format!("x = data.{package}"));
            queries.push(format!("data.{package}[k] = x"));
        }
    }
    if case.query.starts_with("data.") {
        queries.push(case.query.clone());
    }
    queries.sort();
    queries.dedup();
    Job { modules, data, queries, inputs, v0, strict: random.chance(40) }
}

/// An input with one of its scalars exchanged.
fn disturbed(random: &mut Random, text: &str) -> String {
    let starts: Vec<usize> = text
        .char_indices()
        .filter(|(at, c)| (c.is_ascii_digit() || *c == '"') && text[..*at].ends_with([':', '[', ',', ' ']))
        .map(|(at, _)| at)
        .collect();
    if starts.is_empty() {
        return values::document(random);
    }
    let start = *random.choose(&starts);
    let rest = &text[start..];
    let length = rest[1..].find([',', '}', ']', ':']).map_or(rest.len(), |end| end + 1);
    let changed = replaced(text, &(start..start + length), &values::json(random, 1));
    if serde_json::from_str::<serde_json::Value>(&changed).is_ok() { changed } else { text.to_owned() }
}

/// The text with one change; none where it does not parse.
fn changed(random: &mut Random, text: &str, v0: bool) -> Option<String> {
    let parts = Parts::of(text, v0)?;
    let terms: Vec<_> = parts.terms().cloned().collect();
    let body = parts.bodies.get(random.below(parts.bodies.len()))?;
    let expr = body.get(random.below(body.len()))?.clone();
    let expr_text = text.get(expr.clone())?;
    Some(match random.below(16) {
        0 | 1 => {
            let at = parts.scalars.get(random.below(parts.scalars.len()))?;
            replaced(text, at, &values::constant(random, values::Kind::Any, 1))
        }
        2 | 3 => {
            let at = terms.get(random.below(terms.len()))?;
            let other = terms.get(random.below(terms.len()))?;
            replaced(text, at, text.get(other.clone())?)
        }
        4 => operator_changed(random, text)?,
        5 => replaced(text, &expr, "true"),
        6 => replaced(text, &expr, &format!("{expr_text}\n{expr_text}")),
        7 => {
            let other = body.get(random.below(body.len()))?.clone();
            let (first, second) = if expr.start < other.start { (expr, other) } else { (other, expr) };
            let (one, two) = (text.get(first.clone())?.to_owned(), text.get(second.clone())?.to_owned());
            if first.end > second.start {
                return None;
            }
            replaced(&replaced(text, &second, &one), &first, &two)
        }
        8 => replaced(text, &expr, &format!("not {expr_text}")),
        9 => replaced(text, &expr, &format!("count([1 | {expr_text}]) > 0")),
        10 if !v0 => replaced(text, &expr, &format!("every _e in [1, 2] {{ {expr_text} }}")),
        11 => {
            let value = values::constant(random, values::Kind::Any, 2);
            let target = random.pick(&["input", "input.a", "data.a", "data.d", "input.x.y"]);
            replaced(text, &expr, &format!("{expr_text} with {target} as {value}"))
        }
        12 => {
            let rule = parts.rules.get(random.below(parts.rules.len()))?;
            replaced(text, rule, "")
        }
        13 => {
            let rule = parts.rules.get(random.below(parts.rules.len()))?;
            let again = text.get(rule.clone())?;
            format!("{text}\n{again}\n")
        }
        14 => {
            let at = parts.variables.get(random.below(parts.variables.len()))?;
            let other = parts.variables.get(random.below(parts.variables.len()))?;
            replaced(text, at, text.get(other.clone())?)
        }
        _ => {
            let at = parts.references.get(random.below(parts.references.len()))?;
            replaced(text, at, random.pick(&["input", "input.a", "input.xs[_]", "data", "_", "input[_]"]))
        }
    })
}

fn operator_changed(random: &mut Random, text: &str) -> Option<String> {
    const OPERATORS: [&str; 16] = [
        " == ", " != ", " < ", " > ", " = ", " := ", " + ", " - ", " * ", " / ", " % ", " & ", " | ", " in ", " <= ",
        " >= ",
    ];
    let found: Vec<(usize, &str)> =
        OPERATORS.iter().flat_map(|op| text.match_indices(op).map(move |(at, _)| (at, *op))).collect();
    let (at, operator) = *found.get(random.below(found.len()))?;
    let other = random.pick(&OPERATORS);
    Some(replaced(text, &(at..at + operator.len()), other))
}
