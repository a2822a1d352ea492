//! JSON text to regorus values and back. The text that goes out is Go's `encoding/json`, byte for byte: compact, sorted
//! keys, sets as sorted arrays, `<`, `>`, `&`, U+2028 and U+2029 escaped. So an answer here and OPA's can be compared,
//! hashed and logged as they are.

use std::borrow::Cow;
use std::collections::BTreeMap;

use regorus::Value;

use crate::errors::{Error, INTERNAL_ERROR, Result};
use crate::interpreter::extensions::guarded::is_readable_number;
use crate::json_text::{self, Build};

/// Beyond these, a number is written with an exponent, as Go does.
const PLAIN_NUMBERS: std::ops::Range<f64> = 1e-6..1e21;

struct Values;

impl<'a> Build<'a> for Values {
    type Out = Value;

    fn null(&mut self) -> Value {
        Value::Null
    }

    fn bool(&mut self, value: bool) -> Value {
        Value::Bool(value)
    }

    fn number(&mut self, text: &'a str) -> std::result::Result<Value, String> {
        if let Ok(small) = text.parse::<i64>() {
            return Ok(Value::from(small));
        }
        let in_range = is_readable_number(text) && text.parse::<f64>().is_ok_and(f64::is_finite);
        let number = in_range.then(|| Value::from_numeric_string(text).ok()).flatten();
        number.ok_or_else(|| format!("the number {text} is out of range"))
    }

    fn string(&mut self, text: Cow<'a, str>) -> Value {
        Value::String(text.into())
    }

    fn array(&mut self, items: Vec<Value>) -> Value {
        Value::from(items)
    }

    fn object(&mut self, members: Vec<(Cow<'a, str>, Value)>) -> Value {
        let map: BTreeMap<Value, Value> =
            members.into_iter().map(|(key, value)| (Value::String(key.into()), value)).collect();
        Value::from(map)
    }
}

/// Reads one document within the limits of `json_text`.
pub fn read(text: &[u8]) -> Result<Value> {
    json_text::read(text, &mut Values, json_text::MAX_DEPTH)
}

/// Reads one document that must be an object.
pub fn read_object(text: &[u8]) -> Result<Value> {
    let value = read(text)?;
    if matches!(value, Value::Object(_)) {
        return Ok(value);
    }
    Err(Error::WrongShape("the data is not an object".into()))
}

/// As `read`, but a key may be said twice and surrogates may stand alone, as Go lets them.
pub fn read_leniently(text: &[u8]) -> Result<Value> {
    json_text::read_leniently(text, &mut Values, json_text::MAX_DEPTH)
}

/// The longest answer. A value can mean more text than it takes memory: parts of it are shared.
pub const MAX_ANSWER_BYTES: usize = 64 << 20;

/// Writes one value. Undefined has no JSON: callers tell it apart before.
pub fn write(value: &Value) -> Result<Vec<u8>> {
    let mut out = String::with_capacity(256);
    write_into(&mut out, value);
    if out.len() > MAX_ANSWER_BYTES {
        let message = format!("the value is longer than {MAX_ANSWER_BYTES} bytes");
        return Err(Error::Failed { code: INTERNAL_ERROR, message, location: None });
    }
    Ok(out.into_bytes())
}

pub fn write_into(out: &mut String, value: &Value) {
    if out.len() > MAX_ANSWER_BYTES {
        return; // refused anyway
    }
    match value {
        Value::Null | Value::Undefined => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(_) => out.push_str(&number_text(value)),
        Value::String(text) => write_string(out, text),
        Value::Array(items) => write_items(out, items.iter()),
        Value::Set(items) => write_items(out, items.iter_sorted()),
        Value::Object(members) => write_object(out, members.iter_sorted()),
    }
}

fn write_items<'v>(out: &mut String, items: impl Iterator<Item = &'v Value>) {
    out.push('[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_into(out, item);
    }
    out.push(']');
}

fn write_object<'v>(out: &mut String, members: impl Iterator<Item = (&'v Value, &'v Value)> + Clone) {
    if !members.clone().all(|(key, _)| matches!(key, Value::String(_))) {
        return write_odd_object(out, members);
    }
    out.push('{');
    for (index, (key, value)) in members.enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_into(out, key);
        out.push(':');
        write_into(out, value);
    }
    out.push('}');
}

/// An object whose keys are not all strings: JSON wants strings, so a key is its own JSON text, sorted as such.
fn write_odd_object<'v>(out: &mut String, members: impl Iterator<Item = (&'v Value, &'v Value)>) {
    let members: BTreeMap<String, &Value> = members.map(|(key, value)| (key_text(key), value)).collect();
    out.push('{');
    for (index, (key, value)) in members.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_string(out, key);
        out.push(':');
        write_into(out, value);
    }
    out.push('}');
}

fn key_text(key: &Value) -> String {
    if let Value::String(text) = key {
        return text.to_string();
    }
    let mut out = String::new();
    write_into(&mut out, key);
    out
}

/// A number as Go writes it: integers in full, others in their shortest form.
pub fn number_text(value: &Value) -> String {
    let Value::Number(number) = value else {
        return String::new();
    };
    match number.as_f64() {
        Some(float) if !number.is_integer() && !PLAIN_NUMBERS.contains(&float.abs()) => exponent_text(float),
        _ => number.format_decimal(),
    }
}

/// `1e-7` as Go has it: a sign and at least two digits in the exponent (`1e-07`), a JSON number either way.
fn exponent_text(float: f64) -> String {
    let text = format!("{float:e}");
    let Some((digits, exponent)) = text.split_once('e') else {
        return text;
    };
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
    format!("{digits}e{sign}{exponent:0>2}")
}

const HEX: &[u8; 16] = b"0123456789abcdef";

pub fn write_string(out: &mut String, text: &str) {
    out.push('"');
    let mut plain = 0;
    for (at, character) in text.char_indices() {
        let short = match character {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\u{8}' => "\\b",
            '\u{c}' => "\\f",
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => "",
            _ => continue,
        };
        out.push_str(&text[plain..at]);
        plain = at + character.len_utf8();
        out.push_str(short);
        if short.is_empty() {
            push_escape(out, character as u32);
        }
    }
    out.push_str(&text[plain..]);
    out.push('"');
}

fn push_escape(out: &mut String, code: u32) {
    out.push_str("\\u");
    for shift in [12, 8, 4, 0] {
        out.push(HEX[(code >> shift & 0xf) as usize] as char);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(text: &str) -> String {
        String::from_utf8(write(&read(text.as_bytes()).expect("valid")).expect("short")).expect("UTF-8")
    }

    #[test]
    fn what_goes_out_is_what_go_writes() {
        let rows = [
            (r#"{"b":1,"a":[true,null]}"#, r#"{"a":[true,null],"b":1}"#),
            ("\"<a>&\u{2028}\"", r#""\u003ca\u003e\u0026\u2028""#),
            (r#""\u0001\u0008\f\n\"\\\/é""#, r#""\u0001\b\f\n\"\\/é""#),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            ("-9223372036854775809", "-9223372036854775809"),
            ("0.95", "0.95"),
            ("1e-7", "1e-07"),
        ];
        for (text, expected) in rows {
            assert_eq!(round(text), expected, "{text}");
        }
    }

    #[test]
    fn keys_that_are_no_strings_become_their_json_text() {
        let map = BTreeMap::from([(Value::from(10), Value::Null), (Value::from("1"), Value::Null)]);
        assert_eq!(write(&Value::from(map)).expect("short"), br#"{"1":null,"10":null}"#);
    }

    #[test]
    fn a_value_that_means_more_text_than_memory_is_refused() {
        let doubled = (0..60).fold(Value::from("x"), |value, _| Value::from(vec![value.clone(), value]));
        assert!(write(&doubled).is_err());
    }

    #[test]
    fn a_number_that_would_take_forever_to_read_is_refused() {
        for text in ["1e400", "1e999999999", "-1E+99999999", "1e-9999999"] {
            assert!(matches!(read(text.as_bytes()), Err(Error::Malformed(_))), "{text}");
        }
    }

    #[test]
    fn an_object_that_looks_like_serdes_private_number_stays_an_object() {
        let text = r#"{"$serde_json::private::Number":"5"}"#;
        assert_eq!(round(text), text);
    }

    #[test]
    fn a_document_at_the_depth_limit_is_read_and_one_deeper_is_not() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(read(nested(json_text::MAX_DEPTH).as_bytes()).is_ok());
        assert!(matches!(read(nested(json_text::MAX_DEPTH + 1).as_bytes()), Err(Error::TooDeep(_))));
    }
}
