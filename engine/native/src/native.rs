//! Our Rego engine as an evaluator: JSON bytes in, JSON bytes out, errors as Python's `bylaw.errors` carry them.

use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::errors::{Error, Location, Mistake, Result};
use crate::evaluator::{Evaluator, Manner, Observed, within_size};
use crate::json_text;
use crate::rego::analysis::describe::{Description, describe as describe_module};
use crate::rego::analysis::{Capabilities, SchemaSet};
use crate::rego::errors::{EVAL_CANCEL, Error as RegoError};
use crate::rego::syntax::{self, ParseOptions, RegoVersion};
use crate::rego::values::{Value, json};
use crate::rego::{CompileOptions, Options, Policy, Snapshot};

/// What the results of one evaluation may hold while they are built, estimated.
const MAX_MEMORY_BYTES: u64 = 1 << 30;

/// A longer document gets a reader of its own: what that one holds goes with it.
const MAX_SHARED_READER_BYTES: usize = 64 << 10;

/// How modules are loaded.
#[derive(Debug, Clone, Default)]
pub struct Loading {
    /// Modules are Rego v0 unless they say otherwise.
    pub rego_v0: bool,
    /// If not all are: the files that are Rego v0.
    pub v0_files: HashSet<String>,
    /// OPA's strict checks.
    pub strict: bool,
    /// What `print` says is kept for `observe`; else it is erased.
    pub keeps_print: bool,
    /// What policies may use; without, all that reaches nothing outside.
    pub capabilities: Option<Capabilities>,
    /// Schemas by name.
    pub schemas: Option<SchemaSet>,
}

/// Modules and data, compiled.
pub struct NativePolicies {
    snapshot: Snapshot,
}

impl NativePolicies {
    /// Parses, checks and prepares modules (text by file name) with base data, a JSON object.
    ///
    /// # Errors
    /// The errors that OPA would name, the first of them and the others with it; or the data cannot be read.
    pub fn load(modules: &[(String, String)], data_json: &[u8], loading: Loading) -> Result<NativePolicies> {
        let data = read_json(data_json)?;
        if data.as_object().is_none() {
            return Err(Error::WrongShape("base data must be a JSON object".to_owned()));
        }
        let options = CompileOptions {
            v0: loading.rego_v0,
            v0_files: Arc::new(loading.v0_files),
            strict: loading.strict,
            print: loading.keeps_print,
            capabilities: Some(Arc::new(loading.capabilities.unwrap_or_else(Capabilities::without_outside))),
            schemas: loading.schemas.map(Arc::new),
        };
        let snapshot = Policy::compile(modules, data, &options).map_err(|errors| policy_error(&errors))?;
        Ok(NativePolicies { snapshot })
    }

    fn options(manner: &Manner) -> Result<Options> {
        if manner.deadline <= Instant::now() {
            return Err(Error::TimedOut("the deadline passed before the evaluation began".to_owned()));
        }
        Ok(Options {
            deadline: Some(manner.deadline),
            now_ns: manner.at_ns,
            strict_builtin_errors: manner.strict_builtin_errors,
            max_memory_bytes: MAX_MEMORY_BYTES,
            tracer: manner.watch.as_ref().and_then(|watch| watch.tracer()),
            ..Options::default()
        })
    }

    fn value(
        &self,
        entrypoint: &str,
        input: Option<&[u8]>,
        manner: &Manner,
        options: &Options,
    ) -> Result<Option<Vec<u8>>> {
        let input = input.map(read_input).transpose()?;
        let path: Vec<&str> = entrypoint.split('/').filter(|step| !step.is_empty()).collect();
        let value = self.snapshot.evaluate(&path, input, options).map_err(|error| evaluation_error(error, manner))?;
        Ok(value.map(|value| written(&value)))
    }
}

impl Evaluator for NativePolicies {
    fn evaluate(&self, entrypoint: &str, input: Option<&[u8]>, manner: &Manner) -> Result<Option<Vec<u8>>> {
        self.value(entrypoint, input, manner, &Self::options(manner)?)
    }

    fn observe(&self, entrypoint: &str, input: Option<&[u8]>, manner: &Manner) -> Result<Observed> {
        let prints = Arc::new(Mutex::new(Vec::new()));
        let sink = prints.clone();
        let mut options = Self::options(manner)?;
        options.print = Some(Arc::new(move |_, line: &str| {
            sink.lock().unwrap_or_else(PoisonError::into_inner).push(line.to_owned());
        }));
        let value = self.value(entrypoint, input, manner, &options)?;
        let prints = std::mem::take(&mut *prints.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(Observed { value, coverage: Vec::new(), prints })
    }

    fn query(&self, query: &str, input: Option<&[u8]>, manner: &Manner) -> Result<Vec<u8>> {
        let input = input.map(read_input).transpose()?;
        let results = self.snapshot.results(query, input, &Self::options(manner)?);
        let results = results.map_err(|errors| query_error(&errors, manner))?;
        let results = results.into_iter().map(|result| {
            let expressions = result.expressions.into_iter().map(|expression| {
                let place = [("col", expression.col), ("row", expression.row)];
                let place = Value::object(place.map(|(name, n)| (Value::string(name), Value::from(i64::from(n)))));
                Value::object([
                    (Value::string("value"), expression.value),
                    (Value::string("text"), Value::from(expression.text)),
                    (Value::string("location"), place),
                ])
            });
            let mut members = vec![(Value::string("expressions"), Value::array(expressions.collect()))];
            if !result.bindings.is_empty() {
                let bindings = result.bindings.into_iter().map(|(name, value)| (Value::from(name), value));
                members.push((Value::string("bindings"), Value::object(bindings)));
            }
            Value::object(members)
        });
        Ok(written(&Value::array(results.collect())))
    }

    fn defines(&self, entrypoint: &str) -> bool {
        let path: Vec<&str> = entrypoint.split('/').filter(|step| !step.is_empty()).collect();
        self.snapshot.defines(&path)
    }

    fn packages(&self) -> Vec<String> {
        self.snapshot.packages().into_iter().map(|package| package.join("/")).collect()
    }

    fn needs_large_stack(&self) -> bool {
        false // where a stack ends, the engine goes on on another one
    }
}

/// What a module says about itself.
///
/// # Errors
/// It does not parse.
pub fn describe(file: &str, text: &str, rego_v0: bool) -> Result<Description> {
    let version = if rego_v0 { RegoVersion::V0 } else { RegoVersion::V1 };
    let module = syntax::parse_module(file, text, version, &ParseOptions::default());
    module.and_then(describe_module).map_err(|errors| policy_error(&errors))
}

fn written(value: &Value) -> Vec<u8> {
    json::write(value)
}

fn read_input(text: &[u8]) -> Result<Value> {
    within_size(text)?;
    read_json(text)
}

/// Reads within the limits that every door has. What the fast reader refuses, the other one finds words for.
fn read_json(text: &[u8]) -> Result<Value> {
    let limits = json::Limits {
        max_depth: json_text::MAX_DEPTH,
        refuse_duplicate_keys: true,
        refuse_beyond_double: true,
        ..json::Limits::default()
    };
    if std::str::from_utf8(text).is_ok()
        && let Ok(value) = read_quickly(text, &limits)
    {
        return Ok(value);
    }
    json_text::check(text, json_text::MAX_DEPTH)?;
    Err(Error::TooLarge("a document beyond what is read: too many values, or numbers too long".to_owned()))
}

/// Inputs of one kind have the same keys in the same order: what a thread has met it does not build again.
fn read_quickly(text: &[u8], limits: &json::Limits) -> std::result::Result<Value, json::JsonError> {
    thread_local! {
        static READER: RefCell<json::Reader> = RefCell::new(json::Reader::new());
    }
    if text.len() > MAX_SHARED_READER_BYTES {
        return json::read(text, limits);
    }
    READER.with_borrow_mut(|reader| reader.read(text, limits))
}

fn place(error: &RegoError) -> Option<Location> {
    let at = error.location.as_ref()?;
    Some(Location { file: at.file.to_string(), row: at.row, column: at.col })
}

fn policy_error(errors: &[RegoError]) -> Error {
    let mut mistakes =
        errors.iter().map(|error| Mistake { code: error.code, message: error.message.clone(), location: place(error) });
    match mistakes.next() {
        Some(Mistake { code, message, location }) => {
            Error::Policy { code, message, location, more: mistakes.collect() }
        }
        None => Error::internal("an error without words"),
    }
}

fn evaluation_error(error: RegoError, manner: &Manner) -> Error {
    if error.code == EVAL_CANCEL && Instant::now() >= manner.deadline {
        return Error::TimedOut("the evaluation was stopped at its deadline".to_owned());
    }
    let location = place(&error);
    Error::Failed { code: error.code, message: error.message, location }
}

fn query_error(errors: &[RegoError], manner: &Manner) -> Error {
    match errors {
        [error] if error.code.starts_with("eval_") => evaluation_error(error.clone(), manner),
        errors => policy_error(errors),
    }
}
