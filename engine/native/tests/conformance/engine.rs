//! The one place that knows how this engine is called: compile a case's modules, evaluate its query.

use std::collections::BTreeMap;

use std::time::{Duration, Instant};

use bylaw_native::rego::errors::Error;
use bylaw_native::rego::values::{Number, Value, json};
use bylaw_native::rego::{CompileOptions, Options, Policy, Snapshot};

use crate::cases::Case;

/// Set for a run without rule index and early exit.
pub const PLAIN: &str = "CONFORMANCE_PLAIN";
const EVALUATION_DEADLINE: Duration = Duration::from_secs(10);

/// Where a case stopped. OPA's runner demands that modules and query compile; only evaluation may fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Compile,
    Evaluation,
}

/// An error as the cases look at it.
#[derive(Debug)]
pub struct Failure {
    pub stage: Stage,
    pub code: String,
    pub text: String,
}

/// All results of the case's query, by variable.
pub fn evaluate(case: &Case) -> Result<Vec<BTreeMap<String, Value>>, Failure> {
    let options = CompileOptions { v0: case.folder.starts_with("v0/"), ..CompileOptions::default() };
    let modules: Vec<(String, String)> =
        case.modules.iter().enumerate().map(|(index, text)| (format!("test-{index}.rego"), text.clone())).collect();
    let data = case.data.clone().unwrap_or_else(Value::empty_object);
    let snapshot = Policy::compile(&modules, data, &options).map_err(|errors| failed(Stage::Compile, &errors))?;
    let input = match &case.input_term {
        Some(term) => Some(ground(&snapshot, term)?),
        None => case.input.clone(),
    };
    let optimised = !plain();
    let options = Options {
        early_exit: optimised,
        indexing: optimised,
        strict_builtin_errors: case.strict_error,
        env: case.env.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
        deadline: Some(Instant::now() + EVALUATION_DEADLINE),
        ..Options::default()
    };
    let solutions =
        snapshot.query(&case.query, input, &options).map_err(|errors| failed(Stage::Evaluation, &errors))?;
    Ok(solutions.into_iter().map(|row| row.into_iter().collect()).collect())
}

/// Whether rules are all tried and none ends early. Answers must be the same.
pub fn plain() -> bool {
    std::env::var_os(PLAIN).is_some()
}

/// The value of a term, for inputs that JSON cannot say.
fn ground(snapshot: &Snapshot, term: &str) -> Result<Value, Failure> {
    let query = format!("x = {term}");
    let solutions = snapshot.query(&query, None, &Options::default());
    let solutions = solutions.map_err(|errors| failed(Stage::Compile, &errors))?;
    let value = solutions.into_iter().flatten().find(|(name, _)| name == "x").map(|(_, value)| value);
    value.ok_or_else(|| Failure { stage: Stage::Compile, code: "none".into(), text: format!("no value: {term}") })
}

/// OPA's runner looks at one error; its text is the error's own.
fn failed(stage: Stage, errors: &[Error]) -> Failure {
    let code = errors.first().map_or("none", |error| error.code);
    let stage = if code.starts_with("rego_") { Stage::Compile } else { stage };
    let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
    Failure { stage, code: code.to_owned(), text: texts.join("; ") }
}

pub fn number(text: &str) -> Result<Value, String> {
    Number::parse(text).map(Value::from).map_err(|e| format!("{text}: {e:?}"))
}

/// A value as JSON can say it: sets as arrays in order, keys as strings.
pub fn through_json(value: &Value) -> Value {
    match value {
        Value::Array(array) => Value::array(array.iter().map(through_json).collect()),
        Value::Set(set) => Value::array(set.iter().map(through_json).collect()),
        Value::Object(object) => Value::object(object.iter().map(|(key, value)| (key_text(key), through_json(value)))),
        other => other.clone(),
    }
}

fn key_text(key: &Value) -> Value {
    match key {
        Value::String(_) => key.clone(),
        other => Value::from(String::from_utf8_lossy(&json::write(other)).into_owned()),
    }
}

/// An array in the order of values; everything else as it is.
pub fn sorted(value: Value) -> Value {
    let Some(array) = value.as_array() else { return value };
    let mut elements = array.as_slice().to_vec();
    elements.sort();
    Value::array(elements)
}
