//! References in a syntax tree, taken apart into their steps.

use regorus::Value;
use regorus::unstable::Expr;

use super::Step;

/// The steps of a reference up to the first that is no constant.
pub fn constant_steps(reference: &Expr) -> Vec<String> {
    let (root, steps) = flatten(reference);
    let mut path: Vec<String> = match root {
        Expr::Var { span, .. } => vec![span.text().to_owned()],
        _ => Vec::new(),
    };
    for (step, _) in steps {
        match step {
            Step::Key(key) => path.push(key),
            Step::Variable => break,
        }
    }
    path
}

/// The root of a reference, and its steps with the expression of each that is not constant.
pub fn flatten(mut expression: &Expr) -> (&Expr, Vec<(Step, Option<&Expr>)>) {
    let mut steps = Vec::new();
    loop {
        expression = match expression {
            Expr::RefDot { refr, field, .. } => {
                steps.push((Step::Key(field.0.text().to_owned()), None));
                refr
            }
            Expr::RefBrack { refr, index, .. } => {
                steps.push(index_step(index));
                refr
            }
            root => {
                steps.reverse();
                return (root, steps);
            }
        };
    }
}

fn index_step(index: &Expr) -> (Step, Option<&Expr>) {
    match index {
        Expr::String { value, .. } | Expr::RawString { value, .. } => match value {
            Value::String(text) => (Step::Key(text.to_string()), None),
            other => (Step::Key(other.to_string()), None),
        },
        Expr::Number { value, .. } | Expr::Bool { value, .. } | Expr::Null { value, .. } => {
            (Step::Key(value.to_string()), None)
        }
        other => (Step::Variable, Some(other)),
    }
}
