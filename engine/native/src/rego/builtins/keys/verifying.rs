//! Verifying signatures. A key of the wrong kind, a malformed signature and a wrong one are all just not valid.

use hmac::{Hmac, Mac};
use num_bigint::BigUint;
use rsa::traits::SignatureScheme;
use sha2::{Digest, Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq;

use super::{Algorithm, Curve, Hash, MAX_RSA_BITS, PublicKey, Scheme, fixed};

/// The smallest modulus that Go still verifies with.
const MIN_RSA_BITS: u64 = 1024;

impl Hash {
    pub fn digest(self, message: &[u8]) -> Vec<u8> {
        match self {
            Hash::Sha256 => Sha256::digest(message).to_vec(),
            Hash::Sha384 => Sha384::digest(message).to_vec(),
            Hash::Sha512 => Sha512::digest(message).to_vec(),
        }
    }

    /// HMAC of a message; keys of every length are taken.
    pub fn mac(self, key: &[u8], message: &[u8]) -> Vec<u8> {
        match self {
            Hash::Sha256 => mac_of(Hmac::<Sha256>::new_from_slice(key), message),
            Hash::Sha384 => mac_of(Hmac::<Sha384>::new_from_slice(key), message),
            Hash::Sha512 => mac_of(Hmac::<Sha512>::new_from_slice(key), message),
        }
    }

    pub(super) fn pkcs1(self) -> rsa::Pkcs1v15Sign {
        match self {
            Hash::Sha256 => rsa::Pkcs1v15Sign::new::<Sha256>(),
            Hash::Sha384 => rsa::Pkcs1v15Sign::new::<Sha384>(),
            Hash::Sha512 => rsa::Pkcs1v15Sign::new::<Sha512>(),
        }
    }
}

fn mac_of<M: Mac>(mac: Result<M, hmac::digest::InvalidLength>, message: &[u8]) -> Vec<u8> {
    mac.map(|mac| mac.chain_update(message).finalize().into_bytes().to_vec()).unwrap_or_default()
}

/// Whether the signature of a message is valid. A symmetric key is checked in constant time.
pub(in crate::rego::builtins) fn verify(
    key: &PublicKey,
    algorithm: Algorithm,
    message: &[u8],
    signature: &[u8],
) -> bool {
    match algorithm.scheme {
        Scheme::EdDsa => verify_ed25519(key, message, signature),
        _ => verify_hashed(key, algorithm, &algorithm.hash.digest(message), signature),
    }
}

/// Whether a MAC is the one of the message.
pub(in crate::rego::builtins) fn verify_mac(secret: &[u8], hash: Hash, message: &[u8], mac: &[u8]) -> bool {
    bool::from(hash.mac(secret, message).ct_eq(mac))
}

/// The same for a message that is already hashed.
fn verify_hashed(key: &PublicKey, algorithm: Algorithm, digest: &[u8], signature: &[u8]) -> bool {
    match (algorithm.scheme, key) {
        (Scheme::RsaPkcs1, PublicKey::Rsa { n, e }) => {
            rsa_key(n, e).is_some_and(|key| algorithm.hash.pkcs1().verify(&key, digest, signature).is_ok())
        }
        (Scheme::RsaPss, PublicKey::Rsa { n, e }) => {
            rsa_key(n, e).is_some() && verify_pss(n, e, algorithm.hash, digest, signature).is_some()
        }
        (Scheme::Ecdsa, PublicKey::Ec { curve, x, y }) => verify_ecdsa(*curve, x, y, digest, signature).is_some(),
        _ => false,
    }
}

fn rsa_key(n: &BigUint, e: &BigUint) -> Option<rsa::RsaPublicKey> {
    let wide = |number: &BigUint| rsa::BigUint::from_bytes_be(&number.to_bytes_be());
    if !(MIN_RSA_BITS..=MAX_RSA_BITS).contains(&n.bits()) {
        return None;
    }
    rsa::RsaPublicKey::new_with_max_size(wide(n), wide(e), usize::try_from(MAX_RSA_BITS).ok()?).ok()
}

/// RFC 8017, 8.1.2 and 9.1.2, with a salt of any length, as Go verifies by default.
fn verify_pss(n: &BigUint, e: &BigUint, hash: Hash, digest: &[u8], signature: &[u8]) -> Option<()> {
    let size = usize::try_from(n.bits().div_ceil(8)).ok()?;
    let value = BigUint::from_bytes_be(signature);
    if signature.len() != size || &value >= n {
        return None;
    }
    let bits = usize::try_from(n.bits()).ok()?.checked_sub(1)?;
    let encoded = fixed(&value.modpow(e, n).to_bytes_be(), bits.div_ceil(8))?;
    let (masked, tail) = encoded.split_at_checked(encoded.len().checked_sub(digest.len() + 1)?)?;
    let (expected, end) = tail.split_at_checked(digest.len())?;
    if end != [0xbc] {
        return None;
    }
    let unused = 8 * encoded.len() - bits;
    let mask = generate_mask(hash, expected, masked.len());
    let mut data: Vec<u8> = masked.iter().zip(mask).map(|(a, b)| a ^ b).collect();
    let first = data.first_mut()?;
    if masked.first()? & !(0xff_u8 >> unused) != 0 {
        return None;
    }
    *first &= 0xff >> unused;
    let start = data.iter().position(|byte| *byte != 0)?;
    let salt = data.get(start..)?.strip_prefix(&[1])?;
    let message = [&[0; 8], digest, salt].concat();
    bool::from(hash.digest(&message).ct_eq(expected)).then_some(())
}

/// MGF1 of RFC 8017, B.2.1.
fn generate_mask(hash: Hash, seed: &[u8], length: usize) -> Vec<u8> {
    let mut mask = Vec::with_capacity(length + 64);
    let mut counter = 0_u32;
    while mask.len() < length {
        mask.extend(hash.digest(&[seed, &counter.to_be_bytes()].concat()));
        counter += 1;
    }
    mask.truncate(length);
    mask
}

/// Both halves of the signature are numbers of any length, as OPA takes them.
fn verify_ecdsa(curve: Curve, x: &[u8], y: &[u8], digest: &[u8], signature: &[u8]) -> Option<()> {
    let (r, s) = signature.split_at_checked(signature.len() / 2)?;
    let size = curve.size();
    let raw = [fixed(r, size)?, fixed(s, size)?].concat();
    let point = [&[4], x, y].concat();
    match curve {
        Curve::P224 => None,
        Curve::P256 => {
            use p256::ecdsa::signature::hazmat::PrehashVerifier;
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).ok()?;
            key.verify_prehash(digest, &p256::ecdsa::Signature::from_slice(&raw).ok()?).ok()
        }
        Curve::P384 => {
            use p384::ecdsa::signature::hazmat::PrehashVerifier;
            let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(&point).ok()?;
            key.verify_prehash(&at_least(digest, size), &p384::ecdsa::Signature::from_slice(&raw).ok()?).ok()
        }
        Curve::P521 => {
            use p521::ecdsa::signature::hazmat::PrehashVerifier;
            let key = p521::ecdsa::VerifyingKey::from_sec1_bytes(&point).ok()?;
            key.verify_prehash(&at_least(digest, size), &p521::ecdsa::Signature::from_slice(&raw).ok()?).ok()
        }
    }
}

/// A short digest as the number it is: the crates refuse one of less than half the curve's size.
pub(super) fn at_least(digest: &[u8], size: usize) -> Vec<u8> {
    let mut out = vec![0; size.saturating_sub(digest.len())];
    out.extend_from_slice(digest);
    out
}

fn verify_ed25519(key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
    let PublicKey::Ed25519(bytes) = key else { return false };
    let Ok(key) = ed25519_dalek::VerifyingKey::from_bytes(bytes) else { return false };
    let Ok(signature) = ed25519_dalek::Signature::from_slice(signature) else { return false };
    ed25519_dalek::Verifier::verify(&key, message, &signature).is_ok()
}
