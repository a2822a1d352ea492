//! What a JSON Web Token says. Nothing is verified here: whoever decides on it verifies it first, at the door.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use regorus::Value;

use super::{Answer, Extension, Fault, string};
use crate::interpreter::json_value;

pub const EXTENSIONS: &[Extension] = &[("io.jwt.decode", 1, decode)];

/// Header, payload, and the signature in hexadecimal.
fn decode(arguments: &[Value]) -> Answer {
    let parts: Vec<&str> = string(arguments, 0)?.split('.').collect();
    let [header, payload, signature] = parts.as_slice() else {
        return Err(Fault::Arguments("a signed token has three parts".into()));
    };
    let signature = Value::from(HEXLOWER.encode(&bytes(signature)?));
    Ok(Value::from(vec![json(header)?, json(payload)?, signature]))
}

fn json(part: &str) -> Answer {
    json_value::read(&bytes(part)?).map_err(|error| Fault::Arguments(error.to_string()))
}

fn bytes(part: &str) -> Result<Vec<u8>, Fault> {
    BASE64URL_NOPAD
        .decode(part.trim_end_matches('=').as_bytes())
        .map_err(|error| Fault::Arguments(format!("a part of the token is no base64url: {error}")))
}
