//! Constants, data and inputs. All draw on the same few names and values, so that policies and documents meet.

use crate::random::Random;

pub const NAMES: [&str; 6] = ["a", "b", "c", "d", "k", "xs"];
const STRINGS: [&str; 18] =
    ["a", "b", "c", "d", "x", "", "ab", "aXb", "A b", "1", "a.b.c", "é", "日本", "x/y", "{}", "true", " a ", "%d"];
const NUMBERS: [&str; 24] = [
    "0",
    "1",
    "2",
    "3",
    "-1",
    "10",
    "1.0",
    "1.5",
    "-0.5",
    "0.1",
    "1e3",
    "1e0",
    "100",
    "2.50",
    "-7",
    "7",
    "1e-7",
    "9007199254740993",
    "10000000000000000000",
    "-9223372036854775808",
    "9223372036854775807",
    "1234567.5",
    "0.3",
    "64",
];

/// What a term is meant to be. Built-ins and operators are mostly given what they want.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Any,
    Null,
    Bool,
    Number,
    Int,
    String,
    Array,
    Object,
    Set,
}

pub const CONCRETE: [Kind; 7] =
    [Kind::Bool, Kind::Number, Kind::Int, Kind::String, Kind::Array, Kind::Object, Kind::Set];

pub fn number(random: &mut Random) -> String {
    if random.chance(60) { random.below(4).to_string() } else { (*random.choose(&NUMBERS)).to_owned() }
}

pub fn text(random: &mut Random) -> String {
    let plain = random.chance(60);
    let bound = if plain { 5 } else { STRINGS.len() };
    format!("\"{}\"", STRINGS[random.below(bound)])
}

/// A constant of a kind, as Rego writes it.
pub fn constant(random: &mut Random, kind: Kind, depth: usize) -> String {
    let elements = |random: &mut Random, kind: Kind| -> Vec<String> {
        let count = if depth == 0 { 0 } else { random.below(4) };
        (0..count).map(|_| constant(random, kind, depth.saturating_sub(1))).collect()
    };
    match kind {
        Kind::Null => "null".into(),
        Kind::Bool => if random.chance(50) { "true" } else { "false" }.into(),
        Kind::Number => number(random),
        Kind::Int => (random.below(8) as i64 - 2).to_string(),
        Kind::String => text(random),
        Kind::Array => {
            let inner = any(random);
            format!("[{}]", elements(random, inner).join(", "))
        }
        Kind::Set => {
            let inner = any(random);
            let members = elements(random, inner);
            if members.is_empty() { "set()".into() } else { format!("{{{}}}", members.join(", ")) }
        }
        Kind::Object => {
            let members: Vec<String> = elements(random, Kind::Any)
                .into_iter()
                .map(|value| {
                    let key = if random.chance(85) { text(random) } else { constant(random, Kind::Any, 0) };
                    format!("{key}: {value}")
                })
                .collect();
            format!("{{{}}}", members.join(", "))
        }
        Kind::Any => {
            let kind = any(random);
            constant(random, kind, depth)
        }
    }
}

/// Some kind, scalars more often.
pub fn any(random: &mut Random) -> Kind {
    if random.chance(4) {
        return Kind::Null;
    }
    let bound = if random.chance(70) { 4 } else { CONCRETE.len() };
    CONCRETE[random.below(bound)]
}

/// A JSON document.
pub fn json(random: &mut Random, depth: usize) -> String {
    let shape = random.below(if depth == 0 { 6 } else { 11 });
    match shape {
        0 => "null".into(),
        1 => if random.chance(50) { "true" } else { "false" }.into(),
        2 | 3 => number(random),
        4 | 5 => text(random),
        6..=8 => {
            let count = random.below(4);
            let members: Vec<String> = (0..count).map(|_| json(random, depth - 1)).collect();
            format!("[{}]", members.join(","))
        }
        _ => object(random, depth - 1),
    }
}

fn object(random: &mut Random, depth: usize) -> String {
    let count = random.below(5);
    let mut seen = Vec::new();
    let mut members = Vec::new();
    for _ in 0..count {
        let name = if random.chance(90) { (*random.choose(&NAMES)).to_owned() } else { random.below(3).to_string() };
        if !seen.contains(&name) {
            members.push(format!("\"{name}\":{}", json(random, depth)));
            seen.push(name);
        }
    }
    format!("{{{}}}", members.join(","))
}

/// A document with the fields that policies look for; each may be missing.
pub fn document(random: &mut Random) -> String {
    let mut members = Vec::new();
    for name in ["a", "b", "c", "d", "k"] {
        if random.chance(75) {
            let value = if random.chance(60) { scalar(random) } else { json(random, 2) };
            members.push(format!("\"{name}\":{value}"));
        }
    }
    if random.chance(85) {
        let count = random.below(5);
        let same = random.chance(60);
        let elements: Vec<String> = (0..count).map(|_| if same { scalar(random) } else { json(random, 2) }).collect();
        members.push(format!("\"xs\":[{}]", elements.join(",")));
    }
    if random.chance(70) {
        members.push(format!("\"o\":{}", object(random, 2)));
    }
    if random.chance(60) {
        let count = random.below(4);
        let rows: Vec<String> = (0..count)
            .map(|_| format!("{{\"a\":{},\"b\":{},\"k\":{}}}", scalar(random), number(random), text(random)))
            .collect();
        members.push(format!("\"rows\":[{}]", rows.join(",")));
    }
    format!("{{{}}}", members.join(","))
}

fn scalar(random: &mut Random) -> String {
    match random.below(6) {
        0 => if random.chance(50) { "true" } else { "false" }.into(),
        1 | 2 => number(random),
        _ => text(random),
    }
}
