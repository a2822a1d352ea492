//! Asking a group's index which definitions can succeed.

use smallvec::SmallVec;

use super::held::Held;
use super::machine::Machine;
use super::memo::{DATA, INPUT};
use crate::rego::plan::index::{Candidate, Index, Source, Trie, TrieId, split_escaped};
use crate::rego::plan::program::Key;
use crate::rego::plan::spans::Span;
use crate::rego::values::Value;

/// What an index found.
#[derive(Default)]
pub struct Candidates {
    /// In the order of the index, else chains together.
    pub rules: SmallVec<[Candidate; 8]>,
    value: Option<Value>,
    several: bool,
}

/// The definitions of a group to try, in order.
pub enum Tries<'m> {
    All(&'m [Candidate]),
    Found(SmallVec<[Candidate; 8]>),
}

impl std::ops::Deref for Tries<'_> {
    type Target = [Candidate];
    fn deref(&self) -> &[Candidate] {
        match self {
            Tries::All(rules) => rules,
            Tries::Found(rules) => rules,
        }
    }
}

impl Candidates {
    /// True if all give the same constant: the first success settles the value.
    pub fn agree(&self) -> bool {
        !self.several
    }
}

/// A level's source, asked once.
type Answers<'m> = SmallVec<[Option<Option<Held<'m>>>; 8]>;

struct Search<'i, 'a, 'm> {
    index: &'i Index,
    arguments: &'a [Held<'m>],
    answers: Answers<'m>,
    found: Candidates,
}

impl<'m> Machine<'m> {
    /// The definitions that can succeed, as far as the index tells.
    pub fn candidates(&mut self, index: &Index, arguments: &[Held<'m>]) -> Candidates {
        let mut answers = Answers::new();
        answers.resize(index.sources.len(), None);
        let mut search = Search { index, arguments, answers, found: Candidates::default() };
        self.meet(&mut search, 0);
        let mut found = search.found;
        if index.chains {
            // Chains together, in the order in which their first link was met.
            let met: SmallVec<[u32; 8]> = found.rules.iter().map(|rule| rule.position).collect();
            let first = |position: u32| met.iter().position(|other| *other == position);
            found.rules.sort_by_key(|rule| (first(rule.position), rule.link));
        }
        found
    }

    /// The children of a node that a span does not leave out, ascending.
    pub fn visited(&mut self, span: &Span) -> SmallVec<[u32; 16]> {
        let found = self.candidates(&span.index, &[]);
        let mut positions: SmallVec<[u32; 16]> = SmallVec::from_slice(&span.always);
        positions.extend(found.rules.iter().map(|found| found.position));
        positions.sort_unstable();
        positions.dedup();
        positions
    }

    fn meet(&mut self, search: &mut Search<'_, '_, 'm>, id: TrieId) {
        let index = search.index;
        let Some(node) = index.nodes.get(id as usize) else { return };
        for rule in &node.rules {
            if !index.repeats || !search.found.rules.contains(rule) {
                search.found.rules.push(*rule);
            }
        }
        if node.several {
            search.found.several = true;
        }
        match (&node.value, &search.found.value) {
            (Some(new), Some(old)) if new != old => search.found.several = true,
            (Some(new), None) => search.found.value = Some(new.clone()),
            _ => {}
        }
        let Some(next) = node.next.and_then(|next| index.nodes.get(next as usize)) else { return };
        let answer = self.answer(search, next.source);
        if let Some(undefined) = next.undefined {
            self.meet(search, undefined);
        }
        let Some(value) = answer else { return };
        if let Some(any) = next.any {
            self.meet(search, any);
        }
        self.meet_value(search, next, value.value());
        for splitter in &next.splitters {
            if let Value::String(text) = value.value() {
                let parts = Value::array(split_escaped(text, splitter).into_iter().map(Value::string).collect());
                self.meet_value(search, next, &parts);
            }
        }
    }

    fn meet_value(&mut self, search: &mut Search<'_, '_, 'm>, level: &Trie, value: &Value) {
        let elements = match value {
            Value::Array(array) => {
                if let Some(node) = level.array {
                    self.meet_array(search, node, array.as_slice());
                }
                array.as_slice()
            }
            Value::Set(set) => set.as_slice(),
            Value::Object(object) => object.values(),
            scalar => {
                if let Some(below) = level.scalars.get(scalar) {
                    self.meet(search, *below);
                }
                return;
            }
        };
        if level.scalars.is_empty() {
            return;
        }
        for element in elements {
            if element.container_len().is_none()
                && let Some(below) = level.scalars.get(element)
            {
                self.meet(search, *below);
            }
        }
    }

    fn meet_array(&mut self, search: &mut Search<'_, '_, 'm>, id: TrieId, elements: &[Value]) {
        let index = search.index;
        let Some((first, rest)) = elements.split_first() else { return self.meet(search, id) };
        let Some(node) = index.nodes.get(id as usize) else { return };
        if let Some(any) = node.any {
            self.meet_array(search, any, rest);
        }
        if let Some(below) = node.scalars.get(first) {
            self.meet_array(search, *below, rest);
        }
    }

    fn answer(&mut self, search: &mut Search<'_, '_, 'm>, source: usize) -> Option<Held<'m>> {
        if let Some(Some(known)) = search.answers.get(source) {
            return known.clone();
        }
        let answer = match search.index.sources.get(source) {
            Some(Source::Input(path)) => {
                self.reads |= INPUT;
                self.world.input.as_ref().and_then(|input| input.find(path))
            }
            Some(Source::Data(path)) => {
                self.reads |= DATA;
                match &self.world.data {
                    None => super::stored::find(self.data, path).map(Held::Borrowed),
                    Some(_) => self.replaced_base(path).map(Held::Own),
                }
            }
            Some(Source::Argument(position)) => search.arguments.get(*position).cloned(),
            None => None,
        };
        if let Some(place) = search.answers.get_mut(source) {
            *place = Some(answer.clone());
        }
        answer
    }
}

impl Span {
    /// True if the keys begin with the span's and go on.
    pub fn serves(&self, keys: &[Key]) -> bool {
        let same = |(key, wanted): (&Key, &Value)| matches!(key, Key::Constant(key) if key == wanted);
        keys.len() > self.suffix.len() && keys.iter().zip(&self.suffix).all(same)
    }
}
