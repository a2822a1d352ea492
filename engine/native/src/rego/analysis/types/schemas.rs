//! `schemas` of METADATA: what a rule says about documents that nothing else is known of, as JSON Schema.
//!
//! Source: `processAnnotation`, `loadSchema` and `getRuleAnnotation` of OPA's `v1/ast/schema.go` and `check.go`.

use super::environment::Environment;
use super::kinds::{Maybe, Type};
use super::rules::{Policy, overridden};
use super::tree::Node;
use crate::rego::analysis::annotations::AnnotationSet;
use crate::rego::analysis::core::{Place, Rule, Term};
use crate::rego::analysis::fault::Fault;
use crate::rego::analysis::text;
use crate::rego::errors::TYPE;
use crate::rego::syntax::annotations::{Document, Schema};
use crate::rego::syntax::ast;
use crate::rego::values::Value;

/// How deep schemas are followed; deeper ones say nothing.
const MAX_DEPTH: usize = 32;

/// The types that the schemas of a rule, its document, its package and those above give to documents.
pub(super) fn overrides(
    base: &Environment<'_>,
    rule: &Rule,
    reference: &[Term],
    policy: &Policy<'_>,
    faults: &mut Vec<Fault>,
) -> Node {
    let mut tree = Node::default();
    for schema in applicable(rule, reference, policy.annotations) {
        let definition = match (&schema.schema, policy.schemas) {
            (None, _) => schema.definition.as_ref(),
            // Without a set of schemas nothing is known by name, as in OPA.
            (Some(_), None) => continue,
            (Some(name), Some(schemas)) => match schemas.get(&steps(name)) {
                Some(found) => Some(found),
                None => {
                    let name = text::reference(&terms(name, rule.at));
                    faults.push(Fault::new(TYPE, format!("undefined schema: {name}"), rule.at));
                    continue;
                }
            },
        };
        let Some(kind) = definition.and_then(described) else { continue };
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

/// The type that a schema gives to the document it is for.
pub(super) fn described(schema: &Document) -> Maybe {
    of_schema(schema, schema, 0)
}

/// The steps of a schema's name behind `schema`.
fn steps(name: &ast::Ref) -> Vec<String> {
    let step = |term: &ast::Term| match &term.kind {
        ast::TermKind::String(text) => Some(text.to_string()),
        _ => None,
    };
    name.iter().filter_map(step).collect()
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
    if let Some(Document::Array(parts)) = member(schema, "anyOf") {
        let properties = of_properties(root, schema, depth);
        let parts = parts.iter().map(|part| of_schema(root, part, depth + 1));
        return parts.fold(properties, |union, kind| super::combine::or(kind, union));
    }
    if let Some(Document::Array(parts)) = member(schema, "allOf") {
        return Some(all_of(root, parts, depth));
    }
    Some(named(root, schema, &names(member(schema, "type")), depth))
}

fn names(kind: Option<&Document>) -> Vec<&str> {
    fn name(kind: &Document) -> Option<&str> {
        if let Document::String(name) = kind { Some(name) } else { None }
    }
    match kind {
        Some(Document::Array(kinds)) => kinds.iter().filter_map(name).collect(),
        kind => kind.into_iter().filter_map(name).collect(),
    }
}

/// Of several names one counts, in this order.
fn named(root: &Document, schema: &Document, names: &[&str], depth: usize) -> Type {
    let is = |name| names.contains(&name);
    let open = || Type::object(Vec::new(), Some((Some(Type::any()), Some(Type::any()))));
    if is("boolean") {
        Type::Boolean
    } else if is("string") {
        Type::String
    } else if is("integer") || is("number") {
        Type::Number
    } else if is("object") {
        of_properties(root, schema, depth).unwrap_or_else(open)
    } else if is("array") {
        of_items(root, schema, depth).unwrap_or_else(|| Type::array(Vec::new(), Some(Type::any())))
    } else if is("null") {
        Type::Null
    } else {
        // No type, but something that only one has.
        let assumed = of_properties(root, schema, depth).or_else(|| of_items(root, schema, depth));
        assumed.unwrap_or_else(Type::any)
    }
}

/// An object has the properties that it names and, as in OPA, no others.
fn of_properties(root: &Document, schema: &Document, depth: usize) -> Maybe {
    let Some(Document::Object(members)) = member(schema, "properties") else { return None };
    let fixed = members.iter().map(|(key, value)| (Value::string(key), of_schema(root, value, depth + 1)));
    (!members.is_empty()).then(|| Type::object(fixed.collect(), None))
}

fn of_items(root: &Document, schema: &Document, depth: usize) -> Maybe {
    match member(schema, "items")? {
        Document::Array(items) => {
            Some(Type::array(items.iter().map(|item| of_schema(root, item, depth + 1)).collect(), None))
        }
        items => Some(Type::array(Vec::new(), of_schema(root, items, depth + 1))),
    }
}

/// Of objects, one with the properties of all.
fn all_of(root: &Document, parts: &[Document], depth: usize) -> Type {
    let kinds = parts.iter().filter_map(|part| of_schema(root, part, depth + 1));
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
        _ if fixed.is_empty() => Type::object(fixed, rest),
        _ => Type::object(fixed, None),
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
