//! What is known where: layers of types, the innermost first.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};

use super::kinds::{Maybe, Type};
use super::tree::Node;
use crate::rego::analysis::core::{Name, Term};
use crate::rego::analysis::tree::Step;

/// A layer and those around it.
pub struct Environment<'p> {
    /// Which of all layers it is.
    pub id: u64,
    tree: Tree<'p>,
    /// Variables that are found out about belong to the layer around this one.
    is_with: bool,
    pub outer: Option<&'p Environment<'p>>,
}

enum Tree<'p> {
    Fixed(&'p Node),
    Own(RefCell<Node>),
}

impl<'p> Environment<'p> {
    /// A layer that nothing is added to.
    pub fn fixed(tree: &'p Node, outer: Option<&'p Environment<'p>>) -> Self {
        Environment { id: next_id(), tree: Tree::Fixed(tree), is_with: false, outer }
    }

    /// A layer for a body.
    pub fn inside(outer: &'p Environment<'p>) -> Self {
        Environment {
            id: next_id(),
            tree: Tree::Own(RefCell::new(Node::default())),
            is_with: false,
            outer: Some(outer),
        }
    }

    /// A layer for one statement with modifiers: variables outlive it.
    pub fn with(outer: &'p Environment<'p>, tree: Node) -> Self {
        Environment { id: next_id(), tree: Tree::Own(RefCell::new(tree)), is_with: true, outer: Some(outer) }
    }

    /// Looks at the layer's tree.
    pub fn look<T>(&self, look: impl FnOnce(&Node) -> T) -> T {
        match &self.tree {
            Tree::Fixed(tree) => look(tree),
            Tree::Own(tree) => look(&tree.borrow()),
        }
    }

    pub fn var(&self, name: &Name) -> Maybe {
        let step = Step::Var(name.clone());
        let mut layer = Some(self);
        while let Some(environment) = layer {
            let found = environment.look(|tree| tree.children.get(&step).map(|node| node.value.clone()));
            if let Some(kind) = found {
                return kind;
            }
            layer = environment.outer;
        }
        None
    }

    pub fn put_var(&self, name: &Name, kind: Maybe) {
        let mut layer = self;
        while let (true, Some(outer)) = (layer.is_with, layer.outer) {
            layer = outer;
        }
        if let Tree::Own(tree) = &layer.tree {
            tree.borrow_mut().put_var(name, kind);
        }
    }

    /// The type of what a reference leads to; `any` for documents that nothing is known of.
    pub fn reference(&self, path: &[Term]) -> Maybe {
        let (first, rest) = path.split_first()?;
        let mut layer = Some(self);
        while let Some(environment) = layer {
            let found = environment.look(|tree| tree.child(first).map(|node| node.follow(rest)));
            if let Some(Ok(kind)) = found {
                return kind;
            }
            layer = environment.outer;
        }
        is_root(first).then(Type::any)
    }
}

fn next_id() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// True for the variables `data` and `input`.
pub fn is_root(term: &Term) -> bool {
    term.as_var().is_some_and(|name| &**name == "data" || &**name == "input")
}
