//! Stage 12, `RewritePrintCalls`: calls of `print` disappear, or become `internal.print` on sets, so that an undefined
//! operand does not stop them.

use std::collections::HashMap;

use super::core::{Body, Expr, Kind, Name, Rule, Statement, Term, is_generated};
use super::declared::add_all_vars;
use super::fault::Fault;
use super::functions::Functions;
use super::names::{Names, equality};
use super::outputs;
use super::templates::set_of;
use super::text;
use super::vars::{self, Skip, VarSet};
use super::walk::{self, Item, ItemMut};
use crate::rego::errors::COMPILE;

/// Removes the calls from a body and from all bodies inside; a body that is left empty is `true`.
pub(super) fn erase(item: ItemMut<'_>) -> bool {
    if let ItemMut::Body(body) = item {
        let at = body.first().map(|expr| expr.at).unwrap_or_default();
        body.retain(|expr| !expr.calls("print"));
        if body.is_empty() {
            body.push(Expr::new(Statement::Term(Term::new(Kind::Bool(true), at)), at));
        }
    }
    false
}

pub(super) struct Prints<'a> {
    pub names: &'a mut Names,
    pub functions: Functions<'a>,
    pub original: &'a HashMap<Name, Name>,
    pub faults: &'a mut Vec<Fault>,
}

impl Prints<'_> {
    pub fn rule(&mut self, rule: &mut Rule) {
        let mut globals = VarSet::reserved();
        for argument in &rule.head.arguments {
            globals.extend(&vars::of_term(argument, Skip::NOTHING));
        }
        let mut visible = globals.clone();
        walk::head_mut(&mut rule.head, &mut |item| self.item(item, &mut visible));
        self.body(&mut rule.body, &globals);
    }

    /// Rewrites a body.
    pub fn body(&mut self, body: &mut Body, globals: &VarSet) {
        let before = self.faults.len();
        let mut safe = globals.clone();
        for expr in body.iter_mut() {
            let mut visible = safe.clone();
            if contains_print(expr) {
                walk::expr_mut(expr, &mut |item| self.item(item, &mut visible));
            }
            if self.faults.len() > before {
                return;
            }
            if expr.calls("print") {
                self.print(expr, &safe);
            }
            let outputs = outputs::of_expr(expr, &self.functions, &|name| safe.contains(name));
            safe.extend(&outputs);
            walk::terms_of_expr(expr, &mut |term| {
                if let Kind::Var(name) = &term.kind
                    && is_generated(name)
                {
                    safe.add(name);
                }
                false
            });
        }
    }

    fn item(&mut self, item: ItemMut<'_>, visible: &mut VarSet) -> bool {
        match item {
            ItemMut::Term(Term { kind: Kind::Comprehension(inner), .. }) => {
                self.body(&mut inner.body, visible);
                true
            }
            ItemMut::Expr(expr) => match &mut expr.statement {
                Statement::Every(every) => {
                    for term in every.key.iter().chain([&every.value]) {
                        add_all_vars(term, visible);
                    }
                    self.body(&mut every.body, visible);
                    true
                }
                Statement::Not(not) => {
                    self.body(&mut not.body, visible);
                    true
                }
                Statement::Logic(logic) => {
                    self.body(&mut logic.left, visible);
                    self.body(&mut logic.right, visible);
                    true
                }
                _ => false,
            },
            _ => false,
        }
    }

    fn print(&mut self, expr: &mut Expr, safe: &VarSet) {
        let Statement::Call(call) = &mut expr.statement else { return };
        let before = self.faults.len();
        for argument in &call.arguments {
            for name in vars::of_term(argument, Skip::SAFETY).minus(safe).iter() {
                let shown = text::variable(self.original.get(name).unwrap_or(name));
                self.faults.push(Fault::new(COMPILE, format!("var {shown} is undeclared"), argument.at));
            }
        }
        if self.faults.len() > before {
            return;
        }
        let mut sets = Vec::with_capacity(call.arguments.len());
        for argument in std::mem::take(&mut call.arguments) {
            let at = argument.at;
            let local = Term::var(self.names.fresh(), at);
            let capture = Expr::new(Statement::Call(equality(local.clone(), argument)), at);
            sets.push(set_of(local, capture));
        }
        let at = expr.at;
        call.operator = vec![Term::var(Name::from("internal"), at), Term::string("print", at)];
        call.arguments = vec![Term::new(Kind::Array(sets), at)];
        // As in OPA, a print takes no modifiers along.
        expr.with.clear();
        expr.negated = false;
    }
}

/// True if a statement or a body inside of it prints.
fn contains_print(expr: &Expr) -> bool {
    let mut found = false;
    walk::expr(expr, &mut |item: Item<'_>| {
        if let Item::Expr(expr) = item {
            found |= expr.calls("print");
        }
        found
    });
    found
}
