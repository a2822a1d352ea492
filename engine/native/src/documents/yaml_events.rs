//! The events of a YAML parser, made into documents. No recursion: a text may nest as deep as its author likes.

use foldhash::fast::RandomState;
use hashbrown::{HashMap, HashSet};
use libyaml_safer::{Event, EventData, ScalarStyle};

use super::document::{Document, Id, Value};
use super::places::{Mark, Place, Places, Step, Symbol};
use super::scalars::{self, Plain};
use super::yaml::{FaultKind, Limits, Read, START, fault, malformed, mark};

const STANDARD: &str = "tag:yaml.org,2002:";

/// Builds documents from events.
pub(super) struct Reader<'l> {
    limits: &'l Limits,
    /// Of what was read last.
    pub(super) at: Mark,
    pub(super) documents: Vec<Document>,
    values: usize,
    noted_steps: usize,
    open: Option<OpenDocument>,
}

/// A document whose end has not come yet.
struct OpenDocument {
    document: Document,
    collections: Vec<Collection>,
    /// Where the value that is being read stands, from the top.
    way: Vec<Step>,
    anchors: HashMap<String, Anchored, RandomState>,
}

#[derive(Clone)]
struct Anchored {
    value: Id,
    /// What one more alias costs.
    values: usize,
    spelling: Option<String>,
}

struct Collection {
    content: Content,
    anchor: Option<String>,
    place: Place,
    at: Mark,
    values_before: usize,
}

enum Content {
    Sequence(Vec<Id>),
    Mapping { entries: Vec<(Symbol, Id)>, waiting: Option<Waiting>, merges: Vec<Id> },
}

/// A key whose value has not come yet.
#[derive(Clone, Copy)]
struct Waiting {
    step: Step,
    place: Place,
}

impl<'l> Reader<'l> {
    pub(super) fn new(limits: &'l Limits) -> Reader<'l> {
        Reader { limits, at: START, documents: Vec::new(), values: 0, noted_steps: 0, open: None }
    }

    pub(super) fn take(&mut self, event: Event) -> Read<()> {
        let at = mark(&event.start_mark);
        self.at = at;
        match event.data {
            EventData::DocumentStart { .. } => self.begin(at),
            EventData::DocumentEnd { .. } => {
                self.documents.extend(self.open.take().map(|open| open.document));
                Ok(())
            }
            EventData::Scalar { value, style, anchor, tag, .. } => {
                self.scalar(value, style, anchor, tag.as_deref(), at)
            }
            EventData::Alias { anchor } => self.alias(&anchor, at),
            EventData::SequenceStart { anchor, tag, .. } => {
                require_tag(tag.as_deref(), "seq", at)?;
                self.begin_collection(Content::Sequence(Vec::new()), anchor, at)
            }
            EventData::MappingStart { anchor, tag, .. } => {
                require_tag(tag.as_deref(), "map", at)?;
                let content = Content::Mapping { entries: Vec::new(), waiting: None, merges: Vec::new() };
                self.begin_collection(content, anchor, at)
            }
            EventData::SequenceEnd | EventData::MappingEnd => self.end_collection(),
            EventData::StreamStart { .. } | EventData::StreamEnd => Ok(()),
        }
    }

    fn open(&mut self) -> Read<&mut OpenDocument> {
        self.open.as_mut().ok_or_else(|| malformed(START, "not YAML: a value outside a document"))
    }

    fn begin(&mut self, at: Mark) -> Read<()> {
        let most = self.limits.max_documents;
        if self.documents.len() >= most {
            return Err(fault(FaultKind::TooLarge, at, format!("more than {most} documents in one file")));
        }
        self.open = Some(OpenDocument {
            document: Document {
                values: Vec::new(),
                root: 0,
                places: Places::default(),
                spellings: Vec::new(),
                doubtful: Vec::new(),
            },
            collections: Vec::new(),
            way: Vec::new(),
            anchors: HashMap::default(),
        });
        Ok(())
    }

    fn count(&mut self, values: usize, at: Mark) -> Read<()> {
        self.values = self.values.saturating_add(values);
        let most = self.limits.max_values;
        if self.values > most {
            return Err(fault(FaultKind::TooLarge, at, format!("more than {most} values, aliases expanded")));
        }
        Ok(())
    }

    fn begin_collection(&mut self, content: Content, anchor: Option<String>, at: Mark) -> Read<()> {
        let most = self.limits.max_depth;
        let open = self.open()?;
        if open.collections.len() >= most {
            return Err(fault(FaultKind::TooDeep, at, format!("nested deeper than {most}")));
        }
        if open.expects_key() {
            return Err(malformed(at, "a key that is no text but a collection"));
        }
        self.count(1, at)?;
        let values_before = self.values;
        let open = self.open()?;
        let place = open.enter(at);
        open.collections.push(Collection { content, anchor, place, at, values_before });
        Ok(())
    }

    fn end_collection(&mut self) -> Read<()> {
        let counted = self.values;
        let Some(Collection { content, anchor, at, values_before, .. }) = self.open()?.collections.pop() else {
            return Ok(());
        };
        let value = match content {
            Content::Sequence(elements) => Value::Sequence(elements),
            Content::Mapping { mut entries, merges, .. } => {
                self.merge(&mut entries, &merges, at)?;
                Value::Mapping(entries)
            }
        };
        let open = self.open()?;
        let id = open.document.push(value);
        if let Some(anchor) = anchor {
            open.anchors.insert(anchor, Anchored { value: id, values: counted - values_before, spelling: None });
        }
        open.put(id, at)
    }

    /// What a mapping says itself wins, then the first of those that it merges.
    fn merge(&mut self, entries: &mut Vec<(Symbol, Id)>, merges: &[Id], at: Mark) -> Read<()> {
        if merges.is_empty() {
            return Ok(());
        }
        let mut said: HashSet<Symbol, RandomState> = entries.iter().map(|(key, _)| *key).collect();
        for merged in merges {
            let many = match self.open()?.document.values.get(*merged as usize) {
                Some(Value::Mapping(entries)) => entries.len(),
                _ => 0,
            };
            self.count(many, at)?;
            let open = self.open()?;
            if let Some(Value::Mapping(others)) = open.document.values.get(*merged as usize) {
                entries.extend(others.iter().filter(|(key, _)| said.insert(*key)));
            }
        }
        Ok(())
    }

    fn scalar(
        &mut self,
        text: String,
        style: ScalarStyle,
        anchor: Option<String>,
        tag: Option<&str>,
        at: Mark,
    ) -> Read<()> {
        require_tag(tag, "str", at)?;
        let is_plain = style == ScalarStyle::Plain && tag.is_none();
        let open = self.open()?;
        if open.expects_key() {
            open.key(&text, is_plain, at)?;
            if let Some(anchor) = anchor {
                let (value, spelling) = resolved(text, is_plain);
                let id = open.document.push(value);
                open.anchors.insert(anchor, Anchored { value: id, values: 0, spelling });
            }
            return Ok(());
        }
        self.count(1, at)?;
        self.open()?.enter(at);
        if is_plain && scalars::is_doubtful(&text) {
            let way = self.noted_way(at)?;
            self.open()?.document.doubtful.push(way);
        }
        let (value, spelling) = resolved(text, is_plain);
        self.note_spelling(spelling.as_ref(), at)?;
        let open = self.open()?;
        let id = open.document.push(value);
        if let Some(anchor) = anchor {
            open.anchors.insert(anchor, Anchored { value: id, values: 0, spelling });
        }
        open.put(id, at)
    }

    fn note_spelling(&mut self, spelling: Option<&String>, at: Mark) -> Read<()> {
        if let Some(spelling) = spelling {
            let way = self.noted_way(at)?;
            self.open()?.document.spellings.push((way, spelling.clone()));
        }
        Ok(())
    }

    /// The way to the value that is being read, to be kept.
    fn noted_way(&mut self, at: Mark) -> Read<Vec<Step>> {
        let way = self.open()?.way.clone();
        self.noted_steps += way.len();
        if self.noted_steps > self.limits.max_noted_steps {
            let message = "too many numbers and flags, nested too deep, whose spelling would have to be kept";
            return Err(fault(FaultKind::TooLarge, at, message));
        }
        Ok(way)
    }

    fn alias(&mut self, anchor: &str, at: Mark) -> Read<()> {
        let Some(anchored) = self.open()?.anchors.get(anchor).cloned() else {
            return Err(malformed(at, format!("alias *{anchor} stands for nothing before it")));
        };
        if self.open()?.expects_key() {
            return Err(malformed(at, "an alias as a key"));
        }
        self.count(anchored.values + 1, at)?;
        self.open()?.enter(at);
        self.note_spelling(anchored.spelling.as_ref(), at)?;
        self.open()?.put(anchored.value, at)
    }
}

impl OpenDocument {
    fn expects_key(&self) -> bool {
        let last = self.collections.last();
        matches!(last, Some(Collection { content: Content::Mapping { waiting: None, .. }, .. }))
    }

    /// Writes down the place of the value that begins here.
    fn enter(&mut self, at: Mark) -> Place {
        match self.collections.last() {
            None => self.document.places.top(at),
            Some(Collection { content: Content::Mapping { waiting: Some(waiting), .. }, .. }) => {
                self.way.push(waiting.step);
                waiting.place
            }
            Some(Collection { content, place, .. }) => {
                let count = if let Content::Sequence(elements) = content { elements.len() } else { 0 };
                let step = Step::Index(u32::try_from(count).unwrap_or(u32::MAX));
                self.way.push(step);
                self.document.places.enter(*place, step, at).unwrap_or(*place)
            }
        }
    }

    fn key(&mut self, text: &str, is_plain: bool, at: Mark) -> Read<()> {
        let Some(Collection { content: Content::Mapping { waiting, .. }, place, .. }) = self.collections.last_mut()
        else {
            return Ok(());
        };
        let places = &mut self.document.places;
        let step = if is_plain && text == "<<" { Step::Merge } else { Step::Key(places.symbol(text)) };
        let Some(place) = places.enter(*place, step, at) else {
            return Err(fault(
                FaultKind::DuplicateKey,
                at,
                format!("key {} stands twice in one mapping", quoted(text)),
            ));
        };
        *waiting = Some(Waiting { step, place });
        Ok(())
    }

    fn put(&mut self, value: Id, at: Mark) -> Read<()> {
        self.way.pop();
        match self.collections.last_mut().map(|collection| &mut collection.content) {
            None => self.document.root = value,
            Some(Content::Sequence(elements)) => elements.push(value),
            Some(Content::Mapping { entries, waiting, merges }) => match waiting.take().map(|waiting| waiting.step) {
                Some(Step::Key(key)) => entries.push((key, value)),
                _ => merges.extend(merged_mappings(&self.document.values, value, at)?),
            },
        }
        Ok(())
    }
}

/// The value of a scalar, and how it was written where the value loses that.
fn resolved(text: String, is_plain: bool) -> (Value, Option<String>) {
    let (value, is_as_written) = match if is_plain { scalars::resolve(&text) } else { Plain::Text } {
        Plain::Text => return (Value::Text(text), None),
        Plain::Null => return (Value::Null, None),
        Plain::Flag(flag) => return (Value::Flag(flag), None),
        Plain::Integer(number) => (Value::Integer(number), number.to_string() == *text),
        Plain::Float(number) => (Value::Float(number), scalars::float_text(number) == *text),
        Plain::LongInteger => (Value::LongInteger(text.clone()), !text.starts_with(['0', '+'])),
    };
    (value, (!is_as_written).then_some(text))
}

fn merged_mappings(values: &[Value], value: Id, at: Mark) -> Read<Vec<Id>> {
    let of = |id: Id| values.get(id as usize);
    let mappings = match of(value) {
        Some(Value::Sequence(elements)) => elements.clone(),
        _ => vec![value],
    };
    if mappings.iter().all(|mapping| matches!(of(*mapping), Some(Value::Mapping(_)))) {
        return Ok(mappings);
    }
    Err(malformed(at, "<< merges mappings, and this is none"))
}

fn require_tag(tag: Option<&str>, kind: &str, at: Mark) -> Read<()> {
    match tag {
        None | Some("!") => Ok(()),
        Some(tag) if tag.strip_prefix(STANDARD) == Some(kind) => Ok(()),
        Some(tag) => Err(malformed(at, format!("tag {} is not read", tag.replace(STANDARD, "!!")))),
    }
}

/// As Python quotes a text.
fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let escaped = text.chars().map(|letter| match letter {
        '\'' | '"' if letter != quote => letter.to_string(),
        letter => letter.escape_debug().to_string(),
    });
    format!("{quote}{}{quote}", escaped.collect::<String>())
}
