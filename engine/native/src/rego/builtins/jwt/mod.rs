//! `io.jwt.*`: tokens in JWS compact form (RFC 7515, RFC 7519).
//!
//! Source: OPA `topdown/tokens.go`.

mod constraints;
mod encode;
mod token;
mod trusted;

use super::context::Context;
use super::keys::{Algorithm, Hash, Scheme};
use super::operands::{BuiltinError, at, object, string};
use super::registry::Definition;
use crate::rego::values::{Number, Value};
use constraints::Constraints;
use token::{Header, Token};

type Answer = Result<Option<Value>, BuiltinError>;

pub(super) static DEFS: &[Definition] = &[
    ("io.jwt.decode", decode),
    ("io.jwt.decode_verify", decode_verify),
    ("io.jwt.encode_sign", encode::encode_sign),
    ("io.jwt.encode_sign_raw", encode::encode_sign_raw),
    ("io.jwt.verify_eddsa", |_, operands| verify(operands, Scheme::EdDsa, Hash::Sha512)),
    ("io.jwt.verify_es256", |_, operands| verify(operands, Scheme::Ecdsa, Hash::Sha256)),
    ("io.jwt.verify_es384", |_, operands| verify(operands, Scheme::Ecdsa, Hash::Sha384)),
    ("io.jwt.verify_es512", |_, operands| verify(operands, Scheme::Ecdsa, Hash::Sha512)),
    ("io.jwt.verify_hs256", |_, operands| verify_secret(operands, Hash::Sha256)),
    ("io.jwt.verify_hs384", |_, operands| verify_secret(operands, Hash::Sha384)),
    ("io.jwt.verify_hs512", |_, operands| verify_secret(operands, Hash::Sha512)),
    ("io.jwt.verify_ps256", |_, operands| verify(operands, Scheme::RsaPss, Hash::Sha256)),
    ("io.jwt.verify_ps384", |_, operands| verify(operands, Scheme::RsaPss, Hash::Sha384)),
    ("io.jwt.verify_ps512", |_, operands| verify(operands, Scheme::RsaPss, Hash::Sha512)),
    ("io.jwt.verify_rs256", |_, operands| verify(operands, Scheme::RsaPkcs1, Hash::Sha256)),
    ("io.jwt.verify_rs384", |_, operands| verify(operands, Scheme::RsaPkcs1, Hash::Sha384)),
    ("io.jwt.verify_rs512", |_, operands| verify(operands, Scheme::RsaPkcs1, Hash::Sha512)),
];

/// `[header, payload, signature]`, nothing verified. A token within the token is decoded instead of it.
fn decode(_: &mut Context, operands: &[Value]) -> Answer {
    let mut text = string(operands, 1)?.to_owned();
    loop {
        let token = Token::split(&text)?;
        let header = token.header()?;
        let payload = token.payload_bytes()?;
        if token::is_nested(&header)? {
            // A nested token comes quoted from some issuers.
            text = String::from_utf8_lossy(&payload).trim_matches(['"', '\'']).to_owned();
            continue;
        }
        let payload = token::json_object(&payload).map_err(BuiltinError::failure)?;
        let signature = token
            .signature_bytes()
            .map_err(|why| BuiltinError::failure(format!("JWT signature had invalid encoding: {why}")))?;
        let signature = Value::from(super::binary::hex_encode(&signature));
        return Ok(Some(Value::array(vec![header, payload, signature])));
    }
}

fn verify_secret(operands: &[Value], hash: Hash) -> Answer {
    let token = Token::split(string(operands, 1)?)?;
    let secret = string(operands, 2)?;
    let signature = token.signature_bytes().map_err(BuiltinError::failure)?;
    let valid = trusted::secret_verifies(secret, hash, &token, &signature);
    Ok(Some(Value::from(valid)))
}

/// Verifies with one algorithm, whatever the token says it was signed with, and a certificate, a key or a set of keys.
fn verify(operands: &[Value], scheme: Scheme, hash: Hash) -> Answer {
    let token = Token::split(string(operands, 1)?)?;
    let keys = trusted::keys(string(operands, 2)?).map_err(BuiltinError::failure)?;
    let signature = token.signature_bytes().map_err(BuiltinError::failure)?;
    let header = Header::read(&token.header()?)?;
    let valid = trusted::any_verifies(&keys, &header, Some(Algorithm { scheme, hash }), &token, &signature);
    Ok(Some(Value::from(valid)))
}

/// `[valid, header, payload]`: signature and constraints together.
fn decode_verify(context: &mut Context, operands: &[Value]) -> Answer {
    let constraints = Constraints::read(object(operands, 2)?, context.now_ns)?;
    let unverified = || Ok(Some(Value::array(vec![Value::from(false), Value::empty_object(), Value::empty_object()])));
    let mut text = match at(operands, 1)? {
        Value::String(text) => text.as_str().to_owned(),
        _ => string(operands, 1)?.to_owned(),
    };
    loop {
        let token = Token::split(&text)?;
        let decoded = token.header()?;
        let header = Header::read(&decoded)?;
        if !header.is_valid() || constraints.algorithm.as_ref().is_some_and(|wanted| *wanted != header.algorithm) {
            return unverified();
        }
        let signature = token.signature_bytes().map_err(BuiltinError::failure)?;
        if !constraints.trust.verifies(&header, &token, &signature) {
            return unverified();
        }
        let payload = token.payload_bytes()?;
        if header.content_type.eq_ignore_ascii_case("JWT") {
            text = String::from_utf8_lossy(&payload).into_owned();
            continue;
        }
        let payload = token::json_object(&payload).map_err(BuiltinError::failure)?;
        if !claims_hold(&constraints, &payload)? {
            return unverified();
        }
        return Ok(Some(Value::array(vec![Value::from(true), decoded, payload])));
    }
}

/// Issuer, audience, expiry and begin (RFC 7519, 4.1).
fn claims_hold(constraints: &Constraints, payload: &Value) -> Result<bool, BuiltinError> {
    if let Some(issuer) = &constraints.issuer {
        match payload.field("iss") {
            None => return Ok(false),
            Some(Value::String(found)) if found.as_str() == issuer => {}
            Some(Value::String(_)) => return Ok(false),
            Some(_) => return Err(BuiltinError::failure("iss value must be a string")),
        }
    }
    let audience = constraints.audience.as_deref().unwrap_or_default();
    let audience_holds = match payload.field("aud") {
        None => audience.is_empty(),
        Some(Value::String(found)) => found.as_str() == audience,
        Some(Value::Array(found)) => found.iter().any(|one| one.as_str() == Some(audience)),
        Some(_) => false,
    };
    if !audience_holds {
        return Ok(false);
    }
    let seconds = Number::from_f64(constraints.time_ns / 1e9)
        .ok_or_else(|| BuiltinError::failure("token time constraint: unvalid float64"))?;
    let number = |claim: &str| match payload.field(claim) {
        None => Ok(None),
        Some(value) => match value.as_number() {
            Some(number) => Ok(Some(number)),
            None => Err(BuiltinError::failure(format!("{claim} value must be a number"))),
        },
    };
    if number("exp")?.is_some_and(|expiry| seconds >= expiry) {
        return Ok(false);
    }
    Ok(number("nbf")?.is_none_or(|begin| seconds >= begin))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rego::values::json;

    /// Keys made for these tests.
    const EC: &str = r#"{"crv":"P-256","d":"bzIjg1EVECJlaXWTG5M3ZFbe_YofXWJC88TLKHiWHrs","kty":"EC","x":"EcCqJwUK_il9tII2W45VwX4ZrtrXe8GfLIGyfLzIkOY","y":"ECoJOizSeId22YnIG6yrcn7lJ4kC9c_DJEAcK9_cC1Y"}"#;
    const ED: &str = r#"{"crv":"Ed25519","d":"8ZtXZLupR_vKUoUnkYsuRGE7hpDA50Yu3c6OXMJaLpA","kty":"OKP","x":"xHg8IP92BFtdOIPALxEdC_laQLB7XyxaWWpp-PePQDs"}"#;
    const OCT: &str = r#"{"kty":"oct","k":"c2VjcmV0"}"#;

    fn call(name: &str, operands: &[Value]) -> Answer {
        let found = DEFS.iter().find(|(known, _)| *known == name);
        found.map_or(Ok(None), |(_, function)| function(&mut Context::default(), operands))
    }

    fn read(text: &str) -> Value {
        json::read(text.as_bytes(), &json::Limits::default()).unwrap_or(Value::Null)
    }

    fn signed(algorithm: &str, key: &str, payload: &str) -> Value {
        let header = read(&format!(r#"{{"alg":"{algorithm}"}}"#));
        call("io.jwt.encode_sign", &[header, read(payload), read(key)]).ok().flatten().unwrap_or(Value::Null)
    }

    /// The key without its private part.
    fn public(key: &str) -> Value {
        let Value::Object(key) = read(key) else { return Value::Null };
        Value::from(String::from_utf8_lossy(&json::write(&Value::Object(key.without(&Value::from("d"))))).into_owned())
    }

    fn is_verified(token: &Value, constraints: Value) -> bool {
        let answer = call("io.jwt.decode_verify", &[token.clone(), constraints]).ok().flatten();
        answer.and_then(|parts| parts.as_array()?.get(0)?.as_bool()) == Some(true)
    }

    #[test]
    fn what_is_signed_is_verified_and_nothing_else_is() {
        for (algorithm, key, verify) in [("ES256", EC, "io.jwt.verify_es256"), ("EdDSA", ED, "io.jwt.verify_eddsa")] {
            let token = signed(algorithm, key, "{}");
            let forged = Value::from(format!("{}A", token.as_str().unwrap_or_default().replace(".e30.", ".e31.")));
            assert_eq!(call(verify, &[token.clone(), public(key)]), Ok(Some(Value::from(true))), "{algorithm}");
            assert_ne!(call(verify, &[forged, public(key)]), Ok(Some(Value::from(true))), "{algorithm}");
            // A private key is no key to verify with.
            assert_eq!(call(verify, &[token, Value::from(key)]), Ok(Some(Value::from(false))), "{algorithm}");
        }
    }

    #[test]
    fn a_public_key_is_never_taken_for_a_secret() {
        let token = signed("HS256", OCT, "{}");
        let secret = |text: &str| Value::object([(Value::from("secret"), Value::from(text))]);
        let certificate = Value::object([(Value::from("cert"), public(EC))]);
        assert!(is_verified(&token, secret("secret")));
        assert!(!is_verified(&token, secret("other")));
        assert!(!is_verified(&token, certificate));
    }

    #[test]
    fn claims_are_held_against_constraints() {
        let token = signed("HS256", OCT, r#"{"iss":"a","aud":["x","y"],"exp":10,"nbf":5}"#);
        let verified = |constraints: &str| is_verified(&token, read(constraints));
        assert!(verified(r#"{"secret":"secret","iss":"a","aud":"y","time":7e9}"#));
        assert!(!verified(r#"{"secret":"secret","iss":"b","aud":"y","time":7e9}"#));
        assert!(!verified(r#"{"secret":"secret","aud":"z","time":7e9}"#));
        assert!(!verified(r#"{"secret":"secret","aud":"y","time":10e9}"#));
        assert!(!verified(r#"{"secret":"secret","aud":"y","time":4e9}"#));
        assert!(!verified(r#"{"secret":"secret","aud":"y","alg":"HS512","time":7e9}"#));
    }
}
