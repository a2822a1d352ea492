//! What does not compile, as OPA says it: every error of the stage that found any, with its code and its place.
//!
//! The table is in `tests/cases/rego_compile_errors`; the tests against the peers hold it against the opa program.

use std::collections::BTreeMap;
use std::path::Path;

use bylaw_native::rego::values::Value;
use bylaw_native::rego::{CompileOptions, Policy};
use yaml_serde::Value as Yaml;

/// An error as the table has it: code, file, row.
type Found = (String, String, u64);

#[test]
fn every_policy_is_refused_as_opa_refuses_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases/rego_compile_errors");
    let mut rows = 0;
    let mut wrong = Vec::new();
    for file in std::fs::read_dir(&folder).expect("the table is in the repository") {
        let path = file.expect("a file").path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a file that can be read");
        let cases: Vec<Yaml> = yaml_serde::from_str(&text).expect("a list of cases");
        for case in &cases {
            rows += 1;
            let (want, got) = (wanted(case), found(case));
            // A difference that is known, with its reason, is shown to be one still.
            let differs = case["differs"].as_str().is_some();
            if (want == got) == differs {
                wrong.push(format!("{}\n  wanted {want:?}\n  got    {got:?}", case["note"].as_str().unwrap_or("?")));
            }
        }
    }
    assert!(rows >= 150, "{rows} policies are too few");
    assert!(wrong.is_empty(), "{} of {rows} policies:\n{}", wrong.len(), wrong.join("\n"));
}

fn wanted(case: &Yaml) -> Vec<Found> {
    let errors = case["want_errors"].as_sequence().expect("want_errors");
    let text = |error: &Yaml, key: &str| error[key].as_str().unwrap_or_default().to_owned();
    let found = |error: &Yaml| (text(error, "code"), text(error, "file"), error["row"].as_u64().unwrap_or(0));
    sorted(errors.iter().map(found))
}

fn found(case: &Yaml) -> Vec<Found> {
    let modules = case["modules"].as_mapping().expect("modules");
    let text = |value: &Yaml| value.as_str().expect("a text").to_owned();
    let modules: BTreeMap<String, String> = modules.iter().map(|(file, module)| (text(file), text(module))).collect();
    let modules: Vec<(String, String)> = modules.into_iter().collect();
    let options = CompileOptions {
        v0: case["rego_version"].as_str() == Some("v0"),
        strict: case["strict"].as_bool() == Some(true),
        print: true,
        ..CompileOptions::default()
    };
    let errors = Policy::compile(&modules, Value::empty_object(), &options).err().unwrap_or_default();
    sorted(errors.iter().map(|error| {
        let place = error.location.as_ref();
        let (file, row) = place.map_or((String::new(), 0), |at| (at.file.to_string(), u64::from(at.row)));
        (error.code.to_owned(), file, row)
    }))
}

fn sorted(found: impl Iterator<Item = Found>) -> Vec<Found> {
    let mut found: Vec<Found> = found.collect();
    found.sort();
    found
}
