//! `providers.aws.sign_req`: an HTTP request signed for AWS (Signature Version 4).
//!
//! Source: OPA `topdown/providers.go`, `internal/providers/aws/signing_v4.go`, and AWS's description of the procedure.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::binary::hex_encode;
use super::context::Context;
use super::http_send::check_parameters;
use super::keys::Hash;
use super::operands::{BuiltinError, at, number, object, wrong_operand, wrong_type};
use super::registry::Definition;
use super::time::utc_text;
use crate::rego::values::{Object, Value, json};

pub(super) static DEFS: &[Definition] = &[("providers.aws.sign_req", sign_request)];

const REQUIRED_SETTINGS: [&str; 4] = ["aws_service", "aws_access_key", "aws_secret_access_key", "aws_region"];
const REQUIRED_PARAMETERS: [&str; 2] = ["method", "url"];
/// Headers that a proxy may change on the way are not signed.
const UNSIGNED: [&str; 3] = ["authorization", "user-agent", "x-amzn-trace-id"];

fn sign_request(_: &mut Context, operands: &[Value]) -> Result<Option<Value>, BuiltinError> {
    let request = object(operands, 1)?;
    let settings = match at(operands, 2)? {
        Value::Object(settings) => settings,
        other => return Err(wrong_type(1, other, &["object"])),
    };
    check_settings(settings)?;
    let ns = number(operands, 3)?.as_i64();
    let ns = ns.ok_or_else(|| wrong_operand(3, "could not convert time_ns value into a unix timestamp"))?;
    check_parameters(request)?;
    let no_headers = Object::empty();
    let headers = match field(request, "headers") {
        None => &no_headers,
        Some(Value::Object(headers)) => headers,
        Some(other) => return Err(wrong_type(0, other, &["object"])),
    };
    let invalid = named(REQUIRED_PARAMETERS.iter().filter(|name| text(request, name).is_none()));
    if let Some(names) = invalid {
        return Err(wrong_operand(1, &format!("invalid values for required request parameters(s): {names}")));
    }
    let url = Url::parse(text(request, "url").unwrap_or_default());
    let unsigned_payload = match field(settings, "disable_payload_signing") {
        None => false,
        Some(Value::Bool(disabled)) => *disabled,
        Some(_) => return Err(wrong_operand(2, "invalid value for 'disable_payload_signing' in AWS config")),
    };
    let mut signed: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in headers.iter() {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        signed.insert(text(name), text(value));
    }
    let body_hash =
        if unsigned_payload { "UNSIGNED-PAYLOAD".to_owned() } else { hex_encode(&Sha256::digest(body(request))) };
    let method = text(request, "method").unwrap_or_default();
    let (authorization, added) = sign(&signed, method, &url, &body_hash, settings, ns);
    signed.insert("Authorization".to_owned(), authorization);
    signed.extend(added);
    let headers = Value::object(signed.into_iter().map(|(name, value)| (Value::from(name), Value::from(value))));
    Ok(Some(Value::Object(request.with(Value::from("headers"), headers))))
}

fn field<'a>(object: &'a Object, name: &str) -> Option<&'a Value> {
    object.get(&Value::from(name))
}

fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    field(object, name).and_then(Value::as_str)
}

/// Names as a set in a message, if there are any.
fn named<'a>(names: impl Iterator<Item = &'a &'static str>) -> Option<Value> {
    let names: Vec<Value> = names.map(|name| Value::from(*name)).collect();
    (!names.is_empty()).then(|| Value::set(names))
}

fn check_settings(settings: &Object) -> Result<(), BuiltinError> {
    if let Some(names) = named(REQUIRED_SETTINGS.iter().filter(|name| field(settings, name).is_none())) {
        return Err(wrong_operand(2, &format!("missing required AWS config parameters(s): {names}")));
    }
    if let Some(names) = named(REQUIRED_SETTINGS.iter().filter(|name| text(settings, name).is_none())) {
        return Err(wrong_operand(2, &format!("invalid values for required AWS config parameters(s): {names}")));
    }
    Ok(())
}

fn body(request: &Object) -> Vec<u8> {
    match (field(request, "raw_body"), field(request, "body")) {
        (Some(raw), _) => raw.as_str().unwrap_or_default().as_bytes().to_vec(),
        (None, Some(body)) => json::write(body),
        (None, None) => Vec::new(),
    }
}

/// What is signed of an address.
struct Url {
    host: String,
    path: String,
    query: String,
}

impl Url {
    fn parse(text: &str) -> Self {
        let text = text.split_once('#').map_or(text, |(before, _)| before);
        let (before, query) = text.split_once('?').unwrap_or((text, ""));
        let rest = before.split_once("://").map(|(_, rest)| rest);
        let (authority, path) = match rest {
            Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
            None => ("", before),
        };
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        Url { host: host.to_owned(), path: escaped(path), query: query.to_owned() }
    }
}

/// A path with what may not be in one escaped; escapes that are there stay.
fn escaped(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@%!'()*".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The `Authorization` header, and the headers that belong to the signature.
fn sign(
    headers: &BTreeMap<String, String>,
    method: &str,
    url: &Url,
    body_hash: &str,
    settings: &Object,
    ns: i64,
) -> (String, BTreeMap<String, String>) {
    let setting = |name| text(settings, name).unwrap_or_default();
    let (service, region) = (setting("aws_service"), setting("aws_region"));
    let (date, moment) = (utc_text(ns, "20060102"), utc_text(ns, "20060102T150405Z"));
    let mut added = BTreeMap::from([("host".to_owned(), url.host.clone()), ("x-amz-date".to_owned(), moment.clone())]);
    if matches!(service, "s3" | "glacier") {
        added.insert("x-amz-content-sha256".to_owned(), body_hash.to_owned());
    }
    if let Some(token) = text(settings, "aws_session_token").filter(|token| !token.is_empty()) {
        added.insert("x-amz-security-token".to_owned(), token.to_owned());
    }
    let mut signed = added.clone();
    for (name, value) in headers {
        let name = name.to_lowercase();
        if !UNSIGNED.contains(&name.as_str()) {
            signed.insert(name, value.clone());
        }
    }
    let lines: String = signed.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let names = signed.keys().cloned().collect::<Vec<_>>().join(";");
    let canonical = format!("{method}\n{}\n{}\n{lines}\n{names}\n{body_hash}", url.path, url.query);
    let scope = format!("{date}/{region}/{service}/aws4_request");
    let hashed = hex_encode(&Sha256::digest(canonical));
    let to_sign = format!("AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashed}");
    let secret = format!("AWS4{}", setting("aws_secret_access_key"));
    let steps = [date.as_str(), region, service, "aws4_request", &to_sign];
    let signature = steps.iter().fold(secret.into_bytes(), |key, step| Hash::Sha256.mac(&key, step.as_bytes()));
    let credential = format!("{}/{scope}", setting("aws_access_key"));
    let signature = hex_encode(&signature);
    let authorization = format!("AWS4-HMAC-SHA256 Credential={credential},SignedHeaders={names},Signature={signature}");
    (authorization, added)
}
