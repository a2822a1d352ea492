//! OPA's total order of terms (`v1/ast/compare.go`): kind first, then contents; places play no part.
//!
//! Objects and sets in the tree are kept in this order, as OPA iterates them.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use super::ast::{
    Comprehension, Every, Expr, ExprKind, Logical, Not, ObjectComprehension, SomeDecl, TemplateString, Term, TermKind,
    With,
};
use super::decimal;

/// Members in order, equal ones once (the first stays).
pub fn sort_and_deduplicate(mut members: Vec<Term>) -> Vec<Term> {
    members.sort();
    members.dedup();
    members
}

/// Pairs in the order of their keys; of equal keys the first key and the last value stay.
pub fn sort_members(mut members: Vec<(Term, Term)>) -> Vec<(Term, Term)> {
    members.sort_by(|a, b| a.0.cmp(&b.0));
    members.dedup_by(|later, earlier| {
        let same = later.0 == earlier.0;
        if same {
            std::mem::swap(&mut later.1, &mut earlier.1);
        }
        same
    });
    members
}

fn rank(kind: &TermKind) -> u8 {
    match kind {
        TermKind::Null => 0,
        TermKind::Boolean(_) => 1,
        TermKind::Number(_) => 2,
        TermKind::String(_) => 3,
        TermKind::TemplateString(_) => 4,
        TermKind::Var(_) => 5,
        TermKind::Ref(_) => 6,
        TermKind::Array(_) => 7,
        TermKind::Object(_) => 8,
        TermKind::Set(_) => 9,
        TermKind::ArrayComprehension(_) => 10,
        TermKind::ObjectComprehension(_) => 11,
        TermKind::SetComprehension(_) => 12,
        TermKind::Call(_) => 13,
    }
}

impl Ord for TermKind {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (TermKind::Boolean(a), TermKind::Boolean(b)) => a.cmp(b),
            (TermKind::Number(a), TermKind::Number(b)) => decimal::compare(a, b),
            (TermKind::String(a), TermKind::String(b)) | (TermKind::Var(a), TermKind::Var(b)) => a.cmp(b),
            (TermKind::Ref(a), TermKind::Ref(b)) => a.cmp(b),
            (TermKind::Array(a), TermKind::Array(b))
            | (TermKind::Set(a), TermKind::Set(b))
            | (TermKind::Call(a), TermKind::Call(b)) => a.cmp(b),
            (TermKind::Object(a), TermKind::Object(b)) => a.cmp(b),
            (TermKind::ArrayComprehension(a), TermKind::ArrayComprehension(b))
            | (TermKind::SetComprehension(a), TermKind::SetComprehension(b)) => a.cmp(b),
            (TermKind::ObjectComprehension(a), TermKind::ObjectComprehension(b)) => a.cmp(b),
            (TermKind::TemplateString(a), TermKind::TemplateString(b)) => a.cmp(b),
            _ => rank(self).cmp(&rank(other)),
        }
    }
}

impl Ord for Comprehension {
    fn cmp(&self, other: &Self) -> Ordering {
        self.term.cmp(&other.term).then_with(|| self.body.cmp(&other.body))
    }
}

impl Ord for ObjectComprehension {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key).then_with(|| self.value.cmp(&other.value)).then_with(|| self.body.cmp(&other.body))
    }
}

impl Ord for TemplateString {
    fn cmp(&self, other: &Self) -> Ordering {
        self.parts.iter().map(PartOrder).cmp(other.parts.iter().map(PartOrder)).then_with(|| self.raw.cmp(&other.raw))
    }
}

/// Parts compare as terms before expressions.
struct PartOrder<'a>(&'a super::ast::TemplatePart);

impl Ord for PartOrder<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        use super::ast::TemplatePart::{Constant, Expr};
        match (self.0, other.0) {
            (Constant(a), Constant(b)) => a.cmp(b),
            (Expr(a), Expr(b)) => a.cmp(b),
            (Constant(_), Expr(_)) => Ordering::Less,
            (Expr(_), Constant(_)) => Ordering::Greater,
        }
    }
}

fn expr_rank(kind: &ExprKind) -> u8 {
    match kind {
        ExprKind::Some(_) => 0,
        ExprKind::Term(_) => 1,
        ExprKind::Call(_) => 2,
        ExprKind::Every(_) => 3,
        ExprKind::Not(_) => 4,
        ExprKind::And(_) => 5,
        ExprKind::Or(_) => 6,
    }
}

impl Ord for Expr {
    fn cmp(&self, other: &Self) -> Ordering {
        expr_rank(&self.kind)
            .cmp(&expr_rank(&other.kind))
            .then_with(|| self.negated.cmp(&other.negated))
            .then_with(|| match (&self.kind, &other.kind) {
                (ExprKind::Some(a), ExprKind::Some(b)) => a.cmp(b),
                (ExprKind::Term(a), ExprKind::Term(b)) => a.cmp(b),
                (ExprKind::Call(a), ExprKind::Call(b)) => a.cmp(b),
                (ExprKind::Every(a), ExprKind::Every(b)) => a.cmp(b),
                (ExprKind::Not(a), ExprKind::Not(b)) => a.cmp(b),
                (ExprKind::And(a), ExprKind::And(b)) | (ExprKind::Or(a), ExprKind::Or(b)) => a.cmp(b),
                _ => Ordering::Equal,
            })
            .then_with(|| self.with.cmp(&other.with))
    }
}

impl Ord for SomeDecl {
    fn cmp(&self, other: &Self) -> Ordering {
        self.symbols.cmp(&other.symbols)
    }
}

impl Ord for Every {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key
            .cmp(&other.key)
            .then_with(|| self.value.cmp(&other.value))
            .then_with(|| self.domain.cmp(&other.domain))
            .then_with(|| self.body.cmp(&other.body))
    }
}

impl Ord for Not {
    fn cmp(&self, other: &Self) -> Ordering {
        self.explicit.cmp(&other.explicit).then_with(|| self.body.cmp(&other.body))
    }
}

impl Ord for Logical {
    fn cmp(&self, other: &Self) -> Ordering {
        self.left
            .cmp(&other.left)
            .then_with(|| self.right.cmp(&other.right))
            .then_with(|| self.explicit_left.cmp(&other.explicit_left))
            .then_with(|| self.explicit_right.cmp(&other.explicit_right))
    }
}

impl Ord for With {
    fn cmp(&self, other: &Self) -> Ordering {
        self.target.cmp(&other.target).then_with(|| self.value.cmp(&other.value))
    }
}

impl Ord for Term {
    fn cmp(&self, other: &Self) -> Ordering {
        self.kind.cmp(&other.kind)
    }
}

macro_rules! equality_from_order {
    ($($name:ty),*) => {$(
        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }
        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.cmp(other) == Ordering::Equal
            }
        }
        impl Eq for $name {}
    )*};
}

equality_from_order!(
    Term,
    TermKind,
    Comprehension,
    ObjectComprehension,
    TemplateString,
    PartOrder<'_>,
    Expr,
    SomeDecl,
    Every,
    Not,
    Logical,
    With
);

impl Hash for Term {
    fn hash<H: Hasher>(&self, state: &mut H) {
        rank(&self.kind).hash(state);
        match &self.kind {
            TermKind::Boolean(value) => value.hash(state),
            TermKind::Number(text) => decimal::hash(text, state),
            TermKind::String(text) | TermKind::Var(text) => text.hash(state),
            TermKind::Ref(reference) => reference.0.hash(state),
            TermKind::Array(terms) | TermKind::Set(terms) | TermKind::Call(terms) => terms.hash(state),
            TermKind::Object(members) => members.hash(state),
            TermKind::ArrayComprehension(c) | TermKind::SetComprehension(c) => c.term.hash(state),
            TermKind::ObjectComprehension(c) => c.key.hash(state),
            TermKind::Null | TermKind::TemplateString(_) => {}
        }
    }
}
