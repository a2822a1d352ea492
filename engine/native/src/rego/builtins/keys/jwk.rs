//! JSON Web Keys (RFC 7517, RFC 7518, RFC 8037): one key or a set, to verify with or to sign with.

use num_bigint::BigUint;
use num_traits::One;

use super::{Algorithm, Curve, PrivateKey, PublicKey, fixed};
use crate::rego::builtins::binary::{Alphabet, base64_decode, base64url_encode};
use crate::rego::values::{Value, json};

/// A key to verify with, and what its JWK says about its use.
pub(in crate::rego::builtins) struct JsonWebKey {
    pub id: String,
    pub algorithm: String,
    pub key: PublicKey,
}

/// The keys of a JWK or a JWK set that can verify. Keys for algorithms that are not known here are left out; a private
/// or symmetric key is no key to verify with.
///
/// # Errors
/// If the text is no JWK and no set of them.
pub(in crate::rego::builtins) fn key_set(text: &str) -> Result<Vec<JsonWebKey>, String> {
    let mut keys = Vec::new();
    let failed = |why| format!("jwk.ParseString: failed to parse string: {why}");
    for key in members(text.as_bytes()).map_err(failed)? {
        let parsed = parse(&key).map_err(|why| failed(sole_key(why)))?;
        let algorithm = text_of(&key, "alg");
        if !algorithm.is_empty() && Algorithm::by_name(&algorithm).is_none() {
            continue;
        }
        keys.push(JsonWebKey { id: text_of(&key, "kid"), algorithm, key: parsed });
    }
    Ok(keys)
}

/// The first key of a JWK or a set, to sign with.
///
/// # Errors
/// If there is none, or it is not private.
pub(in crate::rego::builtins) fn private_key_set(text: &[u8]) -> Result<PrivateKey, String> {
    let keys = members(text)?;
    let key = keys.first().ok_or("no keys found in JWK set")?;
    parse(key).and_then(|_| parse_private(key)).map_err(sole_key)
}

fn members(text: &[u8]) -> Result<Vec<Value>, String> {
    let document = json::read(text, &json::Limits::default())
        .map_err(|e| sole_key(format!("jwk.Parse: failed to probe data: probe: failed to unmarshal data: {e}")))?;
    if !matches!(document, Value::Object(_)) {
        return Err("failed to unmarshal JWK set: not an object".to_owned());
    }
    match document.field("keys") {
        Some(Value::Array(keys)) => Ok(keys.iter().cloned().collect()),
        Some(_) => Err("failed to unmarshal JWK set: keys are not an array".to_owned()),
        None => Ok(vec![document]),
    }
}

/// The words that the Go library puts before a fault of a key.
fn sole_key(why: String) -> String {
    format!("jwk.Parse: failed to parse sole key: jwk.ParseKey: {why}")
}

fn text_of(key: &Value, name: &str) -> String {
    key.field(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A member that holds bytes, in base64url or standard base64, padded or not.
fn bytes_of(key: &Value, name: &str) -> Option<Vec<u8>> {
    let text = key.field(name)?.as_str()?.trim_end_matches('=');
    let mut padded = text.replace('+', "-").replace('/', "_");
    while !padded.len().is_multiple_of(4) {
        padded.push('=');
    }
    base64_decode(&padded, Alphabet::UrlSafe).ok()
}

fn required(key: &Value, name: &str) -> Result<Vec<u8>, String> {
    bytes_of(key, name).ok_or_else(|| format!("failed to unmarshal JWK: required field {name:?} is missing"))
}

fn curve(name: &str) -> Result<Curve, String> {
    [Curve::P256, Curve::P384, Curve::P521]
        .into_iter()
        .find(|curve| curve.name() == name)
        .ok_or_else(|| format!("invalid curve algorithm {name}"))
}

fn parse(key: &Value) -> Result<PublicKey, String> {
    let private = key.field("d").is_some();
    let public = match text_of(key, "kty").as_str() {
        "RSA" => {
            let n = BigUint::from_bytes_be(&required(key, "n")?);
            PublicKey::Rsa { n, e: BigUint::from_bytes_be(&required(key, "e")?) }
        }
        "EC" => {
            let curve = curve(&text_of(key, "crv"))?;
            let coordinate = |name| {
                let bytes = required(key, name)?;
                fixed(&bytes, curve.size()).ok_or_else(|| format!("invalid coordinate {name}"))
            };
            PublicKey::Ec { curve, x: coordinate("x")?, y: coordinate("y")? }
        }
        "OKP" if text_of(key, "crv") == "Ed25519" => {
            let bytes = <[u8; 32]>::try_from(required(key, "x")?);
            PublicKey::Ed25519(bytes.map_err(|_| "invalid Ed25519 public key size")?)
        }
        "OKP" => PublicKey::Unknown,
        "oct" => {
            required(key, "k")?;
            PublicKey::Unknown
        }
        other => return Err(format!("invalid key type from JSON ({other})")),
    };
    Ok(if private { PublicKey::Unknown } else { public })
}

fn parse_private(key: &Value) -> Result<PrivateKey, String> {
    match text_of(key, "kty").as_str() {
        "RSA" => {
            let number = |name| required(key, name).map(|bytes| BigUint::from_bytes_be(&bytes));
            let (n, e, d) = (number("n")?, number("e")?, number("d")?);
            Ok(PrivateKey::Rsa { n, e, d, p: number("p")?, q: number("q")? })
        }
        "EC" => {
            let curve = curve(&text_of(key, "crv"))?;
            let part = |name| fixed(&required(key, name)?, curve.size()).ok_or(format!("invalid number {name}"));
            Ok(PrivateKey::Ec { curve, d: part("d")?, x: part("x")?, y: part("y")? })
        }
        "OKP" => {
            let seed = <[u8; 32]>::try_from(required(key, "d")?).map_err(|_| "invalid Ed25519 private key size")?;
            let public = ed25519_dalek::SigningKey::from_bytes(&seed).verifying_key().to_bytes();
            Ok(PrivateKey::Ed25519 { seed, public })
        }
        "oct" => Ok(PrivateKey::Symmetric(required(key, "k")?)),
        other => Err(format!("invalid key type from JSON ({other})")),
    }
}

/// A private key as a JWK.
pub(in crate::rego::builtins) fn to_jwk(key: &PrivateKey) -> Value {
    let mut members: Vec<(&str, String)> = Vec::new();
    let number = |number: &BigUint| base64url_encode(&number.to_bytes_be());
    match key {
        PrivateKey::Rsa { n, e, d, p, q } => {
            members.push(("kty", "RSA".to_owned()));
            members.extend([("n", number(n)), ("e", number(e)), ("d", number(d)), ("p", number(p)), ("q", number(q))]);
            let (dp, dq, qi) = crt_values(d, p, q);
            members.extend([("dp", number(&dp)), ("dq", number(&dq)), ("qi", number(&qi))]);
        }
        PrivateKey::Ec { curve, d, x, y } => {
            members.extend([("kty", "EC".to_owned()), ("crv", curve.name().to_owned())]);
            members.extend([("d", base64url_encode(d)), ("x", base64url_encode(x)), ("y", base64url_encode(y))]);
        }
        PrivateKey::Ed25519 { seed, public } => {
            members.extend([("kty", "OKP".to_owned()), ("crv", "Ed25519".to_owned())]);
            members.extend([("d", base64url_encode(seed)), ("x", base64url_encode(public))]);
        }
        PrivateKey::Symmetric(secret) => {
            members.extend([("kty", "oct".to_owned()), ("k", base64url_encode(secret))]);
        }
    }
    Value::object(members.into_iter().map(|(name, text)| (Value::from(name), Value::from(text))))
}

/// `d mod (p-1)`, `d mod (q-1)` and the inverse of `q` modulo `p`.
pub(in crate::rego::builtins) fn crt_values(d: &BigUint, p: &BigUint, q: &BigUint) -> (BigUint, BigUint, BigUint) {
    let below = |number: &BigUint| number.clone() - BigUint::one().min(number.clone());
    let reduce = |by: &BigUint| if below(by) == BigUint::ZERO { BigUint::ZERO } else { d % below(by) };
    let inverse = if *p > BigUint::one() { q.modinv(p).unwrap_or_default() } else { BigUint::ZERO };
    (reduce(p), reduce(q), inverse)
}
