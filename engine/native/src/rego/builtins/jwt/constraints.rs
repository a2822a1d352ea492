//! What a policy demands of a token in `io.jwt.decode_verify`.

use super::trusted::{Trust, keys};
use crate::rego::builtins::operands::BuiltinError;
use crate::rego::values::{Object, Value};

pub(super) struct Constraints {
    pub trust: Trust,
    pub algorithm: Option<String>,
    pub issuer: Option<String>,
    pub audience: Option<String>,
    /// Nanoseconds since 1970, as the float that OPA calculates with.
    pub time_ns: f64,
}

impl Constraints {
    pub fn read(constraints: &Object, now_ns: i64) -> Result<Self, BuiltinError> {
        let (mut secret, mut trusted) = (None, None);
        let (mut algorithm, mut issuer, mut audience, mut time) = (None, None, None, None);
        for (name, value) in constraints.iter() {
            let name = name.as_str().unwrap_or_default();
            match name {
                "cert" => {
                    let text = value.as_str().ok_or_else(|| failure("cert constraint: must be a string"))?;
                    trusted = Some(keys(text).map_err(BuiltinError::failure)?);
                }
                "secret" => secret = text(name, value)?,
                "alg" => algorithm = text(name, value)?,
                "iss" => issuer = text(name, value)?,
                "aud" => audience = text(name, value)?,
                "time" => time = Some(time_of(value)?),
                _ => return Err(failure(&format!("unknown token validation constraint: {name}"))),
            }
        }
        let trust = match (secret, trusted) {
            (Some(_), Some(_)) => return Err(failure("duplicate key constraints")),
            (Some(secret), None) => Trust::Secret(secret),
            (None, Some(keys)) => Trust::Keys(keys),
            (None, None) => return Err(failure("no key constraint")),
        };
        let time_ns = match time {
            Some(time) => time,
            None => time_of(&Value::from(now_ns))?,
        };
        Ok(Constraints { trust, algorithm, issuer, audience, time_ns })
    }
}

fn failure(message: &str) -> BuiltinError {
    BuiltinError::failure(message)
}

/// An empty string is no constraint.
fn text(name: &str, value: &Value) -> Result<Option<String>, BuiltinError> {
    let text = value.as_str().ok_or_else(|| failure(&format!("{name} constraint: must be a string")))?;
    Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
}

fn time_of(value: &Value) -> Result<f64, BuiltinError> {
    let number = value.as_number().ok_or_else(|| failure("token time constraint: must be a number"))?;
    let time = number.to_f64();
    if !time.is_finite() {
        return Err(failure("token time constraint: unvalid float64"));
    }
    if time < 0.0 {
        return Err(failure("token time constraint: must not be negative"));
    }
    Ok(time)
}
