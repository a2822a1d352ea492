//! Digests and message authentication codes, in hexadecimal as OPA has them.

use data_encoding::HEXLOWER;
use hmac::{Hmac, Mac};
use md5::Md5;
use regorus::Value;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::{Answer, Extension, Fault, string};

pub const EXTENSIONS: &[Extension] = &[
    ("crypto.md5", 1, |arguments| digest::<Md5>(arguments)),
    ("crypto.sha1", 1, |arguments| digest::<Sha1>(arguments)),
    ("crypto.sha256", 1, |arguments| digest::<Sha256>(arguments)),
    ("crypto.hmac.md5", 2, |arguments| {
        authenticate(arguments, |key, text| {
            Some(Hmac::<Md5>::new_from_slice(key).ok()?.chain_update(text).finalize().into_bytes().to_vec())
        })
    }),
    ("crypto.hmac.sha1", 2, |arguments| {
        authenticate(arguments, |key, text| {
            Some(Hmac::<Sha1>::new_from_slice(key).ok()?.chain_update(text).finalize().into_bytes().to_vec())
        })
    }),
    ("crypto.hmac.sha256", 2, |arguments| {
        authenticate(arguments, |key, text| {
            Some(Hmac::<Sha256>::new_from_slice(key).ok()?.chain_update(text).finalize().into_bytes().to_vec())
        })
    }),
    ("crypto.hmac.sha512", 2, |arguments| {
        authenticate(arguments, |key, text| {
            Some(Hmac::<Sha512>::new_from_slice(key).ok()?.chain_update(text).finalize().into_bytes().to_vec())
        })
    }),
    ("crypto.hmac.equal", 2, equal),
];

fn digest<D: Digest>(arguments: &[Value]) -> Answer {
    Ok(Value::from(HEXLOWER.encode(&D::digest(string(arguments, 0)?))))
}

fn authenticate(arguments: &[Value], code: fn(&[u8], &[u8]) -> Option<Vec<u8>>) -> Answer {
    let (text, key) = (string(arguments, 0)?, string(arguments, 1)?);
    code(key.as_bytes(), text.as_bytes())
        .map(|code| Value::from(HEXLOWER.encode(&code)))
        .ok_or_else(|| Fault::Arguments("operand 2 is no key".into()))
}

/// Takes as long whether the first or the last character differs.
fn equal(arguments: &[Value]) -> Answer {
    let (left, right) = (string(arguments, 0)?.as_bytes(), string(arguments, 1)?.as_bytes());
    let difference = left.iter().zip(right).fold(0, |difference, (left, right)| difference | (left ^ right));
    Ok(Value::Bool(left.len() == right.len() && difference == 0))
}
