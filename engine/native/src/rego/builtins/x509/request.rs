//! Certificate requests (PKCS #10) in the shape of Go's `x509.CertificateRequest`.

use der::Decode;
use x509_cert::ext::Extension;
use x509_cert::request::{CertReq, ExtensionReq};

use super::certificate::{
    alternative_fields, extension_document, key_algorithm, public_key_document, signature_algorithm,
};
use super::extensions::Extensions;
use super::names::{bytes, identifier, name, raw};
use super::{Answer, document, list};
use crate::rego::builtins::binary::{Alphabet, base64_decode, pem_decode};
use crate::rego::builtins::context::Context;
use crate::rego::builtins::keys::certificate_key;
use crate::rego::builtins::operands::{BuiltinError, string};
use crate::rego::values::Value;

const LABEL: &str = "CERTIFICATE REQUEST";
const EXTENSION_REQUEST: &str = "1.2.840.113549.1.9.14";

pub(super) fn parse_certificate_request(_: &mut Context, operands: &[Value]) -> Answer {
    let text = string(operands, 1)?;
    let request = read(text).and_then(|der| describe(&der)).map_err(BuiltinError::failure)?;
    Ok(Some(request))
}

/// DER from PEM, from base64 of DER, or from base64 of PEM.
fn read(text: &str) -> Result<Vec<u8>, String> {
    let der = if text.starts_with("-----BEGIN CERTIFICATE REQUEST-----") {
        text.as_bytes().to_vec()
    } else {
        base64_decode(text, Alphabet::Standard)?
    };
    match std::str::from_utf8(&der).ok().and_then(pem_decode) {
        Some((block, _)) if block.label == LABEL => Ok(block.bytes),
        Some(_) => Err("invalid PEM-encoded certificate signing request".to_owned()),
        None => Ok(der),
    }
}

fn describe(der: &[u8]) -> Result<Value, String> {
    let request = CertReq::from_der(der).map_err(|e| format!("asn1: structure error: {e}"))?;
    let info = &request.info;
    let key = certificate_key(&info.public_key)?;
    let mut extensions: Vec<Extension> = Vec::new();
    let mut attributes = Vec::new();
    for attribute in info.attributes.iter() {
        if attribute.oid.to_string() != EXTENSION_REQUEST {
            continue;
        }
        let mut sets = Vec::new();
        for value in attribute.values.iter() {
            let requested: ExtensionReq = value.decode_as().map_err(|e| format!("asn1: structure error: {e}"))?;
            sets.push(Value::array(requested.0.iter().map(attribute_document).collect()));
            extensions.extend(requested.0);
        }
        attributes.push(document([("Type", identifier(&attribute.oid)), ("Value", Value::array(sets))]));
    }
    let read = Extensions::read(&extensions)?;
    let mut fields = vec![
        ("Raw", raw(&request)),
        ("RawTBSCertificateRequest", raw(info)),
        ("RawSubjectPublicKeyInfo", raw(&info.public_key)),
        ("RawSubject", raw(&info.subject)),
        ("Version", Value::from(0)),
        ("Signature", bytes(request.signature.raw_bytes())),
        ("SignatureAlgorithm", Value::from(signature_algorithm(&request.algorithm))),
        ("PublicKeyAlgorithm", Value::from(key_algorithm(&key))),
        ("PublicKey", public_key_document(&key)),
        ("Subject", name(&info.subject)?),
        ("Attributes", list(attributes)),
        ("Extensions", list(extensions.iter().map(extension_document).collect())),
        ("ExtraExtensions", Value::Null),
    ];
    fields.extend(alternative_fields(&read.alternatives));
    Ok(Value::object(fields.into_iter().map(|(name, value)| (Value::from(name), value))))
}

/// An extension read as a type and one value, which is its criticality where it is critical: Go reads it so.
fn attribute_document(extension: &Extension) -> Value {
    let value = if extension.critical { Value::from(true) } else { bytes(extension.extn_value.as_bytes()) };
    document([("Type", identifier(&extension.extn_id)), ("Value", value)])
}
