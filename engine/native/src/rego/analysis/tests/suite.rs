//! Every module of OPA's conformance cases compiles.

use std::path::{Path, PathBuf};

use yaml_serde::Value;

use super::compile_text;
use crate::rego::analysis::{Options, QueryContext, compile_query};
use crate::rego::syntax::{ParseOptions, RegoVersion, parse_query};

/// The folder of OPA's cases, if this machine has them.
fn cases() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("OPA_TEST_CASES") {
        return Some(PathBuf::from(path));
    }
    let home = std::env::var_os("HOME")?;
    let path = Path::new(&home).join("go/pkg/mod/github.com/open-policy-agent/opa@v1.20.2/v1/test/cases/testdata");
    path.is_dir().then_some(path)
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            found.push(path);
        }
    }
}

fn text(case: &Value, key: &str) -> String {
    case.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn check(case: &Value, version: RegoVersion) -> Result<(), String> {
    let modules: Vec<(String, String)> = case
        .get("modules")
        .and_then(Value::as_sequence)
        .into_iter()
        .flatten()
        .enumerate()
        .filter_map(|(index, module)| Some((format!("module{index}.rego"), module.as_str()?.to_owned())))
        .collect();
    let modules: Vec<(&str, &str)> = modules.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let shown = |errors: Vec<crate::rego::errors::Error>| {
        errors.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")
    };
    let compiled = compile_text(&modules, version, &Options::default()).map_err(shown)?;
    let query = parse_query(&text(case, "query"), version, &ParseOptions::default()).map_err(shown)?;
    compile_query(query, &compiled, &QueryContext::default()).map(|_| ()).map_err(shown)
}

#[test]
fn every_module_of_the_suite_compiles() {
    let Some(root) = cases() else { return };
    let mut failures = Vec::new();
    let mut count = 0;
    for (folder, version) in [("v1", RegoVersion::V1), ("v0", RegoVersion::V0)] {
        let mut found = Vec::new();
        files(&root.join(folder), &mut found);
        found.sort();
        for file in found {
            let source = std::fs::read_to_string(&file).unwrap_or_default();
            let Ok(document) = yaml_serde::from_str::<Value>(&source) else { continue };
            for case in document.get("cases").and_then(Value::as_sequence).into_iter().flatten() {
                count += 1;
                // OPA's own runner registers `test.sleep` for one case.
                if text(case, "note") == "time/time caching" {
                    continue;
                }
                if let Err(errors) = check(case, version) {
                    failures.push(format!("{folder} {}: {errors}", text(case, "note")));
                }
            }
        }
    }
    assert!(count > 4000, "{count} cases");
    assert!(failures.is_empty(), "{} of {count}:\n{}", failures.len(), failures.join("\n"));
}
