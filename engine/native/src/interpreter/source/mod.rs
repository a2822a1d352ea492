//! What a module says about itself, read from its syntax tree: package, imports, rules, and every reference and call with
//! its place. Nothing here judges; `checks` does, and so do the static checks of bundles on the Python side.

mod edits;
mod effort;
mod negation;
mod operators;
mod parse;
mod references;
mod rewrite;
mod scopes;
mod walk;

pub use parse::{ReadModule, ReadQuery, length_limits, read_modules, read_query};

/// One step of a path below `data` or `input`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A constant; scalars other than strings as their JSON text.
    Key(String),
    /// Anything that is known only when it is evaluated.
    Variable,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Root {
    Data,
    Input,
}

/// A path that a rule reads, imports and names of the same package resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    pub root: Root,
    pub steps: Vec<Step>,
    pub row: u32,
    pub column: u32,
}

/// A function that a rule calls: `data.…` when it is one of the policy's own, else the name of a built-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub name: String,
    /// The path below `data`, when the policy itself defines it.
    pub path: Option<Vec<String>>,
    pub arguments: usize,
    pub row: u32,
    pub column: u32,
}

/// The function that a `with` replaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    pub name: String,
    pub row: u32,
    pub column: u32,
}

/// Something that would be answered wrongly, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub message: &'static str,
    pub row: u32,
    pub column: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleFacts {
    /// Below the package; ends at the first step that is a variable.
    pub path: Vec<String>,
    /// The steps of the head from its first variable on: one for `roles[name] := …`, none for most rules.
    pub variable_steps: usize,
    /// The number of parameters, when it is a function.
    pub parameters: Option<usize>,
    pub is_default: bool,
    /// Whether it is a default that has to be computed.
    pub is_computed_default: bool,
    pub row: u32,
    pub column: u32,
    pub references: Vec<Reference>,
    pub calls: Vec<Call>,
    pub replacements: Vec<Replacement>,
    /// What this evaluator cannot do.
    pub refusals: Vec<Refusal>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportFacts {
    /// With its root: `data`, `input`.
    pub path: Vec<String>,
    pub alias: String,
    pub row: u32,
    pub column: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleFacts {
    pub file: String,
    pub package: Vec<String>,
    pub row: u32,
    pub column: u32,
    pub imports: Vec<ImportFacts>,
    pub rules: Vec<RuleFacts>,
}

/// `data.a["b c"]`, as Rego writes it: whatever is no plain name stands in brackets and quotes.
pub fn data_path<'s>(steps: impl IntoIterator<Item = &'s str>) -> String {
    let mut out = String::from("data");
    for step in steps {
        push_step(&mut out, step);
    }
    out
}

fn push_step(out: &mut String, step: &str) {
    if is_name(step) {
        out.push('.');
        out.push_str(step);
    } else {
        out.push('[');
        out.push_str(&serde_json::Value::from(step).to_string());
        out.push(']');
    }
}

fn is_name(step: &str) -> bool {
    let mut characters = step.chars();
    characters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && characters.all(|c| c.is_ascii_alphanumeric() || c == '_')
}
