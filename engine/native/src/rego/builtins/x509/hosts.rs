//! Names of hosts against certificates: who a certificate is for (RFC 6125), and for whom an authority may sign
//! (RFC 5280, 4.2.1.10).

use std::net::IpAddr;

use super::certificate::Parsed;
use super::extensions::{Extensions, Names};

/// Whether a certificate is for a host name or an address, which may be in brackets. Subjects' common names do not count.
pub(super) fn host_matches(names: &Names, host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    if let Ok(address) = bare.parse::<IpAddr>() {
        return names.addresses.iter().any(|known| known.to_canonical() == address.to_canonical());
    }
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    names.dns.iter().any(|pattern| pattern_matches(&pattern.to_ascii_lowercase(), &host))
}

/// A star stands for exactly one label, the first.
fn pattern_matches(pattern: &str, host: &str) -> bool {
    let pattern = pattern.strip_suffix('.').unwrap_or(pattern);
    if host.is_empty() || pattern.is_empty() {
        return false;
    }
    match pattern.strip_prefix("*.") {
        Some(parent) => host.split_once('.').is_some_and(|(label, rest)| !label.is_empty() && rest == parent),
        None => pattern == host,
    }
}

/// Whether an authority's name constraints allow all names of a certificate below it.
pub(super) fn allowed_by_constraints(certificate: &Parsed, authority: &Extensions) -> bool {
    let names = &certificate.extensions.alternatives;
    let (permitted, excluded) = (&authority.permitted, &authority.excluded);
    let dns = allowed(&names.dns, &permitted.dns, &excluded.dns, |name, domain| in_domain(name, domain));
    let emails = allowed(&names.emails, &permitted.emails, &excluded.emails, |name, limit| in_mailbox(name, limit));
    let uris = allowed(&names.uris, &permitted.uris, &excluded.uris, |name, domain| {
        uri_host(name).is_some_and(|host| in_uri_domain(host, domain))
    });
    let in_range = |address: &IpAddr, range: &Vec<u8>| in_range(*address, range);
    dns && emails && uris && allowed(&names.addresses, &permitted.ranges, &excluded.ranges, in_range)
}

fn allowed<N, L>(names: &[N], permitted: &[L], excluded: &[L], matches: impl Fn(&N, &L) -> bool) -> bool {
    names.iter().all(|name| {
        let inside = permitted.is_empty() || permitted.iter().any(|limit| matches(name, limit));
        inside && !excluded.iter().any(|limit| matches(name, limit))
    })
}

/// The domain itself and everything below it; an empty domain is every one, and one with a leading dot only what is below.
fn in_domain(name: &str, domain: &str) -> bool {
    let (name, domain) = (name.to_ascii_lowercase(), domain.to_ascii_lowercase());
    match domain.strip_prefix('.') {
        Some(parent) => below(&name, parent),
        None => domain.is_empty() || name == domain || below(&name, &domain),
    }
}

fn below(name: &str, parent: &str) -> bool {
    name.strip_suffix(parent).is_some_and(|label| label.len() > 1 && label.ends_with('.'))
}

/// A URI's host is a single host unless the constraint begins with a dot.
fn in_uri_domain(host: &str, domain: &str) -> bool {
    in_domain(host, domain)
}

/// A whole mailbox, or every mailbox at a host or below a domain.
fn in_mailbox(mailbox: &str, limit: &str) -> bool {
    if limit.contains('@') {
        let same = |one: &str, other: &str| match (one.rsplit_once('@'), other.rsplit_once('@')) {
            (Some((a, one)), Some((b, other))) => a == b && one.eq_ignore_ascii_case(other),
            _ => false,
        };
        return same(mailbox, limit);
    }
    mailbox.rsplit_once('@').is_some_and(|(_, host)| in_domain(host, limit))
}

fn uri_host(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    // A host that is an address cannot be inside a domain.
    (!host.is_empty() && host.parse::<IpAddr>().is_err()).then_some(host)
}

fn in_range(address: IpAddr, range: &[u8]) -> bool {
    let octets = match address {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets().to_vec(),
    };
    let (network, mask) = range.split_at(range.len() / 2);
    octets.len() == network.len()
        && octets.iter().zip(network).zip(mask).all(|((octet, network), mask)| octet & mask == network & mask)
}
