//! A policy compiled, a snapshot evaluated: what everything outside uses.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use super::held::Held;
use super::kept::Kept;
use super::machine::{Halt, Machine, Run};
use super::options::Options;
use crate::rego::analysis::{self, tree};
use crate::rego::builtins::context::Hosts;
use crate::rego::errors::{EVAL_INTERNAL, Error};
use crate::rego::plan::program::{Key, RefPlan, Root};
use crate::rego::plan::{self, Program};
use crate::rego::syntax;
use crate::rego::values::Value;

/// How modules are read and compiled.
#[derive(Clone, Default)]
pub struct CompileOptions {
    /// Modules are Rego v0 unless they say otherwise.
    pub v0: bool,
    /// If not all are: the files that are.
    pub v0_files: Arc<HashSet<String>>,
    /// OPA's strict checks.
    pub strict: bool,
    /// Keep `print`; without, it is erased.
    pub print: bool,
    /// What policies may use; without, everything, as with OPA.
    pub capabilities: Option<Arc<analysis::Capabilities>>,
    /// Schemas by name, for `schemas` of METADATA and for the input.
    pub schemas: Option<Arc<analysis::SchemaSet>>,
}

/// The way from text to a snapshot.
pub struct Policy;

/// Rules and data, ready to be asked; shared between threads.
pub struct Snapshot {
    program: Program,
    /// The same with marks, once somebody has watched.
    marked: OnceLock<Program>,
    compiled: analysis::Compiled,
    data: Value,
    /// The values at the program's base paths.
    bases: Vec<Option<Value>>,
    /// What holds for all evaluations.
    kept: Kept,
    options: CompileOptions,
    /// What `http.send` and `net.lookup_ip_addr` may reach, where they are allowed at all.
    hosts: Hosts,
}

/// The variables of a query and their values, in order of name.
pub type Bindings = Vec<(String, Value)>;

impl Policy {
    /// Modules are pairs of a file's name and its text.
    ///
    /// # Errors
    /// All errors of parsing, or those of the first stage of analysis that found any.
    pub fn compile(
        modules: &[(String, String)],
        data: Value,
        options: &CompileOptions,
    ) -> Result<Snapshot, Vec<Error>> {
        let mut parsed = Vec::with_capacity(modules.len());
        let mut errors = Vec::new();
        for (file, text) in modules {
            match syntax::parse_module(file, text, options.version_of(file), &options.parsing()) {
                Ok(module) => parsed.push(module),
                Err(more) => errors.extend(more),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let compiled = analysis::compile(parsed, &options.analysis())?;
        let program = plan::plan(&compiled).map_err(|error| vec![error])?;
        let find = |path: &Vec<Value>| super::stored::find(&data, path).cloned();
        let bases = program.base_paths.iter().map(find).collect();
        Ok(Snapshot {
            kept: Kept::new(program.groups.len()),
            program,
            marked: OnceLock::new(),
            compiled,
            data,
            bases,
            options: options.clone(),
            hosts: options.hosts(),
        })
    }
}

impl CompileOptions {
    fn hosts(&self) -> Hosts {
        match self.capabilities.as_ref().and_then(|capabilities| capabilities.allow_net.clone()) {
            Some(hosts) => Hosts::Only(Arc::new(hosts)),
            None => Hosts::All,
        }
    }

    fn version(&self) -> syntax::RegoVersion {
        if self.v0 { syntax::RegoVersion::V0 } else { syntax::RegoVersion::V1 }
    }

    fn version_of(&self, file: &str) -> syntax::RegoVersion {
        if self.v0_files.contains(file) { syntax::RegoVersion::V0 } else { self.version() }
    }

    fn parsing(&self) -> syntax::ParseOptions {
        let Some(capabilities) = &self.capabilities else { return syntax::ParseOptions::default() };
        let mut options = syntax::ParseOptions {
            keywords_in_refs: capabilities.has_feature("keywords_in_refs"),
            template_strings: capabilities.has_feature("template_strings"),
            ..syntax::ParseOptions::default()
        };
        if let Some(keywords) = &capabilities.future_keywords {
            // Where v1 may be written, v0 may import what v1 has without: capabilities of v1 do not name those.
            let is_of_v1 = |keyword: &String| ["contains", "every", "if", "in"].contains(&keyword.as_str());
            let has_v1 = capabilities.has_feature("rego_v1");
            options
                .allowed_future_keywords
                .retain(|keyword| keywords.contains(keyword) || (has_v1 && is_of_v1(keyword)));
        }
        options
    }

    fn analysis(&self) -> analysis::Options {
        let capabilities = self.capabilities.as_deref().cloned().unwrap_or_default();
        let (strict, print) = (self.strict, self.print);
        analysis::Options { capabilities, schemas: self.schemas.clone(), strict, print, ..analysis::Options::default() }
    }
}

impl Snapshot {
    pub fn data(&self) -> &Value {
        &self.data
    }

    pub fn compiled(&self) -> &analysis::Compiled {
        &self.compiled
    }

    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The program to run with these options.
    fn planned(&self, options: &Options) -> Result<&Program, Error> {
        if options.tracer.is_none() {
            return Ok(&self.program);
        }
        if let Some(program) = self.marked.get() {
            return Ok(program);
        }
        let program = plan::plan_marked(&self.compiled)?;
        Ok(self.marked.get_or_init(|| program))
    }

    fn machine<'m>(&'m self, program: &'m Program, input: Option<&'m Value>, options: &'m Options) -> Machine<'m> {
        let mut machine = Machine::new(program, &self.data, &self.bases, input, options);
        machine.context.hosts = self.hosts.clone();
        // What looks at how a value comes about needs it to come about: each error, each statement.
        let is_plain = !options.strict_builtin_errors && options.early_exit && options.indexing;
        if is_plain && options.tracer.is_none() {
            machine.kept = Some(&self.kept);
        }
        machine
    }

    /// The document at a path below `data`; `None` if undefined. Steps that are integers are numbers, as in the paths of
    /// OPA's data API.
    ///
    /// # Errors
    /// The one error of the evaluation.
    pub fn evaluate(&self, path: &[&str], input: Option<Value>, options: &Options) -> Result<Option<Value>, Error> {
        let step = |name: &&str| name.parse::<i64>().map_or_else(|_| Value::string(name), Value::from);
        let keys: Box<[Key]> = path.iter().map(|name| Key::Constant(step(name))).collect();
        let program = self.planned(options)?;
        let root = Root::Data(plan::entry(program, &keys));
        let reference = RefPlan::new(root, keys, Default::default());
        let mut machine = self.machine(program, input.as_ref(), options);
        let result = machine.lookup(&reference);
        ended(&mut machine, result).map(|value| value.map(Held::into_value))
    }

    /// All solutions of a query.
    ///
    /// # Errors
    /// Those of parsing and compiling the query, or the one error of the evaluation.
    pub fn query(&self, text: &str, input: Option<Value>, options: &Options) -> Result<Vec<Bindings>, Vec<Error>> {
        self.solutions(self.parse_query(text)?, input, options)
    }

    pub(super) fn parse_query(&self, text: &str) -> Result<syntax::Body, Vec<Error>> {
        syntax::parse_query(text, self.options.version(), &self.options.parsing())
    }

    pub(super) fn solutions(
        &self,
        query: syntax::Body,
        input: Option<Value>,
        options: &Options,
    ) -> Result<Vec<Bindings>, Vec<Error>> {
        let context = analysis::QueryContext { print: self.options.print, ..analysis::QueryContext::default() };
        let query = analysis::compile_query(query, &self.compiled, &context)?;
        let program = self.planned(options).map_err(|error| vec![error])?;
        let query = plan::plan_query(&query, program, options.tracer.is_some()).map_err(|error| vec![error])?;
        let mut machine = self.machine(program, input.as_ref(), options);
        machine.query_file = Some(Arc::from(""));
        let mut solutions = Vec::new();
        let result = machine.framed(query.slots, |machine| {
            machine.run(&query.body, &mut |machine| {
                let mut bindings = Bindings::with_capacity(query.variables.len());
                for (name, slot) in &query.variables {
                    bindings.push((name.to_string(), machine.slot(*slot).value().clone()));
                }
                machine.charge(64)?;
                solutions.push(bindings);
                Ok(())
            })
        });
        ended(&mut machine, result).map_err(|error| vec![error])?;
        Ok(solutions)
    }

    /// Whether a rule of this path below `data`, or one above or below it, was loaded. Data does not count.
    pub fn defines(&self, path: &[&str]) -> bool {
        (0..path.len()).any(|length| self.node(path.get(..length)).is_some_and(|node| !node.rules.is_empty()))
            || self.node(Some(path)).is_some_and(tree::Node::has_rules)
    }

    fn node(&self, path: Option<&[&str]>) -> Option<&tree::Node> {
        self.compiled.tree.find_names(path?)
    }

    /// The packages of all modules, each once, sorted.
    pub fn packages(&self) -> Vec<Vec<String>> {
        let steps = |package: &Vec<analysis::core::Term>| {
            package.iter().skip(1).filter_map(|step| step.as_string().map(ToString::to_string)).collect::<Vec<_>>()
        };
        let mut packages: Vec<Vec<String>> = self.compiled.packages.iter().map(steps).collect();
        packages.sort();
        packages.dedup();
        packages
    }

    /// The number of parameters of the function at a path below `data`, if there is one.
    pub fn parameters(&self, path: &[&str]) -> Option<usize> {
        let rule = self.node(Some(path))?.rules.first().and_then(|id| self.compiled.rule(*id))?;
        (!rule.head.arguments.is_empty()).then_some(rule.head.arguments.len())
    }
}

/// The result, unless a built-in failed and that counts.
fn ended<T>(machine: &mut Machine<'_>, result: Run<T>) -> Result<T, Error> {
    let strict = machine.options.strict_builtin_errors;
    if let (true, Some(error)) = (strict, machine.builtin_error.take()) {
        return Err(*error);
    }
    match result {
        Ok(value) => Ok(value),
        Err(Halt::Failed(error)) => Err(*error),
        Err(Halt::Enough) => Err(Error::new(EVAL_INTERNAL, "evaluation ended early", None)),
    }
}
