//! The keys that a policy trusts, and which of them a token is tried with.

use der::Decode;

use super::token::{Header, Token};
use crate::rego::builtins::binary::pem_decode;
use crate::rego::builtins::keys::{
    Algorithm, Hash, JsonWebKey, PublicKey, Scheme, certificate_key, key_set, public_key, verify, verify_mac,
};

/// What verifies a token in `io.jwt.decode_verify`.
pub(super) enum Trust {
    Secret(String),
    Keys(Vec<JsonWebKey>),
}

impl Trust {
    /// Whether the signature is valid for the algorithm that the token names.
    pub fn verifies(&self, header: &Header, token: &Token<'_>, signature: &[u8]) -> bool {
        let Some(algorithm) = Algorithm::by_name(&header.algorithm) else { return false };
        match self {
            Trust::Secret(secret) => {
                algorithm.scheme == Scheme::Hmac && secret_verifies(secret, algorithm.hash, token, signature)
            }
            Trust::Keys(keys) => any_verifies(keys, header, None, token, signature),
        }
    }
}

/// The public key in a PEM certificate or a PEM key, or the keys of a JWK or a set of them.
///
/// # Errors
/// OPA's message if the text is none of these.
pub(super) fn keys(text: &str) -> Result<Vec<JsonWebKey>, String> {
    let Some((block, rest)) = pem_decode(text) else {
        return key_set(text).map_err(|why| format!("failed to parse a JWK key (set): {why}"));
    };
    if !rest.is_empty() {
        return Err("extra data after a PEM certificate block".to_owned());
    }
    let key: PublicKey = match block.label.as_str() {
        "CERTIFICATE" => {
            let certificate = x509_cert::Certificate::from_der(&block.bytes)
                .map_err(|_| "failed to parse a PEM certificate: x509: malformed certificate")?;
            certificate_key(&certificate.tbs_certificate.subject_public_key_info)
                .map_err(|why| format!("failed to parse a PEM certificate: {why}"))?
        }
        "PUBLIC KEY" => public_key(&block.bytes).map_err(|why| format!("failed to parse a PEM public key: {why}"))?,
        _ => return Err("failed to extract a Key from the PEM certificate".to_owned()),
    };
    Ok(vec![JsonWebKey { id: String::new(), algorithm: String::new(), key }])
}

pub(super) fn secret_verifies(secret: &str, hash: Hash, token: &Token<'_>, signature: &[u8]) -> bool {
    verify_mac(secret.as_bytes(), hash, &token.signed(), signature)
}

/// Whether one of the keys verifies: the one that the token names, or else any whose algorithm is the token's or open.
/// Without a given algorithm the token's own is used.
pub(super) fn any_verifies(
    keys: &[JsonWebKey],
    header: &Header,
    algorithm: Option<Algorithm>,
    token: &Token<'_>,
    signature: &[u8],
) -> bool {
    let Some(algorithm) = algorithm.or_else(|| Algorithm::by_name(&header.algorithm)) else { return false };
    let message = token.signed();
    let named = keys.iter().find(|key| !header.key_id.is_empty() && key.id == header.key_id);
    if let Some(key) = named {
        return verify(&key.key, algorithm, &message, signature);
    }
    keys.iter()
        .filter(|key| key.algorithm.is_empty() || key.algorithm == header.algorithm)
        .any(|key| verify(&key.key, algorithm, &message, signature))
}
