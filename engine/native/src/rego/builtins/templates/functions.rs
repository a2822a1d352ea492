//! The functions of Go's templates. Source: Go `text/template/funcs.go`.

use super::super::context::Context;
use super::super::format_value::Argument;
use super::super::operands::BuiltinError;
use super::super::sprintf::formatted;
use super::super::url_syntax::escape_query;
use super::items::Item;
use super::unsupported;
use crate::rego::values::Value;

pub(super) const NAMES: &[&str] = &[
    "and", "call", "eq", "ge", "gt", "html", "index", "js", "le", "len", "lt", "ne", "not", "or", "print", "printf",
    "println", "slice", "urlquery",
];

/// The least and the greatest number of arguments.
pub(super) fn arity(name: &str) -> (usize, Option<usize>) {
    match name {
        "and" | "or" | "call" | "eq" | "index" | "slice" | "printf" => (1, None),
        "ne" | "lt" | "le" | "gt" | "ge" => (2, Some(2)),
        "not" | "len" => (1, Some(1)),
        _ => (0, None),
    }
}

pub(super) fn call(context: &mut Context, name: &str, items: &[Item]) -> Result<Item, BuiltinError> {
    let first = items.first().unwrap_or(&Item::Nothing);
    let second = items.get(1).unwrap_or(&Item::Nothing);
    let truth = |truth: bool| Ok(Item::Data(Value::Bool(truth)));
    let text = |text: String| Ok(Item::Data(Value::from(text)));
    match name {
        "and" | "or" => Ok(items.last().cloned().unwrap_or(Item::Nothing)),
        "not" => truth(!first.is_true()),
        "eq" => {
            if items.len() < 2 {
                return Err(BuiltinError::failure("missing argument for comparison"));
            }
            for other in items.iter().skip(1) {
                if equal(first, other)? {
                    return truth(true);
                }
            }
            truth(false)
        }
        "ne" => truth(!equal(first, second)?),
        "lt" => truth(less(first, second)?),
        "le" => truth(less(first, second)? || equal(first, second)?),
        "gt" => truth(!(less(first, second)? || equal(first, second)?)),
        "ge" => truth(!less(first, second)?),
        "len" => length(first),
        "index" => index(first, items.get(1..).unwrap_or_default()),
        "slice" => slice(first, items.get(1..).unwrap_or_default()),
        "print" => text(joined(items)),
        "println" => text(format!("{}\n", items.iter().map(Item::printed).collect::<Vec<_>>().join(" "))),
        "printf" => text(printf(context, first, items.get(1..).unwrap_or_default())?),
        "html" => text(shown(items).chars().map(|letter| escaped(letter, html)).collect()),
        "js" => text(shown(items).chars().map(|letter| escaped(letter, script)).collect()),
        "urlquery" => text(escape_query(&shown(items))),
        _ => Err(BuiltinError::failure(match first {
            Item::Nothing => "call of nil".to_owned(),
            other => format!("non-function {name} of type {}", other.type_name()),
        })),
    }
}

/// `Sprint`: a space between two operands neither of which is a string.
fn joined(items: &[Item]) -> String {
    let mut out = String::new();
    let mut after_text = true;
    for item in items {
        let is_text = item.text().is_some();
        if !after_text && !is_text {
            out.push(' ');
        }
        out.push_str(&item.printed());
        after_text = is_text;
    }
    out
}

/// As [`joined`], with the mark of a missing value in its place.
fn shown(items: &[Item]) -> String {
    let mark = |item: &Item| if is_nothing(item) { Item::Data(Value::from("<no value>")) } else { item.clone() };
    joined(&items.iter().map(mark).collect::<Vec<_>>())
}

/// What basic kinds Go compares: a bool, an integer, a float, a text; nothing else.
#[derive(PartialEq, PartialOrd)]
enum Basic {
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(String),
}

fn basic(item: &Item) -> Option<Basic> {
    match item {
        Item::Integer(n) => Some(Basic::Integer(*n)),
        Item::Float(float) => Some(Basic::Float(*float)),
        Item::Data(Value::Bool(truth)) => Some(Basic::Bool(*truth)),
        other => other.text().map(Basic::Text),
    }
}

fn incompatible() -> BuiltinError {
    BuiltinError::failure("incompatible types for comparison")
}

fn is_nothing(item: &Item) -> bool {
    matches!(item, Item::Nothing | Item::Data(Value::Null))
}

fn equal(left: &Item, right: &Item) -> Result<bool, BuiltinError> {
    match (basic(left), basic(right)) {
        (Some(x), Some(y)) if std::mem::discriminant(&x) == std::mem::discriminant(&y) => Ok(x == y),
        (None, None) if is_nothing(left) || is_nothing(right) => Ok(is_nothing(left) && is_nothing(right)),
        (None, None) if left.type_name() == right.type_name() => {
            Err(BuiltinError::failure(format!("non-comparable type {}: {}", left.printed(), left.type_name())))
        }
        (None, None) => Err(BuiltinError::failure(format!(
            "non-comparable types {}: {}, {}: {}",
            left.printed(),
            left.type_name(),
            right.type_name(),
            right.printed()
        ))),
        _ if is_nothing(left) || is_nothing(right) => Ok(false),
        _ => Err(incompatible()),
    }
}

fn less(left: &Item, right: &Item) -> Result<bool, BuiltinError> {
    let kinds = || BuiltinError::failure("invalid type for comparison");
    match (basic(left).ok_or_else(kinds)?, basic(right).ok_or_else(kinds)?) {
        (Basic::Bool(_), Basic::Bool(_)) => Err(kinds()),
        (x, y) if std::mem::discriminant(&x) == std::mem::discriminant(&y) => Ok(x < y),
        _ => Err(incompatible()),
    }
}

fn size(item: &Item) -> Option<usize> {
    match item {
        Item::Data(value) => value.container_len().or(item.text().map(|text| text.len())),
        _ => None,
    }
}

fn length(item: &Item) -> Result<Item, BuiltinError> {
    if is_nothing(item) {
        return Err(BuiltinError::failure("len of nil pointer"));
    }
    let Some(size) = size(item) else {
        return Err(BuiltinError::failure(format!("len of type {}", item.type_name())));
    };
    Ok(Item::Integer(i64::try_from(size).unwrap_or(i64::MAX)))
}

/// A position of at most `most`.
fn position(index: &Item, most: usize) -> Result<usize, BuiltinError> {
    match index {
        Item::Integer(n) => match usize::try_from(*n) {
            Ok(position) if position <= most => Ok(position),
            _ => Err(BuiltinError::failure(format!("index out of range: {n}"))),
        },
        Item::Nothing => Err(BuiltinError::failure("cannot index slice/array with nil")),
        other => Err(BuiltinError::failure(format!("cannot index slice/array with type {}", other.type_name()))),
    }
}

fn index(item: &Item, path: &[Item]) -> Result<Item, BuiltinError> {
    if is_nothing(item) {
        return Err(BuiltinError::failure("index of untyped nil"));
    }
    let mut item = item.clone();
    for step in path {
        item = match &item {
            nothing if is_nothing(nothing) => return Err(BuiltinError::failure("index of nil pointer")),
            Item::Data(Value::Object(object)) => match step {
                Item::Data(key @ Value::String(_)) => Item::Data(object.get(key).cloned().unwrap_or(Value::Null)),
                Item::Nothing => return Err(BuiltinError::failure("value is nil; should be of type string")),
                other => {
                    let message = format!("value has type {}; should be string", other.type_name());
                    return Err(BuiltinError::failure(message));
                }
            },
            Item::Data(Value::Array(array)) => {
                let at = position(step, array.len())?;
                let Some(value) = array.get(at) else {
                    return Err(BuiltinError::failure("reflect: slice index out of range"));
                };
                Item::Data(value.clone())
            }
            other => match other.text() {
                Some(text) => {
                    let at = position(step, text.len())?;
                    let Some(byte) = text.as_bytes().get(at) else {
                        return Err(BuiltinError::failure("reflect: string index out of range"));
                    };
                    Item::Integer(i64::from(*byte))
                }
                None => {
                    let message = format!("can't index item of type {}", other.type_name());
                    return Err(BuiltinError::failure(message));
                }
            },
        };
    }
    Ok(item)
}

fn slice(item: &Item, bounds: &[Item]) -> Result<Item, BuiltinError> {
    if is_nothing(item) {
        return Err(BuiltinError::failure("slice of untyped nil"));
    }
    if bounds.len() > 2 {
        return Err(unsupported("slice with more than two bounds in a template"));
    }
    let whole = match item {
        Item::Data(Value::Object(_)) => None,
        other => size(other),
    };
    let Some(whole) = whole else {
        return Err(BuiltinError::failure(format!("can't slice item of type {}", item.type_name())));
    };
    let from = bounds.first().map_or(Ok(0), |bound| position(bound, whole))?;
    let to = bounds.get(1).map_or(Ok(whole), |bound| position(bound, whole))?;
    if from > to {
        return Err(BuiltinError::failure(format!("invalid slice index: {from} > {to}")));
    }
    match (item, item.text()) {
        (Item::Data(Value::Array(array)), _) => {
            Ok(Item::Data(Value::from(array.as_slice().get(from..to).unwrap_or_default().to_vec())))
        }
        (_, Some(text)) => match text.get(from..to) {
            Some(part) => Ok(Item::Data(Value::from(part))),
            None => Err(unsupported("slice within a character in a template")),
        },
        _ => Err(BuiltinError::failure(format!("can't slice item of type {}", item.type_name()))),
    }
}

/// The verb of each argument in turn; none if widths or positions are arguments themselves.
fn verbs(format: &str) -> Option<Vec<char>> {
    let mut verbs = Vec::new();
    let mut rest = format;
    while let Some((_, after)) = rest.split_once('%') {
        let directive = after.trim_start_matches(|letter: char| letter.is_ascii_digit() || "#+- .".contains(letter));
        let mut letters = directive.chars();
        match letters.next() {
            Some('*' | '[') => return None,
            Some('%') | None => {}
            Some(verb) => verbs.push(verb),
        }
        rest = letters.as_str();
    }
    Some(verbs)
}

/// Go's `Sprintf`. What has another type in Go than here prints under the verbs for which that makes no difference.
fn printf(context: &mut Context, format: &Item, items: &[Item]) -> Result<String, BuiltinError> {
    let Some(format) = format.text() else {
        return Err(BuiltinError::failure(format!(
            "wrong type for value; expected string; got {}",
            format.type_name()
        )));
    };
    let mut arguments = Vec::with_capacity(items.len());
    for item in items {
        arguments.push(match item {
            Item::Integer(n) => Argument::Integer(*n),
            Item::Float(float) => Argument::Float(*float),
            other => Argument::Text(other.printed()),
        });
    }
    let verbs = verbs(&format);
    for (position, item) in items.iter().enumerate() {
        let allowed = match item {
            Item::Integer(_) | Item::Float(_) | Item::Data(Value::String(_)) => continue,
            other if other.text().is_some() => "vsqx",
            _ => "v",
        };
        let verb = verbs.as_ref().and_then(|verbs| verbs.get(position)).copied();
        if !verb.is_some_and(|verb| allowed.contains(verb)) {
            return Err(unsupported("this format of printf in a template"));
        }
    }
    formatted(context, &format, &arguments)
}

/// The letter, or what stands for it.
fn escaped(letter: char, escape: fn(char) -> Option<String>) -> String {
    escape(letter).unwrap_or_else(|| letter.to_string())
}

fn html(letter: char) -> Option<String> {
    let entity = match letter {
        '\0' => "\u{fffd}",
        '"' => "&#34;",
        '\'' => "&#39;",
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        _ => return None,
    };
    Some(entity.to_owned())
}

fn script(letter: char) -> Option<String> {
    match letter {
        '\\' => Some("\\\\".to_owned()),
        '\'' => Some("\\'".to_owned()),
        '"' => Some("\\\"".to_owned()),
        '<' | '>' | '&' | '=' | '\0'..='\u{1f}' => Some(format!("\\u{:04X}", u32::from(letter))),
        _ => None,
    }
}
