//! The infix operators, under names that policies do not know (`source::operators` writes them).

use regorus::Value;
use regorus::unstable::ArithOp;

use super::{Answer, Extension, Fault, wanted};

pub const PLUS: &str = "bylaw_internal.plus";
pub const MINUS: &str = "bylaw_internal.minus";
pub const TIMES: &str = "bylaw_internal.times";
pub const DIVIDE: &str = "bylaw_internal.divide";
pub const REMAINDER: &str = "bylaw_internal.remainder";
pub const UNION: &str = "bylaw_internal.union";
pub const INTERSECTION: &str = "bylaw_internal.intersection";

pub const OPERATORS: &[Extension] = &[
    (PLUS, 2, |operands| arithmetic(&ArithOp::Add, operands)),
    (MINUS, 2, minus),
    (TIMES, 2, |operands| arithmetic(&ArithOp::Mul, operands)),
    (DIVIDE, 2, |operands| arithmetic(&ArithOp::Div, operands)),
    (REMAINDER, 2, |operands| arithmetic(&ArithOp::Mod, operands)),
    (UNION, 2, |operands| sets(operands, |left, right| left.union(right))),
    (INTERSECTION, 2, |operands| sets(operands, |left, right| left.intersection(right))),
];

/// Of numbers or of sets.
fn minus(operands: &[Value]) -> Answer {
    match operands {
        [Value::Set(left), Value::Set(right)] => Ok(left.difference(right).into_value()),
        _ => arithmetic(&ArithOp::Sub, operands),
    }
}

fn arithmetic(operator: &ArithOp, operands: &[Value]) -> Answer {
    let [Value::Number(left), Value::Number(right)] = operands else {
        let at = operands.iter().position(|operand| !matches!(operand, Value::Number(_))).unwrap_or(0);
        return wanted(at + 1, "number");
    };
    let by_zero = right.as_i64() == Some(0);
    let result = match operator {
        ArithOp::Add => left.add(right),
        ArithOp::Sub => left.sub(right),
        ArithOp::Mul => left.mul(right),
        ArithOp::Div if by_zero => return Err(Fault::Arguments("divide by zero".into())),
        ArithOp::Div => left.clone().divide(right),
        ArithOp::Mod if by_zero => return Err(Fault::Arguments("modulo by zero".into())),
        ArithOp::Mod if !left.is_integer() || !right.is_integer() => {
            return Err(Fault::Arguments("modulo on floating-point number".into()));
        }
        ArithOp::Mod => left.clone().modulo(right),
    };
    result.map(Value::from).map_err(|error| Fault::Arguments(error.to_string()))
}

fn sets(operands: &[Value], combine: fn(&regorus::value::Set, &regorus::value::Set) -> regorus::value::Set) -> Answer {
    match operands {
        [Value::Set(left), Value::Set(right)] => Ok(combine(left, right).into_value()),
        [Value::Set(_), _] => wanted(2, "set"),
        _ => wanted(1, "set"),
    }
}
