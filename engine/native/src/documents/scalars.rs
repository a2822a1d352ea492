//! What a plain word means: the core schema of YAML 1.2, less what JSON cannot carry (infinities, leading zeros), which
//! stays text.

/// Digits of an integer; a longer one is read as a number with a fraction is, or stays text.
const MAX_DIGITS: usize = 301;
/// Digits behind `0x` and `0o`.
const MAX_PREFIXED_DIGITS: usize = 100;

/// The value of a plain word.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Plain {
    Null,
    Flag(bool),
    Integer(i64),
    /// Beyond 64 bits: its digits, with a sign or a prefix.
    LongInteger,
    Float(f64),
    Text,
}

#[must_use]
pub fn resolve(word: &str) -> Plain {
    match word {
        "" | "~" | "null" | "Null" | "NULL" => Plain::Null,
        "true" | "True" | "TRUE" => Plain::Flag(true),
        "false" | "False" | "FALSE" => Plain::Flag(false),
        _ => number(word).unwrap_or(Plain::Text),
    }
}

/// Words that YAML 1.1 takes for true or false.
#[must_use]
pub fn is_doubtful(word: &str) -> bool {
    matches!(word, "yes" | "Yes" | "YES" | "no" | "No" | "NO" | "on" | "On" | "ON" | "off" | "Off" | "OFF")
}

fn number(word: &str) -> Option<Plain> {
    if !matches!(word.as_bytes().first()?, b'0'..=b'9' | b'+' | b'-' | b'.') {
        return None;
    }
    let unsigned = word.strip_prefix(['+', '-']).unwrap_or(word);
    if let Some((radix, digits)) = prefixed(word) {
        return Some(i64::from_str_radix(digits, radix).map_or(Plain::LongInteger, Plain::Integer));
    }
    if is_integer(unsigned) {
        return Some(word.parse().map_or(Plain::LongInteger, Plain::Integer));
    }
    if !is_float(unsigned) || has_leading_zero(unsigned) {
        return None;
    }
    word.parse().ok().filter(|number: &f64| number.is_finite()).map(Plain::Float)
}

fn prefixed(word: &str) -> Option<(u32, &str)> {
    let (radix, digits) = match (word.strip_prefix("0o"), word.strip_prefix("0x")) {
        (Some(digits), _) => (8, digits),
        (_, Some(digits)) => (16, digits),
        _ => return None,
    };
    let fits = (1..=MAX_PREFIXED_DIGITS).contains(&digits.len()) && digits.chars().all(|digit| digit.is_digit(radix));
    fits.then_some((radix, digits))
}

fn is_integer(digits: &str) -> bool {
    (1..=MAX_DIGITS).contains(&digits.len())
        && digits.bytes().all(|digit| digit.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'))
}

fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let are_digits = |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    let fits = match mantissa.split_once('.') {
        Some(("", fraction)) => are_digits(fraction),
        Some((whole, fraction)) => are_digits(whole) && (fraction.is_empty() || are_digits(fraction)),
        None => are_digits(mantissa),
    };
    fits && exponent.is_none_or(|exponent| are_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

fn has_leading_zero(unsigned: &str) -> bool {
    matches!(unsigned.as_bytes(), [b'0', b'0'..=b'9', ..])
}

/// A number as Python and JSON write it: the shortest digits that say the same.
#[must_use]
pub fn float_text(number: f64) -> String {
    let scientific = format!("{number:e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if !(-4..16).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{mantissa}e{sign}{:02}", exponent.abs());
    }
    let plain = number.to_string();
    if plain.contains('.') { plain } else { plain + ".0" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_by_the_core_schema() {
        let long = "9".repeat(302);
        for (word, wanted) in [
            ("", Plain::Null),
            ("~", Plain::Null),
            ("TRUE", Plain::Flag(true)),
            ("no", Plain::Text),
            ("12", Plain::Integer(12)),
            ("+12", Plain::Integer(12)),
            ("-0", Plain::Integer(0)),
            ("010", Plain::Text),
            ("0o17", Plain::Integer(15)),
            ("0x1F", Plain::Integer(31)),
            ("0x", Plain::Text),
            ("-0x1F", Plain::Text),
            ("9223372036854775808", Plain::LongInteger),
            ("0xffffffffffffffff", Plain::LongInteger),
            ("1.", Plain::Float(1.0)),
            (".5", Plain::Float(0.5)),
            ("-.5e+3", Plain::Float(-500.0)),
            ("00.5", Plain::Text),
            ("1e", Plain::Text),
            ("1e999", Plain::Text),
            (".", Plain::Text),
            (".inf", Plain::Text),
            ("1_000", Plain::Text),
            ("1:30", Plain::Text),
            ("2024-01-01", Plain::Text),
            (&long, Plain::Float(1e302)),
        ] {
            assert_eq!(resolve(word), wanted, "{word}");
        }
    }

    #[test]
    fn numbers_are_written_as_python_writes_them() {
        for (number, wanted) in [
            (1.1, "1.1"),
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.5e300, "1.5e+300"),
        ] {
            assert_eq!(float_text(number), wanted);
        }
    }
}
