//! Which variables occur in a node, with the choices that OPA's `VarVisitor` has.

use std::collections::BTreeMap;

use super::core::{Body, Call, Comprehension, Expr, Head, Kind, Name, Part, Place, Statement, Term, With};

/// Variables, by name, with the place last seen.
#[derive(Debug, Clone, Default)]
pub struct VarSet(BTreeMap<Name, Place>);

impl VarSet {
    pub fn insert(&mut self, name: Name, at: Place) {
        self.0.insert(name, at);
    }

    pub fn add(&mut self, name: &Name) {
        if !self.0.contains_key(name) {
            self.0.insert(name.clone(), Place::default());
        }
    }

    pub fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub fn remove(&mut self, name: &str) -> bool {
        self.0.remove(name).is_some()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Name> {
        self.0.keys()
    }

    pub fn places(&self) -> impl Iterator<Item = (&Name, &Place)> {
        self.0.iter()
    }

    pub fn extend(&mut self, other: &VarSet) {
        for name in other.iter() {
            self.add(name);
        }
    }

    /// Those of self that are not in `other`.
    pub fn minus(&self, other: &VarSet) -> VarSet {
        VarSet(self.0.iter().filter(|(name, _)| !other.contains(name)).map(|(name, at)| (name.clone(), *at)).collect())
    }

    /// Those of self that are also in `other`.
    pub fn intersection(&self, other: &VarSet) -> VarSet {
        VarSet(self.0.iter().filter(|(name, _)| other.contains(name)).map(|(name, at)| (name.clone(), *at)).collect())
    }

    pub fn same_names(&self, other: &VarSet) -> bool {
        self.len() == other.len() && self.iter().all(|name| other.contains(name))
    }

    /// `data` and `input`.
    pub fn reserved() -> VarSet {
        let mut set = VarSet::default();
        set.add(&Name::from("data"));
        set.add(&Name::from("input"));
        set
    }
}

/// Finds the variables inside implicit operands of `not`, `and` and `or` that have to come from outside.
pub type Promote<'a> = &'a dyn Fn(&Body) -> VarSet;

/// What a collector leaves out.
#[derive(Clone, Copy, Default)]
pub struct Skip<'a> {
    pub ref_heads: bool,
    pub call_heads: bool,
    pub object_keys: bool,
    pub closures: bool,
    pub sets: bool,
    pub templates: bool,
    pub promote: Option<Promote<'a>>,
}

impl<'a> Skip<'a> {
    /// OPA's `SafetyCheckVisitorParams`.
    pub const SAFETY: Skip<'static> = Skip {
        ref_heads: false,
        call_heads: true,
        object_keys: false,
        closures: true,
        sets: false,
        templates: false,
        promote: None,
    };

    pub const NOTHING: Skip<'static> = Skip {
        ref_heads: false,
        call_heads: false,
        object_keys: false,
        closures: false,
        sets: false,
        templates: false,
        promote: None,
    };

    /// What a pattern binds: no keys, no heads of references, nothing in closures.
    pub const PATTERN: Skip<'static> = Skip {
        ref_heads: true,
        call_heads: false,
        object_keys: true,
        closures: true,
        sets: false,
        templates: false,
        promote: None,
    };

    /// `SAFETY` with implicit operands looked into.
    pub fn safety_with(promote: Promote<'a>) -> Skip<'a> {
        Skip { promote: Some(promote), ..Skip::SAFETY }
    }
}

/// Collects variables.
pub struct Collector<'a> {
    skip: Skip<'a>,
    pub found: VarSet,
}

impl<'a> Collector<'a> {
    pub fn new(skip: Skip<'a>) -> Self {
        Collector { skip, found: VarSet::default() }
    }

    pub fn term(&mut self, term: &Term) {
        match &term.kind {
            Kind::Var(name) => self.found.insert(name.clone(), term.at),
            Kind::Ref(terms) => self.reference(terms),
            Kind::Array(items) => self.terms(items),
            Kind::Set(items) => {
                if !self.skip.sets {
                    self.terms(items);
                }
            }
            Kind::Object(items) => {
                for (key, value) in items {
                    if !self.skip.object_keys {
                        self.term(key);
                    }
                    self.term(value);
                }
            }
            Kind::Comprehension(inner) => {
                if !self.skip.closures {
                    self.comprehension(inner);
                }
            }
            Kind::Call(call) => self.call(call),
            Kind::Template(template) => {
                if !self.skip.closures && !self.skip.templates {
                    for part in &template.parts {
                        match part {
                            Part::Text(text) => self.term(text),
                            Part::Expr(expr) => self.expr(expr),
                        }
                    }
                }
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
        }
    }

    pub fn terms(&mut self, terms: &[Term]) {
        for term in terms {
            self.term(term);
        }
    }

    pub fn reference(&mut self, terms: &[Term]) {
        self.terms(terms.get(usize::from(self.skip.ref_heads)..).unwrap_or_default());
    }

    /// A comprehension, whatever is skipped.
    pub fn comprehension(&mut self, inner: &Comprehension) {
        if let Some(key) = &inner.key {
            self.term(key);
        }
        self.term(&inner.term);
        self.body(&inner.body);
    }

    fn call(&mut self, call: &Call) {
        let skipped = usize::from(self.skip.call_heads || self.skip.ref_heads);
        self.terms(call.operator.get(skipped..).unwrap_or_default());
        self.terms(&call.arguments);
    }

    pub fn with(&mut self, with: &With) {
        if !self.skip.call_heads {
            self.term(&with.target);
            self.term(&with.value);
            return;
        }
        if let Kind::Ref(terms) = &with.target.kind {
            self.terms(terms.get(1..).unwrap_or_default());
        }
        match &with.value.kind {
            Kind::Ref(terms) => self.terms(terms.get(1..).unwrap_or_default()),
            _ => self.term(&with.value),
        }
    }

    fn promoted(&mut self, body: &Body, braces: bool) {
        if let (Some(promote), false) = (self.skip.promote, braces) {
            let found = promote(body);
            self.found.extend(&found);
        }
    }

    pub fn expr(&mut self, expr: &Expr) {
        match &expr.statement {
            Statement::Term(term) => self.term(term),
            Statement::Call(call) => self.call(call),
            Statement::Some(symbols) => self.terms(symbols),
            Statement::Every(every) => {
                if self.skip.closures {
                    // OPA leaves the `with` of such a statement aside as well.
                    self.term(&every.domain);
                    return;
                }
                if let Some(key) = &every.key {
                    self.term(key);
                }
                self.term(&every.value);
                self.term(&every.domain);
                self.body(&every.body);
            }
            Statement::Not(not) => {
                if self.skip.promote.is_some() {
                    self.promoted(&not.body, not.braces);
                } else if !self.skip.closures {
                    self.body(&not.body);
                }
            }
            Statement::Logic(logic) => {
                if self.skip.promote.is_some() {
                    self.promoted(&logic.left, logic.left_braces);
                    self.promoted(&logic.right, logic.right_braces);
                } else if !self.skip.closures {
                    self.body(&logic.left);
                    self.body(&logic.right);
                }
            }
        }
        for with in &expr.with {
            self.with(with);
        }
    }

    pub fn body(&mut self, body: &[Expr]) {
        for expr in body {
            self.expr(expr);
        }
    }
}

/// The variables of a term.
pub fn of_term(term: &Term, skip: Skip<'_>) -> VarSet {
    let mut collector = Collector::new(skip);
    collector.term(term);
    collector.found
}

/// The variables of a statement.
pub fn of_expr(expr: &Expr, skip: Skip<'_>) -> VarSet {
    let mut collector = Collector::new(skip);
    collector.expr(expr);
    collector.found
}

/// The variables of a body.
pub fn of_body(body: &[Expr], skip: Skip<'_>) -> VarSet {
    let mut collector = Collector::new(skip);
    collector.body(body);
    collector.found
}

/// The variables of a head: parameters, member, value, and the reference without its name.
pub fn of_head(head: &Head) -> VarSet {
    let mut collector = Collector::new(Skip::NOTHING);
    collector.terms(&head.arguments);
    if let Some(member) = &head.member {
        collector.term(member);
    }
    if let Some(value) = &head.value {
        collector.term(value);
    }
    collector.terms(head.reference.get(1..).unwrap_or_default());
    collector.found
}
