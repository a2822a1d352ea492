//! URLs as Go's `net/url` takes them apart: laxer than RFC 3986 in paths, strict in hosts.

use std::net::Ipv6Addr;

use crate::rego::values::{json, quote};

/// The parts that `uri.parse` names. What is absent is empty.
#[derive(Debug, Default)]
pub(super) struct Url {
    pub scheme: String,
    /// Host and port, the host of an IPv6 address in brackets.
    host: String,
    pub path: String,
    /// The path as it was written.
    pub raw_path: String,
    pub raw_query: String,
    pub fragment: String,
}

impl Url {
    pub(super) fn hostname(&self) -> &str {
        let host = self.split_port().0;
        host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
    }

    pub(super) fn port(&self) -> &str {
        self.split_port().1
    }

    fn split_port(&self) -> (&str, &str) {
        match self.host.rsplit_once(':') {
            Some((host, port)) if is_port(port) => (host, port),
            _ => (&self.host, ""),
        }
    }
}

/// Where a text stands decides which characters must be escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Path,
    Query,
    Fragment,
    User,
    Host,
    Zone,
}

/// # Errors
/// Go's message: `parse "…": invalid port ":x" after host`.
pub(super) fn parse(text: &str) -> Result<Url, String> {
    let (rest, fragment) = text.split_once('#').unwrap_or((text, ""));
    let mut url = parse_rest(rest).map_err(|why| format!("parse {}: {why}", quote(rest)))?;
    url.fragment = unescape(fragment, Part::Fragment).map_err(|why| format!("parse {}: {why}", quote(text)))?;
    Ok(url)
}

fn parse_rest(text: &str) -> Result<Url, String> {
    if text.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
        return Err("net/url: invalid control character in URL".to_owned());
    }
    let mut url = Url::default();
    if text == "*" {
        url.path = "*".to_owned();
        url.raw_path = "*".to_owned();
        return Ok(url);
    }
    let (scheme, rest) = scheme(text)?;
    url.scheme = scheme.to_ascii_lowercase();
    let (mut rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    url.raw_query = query.to_owned();
    if !rest.starts_with('/') {
        if !url.scheme.is_empty() {
            // `mailto:someone`: opaque, with no part that has a name here.
            return Ok(url);
        }
        if rest.split('/').next().is_some_and(|segment| segment.contains(':')) {
            return Err("first path segment in URL cannot contain colon".to_owned());
        }
    }
    if (!url.scheme.is_empty() || !rest.starts_with("///"))
        && let Some(after) = rest.strip_prefix("//")
    {
        let (authority, path) = after.find('/').map_or((after, ""), |at| after.split_at(at));
        url.host = authority_host(&url.scheme, authority)?;
        rest = path;
    }
    url.path = unescape(rest, Part::Path)?;
    url.raw_path = rest.to_owned();
    if escape(url.path.as_bytes(), Part::Path) == rest {
        url.raw_path.clone_from(&url.path);
    }
    Ok(url)
}

fn scheme(text: &str) -> Result<(&str, &str), String> {
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err("missing protocol scheme".to_owned()),
            b':' => return Ok(text.split_once(':').unwrap_or(("", text))),
            _ => break,
        }
    }
    Ok(("", text))
}

fn authority_host(scheme: &str, authority: &str) -> Result<String, String> {
    let Some((user, after)) = authority.rsplit_once('@') else { return host(scheme, authority) };
    let host = host(scheme, after)?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._:~!$&'()*+,;=%@".contains(c);
    if !user.chars().all(allowed) {
        return Err("net/url: invalid userinfo".to_owned());
    }
    let (name, password) = user.split_once(':').unwrap_or((user, ""));
    unescape(name, Part::User)?;
    unescape(password, Part::User)?;
    Ok(host)
}

fn host(scheme: &str, text: &str) -> Result<String, String> {
    match text.rfind('[') {
        Some(0) => return bracketed(text),
        Some(_) => return Err("invalid IP-literal".to_owned()),
        None => {}
    }
    if let (Some(first), Some(last)) = (text.find(':'), text.rfind(':')) {
        let strict = scheme == "http" || scheme == "https";
        let port = text.get(if strict { first } else { last }..).unwrap_or_default();
        if !is_optional_port(port) {
            return Err(format!("invalid port {} after host", quote(port)));
        }
    }
    unescape(text, Part::Host)
}

fn bracketed(text: &str) -> Result<String, String> {
    let Some((inside, port)) = text.get(1..).and_then(|rest| rest.rsplit_once(']')) else {
        return Err("missing ']' in host".to_owned());
    };
    if !is_optional_port(port) {
        return Err(format!("invalid port {} after host", quote(port)));
    }
    let hostname = match inside.find("%25") {
        Some(at) => {
            let (address, zone) = inside.split_at(at);
            format!("{}{}", unescape(address, Part::Host)?, unescape(zone, Part::Zone)?)
        }
        None => unescape(inside, Part::Host)?,
    };
    let (address, zone) = hostname.split_once('%').map_or((hostname.as_str(), None), |(a, z)| (a, Some(z)));
    if address.parse::<std::net::Ipv4Addr>().is_ok() {
        return Err("invalid IP-literal".to_owned());
    }
    if address.parse::<Ipv6Addr>().is_err() || zone == Some("") {
        return Err(format!("invalid host: ParseAddr({}): unable to parse IP", quote(&hostname)));
    }
    Ok(format!("[{hostname}]{port}"))
}

fn is_port(port: &str) -> bool {
    port.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_optional_port(text: &str) -> bool {
    text.is_empty() || text.strip_prefix(':').is_some_and(is_port)
}

fn stays(byte: u8, part: Part) -> bool {
    if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
        return true;
    }
    match part {
        Part::Host | Part::Zone => b"!$&'()*+,;=:[]<>\"".contains(&byte),
        Part::Path => b"$&+,/:;=@".contains(&byte),
        Part::User => b"$&+,;=".contains(&byte),
        Part::Fragment => b"$&+,/:;=?@!()*".contains(&byte),
        Part::Query => false,
    }
}

/// The text for a query: spaces become `+`.
pub(super) fn escape_query(text: &str) -> String {
    escape(text.as_bytes(), Part::Query)
}

fn escape(bytes: &[u8], part: Part) -> String {
    let mut out = String::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            b' ' if part == Part::Query => out.push('+'),
            byte if stays(byte, part) => out.push(char::from(byte)),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// # Errors
/// Go's message on a `%` without two hexadecimal digits.
pub(super) fn unescape_query(text: &str) -> Result<String, String> {
    unescape(text, Part::Query)
}

fn unescape(text: &str, part: Part) -> Result<String, String> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'%' => {
                let wrong = || format!("invalid URL escape {}", quote(&escape_shown(bytes, at - 1)));
                let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
                let (Some(high), Some(low)) = (digit(at), digit(at + 1)) else { return Err(wrong()) };
                let value = u8::try_from(high << 4 | low).unwrap_or(0);
                let percent = value == b'%';
                let refused = match part {
                    Part::Host => high < 8 && !percent,
                    Part::Zone => !percent && value != b' ' && !stays(value, Part::Host),
                    _ => false,
                };
                if refused {
                    return Err(wrong());
                }
                out.push(value);
                at += 2;
            }
            b'+' if part == Part::Query => out.push(b' '),
            byte if matches!(part, Part::Host | Part::Zone) && byte < 0x80 && !stays(byte, part) => {
                let shown = char::from(byte).to_string();
                return Err(format!("invalid character {} in host name", quote(&shown)));
            }
            byte => out.push(byte),
        }
    }
    match String::from_utf8(out) {
        Ok(text) => Ok(text),
        // As elsewhere: different bytes must not become equal texts.
        Err(_) if part == Part::Query => Err("decoded bytes are not UTF-8".to_owned()),
        Err(error) => Ok(json::text_of(error.as_bytes())),
    }
}

/// What Go shows of a broken escape: three bytes at most.
fn escape_shown(bytes: &[u8], from: usize) -> String {
    json::text_of(bytes.get(from..(from + 3).min(bytes.len())).unwrap_or_default())
}
