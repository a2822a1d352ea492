//! From syntax to what can be planned: names resolved, locals unique, bodies ordered, errors found as OPA finds them.
//!
//! [`compile`] runs the stages that [`compiler`] lists, in OPA's order (`v1/ast/compile.go`); each stage is a file.
//! The result is in the core language of [`core`].

mod annotations;
mod capabilities;
mod checks;
mod compiler;
mod comprehension_index;
mod conflicts;
pub mod core;
mod declared;
pub mod describe;
mod dynamics;
mod expand;
mod fault;
mod functions;
mod graph;
mod locals;
mod lower;
mod metadata;
mod names;
mod options;
mod order;
mod outputs;
mod prints;
mod query;
mod resolve;
mod rule_locals;
mod safety;
mod schema_set;
mod scopes;
mod templates;
pub mod text;
pub mod tree;
mod types;
mod unify;
mod unsafe_vars;
mod unused;
mod vars;
pub(crate) mod walk;
mod withs;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use self::core::{Name, Rule, RuleId, Term};
use self::functions::Functions;
use crate::rego::errors::Error;
use crate::rego::syntax::ast;

pub use self::annotations::{AnnotationSet, Entry};
pub use self::capabilities::{Capabilities, OFF_BY_DEFAULT};
pub use self::conflicts::BasePaths;
pub use self::functions::Builtins;
pub use self::options::{Options, QueryContext};
pub use self::query::{Query, compile_query};
pub use self::schema_set::SchemaSet;

/// Rules that can be planned, and what was found out about them.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// The files of the modules, sorted; places name them by index.
    pub files: Vec<Arc<str>>,
    /// By module, the reference of its package: `data.a.b`.
    pub packages: Vec<Vec<Term>>,
    /// By rule id; `else` branches are rules too.
    pub rules: Vec<Rule>,
    pub tree: tree::Node,
    /// By rule id, the rules that it names, sorted.
    pub dependencies: Vec<Vec<RuleId>>,
    /// The author's names of renamed variables.
    pub original_names: HashMap<Name, Name>,
    pub annotations: AnnotationSet,
    /// The built-ins that the policy may use.
    pub builtins: Builtins,
    /// What is known of the types of documents and functions.
    types: Arc<types::Node>,
    arities: Vec<u32>,
    surely_defined: Vec<bool>,
    has_templates: bool,
    unsafe_builtins: Vec<String>,
    max_errors: usize,
}

/// Compiles modules.
///
/// # Errors
/// Those of the first stage that found any, in OPA's words.
pub fn compile(modules: Vec<ast::Module>, options: &Options) -> Result<Compiled, Vec<Error>> {
    compiler::Compiler::new(modules, options).run()
}

impl Compiled {
    fn from_compiler(compiler: compiler::Compiler<'_>) -> Self {
        let surely_defined = templates::surely_defined(&compiler.rules, &compiler.tree);
        let options = compiler.options;
        Compiled {
            has_templates: options.capabilities.has_feature("template_strings")
                && compiler.builtins.get("internal.template_string").is_some(),
            unsafe_builtins: options.unsafe_builtins.clone(),
            max_errors: options.max_errors,
            surely_defined,
            types: Arc::new(compiler.types),
            annotations: compiler.annotations,
            files: compiler.files,
            packages: compiler.packages,
            rules: compiler.rules,
            tree: compiler.tree,
            dependencies: compiler.dependencies,
            original_names: compiler.original,
            builtins: compiler.builtins,
            arities: compiler.arities,
        }
    }

    fn functions(&self) -> Functions<'_> {
        Functions { builtins: &self.builtins, tree: &self.tree, arities: &self.arities }
    }

    /// The rule of an id.
    pub fn rule(&self, id: RuleId) -> Option<&Rule> {
        self.rules.get(id.0 as usize)
    }

    /// The reference of a rule from `data` on, variables included.
    pub fn path_of(&self, id: RuleId) -> Vec<Term> {
        match self.rule(id) {
            Some(rule) => {
                let package = self.packages.get(rule.module as usize).map(Vec::as_slice).unwrap_or_default();
                tree::rule_reference(package, &rule.head.reference)
            }
            None => Vec::new(),
        }
    }
}
