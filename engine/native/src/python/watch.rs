//! `Watch`: what evaluations of the engine tell beside their values.

use std::collections::HashMap;
use std::sync::Arc;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::rego::eval::explain::Explain;
use crate::watching;

/// Given to evaluations; afterwards asked what it was told.
#[pyclass(frozen, module = "bylaw_native")]
pub struct Watch(pub Arc<watching::Watch>);

fn explain(name: &str) -> PyResult<Explain> {
    match name {
        "notes" => Ok(Explain::Notes),
        "fails" => Ok(Explain::Fails),
        "full" => Ok(Explain::Full),
        other => Err(PyValueError::new_err(format!("no explanation {other:?}: notes, fails, full"))),
    }
}

fn bytes(py: Python<'_>, text: Option<Vec<u8>>) -> Option<Bound<'_, PyBytes>> {
    text.map(|text| PyBytes::new(py, &text))
}

#[pymethods]
impl Watch {
    #[new]
    #[pyo3(signature = (*, trace=false, profile=false, coverage=false))]
    fn new(trace: bool, profile: bool, coverage: bool) -> Self {
        Watch(Arc::new(watching::Watch::new(trace, profile, coverage)))
    }

    fn trace_text(&self, py: Python<'_>, explanation: &str) -> PyResult<String> {
        let explain = explain(explanation)?;
        Ok(py.detach(|| self.0.trace_text(explain)))
    }

    fn trace_json<'py>(&self, py: Python<'py>, explanation: &str) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let explain = explain(explanation)?;
        Ok(bytes(py, py.detach(|| self.0.trace_json(explain))))
    }

    fn profile_json<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        bytes(py, py.detach(|| self.0.profile_json()))
    }

    fn rules_json<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        bytes(py, py.detach(|| self.0.rules_json()))
    }

    #[pyo3(signature = (modules, *, rego_v0=false))]
    fn coverage_json<'py>(
        &self,
        py: Python<'py>,
        modules: HashMap<String, String>,
        rego_v0: bool,
    ) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let mut modules: Vec<(String, String)> = modules.into_iter().collect();
        modules.sort();
        let watch = self.0.clone();
        let report = super::on_worker(py, None, move || Ok(watch.coverage_json(&modules, rego_v0)))?;
        Ok(bytes(py, report))
    }
}
