//! What a module says about itself, as Python dictionaries.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::interpreter::source::{Call, ModuleFacts, Reference, Root, RuleFacts, Step};

pub fn module_dict<'py>(py: Python<'py>, facts: &ModuleFacts) -> PyResult<Bound<'py, PyDict>> {
    let module = PyDict::new(py);
    module.set_item("file", &facts.file)?;
    module.set_item("package", &facts.package)?;
    module.set_item("row", facts.row)?;
    module.set_item("column", facts.column)?;
    let imports = PyList::empty(py);
    for import in &facts.imports {
        let dict = PyDict::new(py);
        dict.set_item("path", &import.path)?;
        dict.set_item("alias", &import.alias)?;
        dict.set_item("row", import.row)?;
        dict.set_item("column", import.column)?;
        imports.append(dict)?;
    }
    module.set_item("imports", imports)?;
    let rules = PyList::empty(py);
    for rule in &facts.rules {
        rules.append(rule_dict(py, rule)?)?;
    }
    module.set_item("rules", rules)?;
    Ok(module)
}

fn rule_dict<'py>(py: Python<'py>, facts: &RuleFacts) -> PyResult<Bound<'py, PyDict>> {
    let rule = PyDict::new(py);
    rule.set_item("path", &facts.path)?;
    rule.set_item("parameters", facts.parameters)?;
    rule.set_item("is_default", facts.is_default)?;
    rule.set_item("row", facts.row)?;
    rule.set_item("column", facts.column)?;
    let references = facts.references.iter().map(|reference| reference_dict(py, reference));
    rule.set_item("references", references.collect::<PyResult<Vec<_>>>()?)?;
    let calls = facts.calls.iter().map(|call| call_dict(py, call));
    rule.set_item("calls", calls.collect::<PyResult<Vec<_>>>()?)?;
    Ok(rule)
}

fn reference_dict<'py>(py: Python<'py>, reference: &Reference) -> PyResult<Bound<'py, PyDict>> {
    let root = match reference.root {
        Root::Data => "data",
        Root::Input => "input",
    };
    let steps = reference.steps.iter().map(|step| match step {
        Step::Key(key) => Some(key.as_str()),
        Step::Variable => None,
    });
    let dict = PyDict::new(py);
    dict.set_item("root", root)?;
    dict.set_item("path", steps.collect::<Vec<_>>())?;
    dict.set_item("row", reference.row)?;
    dict.set_item("column", reference.column)?;
    Ok(dict)
}

fn call_dict<'py>(py: Python<'py>, call: &Call) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("name", &call.name)?;
    dict.set_item("is_builtin", call.path.is_none())?;
    dict.set_item("arguments", call.arguments)?;
    dict.set_item("row", call.row)?;
    dict.set_item("column", call.column)?;
    Ok(dict)
}
