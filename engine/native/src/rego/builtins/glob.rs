//! `glob.match` and `glob.quote_meta`. Source: OPA `topdown/glob.go`.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use super::context::Context;
use super::glob_compiler::compile;
use super::glob_matcher::{Budget, Matcher};
use super::glob_syntax::{parse, quoted};
use super::operands::{BuiltinError, Outcome, at, some, string, wrong_element, wrong_type};
use super::registry::Definition;
use crate::rego::errors::EVAL_CANCEL;
use crate::rego::values::Value;

pub(super) static DEFS: &[Definition] = &[("glob.match", matches), ("glob.quote_meta", quote_meta)];

/// How many patterns are kept compiled, as in OPA. When there are more, all are forgotten.
const MAX_KEPT: usize = 100;
/// Steps that one match may take, roughly bytes looked at.
const MAX_STEPS: u64 = 50_000_000;

type Key = (String, Vec<char>);

static COMPILED: LazyLock<RwLock<HashMap<Key, Arc<Matcher>>>> = LazyLock::new(RwLock::default);

fn compiled(pattern: &str, delimiters: Vec<char>) -> Result<Arc<Matcher>, BuiltinError> {
    let key = (pattern.to_owned(), delimiters);
    if let Some(known) = COMPILED.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return Ok(known.clone());
    }
    let tree = parse(pattern).map_err(BuiltinError::failure)?;
    let fresh = Arc::new(compile(&tree, &key.1));
    let mut kept = COMPILED.write().unwrap_or_else(PoisonError::into_inner);
    if kept.len() >= MAX_KEPT {
        kept.clear();
    }
    kept.insert(key, fresh.clone());
    Ok(fresh)
}

/// The delimiters of an array; the dot if it is empty; none if there is `null`.
fn delimiters(operands: &[Value]) -> Result<Vec<char>, BuiltinError> {
    let whole = at(operands, 2)?;
    let array = match whole {
        Value::Null => return Ok(Vec::new()),
        Value::Array(array) if array.is_empty() => return Ok(vec!['.']),
        Value::Array(array) => array,
        other => return Err(wrong_type(2, other, &["array", "null"])),
    };
    let mut delimiters = Vec::with_capacity(array.len());
    for element in array {
        let Value::String(text) = element else { return Err(wrong_element(2, whole, element, &["string"])) };
        let mut characters = text.as_str().chars();
        match (characters.next(), characters.next()) {
            (Some(one), None) => delimiters.push(one),
            _ => return Err(wrong_element(2, whole, element, &["rune"])),
        }
    }
    Ok(delimiters)
}

fn matches(_: &mut Context, operands: &[Value]) -> Outcome {
    let pattern = string(operands, 1)?;
    let delimiters = delimiters(operands)?;
    let text = string(operands, 3)?;
    let budget = Budget(Cell::new(MAX_STEPS));
    let matched = compiled(pattern, delimiters)?.matches(text.as_bytes(), &budget);
    if budget.0.get() == 0 {
        return Err(BuiltinError::halt(EVAL_CANCEL, "glob.match: the pattern takes too many steps"));
    }
    some(matched)
}

fn quote_meta(_: &mut Context, operands: &[Value]) -> Outcome {
    some(quoted(string(operands, 1)?))
}
