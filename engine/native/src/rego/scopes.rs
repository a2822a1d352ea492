//! Which variables a query or a function declares, so that a local name is not taken for a rule of the same name.

use std::collections::HashSet;

use regorus::unstable::{AssignOp, Expr, Literal, Query, Ref};

/// The variables that a query's own statements declare: `some`, `:=`. Nested queries declare their own.
pub fn declared_in(query: &Query) -> HashSet<String> {
    let mut names = HashSet::new();
    for statement in &query.stmts {
        match &statement.literal {
            Literal::SomeVars { vars, .. } => names.extend(vars.iter().map(|span| span.text().to_owned())),
            Literal::SomeIn { key, value, .. } => {
                if let Some(key) = key {
                    pattern(key, &mut names);
                }
                pattern(value, &mut names);
            }
            Literal::Expr { expr, .. } => {
                if let Expr::AssignExpr {
                    op: AssignOp::ColEq,
                    lhs,
                    ..
                } = expr.as_ref()
                {
                    pattern(lhs, &mut names);
                }
            }
            Literal::NotExpr { .. } | Literal::Every { .. } => {}
        }
    }
    names
}

/// The variables of function parameters.
pub fn parameters(arguments: &[Ref<Expr>]) -> HashSet<String> {
    let mut names = HashSet::new();
    for argument in arguments {
        pattern(argument, &mut names);
    }
    names
}

fn pattern(expression: &Expr, names: &mut HashSet<String>) {
    match expression {
        Expr::Var { span, .. } => {
            names.insert(span.text().to_owned());
        }
        Expr::Array { items, .. } | Expr::Set { items, .. } => {
            for item in items {
                pattern(item, names);
            }
        }
        Expr::Object { fields, .. } => {
            for (_, _, value) in fields {
                pattern(value, names);
            }
        }
        _ => {}
    }
}
