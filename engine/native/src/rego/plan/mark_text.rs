//! Statements as OPA's traces write them: calls as calls, `=` between its operands, the author's names.

use super::marks::Names;
use crate::rego::analysis::core::{CAUGHT, Call, Expr, Gathers, Kind, Name, Statement, Term, is_generated};
use crate::rego::analysis::text;

/// Longer texts are cut: a mark is to be read.
const MAX_TEXT_BYTES: usize = 16 * 1024;

pub(super) struct Writer<'n> {
    names: &'n Names,
    text: String,
    vars: Vec<Name>,
}

impl<'n> Writer<'n> {
    pub fn new(names: &'n Names) -> Self {
        Writer { names, text: String::new(), vars: Vec::new() }
    }

    /// The text, and the variables in it as analysis names them.
    pub fn finish(self) -> (String, Vec<Name>) {
        (self.text, self.vars)
    }

    pub fn body(&mut self, body: &[Expr]) {
        for (index, expr) in body.iter().enumerate() {
            if index > 0 {
                self.text.push_str("; ");
            }
            self.expr(expr);
        }
    }

    pub fn expr(&mut self, expr: &Expr) {
        if self.text.len() > MAX_TEXT_BYTES {
            return;
        }
        if expr.negated {
            self.text.push_str("not ");
        }
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.statement(&expr.statement));
        for with in &expr.with {
            self.text.push_str(" with ");
            self.term(&with.target);
            self.text.push_str(" as ");
            self.term(&with.value);
        }
    }

    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Term(term) => self.term(term),
            Statement::Call(call) => match call.arguments.as_slice() {
                [left, right] if call.is_named("eq") => {
                    self.term(left);
                    self.text.push_str(" = ");
                    self.term(right);
                }
                _ => self.call(call),
            },
            Statement::Some(terms) => {
                self.text.push_str("some ");
                self.terms(terms);
            }
            Statement::Every(every) => {
                self.text.push_str("every ");
                if let Some(key) = &every.key
                    && key.as_var().is_none_or(|name| self.names.contains_key(name) || !is_generated(name))
                {
                    self.term(key);
                    self.text.push_str(", ");
                }
                self.term(&every.value);
                self.text.push_str(" in ");
                self.term(&every.domain);
                self.text.push_str(" { ");
                self.body(&every.body);
                self.text.push_str(" }");
            }
            Statement::Not(not) => {
                self.text.push_str("not ");
                self.operand(&not.body, not.braces);
            }
            Statement::Logic(logic) => {
                self.operand(&logic.left, logic.left_braces);
                self.text.push_str(if logic.either { " or " } else { " and " });
                self.operand(&logic.right, logic.right_braces);
            }
        }
    }

    fn operand(&mut self, body: &[Expr], braces: bool) {
        if braces {
            self.text.push('{');
        }
        self.body(body);
        if braces {
            self.text.push('}');
        }
    }

    pub fn term(&mut self, term: &Term) {
        if self.text.len() > MAX_TEXT_BYTES {
            return;
        }
        match &term.kind {
            Kind::Var(name) => {
                let names = self.names;
                let written = names.get(name).unwrap_or(name);
                self.text.push_str(if written.starts_with(CAUGHT) { "_" } else { text::variable(written) });
                self.vars.push(name.clone());
            }
            Kind::Ref(terms) => self.reference(terms),
            Kind::Array(items) => self.enclosed('[', items, ']'),
            Kind::Set(items) if items.is_empty() => self.text.push_str("set()"),
            Kind::Set(items) => self.enclosed('{', items, '}'),
            Kind::Object(items) => {
                self.text.push('{');
                for (index, (key, value)) in items.iter().enumerate() {
                    if index > 0 {
                        self.text.push_str(", ");
                    }
                    self.term(key);
                    self.text.push_str(": ");
                    self.term(value);
                }
                self.text.push('}');
            }
            Kind::Comprehension(it) => {
                let (open, close) = if it.gathers == Gathers::Array { ('[', ']') } else { ('{', '}') };
                self.text.push(open);
                if let Some(key) = &it.key {
                    self.term(key);
                    self.text.push_str(": ");
                }
                self.term(&it.term);
                self.text.push_str(" | ");
                self.body(&it.body);
                self.text.push(close);
            }
            Kind::Call(call) => self.call(call),
            _ => self.text.push_str(&text::term(term)),
        }
    }

    fn enclosed(&mut self, open: char, items: &[Term], close: char) {
        self.text.push(open);
        self.terms(items);
        self.text.push(close);
    }

    fn terms(&mut self, terms: &[Term]) {
        for (index, term) in terms.iter().enumerate() {
            if index > 0 {
                self.text.push_str(", ");
            }
            self.term(term);
        }
    }

    fn call(&mut self, call: &Call) {
        self.text.push_str(&text::reference(&call.operator));
        self.enclosed('(', &call.arguments, ')');
    }

    fn reference(&mut self, terms: &[Term]) {
        let Some((first, rest)) = terms.split_first() else { return };
        self.term(first);
        for term in rest {
            match &term.kind {
                Kind::String(_) => {
                    // As the second part of a reference whose first part is written here already.
                    let written = text::reference(&[Term::var(Name::from(""), term.at), term.clone()]);
                    self.text.push_str(&written);
                }
                _ => {
                    self.text.push('[');
                    self.term(term);
                    self.text.push(']');
                }
            }
        }
    }
}
