//! Building objects and sets one entry at a time: distinct at once, sorted once at the end.

use hashbrown::HashTable;

use super::{Object, Set, Shape, Value};

/// From here on equal keys are found through a table instead of by comparing each.
const TABLE_FROM: usize = 12;

/// Distinct values in the order they came.
#[derive(Default)]
struct Distinct {
    values: Vec<Value>,
    table: HashTable<u32>,
    /// Whether each value so far was greater than the one before: then nothing needs sorting or searching.
    ascending: bool,
}

impl Distinct {
    fn position(&self, value: &Value) -> Option<usize> {
        match self.values.last() {
            None => return None,
            Some(last) if self.ascending && last < value => return None,
            Some(_) => {}
        }
        if self.ascending {
            return self.values.binary_search(value).ok();
        }
        if self.table.is_empty() {
            return self.values.iter().position(|existing| existing == value);
        }
        self.table
            .find(value.hash64(), |at| self.values.get(*at as usize).is_some_and(|existing| existing == value))
            .map(|at| *at as usize)
    }

    /// Appends a value known to be new.
    fn push(&mut self, value: Value) {
        match self.values.last() {
            None => self.ascending = true,
            Some(last) => self.ascending = self.ascending && *last < value,
        }
        self.values.push(value);
        if self.ascending || self.values.len() < TABLE_FROM {
            return;
        }
        let values = &self.values;
        let hash = |at: &u32| values.get(*at as usize).map_or(0, Value::hash64);
        for at in self.table.len() as u32..values.len() as u32 {
            self.table.insert_unique(hash(&at), at, hash);
        }
    }
}

/// Collects the entries of an object.
#[derive(Default)]
pub struct ObjectBuilder {
    keys: Distinct,
    values: Vec<Value>,
}

impl ObjectBuilder {
    pub fn new() -> ObjectBuilder {
        ObjectBuilder::default()
    }

    pub fn len(&self) -> usize {
        self.values.len()
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub fn get(&self, key: &Value) -> Option<&Value> {
        self.values.get(self.keys.position(key)?)
    }

    /// Puts an entry in; an equal key stays as it was first written, its value is replaced and returned.
    pub fn insert(&mut self, key: Value, value: Value) -> Option<Value> {
        if let Some(old) = self.keys.position(&key).and_then(|at| self.values.get_mut(at)) {
            return Some(std::mem::replace(old, value));
        }
        self.keys.push(key);
        self.values.push(value);
        None
    }

    pub fn finish(self) -> Object {
        let ObjectBuilder { keys, values } = self;
        if values.is_empty() {
            return Object::empty();
        }
        if keys.ascending {
            return Object::build(Shape::from_sorted(keys.values), values);
        }
        let mut entries: Vec<(Value, Value)> = keys.values.into_iter().zip(values).collect();
        entries.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let (keys, values) = entries.into_iter().unzip();
        Object::build(Shape::from_sorted(keys), values)
    }
}

/// Collects the elements of a set.
#[derive(Default)]
pub struct SetBuilder {
    elements: Distinct,
}

impl SetBuilder {
    pub fn new() -> SetBuilder {
        SetBuilder::default()
    }

    pub fn len(&self) -> usize {
        self.elements.values.len()
    }

    pub fn is_empty(&self) -> bool {
        self.elements.values.is_empty()
    }

    pub fn contains(&self, value: &Value) -> bool {
        self.elements.position(value).is_some()
    }

    /// Puts an element in, unless an equal one is there; whether it was new.
    pub fn insert(&mut self, value: Value) -> bool {
        let new = self.elements.position(&value).is_none();
        if new {
            self.elements.push(value);
        }
        new
    }

    pub fn finish(self) -> Set {
        let mut elements = self.elements.values;
        if elements.is_empty() {
            return Set::empty();
        }
        if !self.elements.ascending {
            elements.sort_unstable();
        }
        Set::from_sorted(elements)
    }
}
