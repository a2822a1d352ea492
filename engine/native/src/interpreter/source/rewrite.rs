//! A module's text as the interpreter is to read it, so that it means what it means in OPA: `negation`, `operators`, and
//! `walk`, which the interpreter knows only with a second argument that takes the results, one after the other; as a
//! value, it silently has none. Every statement stays in its row; columns shift on the rows that are rewritten.

use std::collections::HashSet;

use regorus::unstable::{Expr, Literal, LiteralStmt, Module, Query, Rule, RuleHead, Span};

use super::edits::Edits;
use super::{negation, operators, scopes};

/// Whether a name that is not local stands for a document: a rule, an import, `input`, `data`.
pub type IsDocument<'m> = dyn Fn(&str) -> bool + 'm;

pub fn rewrite_module(module: &Module, text: &str, is_document: &IsDocument<'_>) -> String {
    let mut rewriter = Rewriter::new(text, is_document);
    module.policy.iter().for_each(|rule| rewriter.rule(rule));
    rewriter.edits.finish()
}

pub fn rewrite_query(query: &Query, text: &str, is_document: &IsDocument<'_>) -> String {
    let mut rewriter = Rewriter::new(text, is_document);
    rewriter.query(query, true, "");
    query.stmts.iter().for_each(|statement| rewriter.asked(&statement.literal));
    rewriter.edits.finish()
}

const WALK: &str = "walk";

struct Rewriter<'t> {
    edits: Edits<'t>,
    is_document: &'t IsDocument<'t>,
    scopes: Vec<HashSet<String>>,
    prefix: String,
    moved: usize,
    /// The walks of the statement that is being read.
    walks: Vec<String>,
}

impl<'t> Rewriter<'t> {
    fn new(source: &'t str, is_document: &'t IsDocument<'t>) -> Self {
        let mut prefix = String::from("__not_");
        while source.contains(&prefix) {
            prefix.push('_');
        }
        Rewriter { edits: Edits::of(source), is_document, scopes: Vec::new(), prefix, moved: 0, walks: Vec::new() }
    }

    fn rule(&mut self, rule: &Rule) {
        let Rule::Spec { head, bodies, .. } = rule else {
            return;
        };
        let (reference, parameters, output) = match head {
            RuleHead::Compr { refr, assign, .. } => (refr, &[][..], assign.as_ref().map(|a| &a.value)),
            RuleHead::Set { refr, key, .. } => (refr, &[][..], key.as_ref()),
            RuleHead::Func { refr, args, assign, .. } => (refr, args.as_slice(), assign.as_ref().map(|a| &a.value)),
        };
        self.scopes.push(scopes::parameters(parameters));
        self.scopes.push(bodies.first().map_or_else(HashSet::new, |body| scopes::declared_in(&body.query)));
        parameters.iter().for_each(|parameter| self.expression(parameter));
        scopes::indices(reference).into_iter().for_each(|index| self.expression(index));
        output.iter().for_each(|output| self.expression(output));
        let terms = scopes::indices(reference).into_iter().chain(output.map(AsRef::as_ref));
        let head = if bodies.is_empty() { String::new() } else { self.last_statements(terms.collect()) };
        self.scopes.pop();
        for body in bodies {
            let of_else = body.assign.as_ref().map(|assign| {
                self.scopes.push(scopes::declared_in(&body.query));
                self.expression(&assign.value);
                let has_body = !body.query.stmts.is_empty();
                let last = if has_body { self.last_statements(vec![assign.value.as_ref()]) } else { String::new() };
                self.scopes.pop();
                last
            });
            let in_braces = body.query.stmts.first().is_none_or(|first| first.span.start != body.query.span.start);
            let last = if body.is_else { of_else.unwrap_or_default() } else { head.clone() };
            self.query(&body.query, in_braces, &last);
        }
        self.scopes.pop();
    }

    /// What the interpreter knows in the body of a rule, and not as a query of its own: iteration and negation.
    fn asked(&mut self, literal: &Literal) {
        match literal {
            Literal::SomeIn { span, key, value, collection } => {
                let within = self.edits.stretch(collection.span());
                let key =
                    key.as_ref().map_or_else(|| "_".to_owned(), |key| self.edits.text(self.edits.stretch(key.span())));
                let value = self.edits.text(self.edits.stretch(value.span()));
                self.edits.surround(within, "", &format!("[{key}]"));
                self.edits.replace((self.edits.stretch(span).0, within.0), &format!("{value} = "));
            }
            Literal::NotExpr { span, expr, .. } => {
                let negated = self.edits.stretch(expr.span());
                self.edits.surround(negated, "", "] = []");
                self.edits.replace((self.edits.stretch(span).0, negated.0), "[1 | ");
            }
            _ => {}
        }
    }

    /// What a head computes is computed by its body, last: where it is undefined, the body fails, for this one way
    /// through it. The interpreter would give up all ways through it.
    fn last_statements(&mut self, terms: Vec<&Expr>) -> String {
        let is_document = |name: &str| self.is_document(name);
        let spans: Vec<_> = terms.iter().flat_map(|term| negation::computed_by_value(term, &is_document)).collect();
        let mut last = String::new();
        for span in spans {
            let name = self.new_name();
            let stretch = self.edits.stretch(span);
            let text = self.edits.take(stretch, &name);
            let text = match one_line(&text) {
                Some(line) => {
                    let rows = text.matches('\n').count();
                    self.edits.replace(stretch, &format!("{name}{}", "\n".repeat(rows)));
                    line
                }
                None => text,
            };
            last.push_str(&format!("; {name} = {text}"));
        }
        last
    }

    /// `many`: whether the query stands where several statements can. `last` follows its last statement.
    fn query(&mut self, query: &Query, many: bool, last: &str) {
        self.scopes.push(scopes::declared_in(query));
        let count = query.stmts.len();
        for (index, statement) in query.stmts.iter().enumerate() {
            self.statement(statement, many, if index + 1 == count { last } else { "" });
        }
        self.scopes.pop();
    }

    fn statement(&mut self, statement: &LiteralStmt, many: bool, last: &str) {
        let outer = std::mem::take(&mut self.walks);
        self.parts_of(statement);
        let walks = std::mem::replace(&mut self.walks, outer);
        let literal_end = self.edits.stretch(literal_span(&statement.literal)).1;
        let stretch = self.edits.stretch(&statement.span);
        let mut before = self.replacements(statement);
        let modifiers =
            if statement.with_mods.is_empty() { String::new() } else { self.edits.text((literal_end, stretch.1)) };
        before.extend(walks.iter().map(|walk| format!("{walk} {modifiers}; ")));
        if let Literal::NotExpr { expr, .. } = &statement.literal {
            before.push_str(&self.negated(expr, &modifiers));
        }
        if !before.is_empty() || !last.is_empty() {
            let (open, close) = if many { ("", "") } else { ("{ ", " }") };
            self.edits.surround(stretch, &format!("{open}{before}"), &format!("{last}{close}"));
        }
    }

    fn parts_of(&mut self, statement: &LiteralStmt) {
        match &statement.literal {
            Literal::SomeVars { vars, .. } => vars.iter().for_each(|name| self.local(name)),
            Literal::SomeIn { key, value, collection, .. } => {
                key.iter().for_each(|key| self.expression(key));
                self.expression(value);
                self.expression(collection);
            }
            Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => self.expression(expr),
            Literal::Every { key, value, domain, query, .. } => {
                self.expression(domain);
                self.scopes.push(key.iter().chain([value]).map(|span| span.text().to_owned()).collect());
                key.iter().chain([value]).for_each(|name| self.local(name));
                self.query(query, true, "");
                self.scopes.pop();
            }
        }
        statement.with_mods.iter().for_each(|modifier| self.expression(&modifier.r#as));
    }

    /// The statements that compute what `with` replaces documents by. OPA's compiler moves them out as well
    /// (`rewriteWithModifiers`); the interpreter would forget the rules that it evaluates for them.
    fn replacements(&mut self, statement: &LiteralStmt) -> String {
        let is_document = |name: &str| self.is_document(name);
        let replaced = statement.with_mods.iter().filter(|with| replaces_document(&with.refr) || !is_name(&with.r#as));
        let values: Vec<_> = replaced.flat_map(|with| negation::evaluated_by_value(&with.r#as, &is_document)).collect();
        self.moved_before(values, "")
    }

    /// The statements that compute what a negated one computes on the way.
    fn negated(&mut self, expression: &Expr, modifiers: &str) -> String {
        let is_document = |name: &str| self.is_document(name);
        let computed = negation::computed_before(expression, &is_document);
        self.moved_before(computed, modifiers)
    }

    fn moved_before(&mut self, spans: Vec<&Span>, modifiers: &str) -> String {
        let mut before = String::new();
        for span in spans {
            let name = self.new_name();
            let text = self.edits.take(self.edits.stretch(span), &name);
            before.push_str(&format!("{name} = {text} {modifiers}; "));
        }
        before
    }

    fn new_name(&mut self) -> String {
        self.moved += 1;
        format!("{}{}", self.prefix, self.moved - 1)
    }

    fn is_document(&self, name: &str) -> bool {
        !self.scopes.iter().any(|scope| scope.contains(name)) && (self.is_document)(name)
    }

    /// An expression with all that is in it, inner things first.
    fn expression(&mut self, expression: &Expr) {
        match expression {
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
                self.comprehension(query, &[term.as_ref()]);
            }
            Expr::ObjectCompr { key, value, query, .. } => self.comprehension(query, &[key.as_ref(), value.as_ref()]),
            Expr::Var { span, .. } => self.local(span),
            _ => scopes::parts(expression).into_iter().for_each(|part| self.expression(part)),
        }
        operators::rewrite(expression, &mut self.edits);
        if let Expr::Call { span, fcn, params, .. } = expression
            && matches!(fcn.as_ref(), Expr::Var { span, .. } if span.text() == WALK && !self.is_document(WALK))
            && params.len() == 1
        {
            let name = self.new_name();
            let mut walk = self.edits.take(self.edits.stretch(span), &name);
            walk.pop();
            self.walks.push(format!("{walk}, {name})"));
        }
    }

    /// A local name that a rule or an import has too is given another: the interpreter takes one for the other.
    fn local(&mut self, span: &Span) {
        let name = span.text();
        if self.scopes.iter().any(|scope| scope.contains(name)) && (self.is_document)(name) {
            let other = format!("{}{name}", self.prefix);
            self.edits.replace(self.edits.stretch(span), &other);
        }
    }

    fn comprehension(&mut self, query: &Query, outputs: &[&Expr]) {
        self.scopes.push(scopes::declared_in(query));
        outputs.iter().for_each(|output| self.expression(output));
        self.scopes.pop();
        self.query(query, true, "");
    }
}

/// The text in one row, if nothing in it needs the rows it has: comments, and statements that only rows keep apart.
fn one_line(text: &str) -> Option<String> {
    if !text.contains('\n') {
        return Some(text.to_owned());
    }
    let needs_rows = text.contains(['#', '|', '`']) || text.contains("every");
    (!needs_rows).then(|| text.replace('\n', " "))
}

fn literal_span(literal: &Literal) -> &Span {
    match literal {
        Literal::SomeVars { span, .. }
        | Literal::SomeIn { span, .. }
        | Literal::Expr { span, .. }
        | Literal::NotExpr { span, .. }
        | Literal::Every { span, .. } => span,
    }
}

fn replaces_document(target: &Expr) -> bool {
    matches!(scopes::root_name(target), Some("input" | "data"))
}

/// Whether it may name a function, which can replace a function and has no value of its own.
fn is_name(value: &Expr) -> bool {
    matches!(value, Expr::Var { .. } | Expr::RefDot { .. } | Expr::RefBrack { .. })
}
