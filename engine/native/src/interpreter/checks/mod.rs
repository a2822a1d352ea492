//! What OPA's compiler refuses and the interpreter would only meet, or miss, while it evaluates: recursion, functions
//! that do not exist, and what this evaluator cannot do. Everything here is found when a policy is loaded.

mod chains;
mod defaults;
mod dynamic;
mod functions;

pub use chains::MAX_RULE_CHAIN;

use crate::errors::{Location, Result};
use crate::interpreter::rule_tree::RuleTree;
use crate::interpreter::source::{ModuleFacts, RuleFacts};

/// Checks all modules together.
pub fn check(modules: &[ModuleFacts], tree: &RuleTree) -> Result<()> {
    defaults::check(modules)?;
    let functions = functions::Functions::of(modules)?;
    for module in modules {
        for rule in &module.rules {
            functions.check(&module.file, rule)?;
        }
    }
    chains::check(modules, tree)?;
    dynamic::check(modules, tree)?;
    chains::check_as_interpreted(modules, tree)
}

/// Checks a query that is asked of a snapshot.
pub fn check_query(query: &RuleFacts, modules: &[ModuleFacts], tree: &RuleTree) -> Result<()> {
    functions::Functions::of(modules)?.check("<query>", query)?;
    dynamic::check_query(query, tree)
}

fn place(file: &str, row: u32, column: u32) -> Option<Location> {
    Some(Location { file: file.to_owned(), row, column })
}
