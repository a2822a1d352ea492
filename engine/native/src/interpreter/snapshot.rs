//! Modules and data, checked and ready to be asked, and never changed again.

use std::sync::Arc;
use std::time::Instant;

use regorus::Value;

use crate::errors::{Error, Result};
use crate::evaluator::{Evaluator, FileCoverage, Manner, Observed, within_size};
use crate::interpreter::checks;
use crate::interpreter::circumstances::{Circumstances, now_ns};
use crate::interpreter::json_value;
use crate::interpreter::path::Path;
use crate::interpreter::queries;
use crate::interpreter::rule_tree::{RuleTree, Target};
use crate::interpreter::source::{self, ModuleFacts};
use crate::interpreter::views::{View, Views};

/// The rule that names the domains an input concerns; see `views`.
const CONCERNED: [&str; 4] = ["bylaw", "lib", "domains", "concerned"];

/// Entrypoints below this package are evaluated in a view of the concerned domains only.
const LIBRARY: &str = "bylaw";

pub struct Snapshot {
    rules: RuleTree,
    facts: Vec<ModuleFacts>,
    data: Value,
    views: Views,
    narrows: bool,
}

impl Snapshot {
    /// Parses, checks and prepares. Needs a large stack: call it on a worker.
    pub fn load(modules: Vec<(String, String)>, data_json: &[u8]) -> Result<Arc<Snapshot>> {
        let data = json_value::read_object(data_json)?;
        let read = source::read_modules(&modules)?;
        let files = modules.into_iter().map(|(file, _)| file);
        let (facts, texts): (Vec<ModuleFacts>, Vec<String>) = read.into_iter().map(|m| (m.facts, m.text)).unzip();
        let rules = RuleTree::of(&facts);
        checks::check(&facts, &rules)?;
        let views = Views::new(files.zip(texts).collect(), &facts, data.clone())?;
        views.everything()?;
        let narrows = rules.is_rule(&CONCERNED) && views.has_domains();
        Ok(Arc::new(Snapshot { rules, facts, data, views, narrows }))
    }

    fn view(&self, path: &Path, input: Option<&Value>, manner: &Manner) -> Result<Arc<View>> {
        if !self.narrows || path.first() != Some(LIBRARY) {
            return self.views.everything();
        }
        let library = self.views.of(&[])?;
        let target = self.rules.target(&Path::of(&CONCERNED));
        let concerned = Evaluation::begin(&library, input.cloned(), manner)?.document(&target)?;
        match concerned {
            Some(Value::Set(names)) => {
                let names: Vec<String> = names.iter_sorted().filter_map(text).collect();
                self.views.of(&names)
            }
            _ => self.views.everything(),
        }
    }
}

impl Evaluator for Snapshot {
    fn evaluate(&self, entrypoint: &str, input: Option<&[u8]>, manner: &Manner) -> Result<Option<Vec<u8>>> {
        let path = Path::read(entrypoint);
        let input = read_input(input)?;
        let target = self.rules.target(&path);
        if let Target::Data = target {
            return path.walk(&self.data).map(json_value::write).transpose();
        }
        let view = self.view(&path, input.as_ref(), manner)?;
        let value = Evaluation::begin(&view, input, manner)?.document(&target)?;
        value.as_ref().and_then(|value| target.rest().walk(value)).map(json_value::write).transpose()
    }

    fn observe(&self, entrypoint: &str, input: Option<&[u8]>, manner: &Manner) -> Result<Observed> {
        let path = Path::read(entrypoint);
        let input = read_input(input)?;
        let target = self.rules.target(&path);
        let view = self.views.everything()?;
        let mut evaluation = Evaluation::begin(&view, input, manner)?;
        evaluation.engine.set_enable_coverage(true);
        let value = evaluation.document(&target)?;
        let report = evaluation.engine.get_coverage_report().map_err(|error| Error::from_evaluation(&error))?;
        Ok(Observed {
            value: value.as_ref().and_then(|value| target.rest().walk(value)).map(json_value::write).transpose()?,
            coverage: report
                .files
                .into_iter()
                .map(|file| FileCoverage {
                    file: file.path,
                    not_covered: file.not_covered.difference(&file.covered).copied().collect(),
                    covered: file.covered.into_iter().collect(),
                })
                .collect(),
            prints: evaluation.engine.take_prints().unwrap_or_default(),
        })
    }

    fn query(&self, query: &str, input: Option<&[u8]>, manner: &Manner) -> Result<Vec<u8>> {
        let read = source::read_query(query)?;
        checks::check_query(&read.facts, &self.facts, &self.rules)?;
        let view = self.views.everything()?;
        let results = Evaluation::begin(&view, read_input(input)?, manner)?.query(read.text)?;
        Ok(queries::write(&results))
    }

    fn defines(&self, entrypoint: &str) -> bool {
        self.rules.defines(&Path::read(entrypoint))
    }

    fn packages(&self) -> Vec<String> {
        let mut packages: Vec<String> = self.facts.iter().map(|module| module.package.join("/")).collect();
        packages.sort();
        packages.dedup();
        packages
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.to_string()),
        _ => None,
    }
}

fn read_input(input: Option<&[u8]>) -> Result<Option<Value>> {
    input.map_or(Ok(()), within_size)?;
    input.map(json_value::read).transpose()
}

/// One engine, cloned from a view's prototype for one evaluation.
struct Evaluation {
    engine: regorus::Engine,
    manner: Manner,
}

impl Evaluation {
    fn begin(view: &View, input: Option<Value>, manner: &Manner) -> Result<Evaluation> {
        let left = manner.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Error::TimedOut("the deadline passed before the evaluation began".into()));
        }
        Circumstances {
            at_ns: manner.at_ns.unwrap_or_else(now_ns),
            strict_builtin_errors: manner.strict_builtin_errors,
        }
        .begin();
        let mut engine = view.engine(manner.strict_builtin_errors);
        engine.set_execution_timer_config(crate::interpreter::views::timer(left));
        if let Some(input) = input {
            engine.set_input(input);
        }
        Ok(Evaluation { engine, manner: manner.clone() })
    }

    fn document(&mut self, target: &Target) -> Result<Option<Value>> {
        let value = match target {
            Target::Rule { path, .. } => self.engine.eval_rule(path.clone()),
            Target::Document { path, .. } => self.engine.eval_query(path.clone(), false).map(first_value),
            Target::Data => return Ok(None),
        };
        let value = value.map_err(|error| self.failure(&error))?;
        Ok((value != Value::Undefined).then_some(value))
    }

    fn query(&mut self, query: String) -> Result<regorus::QueryResults> {
        self.engine.eval_query(query.to_owned(), false).map_err(|error| self.failure(&error))
    }

    /// regorus wraps some of its errors in text, the deadline's among them: the clock decides.
    fn failure(&self, error: &anyhow::Error) -> Error {
        if Instant::now() >= self.manner.deadline {
            return Error::TimedOut("the evaluation was stopped at its deadline".into());
        }
        Error::from_evaluation(error)
    }
}

fn first_value(results: regorus::QueryResults) -> Value {
    let expression = results.result.into_iter().next().and_then(|result| result.expressions.into_iter().next());
    expression.map_or(Value::Undefined, |expression| expression.value)
}
