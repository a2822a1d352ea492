//! Keys for signatures: what they are, and how they are read from DER, PEM and JWK.

mod der;
mod jwk;
mod signing;
mod verifying;

use num_bigint::BigUint;

pub(super) use der::{
    certificate_key, ec_private_key, pkcs1_private_key, pkcs8_private_key, private_keys_in_pem, public_key,
};
pub(super) use jwk::{JsonWebKey, crt_values, key_set, private_key_set, to_jwk};
pub(super) use signing::sign;
pub(super) use verifying::{verify, verify_mac};

/// The NIST curves that Go knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Curve {
    P224,
    P256,
    P384,
    P521,
}

impl Curve {
    /// Bytes of a coordinate.
    pub fn size(self) -> usize {
        match self {
            Curve::P224 => 28,
            Curve::P256 => 32,
            Curve::P384 => 48,
            Curve::P521 => 66,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Curve::P224 => "P-224",
            Curve::P256 => "P-256",
            Curve::P384 => "P-384",
            Curve::P521 => "P-521",
        }
    }
}

/// A key that can verify.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PublicKey {
    Rsa {
        n: BigUint,
        e: BigUint,
    },
    /// Coordinates have the curve's size.
    Ec {
        curve: Curve,
        x: Vec<u8>,
        y: Vec<u8>,
    },
    Ed25519([u8; 32]),
    /// Of a kind that no algorithm here uses.
    Unknown,
}

/// A key that can sign.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum PrivateKey {
    Rsa { n: BigUint, e: BigUint, d: BigUint, p: BigUint, q: BigUint },
    Ec { curve: Curve, d: Vec<u8>, x: Vec<u8>, y: Vec<u8> },
    Ed25519 { seed: [u8; 32], public: [u8; 32] },
    Symmetric(Vec<u8>),
}

/// The hash of an algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

/// How a signature is made, without its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    Hmac,
    RsaPkcs1,
    RsaPss,
    Ecdsa,
    EdDsa,
}

/// A signature algorithm of RFC 7518 and RFC 8037.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Algorithm {
    pub scheme: Scheme,
    pub hash: Hash,
}

impl Algorithm {
    pub fn by_name(name: &str) -> Option<Self> {
        if name == "EdDSA" {
            return Some(Algorithm { scheme: Scheme::EdDsa, hash: Hash::Sha512 });
        }
        let (family, size) = name.split_at_checked(2)?;
        let scheme = match family {
            "HS" => Scheme::Hmac,
            "RS" => Scheme::RsaPkcs1,
            "PS" => Scheme::RsaPss,
            "ES" => Scheme::Ecdsa,
            _ => return None,
        };
        let hash = match size {
            "256" => Hash::Sha256,
            "384" => Hash::Sha384,
            "512" => Hash::Sha512,
            _ => return None,
        };
        Some(Algorithm { scheme, hash })
    }
}

impl PrivateKey {
    /// The half that everyone may know; a symmetric key has none.
    pub fn public(&self) -> PublicKey {
        match self {
            PrivateKey::Rsa { n, e, .. } => PublicKey::Rsa { n: n.clone(), e: e.clone() },
            PrivateKey::Ec { curve, x, y, .. } => PublicKey::Ec { curve: *curve, x: x.clone(), y: y.clone() },
            PrivateKey::Ed25519 { public, .. } => PublicKey::Ed25519(*public),
            PrivateKey::Symmetric(_) => PublicKey::Unknown,
        }
    }
}

/// The largest modulus, in bits, that is worth its time; the sender chooses the key.
const MAX_RSA_BITS: u64 = 16_384;

/// The number's bytes, widened to a size with leading zeros; nothing if it has more.
pub(super) fn fixed(bytes: &[u8], size: usize) -> Option<Vec<u8>> {
    let significant = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    let bytes = bytes.get(significant..)?;
    let mut out = vec![0; size.checked_sub(bytes.len())?];
    out.extend_from_slice(bytes);
    Some(out)
}
