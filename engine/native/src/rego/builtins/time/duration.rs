//! Durations as Go writes them (`1h30m`, `-1.5s`), with OPA's days, weeks and years.
//!
//! Source: Go's `time.ParseDuration`; OPA `topdown/time.go` (`parseExtendedDuration`) and its duration grammar.

const LIMIT: u64 = 1 << 63;

/// Nanoseconds of a duration.
///
/// # Errors
/// Go's message, with the text as the policy wrote it.
pub(super) fn parse(text: &str) -> Result<i64, String> {
    if !text.contains(['d', 'w', 'y']) {
        return parse_go(text).map_err(|why| format!("time: {why} {}", quote(text)));
    }
    let invalid = || format!("time: invalid duration {}", super::parse::go_quote(text));
    let rewritten = in_hours(text).ok_or_else(invalid)?;
    parse_go(&rewritten).map_err(|why| format!("time: {why} {}", super::parse::go_quote(text)))
}

/// Days, weeks and years written as hours; nothing if the text is no sequence of digits and units.
fn in_hours(text: &str) -> Option<String> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let mut out = text.get(..text.len() - unsigned.len())?.to_owned();
    let mut rest = unsigned;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits_end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (digits, tail) = rest.split_at(digits_end);
        if digits.is_empty() {
            return None;
        }
        let unit = ["ms", "us", "µs", "ns"].into_iter().find(|unit| tail.starts_with(unit));
        let unit = unit.or_else(|| tail.get(..1).filter(|c| c.starts_with(|c: char| c.is_ascii_lowercase())))?;
        let hours = match unit {
            "d" => Some(24.0),
            "w" => Some(168.0),
            "y" => Some(8760.0),
            _ => None,
        };
        match hours {
            Some(hours) => {
                let value: f64 = digits.parse().ok()?;
                out.push_str(&format!("{}h", value * hours));
            }
            None => {
                out.push_str(digits);
                out.push_str(unit);
            }
        }
        rest = tail.get(unit.len()..)?;
    }
    Some(out)
}

fn unit_nanoseconds(unit: &str) -> Option<u64> {
    Some(match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

fn parse_go(text: &str) -> Result<i64, String> {
    let invalid = || "invalid duration".to_owned();
    let negative = text.starts_with('-');
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let (whole, after) = leading_digits(rest);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => leading_digits(after),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        let mut value: u64 = match whole {
            "" => 0,
            digits => digits.parse().ok().filter(|v| *v <= LIMIT).ok_or_else(invalid)?,
        };
        let unit_end = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, tail) = after.split_at(unit_end);
        if unit.is_empty() {
            return Err("missing unit in duration".to_owned());
        }
        let factor = unit_nanoseconds(unit).ok_or_else(|| format!("unknown unit {} in duration", quote(unit)))?;
        value = value.checked_mul(factor).filter(|v| *v <= LIMIT).ok_or_else(invalid)?;
        value += fraction_nanoseconds(fraction, factor);
        if value > LIMIT {
            return Err(invalid());
        }
        total = total.checked_add(value).filter(|v| *v <= LIMIT).ok_or_else(invalid)?;
        rest = tail;
    }
    if negative {
        return Ok((total as i64).wrapping_neg());
    }
    i64::try_from(total).map_err(|_| invalid())
}

fn leading_digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

/// Digits after the point times the unit, through a float as Go does; digits beyond 63 bits are dropped.
fn fraction_nanoseconds(digits: &str, factor: u64) -> u64 {
    let (mut value, mut scale) = (0_u64, 1.0_f64);
    for digit in digits.bytes() {
        let next = value.checked_mul(10).and_then(|v| v.checked_add(u64::from(digit - b'0')));
        let Some(next) = next.filter(|next| *next <= LIMIT) else { break };
        value = next;
        scale *= 10.0;
    }
    (value as f64 * (factor as f64 / scale)) as u64
}

fn quote(text: &str) -> String {
    super::parse::quote(text)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn units_add_up() {
        assert_eq!(parse("1h1.5s"), Ok(3_601_500_000_000));
        assert_eq!(parse("-1.5h"), Ok(-5_400_000_000_000));
        assert_eq!(parse("1d2h"), Ok(93_600_000_000_000));
        assert_eq!(parse("1.5w"), Ok(907_200_000_000_000));
        assert_eq!(parse("-9223372036854775808ns"), Ok(i64::MIN));
    }

    #[test]
    fn what_is_wrong_is_said_in_gos_words() {
        assert_eq!(parse("1"), Err("time: missing unit in duration \"1\"".into()));
        assert_eq!(parse("1x"), Err("time: unknown unit \"x\" in duration \"1x\"".into()));
        assert_eq!(parse(""), Err("time: invalid duration \"\"".into()));
        assert_eq!(parse("1y2"), Err("time: invalid duration \"1y2\"".into()));
        assert_eq!(parse("9223372036854775808ns"), Err("time: invalid duration \"9223372036854775808ns\"".into()));
    }
}
