//! `http.send` against a server on loopback.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use bylaw_native::rego::analysis::Capabilities;
use bylaw_native::rego::errors::Error;
use bylaw_native::rego::eval::{CompileOptions, Options, Policy};
use bylaw_native::rego::values::{Value, json};

/// Answers each request as its path says, and passes on what it was sent.
struct Server {
    address: String,
    requests: Receiver<String>,
}

impl Server {
    fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
        let address = listener.local_addr().expect("an address").to_string();
        let (tell, requests) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let Some((path, request)) = read_request(&stream) else { continue };
                let _ = tell.send(request);
                let answer = match path.as_str() {
                    "/json" => "200 OK\r\ncontent-type: application/json; charset=utf-8\r\nx-two: 1\r\nx-two: 2",
                    "/problem" => "404 Not Found\r\ncontent-type: application/problem+json",
                    "/text" => "200 OK\r\ncontent-type: text/plain",
                    "/moved" => "302 Found\r\nlocation: /json",
                    "/away" => "307 Temporary Redirect\r\nlocation: http://localhost:1/json",
                    "/round" => "302 Found\r\nlocation: /round",
                    _ => {
                        // Nothing: whoever waits, waits.
                        std::mem::forget(stream);
                        continue;
                    }
                };
                let body = r#"{"a": [1, 2.50]}"#;
                let _ = write!(
                    &stream,
                    "HTTP/1.1 {answer}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                    body.len()
                );
            }
        });
        Server { address, requests }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    fn request(&self) -> String {
        self.requests.recv_timeout(Duration::from_secs(5)).expect("a request")
    }
}

fn read_request(stream: &TcpStream) -> Option<(String, String)> {
    let mut reader = BufReader::new(stream);
    let mut request = String::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        request += &line;
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    request += &String::from_utf8_lossy(&body);
    Some((request.split(' ').nth(1)?.to_owned(), request))
}

/// What `http.send(request)` gives with these capabilities; `None` if undefined.
fn sent(request: &str, capabilities: Option<Capabilities>, options: &Options) -> Result<Option<Value>, Vec<Error>> {
    let text = format!("package p\nr := http.send({request})\n");
    let compile = CompileOptions { capabilities: capabilities.map(Arc::new), ..CompileOptions::default() };
    let snapshot = Policy::compile(&[("p.rego".into(), text)], Value::empty_object(), &compile)?;
    snapshot.evaluate(&["p", "r"], None, options).map_err(|error| vec![error])
}

fn strict() -> Options {
    Options { strict_builtin_errors: true, ..Options::default() }
}

fn answer(request: &str) -> Value {
    sent(request, None, &strict()).expect("no error").expect("defined")
}

fn message(request: &str, capabilities: Option<Capabilities>) -> (&'static str, String) {
    let errors = sent(request, capabilities, &strict()).expect_err("an error");
    let error = errors.into_iter().next().expect("one");
    (error.code, error.message)
}

fn field(value: &Value, path: &[&str]) -> String {
    let found = path.iter().try_fold(value, |value, name| value.field(name));
    found.map_or("undefined".into(), |value| String::from_utf8(json::write(value)).expect("UTF-8"))
}

fn only(hosts: &[&str]) -> Option<Capabilities> {
    let hosts: BTreeSet<String> = hosts.iter().map(ToString::to_string).collect();
    Some(Capabilities { allow_net: Some(hosts), ..Capabilities::default() })
}

#[test]
fn an_answer_is_a_document() {
    let server = Server::start();
    let value =
        answer(&format!(r#"{{"method": "get", "url": "{}", "headers": {{"X-One": "1"}}}}"#, server.url("json")));
    assert_eq!(field(&value, &["status"]), "\"200 OK\"");
    assert_eq!(field(&value, &["status_code"]), "200");
    assert_eq!(field(&value, &["body"]), r#"{"a":[1,2.50]}"#);
    assert_eq!(field(&value, &["raw_body"]), r#""{\"a\": [1, 2.50]}""#);
    assert_eq!(field(&value, &["headers", "x-two"]), r#"["1","2"]"#);
    let request = server.request();
    assert!(request.starts_with("GET /json HTTP/1.1\r\n"), "{request}");
    assert!(request.to_ascii_lowercase().contains("\r\nx-one: 1\r\n"), "{request}");
}

#[test]
fn a_body_is_read_by_its_type_or_as_it_is_told() {
    let server = Server::start();
    let of = |path: &str, more: &str| {
        field(&answer(&format!(r#"{{"method": "get", "url": "{}"{more}}}"#, server.url(path))), &["body"])
    };
    assert_eq!(of("problem", ""), r#"{"a":[1,2.50]}"#);
    assert_eq!(of("text", ""), "null");
    assert_eq!(of("text", r#", "force_json_decode": true"#), r#"{"a":[1,2.50]}"#);
    assert_eq!(of("text", r#", "force_yaml_decode": true"#), r#"{"a":[1,2.5]}"#);
}

#[test]
fn a_body_is_sent() {
    let server = Server::start();
    answer(&format!(r#"{{"method": "post", "url": "{}", "body": {{"b": [true, null]}}}}"#, server.url("json")));
    let request = server.request();
    assert!(request.starts_with("POST /json"), "{request}");
    assert!(request.ends_with(r#"{"b":[true,null]}"#), "{request}");
    answer(&format!(r#"{{"method": "put", "url": "{}", "raw_body": "as it is"}}"#, server.url("json")));
    assert!(server.request().ends_with("\r\n\r\nas it is"));
}

#[test]
fn equal_requests_of_an_evaluation_are_sent_once() {
    let server = Server::start();
    let request = format!(r#"{{"method": "get", "url": "{}"}}"#, server.url("json"));
    let text = format!("package p\nr := [http.send(o).status_code | some o in [{request}, {request}]]\n");
    let snapshot = Policy::compile(&[("p.rego".into(), text)], Value::empty_object(), &CompileOptions::default());
    let value = snapshot.expect("compiles").evaluate(&["p", "r"], None, &strict()).expect("no error");
    assert_eq!(value.map(|value| json::write(&value)), Some(b"[200,200]".to_vec()));
    server.request();
    assert!(server.requests.try_recv().is_err());
}

#[test]
fn redirects_are_followed_where_asked_and_allowed() {
    let server = Server::start();
    let moved = |more: &str| format!(r#"{{"method": "post", "url": "{}", "body": 1{more}}}"#, server.url("moved"));
    assert_eq!(field(&answer(&moved("")), &["status_code"]), "302");
    assert_eq!(field(&answer(&moved(r#", "enable_redirect": true"#)), &["status_code"]), "200");
    assert!(server.requests.iter().take(3).any(|request| request.starts_with("GET /json")));

    let away = format!(r#"{{"method": "get", "url": "{}", "enable_redirect": true}}"#, server.url("away"));
    assert_eq!(
        message(&away, only(&["127.0.0.1"])),
        ("eval_builtin_error", "http.send: disallowed host: localhost".into())
    );
    let round = format!(r#"{{"method": "get", "url": "{}", "enable_redirect": true}}"#, server.url("round"));
    assert_eq!(message(&round, None), ("eval_builtin_error", "http.send: stopped after 10 redirects".into()));
}

#[test]
fn a_host_that_is_not_allowed_is_not_asked() {
    let server = Server::start();
    let request = format!(r#"{{"method": "get", "url": "{}"}}"#, server.url("json"));
    let (code, text) = message(&request, only(&["example.com"]));
    assert_eq!((code, text.as_str()), ("eval_builtin_error", "http.send: disallowed host: 127.0.0.1"));
    assert!(server.requests.try_recv().is_err());
    assert!(sent(&request, only(&["127.0.0.1"]), &strict()).expect("no error").is_some());
}

#[test]
fn it_is_off_unless_capabilities_name_it() {
    let request = r#"{"method": "get", "url": "http://127.0.0.1:1"}"#;
    assert_eq!(
        message(request, Some(Capabilities::without_outside())),
        ("rego_type_error", "undefined function http.send".into())
    );
}

#[test]
fn who_does_not_answer_is_not_waited_for() {
    let server = Server::start();
    let asked = |more: &str| format!(r#"{{"method": "get", "url": "{}"{more}}}"#, server.url("never"));
    let started = Instant::now();
    let value = answer(&asked(r#", "timeout": "100ms", "raise_error": false"#));
    assert_eq!(field(&value, &["status_code"]), "0");
    assert_eq!(field(&value, &["error", "code"]), "\"eval_http_send_network_error\"");
    assert_eq!(message(&asked(r#", "timeout": 50000000"#), None).0, "eval_builtin_error");

    let deadline = Some(Instant::now() + Duration::from_millis(100));
    let errors = sent(&asked(""), None, &Options { deadline, ..Options::default() }).expect_err("an error");
    assert_eq!(errors.first().map(|error| error.code), Some("eval_cancel_error"));
    assert!(started.elapsed() < Duration::from_secs(4));
}

#[test]
fn what_it_cannot_do_it_refuses() {
    let of = |more: &str| format!(r#"{{"method": "get", "url": "http://127.0.0.1:1"{more}}}"#);
    let rows = [
        (of(r#", "tls_ca_cert_file": "/etc/passwd""#), "the request parameter \"tls_ca_cert_file\" is not supported"),
        (of(r#", "tls_ca_cert": "no PEM""#), "tls_ca_cert"),
        (of(r#", "timeout": true"#), "\"timeout\" must be a duration"),
        (of(r#", "headers": {"a": 1}"#), "invalid type for headers value 1"),
        (r#"{"method": "get", "url": "http://[::1"}"#.to_owned(), "invalid"),
    ];
    for (request, part) in rows {
        let (code, message) = message(&request, None);
        assert!(code.starts_with("eval_") && message.contains(part), "{request}: {code}: {message}");
    }
}
