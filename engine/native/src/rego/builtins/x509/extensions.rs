//! What a certificate's extensions say (RFC 5280, 4.2), as far as Go reads them.

use std::net::IpAddr;

use der::{Decode, asn1::ObjectIdentifier};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::constraints::name::GeneralSubtree;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies, CrlDistributionPoints,
    ExtendedKeyUsage, InhibitAnyPolicy, KeyUsage, NameConstraints, PolicyConstraints, PolicyMappings, SubjectAltName,
    SubjectKeyIdentifier,
};

/// Names by their kind.
#[derive(Debug, Default, Clone)]
pub(super) struct Names {
    pub dns: Vec<String>,
    pub emails: Vec<String>,
    pub addresses: Vec<IpAddr>,
    pub uris: Vec<String>,
    /// Address and mask side by side.
    pub ranges: Vec<Vec<u8>>,
}

impl Names {
    pub fn is_empty(&self) -> bool {
        self.dns.is_empty() && self.emails.is_empty() && self.addresses.is_empty() && self.uris.is_empty()
    }

    fn add(&mut self, name: &GeneralName) {
        match name {
            GeneralName::DnsName(text) => self.dns.push(text.to_string()),
            GeneralName::Rfc822Name(text) => self.emails.push(text.to_string()),
            GeneralName::UniformResourceIdentifier(text) => self.uris.push(text.to_string()),
            GeneralName::IpAddress(octets) => match octets.as_bytes() {
                bytes if let Ok(v4) = <[u8; 4]>::try_from(bytes) => self.addresses.push(IpAddr::from(v4)),
                bytes if let Ok(v6) = <[u8; 16]>::try_from(bytes) => self.addresses.push(IpAddr::from(v6)),
                bytes => self.ranges.push(bytes.to_vec()),
            },
            _ => {}
        }
    }

    fn of_subtrees(subtrees: Option<&Vec<GeneralSubtree>>) -> Self {
        let mut names = Names::default();
        for subtree in subtrees.into_iter().flatten() {
            match &subtree.base {
                GeneralName::IpAddress(octets) => names.ranges.push(octets.as_bytes().to_vec()),
                other => names.add(other),
            }
        }
        names
    }
}

/// The extensions that have a meaning here; what is absent is empty.
#[derive(Debug, Default, Clone)]
pub(super) struct Extensions {
    pub constraints: Option<(bool, Option<u8>)>,
    pub key_usage: u16,
    pub extended_usages: Vec<ObjectIdentifier>,
    pub subject_key: Option<Vec<u8>>,
    pub authority_key: Option<Vec<u8>>,
    pub alternatives: Names,
    pub permitted: Names,
    pub excluded: Names,
    pub names_critical: bool,
    pub distribution_points: Vec<String>,
    pub ocsp_servers: Vec<String>,
    pub issuer_urls: Vec<String>,
    pub policies: Vec<ObjectIdentifier>,
    pub mappings: Vec<(ObjectIdentifier, ObjectIdentifier)>,
    pub inhibit_any_policy: Option<u32>,
    pub inhibit_mapping: Option<u32>,
    pub require_explicit: Option<u32>,
    pub unhandled: Vec<ObjectIdentifier>,
}

impl Extensions {
    /// # Errors
    /// Go's message if one of the known extensions is not what it should be.
    pub fn read(extensions: &[Extension]) -> Result<Self, String> {
        let mut read = Extensions::default();
        for extension in extensions {
            if !read.add(extension)? && extension.critical {
                read.unhandled.push(extension.extn_id);
            }
        }
        Ok(read)
    }

    /// Whether the extension is one of the known ones.
    fn add(&mut self, extension: &Extension) -> Result<bool, String> {
        let bytes = extension.extn_value.as_bytes();
        match extension.extn_id.to_string().as_str() {
            "2.5.29.14" => self.subject_key = Some(parse::<SubjectKeyIdentifier>(bytes)?.0.as_bytes().to_vec()),
            "2.5.29.15" => self.key_usage = parse::<KeyUsage>(bytes)?.0.bits(),
            "2.5.29.17" => {
                parse::<SubjectAltName>(bytes)?.0.iter().for_each(|name| self.alternatives.add(name));
                return Ok(!self.alternatives.is_empty());
            }
            "2.5.29.19" => {
                let constraints = parse::<BasicConstraints>(bytes)?;
                self.constraints = Some((constraints.ca, constraints.path_len_constraint));
            }
            "2.5.29.30" => {
                let constraints = parse::<NameConstraints>(bytes)?;
                self.permitted = Names::of_subtrees(constraints.permitted_subtrees.as_ref());
                self.excluded = Names::of_subtrees(constraints.excluded_subtrees.as_ref());
                self.names_critical = extension.critical;
            }
            "2.5.29.31" => {
                for point in parse::<CrlDistributionPoints>(bytes)?.0 {
                    if let Some(DistributionPointName::FullName(names)) = point.distribution_point {
                        let uris = names.iter().filter_map(uri_of);
                        self.distribution_points.extend(uris);
                    }
                }
            }
            "2.5.29.32" => {
                let policies = parse::<CertificatePolicies>(bytes)?.0;
                self.policies = policies.iter().map(|policy| policy.policy_identifier).collect();
            }
            "2.5.29.33" => {
                let mappings = parse::<PolicyMappings>(bytes)?.0;
                self.mappings =
                    mappings.iter().map(|one| (one.issuer_domain_policy, one.subject_domain_policy)).collect();
            }
            "2.5.29.35" => {
                let identifier = parse::<AuthorityKeyIdentifier>(bytes)?;
                self.authority_key = identifier.key_identifier.map(|octets| octets.as_bytes().to_vec());
            }
            "2.5.29.36" => {
                let constraints = parse::<PolicyConstraints>(bytes)?;
                self.require_explicit = constraints.require_explicit_policy;
                self.inhibit_mapping = constraints.inhibit_policy_mapping;
            }
            "2.5.29.37" => self.extended_usages = parse::<ExtendedKeyUsage>(bytes)?.0,
            "2.5.29.54" => self.inhibit_any_policy = Some(parse::<InhibitAnyPolicy>(bytes)?.0),
            "1.3.6.1.5.5.7.1.1" => {
                for access in parse::<AuthorityInfoAccessSyntax>(bytes)?.0 {
                    let Some(uri) = uri_of(&access.access_location) else { continue };
                    match access.access_method.to_string().as_str() {
                        "1.3.6.1.5.5.7.48.1" => self.ocsp_servers.push(uri),
                        "1.3.6.1.5.5.7.48.2" => self.issuer_urls.push(uri),
                        _ => {}
                    }
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}

fn uri_of(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::UniformResourceIdentifier(text) => Some(text.to_string()),
        _ => None,
    }
}

fn parse<'a, T: Decode<'a>>(bytes: &'a [u8]) -> Result<T, String> {
    T::from_der(bytes).map_err(|e| format!("x509: invalid extension: {e}"))
}
