//! What one document (or one stream of documents) repeats: keys, key lists, strings and decimals.

use hashbrown::HashTable;

use super::super::hash::{hash_bytes, hash_ids};
use super::super::{Decimal, Number, NumberError, Shape, Str, Value};

/// Beyond these a reader that is used again starts over, so that it does not grow with hostile documents.
const MAX_KEPT_KEYS: usize = 8_192;
const MAX_KEPT_SHAPES: usize = 2_048;

/// In a shorter document too little is repeated to pay for finding it.
const MIN_SHARING_BYTES: usize = 16 << 10;

/// Longer strings are seldom repeated, and hashing them costs more than it saves.
const MAX_SHARED_BYTES: usize = 128;

/// A key list as one object wrote it, and how its values are put into the shape's order.
pub(super) struct Form {
    written: Box<[u32]>,
    pub shape: Shape,
    /// For each key of the shape, which of the written values it gets; `None` if they are in order already.
    pub order: Option<Box<[u32]>>,
    /// A key that was written twice.
    pub duplicate: Option<u32>,
}

#[derive(Default)]
pub(super) struct Repeated {
    keys: Vec<Str>,
    /// For each key, the one that came after it last time.
    followers: Vec<u32>,
    key_table: HashTable<(u64, u32)>,
    forms: Vec<Form>,
    form_table: HashTable<(u64, u32)>,
    strings: HashTable<(u64, Str)>,
    decimals: HashTable<(u64, Decimal)>,
    /// Whether equal strings and decimals of this document are one.
    shares: bool,
}

impl Repeated {
    /// Between documents: keys and forms stay, within bounds; strings go.
    pub fn start_document(&mut self, bytes: usize) {
        self.shares = bytes >= MIN_SHARING_BYTES;
        if self.keys.len() > MAX_KEPT_KEYS || self.forms.len() > MAX_KEPT_SHAPES {
            *self = Repeated::default();
        }
        self.strings = HashTable::new();
        self.decimals = HashTable::new();
    }

    pub fn key(&self, id: u32) -> &str {
        self.keys.get(id as usize).map(Str::as_str).unwrap_or_default()
    }

    /// The id of a key; `previous` is the key before it in the same object, which mostly tells this one.
    pub fn key_id(&mut self, previous: Option<u32>, text: &str) -> u32 {
        let guess = previous.and_then(|id| self.followers.get(id as usize)).copied();
        if let Some(id) = guess
            && self.keys.get(id as usize).is_some_and(|key| key.as_bytes() == text.as_bytes())
        {
            return id;
        }
        let id = self.searched_key_id(text);
        if let Some(follower) = previous.and_then(|id| self.followers.get_mut(id as usize)) {
            *follower = id;
        }
        id
    }

    fn searched_key_id(&mut self, text: &str) -> u32 {
        let hash = hash_bytes(text.as_bytes());
        let keys = &self.keys;
        let same = |slot: &(u64, u32)| {
            slot.0 == hash && keys.get(slot.1 as usize).is_some_and(|key| key.as_bytes() == text.as_bytes())
        };
        if let Some((_, id)) = self.key_table.find(hash, same) {
            return *id;
        }
        let id = self.keys.len() as u32;
        self.keys.push(Str::new(text));
        self.followers.push(id);
        self.key_table.insert_unique(hash, (hash, id), |slot| slot.0);
        id
    }

    pub fn string(&mut self, text: &str) -> Value {
        let is_short = text.len() <= super::super::strings::INLINE_BYTES;
        if !self.shares || is_short || text.len() > MAX_SHARED_BYTES {
            return Value::string(text);
        }
        let hash = hash_bytes(text.as_bytes());
        let same = |slot: &(u64, Str)| slot.0 == hash && slot.1.as_bytes() == text.as_bytes();
        if let Some((_, shared)) = self.strings.find(hash, same) {
            return Value::String(shared.clone());
        }
        let shared = Str::new(text);
        self.strings.insert_unique(hash, (hash, shared.clone()), |slot| slot.0);
        Value::String(shared)
    }

    /// A number that is not a short plain integer.
    pub fn number(&mut self, text: &str) -> Result<Value, NumberError> {
        if !self.shares {
            return Ok(Value::from(Number::from_json_text(text)?));
        }
        let hash = hash_bytes(text.as_bytes());
        if let Some((_, shared)) = self.decimals.find(hash, |slot| slot.0 == hash && slot.1.text() == text) {
            return Ok(Value::Decimal(shared.clone()));
        }
        let number = Number::from_json_text(text)?;
        if let Number::Decimal(decimal) = &number {
            self.decimals.insert_unique(hash, (hash, decimal.clone()), |slot| slot.0);
        }
        Ok(Value::from(number))
    }

    pub fn form(&mut self, written: &[u32]) -> Option<&Form> {
        let hash = hash_ids(written);
        let forms = &self.forms;
        let same = |slot: &(u64, u32)| {
            slot.0 == hash && forms.get(slot.1 as usize).is_some_and(|form| *form.written == *written)
        };
        let at = match self.form_table.find(hash, same) {
            Some((_, at)) => *at,
            None => {
                let at = self.forms.len() as u32;
                self.forms.push(self.new_form(written));
                self.form_table.insert_unique(hash, (hash, at), |slot| slot.0);
                at
            }
        };
        self.forms.get(at as usize)
    }

    fn new_form(&self, written: &[u32]) -> Form {
        let key = |id: u32| self.keys.get(id as usize).cloned().unwrap_or(Str::EMPTY);
        let mut sorted: Vec<(Str, u32)> = written.iter().zip(0_u32..).map(|(id, at)| (key(*id), at)).collect();
        // Equal keys: the last written first, and only it is kept.
        sorted.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
        let all = sorted.len();
        let mut duplicate = None;
        sorted.dedup_by(|later, kept| {
            let equal = later.0 == kept.0;
            if equal {
                duplicate = written.get(later.1 as usize).copied();
            }
            equal
        });
        let in_order = sorted.len() == all && sorted.iter().zip(0_u32..).all(|((_, at), expected)| *at == expected);
        let order = (!in_order).then(|| sorted.iter().map(|(_, at)| *at).collect());
        let keys = sorted.into_iter().map(|(key, _)| Value::String(key)).collect();
        Form { written: written.into(), shape: Shape::from_sorted(keys), order, duplicate }
    }
}
