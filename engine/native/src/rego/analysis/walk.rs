//! Visits the nodes of terms and statements, outermost first, in OPA's order.

use super::core::{Body, Comprehension, Every, Expr, Head, Kind, Logic, Not, Part, Statement, Template, Term, With};

/// A node that a visitor may look at.
#[derive(Clone, Copy)]
pub enum Item<'a> {
    Term(&'a Term),
    Expr(&'a Expr),
    With(&'a With),
}

/// A scope of its own inside a statement.
#[derive(Clone, Copy)]
pub enum Closure<'a> {
    Comprehension(&'a Comprehension),
    Every(&'a Every),
    Not(&'a Not),
    Logic(&'a Logic),
}

/// A visitor: true means not to look below the node.
pub trait Visit<'a> {
    fn visit(&mut self, item: Item<'a>) -> bool;
}

impl<'a, F: FnMut(Item<'a>) -> bool> Visit<'a> for F {
    fn visit(&mut self, item: Item<'a>) -> bool {
        self(item)
    }
}

pub fn term<'a>(node: &'a Term, visit: &mut dyn Visit<'a>) {
    if visit.visit(Item::Term(node)) {
        return;
    }
    match &node.kind {
        Kind::Ref(terms) | Kind::Array(terms) | Kind::Set(terms) => self::terms(terms, visit),
        Kind::Object(items) => {
            for (key, value) in items {
                term(key, visit);
                term(value, visit);
            }
        }
        Kind::Comprehension(inner) => {
            if let Some(key) = &inner.key {
                term(key, visit);
            }
            term(&inner.term, visit);
            body(&inner.body, visit);
        }
        Kind::Call(call) => {
            self::terms(&call.operator, visit);
            self::terms(&call.arguments, visit);
        }
        Kind::Template(template) => parts(template, visit),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Var(_) => {}
    }
}

fn parts<'a>(template: &'a Template, visit: &mut dyn Visit<'a>) {
    for part in &template.parts {
        match part {
            Part::Text(text) => term(text, visit),
            Part::Expr(inner) => expr(inner, visit),
        }
    }
}

pub fn terms<'a>(nodes: &'a [Term], visit: &mut dyn Visit<'a>) {
    for node in nodes {
        term(node, visit);
    }
}

pub fn expr<'a>(node: &'a Expr, visit: &mut dyn Visit<'a>) {
    if visit.visit(Item::Expr(node)) {
        return;
    }
    match &node.statement {
        Statement::Term(inner) => term(inner, visit),
        Statement::Call(call) => {
            terms(&call.operator, visit);
            terms(&call.arguments, visit);
        }
        Statement::Some(symbols) => terms(symbols, visit),
        Statement::Every(every) => {
            if let Some(key) = &every.key {
                term(key, visit);
            }
            term(&every.value, visit);
            term(&every.domain, visit);
            body(&every.body, visit);
        }
        Statement::Not(not) => body(&not.body, visit),
        Statement::Logic(logic) => {
            body(&logic.left, visit);
            body(&logic.right, visit);
        }
    }
    for with in &node.with {
        if !visit.visit(Item::With(with)) {
            term(&with.target, visit);
            term(&with.value, visit);
        }
    }
}

pub fn body<'a>(nodes: &'a [Expr], visit: &mut dyn Visit<'a>) {
    for node in nodes {
        expr(node, visit);
    }
}

/// The arguments, member and value of a head; not its reference, as OPA's generic visitor does.
pub fn head<'a>(node: &'a Head, visit: &mut dyn Visit<'a>) {
    terms(&node.arguments, visit);
    if let Some(member) = &node.member {
        term(member, visit);
    }
    if let Some(value) = &node.value {
        term(value, visit);
    }
}

/// All terms below a statement, itself not being one.
pub fn terms_of_expr<'a>(node: &'a Expr, visit: &mut dyn FnMut(&'a Term) -> bool) {
    expr(node, &mut |item: Item<'a>| match item {
        Item::Term(term) => visit(term),
        Item::Expr(_) | Item::With(_) => false,
    });
}

/// All terms of and below a term.
pub fn terms_of_term<'a>(node: &'a Term, visit: &mut dyn FnMut(&'a Term) -> bool) {
    term(node, &mut |item: Item<'a>| match item {
        Item::Term(term) => visit(term),
        Item::Expr(_) | Item::With(_) => false,
    });
}

/// The closure that a node is, if it is one.
pub fn closure_of(item: Item<'_>) -> Option<Closure<'_>> {
    match item {
        Item::Term(Term { kind: Kind::Comprehension(inner), .. }) => Some(Closure::Comprehension(inner)),
        Item::Expr(expr) => match &expr.statement {
            Statement::Every(every) => Some(Closure::Every(every)),
            Statement::Not(not) => Some(Closure::Not(not)),
            Statement::Logic(logic) => Some(Closure::Logic(logic)),
            _ => None,
        },
        Item::Term(_) | Item::With(_) => None,
    }
}

/// A node that a visitor may change.
pub enum ItemMut<'a> {
    Term(&'a mut Term),
    Expr(&'a mut Expr),
    /// A modifier; its target and value are visited as terms.
    With,
    Body(&'a mut Body),
}

/// A changing visitor: true means not to look below the node.
pub type VisitMut<'f> = &'f mut dyn FnMut(ItemMut<'_>) -> bool;

pub fn term_mut(node: &mut Term, visit: VisitMut<'_>) {
    if visit(ItemMut::Term(node)) {
        return;
    }
    match &mut node.kind {
        Kind::Ref(terms) | Kind::Array(terms) | Kind::Set(terms) => terms_mut(terms, visit),
        Kind::Object(items) => {
            for (key, value) in items {
                term_mut(key, visit);
                term_mut(value, visit);
            }
        }
        Kind::Comprehension(inner) => {
            if let Some(key) = &mut inner.key {
                term_mut(key, visit);
            }
            term_mut(&mut inner.term, visit);
            body_mut(&mut inner.body, visit);
        }
        Kind::Call(call) => {
            terms_mut(&mut call.operator, visit);
            terms_mut(&mut call.arguments, visit);
        }
        Kind::Template(template) => {
            for part in &mut template.parts {
                match part {
                    Part::Text(text) => term_mut(text, visit),
                    Part::Expr(inner) => expr_mut(inner, visit),
                }
            }
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Var(_) => {}
    }
}

pub fn terms_mut(nodes: &mut [Term], visit: VisitMut<'_>) {
    for node in nodes {
        term_mut(node, visit);
    }
}

pub fn expr_mut(node: &mut Expr, visit: VisitMut<'_>) {
    if visit(ItemMut::Expr(node)) {
        return;
    }
    match &mut node.statement {
        Statement::Term(inner) => term_mut(inner, visit),
        Statement::Call(call) => {
            terms_mut(&mut call.operator, visit);
            terms_mut(&mut call.arguments, visit);
        }
        Statement::Some(symbols) => terms_mut(symbols, visit),
        Statement::Every(every) => {
            if let Some(key) = &mut every.key {
                term_mut(key, visit);
            }
            term_mut(&mut every.value, visit);
            term_mut(&mut every.domain, visit);
            body_mut(&mut every.body, visit);
        }
        Statement::Not(not) => body_mut(&mut not.body, visit),
        Statement::Logic(logic) => {
            body_mut(&mut logic.left, visit);
            body_mut(&mut logic.right, visit);
        }
    }
    for with in &mut node.with {
        if !visit(ItemMut::With) {
            term_mut(&mut with.target, visit);
            term_mut(&mut with.value, visit);
        }
    }
}

pub fn body_mut(nodes: &mut Body, visit: VisitMut<'_>) {
    if visit(ItemMut::Body(nodes)) {
        return;
    }
    for node in nodes {
        expr_mut(node, visit);
    }
}

/// The arguments, member and value of a head; not its reference.
pub fn head_mut(node: &mut Head, visit: VisitMut<'_>) {
    terms_mut(&mut node.arguments, visit);
    if let Some(member) = &mut node.member {
        term_mut(member, visit);
    }
    if let Some(value) = &mut node.value {
        term_mut(value, visit);
    }
}
