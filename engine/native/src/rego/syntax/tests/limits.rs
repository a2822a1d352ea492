//! Deep and ambiguous texts end in an error, on the stack of a test thread.

use super::super::ParseOptions;
use super::super::parse_module;
use super::{RegoVersion, parse};

const IMPORTS: &str = "package a\nimport future.keywords\n";

fn refused(text: &str) {
    let errors = parse(RegoVersion::V1, text).expect_err("too deep");
    let message = &errors.first().unwrap().message;
    assert!(message == "max parsing recursion depth exceeded" || message.contains("ambiguous"), "{message}");
}

#[test]
fn nesting_is_bounded() {
    for (open, close) in [
        ("[", "]"),
        ("(", ")"),
        ("{", "}"),
        ("{1: ", "}"),
        ("f(", ")"),
        ("x[", "]"),
        ("[x | ", "]"),
        ("{x | y = ", "}"),
        ("{x: y | z := ", "}"),
        ("$\"{", "}\""),
        ("-x[", "]"),
    ] {
        let text = format!("package a\np := {}1{}\n", open.repeat(20_000), close.repeat(20_000));
        refused(&text);
        refused(&format!("package a\np if {{ y := {}1{} }}\n", open.repeat(20_000), close.repeat(20_000)));
    }
}

#[test]
fn nested_bodies_are_bounded() {
    for (open, close) in [
        ("not {", "}"),
        ("(", " and x)"),
        ("{", "} or y"),
        ("every x in y {", "}"),
        ("{x | ", "}"),
        ("not (", ")"),
        ("x and (", ")"),
        ("x or {", "}"),
    ] {
        let text = format!("{IMPORTS}p if {{ {}x{} }}\n", open.repeat(5_000), close.repeat(5_000));
        refused(&text);
    }
}

#[test]
fn long_chains_are_bounded() {
    for chain in [" + 1", " | x", " == 1", " in y", " & z", "[x[0]].a(1)", ".f(1)"] {
        refused(&format!("package a\np if {{ x{} }}\n", chain.repeat(30_000)));
    }
    for chain in [" and x", " or x", " or {x}"] {
        refused(&format!("{IMPORTS}p if {{ x{} }}\n", chain.repeat(30_000)));
    }
    refused(&format!("package a\np := 1 if {{ x }}{}\n", " else := 2 if { y }".repeat(5_000)));
}

#[test]
fn what_people_write_is_within_the_limits() {
    let sum = format!("package a\np := 1{}\n", " + 1".repeat(200));
    assert!(parse(RegoVersion::V1, &sum).is_ok());
    let nested = format!("package a\np := {}1{}\n", "[".repeat(200), "]".repeat(200));
    assert!(parse(RegoVersion::V1, &nested).is_ok());
    let long = format!("package a\np := [{}1]\n", "1, ".repeat(100_000));
    assert!(parse(RegoVersion::V1, &long).is_ok());
    let dots = format!("package a\np := input{}\n", ".a".repeat(10_000));
    assert!(parse(RegoVersion::V1, &dots).is_ok());
    let elses = format!("package a\np := 1 if {{ x }}{}\n", " else := 2 if { y }".repeat(900));
    assert!(parse(RegoVersion::V1, &elses).is_ok());
}

#[test]
fn ambiguity_cannot_take_forever() {
    // Each level is read as a comprehension first, and as a set after the comma.
    let text = format!("package a\np := {}1{}\n", "{a | ".repeat(60), ", c}".repeat(60));
    let _ = parse(RegoVersion::V1, &text);
    let text = format!("{IMPORTS}p if {{ {}1{} }}\n", "{x | ".repeat(60), "}".repeat(60));
    let _ = parse(RegoVersion::V1, &text);
}

#[test]
fn the_depth_is_an_option() {
    let options = ParseOptions { max_depth: 10, ..ParseOptions::default() };
    assert!(parse_module("a", "package a\np := [[[1]]]\n", RegoVersion::V1, &options).is_ok());
    assert!(parse_module("a", "package a\np := [[[[[[[[[[1]]]]]]]]]]\n", RegoVersion::V1, &options).is_err());
}

#[test]
fn long_tokens_that_are_read_again_and_again_count() {
    let text = format!("{IMPORTS}p := {}\"{}", "{{x | ".repeat(120), "{{x | ".repeat(3_000));
    let begun = std::time::Instant::now();
    refused(&text);
    assert!(begun.elapsed() < std::time::Duration::from_secs(10), "{:?}", begun.elapsed());
}
