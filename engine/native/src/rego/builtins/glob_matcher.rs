//! One piece of a compiled glob, and how it matches.
//!
//! A matcher answers whether a whole text fits, and where in a text it first fits and how long the fits from there
//! are. The second answer is rough in places; since a pattern's meaning follows from it, it is kept as it is in OPA's
//! library. Texts are bytes, because positions are sometimes counted in characters and used as bytes.
//! Source: `gobwas/glob` v0.2.3, `match`.

use std::cell::Cell;

#[derive(Debug, Clone)]
pub(super) enum Matcher {
    Super,
    Any(Vec<char>),
    Single(Vec<char>),
    List {
        characters: Vec<char>,
        negated: bool,
    },
    Range {
        low: char,
        high: char,
        negated: bool,
    },
    Text(String),
    Prefix(String),
    Suffix(String),
    PrefixSuffix(String, String),
    PrefixAny(String, Vec<char>),
    SuffixAny(String, Vec<char>),
    Contains {
        needle: String,
        negated: bool,
    },
    Min(usize),
    Max(usize),
    Row {
        parts: Vec<Matcher>,
        length: usize,
    },
    AnyOf(Vec<Matcher>),
    EveryOf(Vec<Matcher>),
    /// A piece with what must stand to its left and right.
    Tree {
        value: Box<Matcher>,
        left: Option<Box<Matcher>>,
        right: Option<Box<Matcher>>,
    },
    Nothing,
}

/// Counts down; when nothing is left, all matching ends and the answer is worthless.
pub(super) struct Budget(pub Cell<u64>);

impl Budget {
    fn spend(&self, steps: usize) -> bool {
        let left = self.0.get().saturating_sub(steps as u64 + 1);
        self.0.set(left);
        left > 0
    }
}

/// Where a matcher fits first, and the lengths of the texts that fit from there, ascending.
type Fit = Option<(usize, Vec<usize>)>;

impl Matcher {
    /// The number of characters that every match has, if that is fixed.
    pub(super) fn length(&self) -> Option<usize> {
        match self {
            Matcher::Single(_) | Matcher::List { .. } | Matcher::Range { .. } => Some(1),
            Matcher::Text(text) => Some(text.chars().count()),
            Matcher::Row { length, .. } => Some(*length),
            Matcher::Nothing => Some(0),
            Matcher::AnyOf(choices) => {
                let mut length: Option<usize> = None;
                for choice in choices {
                    match (length, choice.length()) {
                        (None, next) => length = next,
                        (Some(known), Some(next)) if known == next => {}
                        _ => return None,
                    }
                }
                length
            }
            Matcher::Tree { value, left, right } => {
                let side = |side: &Option<Box<Matcher>>| side.as_ref().map_or(Some(0), |side| side.length());
                Some(value.length()? + side(left)? + side(right)?)
            }
            _ => None,
        }
    }

    pub(super) fn matches(&self, text: &[u8], budget: &Budget) -> bool {
        if !budget.spend(text.len()) {
            return false;
        }
        match self {
            Matcher::Super => true,
            Matcher::Any(separators) => first_separator(text, separators).is_none(),
            Matcher::Single(_) | Matcher::List { .. } | Matcher::Range { .. } => {
                let (character, width) = decoded(text);
                text.len() <= width && self.takes(character)
            }
            Matcher::Text(wanted) => wanted.as_bytes() == text,
            Matcher::Prefix(prefix) => text.starts_with(prefix.as_bytes()),
            Matcher::Suffix(suffix) => text.ends_with(suffix.as_bytes()),
            Matcher::PrefixSuffix(prefix, suffix) => {
                text.starts_with(prefix.as_bytes()) && text.ends_with(suffix.as_bytes())
            }
            Matcher::PrefixAny(prefix, separators) => {
                text.strip_prefix(prefix.as_bytes()).is_some_and(|rest| first_separator(rest, separators).is_none())
            }
            Matcher::SuffixAny(suffix, separators) => {
                text.strip_suffix(suffix.as_bytes()).is_some_and(|rest| first_separator(rest, separators).is_none())
            }
            Matcher::Contains { needle, negated } => found(text, needle.as_bytes()).is_some() != *negated,
            Matcher::Min(least) => characters(text).take(*least).count() >= *least && (*least > 0 || !text.is_empty()),
            Matcher::Max(most) => characters(text).count() <= *most,
            Matcher::Row { parts, length } => {
                characters(text).take(*length + 1).count() == *length && row(parts, text, budget)
            }
            Matcher::AnyOf(choices) => choices.iter().any(|choice| choice.matches(text, budget)),
            Matcher::EveryOf(all) => all.iter().all(|each| each.matches(text, budget)),
            Matcher::Tree { value, left, right } => {
                tree(value, left.as_deref(), right.as_deref(), self.length(), text, budget)
            }
            Matcher::Nothing => text.is_empty(),
        }
    }

    /// Whether one character fits. Bytes that are no text are the replacement character.
    fn takes(&self, character: char) -> bool {
        match self {
            Matcher::Single(separators) => !separators.contains(&character),
            Matcher::List { characters, negated } => characters.contains(&character) != *negated,
            Matcher::Range { low, high, negated } => (*low..=*high).contains(&character) != *negated,
            _ => false,
        }
    }

    fn index(&self, text: &[u8], budget: &Budget) -> Fit {
        if !budget.spend(text.len()) {
            return None;
        }
        match self {
            Matcher::Super => Some((0, boundaries(text, 0))),
            Matcher::Any(separators) => match first_separator(text, separators) {
                Some(0) => Some((0, vec![0])),
                Some(end) => Some((0, boundaries(text.get(..end)?, 0))),
                None => Some((0, boundaries(text, 0))),
            },
            Matcher::Single(_) | Matcher::List { .. } | Matcher::Range { .. } => {
                let (at, character) = characters(text).find(|(_, character)| self.takes(*character))?;
                Some((at, vec![character.len_utf8()]))
            }
            Matcher::Text(wanted) => Some((found(text, wanted.as_bytes())?, vec![wanted.len()])),
            Matcher::Prefix(prefix) => {
                let at = found(text, prefix.as_bytes())?;
                Some((at, ends(text.get(at + prefix.len()..)?, prefix.len())))
            }
            Matcher::PrefixAny(prefix, separators) => {
                let at = found(text, prefix.as_bytes())?;
                let rest = text.get(at + prefix.len()..)?;
                let rest = first_separator(rest, separators).and_then(|end| rest.get(..end)).unwrap_or(rest);
                Some((at, ends(rest, prefix.len())))
            }
            Matcher::Suffix(suffix) => Some((0, vec![found(text, suffix.as_bytes())? + suffix.len()])),
            Matcher::SuffixAny(suffix, separators) => {
                let at = found(text, suffix.as_bytes())?;
                let start = last_separator(text.get(..at)?, separators).map_or(0, |position| position + 1);
                Some((start, vec![at + suffix.len() - start]))
            }
            Matcher::PrefixSuffix(prefix, suffix) => prefix_suffix(text, prefix.as_bytes(), suffix.as_bytes()),
            Matcher::Contains { needle, negated } => contains(text, needle.as_bytes(), *negated),
            Matcher::Min(least) => {
                let fits: Vec<usize> =
                    characters(text).skip(least.saturating_sub(1)).map(|(at, c)| at + c.len_utf8()).collect();
                if fits.is_empty() || text.len() < *least { None } else { Some((0, fits)) }
            }
            Matcher::Max(most) => {
                let fits = characters(text).take(*most).map(|(at, character)| at + character.len_utf8());
                Some((0, std::iter::once(0).chain(fits).collect()))
            }
            Matcher::Row { parts, length } => {
                let mut starts = characters(text).map(|(at, _)| at).take_while(|at| text.len() - at >= *length);
                let at = starts.find(|at| text.get(*at..).is_some_and(|rest| row(parts, rest, budget)))?;
                Some((at, vec![*length]))
            }
            Matcher::AnyOf(choices) => any_of(choices, text, budget),
            Matcher::EveryOf(all) => every_of(all, text, budget),
            Matcher::Tree { .. } => None,
            Matcher::Nothing => Some((0, vec![0])),
        }
    }
}

/// The first character and its width; of bytes that are no text, one.
fn decoded(text: &[u8]) -> (char, usize) {
    let Some(first) = text.first() else { return (char::REPLACEMENT_CHARACTER, 0) };
    let width = match first {
        0..0x80 => return (char::from(*first), 1),
        0xc0..0xe0 => 2,
        0xe0..0xf0 => 3,
        _ => 4,
    };
    match text.get(..width).and_then(|bytes| std::str::from_utf8(bytes).ok()).and_then(|text| text.chars().next()) {
        Some(character) => (character, width),
        None => (char::REPLACEMENT_CHARACTER, 1),
    }
}

fn characters(text: &[u8]) -> impl Iterator<Item = (usize, char)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let (character, width) = decoded(rest);
        let start = at;
        at += width;
        Some((start, character))
    })
}

fn found(text: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(text, needle)
}

/// Where a separator is: the first one in the order of separators that occurs at all, not the first in the text.
fn first_separator(text: &[u8], separators: &[char]) -> Option<usize> {
    separators.iter().find_map(|separator| found(text, separator.encode_utf8(&mut [0; 4]).as_bytes()))
}

fn last_separator(text: &[u8], separators: &[char]) -> Option<usize> {
    separators.iter().find_map(|separator| {
        let mut buffer = [0; 4];
        let bytes = separator.encode_utf8(&mut buffer).as_bytes();
        if separator.is_ascii() { memchr::memmem::rfind(text, bytes) } else { found(text, bytes) }
    })
}

/// Where characters begin, and the end of the text.
fn boundaries(text: &[u8], offset: usize) -> Vec<usize> {
    characters(text).map(|(at, _)| offset + at).chain(std::iter::once(offset + text.len())).collect()
}

/// The offset, and where each character ends behind it.
fn ends(text: &[u8], offset: usize) -> Vec<usize> {
    let after = characters(text).map(|(at, character)| offset + at + character.len_utf8());
    std::iter::once(offset).chain(after).collect()
}

/// Pieces of fixed length, one after another, from the beginning of the text.
fn row(parts: &[Matcher], text: &[u8], budget: &Budget) -> bool {
    let mut rest = text;
    for part in parts {
        let length = part.length().unwrap_or(0);
        let mut seen = 0;
        let mut last = 0;
        for (at, _) in characters(rest) {
            seen += 1;
            last = at;
            if seen == length {
                break;
            }
        }
        // The piece ends one byte behind where its last character begins, also if that character is longer.
        let Some((piece, after)) = rest.split_at_checked(last + 1) else { return false };
        if seen < length || !part.matches(piece, budget) {
            return false;
        }
        rest = after;
    }
    true
}

fn prefix_suffix(text: &[u8], prefix: &[u8], suffix: &[u8]) -> Fit {
    let at = found(text, prefix)?;
    let mut rest = text.get(at..)?;
    if suffix.is_empty() {
        return Some((at, vec![rest.len()]));
    }
    let mut fits = Vec::new();
    while let Some(position) = memchr::memmem::rfind(rest, suffix) {
        fits.push(position + suffix.len());
        rest = rest.get(..position)?;
    }
    fits.reverse();
    if fits.is_empty() { None } else { Some((at, fits)) }
}

fn contains(text: &[u8], needle: &[u8], negated: bool) -> Fit {
    match (found(text, needle), negated) {
        (None, false) => None,
        (Some(at), false) => Some((0, boundaries(text.get(at + needle.len()..)?, at + needle.len()))),
        (Some(at), true) => Some((0, boundaries(text.get(..at)?, 0))),
        (None, true) => Some((0, boundaries(text, 0))),
    }
}

fn any_of(choices: &[Matcher], text: &[u8], budget: &Budget) -> Fit {
    let mut best: Fit = None;
    for choice in choices {
        let Some((at, fits)) = choice.index(text, budget) else { continue };
        match &mut best {
            Some((known, _)) if at > *known => {}
            Some((known, all)) if at == *known => {
                all.extend(fits);
                all.sort_unstable();
                all.dedup();
            }
            _ => best = Some((at, fits)),
        }
    }
    best
}

fn every_of(all: &[Matcher], text: &[u8], budget: &Budget) -> Fit {
    let (mut index, mut offset) = (0_usize, 0_usize);
    let mut current: Vec<usize> = Vec::new();
    let mut rest = text;
    for (position, matcher) in all.iter().enumerate() {
        let (at, fits) = matcher.index(rest, budget)?;
        if position == 0 {
            current = fits;
        } else {
            let here = at + offset;
            current.retain(|fit| (fit + index).checked_sub(here).is_some_and(|moved| fits.contains(&moved)));
            let back = index as i64 - here as i64;
            for fit in &mut current {
                *fit = usize::try_from(*fit as i64 + back).unwrap_or(0);
            }
            if current.is_empty() {
                return None;
            }
        }
        index = at + offset;
        rest = text.get(index..)?;
        offset += at;
    }
    Some((index, current))
}

/// Looks for the piece, from the left, so that what is left and right of it fits too.
fn tree(
    value: &Matcher,
    left: Option<&Matcher>,
    right: Option<&Matcher>,
    length: Option<usize>,
    text: &[u8],
    budget: &Budget,
) -> bool {
    if length.is_some_and(|length| length > text.len()) {
        return false;
    }
    let fits = |side: Option<&Matcher>, text: &[u8]| side.map_or(text.is_empty(), |side| side.matches(text, budget));
    let mut offset = left.map_or(Some(0), Matcher::length).unwrap_or(0);
    let reserved = right.map_or(Some(0), Matcher::length).unwrap_or(0);
    let Some(limit) = text.len().checked_sub(reserved) else { return false };
    while offset < limit {
        if !budget.spend(0) {
            return false;
        }
        let Some((index, lengths)) = text.get(offset..limit).and_then(|part| value.index(part, budget)) else {
            return false;
        };
        let start = offset + index;
        if fits(left, text.get(..start).unwrap_or_default())
            && lengths.iter().rev().any(|length| fits(right, text.get(start + length..).unwrap_or_default()))
        {
            return true;
        }
        offset = start + decoded(text.get(start..).unwrap_or_default()).1;
    }
    false
}
