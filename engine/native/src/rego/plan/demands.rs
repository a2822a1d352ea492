//! What the body of a definition demands of references, as far as an index can use it.
//!
//! Considered are `ref = value` and `==`, a bare reference, `ref in {…}`, `value in ref`, `ref[_] = value` and
//! `glob.match` with a plain pattern, each on a ground reference to input or base data or on a parameter; variables
//! bound to a constant or a reference before are seen through, one step. Source: OPA `ast/index.go`.

use std::collections::HashMap;

use super::index::{Candidate, Demand, Index, Requirement, Source, split_escaped};
use super::terms::constant;
use crate::rego::analysis::Compiled;
use crate::rego::analysis::core::{Expr, Kind, Name, Place, Rule, Statement, Term, is_ground_reference};
use crate::rego::analysis::core::{ground_prefix, starts_with_var};
use crate::rego::values::Value;

/// How many ways to reach one definition are kept apart.
const MAX_PATHS: usize = 32;

/// How many references an index asks: a search is as deep.
const MAX_LEVELS: usize = 256;

/// A requirement, and the variable that the source was bound to, if that is all that is known.
#[derive(Clone)]
struct Known {
    source: usize,
    what: What,
    splitter: Option<String>,
}

#[derive(Clone, PartialEq)]
enum What {
    Variable(Name),
    Demand(Demand),
}

impl Known {
    fn is_open(&self) -> bool {
        matches!(self.what, What::Variable(_) | What::Demand(Demand::Any))
    }
}

/// The sources of one group, in order of discovery, and how often each is used.
#[derive(Default)]
struct Sources {
    all: Vec<Source>,
    uses: Vec<usize>,
    places: Vec<Place>,
}

impl Sources {
    fn id(&mut self, source: Source, at: Place) -> usize {
        if let Some(known) = self.all.iter().position(|other| *other == source) {
            return known;
        }
        self.all.push(source);
        self.uses.push(0);
        self.places.push(at);
        self.all.len() - 1
    }

    fn count(&mut self, id: usize) {
        if let Some(uses) = self.uses.get_mut(id) {
            *uses += 1;
        }
    }

    /// Most used first.
    fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> =
            (0..self.all.len()).filter(|id| self.uses.get(*id).is_some_and(|n| *n > 0)).collect();
        order.sort_by_key(|id| {
            let uses = self.uses.get(*id).copied().unwrap_or_default();
            (std::cmp::Reverse(uses), self.places.get(*id).copied().unwrap_or_default(), *id)
        });
        order
    }
}

struct Reader<'a> {
    compiled: &'a Compiled,
    sources: &'a mut Sources,
    /// Requirements that always hold.
    known: Vec<Known>,
    /// For each `or`: its branches.
    either: Vec<Vec<Vec<Known>>>,
    /// Requirements of the scopes around.
    outer: Vec<Known>,
    constants: HashMap<Name, Term>,
    parameters: &'a [Term],
}

/// The index of a group's definitions, given in source order; none if nothing can be asked.
pub(super) fn index(compiled: &Compiled, rules: &[&&Rule]) -> Option<Index> {
    let mut sources = Sources::default();
    let mut chains = Vec::new();
    for first in rules {
        let mut chain = Vec::new();
        let mut next = Some(**first);
        while let Some(rule) = next {
            chain.push((rule, paths(compiled, rule, &mut sources)));
            next = rule.otherwise.and_then(|id| compiled.rules.get(id.0 as usize));
        }
        chains.push(chain);
    }
    let mut order = sources.order();
    order.truncate(MAX_LEVELS);
    if order.is_empty() {
        return None;
    }
    let mut index = Index::new(sources.all);
    for (position, chain) in chains.iter().enumerate() {
        index.chains |= chain.len() > 1;
        for (link, (rule, paths)) in chain.iter().enumerate() {
            let candidate = Candidate { position: position as u32, link: link as u32, rule: rule.id.0 };
            let value = rule.head.value.as_ref().and_then(constant);
            index.repeats |= paths.len() > 1;
            for path in paths {
                index.insert(&order, path, candidate, value.as_ref());
            }
        }
    }
    Some(index)
}

/// How many references an index over many groups asks; what else their definitions demand is left to each group.
const MAX_SPANNING_LEVELS: usize = 8;

/// One index over the definitions of many groups: what it finds are the numbers given with the groups.
pub(super) fn spanning(compiled: &Compiled, groups: &[(u32, Vec<&Rule>)]) -> Option<Index> {
    let mut sources = Sources::default();
    let read = |(number, rules): &(u32, Vec<&Rule>)| {
        let ways: Vec<_> = rules.iter().flat_map(|rule| paths(compiled, rule, &mut sources)).collect();
        (*number, ways)
    };
    let groups: Vec<_> = groups.iter().map(read).collect();
    let mut order = sources.order();
    order.truncate(MAX_SPANNING_LEVELS);
    if order.is_empty() {
        return None;
    }
    let mut index = Index::new(sources.all);
    for (number, ways) in &groups {
        let candidate = Candidate { position: *number, link: 0, rule: *number };
        for way in ways {
            index.insert(&order, way, candidate, None);
        }
    }
    // What is met twice is sorted out by whoever asks.
    index.repeats = false;
    Some(index)
}

/// The ways to reach a rule, each a list of requirements.
fn paths(compiled: &Compiled, rule: &Rule, sources: &mut Sources) -> Vec<Vec<Requirement>> {
    if skips(&rule.body) {
        return vec![Vec::new()];
    }
    let mut reader = Reader {
        compiled,
        sources,
        known: Vec::new(),
        either: Vec::new(),
        outer: Vec::new(),
        constants: HashMap::new(),
        parameters: &rule.head.arguments,
    };
    for expr in &rule.body {
        reader.read(expr);
    }
    let finish = |known: Known| Requirement {
        source: known.source,
        demand: match known.what {
            What::Variable(_) => Demand::Any,
            What::Demand(demand) => demand,
        },
        splitter: known.splitter,
    };
    reader.ways().into_iter().map(|way| way.into_iter().map(finish).collect()).collect()
}

/// A rule that prints is never skipped.
fn skips(body: &[Expr]) -> bool {
    body.iter().any(|expr| match &expr.statement {
        Statement::Call(call) => matches!(call.name().as_str(), "internal.print" | "internal.test_case"),
        Statement::Every(every) => skips(&every.body),
        Statement::Not(not) => skips(&not.body),
        Statement::Logic(logic) => skips(&logic.left) || skips(&logic.right),
        _ => false,
    })
}

impl Reader<'_> {
    fn read(&mut self, expr: &Expr) {
        if !expr.with.is_empty() || expr.negated {
            return;
        }
        match &expr.statement {
            Statement::Term(term) => {
                if let Some(source) = self.source(term) {
                    self.insert(source, What::Demand(Demand::Any), None);
                }
            }
            Statement::Logic(logic) => {
                let left = self.operand(&logic.left);
                if logic.either {
                    if left.is_empty() {
                        return;
                    }
                    let right = self.operand(&logic.right);
                    if !right.is_empty() {
                        self.require(left.into_iter().chain(right).collect());
                    }
                } else {
                    let right = self.operand(&logic.right);
                    self.require(left);
                    self.require(right);
                }
            }
            Statement::Call(call) => match (call.name().as_str(), call.arguments.as_slice()) {
                ("eq" | "equal", [a, b]) => {
                    let _served =
                        self.any_element(a, b) || self.any_element(b, a) || self.equal(a, b) || self.equal(b, a);
                }
                ("glob.match", [pattern, delimiters, text]) => self.glob(pattern, delimiters, text),
                ("internal.member_2", [item, collection]) => self.member(item, collection),
                _ => {}
            },
            _ => {}
        }
    }

    /// A ground reference to input or base data.
    fn source(&mut self, term: &Term) -> Option<usize> {
        let Kind::Ref(terms) = &term.kind else { return None };
        self.source_of(terms, term.at)
    }

    fn source_of(&mut self, terms: &[Term], at: Place) -> Option<usize> {
        if !is_ground_reference(terms) || self.compiled.tree.is_virtual(terms) {
            return None;
        }
        let keys = terms.iter().skip(1).map(constant).collect::<Option<Vec<Value>>>()?;
        let source = if starts_with_var(terms, "input") {
            Source::Input(keys)
        } else if starts_with_var(terms, "data") {
            Source::Data(keys)
        } else {
            return None;
        };
        let at = terms.first().map_or(at, |first| first.at);
        Some(self.sources.id(source, at))
    }

    /// The source that a variable was bound to.
    fn bound_to(&mut self, name: &Name) -> Option<usize> {
        let variable = What::Variable(name.clone());
        if let Some(known) = self.known.iter().chain(&self.outer).find(|known| known.what == variable) {
            return Some(known.source);
        }
        let position = self.parameters.iter().position(|parameter| parameter.as_var() == Some(name))?;
        Some(self.sources.id(Source::Argument(position), Place::default()))
    }

    fn insert(&mut self, source: usize, what: What, splitter: Option<String>) {
        self.sources.count(source);
        let new = Known { source, what, splitter };
        for other in &mut self.known {
            if other.source != new.source {
                continue;
            }
            if other.what == new.what {
                return;
            }
            if other.is_open() && !new.is_open() {
                *other = new;
                return;
            }
        }
        self.known.push(new);
    }

    /// `ref[_] = value`.
    fn any_element(&mut self, a: &Term, b: &Term) -> bool {
        let Kind::Ref(terms) = &a.kind else { return false };
        let prefix = ground_prefix(terms);
        if prefix.len() + 1 != terms.len() {
            return false;
        }
        let value = match &b.kind {
            Kind::Var(name) => self.constants.get(name).and_then(scalar),
            _ => scalar(b),
        };
        let Some(value) = value else { return false };
        let Some(source) = self.source_of(prefix, a.at) else { return false };
        self.insert(source, What::Demand(Demand::Scalar(value)), None);
        true
    }

    fn equal(&mut self, a: &Term, b: &Term) -> bool {
        match &a.kind {
            Kind::Var(name) => {
                if b.is_constant() {
                    self.constants.insert(name.clone(), b.clone());
                }
                let Some(what) = demanded(b) else { return false };
                let Some(source) = self.bound_to(name) else { return false };
                self.insert(source, what, None);
                true
            }
            Kind::Ref(_) => {
                let resolved = match &b.kind {
                    Kind::Var(name) => self.constants.get(name).cloned(),
                    _ => None,
                };
                let term = resolved.as_ref().unwrap_or(b);
                let what = match demanded(term) {
                    Some(what) => what,
                    // A constant seen through a variable may be anything: defined is all that is asked then.
                    None if resolved.is_some() => What::Demand(Demand::Any),
                    None => return false,
                };
                let Some(source) = self.source(a) else { return false };
                self.insert(source, what, None);
                true
            }
            _ => false,
        }
    }

    fn member(&mut self, item: &Term, collection: &Term) {
        if let Some(source) = item.as_var().cloned().and_then(|name| self.bound_to(&name)) {
            let resolved = collection.as_var().and_then(|name| self.constants.get(name)).cloned();
            let collection = resolved.as_ref().unwrap_or(collection);
            let items: Vec<Term> = match &collection.kind {
                Kind::Array(items) | Kind::Set(items) => items.clone(),
                Kind::Object(items) => items.iter().map(|(_, value)| value.clone()).collect(),
                _ => return,
            };
            for item in &items {
                let what = demanded(item).unwrap_or(What::Demand(Demand::Any));
                self.insert(source, what, None);
            }
            return;
        }
        let value = match &item.kind {
            Kind::Var(name) => match self.constants.get(name) {
                Some(value) => demanded(value).unwrap_or(What::Demand(Demand::Any)),
                None => What::Variable(name.clone()),
            },
            _ => match scalar(item) {
                Some(value) => What::Demand(Demand::Scalar(value)),
                None => return,
            },
        };
        let source = match &collection.kind {
            Kind::Ref(_) => self.source(collection),
            Kind::Var(name) => self.bound_to(name).filter(|id| {
                // Parameters are no references to documents.
                !matches!(self.sources.all.get(*id), Some(Source::Argument(_)))
            }),
            _ => None,
        };
        if let Some(source) = source {
            // Nested collections are not looked into.
            let what = if matches!(value, What::Demand(Demand::Array(_))) { What::Demand(Demand::Any) } else { value };
            self.insert(source, what, None);
        }
    }

    fn glob(&mut self, pattern: &Term, delimiters: &Term, text: &Term) {
        let Kind::Array(delimiters) = &delimiters.kind else { return };
        let mut at = String::new();
        for delimiter in delimiters {
            let Some(delimiter) = delimiter.as_string() else { return };
            at.push_str(delimiter);
        }
        if delimiters.is_empty() {
            at.push('.');
        }
        let (Some(pattern), Some(name)) = (pattern.as_string(), text.as_var().cloned()) else { return };
        let Some(elements) = glob_elements(pattern, &at) else { return };
        let Some(source) = self.bound_to(&name) else { return };
        self.insert(source, What::Demand(Demand::Array(elements)), Some(at));
    }

    /// The ways in which an operand of `and` or `or` can hold; none if nothing is known of it.
    fn operand(&mut self, body: &[Expr]) -> Vec<Vec<Known>> {
        let outer: Vec<Known> = self.known.iter().chain(&self.outer).cloned().collect();
        let mut counted = Sources {
            all: std::mem::take(&mut self.sources.all),
            uses: vec![0; self.sources.uses.len()],
            places: std::mem::take(&mut self.sources.places),
        };
        let mut reader = Reader {
            compiled: self.compiled,
            sources: &mut counted,
            known: Vec::new(),
            either: Vec::new(),
            outer,
            constants: self.constants.clone(),
            parameters: self.parameters,
        };
        for expr in body {
            reader.read(expr);
        }
        let mut ways = reader.ways();
        self.sources.uses.resize(counted.all.len(), 0);
        self.sources.all = counted.all;
        self.sources.places = counted.places;
        if matches!(ways.as_slice(), [only] if only.is_empty()) {
            return Vec::new();
        }
        for known in ways.iter_mut().flatten() {
            if known.is_open() {
                known.what = What::Demand(Demand::Any);
            }
        }
        ways
    }

    fn require(&mut self, ways: Vec<Vec<Known>>) {
        match ways.as_slice() {
            [] => {}
            [only] => {
                for known in only.clone() {
                    self.insert(known.source, known.what, known.splitter);
                }
            }
            _ => {
                for known in ways.iter().flatten() {
                    self.sources.count(known.source);
                }
                self.either.push(ways);
            }
        }
    }

    fn ways(&self) -> Vec<Vec<Known>> {
        let mut ways = vec![self.known.clone()];
        for branches in &self.either {
            if ways.len() * branches.len() > MAX_PATHS {
                return vec![self.known.clone()];
            }
            ways = ways
                .iter()
                .flat_map(|way| branches.iter().map(move |branch| way.iter().chain(branch).cloned().collect()))
                .collect();
        }
        ways
    }
}

fn scalar(term: &Term) -> Option<Value> {
    if term.is_scalar() { constant(term) } else { None }
}

/// What equality with the term demands; `None` if an index has no use for it.
fn demanded(term: &Term) -> Option<What> {
    match &term.kind {
        Kind::Var(name) => Some(What::Variable(name.clone())),
        Kind::Array(items) => {
            let elements = items
                .iter()
                .map(|item| match &item.kind {
                    Kind::Var(_) => Some(None),
                    _ => scalar(item).map(Some),
                })
                .collect::<Option<Vec<_>>>()?;
            Some(What::Demand(Demand::Array(elements)))
        }
        _ => scalar(term).map(|value| What::Demand(Demand::Scalar(value))),
    }
}

fn glob_elements(pattern: &str, at: &str) -> Option<Vec<Option<Value>>> {
    let mut elements = Vec::new();
    for part in split_escaped(pattern, at) {
        if part == "*" {
            elements.push(None);
            continue;
        }
        let mut escaped = false;
        for letter in part.chars() {
            if letter == '\\' {
                escaped = !escaped;
                continue;
            }
            if !escaped && matches!(letter, '[' | '?' | '{' | '*') {
                return None;
            }
            escaped = false;
        }
        elements.push(Some(Value::string(part)));
    }
    Some(elements)
}
