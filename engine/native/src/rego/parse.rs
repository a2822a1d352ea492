//! Text to syntax tree, within limits.

use std::collections::{HashMap, HashSet};
use std::num::{NonZeroU32, NonZeroUsize};

use regorus::PolicyLengthConfig;
use regorus::unstable::{Module, Parser, Query, Ref, Rule, RuleHead, Source};

use super::ModuleFacts;
use super::walk::{constant_steps, read_module};
use crate::errors::{Error, Location, PARSE_ERROR, Result};

/// The largest module, the most lines, the longest line that are read. Hand-written policy is far below; spans are
/// 32-bit numbers, and a reader of one endless line is of no use to anyone.
pub const MAX_MODULE_BYTES: NonZeroUsize = NonZeroUsize::new(1 << 20).unwrap();
pub const MAX_MODULE_LINES: NonZeroUsize = NonZeroUsize::new(20_000).unwrap();
pub const MAX_COLUMNS: NonZeroU32 = NonZeroU32::new(10_000).unwrap();

pub fn length_limits() -> PolicyLengthConfig {
    PolicyLengthConfig {
        max_col: MAX_COLUMNS,
        max_file_bytes: MAX_MODULE_BYTES,
        max_lines: MAX_MODULE_LINES,
    }
}

/// Parses Rego v1.
pub fn parse(file: &str, text: &str) -> Result<Module> {
    try_parse(file, text).map_err(|error| explain(Error::from_loading(&error, PARSE_ERROR), file, text))
}

fn try_parse(file: &str, text: &str) -> anyhow::Result<Module> {
    let source = Source::from_contents_with_limits(file.into(), text.into(), MAX_MODULE_BYTES, MAX_MODULE_LINES)?;
    let mut parser = Parser::new(&source)?;
    parser.set_max_col(MAX_COLUMNS);
    parser.enable_rego_v1()?;
    parser.parse()
}

/// Gives a place to an error without one, and its name to syntax that is newer than this evaluator.
fn explain(error: Error, file: &str, text: &str) -> Error {
    let Error::Policy {
        code,
        message,
        location,
    } = error
    else {
        return error;
    };
    let location = location.or_else(|| {
        Some(Location {
            file: file.into(),
            row: 1,
            column: 1,
        })
    });
    let line = location
        .as_ref()
        .and_then(|place| text.lines().nth(place.row.saturating_sub(1) as usize))
        .unwrap_or_default();
    let message = if line.contains("$\"") || line.contains("$`") {
        format!("template strings are not supported by this evaluator: {message}")
    } else {
        message
    };
    Error::Policy {
        code,
        message,
        location,
    }
}

/// The facts of all modules; a name of a package is one in each of its files.
pub fn read_modules(modules: &[(String, String)]) -> Result<Vec<ModuleFacts>> {
    let modules: Vec<Module> = modules.iter().map(|(file, text)| parse(file, text)).collect::<Result<_>>()?;
    let mut names: HashMap<Vec<String>, HashSet<String>> = HashMap::new();
    for module in &modules {
        names.entry(constant_steps(&module.package.refr)).or_default().extend(rule_names(module));
    }
    let facts = modules.iter().map(|module| read_module(module, &names[&constant_steps(&module.package.refr)]));
    Ok(facts.collect())
}

/// Parses what a caller asks, as `opa eval` reads it.
pub fn parse_query(text: &str) -> Result<Ref<Query>> {
    let parse = || -> anyhow::Result<Ref<Query>> {
        let source = Source::from_contents_with_limits("<query>".into(), text.into(), MAX_MODULE_BYTES, MAX_MODULE_LINES)?;
        let mut parser = Parser::new(&source)?;
        parser.set_max_col(MAX_COLUMNS);
        parser.enable_rego_v1()?;
        parser.parse_user_query()
    };
    parse().map_err(|error| explain(Error::from_loading(&error, PARSE_ERROR), "<query>", text))
}

/// The names that a module gives to its package: the first step of each rule.
pub fn rule_names(module: &Module) -> HashSet<String> {
    module
        .policy
        .iter()
        .filter_map(|rule| {
            let reference = match rule.as_ref() {
                Rule::Default { refr, .. } => refr,
                Rule::Spec { head, .. } => match head {
                    RuleHead::Compr { refr, .. } | RuleHead::Set { refr, .. } | RuleHead::Func { refr, .. } => refr,
                },
            };
            constant_steps(reference).into_iter().next()
        })
        .collect()
}
