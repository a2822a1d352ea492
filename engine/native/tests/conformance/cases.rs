//! OPA's evaluation cases as they lie in its YAML files. Field names and meanings: `v1/test/cases/cases.go` of OPA.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bylaw_native::rego::values::Value;
use yaml_serde::Value as Yaml;

/// What a case demands. A case that demands nothing is itself a failure.
#[derive(Debug, Default)]
pub struct Case {
    pub note: String,
    pub folder: String,
    pub query: String,
    pub modules: Vec<String>,
    pub data: Option<Value>,
    pub input: Option<Value>,
    pub input_term: Option<String>,
    pub want_result: Option<Vec<BTreeMap<String, Value>>>,
    pub want_error_code: Option<String>,
    pub want_error: Option<String>,
    pub sort_bindings: bool,
    pub ignore_generated_vars: bool,
    pub strict_error: bool,
    pub env: BTreeMap<String, String>,
}

/// All cases below `root/<version>`, by folder and, within a folder, in the order of files and cases.
pub fn load(root: &Path, version: &str) -> Result<Vec<Case>, String> {
    let mut cases = Vec::new();
    for folder in sorted(&root.join(version))? {
        if !folder.is_dir() {
            continue;
        }
        let name = format!("{version}/{}", file_name(&folder));
        for file in sorted(&folder)? {
            if matches!(file.extension().and_then(|e| e.to_str()), Some("yaml" | "yml" | "json")) {
                cases.extend(read_file(&file, &name)?);
            }
        }
    }
    Ok(cases)
}

/// Where the cases are: `OPA_TESTDATA`, or the Go module cache.
pub fn testdata() -> Option<PathBuf> {
    const MODULE: &str = "github.com/open-policy-agent/opa@v1.20.2/v1/test/cases/testdata";
    if let Some(path) = std::env::var_os("OPA_TESTDATA") {
        return Some(PathBuf::from(path));
    }
    let cache = std::env::var_os("GOMODCACHE").map(PathBuf::from).or_else(|| {
        let go = std::env::var_os("GOPATH").map(PathBuf::from);
        let go = go.or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join("go")));
        go.map(|go| go.join("pkg/mod"))
    });
    cache.map(|cache| cache.join(MODULE)).filter(|path| path.is_dir())
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn read_file(file: &Path, folder: &str) -> Result<Vec<Case>, String> {
    let text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let document: Yaml = yaml_serde::from_str(&text).map_err(|e| format!("{}: {e}", file.display()))?;
    let cases = document.get("cases").and_then(Yaml::as_sequence).cloned().unwrap_or_default();
    cases.iter().map(|case| read_case(case, folder).map_err(|e| format!("{}: {e}", file.display()))).collect()
}

fn read_case(case: &Yaml, folder: &str) -> Result<Case, String> {
    let text = |key: &str| case.get(key).and_then(Yaml::as_str).map(str::to_owned);
    let flag = |key: &str| case.get(key).and_then(Yaml::as_bool).unwrap_or(false);
    let value = |key: &str| case.get(key).filter(|v| !v.is_null()).map(to_value).transpose();
    let want_result = match case.get("want_result") {
        Some(Yaml::Sequence(rows)) => Some(rows.iter().map(to_bindings).collect::<Result<_, _>>()?),
        _ => None,
    };
    let env = match case.get("env") {
        Some(Yaml::Mapping(map)) => map.iter().map(|(k, v)| (scalar_text(k), scalar_text(v))).collect(),
        _ => BTreeMap::new(),
    };
    Ok(Case {
        note: text("note").ok_or("a case without a note")?,
        folder: folder.to_owned(),
        query: text("query").unwrap_or_default(),
        modules: match case.get("modules") {
            Some(Yaml::Sequence(modules)) => modules.iter().map(scalar_text).collect(),
            _ => Vec::new(),
        },
        data: value("data")?,
        input: value("input")?,
        input_term: text("input_term"),
        want_result,
        want_error_code: text("want_error_code"),
        want_error: text("want_error"),
        sort_bindings: flag("sort_bindings"),
        ignore_generated_vars: flag("ignore_generated_vars"),
        strict_error: flag("strict_error"),
        env,
    })
}

fn to_bindings(row: &Yaml) -> Result<BTreeMap<String, Value>, String> {
    let Yaml::Mapping(map) = row else { return Err("a result that is no mapping".into()) };
    map.iter().map(|(k, v)| Ok((scalar_text(k), to_value(v)?))).collect()
}

/// YAML to a value the way OPA reads it: through JSON, so that every key becomes a string.
fn to_value(yaml: &Yaml) -> Result<Value, String> {
    Ok(match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(b) => Value::from(*b),
        Yaml::String(s) => Value::from(s.as_str()),
        Yaml::Number(_) => super::engine::number(&scalar_text(yaml))?,
        Yaml::Sequence(items) => Value::array(items.iter().map(to_value).collect::<Result<Vec<_>, _>>()?),
        Yaml::Mapping(map) => {
            let pairs = map.iter().map(|(k, v)| Ok((Value::from(scalar_text(k).as_str()), to_value(v)?)));
            Value::object(pairs.collect::<Result<Vec<_>, String>>()?)
        }
        Yaml::Tagged(tagged) => to_value(&tagged.value)?,
    })
}

fn scalar_text(yaml: &Yaml) -> String {
    match yaml {
        Yaml::String(s) => s.clone(),
        Yaml::Bool(b) => b.to_string(),
        Yaml::Number(n) => match (n.as_i64(), n.as_u64(), n.as_f64()) {
            (Some(i), _, _) => i.to_string(),
            (_, Some(u), _) => u.to_string(),
            (_, _, Some(f)) => f.to_string(),
            _ => n.to_string(),
        },
        Yaml::Null => "null".into(),
        other => format!("{other:?}"),
    }
}
