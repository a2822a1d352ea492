//! Text of a float of 64 bits as Go's `strconv.FormatFloat` writes it: `%e`, `%f`, `%g`, `%x`, `%b`.
//!
//! The standard library knows the shortest and the exact digits; the shape around them is ours. The float is finite.

/// Beyond this many digits after the point a 64-bit float has only zeros.
const MAX_DIGITS: usize = 1_100;

/// `precision` is the number of digits after the point, or of all digits for `g`; `None` is as many as are needed.
pub(super) fn format_float(float: f64, style: char, precision: Option<usize>) -> String {
    match style {
        'e' | 'E' => scientific(float, style, precision),
        'f' => plain(float, precision),
        'g' | 'G' => general(float, style, precision),
        'b' => binary(float),
        _ => hexadecimal(float, style, precision),
    }
}

fn plain(float: f64, precision: Option<usize>) -> String {
    let Some(precision) = precision else { return format!("{float}") };
    let kept = precision.min(MAX_DIGITS);
    let mut text = format!("{float:.kept$}");
    text.push_str(&"0".repeat(precision - kept));
    text
}

/// Sign, digits (with their point) and exponent of the number in scientific notation.
fn parts(float: f64, precision: Option<usize>) -> (&'static str, String, i32) {
    let text = match precision {
        Some(precision) => format!("{:.*e}", precision.min(MAX_DIGITS), float.abs()),
        None => format!("{:e}", float.abs()),
    };
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let sign = if float.is_sign_negative() { "-" } else { "" };
    (sign, digits.to_owned(), exponent.parse().unwrap_or(0))
}

fn scientific(float: f64, style: char, precision: Option<usize>) -> String {
    let (sign, mut digits, exponent) = parts(float, precision);
    digits.push_str(&"0".repeat(precision.unwrap_or(0).saturating_sub(MAX_DIGITS)));
    format!("{sign}{digits}{}", with_sign(style, exponent))
}

/// The exponent with its sign and at least two digits.
fn with_sign(letter: char, exponent: i32) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{letter}{sign}{:02}", exponent.unsigned_abs())
}

fn general(float: f64, style: char, precision: Option<usize>) -> String {
    let (sign, digits, exponent) = parts(float, precision.map(|precision| precision.max(1) - 1));
    let digits = digits.replace('.', "");
    let digits = if precision.is_some() { digits.trim_end_matches('0') } else { &digits };
    let digits = if digits.is_empty() { "0" } else { digits };
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let limit = match precision {
        None => 6,
        Some(precision) => {
            let limit = i32::try_from(precision.max(1)).unwrap_or(i32::MAX);
            if limit > count && count > exponent { count } else { limit }
        }
    };
    if exponent < -4 || exponent >= limit {
        let (first, rest) = digits.split_at(1.min(digits.len()));
        let point = if rest.is_empty() { "" } else { "." };
        let letter = if style == 'G' { 'E' } else { 'e' };
        return format!("{sign}{first}{point}{rest}{}", with_sign(letter, exponent));
    }
    format!("{sign}{}", placed(digits, exponent))
}

/// The digits with the point behind the digit that stands for 10^0.
fn placed(digits: &str, exponent: i32) -> String {
    match usize::try_from(exponent) {
        Err(_) => format!("0.{}{digits}", "0".repeat(usize::try_from(-exponent - 1).unwrap_or(0))),
        Ok(whole) if whole + 1 >= digits.len() => format!("{digits}{}", "0".repeat(whole + 1 - digits.len())),
        Ok(whole) => {
            let (whole, fraction) = digits.split_at(whole + 1);
            format!("{whole}.{fraction}")
        }
    }
}

/// Mantissa (53 bits at most) and the power of two it is times.
fn decomposed(float: f64) -> (u64, i32) {
    let bits = float.to_bits();
    let (fraction, exponent) = (bits & ((1 << 52) - 1), ((bits >> 52) & 0x7ff) as i32);
    if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) }
}

fn binary(float: f64) -> String {
    let (mantissa, exponent) = decomposed(float);
    let sign = if float.is_sign_negative() { "-" } else { "" };
    let plus = if exponent < 0 { "" } else { "+" };
    format!("{sign}{mantissa}p{plus}{exponent}")
}

fn hexadecimal(float: f64, style: char, precision: Option<usize>) -> String {
    let (mut mantissa, mut exponent) = decomposed(float);
    if mantissa == 0 {
        exponent = 0;
    } else {
        // The leading one goes to bit 60, so that 15 hexadecimal digits follow it.
        let shift = mantissa.leading_zeros() as i32 - 3;
        mantissa <<= shift;
        exponent += 60 - shift;
    }
    if let Some(precision) = precision.filter(|precision| *precision < 15) {
        let dropped = 60 - 4 * precision as u32;
        let (half, rest) = (1_u64 << (dropped - 1), mantissa & ((1 << dropped) - 1));
        mantissa >>= dropped;
        if rest > half || rest == half && mantissa & 1 == 1 {
            mantissa += 1;
        }
        mantissa <<= dropped;
        if mantissa >> 61 == 1 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    let mut digits = format!("{:015x}", mantissa & ((1 << 60) - 1));
    match precision {
        None => digits.truncate(digits.trim_end_matches('0').len()),
        Some(precision) if precision < 15 => digits.truncate(precision),
        Some(precision) => digits.push_str(&"0".repeat(precision - 15)),
    }
    let sign = if float.is_sign_negative() { "-" } else { "" };
    let point = if digits.is_empty() { "" } else { "." };
    let text = format!("{sign}0x{}{point}{digits}{}", mantissa >> 60, with_sign('p', exponent));
    if style == 'X' { text.to_uppercase() } else { text }
}
