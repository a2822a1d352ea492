//! The core language: what is left of Rego while and after it is analysed.
//!
//! It has the shape of OPA's syntax tree, because the order of OPA's rewriting decides what is undefined, which error
//! comes first and what a trace shows. Objects and sets are kept in OPA's order of terms, without repetitions.
//! After [`compile`](super::compile) the following hold, and evaluation relies on them:
//!
//! - no [`Kind::Template`] and no [`Kind::Call`] is left, and no [`Statement::Some`]; imports and `:=` are gone;
//! - the first element of a reference is a variable: `data`, `input`, a local, or the name of a built-in;
//! - operands of calls hold no references or comprehensions: those are bound to generated locals before;
//! - the domain of `every`, the values of `with` (but for functions that replace functions) and the members of a
//!   comprehension are plain terms of constants and variables;
//! - a body is ordered such that evaluating it from left to right never meets an unbound variable in a place that
//!   needs a value.

use std::sync::Arc;

/// A name or the text of a string or number.
pub type Name = Arc<str>;

/// Where something was written: a row and a column of a file of [`Compiled::files`](super::Compiled::files).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Place {
    pub file: u32,
    pub row: u32,
    pub col: u32,
}

/// A term and where it was written. Equality and order ignore the place.
#[derive(Debug, Clone)]
pub struct Term {
    pub kind: Kind,
    pub at: Place,
}

/// What a term is.
#[derive(Debug, Clone)]
pub enum Kind {
    Null,
    Bool(bool),
    /// The number as it was written.
    Number(Name),
    String(Name),
    Var(Name),
    Ref(Vec<Term>),
    Array(Vec<Term>),
    Object(Vec<(Term, Term)>),
    Set(Vec<Term>),
    Comprehension(Box<Comprehension>),
    Call(Box<Call>),
    Template(Box<Template>),
}

/// A call. A statement may have one argument more than the function has parameters: the result is unified with it.
#[derive(Debug, Clone)]
pub struct Call {
    /// A variable followed by strings: a built-in (`json.unmarshal`) or a rule (`data.a.f`).
    pub operator: Vec<Term>,
    pub operator_at: Place,
    pub arguments: Vec<Term>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gathers {
    Array,
    Object,
    Set,
}

/// `[term | body]`, `{key: term | body}` or `{term | body}`.
#[derive(Debug, Clone)]
pub struct Comprehension {
    pub gathers: Gathers,
    /// The key of an object comprehension.
    pub key: Option<Term>,
    pub term: Term,
    pub body: Body,
    /// If not empty, the results may be computed once and grouped by these variables (OPA's comprehension index).
    pub index: Vec<Name>,
}

/// A template string, before it is rewritten to a call of `internal.template_string`.
#[derive(Debug, Clone)]
pub struct Template {
    pub parts: Vec<Part>,
}

#[derive(Debug, Clone)]
pub enum Part {
    Text(Term),
    Expr(Expr),
}

pub type Body = Vec<Expr>;

/// One statement of a body.
#[derive(Debug, Clone)]
pub struct Expr {
    pub statement: Statement,
    /// `not` as in plain v1: the statement itself is negated, what its operands need was bound before it.
    pub negated: bool,
    pub with: Vec<With>,
    /// True if analysis made it, not the author.
    pub generated: bool,
    /// True if it was written with `:=`.
    pub assigned: bool,
    pub at: Place,
}

#[derive(Debug, Clone)]
pub enum Statement {
    Term(Term),
    Call(Call),
    /// `some x, y`, or the single call `some k, v in xs`. Gone after analysis.
    Some(Vec<Term>),
    Every(Box<Every>),
    /// `not` of `future.keywords.not`: a body of its own.
    Not(Box<Not>),
    Logic(Box<Logic>),
}

#[derive(Debug, Clone)]
pub struct Every {
    /// A variable; always there after analysis.
    pub key: Option<Term>,
    /// A variable.
    pub value: Term,
    pub domain: Term,
    pub body: Body,
}

#[derive(Debug, Clone)]
pub struct Not {
    pub body: Body,
    /// True if it was written with braces.
    pub braces: bool,
}

/// `left and right` or `left or right`: closed scopes that succeed at most once.
#[derive(Debug, Clone)]
pub struct Logic {
    pub either: bool,
    pub left: Body,
    pub right: Body,
    pub left_braces: bool,
    pub right_braces: bool,
}

#[derive(Debug, Clone)]
pub struct With {
    /// A reference to (a part of) `input` or `data`, or to a function.
    pub target: Term,
    pub value: Term,
    pub at: Place,
}

/// The index of a rule in [`Compiled::rules`](super::Compiled::rules).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub u32);

/// One definition: `head if body`. An `else` is a rule of its own, named by the rule before it.
#[derive(Debug, Clone)]
pub struct Rule {
    pub id: RuleId,
    /// The index of its module.
    pub module: u32,
    pub default: bool,
    pub head: Head,
    pub body: Body,
    pub otherwise: Option<RuleId>,
    /// True if this rule is the `else` of another.
    pub is_else: bool,
    pub at: Place,
}

#[derive(Debug, Clone)]
pub struct Head {
    /// The name and the rest of the head's reference: `p.q[x].r`. The first element is a variable, the others scalars
    /// or variables.
    pub reference: Vec<Term>,
    /// The parameters, as patterns. None for other rules, and for `f()`, which is a rule like others.
    pub arguments: Vec<Term>,
    /// The member, for `contains`.
    pub member: Option<Term>,
    /// The value of all other rules.
    pub value: Option<Term>,
    pub assigned: bool,
    pub at: Place,
}

impl Head {
    /// True for `contains`.
    pub fn is_multi_value(&self) -> bool {
        self.value.is_none() && self.member.is_some()
    }
}

impl Term {
    pub fn new(kind: Kind, at: Place) -> Self {
        Term { kind, at }
    }

    pub fn var(name: Name, at: Place) -> Self {
        Term { kind: Kind::Var(name), at }
    }

    pub fn string(text: &str, at: Place) -> Self {
        Term { kind: Kind::String(Arc::from(text)), at }
    }

    pub fn as_var(&self) -> Option<&Name> {
        match &self.kind {
            Kind::Var(name) => Some(name),
            _ => None,
        }
    }

    pub fn as_string(&self) -> Option<&Name> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_ref_terms(&self) -> Option<&[Term]> {
        match &self.kind {
            Kind::Ref(terms) => Some(terms),
            _ => None,
        }
    }

    pub fn is_scalar(&self) -> bool {
        matches!(self.kind, Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_))
    }

    pub fn is_comprehension(&self) -> bool {
        matches!(self.kind, Kind::Comprehension(_))
    }

    /// True if nothing in it can vary: no variables, references, comprehensions or calls. OPA's `IsConstant`.
    pub fn is_constant(&self) -> bool {
        match &self.kind {
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => true,
            Kind::Var(_) | Kind::Ref(_) | Kind::Comprehension(_) | Kind::Call(_) | Kind::Template(_) => false,
            Kind::Array(items) | Kind::Set(items) => items.iter().all(Term::is_constant),
            Kind::Object(items) => items.iter().all(|(key, value)| key.is_constant() && value.is_constant()),
        }
    }

    /// True if no variable is in it, the first of a reference aside. OPA's `IsGround`.
    pub fn is_ground(&self) -> bool {
        match &self.kind {
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => true,
            Kind::Var(_) | Kind::Comprehension(_) | Kind::Template(_) => false,
            Kind::Ref(terms) => is_ground_reference(terms),
            Kind::Call(call) => call.arguments.iter().all(Term::is_ground),
            Kind::Array(items) | Kind::Set(items) => items.iter().all(Term::is_ground),
            Kind::Object(items) => items.iter().all(|(key, value)| key.is_ground() && value.is_ground()),
        }
    }
}

/// True if all but the first element are ground.
pub fn is_ground_reference(terms: &[Term]) -> bool {
    terms.iter().skip(1).all(Term::is_ground)
}

/// The elements before the first that is not ground; at least the first.
pub fn ground_prefix(terms: &[Term]) -> &[Term] {
    let end = terms.iter().skip(1).position(|term| !term.is_ground()).map_or(terms.len(), |at| at + 1);
    terms.get(..end).unwrap_or(terms)
}

/// The elements from the first that is not constant; none if all are constant.
pub fn dynamic_suffix(terms: &[Term]) -> &[Term] {
    terms.iter().skip(1).position(|term| !term.is_constant()).and_then(|at| terms.get(at + 1..)).unwrap_or_default()
}

/// True if the reference starts with the variable.
pub fn starts_with_var(terms: &[Term], name: &str) -> bool {
    terms.first().and_then(Term::as_var).is_some_and(|var| &**var == name)
}

impl Expr {
    pub fn new(statement: Statement, at: Place) -> Self {
        Expr { statement, negated: false, with: Vec::new(), generated: false, assigned: false, at }
    }

    pub fn as_call(&self) -> Option<&Call> {
        match &self.statement {
            Statement::Call(call) => Some(call),
            _ => None,
        }
    }

    /// True for a call of the built-in of that one-word name (`eq`, `assign`).
    pub fn calls(&self, name: &str) -> bool {
        self.as_call().is_some_and(|call| call.is_named(name))
    }

    pub fn is_equality(&self) -> bool {
        self.calls("eq")
    }

    pub fn is_assignment(&self) -> bool {
        self.calls("assign")
    }

    /// True for `not` of either kind.
    pub fn is_negated(&self) -> bool {
        self.negated || matches!(self.statement, Statement::Not(_))
    }
}

impl Call {
    /// True for a call of the built-in of that one-word name.
    pub fn is_named(&self, name: &str) -> bool {
        match self.operator.as_slice() {
            [only] => only.as_var().is_some_and(|var| &**var == name),
            _ => false,
        }
    }

    /// The name as OPA writes it: `plus`, `json.unmarshal`, `data.a.f`.
    pub fn name(&self) -> String {
        super::text::reference(&self.operator)
    }
}

/// How variables begin that catch the values of a query's expressions.
pub const CAUGHT: &str = "__caught";

/// True for names that analysis made.
pub fn is_generated(name: &str) -> bool {
    name.starts_with("__local")
}

/// True for `_`, which the parser names apart from any other.
pub fn is_wildcard(name: &str) -> bool {
    name.starts_with('$')
}

/// The body of a rule that has none: `true`.
pub fn is_true_body(body: &[Expr]) -> bool {
    match body {
        [only] => matches!(&only.statement, Statement::Term(Term { kind: Kind::Bool(true), .. })),
        _ => false,
    }
}
