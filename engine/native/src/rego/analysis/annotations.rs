//! Stage 15, `SetAnnotationSet`: which metadata applies to which rule, and metadata as terms.

use std::collections::HashMap;
use std::sync::Arc;

use super::core::{Kind, Name, Place, Rule, RuleId, Term, ground_prefix};
use super::fault::{Fault, place_text};
use super::text;
use super::tree::{Step, rule_reference};
use crate::rego::errors::TYPE;
use crate::rego::syntax::annotations::{Annotations, Document, Schema, Scope, Target};
use crate::rego::syntax::ast;

/// One block and what it stands for.
#[derive(Debug, Clone)]
pub struct Entry {
    pub block: Arc<Annotations>,
    /// The path of its package, or of its rule up to the first variable.
    pub path: Vec<Term>,
    pub at: Place,
}

/// All metadata of a policy, by what it applies to.
#[derive(Debug, Clone, Default)]
pub struct AnnotationSet {
    by_rule: HashMap<RuleId, Vec<Entry>>,
    by_package: HashMap<Vec<Step>, Entry>,
    /// Scopes `document` and `subpackages`.
    by_path: HashMap<Vec<Step>, Entry>,
}

fn steps(path: &[Term]) -> Vec<Step> {
    path.iter().filter_map(Step::of).collect()
}

/// What the set is built from: one module.
pub(super) struct Source<'a> {
    pub blocks: &'a [Arc<Annotations>],
    pub package: &'a [Term],
    /// The rules of the module, `else` branches among them.
    pub rules: &'a [Rule],
    pub file: u32,
}

impl AnnotationSet {
    pub(super) fn build(sources: &[Source<'_>], files: &[Arc<str>], faults: &mut Vec<Fault>) -> Self {
        let mut set = AnnotationSet::default();
        for source in sources {
            let rules: Vec<&Rule> = source.rules.iter().filter(|rule| !rule.is_else).collect();
            for block in source.blocks {
                set.add(source, &rules, block, files, faults);
            }
        }
        set
    }

    fn add(
        &mut self,
        source: &Source<'_>,
        rules: &[&Rule],
        block: &Arc<Annotations>,
        files: &[Arc<str>],
        faults: &mut Vec<Fault>,
    ) {
        let at = Place { file: source.file, row: block.span.row, col: block.span.col };
        let rule = match block.target {
            Target::Rule(index) => rules.get(index).copied(),
            Target::Package => None,
        };
        let path = match rule {
            Some(rule) => ground_prefix(&rule_reference(source.package, &rule.head.reference)).to_vec(),
            None => source.package.to_vec(),
        };
        let key = steps(&path);
        let entry = Entry { block: block.clone(), path, at };
        let slot = match (block.scope, rule) {
            (Scope::Rule, Some(rule)) => {
                self.by_rule.entry(rule.id).or_default().push(entry);
                return;
            }
            (Scope::Package, None) => self.by_package.entry(key),
            (Scope::Document, Some(_)) | (Scope::Subpackages, None) => self.by_path.entry(key),
            _ => return,
        };
        match slot {
            std::collections::hash_map::Entry::Occupied(earlier) => {
                let place = place_text(files, earlier.get().at);
                let message = format!("{} annotation redeclared: {place}", block.scope.name());
                faults.push(Fault::new(TYPE, message, at));
            }
            std::collections::hash_map::Entry::Vacant(slot) => {
                slot.insert(entry);
            }
        }
    }

    /// The blocks of scope `rule` above a rule, in source order.
    pub fn of_rule(&self, rule: RuleId) -> &[Entry] {
        self.by_rule.get(&rule).map(Vec::as_slice).unwrap_or_default()
    }

    /// The block of scope `document` (or `subpackages`) at a path.
    pub fn of_document(&self, path: &[Term]) -> Option<&Entry> {
        self.by_path.get(&steps(path))
    }

    pub fn of_package(&self, package: &[Term]) -> Option<&Entry> {
        self.by_package.get(&steps(package))
    }

    /// The blocks of scope `subpackages` at and above a package, the nearest to the root first.
    pub fn of_subpackages(&self, package: &[Term]) -> Vec<&Entry> {
        let steps = steps(package);
        (1..=steps.len()).filter_map(|end| self.by_path.get(steps.get(..end)?)).collect()
    }

    /// All blocks, by path and then by place.
    pub fn all(&self) -> Vec<&Entry> {
        let mut entries: Vec<&Entry> =
            self.by_rule.values().flatten().chain(self.by_package.values()).chain(self.by_path.values()).collect();
        entries.sort_by_cached_key(|entry| (text::reference(&entry.path), entry.at));
        entries
    }

    /// The blocks that apply to a rule, from the nearest outwards.
    fn chain(&self, rule: &Rule, package: &[Term]) -> Vec<(Vec<Term>, Option<&Entry>)> {
        let path = ground_prefix(&rule_reference(package, &rule.head.reference)).to_vec();
        let mut own: Vec<&Entry> = self.of_rule(rule.id).iter().collect();
        own.sort_by_key(|entry| std::cmp::Reverse(entry.at));
        let mut chain: Vec<(Vec<Term>, Option<&Entry>)> =
            own.into_iter().map(|entry| (entry.path.clone(), Some(entry))).collect();
        if chain.is_empty() {
            chain.push((path.clone(), None));
        }
        let outer = self.of_document(&path).into_iter().chain(self.of_package(package));
        let subpackages = self.of_subpackages(package).into_iter().rev();
        chain.extend(outer.chain(subpackages).map(|entry| (entry.path.clone(), Some(entry))));
        chain
    }

    /// The value of `rego.metadata.chain()` in a rule.
    pub(super) fn chain_term(&self, rule: &Rule, package: &[Term], at: Place) -> Term {
        let links = self.chain(rule, package).into_iter().map(|(path, entry)| {
            let path = array(path.get(1..).unwrap_or_default().iter().map(|term| name_term(term, at)).collect(), at);
            let mut members = vec![("path", path)];
            if let Some(entry) = entry {
                members.push(("annotations", block_term(&entry.block, at)));
            }
            object(members, at)
        });
        let links = links.collect();
        array(links, at)
    }

    /// The value of `rego.metadata.rule()` in a rule.
    pub(super) fn rule_term(&self, rule: &Rule, at: Place) -> Term {
        match self.of_rule(rule.id).iter().min_by_key(|entry| entry.at) {
            Some(entry) => block_term(&entry.block, at),
            None => object(Vec::new(), at),
        }
    }
}

fn array(items: Vec<Term>, at: Place) -> Term {
    Term::new(Kind::Array(items), at)
}

fn object(mut members: Vec<(&str, Term)>, at: Place) -> Term {
    members.sort_by_key(|(a, _)| *a);
    let members = members.into_iter().map(|(key, value)| (Term::string(key, at), value)).collect();
    Term::new(Kind::Object(members), at)
}

/// An element of a path as a string.
fn name_term(term: &Term, at: Place) -> Term {
    match &term.kind {
        Kind::String(name) => Term::new(Kind::String(name.clone()), at),
        _ => Term::string(&text::term(term), at),
    }
}

fn document_term(document: &Document, at: Place) -> Term {
    let kind = match document {
        Document::Null => Kind::Null,
        Document::Boolean(value) => Kind::Bool(*value),
        Document::Number(text) => Kind::Number(text.clone()),
        Document::String(text) => Kind::String(text.clone()),
        Document::Array(items) => Kind::Array(items.iter().map(|item| document_term(item, at)).collect()),
        Document::Object(members) => return documents_term(members, at),
    };
    Term::new(kind, at)
}

fn documents_term(members: &[(Name, Document)], at: Place) -> Term {
    object(members.iter().map(|(key, value)| (&**key, document_term(value, at))).collect(), at)
}

fn reference_term(reference: &ast::Ref, at: Place) -> Term {
    let names = reference.iter().map(|part| match &part.kind {
        ast::TermKind::Var(name) | ast::TermKind::String(name) => Term::new(Kind::String(name.clone()), at),
        _ => Term::string(&part.to_string(), at),
    });
    array(names.collect(), at)
}

fn schema_term(schema: &Schema, at: Place) -> Term {
    let mut members = vec![("path", reference_term(&schema.path, at))];
    if let Some(reference) = &schema.schema {
        members.push(("schema", reference_term(reference, at)));
    }
    if let Some(definition) = &schema.definition {
        members.push(("definition", document_term(definition, at)));
    }
    object(members, at)
}

/// Members with a text, where there is one.
fn texts(pairs: [(&'static str, &str); 2], at: Place) -> Term {
    let present = pairs.into_iter().filter(|(_, text)| !text.is_empty());
    object(present.map(|(key, text)| (key, Term::string(text, at))).collect(), at)
}

/// A block as an object; what is empty is left out.
pub(super) fn block_term(block: &Annotations, at: Place) -> Term {
    let string = |text: &str| Term::string(text, at);
    let mut members = vec![("scope", string(block.scope.name()))];
    if !block.title.is_empty() {
        members.push(("title", string(&block.title)));
    }
    if block.entrypoint {
        members.push(("entrypoint", Term::new(Kind::Bool(true), at)));
    }
    if !block.description.is_empty() {
        members.push(("description", string(&block.description)));
    }
    if !block.organizations.is_empty() {
        members.push(("organizations", array(block.organizations.iter().map(|name| string(name)).collect(), at)));
    }
    if !block.related_resources.is_empty() {
        let items = block.related_resources.iter();
        let items = items.map(|item| texts([("ref", &item.reference), ("description", &item.description)], at));
        members.push(("related_resources", array(items.collect(), at)));
    }
    if !block.authors.is_empty() {
        let items = block.authors.iter().map(|item| texts([("name", &item.name), ("email", &item.email)], at));
        members.push(("authors", array(items.collect(), at)));
    }
    if !block.schemas.is_empty() {
        members.push(("schemas", array(block.schemas.iter().map(|schema| schema_term(schema, at)).collect(), at)));
    }
    for (key, documents) in [("custom", &block.custom), ("labels", &block.labels)] {
        if let Some(documents) = documents.as_ref().filter(|documents| !documents.is_empty()) {
            members.push((key, documents_term(documents, at)));
        }
    }
    object(members, at)
}
