//! What texts mean, by the text of their trees (compared in full with OPA over its own cases during development).

use super::super::ast::{RegoVersion, RuleKind, TermKind};
use super::super::{ParseOptions, parse_query, parse_reference, parse_term};
use super::parse;

fn query(text: &str) -> String {
    let options = ParseOptions { all_future_keywords: true, ..ParseOptions::default() };
    let body = parse_query(text, RegoVersion::V1, &options).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
    body.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

#[test]
fn operators_lean_left_and_bind_as_in_opa() {
    for (text, want) in [
        ("a - b - c", "minus(minus(a, b), c)"),
        ("a + b * c", "plus(a, mul(b, c))"),
        ("a | b & c", "or(a, and(b, c))"),
        ("a + b < c | d", "lt(plus(a, b), or(c, d))"),
        ("a == b == c", "equal(equal(a, b), c)"),
        ("x in a | b", "internal.member_2(x, or(a, b))"),
        ("k, v in m", "internal.member_3(k, v, m)"),
        ("x in y in z", "internal.member_2(internal.member_2(x, y), z)"),
        ("x = y + 1", "x = plus(y, 1)"),
        ("x := [1, 2][0]", "assign(x, [1, 2][0])"),
        ("-x.y * 2", "mul(minus(0, x.y), 2)"),
        ("-1 - -2", "minus(-1, -2)"),
        ("(a + b) * c", "mul(plus(a, b), c)"),
    ] {
        assert_eq!(query(text), want, "{text}");
    }
}

#[test]
fn braces_and_brackets_are_told_apart() {
    for (text, want) in [
        ("{}", "{}"),
        ("set()", "set()"),
        ("{3, 1, 1.0, 2}", "{1, 2, 3}"),
        ("{\"b\": 1, \"a\": 2, \"b\": 3}", "{\"a\": 2, \"b\": 3}"),
        ("{x | y}", "{x | y}"),
        ("{(x | y)}", "{or(x, y)}"),
        ("{x | y, z}", "{z, or(x, y)}"),
        ("[x | y; z]", "[x | y; z]"),
        ("[x | y, z]", "[or(x, y), z]"),
        ("{x: y | z}", "{x: y | z}"),
        ("{x: y | z, w: 1}", "{w: 1, x: or(y, z)}"),
        ("[x + 1 | y]", "[or(plus(x, 1), y)]"),
        ("[,1,]", "[1]"),
    ] {
        assert_eq!(query(&format!("q = {text}")), format!("q = {want}"), "{text}");
    }
}

#[test]
fn references_may_hold_keywords_and_anything_in_brackets() {
    for (text, want) in [
        ("input.not.some", "input[\"not\"][\"some\"]"),
        ("every.x", "every.x"),
        ("a[b.c][\"d e\"].f", "a[b.c][\"d e\"].f"),
        ("f(x).y[0].g(z)", "f(x).y[0].g(z)"),
        ("{\"a\": 1}.a", "{\"a\": 1}.a"),
        ("input[_].x[_]", "input[_].x[_]"),
    ] {
        assert_eq!(query(text), want, "{text}");
    }
}

#[test]
fn logical_operators_group() {
    for (text, want) in [
        ("a and b or c and d", "a and b or c and d"),
        ("a and (b or c)", "a and (b or c)"),
        ("not a or b", "not a or b"),
        ("not (a or b)", "not (a or b)"),
        ("{x := 1; x} or b with input as 1", "{ assign(x, 1); x } or b with input as 1"),
        ("not {x; y}", "not {x; y}"),
        ("and(a, b)", "and(a, b)"),
    ] {
        assert_eq!(query(text), want, "{text}");
    }
}

#[test]
fn strings_are_unescaped() {
    for (text, want) in [
        (r#""a\u00e9\n\"\/""#, "aé\n\"/"),
        (r#""\ud83d\ude00 \ud83d""#, "😀 \u{fffd}"),
        ("`\\n`", "\\n"),
        ("\"tab\tstays\"", "tab\tstays"),
    ] {
        let term = parse_term(text, RegoVersion::V1, &ParseOptions::default()).unwrap();
        assert_eq!(term.as_string().map(|s| &**s), Some(want), "{text}");
    }
    assert_eq!(query(r#"$"a\{{x}b{1}{f(y)}""#), r#"$"a\{{x}b1{f(y)}""#);
}

#[test]
fn heads_are_those_of_opa() {
    let heads = |version, text: &str| -> Vec<(Option<String>, String, Option<String>, RuleKind)> {
        let module = parse(version, &format!("package a\n{text}")).unwrap_or_else(|errors| panic!("{errors:?}"));
        let text = |term: &super::super::ast::Term| term.to_string();
        let of = |rule: &super::super::ast::Rule| {
            let head = &rule.head;
            (
                head.name.as_ref().map(ToString::to_string),
                head.reference.to_string(),
                head.key.as_ref().map(text),
                head.kind(),
            )
        };
        module.rules.iter().map(of).collect()
    };
    let single = |name: Option<&str>, reference: &str, key: Option<&str>| {
        vec![(name.map(String::from), reference.to_owned(), key.map(String::from), RuleKind::SingleValue)]
    };
    let multi = |name: Option<&str>, reference: &str, key: &str| {
        vec![(name.map(String::from), reference.to_owned(), Some(key.to_owned()), RuleKind::MultiValue)]
    };
    let v1 = |text| heads(RegoVersion::V1, text);
    assert_eq!(v1("p := 1"), single(Some("p"), "p", None));
    assert_eq!(v1("p[x] := 1 if x := 2"), single(Some("p"), "p[x]", Some("x")));
    assert_eq!(v1("p[x] if x := 2"), single(None, "p[x]", Some("x")));
    assert_eq!(v1("p contains x if x := 2"), multi(Some("p"), "p", "x"));
    assert_eq!(v1("p.q contains x if x := 2"), multi(None, "p.q", "x"));
    assert_eq!(v1("p.q.r := 1"), single(None, "p.q.r", None));
    assert_eq!(v1("f(x) := x"), single(Some("f"), "f", None));
    assert_eq!(heads(RegoVersion::V0, "p[x] { x := 1 }"), multi(Some("p"), "p", "x"));
    assert_eq!(v1("p := 1 if { a } { b }").len(), 2);
}

#[test]
fn versions_differ_in_their_keywords() {
    assert!(parse(RegoVersion::V0, "package a\np { x := if; contains(x, \"y\") }").is_ok());
    assert!(parse(RegoVersion::V0, "package a\nimport future.keywords.if\np if x := 1").is_ok());
    assert!(parse(RegoVersion::V1, "package a\np if { and := 1; or := 2; and == or }").is_ok());
    let module = parse(RegoVersion::V0, "package a\nimport rego.v1\np contains 1 if true").unwrap();
    assert_eq!(module.version, RegoVersion::V0CompatV1);
    let body = parse_query("x := 1\ny := 2; z", RegoVersion::V1, &ParseOptions::default()).unwrap();
    assert_eq!(body.len(), 3);
}

#[test]
fn a_reference_is_parsed_from_its_text() {
    assert_eq!(parse_reference("data.a[\"b c\"].d").unwrap().to_string(), "data.a[\"b c\"].d");
    assert!(parse_reference("data.a + 1").is_err());
    assert!(matches!(parse_reference("x").unwrap().first().map(|t| &t.kind), Some(TermKind::Var(_))));
}

#[test]
fn metadata_belongs_to_what_follows() {
    let module = parse(RegoVersion::V1, include_str!("samples/metadata.rego.txt")).unwrap();
    let titles: Vec<(&str, &str)> = module.annotations.iter().map(|a| (a.scope.name(), a.title.as_str())).collect();
    assert_eq!(titles, [("package", "the package"), ("document", "a document"), ("rule", "second")]);
    let on_rules: Vec<usize> = module.rules.iter().map(|rule| rule.annotations.len()).collect();
    assert_eq!(on_rules, [1, 2, 0]);
}
