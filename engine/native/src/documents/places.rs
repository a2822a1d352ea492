//! Where in the text each value of a document stands: of an entry its key, of an element its beginning.

use std::borrow::Cow;

use foldhash::fast::RandomState;
use hashbrown::HashMap;

/// Row and column, both counted from one; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    pub row: usize,
    pub column: usize,
}

/// A key, one for all the places where a document says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Symbol(u32);

impl Symbol {
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One step on the way to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    Key(Symbol),
    Index(u32),
    /// What stands behind `<<`: on the way to it, but no entry.
    Merge,
}

/// A step as somebody who asks has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AskedStep<'a> {
    Key(Cow<'a, str>),
    Index(usize),
}

/// A place, by which places inside it are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place(u32);

/// Every place of one document. The first is that of the document itself.
#[derive(Debug, Default)]
pub struct Places {
    names: HashMap<Box<str>, Symbol, RandomState>,
    symbols: Vec<Box<str>>,
    marks: Vec<Mark>,
    inside: HashMap<(Place, Step), Place, RandomState>,
}

impl Places {
    pub fn symbol(&mut self, name: &str) -> Symbol {
        if let Some(symbol) = self.names.get(name) {
            return *symbol;
        }
        let symbol = Symbol(index(self.symbols.len()));
        self.names.insert(name.into(), symbol);
        self.symbols.push(name.into());
        symbol
    }

    /// The keys by number of their symbols.
    #[must_use]
    pub fn symbols(&self) -> &[Box<str>] {
        &self.symbols
    }

    /// A place without one around it.
    pub fn top(&mut self, mark: Mark) -> Place {
        self.marks.push(mark);
        Place(index(self.marks.len() - 1))
    }

    /// The place one step inside another; `None` where that step was taken before.
    pub fn enter(&mut self, around: Place, step: Step, mark: Mark) -> Option<Place> {
        let place = self.top(mark);
        let before = self.inside.insert((around, step), place);
        (before.is_none() || step == Step::Merge).then_some(place)
    }

    #[must_use]
    pub fn has(&self, around: Place, step: Step) -> bool {
        self.inside.contains_key(&(around, step))
    }

    #[must_use]
    pub fn mark(&self, place: Place) -> Mark {
        self.marks.get(place.0 as usize).copied().unwrap_or_default()
    }

    /// The place of a value, or of the nearest thing around it that has one.
    #[must_use]
    pub fn at<'a>(&self, pointer: impl IntoIterator<Item = AskedStep<'a>>) -> Mark {
        let mut place = Place(0);
        for step in pointer {
            let step = match step {
                AskedStep::Key(name) => self.names.get(&*name).map(|symbol| Step::Key(*symbol)),
                AskedStep::Index(index) => u32::try_from(index).ok().map(Step::Index),
            };
            let Some(next) = step.and_then(|step| self.inside.get(&(place, step))) else { break };
            place = *next;
        }
        self.mark(place)
    }
}

/// Texts are far shorter than what 32 bits count.
fn index(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
