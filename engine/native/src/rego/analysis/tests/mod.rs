//! Analysis against OPA: cases whose modules must compile, and tables of modules that must not.

mod suite;

use crate::rego::analysis::{Compiled, Options, compile};
use crate::rego::errors::Error;
use crate::rego::syntax::{ParseOptions, RegoVersion, parse_module};

/// Parses and compiles modules given by name and text.
fn compile_text(modules: &[(&str, &str)], version: RegoVersion, options: &Options) -> Result<Compiled, Vec<Error>> {
    let mut parsed = Vec::new();
    for (file, text) in modules {
        parsed.push(parse_module(file, text, version, &ParseOptions::default())?);
    }
    compile(parsed, options)
}
