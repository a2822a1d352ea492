//! Compiling a query against compiled rules: a shorter list of the same stages, as in OPA.

use std::collections::HashMap;
use std::sync::Arc;

use super::compiler::finish;
use super::core::{Body, Name, Place, Term};
use super::fault::Fault;
use super::functions::Functions;
use super::locals::Locals;
use super::lower::Lowering;
use super::names::Names;
use super::options::QueryContext;
use super::prints::{self, Prints};
use super::resolve::{self, Import, Resolver};
use super::safety::Safety;
use super::scopes::Scopes;
use super::templates::Templates;
use super::vars::VarSet;
use super::withs::Withs;
use super::{Compiled, checks, comprehension_index, dynamics, expand, types, unsafe_vars, walk};
use crate::rego::errors::{COMPILE, Error};
use crate::rego::syntax::ast;

/// A query that can be planned.
#[derive(Debug, Clone)]
pub struct Query {
    pub body: Body,
    /// The author's names of renamed variables.
    pub original_names: HashMap<Name, Name>,
}

struct Run<'a> {
    compiled: &'a Compiled,
    names: Names,
    original: HashMap<Name, Name>,
    faults: Vec<Fault>,
}

/// Compiles a query.
///
/// # Errors
/// Those of the first stage that found any.
pub fn compile_query(query: ast::Body, compiled: &Compiled, context: &QueryContext) -> Result<Query, Vec<Error>> {
    let file = u32::try_from(compiled.files.len()).unwrap_or(u32::MAX);
    let files: Vec<Arc<str>> = compiled.files.iter().cloned().chain([Arc::from("")]).collect();
    if query.is_empty() {
        return Err(vec![Error::new(COMPILE, "empty query cannot be compiled", None)]);
    }
    let mut lowering = Lowering::new(file);
    let mut body = lowering.body(query);
    let names = Names::for_query(lowering.taken);
    let mut run = Run { compiled, names, original: HashMap::new(), faults: Vec::new() };
    match run.stages(&mut body, context) {
        true => Ok(Query { body, original_names: run.original }),
        false => Err(finish(run.faults, &files, compiled.max_errors)),
    }
}

impl<'a> Run<'a> {
    fn functions(&self) -> Functions<'a> {
        self.compiled.functions()
    }

    /// Runs the stages; false if one found errors.
    fn stages(&mut self, body: &mut Body, context: &QueryContext) -> bool {
        let stages: &[fn(&mut Self, &mut Body, &QueryContext)] = &[
            Self::check_keyword_overrides,
            Self::resolve,
            Self::locals,
            Self::templates,
            Self::void_calls,
            Self::prints,
            Self::expand,
            Self::comprehension_terms,
            Self::withs,
            Self::undefined_functions,
            Self::safety,
            Self::dynamics,
            Self::types,
            Self::unsafe_builtins,
            Self::deprecated_builtins,
            Self::comprehension_indices,
        ];
        stages.iter().all(|stage| {
            stage(self, body, context);
            self.faults.is_empty()
        })
    }

    fn check_keyword_overrides(&mut self, body: &mut Body, context: &QueryContext) {
        if context.strict {
            walk::body(body, &mut |item: walk::Item<'_>| checks::root_documents_assigned(&mut self.faults, item));
        }
    }

    fn resolve(&mut self, body: &mut Body, context: &QueryContext) {
        let package: Option<Vec<Term>> = context.package.as_ref().map(|names| path("data", names));
        let exports = package.as_ref().map(|package| self.exports(package)).unwrap_or_default();
        let imports: Vec<Import> = context
            .imports
            .iter()
            .filter_map(|(names, alias)| {
                let (root, rest) = names.split_first()?;
                let alias = alias.as_deref().map(Name::from);
                let name = alias.clone().or_else(|| names.last().map(|name| Name::from(name.as_str())));
                Some(Import { path: path(root, rest), alias, name, at: Place::default() })
            })
            .collect();
        let globals = resolve::globals(package.as_deref().unwrap_or_default(), &exports, &imports);
        Resolver::new(&globals).query(body);
    }

    fn exports(&self, package: &[Term]) -> Vec<Name> {
        let is_in = |module: u32| {
            self.compiled.packages.get(module as usize).is_some_and(|path| super::order::all_same(path, package))
        };
        let rules = self.compiled.rules.iter().filter(|rule| is_in(rule.module));
        rules.filter_map(|rule| rule.head.reference.first()?.as_var().cloned()).collect()
    }

    fn locals(&mut self, body: &mut Body, context: &QueryContext) {
        let mut locals = Locals::new(&mut self.names, Scopes::new(), context.strict);
        locals.body(body, &VarSet::default());
        self.faults.append(&mut locals.faults);
        self.original = locals.scopes.original;
    }

    fn templates(&mut self, body: &mut Body, _: &QueryContext) {
        let functions = self.functions();
        let mut templates = Templates {
            names: &mut self.names,
            functions,
            defined: &self.compiled.surely_defined,
            original: &self.original,
            is_supported: self.compiled.has_templates,
            faults: &mut self.faults,
        };
        templates.body(body, &VarSet::reserved());
    }

    fn void_calls(&mut self, body: &mut Body, _: &QueryContext) {
        let builtins = &self.compiled.builtins;
        walk::body(body, &mut |item: walk::Item<'_>| checks::void_call(builtins, &mut self.faults, item));
    }

    fn prints(&mut self, body: &mut Body, context: &QueryContext) {
        if !context.print {
            walk::body_mut(body, &mut prints::erase);
            return;
        }
        let functions = self.functions();
        let mut prints =
            Prints { names: &mut self.names, functions, original: &self.original, faults: &mut self.faults };
        prints.body(body, &VarSet::reserved());
    }

    fn expand(&mut self, body: &mut Body, _: &QueryContext) {
        expand::body(&mut self.names, body);
    }

    fn comprehension_terms(&mut self, body: &mut Body, _: &QueryContext) {
        let names = &mut self.names;
        walk::body_mut(body, &mut |item| expand::comprehension_terms(names, item));
    }

    fn withs(&mut self, body: &mut Body, _: &QueryContext) {
        let functions = self.functions();
        let unsafe_builtins = &self.compiled.unsafe_builtins;
        let mut withs = Withs { names: &mut self.names, functions, unsafe_builtins, faults: &mut self.faults };
        withs.body(body);
    }

    fn undefined_functions(&mut self, body: &mut Body, _: &QueryContext) {
        let functions = self.functions();
        walk::body(body, &mut |item: walk::Item<'_>| {
            checks::undefined_function(&functions, &self.original, &mut self.faults, item)
        });
    }

    fn safety(&mut self, body: &mut Body, _: &QueryContext) {
        let mut unbound = Vec::new();
        *body = Safety::new(self.functions()).order(&VarSet::reserved(), std::mem::take(body), &mut unbound);
        if !unbound.is_empty() {
            self.faults = unsafe_vars::errors(&unbound, &self.original, "");
        }
    }

    fn dynamics(&mut self, body: &mut Body, _: &QueryContext) {
        dynamics::body(&mut self.names, body);
    }

    fn types(&mut self, body: &mut Body, _: &QueryContext) {
        let policy = types::Policy {
            functions: self.functions(),
            rules: &self.compiled.rules,
            packages: &self.compiled.packages,
            dependencies: &self.compiled.dependencies,
            original: &self.original,
            annotations: &self.compiled.annotations,
            schemas: None,
        };
        self.faults = types::check_query(&policy, &self.compiled.types, body);
    }

    fn unsafe_builtins(&mut self, body: &mut Body, _: &QueryContext) {
        let forbidden = &self.compiled.unsafe_builtins;
        if !forbidden.is_empty() {
            walk::body(body, &mut |item: walk::Item<'_>| checks::unsafe_builtin(forbidden, &mut self.faults, item));
        }
    }

    fn deprecated_builtins(&mut self, body: &mut Body, context: &QueryContext) {
        if context.strict {
            let builtins = &self.compiled.builtins;
            walk::body(body, &mut |item: walk::Item<'_>| checks::deprecated_builtin(builtins, &mut self.faults, item));
        }
    }

    fn comprehension_indices(&mut self, body: &mut Body, _: &QueryContext) {
        comprehension_index::body(&self.functions(), &mut VarSet::reserved(), body);
    }
}

/// A reference of a root and names below it.
fn path(root: &str, names: &[String]) -> Vec<Term> {
    let at = Place::default();
    let rest = names.iter().map(|name| Term::string(name, at));
    std::iter::once(Term::var(Name::from(root), at)).chain(rest).collect()
}
