//! References: whether what they lead to can be there, and what the variables in them can be.

use super::check::Checker;
use super::combine::{keys, select, unifies, values};
use super::environment::{Environment, is_root};
use super::kinds::{Maybe, Type};
use super::known::value_of;
use super::tree::Node;
use crate::rego::analysis::core::{Expr, Kind, Name, Statement, Term};
use crate::rego::analysis::fault::Fault;
use crate::rego::analysis::text;
use crate::rego::analysis::walk::{self, Item};
use crate::rego::errors::TYPE;

type Checked = Result<(), Fault>;

/// What a tree has at a step of a path.
enum Step {
    Inner,
    Leaf(Maybe),
    Missing,
}

impl Checker<'_> {
    /// The errors of all references of a statement, those inside of comprehensions aside.
    pub(super) fn references_of(&self, env: &Environment<'_>, expr: &Expr) -> Vec<Fault> {
        let mut faults = Vec::new();
        self.visit(env, expr, &mut faults);
        faults
    }

    /// As in OPA, modifiers are looked at where a statement has bodies of its own, and else not.
    fn visit(&self, env: &Environment<'_>, expr: &Expr, faults: &mut Vec<Fault>) {
        let bodies: [&[Expr]; 2] = match &expr.statement {
            Statement::Call(call) => return self.visit_terms(env, call.arguments.iter(), faults),
            Statement::Term(term) => return self.visit_terms(env, [term], faults),
            Statement::Some(some) => return self.visit_terms(env, some, faults),
            Statement::Not(not) => [&not.body, &[]],
            Statement::Every(every) => {
                self.visit_terms(env, every.key.iter().chain([&every.value, &every.domain]), faults);
                [&every.body, &[]]
            }
            Statement::Logic(logic) => [&logic.left, &logic.right],
        };
        for inner in bodies.into_iter().flatten() {
            self.visit(env, inner, faults);
        }
        if !matches!(expr.statement, Statement::Not(_)) {
            self.visit_terms(env, expr.with.iter().flat_map(|with| [&with.target, &with.value]), faults);
        }
    }

    fn visit_terms<'t>(
        &self,
        env: &Environment<'_>,
        terms: impl IntoIterator<Item = &'t Term>,
        faults: &mut Vec<Fault>,
    ) {
        let mut visit = |item: Item<'_>| match item {
            Item::Term(Term { kind: Kind::Comprehension(_), .. }) => true,
            Item::Term(Term { kind: Kind::Ref(path), .. }) => match self.reference(env, path) {
                Ok(()) => false,
                Err(fault) => {
                    faults.push(fault);
                    true
                }
            },
            _ => false,
        };
        for term in terms {
            walk::term(term, &mut visit);
        }
    }

    fn reference(&self, env: &Environment<'_>, path: &[Term]) -> Checked {
        if let Some(Type::Function(_)) = env.reference(path) {
            let shown = match path.split_last() {
                Some((last, before)) if last.as_var().is_some_and(|name| name.starts_with("__local")) => before,
                _ => path,
            };
            return Err(self.fault(path, format!("function {} used as reference, not called", self.shown(shown))));
        }
        self.below_layer(env, env, path)
    }

    /// Follows a reference through one layer from a step on, and on through the others where it does not know the way.
    fn below_layer(&self, env: &Environment<'_>, layer: &Environment<'_>, path: &[Term]) -> Checked {
        for at in 0..path.len() {
            match self.step(env, layer, path, at)? {
                Step::Inner => {}
                Step::Leaf(kind) => return self.leaf(env, path, kind, at + 1),
                Step::Missing => {
                    if let Some(outer) = layer.outer {
                        return self.below_layer(env, outer, path);
                    }
                    // Documents that nothing is known of.
                    let from = usize::from(path.first().is_some_and(is_root));
                    return self.leaf(env, path, Some(Type::any()), from);
                }
            }
        }
        Ok(())
    }

    /// What the tree of a layer has at a step of a path.
    fn step(&self, env: &Environment<'_>, layer: &Environment<'_>, path: &[Term], at: usize) -> Result<Step, Fault> {
        let Some(head) = path.get(at) else { return Ok(Step::Missing) };
        if (at == 1 || at == 2) && !matches!(head.kind, Kind::Var(_) | Kind::String(_)) {
            return Err(self.undefined(path));
        }
        if let (Kind::Var(name), true) = (&head.kind, at > 0) {
            let keys = layer.look(|tree| walked(tree, path, at).and_then(Node::extent_keys));
            self.ranges(env, path, name, keys)?;
        }
        Ok(layer.look(|tree| match walked(tree, path, at).and_then(|node| node.child(head)) {
            None => Step::Missing,
            Some(child) if child.value.is_some() => Step::Leaf(child.value.clone()),
            Some(_) => Step::Inner,
        }))
    }

    /// A variable that ranges over something: it is what it was known to be, or else one of the keys.
    fn ranges(&self, env: &Environment<'_>, path: &[Term], name: &Name, keys: Maybe) -> Checked {
        match env.var(name) {
            Some(known) if !unifies(&keys, &Some(known.clone())) => Err(self.undefined(path)),
            Some(_) => Ok(()),
            None => {
                env.put_var(name, keys);
                Ok(())
            }
        }
    }

    /// The rest of a path below a known type.
    fn leaf(&self, env: &Environment<'_>, path: &[Term], kind: Maybe, from: usize) -> Checked {
        let mut kind = kind;
        for head in path.iter().skip(from) {
            let Some(known) = &kind else { return Err(self.undefined(path)) };
            let Some(possible) = keys(known) else { return Err(self.undefined(path)) };
            let possible = Some(possible);
            let next = match &head.kind {
                Kind::Var(name) => {
                    self.ranges(env, path, name, possible)?;
                    values(known)
                }
                Kind::Ref(inner) => {
                    let exists = env.reference(inner);
                    if exists.is_some() && !unifies(&exists, &possible) {
                        return Err(self.undefined(path));
                    }
                    values(known)
                }
                Kind::Array(_) | Kind::Object(_) | Kind::Set(_) => {
                    if !self.unify(env, head, &possible, false) {
                        return Err(self.undefined(path));
                    }
                    values(known)
                }
                _ => match value_of(head).and_then(|key| select(known, &key)) {
                    Some(child) => Some(child),
                    None => return Err(self.undefined(path)),
                },
            };
            kind = next;
        }
        Ok(())
    }

    fn undefined(&self, path: &[Term]) -> Fault {
        self.fault(path, format!("undefined ref: {}", self.shown(path)))
    }

    fn fault(&self, path: &[Term], message: String) -> Fault {
        Fault::new(TYPE, message, path.first().map(|first| first.at).unwrap_or_default())
    }

    /// The reference with the author's names of variables.
    fn shown(&self, path: &[Term]) -> String {
        let own = |term: &Term| match &term.kind {
            Kind::Var(name) => Term::var(self.original.get(name).unwrap_or(name).clone(), term.at),
            _ => term.clone(),
        };
        text::reference(&path.iter().map(own).collect::<Vec<_>>())
    }
}

/// The node that the first steps of a path lead to.
fn walked<'t>(tree: &'t Node, path: &[Term], to: usize) -> Option<&'t Node> {
    path.iter().take(to).try_fold(tree, |node, head| node.child(head))
}
