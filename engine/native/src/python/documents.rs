//! Documents as Python values, and their places.

use std::borrow::Cow;

use pyo3::IntoPyObjectExt;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::{PyDict, PyInt, PyList, PyString, PyTuple};

use crate::documents::document::{Document, Value};
use crate::documents::places::{AskedStep, Places, Step};
use crate::documents::schema::Schema;
use crate::documents::yaml::{self, Fault, FaultKind, Limits};
use crate::workers::guarded;

/// Where values stand in the text that they were read from.
#[pyclass(frozen, module = "bylaw_native")]
pub struct YamlPlaces(Places);

#[pymethods]
impl YamlPlaces {
    /// Row and column of the value at a pointer, or of the nearest thing around it.
    fn at(&self, pointer: &Bound<'_, PyTuple>) -> PyResult<(usize, usize)> {
        let steps = pointer.iter().map(|step| asked_step(&step)).collect::<PyResult<Vec<_>>>()?;
        let mark = self.0.at(steps);
        Ok((mark.row, mark.column))
    }
}

fn asked_step(step: &Bound<'_, PyAny>) -> PyResult<AskedStep<'static>> {
    if let Ok(name) = step.cast::<PyString>() {
        // A text that is no UTF-8 is a key of no document.
        return Ok(AskedStep::Key(
            name.to_cow().map_or(Cow::Borrowed("\u{fffd}"), |name| Cow::Owned(name.into_owned())),
        ));
    }
    if step.is_instance_of::<PyInt>() {
        return Ok(AskedStep::Index(step.extract().unwrap_or(usize::MAX)));
    }
    Err(PyTypeError::new_err("a step of a pointer is a str or an int"))
}

/// For each document: its value, its places, how numbers were written, and words that may be flags.
type Read<'py> = (Bound<'py, PyAny>, YamlPlaces, Bound<'py, PyDict>, Bound<'py, PyTuple>);

#[pyfunction]
#[pyo3(signature = (text, *, file, max_depth, max_values, max_documents, max_noted_steps))]
pub fn read_yaml<'py>(
    py: Python<'py>,
    text: PyBackedStr,
    file: &str,
    max_depth: usize,
    max_values: usize,
    max_documents: usize,
    max_noted_steps: usize,
) -> PyResult<Vec<Read<'py>>> {
    let limits = Limits { max_depth, max_values, max_documents, max_noted_steps };
    let read = py.detach(|| guarded(|| Ok(yaml::read(&text, &limits))));
    match read {
        Ok(Ok(documents)) => documents.into_iter().map(|document| python_document(py, document)).collect(),
        Ok(Err(fault)) => Err(raise(py, file, &fault)),
        Err(panic) => {
            let at = yaml::START;
            Err(raise(py, file, &Fault { kind: FaultKind::Malformed, message: panic.to_string(), at }))
        }
    }
}

fn raise(py: Python<'_>, file: &str, fault: &Fault) -> PyErr {
    let class = match fault.kind {
        FaultKind::Malformed => "MalformedInput",
        FaultKind::DuplicateKey => "DuplicateKey",
        FaultKind::TooDeep => "InputTooDeep",
        FaultKind::TooLarge => "InputTooLarge",
    };
    let build = || {
        let errors = py.import("bylaw.errors")?;
        let arguments = PyDict::new(py);
        let place = errors.getattr("Location")?.call1((file, fault.at.row, fault.at.column))?;
        arguments.set_item("location", place)?;
        errors.getattr(class)?.call((&fault.message,), Some(&arguments))
    };
    build().map_or_else(|failure| failure, PyErr::from_value)
}

fn python_document<'py>(py: Python<'py>, document: Document) -> PyResult<Read<'py>> {
    let Document { values, root, places, spellings, doubtful } = document;
    let keys: Vec<Bound<'py, PyString>> = places.symbols().iter().map(|key| PyString::new(py, key)).collect();
    // Collections come after what is in them, so all that a value is made of is made already.
    let mut made: Vec<Bound<'py, PyAny>> = Vec::with_capacity(values.len());
    for value in values {
        let value = python_value(py, value, &keys, &made)?;
        made.push(value);
    }
    let root = made.get(root as usize).cloned().unwrap_or_else(|| py.None().into_bound(py));
    let pointer = |way: &[Step]| {
        let steps = way.iter().map(|step| match step {
            Step::Key(key) => keys[key.index()].clone().into_any().into_bound_py_any(py),
            Step::Index(index) => index.into_bound_py_any(py),
            Step::Merge => "<<".into_bound_py_any(py),
        });
        PyTuple::new(py, steps.collect::<PyResult<Vec<_>>>()?)
    };
    let spelled = PyDict::new(py);
    for (way, spelling) in &spellings {
        spelled.set_item(pointer(way)?, &**spelling)?;
    }
    let doubtful = doubtful.iter().map(|way| pointer(way)).collect::<PyResult<Vec<_>>>()?;
    Ok((root, YamlPlaces(places), spelled, PyTuple::new(py, doubtful)?))
}

fn python_value<'py>(
    py: Python<'py>,
    value: Value,
    keys: &[Bound<'py, PyString>],
    made: &[Bound<'py, PyAny>],
) -> PyResult<Bound<'py, PyAny>> {
    match value {
        Value::Null => Ok(py.None().into_bound(py)),
        Value::Flag(flag) => flag.into_bound_py_any(py),
        Value::Integer(number) => number.into_bound_py_any(py),
        // Both prefixes are Python's; without one, the digits have no leading zero.
        Value::LongInteger(digits) => py.get_type::<PyInt>().call1((digits, 0)),
        Value::Float(number) => number.into_bound_py_any(py),
        Value::Text(text) => text.into_bound_py_any(py),
        Value::Sequence(elements) => {
            Ok(PyList::new(py, elements.into_iter().map(|element| &made[element as usize]))?.into_any())
        }
        Value::Mapping(entries) => {
            let dict = PyDict::new(py);
            for (key, value) in entries {
                dict.set_item(&keys[key.index()], &made[value as usize])?;
            }
            Ok(dict.into_any())
        }
    }
}

/// A JSON Schema, ready to be asked.
#[pyclass(frozen, module = "bylaw_native")]
pub struct JsonSchema(Schema);

#[pymethods]
impl JsonSchema {
    #[new]
    fn new(schema_json: &[u8]) -> PyResult<Self> {
        Schema::read(schema_json).map(JsonSchema).map_err(PyValueError::new_err)
    }

    fn fits(&self, document_json: &[u8]) -> bool {
        self.0.fits(document_json)
    }
}
