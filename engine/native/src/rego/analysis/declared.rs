//! Which variables a body declares with `:=` and `some`.

use super::core::{Expr, Kind, Statement, Term};
use super::vars::VarSet;
use super::walk::{self, Item};

/// All variables of and below a term, whatever it is.
pub(super) fn add_all_vars(term: &Term, found: &mut VarSet) {
    walk::terms_of_term(term, &mut |term| {
        if let Kind::Var(name) = &term.kind {
            found.add(name);
        }
        false
    });
}

fn declared_by(expr: &Expr, found: &mut VarSet) {
    match &expr.statement {
        Statement::Call(call) if call.is_named("assign") => {
            if let [left, _] = call.arguments.as_slice() {
                add_all_vars(left, found);
            }
        }
        Statement::Some(symbols) => {
            for symbol in symbols {
                match &symbol.kind {
                    Kind::Var(name) => found.add(name),
                    Kind::Call(call) => {
                        let members = call.arguments.len().saturating_sub(1);
                        call.arguments.iter().take(members).for_each(|term| add_all_vars(term, found));
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// The variables that a body declares, comprehensions in it left out.
pub(super) fn declared_in(body: &[Expr]) -> VarSet {
    let mut found = VarSet::default();
    walk::body(body, &mut |item: Item<'_>| match item {
        Item::Expr(expr) => {
            declared_by(expr, &mut found);
            false
        }
        Item::Term(term) => term.is_comprehension(),
        Item::With(_) => false,
    });
    found
}
