//! `schemas` of METADATA: what a rule says about documents that nothing else is known of, as JSON Schema.
//!
//! Source: `processAnnotation`, `loadSchema` and `getRuleAnnotation` of OPA's `v1/ast/schema.go` and `check.go`.

use super::environment::Environment;
use super::kinds::{Maybe, Type};
use super::rules::overridden;
use super::tree::Node;
use crate::rego::analysis::annotations::AnnotationSet;
use crate::rego::analysis::core::{Place, Rule, Term};
use crate::rego::syntax::annotations::{Document, Schema};
use crate::rego::syntax::ast;
use crate::rego::values::Value;

/// How deep schemas are followed; deeper ones say nothing.
const MAX_DEPTH: usize = 32;

/// The types that the schemas of a rule, its document, its package and those above give to documents.
pub(super) fn overrides(base: &Environment<'_>, rule: &Rule, reference: &[Term], annotations: &AnnotationSet) -> Node {
    let mut tree = Node::default();
    for schema in applicable(rule, reference, annotations) {
        let kind = match (&schema.definition, &schema.schema) {
            (Some(definition), _) => of_schema(definition, definition, 0),
            // Without a set of schemas nothing is known by name, as in OPA.
            (None, _) => continue,
        };
        let Some(kind) = kind else { continue };
        let path = terms(&schema.path, rule.at);
        let known = (1..path.len()).find_map(|end| {
            let prefix = path.get(..end)?;
            let known = tree_reference(&tree, prefix).or_else(|| base.reference(prefix))?;
            Some((end, known))
        });
        match known {
            Some((end, known)) => {
                let (prefix, rest) = path.split_at(end);
                tree.put(prefix, overridden(&known, rest, &kind));
            }
            None => tree.put(&path, kind),
        }
    }
    tree
}

fn tree_reference(tree: &Node, path: &[Term]) -> Maybe {
    path.iter().try_fold(tree, |node, term| node.child(term)).and_then(|node| node.value.clone())
}

/// From the outermost scope to the rule's own.
fn applicable<'a>(rule: &Rule, reference: &[Term], annotations: &'a AnnotationSet) -> Vec<&'a Schema> {
    let package = reference.get(..reference.len().saturating_sub(rule.head.reference.len())).unwrap_or_default();
    let mut found: Vec<&Schema> = Vec::new();
    for entry in annotations.of_subpackages(package) {
        found.extend(&entry.block.schemas);
    }
    found.extend(annotations.of_package(package).iter().flat_map(|entry| &entry.block.schemas));
    found.extend(annotations.of_document(reference).iter().flat_map(|entry| &entry.block.schemas));
    for entry in annotations.of_rule(rule.id) {
        found.extend(&entry.block.schemas);
    }
    found
}

fn terms(path: &ast::Ref, at: Place) -> Vec<Term> {
    let term = |term: &ast::Term| match &term.kind {
        ast::TermKind::Var(name) => Some(Term::var(name.clone(), at)),
        ast::TermKind::String(text) => Some(Term::string(text, at)),
        _ => None,
    };
    path.iter().filter_map(term).collect::<Vec<Term>>()
}

/// The type that a schema describes; anything where it says nothing that types can say.
fn of_schema(root: &Document, schema: &Document, depth: usize) -> Maybe {
    if depth > MAX_DEPTH {
        return Some(Type::any());
    }
    if let Some(Document::String(target)) = member(schema, "$ref") {
        return match pointed(root, target) {
            Some(target) => of_schema(root, target, depth + 1),
            None => Some(Type::any()),
        };
    }
    for word in ["anyOf", "allOf"] {
        if let Some(Document::Array(parts)) = member(schema, word) {
            return Some(combined(root, parts, word == "anyOf", depth));
        }
    }
    let Some(kind) = member(schema, "type") else {
        let is_object = member(schema, "properties").is_some();
        return Some(if is_object { of_object(root, schema, depth) } else { Type::any() });
    };
    match kind {
        Document::String(kind) => Some(named(root, schema, kind, depth)),
        Document::Array(kinds) => {
            let kinds = kinds.iter().filter_map(|kind| match kind {
                Document::String(kind) => Some(named(root, schema, kind, depth)),
                _ => None,
            });
            kinds.fold(None, |union, kind| super::combine::or(union, Some(kind)))
        }
        _ => Some(Type::any()),
    }
}

fn named(root: &Document, schema: &Document, kind: &str, depth: usize) -> Type {
    match kind {
        "boolean" => Type::Boolean,
        "string" => Type::String,
        "integer" | "number" => Type::Number,
        "null" => Type::Null,
        "object" => of_object(root, schema, depth),
        "array" => match member(schema, "items") {
            Some(Document::Array(items)) => {
                Type::array(items.iter().map(|item| of_schema(root, item, depth + 1)).collect(), None)
            }
            Some(items) => Type::array(Vec::new(), of_schema(root, items, depth + 1)),
            None => Type::array(Vec::new(), Some(Type::any())),
        },
        _ => Type::any(),
    }
}

fn of_object(root: &Document, schema: &Document, depth: usize) -> Type {
    let open = || Some((Some(Type::any()), Some(Type::any())));
    let properties = match member(schema, "properties") {
        Some(Document::Object(members)) => members.as_slice(),
        _ => &[],
    };
    let fixed = properties.iter().map(|(key, value)| (Value::string(key), of_schema(root, value, depth + 1)));
    let rest = match member(schema, "additionalProperties") {
        Some(Document::Boolean(false)) => None,
        Some(schema @ Document::Object(_)) => Some((Some(Type::String), of_schema(root, schema, depth + 1))),
        _ => open(),
    };
    Type::object(fixed.collect(), rest)
}

/// `anyOf` is a union; `allOf` of objects is an object with the properties of all.
fn combined(root: &Document, parts: &[Document], any: bool, depth: usize) -> Type {
    let kinds = parts.iter().filter_map(|part| of_schema(root, part, depth + 1));
    if any {
        return kinds.fold(None, |union, kind| super::combine::or(union, Some(kind))).unwrap_or_else(Type::any);
    }
    let mut fixed = Vec::new();
    let mut rest = None;
    let mut last = None;
    for kind in kinds {
        match kind {
            Type::Object(object) => {
                fixed.extend(object.fixed.iter().cloned());
                rest = rest.or_else(|| object.rest.clone());
            }
            other => last = Some(other),
        }
    }
    match last {
        Some(other) if fixed.is_empty() => other,
        _ => Type::object(fixed, rest),
    }
}

fn member<'d>(document: &'d Document, name: &str) -> Option<&'d Document> {
    match document {
        Document::Object(members) => members.iter().find(|(key, _)| &**key == name).map(|(_, value)| value),
        _ => None,
    }
}

/// What `#/definitions/x` points to inside of the document.
fn pointed<'d>(root: &'d Document, target: &str) -> Option<&'d Document> {
    let path = target.strip_prefix('#')?;
    path.split('/')
        .skip(1)
        .try_fold(root, |document, step| member(document, &step.replace("~1", "/").replace("~0", "~")))
}
