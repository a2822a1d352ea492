//! Every function that is called exists, and takes as many arguments as it is given.

use std::collections::HashMap;

use regorus::unstable::BUILTINS;

use super::place;
use crate::errors::{COMPILE_ERROR, Error, Result, TYPE_ERROR};
use crate::interpreter::extensions;
use crate::interpreter::source::{Call, ModuleFacts, Replacement, RuleFacts, data_path};

/// Takes any number of arguments.
const PRINT: &str = "print";

/// The functions that the policy itself defines, with their number of parameters.
pub struct Functions<'m>(HashMap<Vec<&'m str>, usize>);

impl<'m> Functions<'m> {
    pub fn of(modules: &'m [ModuleFacts]) -> Result<Self> {
        let mut heads: HashMap<Vec<&str>, Option<usize>> = HashMap::new();
        for module in modules {
            for rule in &module.rules {
                let path: Vec<&str> = module.package.iter().chain(&rule.path).map(String::as_str).collect();
                if *heads.entry(path.clone()).or_insert(rule.parameters) != rule.parameters {
                    let message = format!("conflicting rules {} found", data_path(path));
                    return Err(Error::policy(TYPE_ERROR, message, place(&module.file, rule.row, rule.column)));
                }
            }
        }
        let functions = heads.into_iter().filter_map(|(path, parameters)| Some((path, parameters?)));
        Ok(Functions(functions.collect()))
    }

    pub fn check(&self, file: &str, rule: &RuleFacts) -> Result<()> {
        if let Some(refusal) = rule.refusals.first() {
            let at = place(file, refusal.row, refusal.column);
            return Err(Error::policy(COMPILE_ERROR, refusal.message, at));
        }
        rule.calls.iter().try_for_each(|call| self.check_call(file, call))?;
        rule.replacements.iter().try_for_each(|replacement| check_replacement(file, replacement))
    }

    fn check_call(&self, file: &str, call: &Call) -> Result<()> {
        let at = place(file, call.row, call.column);
        if call.path.is_none() && call.name == PRINT {
            return Ok(());
        }
        let known = match &call.path {
            Some(path) => self.0.get(&path.iter().map(String::as_str).collect::<Vec<_>>()).copied(),
            None => builtin_parameters(&call.name),
        };
        let Some(parameters) = known else {
            return Err(Error::policy(TYPE_ERROR, format!("undefined function {}", call.name), at));
        };
        // One argument more than there are parameters takes the result, as in `walk(x, [path, value])`.
        let takes_result = call.path.is_some() || BUILTINS.contains_key(call.name.as_str());
        if call.arguments == parameters || (takes_result && call.arguments == parameters + 1) {
            return Ok(());
        }
        let message = format!("{}: arity mismatch: {} given, {parameters} wanted", call.name, call.arguments);
        Err(Error::policy(TYPE_ERROR, message, at))
    }
}

fn builtin_parameters(name: &str) -> Option<usize> {
    extensions::parameters(name).or_else(|| BUILTINS.get(name).map(|(_, parameters)| usize::from(*parameters)))
}

/// regorus replaces its own built-ins by `with`, not the ones that we add.
fn check_replacement(file: &str, replacement: &Replacement) -> Result<()> {
    let name = replacement.name.as_str();
    if BUILTINS.contains_key(name) || name == PRINT {
        return Ok(());
    }
    let message = if extensions::parameters(name).is_some() {
        format!("{name} cannot be replaced by `with` in this evaluator")
    } else {
        format!("undefined function {name}")
    };
    Err(Error::policy(TYPE_ERROR, message, place(file, replacement.row, replacement.column)))
}
