//! JSON as Go reads and writes it.

use super::super::json::{JsonErrorKind, Limits, Reader, WriteOptions, read, write, write_with};
use super::super::{Number, Value};

pub(super) fn parsed(text: &str) -> Value {
    read(text.as_bytes(), &Limits::default()).unwrap()
}

fn error(text: &str) -> String {
    read(text.as_bytes(), &Limits::default()).unwrap_err().to_string()
}

fn round_trip(text: &str) -> String {
    String::from_utf8(write(&parsed(text))).unwrap()
}

#[test]
fn documents_come_back_with_sorted_keys_and_their_numbers_as_written() {
    for (text, wanted) in [
        (r#" { "b" : [ 1 , 1.0, 1e3, -0, 1.50 ] , "a" : null } "#, r#"{"a":null,"b":[1,1.0,1e3,-0,1.50]}"#),
        ("[[],{},[{}]]", "[[],{},[{}]]"),
        (r#"{"a":1,"b":2,"a":3}"#, r#"{"a":3,"b":2}"#),
        (
            r#"[true,false,null,"",-12,123456789012345678901234567890]"#,
            r#"[true,false,null,"",-12,123456789012345678901234567890]"#,
        ),
        (r#""\u00e4\ud83d\ude00\ud800x\n\/\"\\""#, "\"ä😀\u{fffd}x\\n/\\\"\\\\\""),
        (r#""<a href='&'>\u2028""#, r#""\u003ca href='\u0026'\u003e\u2028""#),
        ("-9223372036854775808", "-9223372036854775808"),
        ("9223372036854775807", "9223372036854775807"),
    ] {
        assert_eq!(round_trip(text), wanted);
    }
    assert!(matches!(parsed("-9223372036854775808"), Value::Int(i64::MIN)));
    assert!(matches!(parsed("9223372036854775808"), Value::Decimal(_)));
}

#[test]
fn objects_of_one_form_share_their_keys() {
    let value = parsed(r#"[{"b": 1, "a": 2}, {"b": 3, "a": 4}, {"a": 5, "b": 6}]"#);
    let objects: Vec<_> = value.as_array().unwrap().iter().filter_map(Value::as_object).collect();
    assert!(objects[0].shape().same(objects[1].shape()));
    assert_eq!(value.to_string(), r#"[{"a": 2, "b": 1}, {"a": 4, "b": 3}, {"a": 5, "b": 6}]"#);
}

#[test]
fn mistakes_are_named_in_gos_words() {
    for (text, wanted) in [
        ("", "EOF"),
        ("[1,", "unexpected EOF"),
        ("\"a", "unexpected EOF"),
        ("x", "invalid character 'x' looking for beginning of value"),
        ("[1 2]", "invalid character '2' after array element"),
        ("[1,]", "invalid character ']' looking for beginning of value"),
        (r#"{"a" 1}"#, "invalid character '1' after object key"),
        (r#"{"a":1 "b"}"#, "invalid character '\"' after object key:value pair"),
        ("{1:2}", "invalid character '1' looking for beginning of object key string"),
        (r#"{"a":1,}"#, "invalid character '}' looking for beginning of object key string"),
        ("\"a\nb\"", "invalid character '\\n' in string literal"),
        (r#""\x""#, "invalid character 'x' in string escape code"),
        (r#""\u12g4""#, "invalid character 'g' in \\u hexadecimal character escape"),
        ("trux", "invalid character 'x' in literal true (expecting 'e')"),
        ("-a", "invalid character 'a' in numeric literal"),
        ("1.a", "invalid character 'a' after decimal point in numeric literal"),
        ("1ea", "invalid character 'a' in exponent of numeric literal"),
        ("[01]", "invalid character '1' after array element"),
        ("1 x", "invalid character 'x' looking for beginning of value"),
        ("1 2", "error: invalid character '2' after top-level value"),
        ("01", "error: invalid character '1' after top-level value"),
        ("1 null", "error: invalid character 'null' after top-level value"),
    ] {
        assert_eq!(error(text), wanted, "{text}");
    }
}

#[test]
fn limits_are_errors_of_their_own_kind() {
    let limits =
        Limits { max_bytes: 100, max_depth: 3, max_values: 5, refuse_duplicate_keys: true, refuse_beyond_double: true };
    let kind = |text: &str| read(text.as_bytes(), &limits).map_err(|error| error.kind);
    assert!(kind("[[[1]]]").is_ok());
    assert_eq!(kind("[[[[1]]]]"), Err(JsonErrorKind::Limit));
    assert_eq!(kind("[1,2,3,4,5]"), Err(JsonErrorKind::Limit));
    assert_eq!(kind(&" ".repeat(101)), Err(JsonErrorKind::Limit));
    assert_eq!(kind(r#"{"a":1,"a":2}"#), Err(JsonErrorKind::DuplicateKey));
    assert_eq!(kind("1e1000000"), Err(JsonErrorKind::Limit));
}

#[test]
fn bytes_that_are_no_utf8_become_replacement_characters_one_each() {
    let value = read(b"\"a\xff\xfeb\"", &Limits::default()).unwrap();
    assert_eq!(value.as_str(), Some("a\u{fffd}\u{fffd}b"));
    assert!(read(b"[\xff]", &Limits::default()).is_err());
}

#[test]
fn a_reader_forgets_a_failed_document() {
    let mut reader = Reader::new();
    assert!(reader.read(br#"{"a": [1, {"b": "#, &Limits::default()).is_err());
    assert_eq!(reader.read(br#"{"b": 1}"#, &Limits::default()).unwrap().to_string(), r#"{"b": 1}"#);
}

#[test]
fn keys_are_written_as_text_and_sorted_as_text() {
    let object = Value::object([
        (Value::from(9), Value::from("nine")),
        (Value::from(10), Value::from("ten")),
        (Value::from("10"), Value::from("text")),
        (Value::from(vec![Value::from("x"), Value::Null]), Value::set([Value::from(2), Value::from(1)])),
    ]);
    assert_eq!(String::from_utf8(write(&object)).unwrap(), r#"{"10":"text","9":"nine","[\"x\",null]":[1,2]}"#);
}

#[test]
fn indented_text_has_gos_form() {
    let options = WriteOptions { escape_html: false, indent: Some("  ".into()), prefix: ">".into() };
    let value = parsed(r#"{"a": [1, {}], "b": [], "c": "<"}"#);
    let wanted = "{\n>  \"a\": [\n>    1,\n>    {}\n>  ],\n>  \"b\": [],\n>  \"c\": \"<\"\n>}";
    assert_eq!(String::from_utf8(write_with(&value, &options)).unwrap(), wanted);
}

#[test]
fn what_is_written_reads_back_equal() {
    let text = r#"{"k": [1.0, 18446744073709551616, "a\u0000b", {"x": {"y": []}}], "é": -1e-7}"#;
    let value = parsed(text);
    assert_eq!(read(&write(&value), &Limits::default()).unwrap(), value);
    assert_eq!(Value::from(Number::from_f64(1e21).unwrap()).to_string(), "1e+21");
}
