//! `uuid.parse`, `uuid.rfc4122`. Source: OPA `internal/uuid` over `github.com/google/uuid`.

use super::context::Context;
use super::operands::{Outcome, at, some, string};
use super::registry::Definition;
use crate::rego::values::{Number, ObjectBuilder, Value};

pub(super) static DEFS: &[Definition] = &[("uuid.parse", parse), ("uuid.rfc4122", random)];

/// From the beginning of the Gregorian calendar to 1970, in units of 100 ns.
const GREGORIAN_TO_UNIX: i128 = 122_192_928_000_000_000;

/// A UUID of version 4, the same for equal operands throughout an evaluation.
fn random(context: &mut Context, operands: &[Value]) -> Outcome {
    let key = [at(operands, 1)?.clone()];
    if let Some(known) = context.recall("uuid.rfc4122", &key) {
        return Ok(known);
    }
    let mut bits = u128::from(context.random()) << 64 | u128::from(context.random());
    bits = bits & !(0xf << 76) | 0x4 << 76;
    bits = bits & !(0x3 << 62) | 0x2 << 62;
    let hex = format!("{bits:032x}");
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    let text = [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-");
    let made = Value::from(text);
    context.remember("uuid.rfc4122", &key, Some(made.clone()));
    some(made)
}

fn parse(_: &mut Context, operands: &[Value]) -> Outcome {
    let Some(bytes) = bytes_of(string(operands, 1)?) else { return Ok(None) };
    let mut parts = ObjectBuilder::new();
    let mut put = |name: &str, value: Value| parts.insert(Value::string(name), value);
    let [b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, node @ ..] = bytes;
    let version = b6 >> 4;
    put("version", Value::from(i64::from(version)));
    put("variant", Value::string(variant(b8)));
    if version == 1 || version == 2 {
        let low = u64::from(u32::from_be_bytes([b0, b1, b2, b3]));
        let middle = u64::from(u16::from_be_bytes([b4, b5]));
        let high = u64::from(u16::from_be_bytes([b6, b7]) & 0xfff);
        let ticks = i128::from(high << 48 | middle << 32 | low) - GREGORIAN_TO_UNIX;
        let number = |n: i128| Number::parse(&n.to_string()).map_or(Value::Null, Value::from);
        put("time", number(ticks * 100));
        put("nodeid", Value::from(node.map(|byte| format!("{byte:02x}")).join("-")));
        let [first, ..] = node;
        put("macvariables", Value::string(address_kind(first)));
        put("clocksequence", Value::from(i64::from(u16::from_be_bytes([b8, b9]) & 0x3fff)));
        if version == 2 {
            put("id", Value::from(i64::from(u32::from_be_bytes([b0, b1, b2, b3]))));
            put("domain", Value::from(domain(b9)));
        }
    }
    some(parts.finish())
}

fn variant(byte: u8) -> &'static str {
    match byte {
        byte if byte & 0xc0 == 0x80 => "RFC4122",
        byte if byte & 0xe0 == 0xc0 => "Microsoft",
        byte if byte & 0xe0 == 0xe0 => "Future",
        _ => "Reserved",
    }
}

fn address_kind(first: u8) -> &'static str {
    match first & 0b11 {
        0b11 => "local:multicast",
        0b01 => "global:multicast",
        0b10 => "local:unicast",
        _ => "global:unicast",
    }
}

fn domain(byte: u8) -> String {
    match byte {
        0 => "Person".to_owned(),
        1 => "Group".to_owned(),
        2 => "Org".to_owned(),
        other => format!("Domain{other}"),
    }
}

/// The forms that are read: `xxxxxxxx-xxxx-…`, with `urn:uuid:` before it, in braces (of any kind), or 32 digits.
fn bytes_of(text: &str) -> Option<[u8; 16]> {
    let digits = match text.len() {
        32 => text.to_owned(),
        36 => dashed(text)?,
        38 => dashed(text.get(1..37)?)?,
        45 if text.get(..9)?.eq_ignore_ascii_case("urn:uuid:") => dashed(text.get(9..)?)?,
        _ => return None,
    };
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u128::from_str_radix(&digits, 16).ok().map(u128::to_be_bytes)
}

fn dashed(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    if lengths == [8, 4, 4, 4, 12] { Some(parts.concat()) } else { None }
}
