//! What v1 demands of a rule beyond its grammar: `if` before a body, `contains` for sets, a value or a body.

use super::super::ast::{Rule, RuleKind};
use super::super::token::is_reserved;
use super::Parser;
use crate::rego::errors::Error;

impl Parser<'_> {
    pub(super) fn check_v1_rule(&self, rule: &Rule, errors: &mut Vec<Error>) {
        for branch in rule.chain() {
            self.check_v1_branch(branch, errors);
        }
    }

    fn check_v1_branch(&self, rule: &Rule, errors: &mut Vec<Error>) {
        let kind = if rule.is_function() { "function" } else { "rule" };
        let mut refuse = |message: String| errors.push(self.error_at(rule.span, message));
        let name = rule.head.name.as_deref().unwrap_or("");
        if rule.head.reference.len() < 2 && is_reserved(name, false) {
            refuse(format!("{name} keyword cannot be used for rule name"));
        }
        if rule.generated_body && rule.head.generated_value {
            refuse(format!("{kind} must have value assignment and/or body declaration"));
        }
        if !rule.generated_body && !rule.head.keyword_if && !rule.default {
            refuse(format!("`if` keyword is required before {kind} body"));
        }
        if rule.head.kind() == RuleKind::MultiValue && !rule.head.keyword_contains {
            refuse("`contains` keyword is required for partial set rules".into());
        }
    }
}
