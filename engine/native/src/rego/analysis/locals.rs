//! Stage 9, `RewriteLocalVars`: variables of `:=`, `some`, `every` and parameters get names of their own.
//!
//! OPA visits the operands of `every`, `not`, `and` and `or` a second time; what that second visit does to the scope
//! around (names count as seen there) is done here by `mark_seen`, in time linear in the size.

use super::core::{Body, Call, Comprehension, Expr, Kind, Name, Place, Statement, Term, With};
use super::fault::Fault;
use super::names::{Names, equality};
use super::outputs;
use super::scopes::{Occurrence, Scopes};
use super::vars::{self, Skip, VarSet};
use super::walk::{self, Item};
use super::{core, text, unused};
use crate::rego::errors::COMPILE;

const IN_NEGATED: &str = "cannot assign vars inside negated expression";
const IN_AND: &str = "cannot assign vars inside implicit and operand";
const IN_OR: &str = "cannot assign vars inside implicit or operand";

/// Renames the locals of one rule or query.
pub(super) struct Locals<'a> {
    pub names: &'a mut Names,
    pub scopes: Scopes,
    pub faults: Vec<Fault>,
    pub strict: bool,
    /// True once a `:=` was met.
    pub has_assignment: bool,
}

impl<'a> Locals<'a> {
    pub fn new(names: &'a mut Names, scopes: Scopes, strict: bool) -> Self {
        Locals { names, scopes, faults: Vec::new(), strict, has_assignment: false }
    }

    fn fault(&mut self, message: impl Into<String>, at: Place) {
        self.faults.push(Fault::new(COMPILE, message, at));
    }

    /// Renames in a body. `used` are variables that count as used because what the body is for uses them.
    pub fn body(&mut self, body: &mut Body, used: &VarSet) {
        let starts: Vec<(Place, VarSet)> =
            body.iter().map(|expr| (expr.at, super::declared::declared_in(std::slice::from_ref(expr)))).collect();
        let mut rewritten = Body::with_capacity(body.len());
        for expr in std::mem::take(body) {
            rewritten.extend(self.statement(expr));
        }
        if rewritten.is_empty() {
            let at = starts.first().map(|(at, _)| *at).unwrap_or_default();
            rewritten.push(Expr::new(Statement::Term(Term::new(Kind::Bool(true), at)), at));
        }
        *body = rewritten;
        if self.strict {
            unused::assigned(self, &starts, body, used);
        }
        unused::declared(self, &starts, body, used);
    }

    fn statement(&mut self, mut expr: Expr) -> Option<Expr> {
        if expr.is_assignment() {
            self.has_assignment = true;
            self.assignment(&mut expr);
            return Some(expr);
        }
        match &mut expr.statement {
            Statement::Some(_) => self.some(expr),
            Statement::Every(_) => self.every(expr),
            Statement::Not(_) | Statement::Logic(_) => {
                self.operands(&mut expr);
                Some(expr)
            }
            Statement::Term(_) | Statement::Call(_) => {
                self.plain(&mut expr);
                Some(expr)
            }
        }
    }

    fn every(&mut self, mut expr: Expr) -> Option<Expr> {
        let at = expr.at;
        let Statement::Every(every) = &mut expr.statement else { return Some(expr) };
        let before = self.faults.len();
        self.term(&mut every.domain);
        let is_right = self.faults.len() == before;
        self.scopes.push();
        let key = every.key.get_or_insert_with(|| Term::var(self.names.fresh(), at));
        let declared = self.declare_var(key, at).and_then(|()| self.declare_var(&mut every.value, at));
        if declared.is_some() {
            self.body(&mut every.body, &VarSet::default());
            // OPA looks at the domain again from inside: names that are not declared outside mean the inner variables.
            if is_right {
                self.term(&mut every.domain);
            }
            for with in &mut expr.with {
                self.with(with);
            }
        } else if let Some(fault) = self.faults.last_mut() {
            // OPA makes these variables itself, without a place.
            fault.at = None;
        }
        self.scopes.pop();
        declared.map(|()| expr)
    }

    fn declare_var(&mut self, term: &mut Term, at: Place) -> Option<()> {
        let Kind::Var(name) = &mut term.kind else { return Some(()) };
        if core::is_wildcard(name) || core::is_generated(name) {
            return Some(());
        }
        match self.scopes.declare(self.names, name, Occurrence::Declared) {
            Ok(renamed) => {
                *name = renamed;
                Some(())
            }
            Err(message) => {
                self.fault(message, at);
                None
            }
        }
    }

    /// `some x, y` disappears; `some x in xs` becomes a unification with a reference into `xs`.
    fn some(&mut self, mut expr: Expr) -> Option<Expr> {
        let Statement::Some(symbols) = &mut expr.statement else { return Some(expr) };
        let at = expr.at;
        for symbol in std::mem::take(symbols) {
            match symbol.kind {
                Kind::Var(name) => {
                    if let Err(message) = self.scopes.declare(self.names, &name, Occurrence::Declared) {
                        self.fault(message, at);
                        return None;
                    }
                }
                Kind::Call(call) => return self.some_in(expr, *call),
                _ => {}
            }
        }
        None
    }

    fn some_in(&mut self, mut expr: Expr, call: Call) -> Option<Expr> {
        let at = expr.at;
        let mut arguments = call.arguments;
        let container = arguments.pop()?;
        let value = arguments.pop()?;
        let key = arguments.pop().unwrap_or_else(|| Term::var(self.names.fresh(), value.at));
        let outer = vars::of_term(&container, Skip::NOTHING);
        let place = container.at;
        let mut path = match container.kind {
            Kind::Ref(terms) => terms,
            _ => vec![container],
        };
        path.push(key);
        let call = equality(value, Term::new(Kind::Ref(path), place));
        expr.statement = Statement::Call(call.clone());
        let outputs = outputs::of_equality(&expr, &call, &|name| outer.contains(name));
        for name in outputs.iter() {
            if let Err(message) = self.scopes.declare(self.names, name, Occurrence::Declared) {
                self.fault(message, at);
                return None;
            }
        }
        self.plain(&mut expr);
        Some(expr)
    }

    fn assignment(&mut self, expr: &mut Expr) {
        if expr.negated {
            return self.fault(IN_NEGATED, expr.at);
        }
        let before = self.faults.len();
        let Statement::Call(call) = &mut expr.statement else { return };
        let [left, right] = call.arguments.as_mut_slice() else { return };
        self.term(right);
        for with in &mut expr.with {
            self.term(&mut with.value);
        }
        self.assign(left);
        if self.faults.len() == before {
            let at = call.operator.first().map_or(expr.at, |operator| operator.at);
            call.operator = vec![Term::var(Name::from("eq"), at)];
            expr.assigned = true;
        }
    }

    /// The pattern on the left of `:=`.
    fn assign(&mut self, term: &mut Term) {
        let root = match &term.kind {
            Kind::Var(name) => Some(name.clone()),
            Kind::Ref(terms) => root_document(terms),
            _ => None,
        };
        if let Some(name) = root {
            match self.scopes.declare(self.names, &name, Occurrence::Assigned) {
                Ok(renamed) => term.kind = Kind::Var(renamed),
                Err(message) => self.fault(message, term.at),
            }
            return;
        }
        match &mut term.kind {
            Kind::Array(items) => items.iter_mut().for_each(|item| self.assign(item)),
            Kind::Object(items) => items.iter_mut().for_each(|(_, value)| self.assign(value)),
            _ => self.fault(format!("cannot assign to {}", text::kind_name(term)), term.at),
        }
    }

    /// `not`, `and`, `or`: operands in braces are scopes, others may not assign.
    fn operands(&mut self, expr: &mut Expr) {
        let before = self.faults.len();
        match &mut expr.statement {
            Statement::Not(not) if not.braces => {
                self.scopes.push();
                self.body(&mut not.body, &VarSet::default());
                for with in &mut expr.with {
                    self.with(with);
                }
                self.scopes.pop();
                return;
            }
            Statement::Not(not) => self.implicit(&mut not.body, IN_NEGATED),
            Statement::Logic(logic) => {
                let message = if logic.either { IN_OR } else { IN_AND };
                self.operand(&mut logic.left, logic.left_braces, message);
                self.operand(&mut logic.right, logic.right_braces, message);
            }
            _ => {}
        }
        if self.faults.len() == before {
            for with in &mut expr.with {
                self.with(with);
            }
        }
    }

    fn operand(&mut self, body: &mut Body, braces: bool, message: &'static str) {
        if !braces {
            return self.implicit(body, message);
        }
        let before = self.faults.len();
        self.scopes.push();
        self.body(body, &VarSet::default());
        self.scopes.pop();
        if self.faults.len() == before {
            self.mark_seen(body);
        }
    }

    fn implicit(&mut self, body: &mut Body, message: &'static str) {
        for expr in body {
            if expr.is_assignment() {
                self.fault(message, expr.at);
            } else if matches!(expr.statement, Statement::Not(_) | Statement::Logic(_)) {
                self.operands(expr);
            } else {
                self.plain(expr);
            }
        }
    }

    /// Variables in an operand with braces count as seen in the scope around it as well.
    fn mark_seen(&mut self, body: &Body) {
        let mut seen = VarSet::default();
        walk::body(body, &mut |item: Item<'_>| match item {
            Item::Term(term) => {
                if let Kind::Var(name) = &term.kind {
                    seen.add(name);
                }
                term.is_comprehension() || matches!(&term.kind, Kind::Ref(terms) if root_document(terms).is_some())
            }
            Item::Expr(_) | Item::With(_) => false,
        });
        for name in seen.iter() {
            if self.scopes.renamed(name).is_none() && self.scopes.occurrence(name).is_none() {
                self.scopes.insert(name, name.clone(), Occurrence::Seen);
            }
        }
    }

    /// A term or call with its modifiers.
    fn plain(&mut self, expr: &mut Expr) {
        match &mut expr.statement {
            Statement::Term(term) => self.term(term),
            Statement::Call(call) => {
                self.terms(&mut call.operator);
                self.terms(&mut call.arguments);
            }
            Statement::Some(_) | Statement::Every(_) | Statement::Not(_) | Statement::Logic(_) => {}
        }
        for with in &mut expr.with {
            self.with(with);
        }
    }

    pub fn terms(&mut self, terms: &mut [Term]) {
        for term in terms {
            self.term(term);
        }
    }

    /// Renames in a term.
    pub fn term(&mut self, term: &mut Term) {
        let at = term.at;
        match &mut term.kind {
            Kind::Var(name) => self.var(name),
            Kind::Ref(terms) => {
                if let Some(name) = root_document(terms) {
                    let is_local = self.scopes.outer_occurrence(&name).is_some_and(|how| how != Occurrence::Seen);
                    if let (true, Some(renamed)) = (is_local, self.scopes.renamed(&name)) {
                        term.kind = Kind::Var(renamed.clone());
                    }
                    return;
                }
                self.terms(terms);
            }
            Kind::Array(items) | Kind::Set(items) => self.terms(items),
            Kind::Object(items) => {
                for (key, value) in items {
                    self.term(key);
                    self.term(value);
                }
            }
            Kind::Call(call) => self.call(call, at),
            Kind::Comprehension(inner) => self.comprehension(inner),
            Kind::Template(template) => {
                for part in &mut template.parts {
                    if let core::Part::Expr(expr) = part {
                        self.plain(expr);
                    }
                }
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
        }
    }

    fn var(&mut self, name: &mut Name) {
        match self.scopes.renamed(name).cloned() {
            Some(renamed) => {
                self.scopes.count_use(name);
                *name = renamed;
            }
            None => self.scopes.insert(name, name.clone(), Occurrence::Seen),
        }
    }

    fn call(&mut self, call: &mut Call, at: Place) {
        let mut shadowed = VarSet::default();
        call.operator.iter().for_each(|term| super::declared::add_all_vars(term, &mut shadowed));
        if shadowed.iter().any(|name| self.scopes.renamed(name).is_some_and(|renamed| renamed != name)) {
            self.fault(format!("called function {} shadowed", text::reference(&call.operator)), at);
        }
        self.terms(&mut call.operator);
        self.terms(&mut call.arguments);
    }

    fn comprehension(&mut self, inner: &mut Comprehension) {
        let mut used = vars::of_term(&inner.term, Skip::NOTHING);
        if let Some(key) = &inner.key {
            used.extend(&vars::of_term(key, Skip::NOTHING));
        }
        self.scopes.push();
        self.body(&mut inner.body, &used);
        if let Some(key) = &mut inner.key {
            self.term(key);
        }
        self.term(&mut inner.term);
        self.scopes.pop();
    }

    /// `with input as …` names the document even where a local is called `input`.
    fn with(&mut self, with: &mut With) {
        self.term(&mut with.target);
        let input = Name::from("input");
        if let Some(local) = self.scopes.renamed(&input) {
            let at = with.target.at;
            match &mut with.target.kind {
                Kind::Var(name) if name == local => with.target.kind = Kind::Ref(vec![Term::var(input, at)]),
                Kind::Ref(terms) => {
                    if let Some(Term { kind: Kind::Var(name), .. }) = terms.first_mut()
                        && name == local
                    {
                        *name = input;
                    }
                }
                _ => {}
            }
        }
        self.term(&mut with.value);
    }
}

/// The name, if the reference is `data` or `input` as a whole.
fn root_document(terms: &[Term]) -> Option<Name> {
    match terms {
        [Term { kind: Kind::Var(name), .. }] if &**name == "data" || &**name == "input" => Some(name.clone()),
        _ => None,
    }
}
