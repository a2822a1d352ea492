//! Negation as OPA means it. In OPA, what a negated expression computes on the way (the arguments of a call, an index,
//! an element) is computed before the negation: where it is undefined, so is the whole body. `not input.level > 3` says
//! nothing about an input without a level. The interpreter computes it inside the negation and would say true.
//!
//! So the interpreter reads `not input.level > 3` as `__not_0 = input.level; not __not_0 > 3`.
//!
//! See OPA's compiler, `rewriteDynamics` and `rewriteExprTerms`.

use regorus::unstable::{BoolOp, Expr, Span};

use super::scopes;

/// What a negated expression computes on the way. `is_document` knows names of rules and imports from local ones.
pub fn computed_before<'e>(expression: &'e Expr, is_document: &dyn Fn(&str) -> bool) -> Vec<&'e Span> {
    let mut finder = Finder { is_document, comprehensions: false, found: Vec::new() };
    finder.negated(expression);
    finder.found
}

/// What a value computes that may be undefined.
pub fn computed_by_value<'e>(expression: &'e Expr, is_document: &dyn Fn(&str) -> bool) -> Vec<&'e Span> {
    let mut finder = Finder { is_document, comprehensions: false, found: Vec::new() };
    finder.computed(expression);
    finder.found
}

/// Whatever a value computes, undefined or not.
pub fn evaluated_by_value<'e>(expression: &'e Expr, is_document: &dyn Fn(&str) -> bool) -> Vec<&'e Span> {
    let mut finder = Finder { is_document, comprehensions: true, found: Vec::new() };
    finder.computed(expression);
    finder.found
}

struct Finder<'e, 'd> {
    is_document: &'d dyn Fn(&str) -> bool,
    /// Whether comprehensions, which are never undefined, are looked for as well.
    comprehensions: bool,
    found: Vec<&'e Span>,
}

impl<'e> Finder<'e, '_> {
    fn negated(&mut self, expression: &'e Expr) {
        match expression {
            Expr::RefDot { .. } | Expr::RefBrack { .. } => self.indices(expression),
            Expr::BoolExpr { op: BoolOp::Eq, lhs, rhs, .. } | Expr::AssignExpr { lhs, rhs, .. } => {
                self.side(lhs);
                self.side(rhs);
            }
            _ => scopes::parts(expression).into_iter().for_each(|part| self.computed(part)),
        }
    }

    /// One side of an equation: a reference is compared as it is.
    fn side(&mut self, expression: &'e Expr) {
        match expression {
            Expr::Var { .. } => {}
            Expr::RefDot { .. } | Expr::RefBrack { .. } => self.indices(expression),
            _ => self.computed(expression),
        }
    }

    fn indices(&mut self, mut reference: &'e Expr) {
        loop {
            reference = match reference {
                Expr::RefDot { refr, .. } => refr,
                Expr::RefBrack { refr, index, .. } => {
                    self.computed(index);
                    refr
                }
                Expr::Var { .. } => return,
                root => return self.computed(root),
            };
        }
    }

    /// References and calls as they stand; of others their parts.
    fn computed(&mut self, expression: &'e Expr) {
        match expression {
            Expr::Var { span, .. } if !(self.is_document)(span.text()) => {}
            Expr::Array { .. } | Expr::Set { .. } | Expr::Object { .. } => {
                scopes::parts(expression).into_iter().for_each(|part| self.computed(part));
            }
            Expr::String { .. }
            | Expr::RawString { .. }
            | Expr::Number { .. }
            | Expr::Bool { .. }
            | Expr::Null { .. } => {}
            Expr::ArrayCompr { .. } | Expr::SetCompr { .. } | Expr::ObjectCompr { .. } if !self.comprehensions => {}
            _ => self.found.push(expression.span()),
        }
    }
}
