//! Making tokens: `io.jwt.encode_sign` and `io.jwt.encode_sign_raw`.

use super::Answer;
use crate::rego::builtins::binary::base64url_encode;
use crate::rego::builtins::context::Context;
use crate::rego::builtins::keys::{Algorithm, private_key_set, sign};
use crate::rego::builtins::operands::{BuiltinError, at, string};
use crate::rego::values::{Value, json};

/// Header, payload and key as values.
pub(super) fn encode_sign(_: &mut Context, operands: &[Value]) -> Answer {
    let [header, payload, key] = [1, 2, 3].map(|position| at(operands, position).map(json::write));
    encode(&header?, &payload?, &key?)
}

/// Header, payload and key as JSON text, signed byte by byte as they are.
pub(super) fn encode_sign_raw(_: &mut Context, operands: &[Value]) -> Answer {
    let key = string(operands, 3)?;
    let (header, payload) = (string(operands, 1)?, string(operands, 2)?);
    encode(header.as_bytes(), payload.as_bytes(), key.as_bytes())
}

fn encode(header: &[u8], payload: &[u8], key: &[u8]) -> Answer {
    let key = private_key_set(key).map_err(BuiltinError::failure)?;
    let parameters =
        read_header(header).map_err(|why| BuiltinError::failure(format!("missing or invalid 'alg' header: {why}")))?;
    let name = match parameters.field("alg") {
        Some(Value::String(name)) => name.as_str(),
        Some(other) => {
            let kind = other.type_name();
            let message = format!("missing or invalid 'alg' header: value doesn't contain string; it contains {kind}");
            return Err(BuiltinError::failure(message));
        }
        None => {
            let message = "missing or invalid 'alg' header: jwsbb: header \"alg\" not found";
            return Err(BuiltinError::failure(message));
        }
    };
    let algorithm =
        Algorithm::by_name(name).ok_or_else(|| BuiltinError::failure(format!("unknown JWS algorithm: {name}")))?;
    let says_jwt = match parameters.field("typ") {
        Some(Value::String(kind)) => kind.as_str() == "JWT",
        _ => true,
    };
    if says_jwt && json::read(payload, &json::Limits::default()).is_err() {
        return Err(BuiltinError::failure("type is JWT but payload is not JSON"));
    }
    let signed = format!("{}.{}", base64url_encode(header), base64url_encode(payload));
    let signature = sign(&key, algorithm, signed.as_bytes()).map_err(BuiltinError::failure)?;
    Ok(Some(Value::from(format!("{signed}.{}", base64url_encode(&signature)))))
}

fn read_header(header: &[u8]) -> Result<Value, String> {
    if header.iter().all(u8::is_ascii_whitespace) {
        return Err("cannot parse JSON: cannot parse empty string; unparsed tail: \"\"".to_owned());
    }
    // OPA's reader takes everything that is made of a number's characters for a number.
    if header.iter().all(|byte| byte.is_ascii_digit() || b".+-eE".contains(byte)) {
        return Ok(Value::Null);
    }
    json::read(header, &json::Limits::default()).map_err(|e| format!("cannot parse JSON: {e}"))
}
