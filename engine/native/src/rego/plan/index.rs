//! Which definitions of a path can succeed, found without running them: a trie over the values of references.
//!
//! Each level asks one reference into input, base data or the arguments of a call. A definition that demands a value of
//! it lies below that value; one that does not care lies below `undefined`; one that demands only that it is defined,
//! below `any`. A lookup asks each level once, follows every branch that fits and gives the definitions in the order it
//! meets them. Source of that order: OPA `ast/index.go`.

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use super::program::RuleIndex;
use crate::rego::values::Value;

/// A definition of a group and its place: which of the group's, and how far down its else chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    pub position: u32,
    pub link: u32,
    pub rule: RuleIndex,
}

/// What a level asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Input(Vec<Value>),
    Data(Vec<Value>),
    Argument(usize),
}

/// What a definition demands of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Demand {
    /// To be defined.
    Any,
    Scalar(Value),
    /// An array of that length; `None` for elements that may be anything.
    Array(Vec<Option<Value>>),
}

#[derive(Debug, Default)]
pub struct Index {
    pub sources: Vec<Source>,
    pub nodes: Vec<Trie>,
    /// True if some definition can be met more than once.
    pub repeats: bool,
    /// True if some definition has an else chain.
    pub chains: bool,
}

pub type TrieId = u32;

#[derive(Debug, Default)]
pub struct Trie {
    pub rules: Vec<Candidate>,
    /// The value that all definitions here give, if it is one constant.
    pub value: Option<Value>,
    /// True if they give several, or one that is not constant.
    pub several: bool,
    /// The next level: its source and its branches.
    pub next: Option<TrieId>,
    pub source: usize,
    pub undefined: Option<TrieId>,
    pub any: Option<TrieId>,
    pub scalars: HashMap<Value, TrieId, RandomState>,
    pub array: Option<TrieId>,
    /// Characters at which a string is split before it is looked up as an array.
    pub splitters: Vec<String>,
}

/// One demand on a path through the trie.
#[derive(Debug, Clone)]
pub struct Requirement {
    pub source: usize,
    pub demand: Demand,
    pub splitter: Option<String>,
}

impl Index {
    pub(super) fn new(sources: Vec<Source>) -> Self {
        Index { sources, nodes: vec![Trie::default()], repeats: false, chains: false }
    }

    /// Puts a definition at the end of the path that `requirements` describe; `order` are the sources by level.
    pub(super) fn insert(
        &mut self,
        order: &[usize],
        requirements: &[Requirement],
        candidate: Candidate,
        value: Option<&Value>,
    ) {
        let mut node = 0;
        if !requirements.is_empty() {
            for source in order {
                let mine: Vec<&Requirement> = requirements.iter().filter(|one| one.source == *source).collect();
                match mine.as_slice() {
                    [] => node = self.branch(node, *source, None),
                    [one] => node = self.branch(node, *source, Some(one)),
                    [first, ..] if mine.iter().any(|one| one.demand == Demand::Any) => {
                        let any = Requirement { demand: Demand::Any, ..(*first).clone() };
                        let below = self.branch(node, *source, Some(&any));
                        for one in &mine {
                            self.split(node, one.splitter.as_ref());
                        }
                        node = below;
                    }
                    several => {
                        // One of several values: the definition is below each, and deeper levels do not count.
                        self.repeats = true;
                        for one in several {
                            let below = self.branch(node, *source, Some(one));
                            self.append(below, candidate, value);
                        }
                        return;
                    }
                }
            }
        }
        self.append(node, candidate, value);
    }

    fn append(&mut self, node: TrieId, candidate: Candidate, value: Option<&Value>) {
        let Some(node) = self.nodes.get_mut(node as usize) else { return };
        match (value, &node.value) {
            (None, _) => node.several = true,
            (Some(new), Some(old)) if new != old => node.several = true,
            (Some(new), _) => node.value = Some(new.clone()),
        }
        node.rules.push(candidate);
    }

    fn fresh(&mut self) -> TrieId {
        self.nodes.push(Trie::default());
        (self.nodes.len() - 1) as TrieId
    }

    fn level(&mut self, node: TrieId, source: usize) -> TrieId {
        if let Some(next) = self.nodes.get(node as usize).and_then(|node| node.next) {
            return next;
        }
        let next = self.fresh();
        if let Some(level) = self.nodes.get_mut(next as usize) {
            level.source = source;
        }
        if let Some(node) = self.nodes.get_mut(node as usize) {
            node.next = Some(next);
        }
        next
    }

    fn split(&mut self, node: TrieId, splitter: Option<&String>) {
        let level = self.nodes.get(node as usize).and_then(|node| node.next);
        if let (Some(splitter), Some(level)) = (splitter, level.and_then(|level| self.nodes.get_mut(level as usize)))
            && !level.splitters.contains(splitter)
        {
            level.splitters.push(splitter.clone());
        }
    }

    fn branch(&mut self, node: TrieId, source: usize, requirement: Option<&Requirement>) -> TrieId {
        let level = self.level(node, source);
        let Some(requirement) = requirement else { return self.side(level, Side::Undefined) };
        self.split(node, requirement.splitter.as_ref());
        match &requirement.demand {
            Demand::Any => self.side(level, Side::Any),
            Demand::Scalar(value) => self.scalar(level, value),
            Demand::Array(elements) => {
                let mut node = self.side(level, Side::Array);
                for element in elements {
                    node = match element {
                        Some(value) => self.scalar(node, value),
                        None => self.side(node, Side::Any),
                    };
                }
                node
            }
        }
    }

    fn scalar(&mut self, level: TrieId, value: &Value) -> TrieId {
        if let Some(known) = self.nodes.get(level as usize).and_then(|level| level.scalars.get(value)) {
            return *known;
        }
        let below = self.fresh();
        if let Some(level) = self.nodes.get_mut(level as usize) {
            level.scalars.insert(value.clone(), below);
        }
        below
    }

    fn side(&mut self, level: TrieId, side: Side) -> TrieId {
        if let Some(known) = self.nodes.get_mut(level as usize).and_then(|level| *side.of(level)) {
            return known;
        }
        let below = self.fresh();
        if let Some(level) = self.nodes.get_mut(level as usize) {
            *side.of(level) = Some(below);
        }
        below
    }
}

#[derive(Clone, Copy)]
enum Side {
    Undefined,
    Any,
    Array,
}

impl Side {
    fn of(self, level: &mut Trie) -> &mut Option<TrieId> {
        match self {
            Side::Undefined => &mut level.undefined,
            Side::Any => &mut level.any,
            Side::Array => &mut level.array,
        }
    }
}

/// A string cut at each of the characters in `at`, unless escaped by a backslash.
pub fn split_escaped<'t>(text: &'t str, at: &str) -> Vec<&'t str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut escaped = false;
    for (position, byte) in text.bytes().enumerate() {
        if byte == b'\\' || escaped {
            escaped = !escaped;
        } else if byte.is_ascii() && at.as_bytes().contains(&byte) {
            parts.push(text.get(start..position).unwrap_or_default());
            start = position + 1;
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}
