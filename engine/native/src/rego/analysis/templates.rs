//! Stage 10, `RewriteTemplateStrings`: `$"…{x}…"` becomes a call of `internal.template_string` on texts and sets; an
//! expression that is undefined is an empty set.

use std::collections::HashMap;

use super::core::{
    Body, Call, Comprehension, Expr, Gathers, Head, Kind, Name, Part, Place, Rule, RuleId, Statement, Term,
    is_true_body, is_wildcard,
};
use super::fault::Fault;
use super::functions::Functions;
use super::names::{Names, equality};
use super::outputs;
use super::text;
use super::vars::{self, Skip, VarSet};
use crate::rego::errors::COMPILE;

pub(super) struct Templates<'a> {
    pub names: &'a mut Names,
    pub functions: Functions<'a>,
    /// The rules that surely have a value, by what is known before this stage.
    pub defined: &'a [bool],
    pub original: &'a HashMap<Name, Name>,
    pub is_supported: bool,
    pub faults: &'a mut Vec<Fault>,
}

/// True for rules that are never undefined by themselves: multi-value rules and constants.
pub(super) fn is_surely_defined(rule: &Rule) -> bool {
    if !rule.head.arguments.is_empty() {
        return false;
    }
    rule.default || rule.head.is_multi_value()
}

/// A rule without a body whose value is ground.
pub(super) fn is_constant(rule: &Rule) -> bool {
    let is_ground = |value: &Term| match value.kind {
        Kind::Var(_) => true,
        Kind::Array(_) | Kind::Object(_) | Kind::Set(_) => value.is_ground(),
        _ => value.is_scalar(),
    };
    is_true_body(&rule.body) && rule.head.value.as_ref().is_some_and(is_ground)
}

/// By rule id: whether a reference to exactly the rules of its node is known to be defined.
pub(super) fn surely_defined(rules: &[Rule], tree: &super::tree::Node) -> Vec<bool> {
    let mut defined = vec![false; rules.len()];
    let rule_of = |id: &RuleId| rules.get(id.0 as usize);
    tree.depth_first(&mut |node| {
        let Some(first) = node.rules.first().and_then(rule_of) else { return false };
        let is_function = !first.head.arguments.is_empty();
        let known = !is_function
            && (is_surely_defined(first)
                || match node.rules.as_slice() {
                    [_] => is_constant(first),
                    [_, others @ ..] => others.iter().filter_map(rule_of).any(|rule| rule.default),
                    [] => false,
                });
        for id in &node.rules {
            if let Some(flag) = defined.get_mut(id.0 as usize) {
                *flag = known;
            }
        }
        false
    });
    defined
}

impl Templates<'_> {
    pub fn rule(&mut self, rule: &mut Rule) {
        let mut safe = vars::VarSet::reserved();
        for argument in &rule.head.arguments {
            safe.extend(&vars::of_term(argument, Skip { templates: true, ..Skip::NOTHING }));
            let wildcards = vars::of_term(argument, Skip::NOTHING);
            wildcards.iter().filter(|name| is_wildcard(name)).for_each(|name| safe.add(name));
        }
        let safe = self.body(&mut rule.body, &safe);
        let Head { arguments, member, value, .. } = &mut rule.head;
        for term in arguments.iter_mut().chain(member).chain(value) {
            self.term(term, &safe);
        }
    }

    /// Rewrites a body; the variables that are safe after it.
    pub fn body(&mut self, body: &mut Body, globals: &VarSet) -> VarSet {
        let mut safe = outputs::of_body(body, &self.functions, globals);
        safe.extend(globals);
        for expr in body {
            self.expr(expr, &safe);
        }
        safe
    }

    fn expr(&mut self, expr: &mut Expr, safe: &VarSet) {
        match &mut expr.statement {
            Statement::Term(term) => self.term(term, safe),
            Statement::Call(call) => call.arguments.iter_mut().for_each(|term| self.term(term, safe)),
            Statement::Every(every) => {
                self.term(&mut every.domain, safe);
                let mut inside = safe.clone();
                for term in every.key.iter().chain([&every.value]) {
                    inside.extend(&vars::of_term(term, Skip::NOTHING));
                }
                self.body(&mut every.body, &inside);
            }
            // As in OPA, what these bodies bind themselves is not safe inside their templates.
            Statement::Not(not) => not.body.iter_mut().for_each(|expr| self.expr(expr, safe)),
            Statement::Logic(logic) => {
                logic.left.iter_mut().for_each(|expr| self.expr(expr, safe));
                logic.right.iter_mut().for_each(|expr| self.expr(expr, safe));
            }
            Statement::Some(_) => {}
        }
        for with in &mut expr.with {
            self.term(&mut with.target, safe);
            self.term(&mut with.value, safe);
        }
    }

    fn term(&mut self, term: &mut Term, safe: &VarSet) {
        match &mut term.kind {
            Kind::Template(template) => {
                let parts = std::mem::take(&mut template.parts);
                match self.template(parts, safe, term.at) {
                    Some(kind) => {
                        term.kind = kind;
                        self.term(term, safe);
                    }
                    None => term.kind = Kind::Null,
                }
            }
            Kind::Ref(items) | Kind::Array(items) | Kind::Set(items) => {
                items.iter_mut().for_each(|item| self.term(item, safe));
            }
            Kind::Object(items) => {
                for (key, value) in items {
                    self.term(key, safe);
                    self.term(value, safe);
                }
            }
            Kind::Call(call) => call.arguments.iter_mut().for_each(|item| self.term(item, safe)),
            Kind::Comprehension(inner) => {
                let bound = self.body(&mut inner.body, safe);
                for term in inner.key.iter_mut().chain([&mut inner.term]) {
                    // As in OPA, only a template that is the whole term sees what the body binds.
                    let visible = if matches!(term.kind, Kind::Template(_)) { &bound } else { safe };
                    self.term(term, visible);
                }
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Var(_) => {}
        }
    }

    /// The call that takes the place of a template; `None` after an error.
    fn template(&mut self, parts: Vec<Part>, safe: &VarSet, at: Place) -> Option<Kind> {
        if !self.is_supported {
            self.faults.push(Fault::new(COMPILE, "template-strings are not supported", at));
            return None;
        }
        let before = self.faults.len();
        let mut items = Vec::with_capacity(parts.len().max(1));
        for part in parts {
            match part {
                Part::Text(text) => items.push(text),
                Part::Expr(expr) => items.extend(self.part(expr, safe)),
            }
        }
        if items.is_empty() {
            items.push(Term::string("", at));
        }
        if self.faults.len() > before {
            return None;
        }
        let operator = vec![Term::var(Name::from("internal"), at), Term::string("template_string", at)];
        let arguments = vec![Term::new(Kind::Array(items), at)];
        Some(Kind::Call(Box::new(Call { operator, operator_at: at, arguments })))
    }

    /// The set that stands for one expression.
    fn part(&mut self, expr: Expr, safe: &VarSet) -> Option<Term> {
        let term = match expr.statement {
            Statement::Term(term) => term,
            Statement::Call(call) => {
                if let Some(signature) = self.functions.builtins.find(&call.operator)
                    && signature.relation
                {
                    let name = signature.name;
                    let message = format!("illegal call to relation built-in '{name}' that may cause multiple outputs");
                    self.faults.push(Fault { code: COMPILE, message, at: None });
                    return None;
                }
                Term::new(Kind::Call(Box::new(call)), expr.at)
            }
            _ => {
                self.faults.push(Fault::new(COMPILE, "unexpected template-string expression type", expr.at));
                return None;
            }
        };
        let at = term.at;
        let is_plain = match &term.kind {
            Kind::Var(_) => true,
            Kind::Ref(path) => self.is_defined(path),
            _ => false,
        };
        if is_plain {
            return Some(Term::new(Kind::Set(vec![term]), at));
        }
        // OPA has no place for calls here.
        let place = Some(at).filter(|_| !matches!(term.kind, Kind::Call(_)));
        for name in vars::of_term(&term, Skip::SAFETY).minus(safe).iter() {
            let shown = text::variable(self.original.get(name).unwrap_or(name));
            let message = format!("var {shown} is undeclared");
            self.faults.push(Fault { code: COMPILE, message, at: place });
        }
        let local = Term::var(self.names.fresh(), at);
        let mut capture = Expr::new(Statement::Call(equality(local.clone(), term)), at);
        capture.with = expr.with;
        Some(set_of(local, capture))
    }

    fn is_defined(&self, path: &[Term]) -> bool {
        self.functions.rules(path).first().is_some_and(|id| self.defined.get(id.0 as usize) == Some(&true))
    }
}

/// `{local | capture}`.
pub(super) fn set_of(local: Term, capture: Expr) -> Term {
    let at = local.at;
    let inner = Comprehension { gathers: Gathers::Set, key: None, term: local, body: vec![capture], index: Vec::new() };
    Term::new(Kind::Comprehension(Box::new(inner)), at)
}
