//! The executable form of a policy: variables are slots, paths are resolved, constants are shared.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use super::index::{Candidate, Index};
use super::marks::Watched;
use super::spans::Span;
use crate::rego::analysis::core::Place;
use crate::rego::builtins::registry::BuiltinDef;
use crate::rego::values::{Shape, Value};

/// A variable's place in the frame of its rule.
pub type Slot = u32;
/// An index into [`Program::groups`].
pub type GroupId = u32;
/// An index into [`Program::rules`].
pub type RuleIndex = u32;
/// An index into [`Program::nodes`].
pub type NodeId = u32;

/// Head variables with a slot below this may be bound before the body runs.
pub const MAX_HEAD_SLOTS: u32 = 64;

/// All rules of a policy, planned.
#[derive(Debug, Default)]
pub struct Program {
    /// The tree of `data`; the first is the root.
    pub nodes: Vec<Node>,
    pub groups: Vec<Group>,
    pub rules: Vec<RulePlan>,
    pub files: Vec<Arc<str>>,
    /// Paths of base data that rules name: looked up once for all evaluations.
    pub base_paths: Vec<Vec<Value>>,
}

/// A step of the tree of rules.
#[derive(Debug, Default)]
pub struct Node {
    pub path: Vec<Value>,
    /// In the order of keys.
    pub children: Vec<(Value, NodeId)>,
    pub by_key: HashMap<Value, NodeId>,
    pub group: Option<GroupId>,
    /// For references that range over the children.
    pub spans: Vec<Span>,
    /// Left out of the extents of its parents: `data.system`.
    pub hidden: bool,
}

/// What the rules of one path make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupKind {
    /// One value, or undefined.
    Complete,
    /// A set: `contains` under a ground reference.
    Set,
    /// An object, possibly nested, of values or of sets.
    Object,
    /// A function with that many parameters.
    Function(usize),
}

/// The rules of one path of `data`.
#[derive(Debug)]
pub struct Group {
    pub path: Vec<Value>,
    pub kind: GroupKind,
    /// Definitions in source order, each followed by its else chain.
    pub rules: Vec<Candidate>,
    pub default: Option<RuleIndex>,
    /// All definitions give the same constant: the first success settles the value.
    pub early_exit: bool,
    /// The longest of the rules' references below the path, a set's member included.
    pub max_suffix: usize,
    pub index: Option<Index>,
}

/// One definition.
#[derive(Debug)]
pub struct RulePlan {
    pub slots: u32,
    pub arguments: Box<[Pattern]>,
    pub body: Box<[Step]>,
    /// The reference below the group's path.
    pub suffix: Box<[HeadKey]>,
    pub member: Option<HeadKey>,
    pub value: Option<Expr>,
    pub at: Place,
    pub head_at: Place,
}

/// An element of a head: what it is after the body, and how a known key narrows it before.
#[derive(Debug)]
pub struct HeadKey {
    pub value: Expr,
    pub known: KnownKey,
}

#[derive(Debug)]
pub enum KnownKey {
    Constant(Value),
    Slot(Slot),
    /// Not narrowed.
    Open,
}

/// One statement and where it was written.
#[derive(Debug)]
pub struct Step {
    pub op: Op,
    pub at: Place,
    /// True if it succeeds at most once.
    pub once: bool,
}

#[derive(Debug)]
pub enum Op {
    /// Neither undefined nor false.
    Test(Expr),
    Match(Pattern, Expr),
    /// Each value of a reference with free variables.
    Iterate(Box<RefPlan>, Pattern),
    /// Each value of such a reference that is not false.
    IterateTest(Box<RefPlan>),
    Walk(Box<Walk>),
    Not(Box<[Step]>),
    Every(Box<Every>),
    Logic(Box<Logic>),
    With(Box<With>),
    Print(Expr),
    /// Never succeeds.
    Fail,
    /// A statement that is watched.
    Watch(Box<Watched>),
    /// A body or a rule that is watched.
    Enter(Box<Watched>),
}

#[derive(Debug)]
pub struct Walk {
    pub document: Expr,
    /// The leading keys that the path must have.
    pub prefix: Box<[Expr]>,
    /// The shortest path that can fit.
    pub prefix_open: bool,
    pub with_path: bool,
    pub output: Option<Pattern>,
}

#[derive(Debug)]
pub struct Every {
    pub domain: Expr,
    pub key: Pattern,
    pub value: Pattern,
    pub body: Box<[Step]>,
}

#[derive(Debug)]
pub struct Logic {
    pub either: bool,
    pub left: Box<[Step]>,
    pub right: Box<[Step]>,
}

#[derive(Debug)]
pub struct With {
    pub targets: Box<[Overlay]>,
    pub body: Box<[Step]>,
}

#[derive(Debug)]
pub enum Overlay {
    Input {
        path: Box<[Value]>,
        value: Expr,
    },
    Data {
        path: Box<[Value]>,
        value: Expr,
    },
    Function {
        target: Callee,
        by: Replacement,
    },
    /// A path that no document can have.
    BadPath,
}

#[derive(Debug)]
pub enum Replacement {
    Function(Callee),
    Value(Expr),
}

/// What a call calls.
#[derive(Debug, Clone, Copy)]
pub enum Callee {
    Group(GroupId),
    Builtin(&'static BuiltinDef),
}

impl PartialEq for Callee {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Callee::Group(a), Callee::Group(b)) => a == b,
            (Callee::Builtin(a), Callee::Builtin(b)) => std::ptr::eq(*a, *b),
            _ => false,
        }
    }
}

/// How a value is taken apart.
#[derive(Debug)]
pub enum Pattern {
    /// A variable that nothing else reads.
    Any,
    Bind(Slot),
    /// Binds, unless a known key of the head has bound it before the body.
    Head(Slot),
    Constant(Value),
    Equal(Expr),
    Array(Box<[Pattern]>),
    /// Exactly these keys.
    Object(Box<[(Expr, Pattern)]>),
    /// Fits no value.
    Never,
}

/// What has at most one value.
#[derive(Debug)]
pub enum Expr {
    Constant(Value),
    Slot(Slot),
    Ref(Box<RefPlan>),
    Array(Box<[Expr]>),
    Object(Box<[(Expr, Expr)]>),
    /// An object with constant keys; the values in the order of the keys.
    Record(Shape, Box<[Expr]>),
    Set(Box<[Expr]>),
    Comprehension(Box<Comprehension>),
    Call(Box<Call>),
}

#[derive(Debug)]
pub struct Call {
    pub callee: Callee,
    pub quick: Option<Quick>,
    pub arguments: Box<[Expr]>,
    pub at: Place,
}

/// Built-ins of two operands that need neither a context nor operands of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quick {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Member,
    Count,
}

#[derive(Debug)]
pub struct Comprehension {
    pub kind: Gather,
    pub body: Box<[Step]>,
    pub at: Place,
}

#[derive(Debug)]
pub enum Gather {
    Array(Expr),
    Set(Expr),
    Object(Expr, Expr),
}

/// A reference: a root and the keys below it.
#[derive(Debug)]
pub struct RefPlan {
    pub root: Root,
    pub keys: Box<[Key]>,
    /// For each key, where it was in the last object: objects at one place mostly have one form.
    pub hints: Box<[AtomicU32]>,
    pub at: Place,
}

impl RefPlan {
    pub fn new(root: Root, keys: Box<[Key]>, at: Place) -> Self {
        let hints = keys.iter().map(|_| AtomicU32::new(0)).collect();
        RefPlan { root, keys, hints, at }
    }

    /// True if it means the same wherever it stands.
    pub fn is_constant(&self) -> bool {
        matches!(self.root, Root::Data(_)) && self.keys.iter().all(|key| matches!(key, Key::Constant(_)))
    }
}

#[derive(Debug, Clone, Copy)]
pub enum Root {
    Input,
    Slot(Slot),
    /// `data`, and what the constant keys at its beginning lead to.
    Data(Entry),
}

/// Where a reference into `data` leads; the number of keys used up to there.
#[derive(Debug, Clone, Copy)]
pub enum Entry {
    Group(GroupId, usize),
    /// A package or the path to one.
    Tree(NodeId, usize),
    /// No rules are there. The path of the constant keys may be one of [`Program::base_paths`].
    Base(Option<u32>, usize),
}

#[derive(Debug)]
pub enum Key {
    Constant(Value),
    Slot(Slot),
    Computed(Expr),
    /// Ranges over all keys that fit.
    Free(Pattern),
}

impl Key {
    pub fn is_free(&self) -> bool {
        matches!(self, Key::Free(_))
    }
}
