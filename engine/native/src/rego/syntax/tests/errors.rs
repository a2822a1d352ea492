//! Place and message of the first error of wrong texts, as OPA v1.20.2 gives them (`errors.txt`).

use super::{RegoVersion, parse};
use crate::rego::errors::PARSE;

#[test]
fn the_first_error_is_that_of_opa() {
    let mut count = 0;
    for case in include_str!("errors.txt").split("=== ").skip(1) {
        let (header, rest) = case.split_once('\n').unwrap();
        let (text, message) = rest.split_once("\n--- ").unwrap();
        let (version, place) = header.split_once(' ').unwrap();
        let version = if version == "v0" { RegoVersion::V0 } else { RegoVersion::V1 };
        let errors = parse(version, text).expect_err(text);
        let first = errors.first().unwrap();
        let location = first.location.clone().unwrap_or_default();
        assert_eq!(first.code, PARSE, "{text}");
        assert_eq!(format!("{}:{}", location.row, location.col), place, "{text}\n{}", first.message);
        assert_eq!(first.message, message.trim_end_matches('\n'), "{text}");
        count += 1;
    }
    assert!(count > 110, "{count} cases");
}

#[test]
fn several_wrong_rules_give_several_errors() {
    let errors =
        parse(RegoVersion::V1, "package a\n\np if {\n\tx y\n}\n\nq := 1\n\nr := [1 2]\n\ns := 01\n").unwrap_err();
    let mut rows: Vec<u32> = errors.iter().filter_map(|error| error.location.as_ref()).map(|at| at.row).collect();
    rows.dedup(); // OPA complains twice about a value that cannot be read
    assert_eq!(rows, [4, 9, 11]);
}

#[test]
fn errors_are_at_most_ten() {
    let text = format!("package a\n{}", "p := [1 2]\n".repeat(50));
    assert_eq!(parse(RegoVersion::V1, &text).unwrap_err().len(), 10);
}
