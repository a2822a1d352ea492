//! The cases in `tests/cases/rego_semantics`: differences from OPA that were found and mended.

#[path = "conformance/cases.rs"]
#[allow(dead_code)]
mod cases;
#[path = "conformance/compare.rs"]
mod compare;
#[path = "conformance/engine.rs"]
#[allow(dead_code)]
mod engine;

use std::path::Path;

#[test]
fn every_case_answers_as_it_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases/rego_semantics");
    let cases = cases::load(&root, "v1").expect("cases");
    assert!(!cases.is_empty(), "no cases below {}", root.display());
    let failed: Vec<String> = cases
        .iter()
        .filter_map(|case| compare::run(case).err().map(|message| format!("{}: {message}", case.note)))
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
