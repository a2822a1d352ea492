//! `regex.*`: matching, finding, splitting and replacing with Go's regular expressions.
//!
//! Source: OPA `topdown/regex.go`, `topdown/regex_template.go`, Go's package `regexp`.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use regex::{Captures, Regex, RegexBuilder};

use super::context::Context;
use super::operands::{BuiltinError, Outcome, integer, some, string};
use super::regex_syntax::translated;
use super::registry::Definition;
use crate::rego::values::{Value, quote};

pub(super) static DEFS: &[Definition] = &[
    ("re_match", matches),
    ("regex.find_all_string_submatch_n", find_all_groups),
    ("regex.find_n", find),
    ("regex.is_valid", is_valid),
    ("regex.match", matches),
    ("regex.replace", replace),
    ("regex.split", split),
    ("regex.template_match", template_match),
];

/// How many patterns are kept compiled; OPA keeps as many. When there are more, all are forgotten.
const MAX_KEPT: usize = 100;
/// Patterns are compiled to at most this many bytes.
const MAX_COMPILED: usize = 10 << 20;

static COMPILED: LazyLock<RwLock<HashMap<String, Arc<Regex>>>> = LazyLock::new(RwLock::default);

/// The compiled pattern. Patterns come from policies and are few, so they are shared by all evaluations.
fn compiled(pattern: &str) -> Result<Arc<Regex>, BuiltinError> {
    if let Some(known) = COMPILED.read().unwrap_or_else(PoisonError::into_inner).get(pattern) {
        return Ok(known.clone());
    }
    let fresh = Arc::new(compile(pattern).map_err(BuiltinError::failure)?);
    let mut kept = COMPILED.write().unwrap_or_else(PoisonError::into_inner);
    if kept.len() >= MAX_KEPT {
        kept.clear();
    }
    kept.insert(pattern.to_owned(), fresh.clone());
    Ok(fresh)
}

fn compile(pattern: &str) -> Result<Regex, String> {
    let translated = translated(pattern)?;
    let built = RegexBuilder::new(&translated).size_limit(MAX_COMPILED).build();
    built.map_err(|_| format!("error parsing regexp: expression is not supported or too large: `{pattern}`"))
}

fn is_valid(_: &mut Context, operands: &[Value]) -> Outcome {
    some(string(operands, 1).is_ok_and(|pattern| translated(pattern).is_ok()))
}

fn matches(_: &mut Context, operands: &[Value]) -> Outcome {
    let (pattern, text) = (string(operands, 1)?, string(operands, 2)?);
    some(compiled(pattern)?.is_match(text))
}

/// How many results are wanted; all if negative.
fn wanted(n: i64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

fn find(context: &mut Context, operands: &[Value]) -> Outcome {
    let (pattern, text, n) = (string(operands, 1)?, string(operands, 2)?, integer(operands, 3)?);
    let mut found = Vec::new();
    for hit in compiled(pattern)?.find_iter(text).take(wanted(n)) {
        context.tick()?;
        found.push(Value::from(hit.as_str()));
    }
    some(found)
}

/// For each match the text and the text of its groups; a group that took no part is empty.
fn find_all_groups(context: &mut Context, operands: &[Value]) -> Outcome {
    let (pattern, text, n) = (string(operands, 1)?, string(operands, 2)?, integer(operands, 3)?);
    let mut found = Vec::new();
    for hit in compiled(pattern)?.captures_iter(text).take(wanted(n)) {
        context.tick()?;
        let groups = hit.iter().map(|group| Value::from(group.map_or("", |group| group.as_str())));
        found.push(Value::array(groups.collect()));
    }
    some(found)
}

fn split(context: &mut Context, operands: &[Value]) -> Outcome {
    let (pattern, text) = (string(operands, 1)?, string(operands, 2)?);
    let regex = compiled(pattern)?;
    if !pattern.is_empty() && text.is_empty() {
        return some(vec![Value::from("")]);
    }
    let mut parts = Vec::new();
    let (mut begin, mut end) = (0, 0);
    for hit in regex.find_iter(text) {
        context.tick()?;
        end = hit.start();
        // An empty match at the very beginning splits nothing off.
        if hit.end() != 0 {
            parts.push(Value::from(text.get(begin..end).unwrap_or_default()));
        }
        begin = hit.end();
    }
    if end != text.len() {
        parts.push(Value::from(text.get(begin..).unwrap_or_default()));
    }
    some(parts)
}

fn replace(context: &mut Context, operands: &[Value]) -> Outcome {
    let (text, pattern, template) = (string(operands, 1)?, string(operands, 2)?, string(operands, 3)?);
    let regex = compiled(pattern)?;
    let mut out = String::with_capacity(text.len());
    let mut last = 0;
    for hit in regex.captures_iter(text) {
        context.tick()?;
        let Some(whole) = hit.get(0) else { continue };
        let before = out.len();
        out.push_str(text.get(last..whole.start()).unwrap_or_default());
        expand(&mut out, template, &regex, &hit);
        context.reserve((out.len() - before) as u64)?;
        last = whole.end();
    }
    out.push_str(text.get(last..).unwrap_or_default());
    some(out)
}

/// `$1`, `${1}`, `$name`, `${name}` and `$$`. A name reaches as far as letters, digits and `_` do; unknown ones are
/// empty. A dollar that begins nothing stays.
fn expand(out: &mut String, template: &str, regex: &Regex, hit: &Captures<'_>) {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        if let Some(after) = after.strip_prefix('$') {
            out.push('$');
            rest = after;
            continue;
        }
        let Some((name, after)) = group_name(after) else {
            out.push('$');
            rest = after;
            continue;
        };
        rest = after;
        let numbered = name.bytes().all(|byte| byte.is_ascii_digit()) && !(name.len() > 1 && name.starts_with('0'));
        let group =
            if numbered { name.parse().ok().and_then(|number| hit.get(number)) } else { named(regex, name, hit) };
        out.push_str(group.map_or("", |group| group.as_str()));
    }
    out.push_str(rest);
}

/// The first group of that name that took part. Names have a number and `_` before them since translation.
fn named<'t>(regex: &Regex, name: &str, hit: &Captures<'t>) -> Option<regex::Match<'t>> {
    let of_name =
        |known: Option<&str>| known.and_then(|known| known.split_once('_')).is_some_and(|(_, own)| own == name);
    regex.capture_names().enumerate().filter(|(_, known)| of_name(*known)).find_map(|(number, _)| hit.get(number))
}

fn group_name(text: &str) -> Option<(&str, &str)> {
    let (braced, body) = match text.strip_prefix('{') {
        Some(body) => (true, body),
        None => (false, text),
    };
    let end = body.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(body.len());
    let (name, rest) = body.split_at_checked(end)?;
    if name.is_empty() {
        return None;
    }
    if braced { rest.strip_prefix('}').map(|rest| (name, rest)) } else { Some((name, rest)) }
}

/// `urn:foo:{.*}`: a text with expressions between delimiters, which may nest.
fn template_match(_: &mut Context, operands: &[Value]) -> Outcome {
    let (template, text) = (string(operands, 1)?, string(operands, 2)?);
    let (start, end) = (string(operands, 3)?, string(operands, 4)?);
    let ([start_byte], [end_byte]) = (start.as_bytes(), end.as_bytes()) else {
        let which = if start.len() == 1 { "end" } else { "start" };
        // The length that OPA reports is that of the start delimiter in both cases.
        let message = format!("{which} delimiter has to be exactly one character long but is {} long", start.len());
        return Err(BuiltinError::failure(message));
    };
    let mut pattern = String::from("^");
    let mut rest = 0;
    for (from, to) in delimited(template, *start_byte, *end_byte)? {
        let inner = template.get(from + 1..to - 1).unwrap_or_default();
        compile(&format!("^{inner}$")).map_err(BuiltinError::failure)?;
        pattern.push_str(&regex::escape(template.get(rest..from).unwrap_or_default()));
        pattern.push_str(&format!("({inner})"));
        rest = to;
    }
    pattern.push_str(&regex::escape(template.get(rest..).unwrap_or_default()));
    pattern.push('$');
    some(compiled(&pattern)?.is_match(text))
}

/// Where the outermost delimited parts are, delimiters included.
fn delimited(template: &str, start: u8, end: u8) -> Result<Vec<(usize, usize)>, BuiltinError> {
    let unbalanced = || BuiltinError::failure(format!("unbalanced braces in {}", quote(template)));
    let (mut parts, mut level, mut from) = (Vec::new(), 0_usize, 0);
    for (at, byte) in template.bytes().enumerate() {
        if byte == start {
            level += 1;
            if level == 1 {
                from = at;
            }
        } else if byte == end {
            level = level.checked_sub(1).ok_or_else(unbalanced)?;
            if level == 0 {
                parts.push((from, at + 1));
            }
        }
    }
    if level == 0 { Ok(parts) } else { Err(unbalanced()) }
}
