//! `regex.globs_match`: whether two patterns have a non-empty text in common. The patterns are made of characters,
//! `.`, `[sets]`, and `+` or `*` behind them.
//!
//! Source: `yashtewari/glob-intersection` v0.2.0, whose search is greedy and kept as it is.

use std::collections::BTreeSet;

use super::context::Context;
use super::operands::{BuiltinError, Outcome, some, string};
use super::registry::Definition;
use crate::rego::values::Value;

pub(super) static DEFS: &[Definition] = &[("regex.globs_match", globs_match)];

/// Characters in one set: a range like `[\x00-\u{10ffff}]` is a million.
const MAX_SET: u32 = 70_000;
/// Tokens in one pattern: the search nests as deep, and repeats itself.
const MAX_TOKENS: usize = 500;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Character(char),
    Dot,
    Set(BTreeSet<char>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flag {
    Once,
    Plus,
    Star,
}

#[derive(Debug, Clone)]
struct Token {
    kind: Kind,
    flag: Flag,
}

fn globs_match(context: &mut Context, operands: &[Value]) -> Outcome {
    let (first, second) = (string(operands, 1)?, string(operands, 2)?);
    let first = simplified(tokens(first).map_err(BuiltinError::failure)?);
    let second = simplified(tokens(second).map_err(BuiltinError::failure)?);
    if first.len().max(second.len()) > MAX_TOKENS {
        return Err(BuiltinError::failure(format!("a pattern has more than {MAX_TOKENS} parts")));
    }
    match trimmed(&first, &second) {
        Some((first, second)) => some(plainly(context, first, second)?),
        None => some(false),
    }
}

struct Reader<'a> {
    input: &'a str,
    characters: Vec<char>,
    at: usize,
}

impl Reader<'_> {
    fn invalid(&self, why: &str) -> String {
        format!("input:{}, pos:{}, {why}: the input provided is invalid", self.input, self.at)
    }

    /// The next character, and whether a backslash stood before it.
    fn next(&mut self) -> Result<Option<(char, bool)>, String> {
        match self.characters.get(self.at..).unwrap_or_default() {
            [] => Ok(None),
            ['\\'] => Err(self.invalid("input ends with a \\ (escape) character")),
            ['\\', escaped, ..] => {
                let escaped = *escaped;
                self.at += 2;
                Ok(Some((escaped, true)))
            }
            [plain, ..] => {
                let plain = *plain;
                self.at += 1;
                Ok(Some((plain, false)))
            }
        }
    }
}

fn tokens(input: &str) -> Result<Vec<Token>, String> {
    let mut reader = Reader { input, characters: input.chars().collect(), at: 0 };
    let mut tokens = Vec::new();
    while let Some((character, escaped)) = reader.next()? {
        let kind = match character {
            '.' if !escaped => Kind::Dot,
            '[' if !escaped => set(&mut reader)?,
            ']' if !escaped => return Err(reader.invalid("set-close ']' with no preceding '['")),
            '+' | '*' if !escaped => {
                return Err(reader.invalid(&format!("flag '{character}' must be preceded by a non-flag")));
            }
            other => Kind::Character(other),
        };
        let before = reader.at;
        let flag = match reader.next()? {
            Some(('+', false)) => Flag::Plus,
            Some(('*', false)) => Flag::Star,
            _ => {
                reader.at = before;
                Flag::Once
            }
        };
        tokens.push(Token { kind, flag });
    }
    Ok(tokens)
}

fn set(reader: &mut Reader<'_>) -> Result<Kind, String> {
    let mut members = BTreeSet::new();
    let mut before: Option<char> = None;
    while let Some((character, escaped)) = reader.next()? {
        match character {
            ']' if !escaped => return Ok(Kind::Set(members)),
            '-' if !escaped => {
                let Some(low) = before.take() else {
                    return Err(reader.invalid("range character '-' must be preceded by a Unicode character"));
                };
                if reader.at + 1 >= reader.characters.len() {
                    return Err(reader.invalid("range character '-' must be followed by a Unicode character"));
                }
                let Some((high, escaped)) = reader.next()? else { break };
                if !escaped && matches!(high, ']' | '-') {
                    return Err(reader.invalid("range character '-' cannot be followed by a special symbol"));
                }
                if high < low {
                    let why = format!("range is out of order: '{high}' comes before '{low}' in Unicode");
                    return Err(reader.invalid(&why));
                }
                if u32::from(high) - u32::from(low) > MAX_SET {
                    return Err(reader.invalid("range is too large"));
                }
                members.extend(low..=high);
            }
            other => {
                members.insert(other);
                before = Some(other);
            }
        }
    }
    Err(reader.invalid("found [ without matching ]"))
}

/// Neighbours that repeat the same thing become one.
fn simplified(tokens: Vec<Token>) -> Vec<Token> {
    let mut simple: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        match simple.last_mut() {
            Some(last) if last.flag != Flag::Once && token.flag != Flag::Once && last.kind == token.kind => {
                if token.flag == Flag::Plus {
                    last.flag = Flag::Plus;
                }
            }
            _ => simple.push(token),
        }
    }
    simple
}

/// Whether one text fits both tokens, flags aside.
fn meet(first: &Token, second: &Token) -> bool {
    match (&first.kind, &second.kind) {
        (Kind::Character(a), Kind::Character(b)) => a == b,
        (Kind::Character(a), Kind::Set(set)) | (Kind::Set(set), Kind::Character(a)) => set.contains(a),
        (Kind::Set(a), Kind::Set(b)) => !a.is_disjoint(b),
        (Kind::Dot, _) | (_, Kind::Dot) => true,
    }
}

/// Both without what is plainly the same at their ends, except for one token; `None` if the ends exclude each other.
fn trimmed<'a>(first: &'a [Token], second: &'a [Token]) -> Option<(&'a [Token], &'a [Token])> {
    let plain = |(a, b): &(&Token, &Token)| a.flag == Flag::Once && b.flag == Flag::Once;
    let mut left = 0;
    for (a, b) in first.iter().zip(second).take_while(plain) {
        if !meet(a, b) {
            return None;
        }
        left += 1;
    }
    let left = left.max(1) - 1;
    let (first, second) = (first.get(left..)?, second.get(left..)?);
    let mut right = 0;
    for (a, b) in first.iter().rev().zip(second.iter().rev()).take_while(plain) {
        if !meet(a, b) {
            return None;
        }
        right += 1;
    }
    let right = right.max(1) - 1;
    Some((first.get(..first.len() - right)?, second.get(..second.len() - right)?))
}

type Found = Result<bool, BuiltinError>;

/// Token by token while none repeats.
fn plainly(context: &mut Context, first: &[Token], second: &[Token]) -> Found {
    let (mut a, mut b) = (first, second);
    while let ([x, rest_a @ ..], [y, rest_b @ ..]) = (a, b) {
        context.tick()?;
        if x.flag != Flag::Once || y.flag != Flag::Once {
            return match (x.flag, y.flag) {
                (Flag::Plus, _) => plussed(context, a, b),
                (Flag::Star, _) => starred(context, a, b),
                (Flag::Once, Flag::Plus) => plussed(context, b, a),
                (Flag::Once, _) => starred(context, b, a),
            };
        }
        if !meet(x, y) {
            return Ok(false);
        }
        (a, b) = (rest_a, rest_b);
    }
    Ok(a.is_empty() && b.is_empty())
}

fn plussed(context: &mut Context, repeated: &[Token], other: &[Token]) -> Found {
    let (Some((token, after)), Some((first, rest))) = (repeated.split_first(), other.split_first()) else {
        return Ok(false);
    };
    if !meet(token, first) {
        return Ok(false);
    }
    Ok(starred(context, repeated, rest)? || first.flag != Flag::Once && plainly(context, after, other)?)
}

fn starred(context: &mut Context, repeated: &[Token], other: &[Token]) -> Found {
    let Some((star, after)) = repeated.split_first() else { return Ok(false) };
    let next = after.first();
    let mut rest = other;
    while let Some((token, later)) = rest.split_first() {
        context.tick()?;
        if next.is_some_and(|next| meet(token, next)) && plainly(context, after, rest)? {
            return Ok(true);
        }
        if !meet(token, star) {
            return Ok(false);
        }
        rest = later;
    }
    Ok(next.is_none())
}
