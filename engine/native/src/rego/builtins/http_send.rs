//! `http.send`: what it is given is checked as OPA checks it, and one request is made of it.
//!
//! A policy engine that makes requests is an engine that a policy can use to reach other machines: the built-in is
//! refused at load unless capabilities name it. Source: OPA `topdown/http.go`.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::http::header::{
    AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue, LOCATION, PROXY_AUTHORIZATION,
};
use ureq::http::{Method, StatusCode, Uri};
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body, http};

use super::context::Context;
use super::operands::{BuiltinError, ErrorKind, object, wrong_operand};
use super::registry::Definition;
use crate::rego::values::{Object, Value, json};

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

/// What OPA waits for an answer unless it is told otherwise.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(5);
/// The largest answer that is read.
const MAX_RESPONSE_BYTES: u64 = 10 << 20;
/// The longest wait where the evaluation has no deadline.
const MAX_TIMEOUT: Duration = Duration::from_secs(600);
/// A document takes a few times the room of its text.
const BYTES_PER_BYTE_READ: u64 = 4;
const MAX_REDIRECTS: usize = 10;
/// Between attempts; doubled each time.
const RETRY_DELAY: Duration = Duration::from_millis(100);

/// Parameters that would have a policy read this machine's files and environment, or change what is sent in a way that
/// this client cannot: refused, never passed over.
const UNSUPPORTED: [&str; 8] = [
    "tls_ca_cert_file",
    "tls_ca_cert_env_variable",
    "tls_client_cert_file",
    "tls_client_cert_env_variable",
    "tls_client_key_file",
    "tls_client_key_env_variable",
    "tls_server_name",
    "cache_ignored_headers",
];

/// What equal requests of one evaluation have been answered.
#[derive(Default)]
struct Sent(HashMap<Value, Result<Value, Failure>>);

#[derive(Debug, Clone)]
enum Failure {
    /// The request was wrong, or must not be made.
    Internal(BuiltinError),
    /// It was made, and not answered.
    Network(String),
}

impl From<BuiltinError> for Failure {
    fn from(error: BuiltinError) -> Self {
        Failure::Internal(error)
    }
}

impl Failure {
    fn network(error: impl ToString) -> Self {
        Failure::Network(error.to_string())
    }
}

/// One request for equal operands in an evaluation, as OPA has it. Answers are not kept beyond it.
fn send(context: &mut Context, operands: &[Value]) -> Result<Option<Value>, BuiltinError> {
    let request = object(operands, 1)?;
    let raises = option(request, "raise_error").is_none_or(|raises| *raises != Value::Bool(false));
    let key = Value::Object(request.clone());
    let answer = match context.state::<Sent>().0.get(&key) {
        Some(answer) => answer.clone(),
        None => {
            let answer = exchange(context, request);
            context.state::<Sent>().0.insert(key, answer.clone());
            answer
        }
    };
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(Failure::Internal(error)) if raises || matches!(error.kind, ErrorKind::Halt(_)) => Err(error),
        Err(Failure::Internal(error)) => Ok(Some(unanswered("eval_http_send_internal_error", &error.message))),
        Err(Failure::Network(message)) if raises => Err(BuiltinError::failure(message)),
        Err(Failure::Network(message)) => Ok(Some(unanswered("eval_http_send_network_error", &message))),
    }
}

fn exchange(context: &mut Context, request: &Object) -> Result<Value, Failure> {
    check_parameters(request)?;
    if let Some(name) = UNSUPPORTED.iter().find(|name| request.contains_key(&Value::string(name))) {
        return Err(wrong_operand(1, &format!("the request parameter {name:?} is not supported")).into());
    }
    context.look()?;
    let message = Message::of(request)?;
    context.reserve(message.body.len() as u64)?;
    let retries = option(request, "max_retry_attempts").and_then(Value::as_i64).unwrap_or(0);
    let mut delay = RETRY_DELAY;
    let mut attempt = 0;
    let mut response = loop {
        match follow(context, request, message.clone()) {
            Err(Failure::Network(_)) if attempt < retries => {
                let left = context.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
                std::thread::sleep(left.map_or(delay, |left| delay.min(left)));
                context.look()?;
                (attempt, delay) = (attempt + 1, delay.saturating_mul(2));
            }
            Err(error) => {
                // Where the evaluation's own time is up, that is what happened.
                context.look()?;
                return Err(error);
            }
            Ok(response) => break response,
        }
    };
    let raw = response.body_mut().with_config().limit(MAX_RESPONSE_BYTES).read_to_vec().map_err(Failure::network)?;
    context.reserve(BYTES_PER_BYTE_READ * raw.len() as u64)?;
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let status = response.status();
    let body = read(context, request, kind, &raw).unwrap_or(Value::Null);
    let entries = [
        ("status", Value::from(format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or_default()))),
        ("status_code", Value::from(i64::from(status.as_u16()))),
        ("body", body),
        ("raw_body", Value::from(json::text_of(&raw))),
        ("headers", headers_of(&response)),
    ];
    Ok(Value::object(entries.map(|(name, value)| (Value::string(name), value))))
}

/// What is sent.
#[derive(Clone)]
struct Message {
    method: Method,
    url: Uri,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Message {
    fn of(request: &Object) -> Result<Message, Failure> {
        let method = text(request, "method")?.to_uppercase();
        let mut headers = HeaderMap::new();
        let given = option(request, "headers").and_then(Value::as_object);
        for (name, value) in given.iter().flat_map(|given| given.keys().iter().zip(given.values())) {
            let (Some(name), Some(value)) = (name.as_str(), value.as_str()) else {
                return Err(wrong_operand(1, &format!("invalid type for headers value {value}")).into());
            };
            let name = HeaderName::try_from(name).map_err(Failure::network)?;
            headers.append(name, HeaderValue::try_from(value).map_err(Failure::network)?);
        }
        let body = match (option(request, "raw_body"), option(request, "body")) {
            (Some(_), _) => text(request, "raw_body")?.as_bytes().to_vec(),
            (None, Some(body)) => json::write(body),
            (None, None) => Vec::new(),
        };
        Ok(Message {
            method: Method::try_from(method.as_str()).map_err(Failure::network)?,
            url: Uri::try_from(text(request, "url")?).map_err(Failure::network)?,
            headers,
            body,
        })
    }

    /// The request that a redirect asks for, as browsers and Go make it.
    fn redirected(mut self, status: StatusCode, url: Uri) -> Message {
        let keeps = matches!(status, StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT);
        if !keeps && self.method != Method::HEAD {
            self.method = Method::GET;
            self.body = Vec::new();
            self.headers.remove(CONTENT_TYPE);
        }
        if self.url.host() != url.host() {
            for secret in [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION] {
                self.headers.remove(secret);
            }
        }
        self.url = url;
        self
    }
}

/// The answer to the message, or to the one where its redirects end. Each host on the way must be allowed.
fn follow(context: &Context, request: &Object, mut message: Message) -> Result<http::Response<Body>, Failure> {
    let started = Instant::now();
    let timeout = timeout(context, request)?;
    let follows = flag(request, "enable_redirect");
    for _ in 0..=MAX_REDIRECTS {
        let host = message.url.host().unwrap_or_default();
        context.hosts.check(host)?;
        let agent = agent(request, host, timeout.saturating_sub(started.elapsed()))?;
        let mut builder = http::Request::builder().method(message.method.clone()).uri(message.url.clone());
        if let Some(headers) = builder.headers_mut() {
            headers.clone_from(&message.headers);
        }
        let built = builder.body(message.body.clone()).map_err(Failure::network)?;
        let response = agent.run(built).map_err(Failure::network)?;
        let target = response.headers().get(LOCATION).filter(|_| follows && response.status().is_redirection());
        let Some(target) = target else { return Ok(response) };
        let target = resolved(&message.url, target.to_str().map_err(Failure::network)?)?;
        message = message.redirected(response.status(), target);
    }
    Err(Failure::Network(format!("stopped after {MAX_REDIRECTS} redirects")))
}

/// A redirect's target, seen from where it was given.
fn resolved(from: &Uri, target: &str) -> Result<Uri, Failure> {
    let base = url::Url::parse(&from.to_string()).map_err(Failure::network)?;
    let joined = base.join(target).map_err(Failure::network)?;
    Uri::try_from(joined.as_str()).map_err(Failure::network)
}

/// A client for one request, without redirects of its own. Loopback is never asked through a proxy.
fn agent(request: &Object, host: &str, timeout: Duration) -> Result<Agent, BuiltinError> {
    let mut tls = TlsConfig::builder().disable_verification(flag(request, "tls_insecure_skip_verify"));
    if let Some(pem) = pem(request, "tls_ca_cert")? {
        let certificate = |item| if let PemItem::Certificate(it) = item { Some(it) } else { None };
        let items = parse_pem(pem.as_bytes());
        let certificates: Result<Vec<_>, _> = items.filter_map(|item| item.map(certificate).transpose()).collect();
        let certificates = certificates.map_err(|error| wrong_operand(1, &format!("tls_ca_cert: {error}")))?;
        if certificates.is_empty() {
            return Err(wrong_operand(1, "tls_ca_cert: no certificate in it"));
        }
        tls = tls.root_certs(RootCerts::Specific(Arc::new(certificates)));
    }
    if let (Some(certificate), Some(key)) = (pem(request, "tls_client_cert")?, pem(request, "tls_client_key")?) {
        let wrong = |error: ureq::Error| wrong_operand(1, &format!("tls_client_cert, tls_client_key: {error}"));
        let certificate = Certificate::from_pem(certificate.as_bytes()).map_err(wrong)?;
        let key = PrivateKey::from_pem(key.as_bytes()).map_err(wrong)?;
        tls = tls.client_cert(Some(ClientCert::new_with_certs(&[certificate], key)));
    }
    let mut config = Agent::config_builder()
        .timeout_global(Some(timeout))
        .max_redirects(0)
        .http_status_as_error(false)
        .allow_non_standard_methods(true)
        .tls_config(tls.build());
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    if host == "localhost" || address.is_ok_and(|address| address.is_loopback()) {
        config = config.proxy(None);
    }
    Ok(config.build().into())
}

fn option<'r>(request: &'r Object, name: &str) -> Option<&'r Value> {
    request.get(&Value::string(name))
}

fn flag(request: &Object, name: &str) -> bool {
    option(request, name) == Some(&Value::Bool(true))
}

fn text<'r>(request: &'r Object, name: &str) -> Result<&'r str, BuiltinError> {
    let value = option(request, name).and_then(Value::as_str);
    value.ok_or_else(|| wrong_operand(1, &format!("{name:?} must be a string")))
}

fn pem<'r>(request: &'r Object, name: &str) -> Result<Option<&'r str>, BuiltinError> {
    if option(request, name).is_none() { Ok(None) } else { text(request, name).map(Some) }
}

/// What the request asks for, and not longer than the evaluation has.
fn timeout(context: &Context, request: &Object) -> Result<Duration, BuiltinError> {
    let asked = option(request, "timeout").map_or(Ok(DEFAULT_TIMEOUT), timeout_of)?;
    // OPA's zero is no limit of the request's own.
    let asked = if asked.is_zero() { Duration::MAX } else { asked };
    let until = |deadline: Instant| deadline.saturating_duration_since(Instant::now());
    let left = context.deadline.map_or(MAX_TIMEOUT, until);
    Ok(asked.min(left))
}

/// Nanoseconds, or a duration as Go writes it.
fn timeout_of(value: &Value) -> Result<Duration, BuiltinError> {
    let wrong = || wrong_operand(1, "\"timeout\" must be a duration");
    let ns = match value.as_str() {
        Some(text) => super::time::duration_ns(text).ok_or_else(wrong)?,
        None => value.as_i64().ok_or_else(wrong)?,
    };
    u64::try_from(ns).map(Duration::from_nanos).map_err(|_| wrong())
}

fn headers_of(response: &http::Response<ureq::Body>) -> Value {
    let names = response.headers().keys();
    Value::object(names.map(|name| {
        let values = response.headers().get_all(name).iter();
        let values = values.map(|value| Value::from(json::text_of(value.as_bytes()))).collect();
        (Value::string(name.as_str()), Value::array(values))
    }))
}

/// `application/json`, `application/problem+json`, …
fn is_json(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind.strip_prefix("application/").is_some_and(|kind| kind == "json" || kind.ends_with("+json"))
}

/// The answer as a document, where its type or the request says that it is one.
fn read(context: &mut Context, request: &Object, kind: &str, raw: &[u8]) -> Option<Value> {
    if flag(request, "force_json_decode") || is_json(kind) {
        return json::read(raw, &json::Limits::default()).ok();
    }
    if flag(request, "force_yaml_decode") || (kind.contains("application/yaml") || kind.contains("application/x-yaml"))
    {
        return super::yaml_documents::read(context, std::str::from_utf8(raw).ok()?).ok();
    }
    None
}

/// What a request without an answer gives, where errors are not raised.
fn unanswered(code: &str, message: &str) -> Value {
    let error = [("code", Value::string(code)), ("message", Value::from(message.to_owned()))];
    let error = Value::object(error.map(|(name, value)| (Value::string(name), value)));
    Value::object([(Value::string("status_code"), Value::from(0_i64)), (Value::string("error"), error)])
}
