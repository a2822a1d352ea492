//! A default is a constant: it has to hold when nothing else can be evaluated.

use super::place;
use crate::errors::{Error, PARSE_ERROR, Result};
use crate::interpreter::source::ModuleFacts;

pub fn check(modules: &[ModuleFacts]) -> Result<()> {
    for module in modules {
        if let Some(rule) = module.rules.iter().find(|rule| rule.is_computed_default) {
            let message = format!("the default of {} is not a constant", rule.path.join("."));
            return Err(Error::policy(PARSE_ERROR, message, place(&module.file, rule.row, rule.column)));
        }
    }
    Ok(())
}
