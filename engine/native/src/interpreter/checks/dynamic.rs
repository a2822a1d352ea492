//! References with a variable step that the interpreter answers wrongly, and silently: refused.
//!
//! It evaluates whole packages below the last constant step, but never when there is no constant step at all, nor those
//! of the module that asks. A rule left out that way would be a violation nobody sees.

use super::place;
use crate::errors::{COMPILE_ERROR, Error, Result};
use crate::interpreter::rule_tree::{RuleId, RuleTree};
use crate::interpreter::source::{ModuleFacts, Reference, Root, RuleFacts, Step};

pub fn check(modules: &[ModuleFacts], tree: &RuleTree) -> Result<()> {
    check_heads(modules, tree)?;
    for (index, module) in modules.iter().enumerate() {
        for reference in module.rules.iter().flat_map(|rule| &rule.references) {
            let Some(constant_steps) = variable_at(reference) else {
                continue;
            };
            let rules = meant(tree, reference);
            let own = constant_steps <= module.package.len() && rules.iter().any(|id| id.module == index);
            let message = if constant_steps == 0 && !rules.is_empty() {
                "a variable directly below data can mean rules; name the package's first step"
            } else if own {
                "a variable here can mean rules of this very module; name the package"
            } else {
                continue;
            };
            let at = place(&module.file, reference.row, reference.column);
            return Err(Error::policy(COMPILE_ERROR, message, at));
        }
    }
    Ok(())
}

pub fn check_query(query: &RuleFacts, tree: &RuleTree) -> Result<()> {
    let refused = |reference: &&Reference| variable_at(reference) == Some(0) && !meant(tree, reference).is_empty();
    query.references.iter().find(refused).map_or(Ok(()), |reference| {
        let message = "a variable directly below data can mean rules; name the package's first step";
        let at = place("<query>", reference.row, reference.column);
        Err(Error::policy(COMPILE_ERROR, message, at))
    })
}

/// The number of constant steps before the first variable one, in a reference to data that has one.
fn variable_at(reference: &Reference) -> Option<usize> {
    if reference.root != Root::Data {
        return None;
    }
    reference.steps.iter().position(|step| *step == Step::Variable)
}

fn meant(tree: &RuleTree, reference: &Reference) -> Vec<RuleId> {
    let meanings = tree.meanings(&reference.steps);
    let below = meanings.subtrees.iter().flat_map(|&node| tree.below(node));
    meanings.rules.iter().copied().chain(below).collect()
}

/// A head that goes on after a variable is not put together with heads that name what the variable stands for.
fn check_heads(modules: &[ModuleFacts], tree: &RuleTree) -> Result<()> {
    for node in tree.nodes.iter().filter(|node| !node.children.is_empty()) {
        for id in &node.rules {
            let module = &modules[id.module];
            let rule = &module.rules[id.rule];
            if rule.variable_steps > 1 {
                let message = "rules below this head name what its variable stands for; write all of them alike";
                return Err(Error::policy(COMPILE_ERROR, message, place(&module.file, rule.row, rule.column)));
            }
        }
    }
    Ok(())
}
