//! A certificate as a document in the shape of Go's `x509.Certificate`.

use der::Encode;
use num_bigint::{BigInt, BigUint};
use x509_cert::Certificate;
use x509_cert::ext::Extension;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::time::Time;

use super::extensions::{Extensions, Names};
use super::names::{bytes, identifier, name, raw, uri};
use super::{document, list};
use crate::rego::builtins::keys::{PublicKey, certificate_key};
use crate::rego::values::{Number, Value};

/// A certificate whose parts are known to be readable.
pub(super) struct Parsed {
    pub certificate: Certificate,
    pub extensions: Extensions,
    pub key: PublicKey,
    issuer: Value,
    subject: Value,
}

impl Parsed {
    pub fn new(certificate: Certificate) -> Result<Self, String> {
        let tbs = &certificate.tbs_certificate;
        let extensions = Extensions::read(tbs.extensions.as_deref().unwrap_or_default())?;
        let key = certificate_key(&tbs.subject_public_key_info)?;
        let (issuer, subject) = (name(&tbs.issuer)?, name(&tbs.subject)?);
        Ok(Parsed { certificate, extensions, key, issuer, subject })
    }

    /// OPA adds the URIs as text in some of its built-ins.
    pub fn document(&self, with_uri_strings: bool) -> Value {
        let tbs = &self.certificate.tbs_certificate;
        let read = &self.extensions;
        let extensions = tbs.extensions.as_deref().unwrap_or_default();
        let usages = read.extended_usages.iter().map(|oid| (oid, extended_usage(&oid.to_string())));
        let known = usages.clone().filter_map(|(_, usage)| usage).map(Value::from);
        let unknown = usages.filter(|(_, usage)| usage.is_none()).map(|(oid, _)| identifier(oid));
        let (is_ca, path_length) = match read.constraints {
            Some((is_ca, length)) => (is_ca, length.map_or(-1, i64::from)),
            None => (false, 0),
        };
        let has_constraints = read.constraints.is_some();
        let serial = BigInt::from_signed_bytes_be(tbs.serial_number.as_bytes());
        let core = [
            ("Raw", raw(&self.certificate)),
            ("RawTBSCertificate", raw(tbs)),
            ("RawSubjectPublicKeyInfo", raw(&tbs.subject_public_key_info)),
            ("RawSubject", raw(&tbs.subject)),
            ("RawIssuer", raw(&tbs.issuer)),
            ("Signature", bytes(self.certificate.signature.raw_bytes())),
            ("SignatureAlgorithm", Value::from(signature_algorithm(&self.certificate.signature_algorithm))),
            ("PublicKeyAlgorithm", Value::from(key_algorithm(&self.key))),
            ("PublicKey", public_key_document(&self.key)),
            ("Version", Value::from(i64::from(tbs.version as u8) + 1)),
            ("SerialNumber", Value::from(Number::from_bigint(&serial))),
            ("Issuer", self.issuer.clone()),
            ("Subject", self.subject.clone()),
            ("NotBefore", Value::from(time(&tbs.validity.not_before))),
            ("NotAfter", Value::from(time(&tbs.validity.not_after))),
            ("KeyUsage", Value::from(i64::from(read.key_usage))),
            ("Extensions", list(extensions.iter().map(extension_document).collect())),
            ("ExtraExtensions", Value::Null),
            ("UnhandledCriticalExtensions", list(read.unhandled.iter().map(identifier).collect())),
            ("ExtKeyUsage", list(known.collect())),
            ("UnknownExtKeyUsage", list(unknown.collect())),
            ("BasicConstraintsValid", Value::from(has_constraints)),
            ("IsCA", Value::from(is_ca)),
            ("MaxPathLen", Value::from(path_length)),
            ("MaxPathLenZero", Value::from(has_constraints && path_length == 0)),
            ("SubjectKeyId", optional_bytes(read.subject_key.as_deref())),
            ("AuthorityKeyId", optional_bytes(read.authority_key.as_deref())),
            ("OCSPServer", texts(&read.ocsp_servers)),
            ("IssuingCertificateURL", texts(&read.issuer_urls)),
            ("CRLDistributionPoints", texts(&read.distribution_points)),
            ("PermittedDNSDomainsCritical", Value::from(read.names_critical)),
            ("PolicyIdentifiers", list(read.policies.iter().map(identifier).collect())),
            ("Policies", list(read.policies.iter().map(|oid| Value::from(oid.to_string())).collect())),
        ];
        let mut fields: Vec<(&str, Value)> = core.into_iter().collect();
        fields.extend(alternative_fields(&read.alternatives));
        fields.extend(constraint_fields(read));
        if with_uri_strings {
            fields.push(("URIStrings", texts(&read.alternatives.uris)));
        }
        Value::object(fields.into_iter().map(|(name, value)| (Value::from(name), value)))
    }
}

fn constraint_fields(read: &Extensions) -> Vec<(&'static str, Value)> {
    let number = |value: Option<u32>| Value::from(i64::from(value.unwrap_or(0)));
    let zero = |value: Option<u32>| Value::from(value == Some(0));
    let mapping = |(issuer, subject): &(der::asn1::ObjectIdentifier, der::asn1::ObjectIdentifier)| {
        let (issuer, subject) = (Value::from(issuer.to_string()), Value::from(subject.to_string()));
        document([("IssuerDomainPolicy", issuer), ("SubjectDomainPolicy", subject)])
    };
    vec![
        ("PermittedDNSDomains", texts(&read.permitted.dns)),
        ("ExcludedDNSDomains", texts(&read.excluded.dns)),
        ("PermittedIPRanges", ranges(&read.permitted.ranges)),
        ("ExcludedIPRanges", ranges(&read.excluded.ranges)),
        ("PermittedEmailAddresses", texts(&read.permitted.emails)),
        ("ExcludedEmailAddresses", texts(&read.excluded.emails)),
        ("PermittedURIDomains", texts(&read.permitted.uris)),
        ("ExcludedURIDomains", texts(&read.excluded.uris)),
        ("InhibitAnyPolicy", number(read.inhibit_any_policy)),
        ("InhibitAnyPolicyZero", zero(read.inhibit_any_policy)),
        ("InhibitPolicyMapping", number(read.inhibit_mapping)),
        ("InhibitPolicyMappingZero", zero(read.inhibit_mapping)),
        ("RequireExplicitPolicy", number(read.require_explicit)),
        ("RequireExplicitPolicyZero", zero(read.require_explicit)),
        ("PolicyMappings", list(read.mappings.iter().map(mapping).collect())),
    ]
}

/// The subject's other names, which requests have too.
pub(super) fn alternative_fields(names: &Names) -> Vec<(&'static str, Value)> {
    let addresses = names.addresses.iter().map(|address| Value::from(address.to_canonical().to_string()));
    vec![
        ("DNSNames", texts(&names.dns)),
        ("EmailAddresses", texts(&names.emails)),
        ("IPAddresses", list(addresses.collect())),
        ("URIs", list(names.uris.iter().map(|text| uri(text)).collect())),
    ]
}

fn texts(texts: &[String]) -> Value {
    list(texts.iter().map(|text| Value::from(text.as_str())).collect())
}

fn optional_bytes(content: Option<&[u8]>) -> Value {
    content.map_or(Value::Null, bytes)
}

fn ranges(ranges: &[Vec<u8>]) -> Value {
    let range = |range: &Vec<u8>| {
        let (address, mask) = range.split_at(range.len() / 2);
        let address = match (<[u8; 4]>::try_from(address), <[u8; 16]>::try_from(address)) {
            (Ok(v4), _) => std::net::IpAddr::from(v4).to_string(),
            (_, Ok(v6)) => std::net::IpAddr::from(v6).to_string(),
            _ => String::new(),
        };
        document([("IP", Value::from(address)), ("Mask", bytes(mask))])
    };
    list(ranges.iter().map(range).collect())
}

pub(super) fn extension_document(extension: &Extension) -> Value {
    document([
        ("Id", identifier(&extension.extn_id)),
        ("Critical", Value::from(extension.critical)),
        ("Value", bytes(extension.extn_value.as_bytes())),
    ])
}

/// RFC 3339.
fn time(time: &Time) -> String {
    time.to_date_time().to_string()
}

pub(super) fn public_key_document(key: &PublicKey) -> Value {
    let number = |bytes: &[u8]| big(&BigUint::from_bytes_be(bytes));
    match key {
        PublicKey::Rsa { n, e } => document([("N", big(n)), ("E", big(e))]),
        PublicKey::Ec { x, y, .. } => document([("Curve", Value::empty_object()), ("X", number(x)), ("Y", number(y))]),
        PublicKey::Ed25519(key) => bytes(key),
        PublicKey::Unknown => Value::Null,
    }
}

pub(super) fn big(number: &BigUint) -> Value {
    Value::from(Number::from_bigint(&BigInt::from(number.clone())))
}

/// Go's number of a kind of key.
pub(super) fn key_algorithm(key: &PublicKey) -> i64 {
    match key {
        PublicKey::Rsa { .. } => 1,
        PublicKey::Ec { .. } => 3,
        PublicKey::Ed25519(_) => 4,
        PublicKey::Unknown => 0,
    }
}

/// Go's number of a signature algorithm; 0 is unknown.
pub(super) fn signature_algorithm(algorithm: &AlgorithmIdentifierOwned) -> i64 {
    match algorithm.oid.to_string().as_str() {
        "1.2.840.113549.1.1.2" => 1,
        "1.2.840.113549.1.1.4" => 2,
        "1.2.840.113549.1.1.5" | "1.3.14.3.2.29" => 3,
        "1.2.840.113549.1.1.11" => 4,
        "1.2.840.113549.1.1.12" => 5,
        "1.2.840.113549.1.1.13" => 6,
        "1.2.840.10040.4.3" => 7,
        "2.16.840.1.101.3.4.3.2" => 8,
        "1.2.840.10045.4.1" => 9,
        "1.2.840.10045.4.3.2" => 10,
        "1.2.840.10045.4.3.3" => 11,
        "1.2.840.10045.4.3.4" => 12,
        "1.2.840.113549.1.1.10" => pss_algorithm(algorithm),
        "1.3.101.112" => 16,
        _ => 0,
    }
}

/// PSS names its hash in its parameters, by an object identifier that ends in 1, 2 or 3.
fn pss_algorithm(algorithm: &AlgorithmIdentifierOwned) -> i64 {
    const SHA2: [u8; 10] = [6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2];
    let Some(parameters) = algorithm.parameters.as_ref().and_then(|any| any.to_der().ok()) else { return 0 };
    let found = parameters.windows(SHA2.len() + 1).find_map(|window| window.strip_prefix(&SHA2));
    match found {
        Some([1]) => 13,
        Some([2]) => 14,
        Some([3]) => 15,
        _ => 0,
    }
}

/// Go's number of an extended key usage.
pub(super) fn extended_usage(oid: &str) -> Option<i64> {
    const USAGES: [&str; 14] = [
        "2.5.29.37.0",
        "1.3.6.1.5.5.7.3.1",
        "1.3.6.1.5.5.7.3.2",
        "1.3.6.1.5.5.7.3.3",
        "1.3.6.1.5.5.7.3.4",
        "1.3.6.1.5.5.7.3.5",
        "1.3.6.1.5.5.7.3.6",
        "1.3.6.1.5.5.7.3.7",
        "1.3.6.1.5.5.7.3.8",
        "1.3.6.1.5.5.7.3.9",
        "1.3.6.1.4.1.311.10.3.3",
        "2.16.840.1.113730.4.1",
        "1.3.6.1.4.1.311.2.1.22",
        "1.3.6.1.4.1.311.61.1.1",
    ];
    USAGES.iter().position(|known| *known == oid).and_then(|place| i64::try_from(place).ok())
}
