//! Exact comparison of number literals by value, from their text: `1`, `1.0` and `10e-1` are equal.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

/// Sign, the digits without leading and trailing zeros, and the power of ten of a point before the first digit.
struct Normal {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
}

fn normalise(text: &str) -> Normal {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, power) = match rest.find(['e', 'E']) {
        Some(at) => (rest.get(..at).unwrap_or(""), rest.get(at + 1..).unwrap_or("").parse::<i64>().unwrap_or(0)),
        None => (rest, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
    let leading = all.iter().take_while(|d| **d == b'0').count();
    let mut digits: Vec<u8> = all.into_iter().skip(leading).collect();
    while digits.last() == Some(&b'0') {
        digits.pop();
    }
    if digits.is_empty() {
        return Normal { negative: false, digits, exponent: 0 };
    }
    let point = i64::try_from(whole.len()).unwrap_or(i64::MAX).saturating_sub(i64::try_from(leading).unwrap_or(0));
    Normal { negative, digits, exponent: point.saturating_add(power) }
}

/// The order of two literals by value.
pub fn compare(a: &str, b: &str) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    let (a, b) = (normalise(a), normalise(b));
    let signum = |n: &Normal| match (n.digits.is_empty(), n.negative) {
        (true, _) => 0,
        (false, true) => -1,
        (false, false) => 1,
    };
    let by_sign = signum(&a).cmp(&signum(&b));
    if by_sign != Ordering::Equal {
        return by_sign;
    }
    let by_size = a.exponent.cmp(&b.exponent).then_with(|| a.digits.cmp(&b.digits));
    if a.negative { by_size.reverse() } else { by_size }
}

/// A hash that is equal for literals of equal value.
pub fn hash<H: Hasher>(text: &str, state: &mut H) {
    let n = normalise(text);
    (n.negative, n.digits, n.exponent).hash(state);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_compare_by_value() {
        for (a, b, want) in [
            ("1", "1.0", Ordering::Equal),
            ("10e-1", "1", Ordering::Equal),
            ("-0", "0", Ordering::Equal),
            ("0.10", "1e-1", Ordering::Equal),
            ("2", "10", Ordering::Less),
            ("-2", "-10", Ordering::Greater),
            ("0.001", "0.01", Ordering::Less),
            ("-1", "0", Ordering::Less),
            ("123456789012345678901234567890", "123456789012345678901234567891", Ordering::Less),
            (".5", "0.5", Ordering::Equal),
        ] {
            assert_eq!(compare(a, b), want, "{a} against {b}");
            assert_eq!(compare(b, a), want.reverse(), "{b} against {a}");
        }
    }
}
