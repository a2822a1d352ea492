//! Distinguished names, object identifiers and general names in the shapes of Go's `crypto/x509/pkix` and `net/url`.

use der::{Encode, Tag, Tagged};
use x509_cert::name::Name;

use super::{document, list};
use crate::rego::builtins::binary::base64_encode;
use crate::rego::values::Value;

/// `[2, 5, 4, 3]`.
pub(super) fn identifier(oid: &der::asn1::ObjectIdentifier) -> Value {
    Value::array(oid.arcs().map(|arc| Value::from(i64::from(arc))).collect())
}

pub(super) fn bytes(bytes: &[u8]) -> Value {
    Value::from(base64_encode(bytes))
}

/// DER of something that was read from DER.
pub(super) fn raw(part: &impl Encode) -> Value {
    part.to_der().map_or(Value::Null, |der| bytes(&der))
}

/// A name with its well-known attributes sorted out, as `pkix.Name`.
///
/// # Errors
/// If an attribute's value is no text.
pub(super) fn name(name: &Name) -> Result<Value, String> {
    const SORTED: [(&str, &str); 7] = [
        ("2.5.4.6", "Country"),
        ("2.5.4.10", "Organization"),
        ("2.5.4.11", "OrganizationalUnit"),
        ("2.5.4.7", "Locality"),
        ("2.5.4.8", "Province"),
        ("2.5.4.9", "StreetAddress"),
        ("2.5.4.17", "PostalCode"),
    ];
    let mut sorted: [Vec<Value>; SORTED.len()] = Default::default();
    let (mut common_name, mut serial_number) = (String::new(), String::new());
    let mut names = Vec::new();
    for attribute in name.0.iter().flat_map(|set| set.0.iter()) {
        let text = text(attribute.value.tag(), attribute.value.value())?;
        names.push(document([("Type", identifier(&attribute.oid)), ("Value", Value::from(text.as_str()))]));
        let oid = attribute.oid.to_string();
        match oid.as_str() {
            "2.5.4.3" => common_name = text,
            "2.5.4.5" => serial_number = text,
            _ => {
                let place = SORTED.iter().position(|(known, _)| *known == oid);
                if let Some(place) = place.and_then(|place| sorted.get_mut(place)) {
                    place.push(Value::from(text));
                }
            }
        }
    }
    let fields = SORTED.iter().zip(sorted).map(|((_, field), values)| (Value::from(*field), list(values)));
    let more = [
        (Value::from("CommonName"), Value::from(common_name)),
        (Value::from("SerialNumber"), Value::from(serial_number)),
        (Value::from("Names"), list(names)),
        (Value::from("ExtraNames"), Value::Null),
    ];
    Ok(Value::object(fields.chain(more)))
}

fn text(tag: Tag, value: &[u8]) -> Result<String, String> {
    let invalid = "x509: invalid RDNSequence: invalid attribute value";
    match tag {
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String | Tag::NumericString => {
            String::from_utf8(value.to_vec()).map_err(|_| format!("{invalid}: invalid string"))
        }
        Tag::TeletexString => Ok(value.iter().map(|byte| char::from(*byte)).collect()),
        Tag::BmpString => {
            let units = value.chunks_exact(2).map(|pair| pair.iter().fold(0_u16, |n, b| n << 8 | u16::from(*b)));
            String::from_utf16(&units.collect::<Vec<_>>()).map_err(|_| format!("{invalid}: invalid BMPString"))
        }
        other => Err(format!("{invalid}: unsupported string type: {other}")),
    }
}

/// A URI in its parts, as `url.URL`.
pub(super) fn uri(text: &str) -> Value {
    let (before, fragment) = text.split_once('#').unwrap_or((text, ""));
    let (before, query) = before.split_once('?').unwrap_or((before, ""));
    let force_query = query.is_empty() && text.contains('?');
    let (scheme, rest) = before.split_once(':').unwrap_or(("", before));
    let (mut host, mut path, mut opaque, mut user) = ("", "", "", Value::Null);
    match rest.strip_prefix("//") {
        Some(rest) => {
            let at = rest.find('/').unwrap_or(rest.len());
            let (authority, after) = rest.split_at(at);
            path = after;
            host = match authority.rsplit_once('@') {
                Some((_, host)) => {
                    user = Value::empty_object();
                    host
                }
                None => authority,
            };
        }
        None if rest.starts_with('/') => path = rest,
        None => opaque = rest,
    }
    document([
        ("Scheme", Value::from(scheme.to_ascii_lowercase())),
        ("Opaque", Value::from(opaque)),
        ("User", user),
        ("Host", Value::from(host)),
        ("Path", Value::from(path)),
        ("RawPath", Value::from("")),
        ("OmitHost", Value::from(false)),
        ("ForceQuery", Value::from(force_query)),
        ("RawQuery", Value::from(query)),
        ("Fragment", Value::from(fragment)),
        ("RawFragment", Value::from("")),
    ])
}
