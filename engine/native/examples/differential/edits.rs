//! Where the parts of a module's text are, so that text can be cut, repeated and exchanged without a printer.

use std::ops::Range;

use bylaw_native::rego::syntax::ast::{Body, Expr, Span, Term, TermKind};
use bylaw_native::rego::syntax::visit::{Visitor, descend_body, descend_expr, descend_rule, descend_term};
use bylaw_native::rego::syntax::{Module, ParseOptions, RegoVersion, parse_module};

/// Byte ranges, by what stands there.
#[derive(Debug, Default)]
pub struct Parts {
    pub rules: Vec<Range<usize>>,
    pub imports: Vec<Range<usize>>,
    /// The expressions of each body.
    pub bodies: Vec<Vec<Range<usize>>>,
    pub scalars: Vec<Range<usize>>,
    pub variables: Vec<Range<usize>>,
    pub references: Vec<Range<usize>>,
    pub composites: Vec<Range<usize>>,
    pub modifiers: Vec<Range<usize>>,
}

impl Parts {
    /// None where the text does not parse.
    pub fn of(text: &str, v0: bool) -> Option<Parts> {
        let version = if v0 { RegoVersion::V0 } else { RegoVersion::V1 };
        let module: Module = parse_module("m.rego", text, version, &ParseOptions::default()).ok()?;
        let mut parts = Parts { imports: module.imports.iter().map(|i| range(i.span)).collect(), ..Parts::default() };
        for rule in &module.rules {
            parts.rules.push(range(rule.span));
            for branch in rule.chain().skip(1) {
                parts.rules.push(range(branch.span));
            }
            descend_rule(&mut parts, rule);
        }
        let all = [
            &mut parts.rules,
            &mut parts.imports,
            &mut parts.scalars,
            &mut parts.variables,
            &mut parts.references,
            &mut parts.composites,
            &mut parts.modifiers,
        ];
        for list in all.into_iter().chain(parts.bodies.iter_mut()) {
            list.retain(|r| r.start < r.end && text.get(r.clone()).is_some());
        }
        Some(parts)
    }

    pub fn terms(&self) -> impl Iterator<Item = &Range<usize>> {
        self.composites.iter().chain(&self.references).chain(&self.variables).chain(&self.scalars)
    }
}

fn range(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

impl Visitor for Parts {
    fn visit_term(&mut self, term: &Term) {
        let list = match &term.kind {
            TermKind::Null | TermKind::Boolean(_) | TermKind::Number(_) | TermKind::String(_) => &mut self.scalars,
            TermKind::Var(_) => &mut self.variables,
            TermKind::Ref(_) => &mut self.references,
            _ => &mut self.composites,
        };
        list.push(range(term.span));
        descend_term(self, term);
    }

    fn visit_expr(&mut self, expr: &Expr) {
        self.modifiers.extend(expr.with.iter().map(|with| range(with.span)));
        descend_expr(self, expr);
    }

    fn visit_body(&mut self, body: &Body) {
        self.bodies.push(body.iter().map(|expr| range(expr.span)).collect());
        descend_body(self, body);
    }
}

/// The text with a range replaced.
pub fn replaced(text: &str, at: &Range<usize>, by: &str) -> String {
    let before = text.get(..at.start).unwrap_or_default();
    let after = text.get(at.end..).unwrap_or_default();
    format!("{before}{by}{after}")
}
