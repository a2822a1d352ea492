//! What OPA's own test runner compares (`v1/topdown/exported_test.go`): error text by substring, error code exactly,
//! results as sets of bindings, with sets as arrays and numbers by value.

use std::collections::BTreeMap;

use bylaw_native::rego::values::Value;

use crate::cases::Case;
use crate::engine;

pub fn run(case: &Case) -> Result<(), String> {
    if case.want_result.is_none() && case.want_error_code.is_none() && case.want_error.is_none() {
        return Err("the case demands nothing".into());
    }
    let outcome = engine::evaluate(case);
    if let Some(want) = &case.want_error {
        match &outcome {
            Ok(_) => return Err(format!("wanted an error with {want:?}, got a result")),
            Err(got) if !got.text.contains(want.as_str()) => {
                return Err(format!("wanted an error with {want:?}, got {:?}", got.text));
            }
            Err(_) => {}
        }
    }
    if let Some(want) = &case.want_error_code {
        match &outcome {
            Ok(rows) => return Err(format!("wanted {want}, got {}", show(rows))),
            Err(got) if got.stage != engine::Stage::Evaluation || &got.code != want => {
                return Err(format!("wanted {want}, got {} in {:?}: {}", got.code, got.stage, got.text));
            }
            Err(_) => {}
        }
    }
    let rows = match outcome {
        Err(_) if case.want_error_code.is_some() || case.want_error.is_some() => return Ok(()),
        Err(got) => return Err(format!("unexpected error in {:?}: {}", got.stage, got.text)),
        Ok(rows) => rows,
    };
    let Some(want) = &case.want_result else { return Ok(()) };
    let want = Value::set(want.iter().map(to_object));
    let got = Value::set(rows.iter().map(|row| to_object(&normalised(case, row))));
    if want == got { Ok(()) } else { Err(format!("wanted {want}, got {got}")) }
}

fn normalised(case: &Case, row: &BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    let kept = row.iter().filter(|(name, _)| !(case.ignore_generated_vars && name.starts_with("__localq")));
    kept.map(|(name, value)| {
        let value = engine::through_json(value);
        (name.clone(), if case.sort_bindings { engine::sorted(value) } else { value })
    })
    .collect()
}

fn to_object(row: &BTreeMap<String, Value>) -> Value {
    Value::object(row.iter().map(|(name, value)| (Value::from(name.as_str()), value.clone())))
}

fn show(rows: &[BTreeMap<String, Value>]) -> String {
    rows.iter().map(|row| to_object(row).to_string()).collect::<Vec<_>>().join(", ")
}
