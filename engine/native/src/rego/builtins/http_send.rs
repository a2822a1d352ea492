//! `http.send`: what it is given is checked as OPA checks it; sending is not part of this engine.
//!
//! A policy engine that makes requests is an engine that a policy can use to reach other machines. The built-in is
//! refused at load unless capabilities allow it, and answers with an error where it is called all the same.

use super::context::Context;
use super::operands::{BuiltinError, object, wrong_operand};
use super::registry::Definition;
use crate::rego::values::{Object, Value};

pub(super) static DEFS: &[Definition] = &[("http.send", send)];

const REQUIRED: [&str; 2] = ["method", "url"];
/// The request's parameters (OPA `topdown/http.go`).
const PARAMETERS: [&str; 28] = [
    "method",
    "url",
    "body",
    "enable_redirect",
    "force_json_decode",
    "force_yaml_decode",
    "headers",
    "raw_body",
    "tls_use_system_certs",
    "tls_ca_cert",
    "tls_ca_cert_file",
    "tls_ca_cert_env_variable",
    "tls_client_cert",
    "tls_client_cert_file",
    "tls_client_cert_env_variable",
    "tls_client_key",
    "tls_client_key_file",
    "tls_client_key_env_variable",
    "tls_insecure_skip_verify",
    "tls_server_name",
    "timeout",
    "cache",
    "force_cache",
    "force_cache_duration_seconds",
    "raise_error",
    "caching_mode",
    "max_retry_attempts",
    "cache_ignored_headers",
];

/// Refuses a request with parameters that do not exist, or without those that must be there.
pub(super) fn check_parameters(request: &Object) -> Result<(), BuiltinError> {
    let is_known = |key: &&Value| key.as_str().is_some_and(|name| PARAMETERS.contains(&name));
    let unknown: Vec<Value> = request.keys().iter().filter(|key| !is_known(key)).cloned().collect();
    if !unknown.is_empty() {
        return Err(wrong_operand(1, &format!("invalid request parameters(s): {}", Value::set(unknown))));
    }
    let missing: Vec<Value> =
        REQUIRED.iter().map(|name| Value::from(*name)).filter(|name| !request.contains_key(name)).collect();
    if !missing.is_empty() {
        return Err(wrong_operand(1, &format!("missing required request parameters(s): {}", Value::set(missing))));
    }
    Ok(())
}

fn send(_: &mut Context, operands: &[Value]) -> Result<Option<Value>, BuiltinError> {
    check_parameters(object(operands, 1)?)?;
    Err(BuiltinError::failure("sending requests is not allowed here"))
}
