//! Scalars of YAML 1.1 as `go.yaml.in/yaml/v2` resolves and quotes them.

use std::cmp::Ordering;

use super::operands::BuiltinError;
use crate::rego::values::{Number, Value, quote};

/// What a scalar means.
pub(super) enum Scalar {
    Null,
    Bool(bool),
    Number(Number),
    /// Not a number that JSON has.
    Special(&'static str),
    Text(String),
}

const TRUE: &[&str] = &["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"];
const FALSE: &[&str] = &["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"];
const NULL: &[&str] = &["", "~", "null", "Null", "NULL"];
const SPECIAL: &[(&str, &str)] = &[
    (".nan", "NaN"),
    (".NaN", "NaN"),
    (".NAN", "NaN"),
    (".inf", "+Inf"),
    (".Inf", "+Inf"),
    (".INF", "+Inf"),
    ("+.inf", "+Inf"),
    ("+.Inf", "+Inf"),
    ("+.INF", "+Inf"),
    ("-.inf", "-Inf"),
    ("-.Inf", "-Inf"),
    ("-.INF", "-Inf"),
];

/// The meaning of a scalar; only plain ones, or tagged ones, are more than text.
///
/// # Errors
/// The tag does not fit.
pub(super) fn resolve(text: &str, plain: bool, tag: Option<&str>) -> Result<Scalar, BuiltinError> {
    match tag {
        Some("str" | "binary") => Ok(Scalar::Text(text.to_owned())),
        Some(tag @ ("int" | "float" | "bool" | "null")) => {
            let scalar = untagged(text);
            let fits = matches!(
                (&scalar, tag),
                (Scalar::Null, "null") | (Scalar::Bool(_), "bool") | (Scalar::Number(_), "int" | "float")
            );
            if fits {
                return Ok(scalar);
            }
            Err(BuiltinError::failure(format!("yaml: cannot decode `{text}` as a !!{tag}")))
        }
        _ if plain => Ok(untagged(text)),
        _ => Ok(Scalar::Text(text.to_owned())),
    }
}

fn untagged(text: &str) -> Scalar {
    if NULL.contains(&text) {
        return Scalar::Null;
    }
    if TRUE.contains(&text) {
        return Scalar::Bool(true);
    }
    if FALSE.contains(&text) {
        return Scalar::Bool(false);
    }
    if let Some((_, name)) = SPECIAL.iter().find(|(written, _)| *written == text) {
        return Scalar::Special(name);
    }
    match number(text) {
        Some(number) => Scalar::Number(number),
        None => Scalar::Text(text.to_owned()),
    }
}

/// Integers in bases 2, 8, 10 and 16 up to 64 bits, with underscores, and decimal floats.
fn number(text: &str) -> Option<Number> {
    let first = text.bytes().next()?;
    if first == b'.' {
        return float(text);
    }
    if !(first.is_ascii_digit() || matches!(first, b'+' | b'-')) || is_timestamp(text) {
        return None;
    }
    let plain = text.replace('_', "");
    if let Some(integer) = integer(&plain) {
        return Some(integer);
    }
    let body = plain.trim_start_matches(['+', '-']);
    if plain.len() - body.len() <= 1 && is_decimal(body) { float(&plain) } else { None }
}

fn integer(text: &str) -> Option<Number> {
    let (negative, body) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    let (base, digits) = match body.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("0x") => (16, body.get(2..)?),
        Some("0b") => (2, body.get(2..)?),
        Some("0o") => (8, body.get(2..)?),
        _ if body.len() > 1 && body.starts_with('0') => (8, body.get(1..)?),
        _ => (10, body),
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let magnitude = i128::from(u64::from_str_radix(digits, base).ok()?);
    let value = if negative { -magnitude } else { magnitude };
    if value < i128::from(i64::MIN) {
        return None;
    }
    Number::parse(&value.to_string()).ok()
}

fn is_decimal(text: &str) -> bool {
    let (mantissa, exponent) = text.split_once(['e', 'E']).map_or((text, None), |(m, e)| (m, Some(e)));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let mantissa_is = match mantissa.split_once('.') {
        Some(("", fraction)) => digits(fraction),
        Some((whole, fraction)) => digits(whole) && (fraction.is_empty() || digits(fraction)),
        None => digits(mantissa),
    };
    mantissa_is && exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)))
}

fn float(text: &str) -> Option<Number> {
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !is_decimal(body) {
        return None;
    }
    let value: f64 = text.parse().ok()?;
    json_float(value).and_then(|text| Number::parse(&text).ok())
}

/// A float as `encoding/json` writes it: `1e+21`, `0.1`, `100`.
fn json_float(value: f64) -> Option<String> {
    if !value.is_finite() {
        return None;
    }
    let magnitude = value.abs();
    if magnitude != 0.0 && !(1e-6..1e21).contains(&magnitude) {
        let text = format!("{value:e}");
        let (mantissa, exponent) = text.split_once('e')?;
        let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
        // Go writes two digits at least, and takes the zero away from negative ones.
        let digits = if sign == '+' && digits.len() < 2 { format!("0{digits}") } else { digits.to_owned() };
        return Some(format!("{mantissa}e{sign}{digits}"));
    }
    Some(format!("{value}"))
}

/// `2001-12-14`, with or without a time: text, and never a number.
fn is_timestamp(text: &str) -> bool {
    let year = text.bytes().take_while(u8::is_ascii_digit).count();
    year == 4 && text.as_bytes().get(4) == Some(&b'-')
}

impl Scalar {
    /// The scalar that a value is, if it is one.
    pub(super) fn of(value: &Value) -> Option<Scalar> {
        Some(match value {
            Value::Null => Scalar::Null,
            Value::Bool(truth) => Scalar::Bool(*truth),
            Value::String(text) => Scalar::Text(text.as_str().to_owned()),
            other => Scalar::Number(other.as_number()?),
        })
    }

    /// # Errors
    /// JSON has no such number.
    pub(super) fn into_value(self) -> Result<Value, BuiltinError> {
        match self {
            Scalar::Null => Ok(Value::Null),
            Scalar::Bool(truth) => Ok(Value::from(truth)),
            Scalar::Number(number) => Ok(Value::from(number)),
            Scalar::Text(text) => Ok(Value::from(text)),
            Scalar::Special(name) => Err(BuiltinError::failure(format!("json: unsupported value: {name}"))),
        }
    }

    /// The key that it is in JSON.
    ///
    /// # Errors
    /// Null is none.
    pub(super) fn as_key(&self) -> Result<String, BuiltinError> {
        match self {
            Scalar::Null => Err(BuiltinError::failure("unsupported map key of type: %!s(<nil>), key: <nil>")),
            Scalar::Bool(truth) => Ok(truth.to_string()),
            Scalar::Number(number) => Ok(number.text().to_string()),
            Scalar::Text(text) => Ok(text.clone()),
            Scalar::Special(name) => Ok(match *name {
                "NaN" => ".nan".to_owned(),
                "-Inf" => "-.inf".to_owned(),
                _ => ".inf".to_owned(),
            }),
        }
    }
}

/// A number as YAML has it: integers of 64 bits as they are, all else as a float.
pub(super) fn number_text(value: &Value) -> String {
    let Some(number) = value.as_number() else { return String::new() };
    let text = number.text().to_string();
    if integer(&text).is_some() && !text.contains(['.', 'e', 'E']) {
        return text;
    }
    let float = number.to_f64();
    if !float.is_finite() {
        return text;
    }
    // `FormatFloat(f, 'g', -1, 64)` in Go: an exponent where it is below -4, or 6 and more.
    let text = format!("{float:e}");
    let split = text.split_once('e').and_then(|(mantissa, power)| Some((mantissa, power.parse::<i32>().ok()?)));
    if let Some((mantissa, power)) = split
        && !(-4..6).contains(&power)
    {
        let sign = if power < 0 { '-' } else { '+' };
        return format!("{mantissa}e{sign}{:02}", power.unsigned_abs());
    }
    format!("{float}")
}

/// The order of keys: letters before none, numbers inside of texts by value. Source: `sorter.go` of go-yaml.
pub(super) fn key_order(a: &str, b: &str) -> Ordering {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut digits = false;
    for (position, (&x, &y)) in a.iter().zip(b.iter()).enumerate() {
        if x == y {
            digits = x.is_numeric();
            continue;
        }
        let (x_letter, y_letter) = (x.is_alphabetic(), y.is_alphabetic());
        if x_letter && y_letter {
            return x.cmp(&y);
        }
        if x_letter || y_letter {
            return if digits { y_letter.cmp(&x_letter).reverse() } else { x_letter.cmp(&y_letter) };
        }
        let (first, second) = (run(&a, position, y == '0'), run(&b, position, x == '0'));
        return first.cmp(&second).then(x.cmp(&y));
    }
    a.len().cmp(&b.len())
}

/// The number that the digits from a position on are.
fn run(text: &[char], from: usize, _: bool) -> u64 {
    let digits = text.iter().skip(from).map_while(|c| c.to_digit(10));
    digits.fold(0_u64, |number, digit| number.saturating_mul(10).saturating_add(u64::from(digit)))
}

/// A text: plain where that reads back as the same text, a literal block where it has lines, else quoted.
pub(super) fn write_string(out: &mut String, text: &str, indent: usize, is_key: bool) {
    if text.contains('\n') && !is_key && literal_is_safe(text) {
        return write_literal(out, text, indent);
    }
    if text.chars().any(|c| c.is_control() || c == '\u{feff}' || c == '\u{2028}' || c == '\u{2029}') {
        return write_double(out, text);
    }
    let is_text = matches!(untagged(text), Scalar::Text(_)) && !is_base_60(text) && text != "<<" && !is_timestamp(text);
    if is_text && plain_is_safe(text) {
        return out.push_str(text);
    }
    if !is_text {
        return write_double(out, text);
    }
    out.push('\'');
    out.push_str(&text.replace('\'', "''"));
    out.push('\'');
}

fn literal_is_safe(text: &str) -> bool {
    !text.starts_with([' ', '\n']) && !text.chars().any(|c| c.is_control() && c != '\n') && !text.contains(" \n")
}

fn write_literal(out: &mut String, text: &str, indent: usize) {
    out.push('|');
    if !text.ends_with('\n') {
        out.push('-');
    } else if text.ends_with("\n\n") {
        out.push('+');
    }
    for part in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        out.push('\n');
        if !part.is_empty() {
            out.extend(std::iter::repeat_n(' ', indent.max(2)));
            out.push_str(part);
        }
    }
    if text.ends_with('\n') {
        out.push('\n');
    }
}

fn write_double(out: &mut String, text: &str) {
    let quoted = quote(text);
    out.push_str(&quoted);
}

/// `1:30`, which older readers take for a number.
fn is_base_60(text: &str) -> bool {
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    body.contains(':') && body.starts_with(|c: char| c.is_ascii_digit()) && {
        let mut parts = body.split(':');
        let first = parts.next().unwrap_or_default();
        let sixties = |part: &str| {
            let whole = part.split_once('.').map_or(part, |(whole, _)| whole);
            !whole.is_empty() && whole.len() <= 2 && whole.bytes().all(|b| b.is_ascii_digit())
        };
        first.bytes().all(|b| b.is_ascii_digit() || b == b'_') && parts.all(sixties)
    }
}

/// libyaml's analysis of a scalar, for block context.
fn plain_is_safe(text: &str) -> bool {
    if text.starts_with(' ') || text.ends_with(' ') || text.starts_with("---") || text.starts_with("...") {
        return false;
    }
    let mut before = ' ';
    for (position, c) in text.char_indices() {
        let next = text.get(position + c.len_utf8()..).and_then(|rest| rest.chars().next());
        let followed_by_space = next.is_none_or(|next| next == ' ');
        let first = position == 0;
        let special = match c {
            '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' if first => {
                true
            }
            '?' | ':' | '-' if first => followed_by_space,
            ':' => followed_by_space,
            '#' => before == ' ',
            _ => false,
        };
        if special {
            return false;
        }
        before = c;
    }
    true
}
