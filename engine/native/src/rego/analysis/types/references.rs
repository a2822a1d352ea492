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
use crate::rego::analysis::tree;
use crate::rego::analysis::walk::{self, Item};
use crate::rego::errors::TYPE;

type Checked = Result<(), Fault>;

/// How many variables in a row, and how many packages for each, are looked through for the types of other variables.
const MAX_GUESSES: usize = 3;
const MAX_GUESSED_CHILDREN: usize = 64;

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
        match &expr.statement {
            Statement::Call(call) => walk::terms(&call.arguments, &mut visit),
            Statement::Term(term) => walk::term(term, &mut visit),
            Statement::Not(not) => walk::body(&not.body, &mut visit),
            _ => walk::expr(expr, &mut visit),
        }
        faults
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
            match self.step(env, layer, path, &[], at)? {
                Step::Inner => {}
                Step::Leaf(kind) => return self.leaf(env, path, kind, at + 1),
                Step::Missing => {
                    if let Some(outer) = layer.outer {
                        return self.below_layer(env, outer, path);
                    }
                    return match path.first().is_some_and(is_root) {
                        false => self.leaf(env, path, Some(Type::any()), 0),
                        true if at == 0 => self.leaf(env, path, Some(Type::any()), 1),
                        true => {
                            self.guess(env, layer, path, Vec::new(), at);
                            Ok(())
                        }
                    };
                }
            }
        }
        Ok(())
    }

    /// What the tree of a layer has at a step of a path; `taken` are keys taken in the place of variables before it.
    fn step(
        &self,
        env: &Environment<'_>,
        layer: &Environment<'_>,
        path: &[Term],
        taken: &[(usize, tree::Step)],
        at: usize,
    ) -> Result<Step, Fault> {
        let Some(head) = path.get(at) else { return Ok(Step::Missing) };
        if (at == 1 || at == 2) && !matches!(head.kind, Kind::Var(_) | Kind::String(_)) {
            return Err(self.undefined(path));
        }
        if let (Kind::Var(name), true) = (&head.kind, at > 0) {
            let keys = layer.look(|tree| walked(tree, path, taken, at).and_then(Node::extent_keys));
            self.ranges(env, path, name, keys)?;
        }
        Ok(layer.look(|tree| match walked(tree, path, taken, at).and_then(|node| node.child(head)) {
            None => Step::Missing,
            Some(child) if child.value.is_some() => Step::Leaf(child.value.clone()),
            Some(_) => Step::Inner,
        }))
    }

    /// Where a variable stands for a package, the variables behind it are what the first that fits says.
    fn guess(
        &self,
        env: &Environment<'_>,
        layer: &Environment<'_>,
        path: &[Term],
        taken: Vec<(usize, tree::Step)>,
        at: usize,
    ) {
        if taken.len() >= MAX_GUESSES {
            return;
        }
        let below = layer.look(|tree| {
            let node = walked(tree, path, &taken, at);
            let children =
                node.map(|node| node.children.keys().take(MAX_GUESSED_CHILDREN).cloned().collect::<Vec<_>>());
            children.unwrap_or_default()
        });
        for key in below {
            let mut taken = taken.clone();
            taken.push((at, key));
            for next in at + 1..path.len() {
                match self.step(env, layer, path, &taken, next) {
                    Ok(Step::Inner) => {}
                    Ok(Step::Leaf(kind)) => {
                        let _ = self.leaf(env, path, kind, next + 1);
                        break;
                    }
                    Ok(Step::Missing) => {
                        self.guess(env, layer, path, taken.clone(), next);
                        break;
                    }
                    Err(_) => break,
                }
            }
        }
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
fn walked<'t>(tree: &'t Node, path: &[Term], taken: &[(usize, tree::Step)], to: usize) -> Option<&'t Node> {
    path.iter().take(to).enumerate().try_fold(tree, |node, (at, head)| {
        match taken.iter().find(|(position, _)| *position == at) {
            Some((_, key)) => node.children.get(key),
            None => node.child(head),
        }
    })
}
