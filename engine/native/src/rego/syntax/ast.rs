//! The syntax tree of one Rego module: what the parser makes and analysis rewrites in place.
//!
//! The shapes follow OPA's tree after parsing (`v1/ast/policy.go`, `term.go`), because the compiler stages, their
//! errors and the order in which things are evaluated are defined on it: operators are calls (`a + b` is
//! `plus(a, b)`), a top-level call is an [`ExprKind::Call`] and a nested one a [`TermKind::Call`], the second and
//! later elements of a reference are terms, and a field written `.name` is a string term.
//!
//! Equality, order and hash of terms ignore places; numbers compare by value (see `order.rs`).

use std::sync::Arc;

use super::annotations::Annotations;
use super::order::sort_and_deduplicate;
use crate::rego::errors::Location;

/// Where a node was written. `row` and `col` count from one, `col` in characters, and are those OPA reports for the
/// node (for `a + b` and `a.b` the place of `a`); `start..end` are byte offsets of the node's text, parentheses
/// included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    pub row: u32,
    pub col: u32,
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// The place as errors carry it.
    pub fn location(self, file: &Arc<str>) -> Location {
        Location { file: Arc::clone(file), row: self.row, col: self.col }
    }
}

/// The syntax a module is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum RegoVersion {
    /// Before OPA 1.0: `if` and `contains` are not needed, newer keywords are imported.
    V0,
    /// A v0 module with `import rego.v1`: it obeys the rules of v1.
    V0CompatV1,
    /// OPA 1.0 and later.
    #[default]
    V1,
}

impl RegoVersion {
    /// Whether the checks of v1 apply, in parsing and in compiling.
    pub fn is_v1_compatible(self) -> bool {
        !matches!(self, RegoVersion::V0)
    }
}

/// One parsed file.
#[derive(Debug, Clone)]
pub struct Module {
    pub file: Arc<str>,
    pub package: Package,
    pub imports: Vec<Import>,
    /// In source order; a head followed by several bodies is several rules.
    pub rules: Vec<Rule>,
    pub annotations: Vec<Arc<Annotations>>,
    pub comments: Vec<Comment>,
    pub version: RegoVersion,
}

/// A comment; `text` is what follows the `#`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    pub text: Arc<str>,
    pub span: Span,
}

/// `package a.b`; `path` is the full reference `data.a.b`.
#[derive(Debug, Clone)]
pub struct Package {
    pub path: Ref,
    pub span: Span,
}

/// `import data.a.b as c`; `path` is always a [`TermKind::Ref`], headed by the variable `data`, `input`, `future`
/// or `rego`.
#[derive(Debug, Clone)]
pub struct Import {
    pub path: Term,
    pub alias: Option<Arc<str>>,
    pub span: Span,
}

impl Import {
    /// The path as a reference.
    pub fn reference(&self) -> &[Term] {
        match &self.path.kind {
            TermKind::Ref(reference) => reference,
            _ => std::slice::from_ref(&self.path),
        }
    }

    /// The variable by which the module refers to the import: its alias, else the last part of its path.
    pub fn name(&self) -> Option<&Arc<str>> {
        self.alias.as_ref().or_else(|| match &self.reference().last()?.kind {
            TermKind::Var(name) | TermKind::String(name) => Some(name),
            _ => None,
        })
    }

    /// Whether this is `import rego…` or `import future…`: it changes syntax and names nothing.
    pub fn is_language(&self) -> bool {
        matches!(self.reference().first().map(|t| &t.kind), Some(TermKind::Var(v)) if matches!(&**v, "future" | "rego"))
    }
}

/// One rule, function or default; `else_` hangs below the rule it follows.
#[derive(Debug, Clone)]
pub struct Rule {
    pub default: bool,
    pub head: Head,
    /// Never empty; `true` where none was written (see `generated_body`).
    pub body: Body,
    pub else_: Option<Box<Rule>>,
    /// Those of scope `rule` and `document` that stand above this rule.
    pub annotations: Vec<Arc<Annotations>>,
    /// No body was written: `p := 1`, `p contains 1`, `… else := 2`. A default rule and a bare `p.q.r` are not
    /// marked by OPA, and not here.
    pub generated_body: bool,
    pub span: Span,
}

impl Rule {
    pub fn is_function(&self) -> bool {
        !self.head.args.is_empty()
    }

    /// The rule and its `else` branches, in order.
    pub fn chain(&self) -> impl Iterator<Item = &Rule> {
        std::iter::successors(Some(self), |rule| rule.else_.as_deref())
    }
}

/// What a rule defines.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// OPA's backward-compatible name: set for `p`, `p(x)`, `p[x]` and `p[x] := y`, absent for longer references.
    pub name: Option<Arc<str>>,
    /// As OPA has it after parsing: `p[x] := y` is `p[x]` (and `key` is `x`), v0's `p[x] { … }` is `p`.
    pub reference: Ref,
    pub args: Vec<Term>,
    /// The element of a `contains` (and of v0's partial set), or the last part of `p[x] := y`.
    pub key: Option<Term>,
    /// Absent only for multi-value rules; `true` where none was written (see `generated_value`).
    pub value: Option<Term>,
    /// Written with `:=`.
    pub assign: bool,
    pub generated_value: bool,
    /// Whether `if` and `contains` were written.
    pub keyword_if: bool,
    pub keyword_contains: bool,
    pub span: Span,
}

/// Whether a rule has one value or collects a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleKind {
    SingleValue,
    MultiValue,
}

impl Head {
    pub fn kind(&self) -> RuleKind {
        if self.value.is_some() { RuleKind::SingleValue } else { RuleKind::MultiValue }
    }
}

/// Expressions that must all succeed.
pub type Body = Vec<Expr>;

/// One expression of a body.
#[derive(Debug, Clone)]
pub struct Expr {
    pub kind: ExprKind,
    /// The older `not`; after `import future.keywords.not` an [`ExprKind::Not`] is made instead.
    pub negated: bool,
    pub with: Vec<With>,
    /// Made by a compiler stage.
    pub generated: bool,
    /// An equality that was written `:=`; its right side must be safe without it.
    pub from_assignment: bool,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    Term(Term),
    /// Operator and operands. `=` is `eq` and `:=` is `assign`.
    Call(Vec<Term>),
    /// `some x, y`: variables; `some x in xs` and `some k, v in xs`: one [`TermKind::Call`] of `internal.member_2`
    /// or `internal.member_3`.
    Some(SomeDecl),
    Every(Box<Every>),
    Not(Box<Not>),
    And(Box<Logical>),
    Or(Box<Logical>),
}

#[derive(Debug, Clone)]
pub struct SomeDecl {
    pub symbols: Vec<Term>,
    pub span: Span,
}

/// `every key, value in domain { body }`.
#[derive(Debug, Clone)]
pub struct Every {
    pub key: Option<Term>,
    pub value: Term,
    pub domain: Term,
    pub body: Body,
    pub span: Span,
}

/// `not` with a body of its own; `explicit` when braces were written.
#[derive(Debug, Clone)]
pub struct Not {
    pub body: Body,
    pub explicit: bool,
    pub span: Span,
}

/// The operands of `and` or `or`; `explicit_*` when braces were written.
#[derive(Debug, Clone)]
pub struct Logical {
    pub left: Body,
    pub right: Body,
    pub explicit_left: bool,
    pub explicit_right: bool,
    pub span: Span,
}

/// `with target as value`; the target is a reference, or a variable that names a function.
#[derive(Debug, Clone)]
pub struct With {
    pub target: Term,
    pub value: Term,
    pub span: Span,
}

/// One term with its place.
#[derive(Debug, Clone)]
pub struct Term {
    pub kind: TermKind,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub enum TermKind {
    Null,
    Boolean(bool),
    /// The text as written: OPA keeps it.
    Number(Arc<str>),
    String(Arc<str>),
    /// A wildcard is `$0`, `$1`, … numbered through the module, never `_`.
    Var(Arc<str>),
    Ref(Ref),
    Array(Vec<Term>),
    /// Sorted by key in OPA's order of terms; of equal keys the last value stays.
    Object(Vec<(Term, Term)>),
    /// Sorted in OPA's order of terms, without equal members.
    Set(Vec<Term>),
    ArrayComprehension(Box<Comprehension>),
    SetComprehension(Box<Comprehension>),
    ObjectComprehension(Box<ObjectComprehension>),
    /// Operator (a reference) and operands.
    Call(Vec<Term>),
    TemplateString(Box<TemplateString>),
}

#[derive(Debug, Clone)]
pub struct Comprehension {
    pub term: Term,
    pub body: Body,
}

#[derive(Debug, Clone)]
pub struct ObjectComprehension {
    pub key: Term,
    pub value: Term,
    pub body: Body,
}

/// `$"…{expr}…"`; `raw` when written with back quotes.
#[derive(Debug, Clone)]
pub struct TemplateString {
    pub raw: bool,
    pub parts: Vec<TemplatePart>,
}

/// A constant (text between expressions, or a scalar in braces) or an expression that may be undefined.
#[derive(Debug, Clone, PartialEq)]
pub enum TemplatePart {
    Constant(Term),
    Expr(Expr),
}

/// A head (variable, call or collection) and the parts below it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Ref(pub Vec<Term>);

impl std::ops::Deref for Ref {
    type Target = Vec<Term>;
    fn deref(&self) -> &Vec<Term> {
        &self.0
    }
}

impl std::ops::DerefMut for Ref {
    fn deref_mut(&mut self) -> &mut Vec<Term> {
        &mut self.0
    }
}

impl Term {
    pub fn new(kind: TermKind, span: Span) -> Self {
        Term { kind, span }
    }

    pub fn var(name: impl Into<Arc<str>>, span: Span) -> Self {
        Term::new(TermKind::Var(name.into()), span)
    }

    pub fn string(text: impl Into<Arc<str>>, span: Span) -> Self {
        Term::new(TermKind::String(text.into()), span)
    }

    pub fn boolean(value: bool, span: Span) -> Self {
        Term::new(TermKind::Boolean(value), span)
    }

    pub fn number(text: impl Into<Arc<str>>, span: Span) -> Self {
        Term::new(TermKind::Number(text.into()), span)
    }

    pub fn reference(parts: Vec<Term>, span: Span) -> Self {
        Term::new(TermKind::Ref(Ref(parts)), span)
    }

    pub fn call(operator_and_operands: Vec<Term>, span: Span) -> Self {
        Term::new(TermKind::Call(operator_and_operands), span)
    }

    /// A set as OPA keeps it: sorted, equal members once.
    pub fn set(members: Vec<Term>, span: Span) -> Self {
        Term::new(TermKind::Set(sort_and_deduplicate(members)), span)
    }

    /// An object as OPA keeps it: sorted by key, the last of equal keys.
    pub fn object(members: Vec<(Term, Term)>, span: Span) -> Self {
        Term::new(TermKind::Object(super::order::sort_members(members)), span)
    }

    pub fn as_var(&self) -> Option<&Arc<str>> {
        match &self.kind {
            TermKind::Var(name) => Some(name),
            _ => None,
        }
    }

    pub fn as_string(&self) -> Option<&Arc<str>> {
        match &self.kind {
            TermKind::String(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_ref_parts(&self) -> Option<&Ref> {
        match &self.kind {
            TermKind::Ref(reference) => Some(reference),
            _ => None,
        }
    }

    /// Whether this is a wildcard (`_`, numbered by the parser).
    pub fn is_wildcard(&self) -> bool {
        matches!(&self.kind, TermKind::Var(name) if is_wildcard(name))
    }
}

/// Whether a variable's name stands for `_`.
pub fn is_wildcard(name: &str) -> bool {
    name.starts_with('$')
}

impl Expr {
    pub fn new(kind: ExprKind, span: Span) -> Self {
        Expr { kind, negated: false, with: Vec::new(), generated: false, from_assignment: false, span }
    }

    /// The name of the called operator or function (`eq`, `plus`, `data.a.f`, …) if this is a plain call.
    pub fn operator(&self) -> Option<&Term> {
        match &self.kind {
            ExprKind::Call(terms) => terms.first(),
            _ => None,
        }
    }

    /// Whether this is a call of the built-in with this one-part name (`eq`, `assign`, …).
    pub fn calls(&self, name: &str) -> bool {
        matches!(self.operator().and_then(Term::as_ref_parts).map(|r| r.as_slice()),
            Some([Term { kind: TermKind::Var(v), .. }]) if &**v == name)
    }
}
