//! Text as base64, base64url and hexadecimal. Source: OPA `topdown/encoding.go`.

use super::binary::{Alphabet, base64_decode, base64_encode, base64url_decode, base64url_encode, hex_encode};
use super::context::Context;
use super::operands::{BuiltinError, Outcome, at, some, string};
use super::registry::Definition;
use crate::rego::values::Value;

pub(super) static DEFS: &[Definition] = &[
    ("base64.decode", decode),
    ("base64.encode", encode),
    ("base64.is_valid", is_valid),
    ("base64url.decode", decode_url),
    ("base64url.encode", encode_url),
    ("base64url.encode_no_pad", encode_url_unpadded),
    ("hex.decode", decode_hex),
    ("hex.encode", encode_hex),
];

fn encode(context: &mut Context, operands: &[Value]) -> Outcome {
    let text = string(operands, 1)?;
    context.reserve(text.len() as u64 * 4 / 3)?;
    some(base64_encode(text.as_bytes()))
}

fn decode(_: &mut Context, operands: &[Value]) -> Outcome {
    let bytes = base64_decode(string(operands, 1)?, Alphabet::Standard).map_err(BuiltinError::failure)?;
    decoded(bytes)
}

/// Strings are UTF-8 here. In OPA they can hold any bytes; replacing what is not UTF-8 would make different bytes equal.
fn decoded(bytes: Vec<u8>) -> Outcome {
    some(String::from_utf8(bytes).map_err(|_| BuiltinError::failure("decoded bytes are not UTF-8"))?)
}

fn is_valid(_: &mut Context, operands: &[Value]) -> Outcome {
    let text = at(operands, 1)?.as_str();
    some(text.is_some_and(|text| base64_decode(text, Alphabet::Standard).is_ok()))
}

fn encode_url(context: &mut Context, operands: &[Value]) -> Outcome {
    let text = string(operands, 1)?;
    context.reserve(text.len() as u64 * 4 / 3)?;
    let mut encoded = base64url_encode(text.as_bytes());
    while !encoded.len().is_multiple_of(4) {
        encoded.push('=');
    }
    some(encoded)
}

fn encode_url_unpadded(context: &mut Context, operands: &[Value]) -> Outcome {
    let text = string(operands, 1)?;
    context.reserve(text.len() as u64 * 4 / 3)?;
    some(base64url_encode(text.as_bytes()))
}

fn decode_url(_: &mut Context, operands: &[Value]) -> Outcome {
    let bytes = base64url_decode(string(operands, 1)?).map_err(BuiltinError::failure)?;
    decoded(bytes)
}

fn encode_hex(context: &mut Context, operands: &[Value]) -> Outcome {
    let text = string(operands, 1)?;
    context.reserve(text.len() as u64 * 2)?;
    some(hex_encode(text.as_bytes()))
}

fn decode_hex(_: &mut Context, operands: &[Value]) -> Outcome {
    let text = string(operands, 1)?.as_bytes();
    let mut bytes = Vec::with_capacity(text.len() / 2);
    for pair in text.chunks(2) {
        let [high, low] = pair else {
            if let [last] = pair {
                nibble(*last)?;
            }
            return Err(BuiltinError::failure("encoding/hex: odd length hex string"));
        };
        bytes.push(nibble(*high)? << 4 | nibble(*low)?);
    }
    decoded(bytes)
}

fn nibble(digit: u8) -> Result<u8, BuiltinError> {
    match char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok()) {
        Some(value) => Ok(value),
        None => Err(BuiltinError::failure(format!("encoding/hex: invalid byte: {}", named_byte(digit)))),
    }
}

/// Go's `%#U` of a byte: `U+0067 'g'`, without the character where it cannot be printed.
fn named_byte(byte: u8) -> String {
    let printable = (0x20..0x7f).contains(&byte) || (byte >= 0xa1 && byte != 0xad);
    if printable { format!("U+{byte:04X} '{}'", char::from(byte)) } else { format!("U+{byte:04X}") }
}
