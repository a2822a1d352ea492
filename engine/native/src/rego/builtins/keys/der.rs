//! Keys in DER: SubjectPublicKeyInfo, PKCS #1, PKCS #8 and SEC 1, and the same within PEM.

use der::{Decode, Encode};
use num_bigint::BigUint;
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use super::{Curve, MAX_RSA_BITS, PrivateKey, PublicKey, fixed};
use crate::rego::builtins::binary::{Alphabet, base64_decode, pem_decode};

const RSA: &str = "1.2.840.113549.1.1.1";
const EC: &str = "1.2.840.10045.2.1";
const ED25519: &str = "1.3.101.112";

fn curve(oid: &str) -> Option<Curve> {
    Some(match oid {
        "1.3.132.0.33" => Curve::P224,
        "1.2.840.10045.3.1.7" => Curve::P256,
        "1.3.132.0.34" => Curve::P384,
        "1.3.132.0.35" => Curve::P521,
        _ => return None,
    })
}

/// The key in a SubjectPublicKeyInfo.
///
/// # Errors
/// A message in Go's manner.
pub(in crate::rego::builtins) fn public_key(der: &[u8]) -> Result<PublicKey, String> {
    let info = SubjectPublicKeyInfoOwned::from_der(der).map_err(|e| format!("asn1: structure error: {e}"))?;
    certificate_key(&info)
}

/// The key in a certificate; one of an unknown algorithm is `Unknown`.
///
/// # Errors
/// A message in Go's manner if the algorithm is known, but the key is not one of it.
pub(in crate::rego::builtins) fn certificate_key(info: &SubjectPublicKeyInfoOwned) -> Result<PublicKey, String> {
    let bits = info.subject_public_key.raw_bytes();
    match info.algorithm.oid.to_string().as_str() {
        RSA => {
            let key = pkcs1::RsaPublicKey::from_der(bits).map_err(|_| "x509: invalid RSA public key")?;
            let n = BigUint::from_bytes_be(key.modulus.as_bytes());
            let e = BigUint::from_bytes_be(key.public_exponent.as_bytes());
            if n.bits().max(e.bits()) > MAX_RSA_BITS {
                return Err(format!("x509: RSA key has more than {MAX_RSA_BITS} bits"));
            }
            Ok(PublicKey::Rsa { n, e })
        }
        EC => {
            let parameters = info.algorithm.parameters.as_ref().and_then(|any| any.to_der().ok());
            let named = parameters.and_then(|der| der::asn1::ObjectIdentifier::from_der(&der).ok());
            let curve = named.and_then(|oid| curve(&oid.to_string())).ok_or("x509: unsupported elliptic curve")?;
            let (x, y) = point(bits, curve).ok_or("x509: failed to unmarshal elliptic curve point")?;
            Ok(PublicKey::Ec { curve, x, y })
        }
        ED25519 => {
            let bytes = bits.try_into().map_err(|_| "x509: wrong Ed25519 public key size")?;
            Ok(PublicKey::Ed25519(bytes))
        }
        _ => Ok(PublicKey::Unknown),
    }
}

/// The coordinates of an uncompressed point.
fn point(bytes: &[u8], curve: Curve) -> Option<(Vec<u8>, Vec<u8>)> {
    let coordinates = bytes.strip_prefix(&[4])?;
    let (x, y) = coordinates.split_at_checked(curve.size())?;
    (y.len() == curve.size()).then(|| (x.to_vec(), y.to_vec()))
}

/// An `RSA PRIVATE KEY`.
///
/// # Errors
/// A message in Go's manner.
pub(in crate::rego::builtins) fn pkcs1_private_key(der: &[u8]) -> Result<PrivateKey, String> {
    let key = pkcs1::RsaPrivateKey::from_der(der).map_err(|e| format!("asn1: structure error: {e}"))?;
    if key.other_prime_infos.is_some() {
        return Err("x509: RSA private key with more than two primes".to_owned());
    }
    let number = |uint: der::asn1::UintRef<'_>| BigUint::from_bytes_be(uint.as_bytes());
    let parts = [key.modulus, key.public_exponent, key.private_exponent, key.prime1, key.prime2];
    if parts.into_iter().any(|part| number(part).bits() > MAX_RSA_BITS) {
        return Err(format!("x509: RSA key has more than {MAX_RSA_BITS} bits"));
    }
    Ok(PrivateKey::Rsa {
        n: number(key.modulus),
        e: number(key.public_exponent),
        d: number(key.private_exponent),
        p: number(key.prime1),
        q: number(key.prime2),
    })
}

/// An `EC PRIVATE KEY`; the curve is named in it or known from around it.
///
/// # Errors
/// A message in Go's manner.
pub(in crate::rego::builtins) fn ec_private_key(der: &[u8], known: Option<Curve>) -> Result<PrivateKey, String> {
    let key = sec1::EcPrivateKey::from_der(der).map_err(|e| format!("x509: failed to parse EC private key: {e}"))?;
    let named = key.parameters.and_then(|parameters| parameters.named_curve());
    let curve = known.or_else(|| named.and_then(|oid| curve(&oid.to_string())));
    let curve = curve.ok_or("x509: unknown elliptic curve")?;
    let d = fixed(key.private_key, curve.size()).ok_or("x509: invalid elliptic curve private key value")?;
    let (x, y) = match key.public_key.and_then(|bytes| point(bytes, curve)) {
        Some(point) => point,
        None => super::signing::public_point(curve, &d).ok_or("x509: invalid elliptic curve private key value")?,
    };
    Ok(PrivateKey::Ec { curve, d, x, y })
}

/// A `PRIVATE KEY`.
///
/// # Errors
/// A message in Go's manner.
pub(in crate::rego::builtins) fn pkcs8_private_key(der: &[u8]) -> Result<PrivateKey, String> {
    let info = pkcs8::PrivateKeyInfo::from_der(der).map_err(|e| format!("asn1: structure error: {e}"))?;
    match info.algorithm.oid.to_string().as_str() {
        RSA => pkcs1_private_key(info.private_key),
        EC => {
            let named = info.algorithm.parameters_oid().ok();
            ec_private_key(info.private_key, named.and_then(|oid| curve(&oid.to_string())))
        }
        ED25519 => {
            let seed = der::asn1::OctetStringRef::from_der(info.private_key).ok();
            let seed = seed.and_then(|seed| <[u8; 32]>::try_from(seed.as_bytes()).ok());
            let seed = seed.ok_or("x509: invalid Ed25519 private key length")?;
            let public = ed25519_dalek::SigningKey::from_bytes(&seed).verifying_key().to_bytes();
            Ok(PrivateKey::Ed25519 { seed, public })
        }
        other => Err(format!("x509: PKCS#8 wrapping contained private key with unknown algorithm: {other}")),
    }
}

/// All private keys of a PEM file, which may be wrapped in base64; other blocks are passed over.
///
/// # Errors
/// A message in Go's manner if a block is no key of the kind it says it is.
pub(in crate::rego::builtins) fn private_keys_in_pem(text: &str) -> Result<Vec<PrivateKey>, String> {
    let unwrapped = base64_decode(text, Alphabet::Standard).ok();
    let unwrapped = unwrapped.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let mut rest = unwrapped.as_deref().unwrap_or(text);
    let mut keys = Vec::new();
    while let Some((block, after)) = pem_decode(rest) {
        rest = after;
        match block.label.as_str() {
            "RSA PRIVATE KEY" => keys.push(pkcs1_private_key(&block.bytes)?),
            "PRIVATE KEY" => keys.push(pkcs8_private_key(&block.bytes)?),
            "EC PRIVATE KEY" => keys.push(ec_private_key(&block.bytes, None)?),
            _ => {}
        }
    }
    Ok(keys)
}
