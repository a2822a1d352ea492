//! This engine's answers, in the judge's form.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use bylaw_native::rego::errors::Error;
use bylaw_native::rego::values::json::{Limits, read};
use bylaw_native::rego::values::{Number, Value};
use bylaw_native::rego::{Bindings, CompileOptions, Options, Policy};

use crate::job::{Answer, Fault, Job};

/// The judge's limit is two seconds; what takes us longer than five is a difference.
const DEADLINE: Duration = Duration::from_secs(5);
/// The instant of every evaluation, here and at the judge.
const NOW_NS: i64 = 1_700_000_000_123_456_789;

/// How the engine is asked to go about it. Answers must not depend on it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manner {
    pub no_index: bool,
    pub no_early_exit: bool,
}

pub fn answer(job: &Job, manner: Manner) -> Answer {
    let outcome = catch_unwind(AssertUnwindSafe(|| try_answer(job, manner)));
    outcome.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or_default();
        Answer::Broken(format!("panic: {text}"))
    })
}

fn try_answer(job: &Job, manner: Manner) -> Answer {
    let data = match read(job.data.as_bytes(), &Limits::default()) {
        Ok(data) => data,
        Err(error) => return Answer::Broken(format!("data: {error:?}")),
    };
    let options = CompileOptions { v0: job.v0, ..CompileOptions::default() };
    let snapshot = match Policy::compile(&job.modules, data, &options) {
        Ok(snapshot) => snapshot,
        Err(errors) => return Answer::Refused(errors.iter().map(fault).collect()),
    };
    let mut inputs = Vec::new();
    for input in &job.inputs {
        match input.as_ref().map(|text| read(text.as_bytes(), &Limits::default())).transpose() {
            Ok(input) => inputs.push(input),
            Err(error) => return Answer::Broken(format!("input: {error:?}")),
        }
    }
    let ask = |query: &String| {
        let one = |input: &Option<Value>| {
            let options = Options {
                deadline: Some(Instant::now() + DEADLINE),
                now_ns: Some(NOW_NS),
                strict_builtin_errors: job.strict,
                indexing: !manner.no_index,
                early_exit: !manner.no_early_exit,
                ..Options::default()
            };
            match snapshot.query(query, input.clone(), &options) {
                Ok(rows) if rows.is_empty() => "?".to_owned(),
                Ok(rows) => rows.iter().map(row_text).collect::<Vec<_>>().join("\n"),
                Err(errors) => errors.first().map_or("!none".into(), |e| format!("!{} {}", e.code, e.message)),
            }
        };
        inputs.iter().map(one).collect()
    };
    Answer::Results(job.queries.iter().map(ask).collect())
}

fn row_text(row: &Bindings) -> String {
    row.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join(", ")
}

fn fault(error: &Error) -> Fault {
    let at = error.location.clone().unwrap_or_default();
    Fault { code: error.code.into(), file: at.file.to_string(), row: at.row.into(), message: error.message.clone() }
}

/// The older evaluator's answer to one query and input, for the report only.
pub fn second_opinion(job: &Job) -> String {
    use bylaw_native::evaluator::{Evaluator, Manner};
    use bylaw_native::interpreter::snapshot::Snapshot;
    let Some(path) = job.queries.first().and_then(|q| q.strip_prefix("x = data.")) else { return "not asked".into() };
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let snapshot = Snapshot::load(job.modules.clone(), job.data.as_bytes()).map_err(|e| e.to_string())?;
        let input = job.inputs.first().and_then(Option::as_deref).map(str::as_bytes);
        let manner = Manner { at_ns: Some(NOW_NS), ..Manner::within(DEADLINE) };
        let value = snapshot.evaluate(&path.replace('.', "/"), input, &manner).map_err(|e| e.to_string())?;
        Ok::<_, String>(value.map_or("?".to_owned(), |bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }));
    match outcome {
        Ok(Ok(text)) => text,
        Ok(Err(text)) => format!("!{text}"),
        Err(_) => "panic".into(),
    }
}

/// A number as it is written, for the reader of OPA's cases.
pub fn number(text: &str) -> Result<Value, String> {
    Number::parse(text).map(Value::from).map_err(|e| format!("{text}: {e:?}"))
}
