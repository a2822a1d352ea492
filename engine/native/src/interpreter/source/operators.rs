//! Infix operators as the calls that they are in OPA. The interpreter ends the whole evaluation where an operand has the
//! wrong type; as calls of our own (`extensions::operators`) they are undefined there, like every other built-in.

use regorus::unstable::{ArithOp, BinOp, Expr};

use super::edits::Edits;
use crate::interpreter::extensions::operators;

/// Rewrites one expression, its parts not included.
pub fn rewrite(expression: &Expr, edits: &mut Edits<'_>) {
    let (span, lhs, rhs, symbol, function) = match expression {
        Expr::ArithExpr { span, op, lhs, rhs, .. } => match op {
            ArithOp::Add => (span, lhs, rhs, '+', operators::PLUS),
            ArithOp::Sub => (span, lhs, rhs, '-', operators::MINUS),
            ArithOp::Mul => (span, lhs, rhs, '*', operators::TIMES),
            ArithOp::Div => (span, lhs, rhs, '/', operators::DIVIDE),
            ArithOp::Mod => (span, lhs, rhs, '%', operators::REMAINDER),
        },
        Expr::BinExpr { span, op, lhs, rhs, .. } => match op {
            BinOp::Union => (span, lhs, rhs, '|', operators::UNION),
            BinOp::Intersection => (span, lhs, rhs, '&', operators::INTERSECTION),
        },
        _ => return,
    };
    let (from, to) = (edits.stretch(lhs.span()).1, edits.stretch(rhs.span()).0);
    let Some(at) = find(edits.source(), from, to, symbol) else {
        return; // left as it is: an error of its operands then ends the evaluation, which is safe
    };
    edits.replace((at, at + 1), ",");
    edits.surround(edits.stretch(span), &format!("{function}("), ")");
}

/// The symbol between two operands, comments apart.
fn find(source: &str, from: usize, to: usize, symbol: char) -> Option<usize> {
    let mut in_comment = false;
    for (offset, character) in source.get(from..to)?.char_indices() {
        match character {
            '#' => in_comment = true,
            '\n' => in_comment = false,
            _ if character == symbol && !in_comment => return Some(from + offset),
            _ => {}
        }
    }
    None
}
