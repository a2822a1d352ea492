//! Whether a certificate is trusted through others (RFC 5280, 6), as Go's `Certificate.Verify` decides.

use std::time::Duration;

use der::Encode;

use super::certificate::{Parsed, extended_usage, signature_algorithm};
use super::hosts::{allowed_by_constraints, host_matches};
use crate::rego::builtins::keys::{Algorithm, Hash, PublicKey, Scheme, verify as verify_signature};
use crate::rego::values::{Object, Value};

/// How far a chain may be searched; the sender chooses how many certificates there are.
const MAX_SIGNATURE_CHECKS: u32 = 100;
const ANY_USAGE: i64 = 0;
const SERVER_AUTH: i64 = 1;
const CERT_SIGN: u16 = 1 << 5;

/// What is demanded of the leaf and when.
pub(super) struct Options {
    host: String,
    now: Duration,
    usages: Vec<i64>,
}

impl Options {
    pub fn new(now_ns: i64) -> Self {
        Options { host: String::new(), now: since_epoch(now_ns), usages: Vec::new() }
    }

    /// # Errors
    /// OPA's message for an option that does not exist or has a wrong value.
    pub fn read(options: &Object, now_ns: i64) -> Result<Self, String> {
        let mut read = Options::new(now_ns);
        for (name, value) in options.iter() {
            let Some(name) = name.as_str() else { continue };
            let number = || value.as_number().ok_or_else(|| format!("'{name}' should be a number"));
            match name {
                "DNSName" => {
                    let text = value.as_str().ok_or("'DNSName' should be a string")?;
                    read.host = text.trim_matches('"').to_owned();
                }
                "CurrentTime" => {
                    let ns = number()?.as_i64().ok_or("'CurrentTime' should be a valid int64 number")?;
                    read.now = since_epoch(ns);
                }
                "MaxConstraintComparisons" => {
                    number()?.as_i64().ok_or("'MaxConstraintComparisons' should be a valid number")?;
                }
                "KeyUsages" => read.usages = usages(value)?,
                _ => return Err("invalid key option".to_owned()),
            }
        }
        Ok(read)
    }
}

fn since_epoch(ns: i64) -> Duration {
    Duration::from_nanos(u64::try_from(ns).unwrap_or(0))
}

fn usages(value: &Value) -> Result<Vec<i64>, String> {
    const NAMES: [&str; 14] = [
        "KeyUsageAny",
        "KeyUsageServerAuth",
        "KeyUsageClientAuth",
        "KeyUsageCodeSigning",
        "KeyUsageEmailProtection",
        "KeyUsageIPSECEndSystem",
        "KeyUsageIPSECTunnel",
        "KeyUsageIPSECUser",
        "KeyUsageTimeStamping",
        "KeyUsageOCSPSigning",
        "KeyUsageMicrosoftServerGatedCrypto",
        "KeyUsageNetscapeServerGatedCrypto",
        "KeyUsageMicrosoftCommercialCodeSigning",
        "KeyUsageMicrosoftKernelCodeSigning",
    ];
    let elements = match value {
        Value::Array(array) => array.as_slice(),
        Value::Set(set) => set.as_slice(),
        _ => return Err("'KeyUsages' should be an Array or Set".to_owned()),
    };
    let (mut found, mut invalid) = (Vec::new(), Vec::new());
    for name in elements.iter().filter_map(Value::as_str).map(|name| name.trim_matches('"')) {
        match NAMES.iter().position(|known| *known == name).and_then(|place| i64::try_from(place).ok()) {
            Some(usage) => found.push(usage),
            None => invalid.push(name),
        }
    }
    if invalid.is_empty() {
        return Ok(found);
    }
    Err(format!("invalid entries for 'KeyUsages' found: [{}]", invalid.join(" ")))
}

/// The chain from the last certificate, the leaf, to the first one, the root, if there is a valid one.
pub(super) fn verify<'a>(certificates: &'a [Parsed], options: &Options) -> Option<Vec<&'a Parsed>> {
    let [root, intermediates @ .., leaf] = certificates else { return None };
    let mut search = Search { root, intermediates, options, checks_left: MAX_SIGNATURE_CHECKS };
    if !search.is_usable(leaf) {
        return None;
    }
    if !options.host.is_empty() && !host_matches(&leaf.extensions.alternatives, &options.host) {
        return None;
    }
    if leaf.certificate == root.certificate {
        return search.usages_allow(&[leaf]).then(|| vec![leaf]);
    }
    search.extend(vec![leaf])
}

struct Search<'a, 'o> {
    root: &'a Parsed,
    intermediates: &'a [Parsed],
    options: &'o Options,
    checks_left: u32,
}

impl<'a> Search<'a, '_> {
    /// Depth first, the root before others. A chain visits no certificate twice, so it ends.
    fn extend(&mut self, chain: Vec<&'a Parsed>) -> Option<Vec<&'a Parsed>> {
        let child = *chain.last()?;
        if self.may_follow(&chain, child, self.root) {
            let mut whole = chain.clone();
            whole.push(self.root);
            if self.usages_allow(&whole) {
                return Some(whole);
            }
        }
        for candidate in self.intermediates {
            let visited = chain.iter().any(|seen| seen.certificate == candidate.certificate);
            if !visited && self.may_follow(&chain, child, candidate) {
                let mut longer = chain.clone();
                longer.push(candidate);
                if let Some(found) = self.extend(longer) {
                    return Some(found);
                }
            }
        }
        None
    }

    /// Whether a certificate may and did sign the end of a chain.
    fn may_follow(&mut self, chain: &[&Parsed], child: &Parsed, issuer: &Parsed) -> bool {
        let signed_by = &child.certificate.tbs_certificate.issuer;
        if *signed_by != issuer.certificate.tbs_certificate.subject || self.checks_left == 0 {
            return false;
        }
        self.checks_left -= 1;
        is_signed_by(child, issuer)
            && self.is_usable(issuer)
            && is_authority(issuer, chain.len() - 1)
            && chain.iter().all(|below| allowed_by_constraints(below, &issuer.extensions))
    }

    /// Within its time, and without a critical extension that nobody here understands.
    fn is_usable(&self, certificate: &Parsed) -> bool {
        let validity = &certificate.certificate.tbs_certificate.validity;
        let (from, until) = (validity.not_before.to_unix_duration(), validity.not_after.to_unix_duration());
        certificate.extensions.unhandled.is_empty() && from <= self.options.now && self.options.now <= until
    }

    /// Whether one of the demanded usages is allowed by every certificate that restricts them.
    fn usages_allow(&self, chain: &[&Parsed]) -> bool {
        let demanded: &[i64] = if self.options.usages.is_empty() { &[SERVER_AUTH] } else { &self.options.usages };
        let allows = |certificate: &Parsed, usage: i64| {
            let listed = &certificate.extensions.extended_usages;
            let mut known = listed.iter().filter_map(|oid| extended_usage(&oid.to_string()));
            listed.is_empty() || known.any(|known| known == usage || known == ANY_USAGE)
        };
        let everywhere = |usage: &i64| chain.iter().all(|certificate| allows(certificate, *usage));
        demanded.contains(&ANY_USAGE) || demanded.iter().any(everywhere)
    }
}

/// Whether a certificate may sign others, with so many intermediates below it.
fn is_authority(certificate: &Parsed, intermediates: usize) -> bool {
    let is_version_3 = certificate.certificate.tbs_certificate.version == x509_cert::Version::V3;
    let usage = certificate.extensions.key_usage;
    if usage != 0 && usage & CERT_SIGN == 0 {
        return false;
    }
    match certificate.extensions.constraints {
        None => !is_version_3,
        Some((is_ca, longest)) => is_ca && longest.is_none_or(|longest| intermediates <= usize::from(longest)),
    }
}

fn is_signed_by(child: &Parsed, issuer: &Parsed) -> bool {
    let algorithm = match signature_algorithm(&child.certificate.signature_algorithm) {
        4 => (Scheme::RsaPkcs1, Hash::Sha256),
        5 => (Scheme::RsaPkcs1, Hash::Sha384),
        6 => (Scheme::RsaPkcs1, Hash::Sha512),
        10 => (Scheme::Ecdsa, Hash::Sha256),
        11 => (Scheme::Ecdsa, Hash::Sha384),
        12 => (Scheme::Ecdsa, Hash::Sha512),
        13 => (Scheme::RsaPss, Hash::Sha256),
        14 => (Scheme::RsaPss, Hash::Sha384),
        15 => (Scheme::RsaPss, Hash::Sha512),
        16 => (Scheme::EdDsa, Hash::Sha512),
        // SHA-1, MD5 and DSA are not trusted any more.
        _ => return false,
    };
    let (scheme, hash) = algorithm;
    let Ok(signed) = child.certificate.tbs_certificate.to_der() else { return false };
    let Some(signature) = child.certificate.signature.as_bytes() else { return false };
    let signature = match (scheme, &issuer.key) {
        (Scheme::Ecdsa, PublicKey::Ec { curve, .. }) => match side_by_side(signature, curve.size()) {
            Some(signature) => signature,
            None => return false,
        },
        _ => signature.to_vec(),
    };
    verify_signature(&issuer.key, Algorithm { scheme, hash }, &signed, &signature)
}

/// The two numbers of an ECDSA signature in DER, each of the curve's size.
fn side_by_side(signature: &[u8], size: usize) -> Option<Vec<u8>> {
    use der::Decode;
    let numbers = <[der::asn1::Uint; 2]>::from_der(signature).ok()?;
    let [r, s] = numbers.map(|number| crate::rego::builtins::keys::fixed(number.as_bytes(), size));
    Some([r?, s?].concat())
}
