//! Ranges, bounded: regorus would build the whole of them before it looks at the clock again.

use regorus::Value;

use super::{Answer, Extension, Fault, integer};

/// Some hundreds of megabytes are a bound for one value, not a size that a policy wants.
const MAX_RANGE: u64 = 5_000_000;

pub const EXTENSIONS: &[Extension] = &[
    ("numbers.range", 2, |arguments| {
        range(integer(arguments, 0)?, integer(arguments, 1)?, 1)
    }),
    ("numbers.range_step", 3, |arguments| {
        let step = integer(arguments, 2)?;
        if step < 1 {
            return Err(Fault::Arguments("step must be a positive integer".into()));
        }
        range(
            integer(arguments, 0)?,
            integer(arguments, 1)?,
            step.unsigned_abs(),
        )
    }),
];

/// From the first to the last, both included, downwards if the last is the smaller.
fn range(first: i64, last: i64, step: u64) -> Answer {
    let count = first.abs_diff(last) / step;
    if count >= MAX_RANGE {
        return Err(Fault::Limit(format!("more than {MAX_RANGE} numbers")));
    }
    let offsets = (0..=count).map(|index| index * step);
    let number = |offset: u64| {
        if first <= last {
            first.wrapping_add_unsigned(offset)
        } else {
            first.wrapping_sub_unsigned(offset)
        }
    };
    Ok(Value::from(
        offsets
            .map(|offset| Value::from(number(offset)))
            .collect::<Vec<_>>(),
    ))
}
