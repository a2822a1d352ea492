//! `crypto.md5`, `crypto.sha1`, `crypto.sha256` and `crypto.hmac.*`: digests of a string's bytes, as hexadecimal text.
//!
//! Source: OPA `topdown/crypto.go`.

use hmac::{Hmac, Mac};
use md5::{Digest, Md5};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use subtle::ConstantTimeEq;

use super::binary::hex_encode;
use super::context::Context;
use super::operands::{BuiltinError, string};
use super::registry::Definition;
use crate::rego::values::Value;

type Answer = Result<Option<Value>, BuiltinError>;

pub(super) static DEFS: &[Definition] = &[
    ("crypto.hmac.equal", hmac_equal),
    ("crypto.hmac.md5", |_, operands| {
        let (message, key) = (string(operands, 1)?, string(operands, 2)?);
        let mac = Hmac::<Md5>::new_from_slice(key.as_bytes()).map_err(|_| bad_key())?;
        text(&mac.chain_update(message).finalize().into_bytes())
    }),
    ("crypto.hmac.sha1", |_, operands| {
        let (message, key) = (string(operands, 1)?, string(operands, 2)?);
        let mac = Hmac::<Sha1>::new_from_slice(key.as_bytes()).map_err(|_| bad_key())?;
        text(&mac.chain_update(message).finalize().into_bytes())
    }),
    ("crypto.hmac.sha256", |_, operands| {
        let (message, key) = (string(operands, 1)?, string(operands, 2)?);
        let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_err(|_| bad_key())?;
        text(&mac.chain_update(message).finalize().into_bytes())
    }),
    ("crypto.hmac.sha512", |_, operands| {
        let (message, key) = (string(operands, 1)?, string(operands, 2)?);
        let mac = Hmac::<Sha512>::new_from_slice(key.as_bytes()).map_err(|_| bad_key())?;
        text(&mac.chain_update(message).finalize().into_bytes())
    }),
    ("crypto.md5", |_, operands| text(&Md5::digest(string(operands, 1)?))),
    ("crypto.sha1", |_, operands| text(&Sha1::digest(string(operands, 1)?))),
    ("crypto.sha256", |_, operands| text(&Sha256::digest(string(operands, 1)?))),
];

/// Compares in a time that says nothing about where the two differ.
fn hmac_equal(_: &mut Context, operands: &[Value]) -> Answer {
    let (one, other) = (string(operands, 1)?, string(operands, 2)?);
    Ok(Some(Value::from(bool::from(one.as_bytes().ct_eq(other.as_bytes())))))
}

fn text(digest: &[u8]) -> Answer {
    Ok(Some(Value::from(hex_encode(digest))))
}

/// HMAC takes keys of every length, so this is not reached.
fn bad_key() -> BuiltinError {
    BuiltinError::failure("invalid key length")
}
