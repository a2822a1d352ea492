"""
What a law can read of a client's certificate, under the names that Go and OPA have for it. Whether the certificate is
to be believed was settled by the TLS handshake.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# Go's pkix.Name writes these short names, the last attribute first.
_SHORT_NAMES = {
    "commonName": "CN",
    "organizationName": "O",
    "organizationalUnitName": "OU",
    "countryName": "C",
    "localityName": "L",
    "stateOrProvinceName": "ST",
    "streetAddress": "STREET",
    "postalCode": "POSTALCODE",
    "serialNumber": "SERIALNUMBER",
}
_ESCAPED = re.compile(r'([,+"\\<>;])')


def distinguished_name(certificate: Mapping[str, Any]) -> str:
    """The subject of a peer certificate (as ``ssl`` gives it) in the form of RFC 2253: ``CN=ci,O=Example``."""
    parts = [pair for relative in certificate.get("subject", ()) for pair in relative]
    return ",".join(f"{_SHORT_NAMES.get(name, name)}={_escape(value)}" for name, value in reversed(parts))


def _escape(value: str) -> str:
    return _ESCAPED.sub(r"\\\1", value)


def certificate_document(certificate: Mapping[str, Any]) -> dict[str, Any]:
    """What a law can read of a certificate, under the names that OPA's input has for it."""
    alternatives = certificate.get("subjectAltName", ())
    return {
        "Subject": _name_document(certificate.get("subject", ())),
        "Issuer": _name_document(certificate.get("issuer", ())),
        "SerialNumber": int(certificate.get("serialNumber", "0"), 16),
        "NotBefore": certificate.get("notBefore", ""),
        "NotAfter": certificate.get("notAfter", ""),
        "DNSNames": [value for kind, value in alternatives if kind == "DNS"],
        "EmailAddresses": [value for kind, value in alternatives if kind == "email"],
        "URIStrings": [value for kind, value in alternatives if kind == "URI"],
    }


def _name_document(name: Any) -> dict[str, Any]:
    values: dict[str, list[str]] = {}
    for relative in name:
        for kind, value in relative:
            values.setdefault(kind, []).append(value)
    return {
        "CommonName": "".join(values.get("commonName", [])[-1:]),
        "Organization": values.get("organizationName", []),
        "OrganizationalUnit": values.get("organizationalUnitName", []),
        "Country": values.get("countryName", []),
    }
