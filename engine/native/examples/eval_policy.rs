//! Evaluates queries against a policy: `cargo run --example eval_policy -- policy.rego [more.rego input.json] query…`.
//!
//! Prints one line of JSON a query: `{"result": …}` with the value of a query that is one reference or term, `{}` if it
//! is undefined, `{"errors": …}` otherwise. `--strict-builtin-errors` and `--v0` are those of `opa eval`;
//! `--capabilities` prints the list of built-ins.

use std::fmt::Write;

use bylaw_native::rego::builtins::capabilities;
use bylaw_native::rego::errors::Error;
use bylaw_native::rego::values::{Value, json};
use bylaw_native::rego::{CompileOptions, Options, Policy};

fn main() {
    let mut modules = Vec::new();
    let (mut queries, mut input) = (Vec::new(), None);
    let (mut options, mut compile) = (Options::default(), CompileOptions::default());
    for argument in std::env::args().skip(1) {
        let read = || std::fs::read_to_string(&argument).unwrap_or_else(|error| panic!("{argument}: {error}"));
        match argument.as_str() {
            "--strict-builtin-errors" => options.strict_builtin_errors = true,
            "--v0" => compile.v0 = true,
            "--capabilities" => return println!("{}", text(&capabilities::document())),
            path if path.ends_with(".rego") => modules.push((path.to_owned(), read())),
            path if path.ends_with(".json") => {
                let document = json::read(read().as_bytes(), &json::Limits::default());
                input = Some(document.unwrap_or_else(|error| panic!("{path}: {error}")));
            }
            query => queries.push(query.to_owned()),
        }
    }
    let snapshot = match Policy::compile(&modules, Value::empty_object(), &compile) {
        Ok(snapshot) => snapshot,
        Err(errors) => return println!("{}", failed(&errors)),
    };
    for query in queries {
        let line = match snapshot.query(&format!("result = {query}"), input.clone(), &options) {
            Err(errors) => failed(&errors),
            Ok(solutions) => {
                match solutions.first().and_then(|bindings| bindings.iter().find(|(name, _)| name == "result")) {
                    Some((_, value)) => format!("{{\"result\":{}}}", text(value)),
                    None => "{}".to_owned(),
                }
            }
        };
        println!("{line}");
    }
}

fn text(value: &Value) -> String {
    String::from_utf8_lossy(&json::write(value)).into_owned()
}

fn failed(errors: &[Error]) -> String {
    let mut all = String::new();
    for error in errors {
        let comma = if all.is_empty() { "" } else { "," };
        let row = error.location.as_ref().map_or(0, |location| location.row);
        let (code, message) = (text(&Value::from(error.code)), text(&Value::from(error.message.as_str())));
        let _ = write!(all, "{comma}{{\"code\":{code},\"message\":{message},\"row\":{row}}}");
    }
    format!("{{\"errors\":[{all}]}}")
}
