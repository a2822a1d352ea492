//! Private keys in the shapes of Go's key types, and a certificate with its key as `tls.Certificate`.

use num_bigint::BigUint;

use super::certificate::big;
use super::names::bytes;
use super::{Answer, document, in_der};
use crate::rego::builtins::binary::{Alphabet, base64_decode, pem_decode};
use crate::rego::builtins::context::Context;
use crate::rego::builtins::keys::{PrivateKey, crt_values, ec_private_key, pkcs1_private_key, pkcs8_private_key};
use crate::rego::builtins::operands::{BuiltinError, string};
use crate::rego::values::Value;

pub(super) fn document_of(key: &PrivateKey) -> Value {
    let number = |bytes: &[u8]| big(&BigUint::from_bytes_be(bytes));
    match key {
        PrivateKey::Rsa { n, e, d, p, q } => {
            let (dp, dq, inverse) = crt_values(d, p, q);
            let precomputed = document([
                ("Dp", big(&dp)),
                ("Dq", big(&dq)),
                ("Qinv", big(&inverse)),
                ("CRTValues", Value::array(Vec::new())),
            ]);
            document([
                ("N", big(n)),
                ("E", big(e)),
                ("D", big(d)),
                ("Primes", Value::array(vec![big(p), big(q)])),
                ("Precomputed", precomputed),
            ])
        }
        PrivateKey::Ec { d, x, y, .. } => {
            document([("Curve", Value::empty_object()), ("X", number(x)), ("Y", number(y)), ("D", number(d))])
        }
        PrivateKey::Ed25519 { seed, public } => bytes(&[seed.as_slice(), public.as_slice()].concat()),
        PrivateKey::Symmetric(secret) => bytes(secret),
    }
}

pub(super) fn parse_keypair(_: &mut Context, operands: &[Value]) -> Answer {
    let (certificate, key) = (string(operands, 1)?, string(operands, 2)?);
    keypair(certificate, key).map(Some).map_err(BuiltinError::failure)
}

fn keypair(certificate: &str, key: &str) -> Result<Value, String> {
    let chain: Vec<Vec<u8>> = blocks(certificate, "CERTIFICATE")?
        .into_iter()
        .filter(|(label, _)| label == "CERTIFICATE")
        .map(|(_, bytes)| bytes)
        .collect();
    let leaf = chain.first().ok_or("tls: failed to find any PEM data in certificate input")?;
    let leaf = in_der(leaf)?.into_iter().next().ok_or("x509: malformed certificate")?;
    let key = blocks(key, "PRIVATE KEY")?
        .into_iter()
        .find(|(label, _)| label == "PRIVATE KEY" || label.ends_with(" PRIVATE KEY"))
        .ok_or("tls: failed to find any PEM data in key input")?;
    let key = any_private_key(&key.1).ok_or("tls: failed to parse private key")?;
    let public = key.public();
    if std::mem::discriminant(&public) != std::mem::discriminant(&leaf.key) {
        return Err("tls: private key type does not match public key type".to_owned());
    }
    if public != leaf.key {
        return Err("tls: private key does not match public key".to_owned());
    }
    Ok(document([
        ("Certificate", Value::array(chain.iter().map(|der| bytes(der)).collect())),
        ("PrivateKey", document_of(&key)),
        ("SupportedSignatureAlgorithms", Value::Null),
        ("OCSPStaple", Value::Null),
        ("SignedCertificateTimestamps", Value::Null),
        ("Leaf", leaf.document(false)),
    ]))
}

/// The PEM blocks of a text, of base64 of PEM, or the one block that base64 of DER stands for.
fn blocks(text: &str, label: &str) -> Result<Vec<(String, Vec<u8>)>, String> {
    const BEGIN: &str = "-----BEGIN ";
    let decoded;
    let text = if text.starts_with(BEGIN) {
        text
    } else {
        let bytes = base64_decode(text, Alphabet::Standard)?;
        match String::from_utf8(bytes) {
            Ok(text) if text.starts_with(BEGIN) => {
                decoded = text;
                &decoded
            }
            Ok(text) => return Ok(vec![(label.to_owned(), text.into_bytes())]),
            Err(bytes) => return Ok(vec![(label.to_owned(), bytes.into_bytes())]),
        }
    };
    let (mut rest, mut found) = (text, Vec::new());
    while let Some((block, after)) = pem_decode(rest) {
        found.push((block.label, block.bytes));
        rest = after;
    }
    Ok(found)
}

fn any_private_key(der: &[u8]) -> Option<PrivateKey> {
    pkcs1_private_key(der).or_else(|_| pkcs8_private_key(der)).or_else(|_| ec_private_key(der, None)).ok()
}
