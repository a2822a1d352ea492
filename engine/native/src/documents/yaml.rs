//! YAML text to values: the core schema of YAML 1.2, because what is read ends as JSON and must mean the same to every
//! reader. libyaml's parser (its safe port) gives the events; everything that builds is here, without recursion.
//!
//! Tags are refused (but `!`, `!!str`, `!!map` and `!!seq`), so are keys that stand twice and keys that are collections.
//! An alias is one more way to a value that is there, and is paid for by what it expands to.

use std::io::{BufReader, Read as _};

use libyaml_safer::{EventData, Parser, ScalarStyle};

use super::document::Document;
use super::foreign_panic::caught;
use super::places::Mark;
use super::yaml_events::Reader;

/// What is agreed to be read of one text.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub max_depth: usize,
    /// Values of all documents, aliases counted by what they expand to.
    pub max_values: usize,
    pub max_documents: usize,
    /// Steps to all the numbers and words that `Document` names by their pointers.
    pub max_noted_steps: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    Malformed,
    DuplicateKey,
    TooDeep,
    TooLarge,
}

/// Why a text is not read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub kind: FaultKind,
    pub message: String,
    pub at: Mark,
}

/// Read at a time.
const CHUNK_BYTES: usize = 16 << 10;

const MAX_TAG_DIRECTIVES: usize = 1_000;

/// Where a text begins.
pub const START: Mark = Mark { row: 1, column: 1 };

pub(super) type Read<T> = Result<T, Fault>;

/// Every document of a stream, empty ones included.
///
/// # Errors
/// The text is no YAML, says what is not read here, or exceeds a limit.
pub fn read(text: &str, limits: &Limits) -> Read<Vec<Document>> {
    require_printable(text)?;
    require_few_directives(text)?;
    let mut reader = Reader::new(limits);
    // The parser panics where a tag stands right before a comma.
    let outcome = caught(|| read_all(text, &mut reader));
    outcome.unwrap_or_else(|| Err(malformed(reader.at, "not YAML: what comes next cannot be read")))?;
    Ok(reader.documents)
}

fn read_all(text: &str, reader: &mut Reader) -> Read<()> {
    // The parser also panics at a block scalar whose last line has no break, so there is one always.
    let text = if text.ends_with(' ') { without_blank_end(text) } else { text };
    let ends_open = !text.ends_with(['\n', '\r']);
    let added: &[u8] = if ends_open { b"\n" } else { b"" };
    let end = ends_open.then_some(text.len() as u64);
    let mut parser = Parser::new();
    parser.set_input(BufReader::with_capacity(CHUNK_BYTES, text.as_bytes()).chain(added));
    for event in parser {
        let mut event = event.map_err(|error| not_yaml(&error))?;
        if end.is_some_and(|end| event.end_mark.index > end) {
            take_back_break(&mut event.data);
        }
        reader.take(event)?;
    }
    Ok(())
}

/// Spaces behind the last line break say nothing, and would look like one more line.
fn without_blank_end(text: &str) -> &str {
    let trimmed = text.trim_end_matches(' ');
    if trimmed.ends_with('\n') { trimmed } else { text }
}

/// The parser compares each directive with all before it.
fn require_few_directives(text: &str) -> Read<()> {
    let many = text.match_indices("\n%TAG").nth(MAX_TAG_DIRECTIVES);
    let message = format!("more than {MAX_TAG_DIRECTIVES} lines that begin with %TAG");
    many.map_or(Ok(()), |(offset, _)| Err(fault(FaultKind::TooLarge, end_of(&text[..=offset]), message)))
}

/// What ends a text without a break does not end in one.
fn take_back_break(data: &mut EventData) {
    if let EventData::Scalar { value, style: ScalarStyle::Literal | ScalarStyle::Folded, .. } = data
        && value.ends_with('\n')
    {
        value.pop();
    }
}

fn not_yaml(error: &libyaml_safer::Error) -> Fault {
    let at = error.problem_mark().or(error.context_mark()).map_or(START, |at| mark(&at));
    malformed(at, format!("not YAML: {}", error.problem()))
}

/// The place behind the last character.
fn end_of(text: &str) -> Mark {
    let line = text.rfind('\n').map_or(text, |end| &text[end + 1..]);
    Mark { row: text.matches('\n').count() + 1, column: line.chars().count() + 1 }
}

/// YAML 1.2, 5.1: what is no character of a YAML text.
fn require_printable(text: &str) -> Read<()> {
    let allowed = |character: char| match character {
        '\t' | '\n' | '\r' | '\u{85}' => true,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => false,
        _ => true,
    };
    // Most texts are plain ASCII, whose bytes are looked at side by side.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t' | b'\r')) {
        return Ok(());
    }
    let Some((offset, character)) = text.char_indices().find(|(_, character)| !allowed(*character)) else {
        return Ok(());
    };
    let message = format!("not YAML: control character U+{:04X}", u32::from(character));
    Err(malformed(end_of(&text[..offset]), message))
}

pub(super) fn mark(of: &libyaml_safer::Mark) -> Mark {
    let counted = |from_zero: u64| usize::try_from(from_zero).unwrap_or(usize::MAX).saturating_add(1);
    Mark { row: counted(of.line), column: counted(of.column) }
}

pub(super) fn fault(kind: FaultKind, at: Mark, message: impl Into<String>) -> Fault {
    Fault { kind, message: message.into(), at }
}

pub(super) fn malformed(at: Mark, message: impl Into<String>) -> Fault {
    fault(FaultKind::Malformed, at, message)
}

#[cfg(test)]
mod tests {
    use super::super::document::Value;
    use super::super::places::AskedStep;
    use super::*;

    const LIMITS: Limits = Limits { max_depth: 20, max_values: 1_000, max_documents: 10, max_noted_steps: 100 };

    fn refused(text: &str) -> (FaultKind, String, usize, usize) {
        let Fault { kind, message, at } = read(text, &LIMITS).expect_err(text);
        (kind, message, at.row, at.column)
    }

    #[test]
    fn what_an_alias_stands_for_is_there_once() {
        let documents = read("a: &a [x]\nb: *a\nc: {<<: {d: *a}}\n", &LIMITS).expect("it is YAML");
        let values = &documents[0].values;
        assert_eq!(values.iter().filter(|value| matches!(value, Value::Sequence(_))).count(), 1);
    }

    #[test]
    fn a_block_at_the_end_of_the_text_needs_no_line_break_and_gets_none() {
        for (text, wanted) in [
            ("a: |\n  b", "b"),
            ("a: |\n  b\n", "b\n"),
            ("a: |+\n  b\n\n", "b\n\n"),
            ("a: >-\n  b", "b"),
            ("a: |\n  b\n  ", "b\n"),
            ("a: |\n  b\n# c", "b\n"),
        ] {
            let documents = read(text, &LIMITS).expect(text);
            assert_eq!(documents[0].values[0], Value::Text(wanted.to_owned()), "{text:?}");
        }
    }

    #[test]
    fn places_are_those_of_keys_and_of_beginnings() {
        let documents = read("é: [x, {k: 1}]\nb: &b {c: 1}\nd: *b", &LIMITS).expect("it is YAML");
        let key = |name: &'static str| AskedStep::Key(name.into());
        for (pointer, row, column) in [
            (vec![], 1, 1),
            (vec![key("é"), AskedStep::Index(1)], 1, 8),
            (vec![key("é"), AskedStep::Index(1), key("k")], 1, 9),
            (vec![key("d"), key("c")], 3, 1),
            (vec![key("nowhere")], 1, 1),
        ] {
            assert_eq!(documents[0].places.at(pointer.clone()), Mark { row, column }, "{pointer:?}");
        }
    }

    #[test]
    fn where_the_parser_panics_the_text_is_refused() {
        let (kind, message, row, _) = refused("a: 1\nb: {c: !!str, d: 1}");
        assert_eq!((kind, &*message, row), (FaultKind::Malformed, "not YAML: what comes next cannot be read", 2));
    }

    #[test]
    fn what_grows_is_bounded() {
        let directives: String = (0..2_000).map(|number| format!("%TAG !a{number}! x\n")).collect();
        assert_eq!(refused(&directives).0, FaultKind::TooLarge);
        let merges = format!("a: &a {{{}}}\nb:\n{}", keys(100), "  - {<<: *a}\n".repeat(10));
        assert_eq!(refused(&merges).0, FaultKind::TooLarge);
        assert_eq!(
            refused(&format!("{}1.10{}{}", "[".repeat(15), ", 1.10".repeat(10), "]".repeat(15))).0,
            FaultKind::TooLarge
        );
    }

    fn keys(many: usize) -> String {
        (0..many).map(|number| format!("k{number}: 1, ")).collect()
    }
}
