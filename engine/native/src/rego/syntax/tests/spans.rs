//! Rows and columns, and the text that spans cover.

use super::super::ast::{ExprKind, Span, Term};
use super::super::visit::{Visitor, descend_rule, descend_term};
use super::{RegoVersion, SAMPLES, parse};

const TEXT: &str = "package a\n\np if {\n\t(input.x + 1) * f(y)[0] == z # é\n\tnot q\n}\n\n# ü\nr := {\"é\": [1]}\n";

fn covered(span: Span) -> &'static str {
    &TEXT[span.start as usize..span.end as usize]
}

#[test]
fn spans_cover_the_text_of_their_node() {
    let module = parse(RegoVersion::V1, TEXT).unwrap();
    let rule = &module.rules[0];
    assert_eq!((rule.span.row, rule.span.col), (3, 1));
    let first = &rule.body[0];
    assert_eq!(covered(first.span), "(input.x + 1) * f(y)[0] == z");
    assert_eq!((first.span.row, first.span.col), (4, 2));
    let ExprKind::Call(terms) = &first.kind else { panic!("{first}") };
    assert_eq!(covered(terms[1].span), "(input.x + 1) * f(y)[0]");
    // OPA gives an operator the place of its first operand, which stands behind the parenthesis.
    assert_eq!((terms[1].span.row, terms[1].span.col), (4, 3));
    assert_eq!(covered(terms[0].span), "==");
    assert_eq!((rule.body[1].span.row, rule.body[1].span.col), (5, 2));
    assert_eq!(covered(rule.body[1].span), "not q");
}

#[test]
fn columns_count_characters() {
    let module = parse(RegoVersion::V1, TEXT).unwrap();
    let value = module.rules[1].head.value.as_ref().unwrap();
    assert_eq!((value.span.row, value.span.col), (9, 6));
    assert_eq!(covered(value.span), "{\"é\": [1]}");
    let text = "package a\n\np := [\"é\", x\n";
    let error = parse(RegoVersion::V1, text).unwrap_err().remove(0).location.unwrap();
    assert_eq!((error.row, error.col), (4, 0));
}

/// The span of each term lies in that of the term above.
struct Nested<'t>(&'t str);

impl Visitor for Nested<'_> {
    fn visit_term(&mut self, term: &Term) {
        assert!(self.0.get(term.span.start as usize..term.span.end as usize).is_some(), "{term}: {:?}", term.span);
        descend_term(self, term);
    }
}

#[test]
fn spans_are_on_character_borders() {
    for (version, text) in SAMPLES {
        let module = parse(version, text).unwrap();
        module.rules.iter().for_each(|rule| descend_rule(&mut Nested(text), rule));
    }
}

#[test]
fn node_sizes_stay_small() {
    assert!(std::mem::size_of::<Term>() <= 48, "{}", std::mem::size_of::<Term>());
    assert_eq!(std::mem::size_of::<Span>(), 16);
}
