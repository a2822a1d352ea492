//! The stages, in OPA's order: every module passes one before any enters the next, and errors of a stage end it all.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::annotations::{AnnotationSet, Source};
use super::conflicts::Conflicts;
use super::core::{Name, Place, Rule, RuleId, Term};
use super::fault::Fault;
use super::functions::{self, Builtins, Functions};
use super::lower::Lowering;
use super::names::Names;
use super::options::Options;
use super::prints::{self, Prints};
use super::resolve::{self, Import, Resolver};
use super::rule_locals::Renaming;
use super::safety::Safety;
use super::templates::{self, Templates};
use super::tree::{self, Node};
use super::unsafe_vars::{self, SharedRows};
use super::vars::{self, Skip, VarSet};
use super::withs::Withs;
use super::{Compiled, comprehension_index};
use super::{checks, dynamics, expand, graph, metadata, types, walk};
use crate::rego::errors::{COMPILE, Error};
use crate::rego::syntax::annotations::Annotations;
use crate::rego::syntax::ast;

/// What is kept of a module beside its rules.
#[derive(Debug)]
pub(super) struct ModuleInfo {
    pub imports: Vec<Import>,
    pub is_v1: bool,
    pub rules: std::ops::Range<usize>,
}

pub(super) struct Compiler<'o> {
    pub options: &'o Options,
    pub files: Vec<Arc<str>>,
    pub packages: Vec<Vec<Term>>,
    pub package_places: Vec<Place>,
    pub modules: Vec<ModuleInfo>,
    pub rules: Vec<Rule>,
    pub arities: Vec<u32>,
    pub tree: Node,
    pub names: Names,
    pub original: HashMap<Name, Name>,
    pub builtins: Builtins,
    pub dependencies: Vec<Vec<RuleId>>,
    /// By module, its METADATA blocks.
    pub blocks: Vec<Vec<Arc<Annotations>>>,
    pub annotations: AnnotationSet,
    pub types: types::Node,
    pub faults: Vec<Fault>,
}

type Stage<'o> = fn(&mut Compiler<'o>);

impl<'o> Compiler<'o> {
    pub fn new(mut sources: Vec<ast::Module>, options: &'o Options) -> Self {
        sources.sort_by(|a, b| a.file.cmp(&b.file));
        let mut compiler = Compiler {
            options,
            files: Vec::with_capacity(sources.len()),
            packages: Vec::with_capacity(sources.len()),
            package_places: Vec::with_capacity(sources.len()),
            modules: Vec::with_capacity(sources.len()),
            rules: Vec::new(),
            arities: Vec::new(),
            tree: Node::default(),
            names: Names::for_modules(HashSet::new()),
            original: HashMap::new(),
            builtins: Builtins::new(options.capabilities.builtins.as_ref()),
            dependencies: Vec::new(),
            blocks: Vec::with_capacity(sources.len()),
            annotations: AnnotationSet::default(),
            types: types::Node::default(),
            faults: Vec::new(),
        };
        let mut taken = HashSet::new();
        for source in sources {
            compiler.add_module(source, &mut taken);
        }
        compiler.names = Names::for_modules(taken);
        compiler.arities = functions::arities(&compiler.rules);
        compiler
    }

    fn add_module(&mut self, source: ast::Module, taken: &mut HashSet<Name>) {
        let index = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
        let mut lowering = Lowering::new(index);
        self.files.push(source.file);
        self.package_places.push(lowering.place(source.package.span));
        self.packages.push(lowering.terms(source.package.path.0));
        let imports = source.imports.into_iter().map(|import| Import {
            name: import.name().cloned(),
            at: lowering.place(import.span),
            path: lowering.terms(import.reference().to_vec()),
            alias: import.alias,
        });
        let imports = imports.collect();
        let start = self.rules.len();
        for rule in source.rules {
            lowering.rule(index, rule, &mut self.rules);
        }
        let is_v1 = source.version.is_v1_compatible();
        self.modules.push(ModuleInfo { imports, is_v1, rules: start..self.rules.len() });
        self.blocks.push(source.annotations);
        taken.extend(lowering.taken);
    }

    /// Runs all stages.
    pub fn run(mut self) -> Result<Compiled, Vec<Error>> {
        let stages: &[Stage<'o>] = &[
            Self::resolve_refs,
            Self::rewrite_head_references,
            Self::check_keyword_overrides,
            Self::check_duplicate_imports,
            Self::set_rule_tree,
            Self::rewrite_local_vars,
            Self::rewrite_template_strings,
            Self::check_void_calls,
            Self::rewrite_print_calls,
            Self::rewrite_expr_terms,
            Self::set_annotation_set,
            Self::rewrite_metadata_calls,
            Self::set_graph,
            Self::rewrite_comprehension_terms,
            Self::rewrite_refs_in_head,
            Self::rewrite_with_values,
            Self::check_rule_conflicts,
            Self::check_undefined_functions,
            Self::check_safety_of_heads,
            Self::check_safety_of_bodies,
            Self::rewrite_equals,
            Self::rewrite_dynamic_terms,
            Self::check_recursion,
            Self::check_types,
            Self::check_unsafe_builtins,
            Self::check_deprecated_builtins,
            Self::build_comprehension_indices,
        ];
        for stage in stages {
            stage(&mut self);
            if !self.faults.is_empty() {
                let faults = std::mem::take(&mut self.faults);
                return Err(finish(faults, &self.files, self.options.max_errors));
            }
        }
        Ok(Compiled::from_compiler(self))
    }

    fn functions(&self) -> Functions<'_> {
        Functions { builtins: &self.builtins, tree: &self.tree, arities: &self.arities }
    }

    fn resolve_refs(&mut self) {
        let mut exports: HashMap<Vec<tree::Step>, Vec<Name>> = HashMap::new();
        let steps = |path: &[Term]| path.iter().filter_map(tree::Step::of).collect::<Vec<_>>();
        for rule in &self.rules {
            let package = self.packages.get(rule.module as usize).map(Vec::as_slice).unwrap_or_default();
            if let Some(name) = rule.head.reference.first().and_then(Term::as_var) {
                exports.entry(steps(package)).or_default().push(name.clone());
            }
        }
        for (module, package) in self.modules.iter().zip(&self.packages) {
            let names = exports.get(&steps(package)).map(Vec::as_slice).unwrap_or_default();
            let globals = resolve::globals(package, names, &module.imports);
            let mut is_named = false;
            for rule in self.rules.get_mut(module.rules.clone()).unwrap_or_default() {
                // A fault in a head is named once, not for each `else` that shares the head.
                if rule.is_else && is_named {
                    continue;
                }
                let resolved = Resolver::new(&globals).rule(rule);
                is_named = resolved.is_err();
                self.faults.extend(resolved.err());
            }
            if !self.options.strict {
                continue;
            }
            for import in module.imports.iter().filter(|import| !import.is_language()) {
                let global = import.name.as_ref().and_then(|name| globals.get(name));
                if global.is_some_and(|global| !global.used.get()) {
                    self.faults.push(Fault::new(COMPILE, format!("{} unused", import.text()), import.at));
                }
            }
        }
    }

    fn rewrite_head_references(&mut self) {
        for rule in self.rules.iter_mut().filter(|rule| !rule.is_else) {
            expand::head_reference(&mut self.names, rule);
        }
    }

    /// Whether the stricter checks of v1 apply to a module.
    fn is_checked_as_v1(&self, module: u32) -> bool {
        self.options.strict || self.modules.get(module as usize).is_some_and(|module| module.is_v1)
    }

    fn check_keyword_overrides(&mut self) {
        let mut faults = Vec::new();
        for module in 0..self.modules.len() {
            let Ok(index) = u32::try_from(module) else { continue };
            let rules = self.modules.get(module).and_then(|module| self.rules.get(module.rules.clone()));
            let rules = rules.filter(|_| self.is_checked_as_v1(index)).unwrap_or_default();
            rules.iter().filter(|rule| !rule.is_else).for_each(|rule| {
                checks::root_documents_in_head(rule, &mut faults);
            });
            for rule in rules {
                checks::in_rule(rule, &mut |item: walk::Item<'_>| checks::root_documents_assigned(&mut faults, item));
            }
        }
        self.faults = faults;
    }

    fn check_duplicate_imports(&mut self) {
        for module in self.modules.iter().filter(|module| self.options.strict || module.is_v1) {
            checks::duplicate_imports(&module.imports, &mut self.faults);
        }
    }

    fn set_rule_tree(&mut self) {
        self.tree = tree::build(&self.packages, &self.rules);
    }

    fn rewrite_local_vars(&mut self) {
        let Compiler { names, builtins, original, faults, options, rules, .. } = self;
        let mut renaming = Renaming { names, builtins, original, faults, strict: options.strict };
        for chain in rules.chunk_by_mut(|_, next| next.is_else) {
            renaming.chain(chain);
        }
    }

    fn rewrite_template_strings(&mut self) {
        let defined = templates::surely_defined(&self.rules, &self.tree);
        let capabilities = &self.options.capabilities;
        let is_supported =
            capabilities.has_feature("template_strings") && self.builtins.get("internal.template_string").is_some();
        let functions = Functions { builtins: &self.builtins, tree: &self.tree, arities: &self.arities };
        let mut templates = Templates {
            names: &mut self.names,
            functions,
            defined: &defined,
            original: &self.original,
            is_supported,
            faults: &mut self.faults,
        };
        for rule in &mut self.rules {
            templates.rule(rule);
        }
    }

    fn check_void_calls(&mut self) {
        for rule in &self.rules {
            let visit = &mut |item: walk::Item<'_>| checks::void_call(&self.builtins, &mut self.faults, item);
            checks::in_rule(rule, visit);
        }
    }

    fn rewrite_print_calls(&mut self) {
        if !self.options.print {
            for rule in &mut self.rules {
                walk::head_mut(&mut rule.head, &mut prints::erase);
                walk::body_mut(&mut rule.body, &mut prints::erase);
            }
            return;
        }
        let functions = Functions { builtins: &self.builtins, tree: &self.tree, arities: &self.arities };
        let mut prints =
            Prints { names: &mut self.names, functions, original: &self.original, faults: &mut self.faults };
        for rule in &mut self.rules {
            prints.rule(rule);
        }
    }

    fn rewrite_expr_terms(&mut self) {
        for rule in &mut self.rules {
            expand::rule(&mut self.names, rule);
        }
    }

    fn set_annotation_set(&mut self) {
        let mut sources = Vec::with_capacity(self.modules.len());
        for (index, (module, blocks)) in self.modules.iter().zip(&self.blocks).enumerate() {
            sources.push(Source {
                blocks,
                package: self.packages.get(index).map(Vec::as_slice).unwrap_or_default(),
                rules: self.rules.get(module.rules.clone()).unwrap_or_default(),
                file: u32::try_from(index).unwrap_or(u32::MAX),
            });
        }
        self.annotations = AnnotationSet::build(&sources, &self.files, &mut self.faults);
    }

    fn rewrite_metadata_calls(&mut self) {
        let Compiler { names, annotations, packages, rules, .. } = self;
        for rule in rules {
            let package = packages.get(rule.module as usize).map(Vec::as_slice).unwrap_or_default();
            metadata::rewrite(names, annotations, package, rule);
        }
    }

    fn set_graph(&mut self) {
        self.dependencies = graph::build(&self.rules, &self.tree);
    }

    fn rewrite_comprehension_terms(&mut self) {
        let names = &mut self.names;
        for rule in &mut self.rules {
            walk::head_mut(&mut rule.head, &mut |item| expand::comprehension_terms(names, item));
            walk::body_mut(&mut rule.body, &mut |item| expand::comprehension_terms(names, item));
        }
    }

    fn rewrite_refs_in_head(&mut self) {
        for rule in &mut self.rules {
            expand::head_terms(&mut self.names, rule);
        }
    }

    fn rewrite_with_values(&mut self) {
        let functions = Functions { builtins: &self.builtins, tree: &self.tree, arities: &self.arities };
        let mut withs = Withs {
            names: &mut self.names,
            functions,
            unsafe_builtins: &self.options.unsafe_builtins,
            faults: &mut self.faults,
        };
        for rule in &mut self.rules {
            withs.rule(rule);
        }
    }

    fn check_rule_conflicts(&mut self) {
        let mut conflicts = Conflicts {
            rules: &self.rules,
            packages: &self.packages,
            package_places: &self.package_places,
            files: &self.files,
            original: &self.original,
            faults: Vec::new(),
        };
        conflicts.check(&self.tree, self.options.base_paths.as_deref());
        self.faults = conflicts.faults;
    }

    fn check_undefined_functions(&mut self) {
        let mut faults = Vec::new();
        let functions = self.functions();
        for rule in &self.rules {
            checks::in_rule(rule, &mut |item: walk::Item<'_>| {
                checks::undefined_function(&functions, &self.original, &mut faults, item)
            });
        }
        self.faults = faults;
    }

    fn check_safety_of_heads(&mut self) {
        let rows = SharedRows::of(&self.rules);
        for rule in &self.rules {
            unsafe_vars::check_head(rule, &rows, &self.original, &mut self.faults);
        }
    }

    fn check_safety_of_bodies(&mut self) {
        let rows = SharedRows::of(&self.rules);
        let functions = Functions { builtins: &self.builtins, tree: &self.tree, arities: &self.arities };
        let safety = Safety::new(functions);
        for rule in &mut self.rules {
            let mut globals = VarSet::reserved();
            for argument in &rule.head.arguments {
                globals.extend(&vars::of_term(argument, Skip::NOTHING));
            }
            let mut unbound = Vec::new();
            rule.body = safety.order(&globals, std::mem::take(&mut rule.body), &mut unbound);
            if !unbound.is_empty() {
                self.faults.extend(unsafe_vars::errors(&unbound, &self.original, &rows.label(rule)));
            }
        }
    }

    fn rewrite_equals(&mut self) {
        for rule in &mut self.rules {
            walk::head_mut(&mut rule.head, &mut dynamics::equals);
            walk::body_mut(&mut rule.body, &mut dynamics::equals);
        }
    }

    fn rewrite_dynamic_terms(&mut self) {
        for rule in &mut self.rules {
            dynamics::body(&mut self.names, &mut rule.body);
        }
    }

    fn check_recursion(&mut self) {
        let limit = if self.options.max_errors == 0 { usize::MAX } else { self.options.max_errors };
        graph::recursion(&self.dependencies, &self.rules, &self.packages, limit, &mut self.faults);
    }

    fn check_types(&mut self) {
        let policy = types::Policy {
            functions: self.functions(),
            rules: &self.rules,
            packages: &self.packages,
            dependencies: &self.dependencies,
            original: &self.original,
            annotations: &self.annotations,
            schemas: self.options.schemas.as_deref(),
        };
        let (types, faults) = types::check_rules(&policy);
        self.types = types;
        self.faults = faults;
    }

    fn check_unsafe_builtins(&mut self) {
        let forbidden = &self.options.unsafe_builtins;
        if forbidden.is_empty() {
            return;
        }
        for rule in &self.rules {
            let visit = &mut |item: walk::Item<'_>| checks::unsafe_builtin(forbidden, &mut self.faults, item);
            checks::in_rule(rule, visit);
        }
    }

    fn check_deprecated_builtins(&mut self) {
        let mut faults = Vec::new();
        for rule in self.rules.iter().filter(|rule| self.is_checked_as_v1(rule.module)) {
            let visit = &mut |item: walk::Item<'_>| checks::deprecated_builtin(&self.builtins, &mut faults, item);
            checks::in_rule(rule, visit);
        }
        self.faults = faults;
    }

    fn build_comprehension_indices(&mut self) {
        let functions = Functions { builtins: &self.builtins, tree: &self.tree, arities: &self.arities };
        for rule in &mut self.rules {
            let mut candidates = VarSet::reserved();
            for argument in &rule.head.arguments {
                candidates.extend(&vars::of_term(argument, Skip::NOTHING));
            }
            comprehension_index::body(&functions, &mut candidates, &mut rule.body);
        }
    }
}

/// The first errors, with the names of files.
pub(super) fn finish(faults: Vec<Fault>, files: &[Arc<str>], max: usize) -> Vec<Error> {
    let is_limited = max > 0 && faults.len() >= max;
    let take = if max == 0 { usize::MAX } else { max };
    let mut errors: Vec<Error> = faults.into_iter().take(take).map(|fault| fault.into_error(files)).collect();
    if is_limited {
        errors.push(Error::new(COMPILE, "error limit reached", None));
    }
    errors
}
