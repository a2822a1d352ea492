//! A token in three parts, and the header's parameters that matter here.

use std::collections::BTreeSet;

use crate::rego::builtins::binary::base64url_decode;
use crate::rego::builtins::operands::BuiltinError;
use crate::rego::values::{Value, json};

/// The three parts, still encoded.
pub(super) struct Token<'a> {
    header: &'a str,
    payload: &'a str,
    signature: &'a str,
}

impl<'a> Token<'a> {
    pub fn split(text: &'a str) -> Result<Self, BuiltinError> {
        let parts: Vec<&str> = text.split('.').collect();
        match parts.as_slice() {
            [_] => Err(BuiltinError::failure("encoded JWT had no period separators")),
            [header, payload, signature] => Ok(Token { header, payload, signature }),
            other => {
                let message = format!("encoded JWT must have 3 sections, found {}", other.len());
                Err(BuiltinError::failure(message))
            }
        }
    }

    /// What is signed: header and payload as they came.
    pub fn signed(&self) -> Vec<u8> {
        format!("{}.{}", self.header, self.payload).into_bytes()
    }

    pub fn header(&self) -> Result<Value, BuiltinError> {
        let bytes = base64url_decode(self.header)
            .map_err(|why| BuiltinError::failure(format!("JWT header had invalid encoding: {why}")))?;
        let header = json_object(&bytes).map_err(|why| BuiltinError::failure(format!("bad JWT header: {why}")))?;
        // RFC 7516, section 9: what has `enc` is encrypted, not signed.
        if header.field("enc").is_some() {
            return Err(BuiltinError::failure("JWT is a JWE object, which is not supported"));
        }
        Ok(header)
    }

    pub fn payload_bytes(&self) -> Result<Vec<u8>, BuiltinError> {
        base64url_decode(self.payload)
            .map_err(|why| BuiltinError::failure(format!("JWT payload had invalid encoding: {why}")))
    }

    pub fn signature_bytes(&self) -> Result<Vec<u8>, String> {
        base64url_decode(self.signature)
    }
}

/// A JSON object; of equal keys the last counts.
pub(super) fn json_object(bytes: &[u8]) -> Result<Value, String> {
    let text = String::from_utf8_lossy(bytes);
    let value = json::read(text.as_bytes(), &json::Limits::default()).map_err(|e| format!("invalid JSON: {e}"))?;
    match value {
        Value::Object(_) => Ok(value),
        _ => Err("decoded JSON type was not an Object".to_owned()),
    }
}

/// Whether the payload is a token itself, for `io.jwt.decode`.
pub(super) fn is_nested(header: &Value) -> Result<bool, BuiltinError> {
    match header.field("cty") {
        None => Ok(false),
        Some(Value::String(kind)) => Ok(kind.as_str() == "JWT"),
        Some(_) => Err(BuiltinError::failure("cty: must be a string")),
    }
}

/// The parameters that verification looks at. What is absent is empty.
pub(super) struct Header {
    pub algorithm: String,
    pub key_id: String,
    pub content_type: String,
    critical: BTreeSet<String>,
    unknown: Vec<String>,
}

impl Header {
    pub fn read(header: &Value) -> Result<Self, BuiltinError> {
        let mut read = Header {
            algorithm: String::new(),
            key_id: String::new(),
            content_type: String::new(),
            critical: BTreeSet::new(),
            unknown: Vec::new(),
        };
        let Value::Object(parameters) = header else { return Ok(read) };
        for (name, value) in parameters.iter() {
            let Some(name) = name.as_str() else { continue };
            let text = || match value.as_str() {
                Some(text) => Ok(text.to_owned()),
                None => Err(BuiltinError::failure(format!("{name}: must be a string"))),
            };
            match name {
                "alg" => read.algorithm = text()?,
                "kid" => read.key_id = text()?,
                "cty" => read.content_type = text()?,
                "typ" => drop(text()?),
                "crit" => read.critical = critical(value)?,
                _ => read.unknown.push(name.to_owned()),
            }
        }
        Ok(read)
    }

    /// RFC 7515: an algorithm must be named (4.1.1), and no critical parameter may be one we do not know (4.1.11).
    pub fn is_valid(&self) -> bool {
        !self.algorithm.is_empty() && !self.unknown.iter().any(|name| self.critical.contains(name))
    }
}

fn critical(value: &Value) -> Result<BTreeSet<String>, BuiltinError> {
    let Value::Array(names) = value else { return Err(BuiltinError::failure("crit: must be a list")) };
    // As in OPA, the names before one that is no string count, and the fault itself does not.
    let names: BTreeSet<String> = names.iter().map_while(Value::as_str).map(str::to_owned).collect();
    if names.is_empty() {
        return Err(BuiltinError::failure("crit: must be a nonempty list"));
    }
    Ok(names)
}
