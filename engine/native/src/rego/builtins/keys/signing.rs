//! Making signatures. ECDSA is deterministic (RFC 6979), so that equal arguments give equal tokens; PSS is not.

use rsa::rand_core::OsRng;
use rsa::traits::SignatureScheme;
use sha2::{Sha256, Sha384, Sha512};

use super::verifying::at_least;
use super::{Algorithm, Curve, Hash, MAX_RSA_BITS, PrivateKey, Scheme};

/// The signature of a message; ECDSA's as `r` and `s` side by side.
///
/// # Errors
/// If the key is not of the kind that the algorithm needs, or cannot sign.
pub(in crate::rego::builtins) fn sign(
    key: &PrivateKey,
    algorithm: Algorithm,
    message: &[u8],
) -> Result<Vec<u8>, String> {
    let digest = || algorithm.hash.digest(message);
    match (algorithm.scheme, key) {
        (Scheme::Hmac, PrivateKey::Symmetric(secret)) => Ok(algorithm.hash.mac(secret, message)),
        (Scheme::RsaPkcs1, PrivateKey::Rsa { .. }) => {
            let signed = rsa_key(key)?.sign(algorithm.hash.pkcs1(), &digest());
            signed.map_err(|e| format!("failed to sign: {e}"))
        }
        (Scheme::RsaPss, PrivateKey::Rsa { .. }) => {
            let scheme = match algorithm.hash {
                Hash::Sha256 => rsa::Pss::new::<Sha256>(),
                Hash::Sha384 => rsa::Pss::new::<Sha384>(),
                Hash::Sha512 => rsa::Pss::new::<Sha512>(),
            };
            let signed = scheme.sign(Some(&mut OsRng), &rsa_key(key)?, &digest());
            signed.map_err(|e| format!("failed to sign: {e}"))
        }
        (Scheme::Ecdsa, PrivateKey::Ec { curve, d, .. }) => {
            sign_ecdsa(*curve, d, &digest()).ok_or_else(|| "failed to sign: invalid key".to_owned())
        }
        (Scheme::EdDsa, PrivateKey::Ed25519 { seed, .. }) => {
            let key = ed25519_dalek::SigningKey::from_bytes(seed);
            Ok(ed25519_dalek::Signer::sign(&key, message).to_bytes().to_vec())
        }
        _ => Err("failed to sign: the key is not of the algorithm's kind".to_owned()),
    }
}

fn rsa_key(key: &PrivateKey) -> Result<rsa::RsaPrivateKey, String> {
    let PrivateKey::Rsa { n, e, d, p, q } = key else { return Err("not an RSA key".to_owned()) };
    if [n, e, d, p, q].iter().any(|number| number.bits() > MAX_RSA_BITS) {
        return Err(format!("RSA key has more than {MAX_RSA_BITS} bits"));
    }
    let wide = |number: &num_bigint::BigUint| rsa::BigUint::from_bytes_be(&number.to_bytes_be());
    rsa::RsaPrivateKey::from_components(wide(n), wide(e), wide(d), vec![wide(p), wide(q)])
        .map_err(|e| format!("invalid RSA key: {e}"))
}

fn sign_ecdsa(curve: Curve, d: &[u8], digest: &[u8]) -> Option<Vec<u8>> {
    match curve {
        Curve::P224 => None,
        Curve::P256 => {
            use p256::ecdsa::signature::hazmat::PrehashSigner;
            let key = p256::ecdsa::SigningKey::from_slice(d).ok()?;
            let signature: p256::ecdsa::Signature = key.sign_prehash(digest).ok()?;
            Some(signature.to_bytes().to_vec())
        }
        Curve::P384 => {
            use p384::ecdsa::signature::hazmat::PrehashSigner;
            let key = p384::ecdsa::SigningKey::from_slice(d).ok()?;
            let signature: p384::ecdsa::Signature = key.sign_prehash(&at_least(digest, curve.size())).ok()?;
            Some(signature.to_bytes().to_vec())
        }
        Curve::P521 => {
            use p521::ecdsa::signature::hazmat::PrehashSigner;
            let key = p521::ecdsa::SigningKey::from_slice(d).ok()?;
            let signature: p521::ecdsa::Signature = key.sign_prehash(&at_least(digest, curve.size())).ok()?;
            Some(signature.to_bytes().to_vec())
        }
    }
}

/// The public point of a private number.
pub(super) fn public_point(curve: Curve, d: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    use p256::elliptic_curve::sec1::ToEncodedPoint;
    let point = match curve {
        Curve::P224 => return None,
        Curve::P256 => p256::SecretKey::from_slice(d).ok()?.public_key().to_encoded_point(false).as_bytes().to_vec(),
        Curve::P384 => p384::SecretKey::from_slice(d).ok()?.public_key().to_encoded_point(false).as_bytes().to_vec(),
        Curve::P521 => p521::SecretKey::from_slice(d).ok()?.public_key().to_encoded_point(false).as_bytes().to_vec(),
    };
    let coordinates = point.strip_prefix(&[4])?;
    let (x, y) = coordinates.split_at_checked(curve.size())?;
    Some((x.to_vec(), y.to_vec()))
}
