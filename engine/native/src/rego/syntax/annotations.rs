//! METADATA blocks: what they say and which node they belong to.

use std::sync::Arc;

use super::ast::{Ref, Span};

/// The scopes an annotation can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    Rule,
    Document,
    Package,
    Subpackages,
}

impl Scope {
    pub fn name(self) -> &'static str {
        match self {
            Scope::Rule => "rule",
            Scope::Document => "document",
            Scope::Package => "package",
            Scope::Subpackages => "subpackages",
        }
    }
}

/// One METADATA block.
#[derive(Debug, Clone, PartialEq)]
pub struct Annotations {
    pub scope: Scope,
    pub title: String,
    pub entrypoint: bool,
    pub description: String,
    pub organizations: Vec<String>,
    pub related_resources: Vec<RelatedResource>,
    pub authors: Vec<Author>,
    pub schemas: Vec<Schema>,
    pub compile: Option<CompileHints>,
    /// Free values, sorted by key.
    pub custom: Option<Members>,
    pub labels: Option<Members>,
    /// The `# METADATA` line.
    pub span: Span,
    /// The row of the block's last comment line.
    pub end_row: u32,
    /// Which node it stands above.
    pub target: Target,
}

/// The statement an annotation stands above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Package,
    /// Index into `Module::rules`.
    Rule(usize),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelatedResource {
    pub reference: String,
    pub description: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    pub name: String,
    pub email: String,
}

/// A schema for one document: by reference (`schema.input`) or written in place.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    pub path: Ref,
    pub schema: Option<Ref>,
    pub definition: Option<Document>,
}

/// Hints for partial evaluation.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CompileHints {
    pub unknowns: Vec<Ref>,
    pub mask_rule: Option<Ref>,
}

/// A JSON document inside an annotation; numbers keep their text, objects are sorted by key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    Null,
    Boolean(bool),
    Number(Arc<str>),
    String(Arc<str>),
    Array(Vec<Document>),
    Object(Members),
}

/// The members of an object, sorted by key.
pub type Members = Vec<(Arc<str>, Document)>;
