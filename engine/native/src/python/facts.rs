//! What a module says about itself, as Python dictionaries.

use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::rego::analysis::core::{Kind, Place, Term};
use crate::rego::analysis::describe::{Block, CallOf, Description, PathStep, Reference, RuleDescription};

pub fn module_dict<'py>(py: Python<'py>, module: &Description) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("file", &*module.file)?;
    dict.set_item("package", &module.package)?;
    set_place(&dict, module.at)?;
    let imports = PyList::empty(py);
    for import in &module.imports {
        let dict = PyDict::new(py);
        dict.set_item("path", &import.path)?;
        dict.set_item("alias", &import.alias)?;
        set_place(&dict, import.at)?;
        imports.append(dict)?;
    }
    dict.set_item("imports", imports)?;
    let rules = module.rules.iter().map(|rule| rule_dict(py, rule));
    dict.set_item("rules", rules.collect::<PyResult<Vec<_>>>()?)?;
    dict.set_item("annotations", blocks(py, &module.annotations)?)?;
    Ok(dict)
}

fn set_place(dict: &Bound<'_, PyDict>, at: Place) -> PyResult<()> {
    dict.set_item("row", at.row)?;
    dict.set_item("column", at.col)
}

fn rule_dict<'py>(py: Python<'py>, rule: &RuleDescription) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("path", &rule.path)?;
    dict.set_item("parameters", rule.parameters)?;
    dict.set_item("is_default", rule.is_default)?;
    dict.set_item("is_set", rule.is_set)?;
    set_place(&dict, rule.at)?;
    let references = rule.references.iter().map(|reference| reference_dict(py, reference));
    dict.set_item("references", references.collect::<PyResult<Vec<_>>>()?)?;
    let calls = rule.calls.iter().map(|call| call_dict(py, call));
    dict.set_item("calls", calls.collect::<PyResult<Vec<_>>>()?)?;
    dict.set_item("annotations", blocks(py, &rule.annotations)?)?;
    Ok(dict)
}

fn reference_dict<'py>(py: Python<'py>, reference: &Reference) -> PyResult<Bound<'py, PyDict>> {
    let steps = reference.steps.iter().map(|step| match step {
        PathStep::Key(key) => Some(key.as_str()),
        PathStep::Variable => None,
    });
    let dict = PyDict::new(py);
    dict.set_item("root", &*reference.root)?;
    dict.set_item("path", steps.collect::<Vec<_>>())?;
    set_place(&dict, reference.at)?;
    Ok(dict)
}

fn call_dict<'py>(py: Python<'py>, call: &CallOf) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("name", &call.name)?;
    dict.set_item("is_builtin", call.is_builtin)?;
    dict.set_item("arguments", call.arguments)?;
    set_place(&dict, call.at)?;
    Ok(dict)
}

fn blocks<'py>(py: Python<'py>, blocks: &[Block]) -> PyResult<Vec<Bound<'py, PyDict>>> {
    let dict = |block: &Block| {
        let dict = PyDict::new(py);
        dict.set_item("value", constant(py, &block.value)?)?;
        dict.set_item("entrypoint", block.entrypoint)?;
        set_place(&dict, block.at)?;
        Ok(dict)
    };
    blocks.iter().map(dict).collect()
}

/// A term of constants. Metadata is as deep as the reader of YAML lets it be.
fn constant<'py>(py: Python<'py>, term: &Term) -> PyResult<Bound<'py, PyAny>> {
    match &term.kind {
        Kind::Bool(value) => value.into_bound_py_any(py),
        Kind::String(text) => text.into_bound_py_any(py),
        Kind::Number(text) => py.import("json")?.call_method1("loads", (&**text,)),
        Kind::Array(items) | Kind::Set(items) => {
            items.iter().map(|item| constant(py, item)).collect::<PyResult<Vec<_>>>()?.into_bound_py_any(py)
        }
        Kind::Object(members) => {
            let dict = PyDict::new(py);
            for (key, value) in members {
                dict.set_item(constant(py, key)?, constant(py, value)?)?;
            }
            dict.into_bound_py_any(py)
        }
        _ => Ok(py.None().into_bound(py)),
    }
}
