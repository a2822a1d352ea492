//! Which statement a METADATA block belongs to, and which rules carry it.

use std::sync::Arc;

use super::super::annotations::{Annotations, Scope, Target};
use super::super::ast::{Module, Term};
use super::Parser;
use super::metadata::Block;
use super::module::{Placed, PlacedKind, ground_prefix};
use crate::rego::errors::Error;

impl Parser<'_> {
    /// A block belongs to the first statement below it; its scope must fit.
    pub(super) fn attach_annotations(
        &self,
        module: &mut Module,
        blocks: Vec<Block>,
        placed: &[Placed],
        errors: &mut Vec<Error>,
    ) {
        for block in blocks {
            let span = block.annotations.span;
            let below = placed.iter().find(|statement| statement.row > span.row).map(|statement| statement.kind);
            match self.settle(block, below) {
                Ok(annotations) => module.annotations.push(Arc::new(annotations)),
                Err(messages) => {
                    errors.extend(messages.into_iter().map(|message| self.error_at(span, message)));
                }
            }
        }
        give_to_rules(module);
    }

    fn settle(&self, block: Block, below: Option<PlacedKind>) -> Result<Annotations, Vec<String>> {
        let mut annotations = block.annotations;
        let written = match (block.scope.as_str(), below) {
            ("", Some(PlacedKind::Rule(_))) if annotations.entrypoint => "document",
            ("", Some(PlacedKind::Rule(_))) => "rule",
            ("", Some(PlacedKind::Package)) => "package",
            ("", Some(PlacedKind::Import)) => "import",
            (written, _) => written,
        };
        let scope = [Scope::Rule, Scope::Document, Scope::Package, Scope::Subpackages]
            .into_iter()
            .find(|scope| scope.name() == written);
        let mut messages = Vec::new();
        let target = match (scope, below) {
            (Some(Scope::Rule | Scope::Document), Some(PlacedKind::Rule(at))) => Some(Target::Rule(at)),
            (Some(Scope::Package | Scope::Subpackages), Some(PlacedKind::Package)) => Some(Target::Package),
            (Some(scope), _) => {
                let want = if matches!(scope, Scope::Rule | Scope::Document) { "rule" } else { "package" };
                let have = match below {
                    None => "",
                    Some(PlacedKind::Package) => " (have package)",
                    Some(PlacedKind::Import) => " (have import)",
                    Some(PlacedKind::Rule(_)) => " (have rule)",
                };
                messages.push(format!("annotation scope '{written}' must be applied to {want}{have}"));
                None
            }
            (None, _) => {
                messages.push(format!(
                    "invalid annotation scope '{written}'. Use one of 'rule', 'document', 'package', or 'subpackages'"
                ));
                None
            }
        };
        if annotations.entrypoint && !matches!(scope, Some(Scope::Document | Scope::Package)) {
            messages.push(format!("annotation entrypoint applied to non-document or package scope '{written}'"));
        }
        match (scope, target) {
            (Some(scope), Some(target)) if messages.is_empty() => {
                annotations.scope = scope;
                annotations.target = target;
                Ok(annotations)
            }
            _ => Err(messages),
        }
    }
}

/// Rules carry the document annotations of their path, and their own.
fn give_to_rules(module: &mut Module) {
    let path_of = |target: Target| -> Vec<Term> {
        match target {
            Target::Package => module.package.path.0.clone(),
            Target::Rule(at) => match module.rules.get(at) {
                Some(rule) => ground_prefix(&rule.head.reference).to_vec(),
                None => Vec::new(),
            },
        }
    };
    let mut open: Vec<(Vec<Term>, Arc<Annotations>)> = module
        .annotations
        .iter()
        .filter(|annotations| matches!(annotations.scope, Scope::Rule | Scope::Document))
        .map(|annotations| (path_of(annotations.target), Arc::clone(annotations)))
        .collect();
    for rule in &mut module.rules {
        let path = ground_prefix(&rule.head.reference);
        let mut used = None;
        for (at, (target, annotations)) in open.iter().enumerate() {
            if target.as_slice() != path {
                continue;
            }
            if annotations.scope == Scope::Document {
                rule.annotations.push(Arc::clone(annotations));
            } else if rule.span.row > annotations.span.row {
                used = Some(at);
                rule.annotations.push(Arc::clone(annotations));
            }
        }
        if let Some(at) = used {
            open.remove(at);
        }
    }
}
