//! The only Python boundary: bytes and strings in, bytes out, `bylaw.errors` raised. Typed in `bylaw_native.pyi`.

mod documents;
mod facts;
mod watch;

use std::collections::{HashMap, HashSet};
use std::os::fd::AsRawFd;
use std::sync::Arc;
use std::time::{Duration, Instant};

use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::{PyBackedBytes, PyBackedStr};
use pyo3::types::{PyBytes, PyDict, PyList, PyTuple};

use self::watch::Watch;

use crate::completions::Completions as Finished;
use crate::errors::{Error, Location, Mistake, Result};
use crate::evaluator::{Evaluator, MAX_INPUT_BYTES, Manner};
use crate::interpreter::snapshot::Snapshot as Interpreted;
use crate::native::{self, Loading, NativePolicies};
use crate::rego::analysis::{Capabilities, SchemaSet};
use crate::workers::{Pool, guarded};
use crate::{json_canonical, json_text};

/// Evaluation allocates small values all the time, on several threads; the system's allocator costs a third of it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The longest deadline: far beyond any door's, and clocks can still add it.
const MAX_DEADLINE: Duration = Duration::from_secs(24 * 3600);

/// The class of `bylaw.errors` for an error, and its arguments.
fn raise(py: Python<'_>, error: Error) -> PyErr {
    match build(py, &error) {
        Ok(exception) => PyErr::from_value(exception),
        Err(failure) => failure,
    }
}

fn build<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyAny>> {
    let errors = py.import("bylaw.errors")?;
    let message = error.to_string();
    let (class, code, location) = match error {
        Error::Malformed(_) => ("MalformedInput", None, &None),
        Error::TooLarge(_) => ("InputTooLarge", None, &None),
        Error::TooDeep(_) => ("InputTooDeep", None, &None),
        Error::DuplicateKey(_) => ("DuplicateKey", None, &None),
        Error::WrongShape(_) => ("WrongShape", None, &None),
        Error::Policy { code, location, .. } => ("PolicyError", Some(*code), location),
        Error::Failed { code, location, .. } => ("EvaluationFailed", Some(*code), location),
        Error::TimedOut(_) => ("EvaluationTimedOut", None, &None),
        Error::Unavailable(_) => ("EvaluatorUnavailable", None, &None),
    };
    let arguments = PyDict::new(py);
    if let Some(code) = code {
        arguments.set_item("code", code)?;
    }
    if let Some(Location { file, row, column }) = location {
        arguments.set_item("location", errors.getattr("Location")?.call1((file, row, column))?)?;
    }
    if let Error::Policy { more, .. } = error
        && !more.is_empty()
    {
        let more = more.iter().cloned().map(|Mistake { code, message, location }| {
            build(py, &Error::Policy { code, message, location, more: Vec::new() })
        });
        arguments.set_item("more", PyTuple::new(py, more.collect::<PyResult<Vec<_>>>()?)?)?;
    }
    errors.getattr(class)?.call((message,), Some(&arguments))
}

fn manner(at_ns: Option<i64>, deadline_seconds: f64, strict_builtin_errors: bool) -> Manner {
    let limit = Duration::try_from_secs_f64(deadline_seconds.max(0.0)).unwrap_or(MAX_DEADLINE);
    Manner { at_ns, strict_builtin_errors, ..Manner::within(limit.min(MAX_DEADLINE)) }
}

/// Runs on a worker while other Python threads go on.
fn on_worker<T: Send + 'static>(
    py: Python<'_>,
    until: Option<Instant>,
    job: impl FnOnce() -> Result<T> + Send + 'static,
) -> PyResult<T> {
    py.detach(|| Pool::global()?.run(until, job)).map_err(|error| raise(py, error))
}

#[pyclass(frozen, module = "bylaw_native")]
struct Snapshot(Arc<dyn Evaluator>);

type Answer = Result<Option<Vec<u8>>>;

#[pymethods]
impl Snapshot {
    #[pyo3(signature = (entrypoint, input_json, *, at_ns=None, deadline_seconds=10.0, strict_builtin_errors=false))]
    fn evaluate<'py>(
        &self,
        py: Python<'py>,
        entrypoint: PyBackedStr,
        input_json: Option<PyBackedBytes>,
        at_ns: Option<i64>,
        deadline_seconds: f64,
        strict_builtin_errors: bool,
    ) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let (snapshot, manner) = (self.0.clone(), manner(at_ns, deadline_seconds, strict_builtin_errors));
        let value = on_worker(py, Some(manner.deadline), move || {
            snapshot.evaluate(&entrypoint, input_json.as_deref(), &manner)
        })?;
        Ok(value.map(|value| PyBytes::new(py, &value)))
    }

    /// As `evaluate`, on the caller's thread: no other one has to wake up, and nothing but the engine watches the clock.
    #[pyo3(signature = (entrypoint, input_json, *, at_ns=None, deadline_seconds=10.0, strict_builtin_errors=false))]
    fn evaluate_here<'py>(
        &self,
        py: Python<'py>,
        entrypoint: PyBackedStr,
        input_json: Option<PyBackedBytes>,
        at_ns: Option<i64>,
        deadline_seconds: f64,
        strict_builtin_errors: bool,
    ) -> PyResult<Option<Bound<'py, PyBytes>>> {
        if self.0.needs_large_stack() {
            return self.evaluate(py, entrypoint, input_json, at_ns, deadline_seconds, strict_builtin_errors);
        }
        let manner = manner(at_ns, deadline_seconds, strict_builtin_errors);
        let value = py.detach(|| guarded(|| self.0.evaluate(&entrypoint, input_json.as_deref(), &manner)));
        let value = value.map_err(|error| raise(py, error))?;
        Ok(value.map(|value| PyBytes::new(py, &value)))
    }

    /// Evaluates on a worker and puts the answer into `completions` under `token`. Returns at once.
    #[pyo3(signature = (completions, token, entrypoint, input_json, *, at_ns=None, deadline_seconds=10.0,
                        strict_builtin_errors=false))]
    #[expect(clippy::too_many_arguments, reason = "they are Python's keyword arguments")]
    fn submit(
        &self,
        py: Python<'_>,
        completions: &Completions,
        token: u64,
        entrypoint: PyBackedStr,
        input_json: Option<PyBackedBytes>,
        at_ns: Option<i64>,
        deadline_seconds: f64,
        strict_builtin_errors: bool,
    ) -> PyResult<()> {
        let (snapshot, manner) = (self.0.clone(), manner(at_ns, deadline_seconds, strict_builtin_errors));
        let finished = completions.0.clone();
        let job = move || {
            let answer = guarded(|| snapshot.evaluate(&entrypoint, input_json.as_deref(), &manner));
            finished.put((token, answer));
        };
        Pool::global().and_then(|pool| pool.submit(job)).map_err(|error| raise(py, error))
    }

    #[pyo3(signature = (query, input_json, *, at_ns=None, deadline_seconds=10.0, strict_builtin_errors=false,
                        watch=None))]
    #[expect(clippy::too_many_arguments, reason = "they are Python's keyword arguments")]
    fn query<'py>(
        &self,
        py: Python<'py>,
        query: String,
        input_json: Option<PyBackedBytes>,
        at_ns: Option<i64>,
        deadline_seconds: f64,
        strict_builtin_errors: bool,
        watch: Option<Bound<'py, Watch>>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let (snapshot, manner) = (self.0.clone(), manner(at_ns, deadline_seconds, strict_builtin_errors));
        let manner = Manner { watch: watch.map(|watch| watch.get().0.clone()), ..manner };
        let results =
            on_worker(py, Some(manner.deadline), move || snapshot.query(&query, input_json.as_deref(), &manner))?;
        Ok(PyBytes::new(py, &results))
    }

    /// As `evaluate`: the value, then for each file the covered lines and the others, then what was printed.
    #[pyo3(signature = (entrypoint, input_json, *, at_ns=None, deadline_seconds=10.0, strict_builtin_errors=false,
                        watch=None))]
    #[expect(clippy::too_many_arguments, reason = "they are Python's keyword arguments")]
    #[expect(clippy::type_complexity, reason = "a tuple as Python takes it")]
    fn observe<'py>(
        &self,
        py: Python<'py>,
        entrypoint: String,
        input_json: Option<PyBackedBytes>,
        at_ns: Option<i64>,
        deadline_seconds: f64,
        strict_builtin_errors: bool,
        watch: Option<Bound<'py, Watch>>,
    ) -> PyResult<(Option<Bound<'py, PyBytes>>, HashMap<String, (Vec<u32>, Vec<u32>)>, Vec<String>)> {
        let (snapshot, manner) = (self.0.clone(), manner(at_ns, deadline_seconds, strict_builtin_errors));
        let manner = Manner { watch: watch.map(|watch| watch.get().0.clone()), ..manner };
        let observed = on_worker(py, Some(manner.deadline), move || {
            snapshot.observe(&entrypoint, input_json.as_deref(), &manner)
        })?;
        let files = observed.coverage.into_iter();
        Ok((
            observed.value.map(|value| PyBytes::new(py, &value)),
            files.map(|file| (file.file, (file.covered, file.not_covered))).collect(),
            observed.prints,
        ))
    }

    fn defines(&self, entrypoint: &str) -> bool {
        self.0.defines(entrypoint)
    }

    fn packages(&self) -> Vec<String> {
        self.0.packages()
    }
}

/// Answers on their way to one event loop, which watches `fileno()` and then calls `take()`.
#[pyclass(frozen, module = "bylaw_native")]
struct Completions(Arc<Finished<(u64, Answer)>>);

#[pymethods]
impl Completions {
    #[new]
    fn new() -> PyResult<Self> {
        let finished = Finished::new().map_err(|error| PyOSError::new_err(error.to_string()))?;
        Ok(Completions(Arc::new(finished)))
    }

    fn fileno(&self) -> i32 {
        self.0.reader().as_raw_fd()
    }

    /// All that is done: pairs of a token and its answer (bytes, `None` where undefined, or an exception to raise).
    fn take<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let done = PyList::empty(py);
        for (token, answer) in self.0.take() {
            let answer = match answer {
                Ok(Some(value)) => PyBytes::new(py, &value).into_any(),
                Ok(None) => py.None().into_bound(py),
                Err(error) => raise(py, error).into_value(py).into_bound(py).into_any(),
            };
            done.append((token, answer))?;
        }
        Ok(done)
    }
}

#[pyfunction]
#[pyo3(signature = (modules, data_json, *, evaluator="native", rego_v0=false, keeps_print=false,
                    capabilities_json=None, schemas_json=None, strict=false,
                    v0_files=HashSet::new()))]
#[expect(clippy::too_many_arguments, reason = "they are Python's keyword arguments")]
fn load(
    py: Python<'_>,
    modules: HashMap<String, String>,
    data_json: PyBackedBytes,
    evaluator: &str,
    rego_v0: bool,
    keeps_print: bool,
    capabilities_json: Option<PyBackedBytes>,
    schemas_json: Option<PyBackedBytes>,
    strict: bool,
    v0_files: HashSet<String>,
) -> PyResult<Snapshot> {
    let mut modules: Vec<(String, String)> = modules.into_iter().collect();
    modules.sort();
    let capabilities = capabilities_json.map(|text| Capabilities::read(&text)).transpose();
    let capabilities = capabilities.map_err(|why| raise(py, Error::WrongShape(why)))?;
    let schemas = schemas_json.map(|text| SchemaSet::read(&text)).transpose();
    let schemas = schemas.map_err(|why| raise(py, Error::WrongShape(why)))?;
    let loading = Loading { rego_v0, v0_files, strict, keeps_print, capabilities, schemas };
    let loaded: PyResult<Arc<dyn Evaluator>> = match evaluator {
        "native" => {
            on_worker(py, None, move || NativePolicies::load(&modules, &data_json, loading)).map(|it| Arc::new(it) as _)
        }
        "regorus" => on_worker(py, None, move || Interpreted::load(modules, &data_json)).map(|it| it as _),
        other => Err(PyValueError::new_err(format!("no evaluator {other:?}: native, regorus"))),
    };
    loaded.map(Snapshot)
}

#[pyfunction]
#[pyo3(signature = (file, text, *, rego_v0=false))]
fn parse_module<'py>(py: Python<'py>, file: String, text: String, rego_v0: bool) -> PyResult<Bound<'py, PyDict>> {
    let described = on_worker(py, None, move || native::describe(&file, &text, rego_v0))?;
    facts::module_dict(py, &described)
}

#[pyfunction]
#[pyo3(signature = (body, *, max_depth=json_text::MAX_DEPTH))]
fn split_object<'py>(py: Python<'py>, body: &[u8], max_depth: usize) -> PyResult<Bound<'py, PyDict>> {
    let members = json_text::split_object(body, max_depth.min(MAX_STACKED_DEPTH)).map_err(|error| raise(py, error))?;
    let dict = PyDict::new(py);
    for (key, value) in members {
        dict.set_item(key, PyBytes::new(py, value))?;
    }
    Ok(dict)
}

#[pyfunction]
#[pyo3(signature = (body, *, max_depth=json_text::MAX_DEPTH))]
fn split_array<'py>(py: Python<'py>, body: &[u8], max_depth: usize) -> PyResult<Vec<Bound<'py, PyBytes>>> {
    let items = json_text::split_array(body, max_depth.min(MAX_STACKED_DEPTH)).map_err(|error| raise(py, error))?;
    Ok(items.into_iter().map(|item| PyBytes::new(py, item)).collect())
}

#[pyfunction]
#[pyo3(signature = (text, *, max_depth=json_text::MAX_DEPTH))]
fn check_json(py: Python<'_>, text: &[u8], max_depth: usize) -> PyResult<()> {
    json_text::check(text, max_depth.min(MAX_STACKED_DEPTH)).map_err(|error| raise(py, error))
}

/// These read on the caller's thread, whose stack is not ours: what a caller may ask for at most.
const MAX_STACKED_DEPTH: usize = 1_000;

#[pyfunction]
fn canonical_json<'py>(py: Python<'py>, text: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
    let canonical = json_canonical::canonical(text).map_err(|error| raise(py, error))?;
    Ok(PyBytes::new(py, &canonical))
}

#[pymodule]
fn bylaw_native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Snapshot>()?;
    module.add_class::<Completions>()?;
    module.add_class::<Watch>()?;
    module.add_class::<documents::JsonSchema>()?;
    module.add_class::<documents::YamlPlaces>()?;
    module.add("MAX_INPUT_BYTES", MAX_INPUT_BYTES)?;
    module.add("MAX_JSON_DEPTH", json_text::MAX_DEPTH)?;
    module.add_function(wrap_pyfunction!(load, module)?)?;
    module.add_function(wrap_pyfunction!(parse_module, module)?)?;
    module.add_function(wrap_pyfunction!(split_object, module)?)?;
    module.add_function(wrap_pyfunction!(split_array, module)?)?;
    module.add_function(wrap_pyfunction!(check_json, module)?)?;
    module.add_function(wrap_pyfunction!(canonical_json, module)?)?;
    module.add_function(wrap_pyfunction!(documents::read_yaml, module)?)?;
    Ok(())
}
