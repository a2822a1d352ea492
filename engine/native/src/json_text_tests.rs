use super::*;

fn code(text: &[u8]) -> &'static str {
    match check(text, MAX_DEPTH) {
        Ok(()) => "ok",
        Err(Error::Malformed(_)) => "malformed",
        Err(Error::TooDeep(_)) => "deep",
        Err(Error::DuplicateKey(_)) => "duplicate",
        Err(_) => "other",
    }
}

#[test]
fn json_is_told_from_what_is_not() {
    let rows: &[(&[u8], &str)] = &[
        (b"null", "ok"),
        (b" [1, -0.5e+3, \"\\ud83d\\ude00\", {}] ", "ok"),
        (b"", "malformed"),
        (b"{", "malformed"),
        (b"{\"a\":1", "malformed"),
        (b"{\"a\" 1}", "malformed"),
        (b"[1,]", "malformed"),
        (b"{\"a\":1,}", "malformed"),
        (b"01", "malformed"),
        (b"1.", "malformed"),
        (b"+1", "malformed"),
        (b"NaN", "malformed"),
        (b"nul", "malformed"),
        (b"\"\n\"", "malformed"),
        (b"\"\\x\"", "malformed"),
        (b"\"\\ud800\"", "malformed"),
        (b"\"\\ud800\\u0041\"", "malformed"),
        (b"\"\\u00", "malformed"),
        (b"\"\xff\"", "malformed"),
        (b"1 2", "malformed"),
        (b"\xef\xbb\xbf1", "malformed"),
        (b"{\"a\":1,\"a\":1}", "duplicate"),
        (b"{\"a\":1,\"\\u0061\":1}", "duplicate"),
        (b"[{\"x\":{\"a\":1,\"b\":2,\"a\":3}}]", "duplicate"),
    ];
    for (text, expected) in rows {
        assert_eq!(code(text), *expected, "{}", String::from_utf8_lossy(text));
    }
}

#[test]
fn a_key_said_twice_is_found_among_many() {
    let mut members: Vec<String> = (0..1000).map(|n| format!("\"k{n}\":{n}")).collect();
    members.push("\"k500\":0".into());
    assert_eq!(code(format!("{{{}}}", members.join(",")).as_bytes()), "duplicate");
}

#[test]
fn an_error_names_the_json_pointer() {
    let error = check(br#"{"a/b":[{"x":1,"x":2}]}"#, MAX_DEPTH).expect_err("twice");
    assert_eq!(error, Error::DuplicateKey("/a~1b/0: the key \"x\" stands here twice".into()));
}

#[test]
fn an_error_names_row_and_column() {
    let error = check(b"{\n  \"\xc3\xa9\": ?\n}", MAX_DEPTH).expect_err("malformed");
    assert_eq!(error, Error::Malformed("/é: row 2, column 8: wanted a value, found '?'".into()));
}

#[test]
fn depth_is_bounded_before_the_stack_is() {
    assert_eq!(code("[".repeat(10_000).as_bytes()), "deep");
    assert_eq!(code("{\"a\":".repeat(10_000).as_bytes()), "deep");
}

#[test]
fn a_number_is_bounded() {
    let of_length = |length: usize| format!("0.{}", "9".repeat(length - 2));
    assert_eq!(code(of_length(MAX_NUMBER_LENGTH).as_bytes()), "ok");
    assert_eq!(code(of_length(MAX_NUMBER_LENGTH + 1).as_bytes()), "malformed");
    assert_eq!(code(b"1e308"), "ok");
    assert_eq!(code(b"1e309"), "malformed");
}

#[test]
fn an_object_is_split_into_the_text_of_its_members() {
    let members = split_object(br#" { "input" : {"a": [1, 2]} , "b\n":null}"#, MAX_DEPTH).expect("an object");
    let expected: Vec<(String, &[u8])> = vec![("input".into(), br#"{"a": [1, 2]}"#), ("b\n".into(), b"null")];
    assert_eq!(members, expected);
}

#[test]
fn splitting_refuses_what_reading_refuses() {
    for text in [r#"{"a":1,"a":2}"#, r#"{"a":{"b":1,"b":2}}"#, "[1]", r#"{"a":1}x"#] {
        assert!(split_object(text.as_bytes(), MAX_DEPTH).is_err(), "{text}");
    }
}

/// Every prefix, and every single-byte change, of a document is read or refused, and never anything else.
#[test]
fn no_damage_to_a_document_breaks_the_reader() {
    let whole = "{\"a\":[1.5e-3,\"\\u00e9\\ud83d\\ude00 é\",{\"b\":null}],\"c\":{\"d\":[true,false]}}".as_bytes();
    for end in 0..whole.len() {
        assert_eq!(code(&whole[..end]), "malformed", "cut at {end}");
    }
    for at in 0..whole.len() {
        for byte in 0..=255u8 {
            let mut damaged = whole.to_vec();
            damaged[at] = byte;
            assert_ne!(code(&damaged), "other");
        }
    }
}

#[test]
fn an_array_is_split_into_the_text_of_its_items() {
    let items = split_array(br#" [ {"a": 1.10} , [2] ,null ] "#, MAX_DEPTH).expect("an array");
    assert_eq!(items, [&br#"{"a": 1.10}"#[..], b"[2]", b"null"]);
    assert_eq!(split_array(b"[]", MAX_DEPTH).expect("an array"), [b""; 0]);
    for text in ["{}", "[1,]", "[1] 2", "[1", "[{\"a\":1,\"a\":2}]", ""] {
        assert!(split_array(text.as_bytes(), MAX_DEPTH).is_err(), "{text}");
    }
}
