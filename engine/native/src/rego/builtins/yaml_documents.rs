//! YAML as OPA reads and writes it: YAML 1.1 scalars, the first document only, keys as strings; written in blocks with
//! sorted keys. Source: `sigs.k8s.io/yaml` over `go.yaml.in/yaml/v2`, which OPA calls.

use std::borrow::Cow;
use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Tag};

use super::context::Context;
use super::operands::BuiltinError;
use super::yaml_scalars::{self, Scalar};
use crate::rego::errors::EVAL_INTERNAL;
use crate::rego::values::{ObjectBuilder, Value};

const MAX_DEPTH: usize = 1_000;

/// The value of the first document; an empty text is null.
///
/// # Errors
/// The text is no YAML, has a key that JSON cannot have, or refers to an anchor that it does not have. Evaluation stops
/// where aliases multiply beyond the memory left.
pub(super) fn read(context: &mut Context, text: &str) -> Result<Value, BuiltinError> {
    context.reserve(text.len() as u64 * 4)?;
    let mut reader = Reader { open: Vec::new(), anchors: HashMap::new(), sizes: HashMap::new(), result: None };
    for event in Parser::new_from_str(text) {
        let (event, _) = event.map_err(|error| BuiltinError::failure(worded(&error)))?;
        context.tick()?;
        if matches!(event, Event::DocumentEnd) {
            break;
        }
        reader.take(context, event)?;
    }
    Ok(reader.result.unwrap_or(Value::Null))
}

/// The error in the words of libyaml, where it has the same; lines are counted as it counts them.
fn worded(error: &ScanError) -> String {
    let (said, line) = (error.info(), error.marker().line().saturating_sub(1).max(1));
    let what = match said {
        said if said.contains("flow sequence") => "did not find expected ',' or ']'",
        said if said.contains("flow mapping") => "did not find expected ',' or '}'",
        said if said.contains("block mapping") => "did not find expected key",
        said if said.contains("block sequence") || said.contains("block collection") => {
            "did not find expected '-' indicator"
        }
        said => said,
    };
    format!("yaml: line {line}: {what}")
}

enum Open {
    Sequence(Vec<Value>, usize),
    /// The entries so far, the key that waits for its value, the pairs to merge.
    Mapping(ObjectBuilder, Option<Key>, Vec<Value>, usize),
}

enum Key {
    Text(String),
    Merge,
}

struct Reader {
    open: Vec<Open>,
    anchors: HashMap<usize, Value>,
    /// Nodes below each anchor, aliases followed: what one more alias costs.
    sizes: HashMap<usize, u64>,
    result: Option<Value>,
}

impl Reader {
    fn take(&mut self, context: &mut Context, event: Event<'_>) -> Result<(), BuiltinError> {
        match event {
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref()),
            Event::Alias(anchor) => {
                let Some(value) = self.anchors.get(&anchor).cloned() else {
                    return Err(BuiltinError::failure("yaml: unknown anchor referenced"));
                };
                let size = self.sizes.get(&anchor).copied().unwrap_or(1);
                context.reserve(size.saturating_mul(16))?;
                self.put(value, 0)
            }
            Event::SequenceStart(anchor, _) => self.begin(Open::Sequence(Vec::new(), anchor)),
            Event::MappingStart(anchor, _) => self.begin(Open::Mapping(ObjectBuilder::new(), None, Vec::new(), anchor)),
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            _ => Ok(()),
        }
    }

    fn begin(&mut self, open: Open) -> Result<(), BuiltinError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(BuiltinError::halt(EVAL_INTERNAL, format!("YAML is nested deeper than {MAX_DEPTH} levels")));
        }
        if let Some(Open::Mapping(_, None, ..)) = self.open.last() {
            return Err(BuiltinError::failure("error converting YAML to JSON: yaml: invalid map key"));
        }
        self.open.push(open);
        Ok(())
    }

    fn end(&mut self) -> Result<(), BuiltinError> {
        match self.open.pop() {
            Some(Open::Sequence(elements, anchor)) => self.put(Value::array(elements), anchor),
            Some(Open::Mapping(mut entries, _, merged, anchor)) => {
                for other in &merged {
                    merge(&mut entries, other)?;
                }
                self.put(Value::from(entries.finish()), anchor)
            }
            None => Ok(()),
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, anchor: usize, tag: Option<&Tag>) -> Result<(), BuiltinError> {
        let plain = style == ScalarStyle::Plain;
        let scalar = yaml_scalars::resolve(text, plain, tag.map(|tag| tag.suffix.as_str()))?;
        if let Some(Open::Mapping(_, key @ None, ..)) = self.open.last_mut() {
            *key = Some(if plain && text == "<<" { Key::Merge } else { Key::Text(scalar.as_key()?) });
            if anchor > 0 {
                self.anchors.insert(anchor, scalar.into_value()?);
            }
            return Ok(());
        }
        self.put(scalar.into_value()?, anchor)
    }

    fn put(&mut self, value: Value, anchor: usize) -> Result<(), BuiltinError> {
        if anchor > 0 {
            let below: u64 = 1 + size(&value);
            self.sizes.insert(anchor, below);
            self.anchors.insert(anchor, value.clone());
        }
        match self.open.last_mut() {
            Some(Open::Sequence(elements, _)) => elements.push(value),
            Some(Open::Mapping(entries, key, merged, _)) => match key.take() {
                Some(Key::Text(key)) => {
                    entries.insert(Value::from(key), value);
                }
                Some(Key::Merge) => merged.push(value),
                None => {
                    let scalar = Scalar::of(&value)
                        .ok_or_else(|| BuiltinError::failure("error converting YAML to JSON: yaml: invalid map key"))?;
                    *key = Some(Key::Text(scalar.as_key()?));
                }
            },
            None => self.result = Some(value),
        }
        Ok(())
    }
}

/// Values directly below; what lies deeper was paid for when its own anchor or text was read.
fn size(value: &Value) -> u64 {
    value.container_len().unwrap_or(0) as u64
}

fn merge(entries: &mut ObjectBuilder, other: &Value) -> Result<(), BuiltinError> {
    let maps: Vec<&Value> = match other {
        Value::Array(array) => array.iter().collect(),
        one => vec![one],
    };
    for map in maps {
        let Value::Object(map) = map else {
            return Err(BuiltinError::failure("yaml: map merge requires map or sequence of maps as the value"));
        };
        for (key, value) in map {
            if entries.get(key).is_none() {
                entries.insert(key.clone(), value.clone());
            }
        }
    }
    Ok(())
}

/// The text of a value in blocks, keys sorted, ending in a line break.
///
/// # Errors
/// Evaluation stops where the text exceeds the memory left.
pub(super) fn write(context: &mut Context, value: &Value) -> Result<String, BuiltinError> {
    let mut out = String::new();
    write_node(context, &mut out, value, 0, Place::Top)?;
    Ok(out)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Top,
    /// Behind `key:`.
    Value,
    /// Behind `- `.
    Element,
}

fn write_node(
    context: &mut Context,
    out: &mut String,
    value: &Value,
    indent: usize,
    place: Place,
) -> Result<(), BuiltinError> {
    context.tick()?;
    context.reserve(indent as u64 + 8)?;
    if indent > MAX_DEPTH * 2 {
        return Err(BuiltinError::halt(EVAL_INTERNAL, format!("YAML is nested deeper than {MAX_DEPTH} levels")));
    }
    stacker::maybe_grow(64 * 1024, 1024 * 1024, || match value {
        Value::Object(object) if !object.is_empty() => {
            let mut entries: Vec<(Cow<'_, str>, &Value)> = object.iter().map(|(k, v)| (key_text(k), v)).collect();
            entries.sort_by(|(a, _), (b, _)| yaml_scalars::key_order(a, b));
            for (position, (key, value)) in entries.into_iter().enumerate() {
                match (position, place) {
                    (0, Place::Value) => line(out, indent),
                    (0, _) => {}
                    _ => line(out, indent),
                }
                yaml_scalars::write_string(out, &key, indent, true);
                out.push(':');
                let nested = if matches!(value, Value::Array(_) | Value::Set(_)) { indent } else { indent + 2 };
                write_value(context, out, value, nested, Place::Value)?;
            }
            Ok(())
        }
        Value::Array(array) if !array.is_empty() => write_elements(context, out, array.as_slice(), indent, place),
        Value::Set(set) if !set.is_empty() => write_elements(context, out, set.as_slice(), indent, place),
        scalar => {
            write_scalar(out, scalar, indent);
            Ok(())
        }
    })?;
    if place == Place::Top && !out.ends_with('\n') {
        out.push('\n');
    }
    Ok(())
}

/// A value behind `key:`: scalars on the same line.
fn write_value(
    context: &mut Context,
    out: &mut String,
    value: &Value,
    indent: usize,
    place: Place,
) -> Result<(), BuiltinError> {
    let block = matches!(value, Value::Object(_) | Value::Array(_) | Value::Set(_)) && value.container_len() != Some(0);
    if !block {
        out.push(' ');
    }
    write_node(context, out, value, indent, place)
}

fn write_elements(
    context: &mut Context,
    out: &mut String,
    elements: &[Value],
    indent: usize,
    place: Place,
) -> Result<(), BuiltinError> {
    for (position, element) in elements.iter().enumerate() {
        if position > 0 || place == Place::Value {
            line(out, indent);
        }
        out.push_str("- ");
        write_node(context, out, element, indent + 2, Place::Element)?;
    }
    Ok(())
}

fn line(out: &mut String, indent: usize) {
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out.extend(std::iter::repeat_n(' ', indent));
}

fn key_text(key: &Value) -> Cow<'_, str> {
    match key {
        Value::String(text) => Cow::Borrowed(text.as_str()),
        other => {
            let text = crate::rego::values::json::write(other);
            Cow::Owned(String::from_utf8_lossy(&text).into_owned())
        }
    }
}

fn write_scalar(out: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::String(text) => yaml_scalars::write_string(out, text.as_str(), indent, false),
        Value::Object(_) => out.push_str("{}"),
        Value::Array(_) | Value::Set(_) => out.push_str("[]"),
        number => out.push_str(&yaml_scalars::number_text(number)),
    }
}
