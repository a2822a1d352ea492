//! `crypto.x509.*` and `crypto.parse_private_keys`: certificates, requests and keys as documents in the shape of Go's
//! structs.
//!
//! Source: OPA `topdown/crypto.go`.

mod certificate;
mod chain;
mod extensions;
mod hosts;
mod names;
mod private;
mod request;

use der::{Decode, Reader, SliceReader};
use x509_cert::Certificate;

use super::binary::{Alphabet, base64_decode, pem_decode};
use super::context::Context;
use super::keys::{private_keys_in_pem, to_jwk};
use super::operands::{BuiltinError, object, string};
use super::registry::Definition;
use crate::rego::values::Value;
use certificate::Parsed;
use chain::Options;

type Answer = Result<Option<Value>, BuiltinError>;

pub(super) static DEFS: &[Definition] = &[
    ("crypto.parse_private_keys", parse_private_keys),
    ("crypto.x509.parse_and_verify_certificates", parse_and_verify),
    ("crypto.x509.parse_and_verify_certificates_with_options", parse_and_verify_with_options),
    ("crypto.x509.parse_certificate_request", request::parse_certificate_request),
    ("crypto.x509.parse_certificates", parse_certificates),
    ("crypto.x509.parse_keypair", private::parse_keypair),
    ("crypto.x509.parse_rsa_private_key", parse_private_key),
];

const PEM: &str = "-----BEGIN";

/// A Go struct: its fields by name.
fn document<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::object(fields.into_iter().map(|(name, value)| (Value::from(name), value)))
}

/// A Go slice: `null` where it has no elements.
fn list(elements: Vec<Value>) -> Value {
    if elements.is_empty() { Value::Null } else { Value::array(elements) }
}

/// Certificates in PEM, in base64 of DER, or in base64 of PEM.
fn certificates(text: &str) -> Result<Vec<Parsed>, String> {
    if text.starts_with(PEM) {
        return in_pem(text);
    }
    let bytes = base64_decode(text, Alphabet::Standard)?;
    match std::str::from_utf8(&bytes) {
        Ok(text) if text.starts_with(PEM) => in_pem(text),
        _ => in_der(&bytes),
    }
}

fn in_pem(text: &str) -> Result<Vec<Parsed>, String> {
    let (mut rest, mut bytes) = (text, Vec::new());
    while let Some((block, after)) = pem_decode(rest) {
        if block.label != "CERTIFICATE" {
            return Err(format!("PEM block type is '{}', expected CERTIFICATE", block.label));
        }
        bytes.extend_from_slice(&block.bytes);
        rest = after;
    }
    in_der(&bytes)
}

/// Certificates one after the other.
fn in_der(bytes: &[u8]) -> Result<Vec<Parsed>, String> {
    let malformed = || "x509: malformed certificate".to_owned();
    let mut found = Vec::new();
    if bytes.is_empty() {
        return Ok(found);
    }
    let mut reader = SliceReader::new(bytes).map_err(|_| malformed())?;
    while !reader.is_finished() {
        found.push(Parsed::new(Certificate::decode(&mut reader).map_err(|_| malformed())?)?);
    }
    Ok(found)
}

fn parse_certificates(_: &mut Context, operands: &[Value]) -> Answer {
    let found = certificates(string(operands, 1)?).map_err(BuiltinError::failure)?;
    Ok(Some(Value::array(found.iter().map(|certificate| certificate.document(true)).collect())))
}

fn parse_and_verify(context: &mut Context, operands: &[Value]) -> Answer {
    let options = Options::new(context.now_ns);
    Ok(Some(verified(string(operands, 1)?, &options, true)))
}

fn parse_and_verify_with_options(context: &mut Context, operands: &[Value]) -> Answer {
    let text = string(operands, 1)?;
    let given = object(operands, 2)?;
    if certificates(text).is_err() {
        return Ok(Some(not_verified()));
    }
    let options = Options::read(given, context.now_ns).map_err(BuiltinError::failure)?;
    Ok(Some(verified(text, &options, false)))
}

/// `[true, chain]` from leaf to root, or `[false, []]`. The first certificate is the root, the last one the leaf.
fn verified(text: &str, options: &Options, with_uri_strings: bool) -> Value {
    let found = certificates(text).unwrap_or_default();
    match chain::verify(&found, options) {
        Some(chain) => {
            let documents = chain.iter().map(|certificate| certificate.document(with_uri_strings)).collect();
            Value::array(vec![Value::from(true), Value::array(documents)])
        }
        None => not_verified(),
    }
}

fn not_verified() -> Value {
    Value::array(vec![Value::from(false), Value::array(Vec::new())])
}

/// The first private key as a JWK, `null` if there is none. Despite its name the built-in takes all kinds of keys.
fn parse_private_key(_: &mut Context, operands: &[Value]) -> Answer {
    let text = string(operands, 1)?;
    if text.is_empty() {
        return Err(BuiltinError::failure("input PEM data was empty"));
    }
    let decoded;
    let text = if text.starts_with(PEM) {
        text
    } else {
        let bytes = base64_decode(text, Alphabet::Standard).map_err(BuiltinError::failure)?;
        decoded = String::from_utf8_lossy(&bytes).into_owned();
        &decoded
    };
    let keys = private_keys_in_pem(text).map_err(BuiltinError::failure)?;
    Ok(Some(keys.first().map_or(Value::Null, to_jwk)))
}

fn parse_private_keys(_: &mut Context, operands: &[Value]) -> Answer {
    let text = string(operands, 1)?;
    if text.is_empty() {
        return Ok(Some(Value::Null));
    }
    let keys = private_keys_in_pem(text).map_err(BuiltinError::failure)?;
    Ok(Some(Value::array(keys.iter().map(private::document_of).collect())))
}
