//! `semver.compare`, `semver.is_valid`. Source: OPA `internal/semver`, which is laxer than the standard: a leading `v`
//! is passed over and numbers may begin with zeros or a sign.

use std::cmp::Ordering;

use super::context::Context;
use super::operands::{BuiltinError, Outcome, at, some, string};
use super::registry::Definition;
use crate::rego::values::{Value, quote};

pub(super) static DEFS: &[Definition] = &[("semver.compare", compare), ("semver.is_valid", is_valid)];

struct Version<'t> {
    numbers: [i64; 3],
    pre_release: &'t str,
}

fn compare(_: &mut Context, operands: &[Value]) -> Outcome {
    let (a, b) = (string(operands, 1)?, string(operands, 2)?);
    let (a, b) = (version(a, 1)?, version(b, 2)?);
    let order = a.numbers.cmp(&b.numbers).then_with(|| pre_release_order(a.pre_release, b.pre_release));
    some(order as i64)
}

fn is_valid(_: &mut Context, operands: &[Value]) -> Outcome {
    some(at(operands, 1)?.as_str().is_some_and(|text| parse(text).is_some()))
}

fn version(text: &str, position: usize) -> Result<Version<'_>, BuiltinError> {
    let invalid = || BuiltinError::failure(format!("operand {position}: string {} is not a valid SemVer", quote(text)));
    parse(text).ok_or_else(invalid)
}

fn parse(text: &str) -> Option<Version<'_>> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let (text, metadata) = text.split_once('+').unwrap_or((text, ""));
    let (text, pre_release) = text.split_once('-').unwrap_or((text, ""));
    if !identifiers(metadata) || !identifiers(pre_release) {
        return None;
    }
    let mut parts = text.split('.');
    let numbers = [number(parts.next()?)?, number(parts.next()?)?, number(parts.next()?)?];
    if parts.next().is_some() { None } else { Some(Version { numbers, pre_release }) }
}

/// Go's `ParseInt` in base ten.
fn number(text: &str) -> Option<i64> {
    text.parse().ok()
}

fn identifiers(text: &str) -> bool {
    let identifier =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    text.is_empty() || text.split('.').all(identifier)
}

/// None at all comes last; else identifier by identifier, numbers before words, fewer before more.
fn pre_release_order(a: &str, b: &str) -> Ordering {
    match (a.is_empty(), b.is_empty()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let (x, y) = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) => (x, y),
        };
        let numeric = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let order = match (numeric(x), numeric(y)) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            // Go's `Atoi` answers the largest integer for what does not fit.
            (true, true) => x.parse().unwrap_or(i64::MAX).cmp(&y.parse().unwrap_or(i64::MAX)),
            (false, false) => x.cmp(y),
        };
        if order.is_ne() {
            return order;
        }
    }
}
