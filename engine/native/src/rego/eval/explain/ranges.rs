//! Where the rules, statements and terms of a module begin and end, in lines and columns.

use std::collections::{BTreeMap, BTreeSet};

use crate::rego::syntax::ast::{Expr, ExprKind, Rule, Span, Term};
use crate::rego::syntax::visit::{Visitor, descend_expr, descend_term};
use crate::rego::syntax::{ParseOptions, RegoVersion, parse_module};

/// Line and column, counted from one.
pub(super) type Position = (u32, u32);
/// From and to.
pub(super) type Range = (Position, Position);

/// The ranges of a module.
#[derive(Default)]
pub(super) struct Ranges {
    pub heads: BTreeMap<Position, Position>,
    pub statements: BTreeMap<Position, Position>,
    terms: BTreeMap<Position, Position>,
    /// What is to be covered: heads of rules, and statements that are no mere declarations.
    pub wanted: BTreeSet<Range>,
}

impl Ranges {
    /// None for a text that does not parse.
    pub fn of(file: &str, text: &str, v0: bool) -> Ranges {
        let version = if v0 { RegoVersion::V0 } else { RegoVersion::V1 };
        let Ok(module) = parse_module(file, text, version, &ParseOptions::default()) else { return Ranges::default() };
        let mut finder = Finder { text, found: Ranges::default() };
        for rule in module.rules.iter().flat_map(Rule::chain) {
            finder.rule(rule);
        }
        finder.found
    }

    /// The range of what was evaluated at a place: the rule's head, the statement, or the part of it that analysis
    /// evaluates first.
    pub fn at(&self, at: Position, head: bool, generated: bool) -> Range {
        let order: [&BTreeMap<Position, Position>; 3] = match (head, generated) {
            (true, _) => [&self.heads, &self.statements, &self.terms],
            (false, true) => [&self.terms, &self.statements, &self.heads],
            (false, false) => [&self.statements, &self.terms, &self.heads],
        };
        (at, order.iter().find_map(|ends| ends.get(&at).copied()).unwrap_or(at))
    }
}

struct Finder<'t> {
    text: &'t str,
    found: Ranges,
}

impl Finder<'_> {
    fn rule(&mut self, rule: &Rule) {
        let head = self.range(rule.head.span);
        self.found.heads.insert(head.0, head.1);
        self.found.wanted.insert(head);
        for term in rule.head.args.iter().chain(&rule.head.key).chain(&rule.head.value).chain(&rule.head.reference.0) {
            self.visit_term(term);
        }
        self.visit_body(&rule.body);
    }

    fn range(&self, span: Span) -> Range {
        let text = self.text.get(span.start as usize..span.end as usize).unwrap_or_default();
        let lines = text.bytes().filter(|byte| *byte == b'\n').count() as u32;
        let last = text.rsplit('\n').next().unwrap_or_default().chars().count() as u32;
        let start = (span.row, span.col);
        (start, if lines == 0 { (span.row, span.col + last) } else { (span.row + lines, last + 1) })
    }
}

impl Visitor for Finder<'_> {
    fn visit_term(&mut self, term: &Term) {
        let (start, end) = self.range(term.span);
        let longest = self.found.terms.entry(start).or_insert(end);
        *longest = end.max(*longest);
        descend_term(self, term);
    }

    fn visit_expr(&mut self, expr: &Expr) {
        let (start, end) = self.range(expr.span);
        let longest = self.found.statements.entry(start).or_insert(end);
        *longest = end.max(*longest);
        if !matches!(expr.kind, ExprKind::Some(_)) {
            self.found.wanted.insert((start, end));
        }
        descend_expr(self, expr);
    }
}
