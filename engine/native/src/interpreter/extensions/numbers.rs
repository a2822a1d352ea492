//! Ranges, bounded: regorus would build the whole of them before it looks at the clock again.

use regorus::Value;

use super::{Answer, Extension, Fault, wanted};

/// Some hundreds of megabytes are a bound for one value, not a size that a policy wants.
const MAX_RANGE: usize = 5_000_000;

pub const EXTENSIONS: &[Extension] = &[
    ("numbers.range", 2, |arguments| range(arguments, &Value::from(1_u64))),
    ("numbers.range_step", 3, |arguments| match arguments.get(2) {
        Some(step @ Value::Number(number)) if number.is_integer() => range(arguments, step),
        _ => wanted(3, "integer"),
    }),
];

/// From the first to the last, both included, downwards if the last is the smaller.
fn range(arguments: &[Value], step: &Value) -> Answer {
    let [Value::Number(first), Value::Number(last), ..] = arguments else {
        return wanted(1, "integer");
    };
    let Value::Number(step) = step else {
        return wanted(3, "integer");
    };
    if !first.is_integer() || !last.is_integer() {
        return wanted(1, "integer");
    }
    if !step.is_positive() || step.as_i64() == Some(0) {
        return Err(Fault::Arguments("step must be a positive integer".into()));
    }
    let upwards = first <= last;
    let mut numbers = Vec::new();
    let mut next = first.clone();
    while if upwards { next <= *last } else { next >= *last } {
        if numbers.len() == MAX_RANGE {
            return Err(Fault::Limit(format!("more than {MAX_RANGE} numbers")));
        }
        numbers.push(Value::from(next.clone()));
        let sum = if upwards { next.add(step) } else { next.sub(step) };
        next = sum.map_err(|error| Fault::Limit(error.to_string()))?;
    }
    Ok(Value::from(numbers))
}
