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
                if let Expr::AssignExpr { op: AssignOp::ColEq, lhs, .. } = expr.as_ref() {
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

/// The expressions that an expression is made of, comprehensions' bodies apart.
pub fn parts(expression: &Expr) -> Vec<&Expr> {
    match expression {
        Expr::Array { items, .. } | Expr::Set { items, .. } => items.iter().map(AsRef::as_ref).collect(),
        Expr::Object { fields, .. } => {
            fields.iter().flat_map(|(_, key, value)| [key.as_ref(), value.as_ref()]).collect()
        }
        Expr::Call { params, .. } => params.iter().map(AsRef::as_ref).collect(),
        Expr::UnaryExpr { expr, .. } => vec![expr],
        Expr::RefDot { refr, .. } => vec![refr],
        Expr::RefBrack { refr, index, .. } => vec![refr, index],
        Expr::BinExpr { lhs, rhs, .. }
        | Expr::BoolExpr { lhs, rhs, .. }
        | Expr::ArithExpr { lhs, rhs, .. }
        | Expr::AssignExpr { lhs, rhs, .. } => vec![lhs, rhs],
        Expr::Membership { key, value, collection, .. } => {
            key.iter().chain([value, collection]).map(AsRef::as_ref).collect()
        }
        Expr::ArrayCompr { term, .. } | Expr::SetCompr { term, .. } => vec![term],
        Expr::ObjectCompr { key, value, .. } => vec![key, value],
        Expr::String { .. }
        | Expr::RawString { .. }
        | Expr::Number { .. }
        | Expr::Bool { .. }
        | Expr::Null { .. }
        | Expr::Var { .. } => Vec::new(),
    }
}

/// What stands in the brackets of a reference, first things first.
pub fn indices(mut reference: &Expr) -> Vec<&Expr> {
    let mut indices = Vec::new();
    loop {
        reference = match reference {
            Expr::RefDot { refr, .. } => refr,
            Expr::RefBrack { refr, index, .. } => {
                indices.insert(0, index.as_ref());
                refr
            }
            _ => return indices,
        };
    }
}

/// The name that a reference begins with.
pub fn root_name(mut reference: &Expr) -> Option<&str> {
    loop {
        reference = match reference {
            Expr::RefDot { refr, .. } | Expr::RefBrack { refr, .. } => refr,
            Expr::Var { span, .. } => return Some(span.text()),
            _ => return None,
        };
    }
}

/// Whether nothing has to be looked up for it. Comprehensions bring their own bodies, which OPA lets pass.
pub fn is_constant(expression: &Expr) -> bool {
    match expression {
        Expr::ArrayCompr { .. } | Expr::SetCompr { .. } | Expr::ObjectCompr { .. } => true,
        Expr::Var { .. } | Expr::RefDot { .. } | Expr::RefBrack { .. } | Expr::Call { .. } => false,
        _ => parts(expression).into_iter().all(is_constant),
    }
}
