"""
The law of tightening, over values of all sorts: whatever a domain writes into the parameters that it may tighten, no
rule of the council refuses less. Values that loading refuses are among them: composition depends on no check.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import bylaw_native
import pytest

from bylaw.bundle import Bundle, read_bundle, read_library
from bylaw.bundle.build import build_files
from bylaw.bundle.combine import stacked

_BUNDLES = Path(__file__).resolve().parents[3] / "bundles"
_AT_NS = 1_768_000_000_000_000_000
_AN_HOUR_AGO, _TWO_DAYS_AGO = "2026-01-09T22:06:40Z", "2026-01-07T23:06:40Z"

_JUNK = (None, "60", True, [], {}, ["csv"], {"all": 1})
# Looser than the council's, as strict, stricter.
_VALUES: dict[str, tuple[Any, ...]] = {
    "quality_thresholds": (
        {"completeness": 0.1},
        {"completeness": {"gte": 0.1}},
        {"completeness": {"lte": 1}},
        {"completeness": {"gte": 0.97}, "accuracy": 0.5},
        {"completeness": {"about": 0}},
    ),
    "required_slas": ({"availability": 0.1}, {"availability": {"gte": 0.995}}, {"freshness_seconds": {"lte": 1e9}}),
    "evidence_max_age_seconds": (10**9, 86400, 60, -1),
    "minimum_deprecation_days": (0, 30, 60),
    "required_fields": (
        ["domain"],
        ["domain", "name", "version", "sla"],
        ["owner", "domain", "name", "version", "sla"],
    ),
    "output_formats": (["delta", "csv"], ["iceberg"]),
    "encryption_at_rest": (["none", "AES-256"], ["AES-256-GCM"]),
    "encryption_in_transit": (["none", "TLS"], ["mTLS"]),
    "allowed_regions": (["eu-*", "us-*"], ["eu-*", "europe-*"], ["europe-*"]),
    "lawful_bases": (["consent", "curiosity"], ["contract"]),
    "transfer_mechanisms": (["trust"], ["adequacy_decision"]),
    "k_anonymity": ({"restricted": 1}, {"restricted": {"lte": 1}}, {"restricted": 30}, {"restricted": {"gte": 2}}),
    "taxonomy": (
        {"categories": {"user.contact.email": {"personal": False}, "user": {"personal": False}}},
        {"categories": {"user.contact.shoe": {"personal": False}}, "uses": {"analytics": "anything"}},
    ),
    "directions": ({"evidence_max_age_seconds": "higher", "minimum_deprecation_days": "lower"},),
}


def _port(table_format: str, cipher: str, channel: str) -> dict[str, Any]:
    encryption = {"at_rest": cipher, "in_transit": channel}
    return {"name": "o", "type": "table", "format": table_format, "encryption": encryption}


def _question(grade: int) -> bytes:
    """About a product that the council finds nothing in, and about worse ones."""
    port = _port("delta", "AES-256", "TLS") if grade < 2 else _port("csv", "none", "none")
    result = {"check": "c", "metric": "completeness", "status": "pass", "value": 0.5 if grade == 2 else 0.96}
    field = {"name": "email", "path": "contract.schema[t].email", "categories": ["user.contact.email"]}
    product = {
        "domain": "customer",
        "name": "p",
        "version": "1.0.0",
        "classification": "restricted",
        "sla": ({"availability": 0.99, "freshness_seconds": 60}, {"availability": 0.5}, {}, {})[grade],
        "deprecation_notice_days": (30, 29, 0, 60)[grade],
        "output_ports": [port],
        "contract": {"schema": [{"name": "t", "fields": [field]}]},
        "purposes": ["analytics"],
        "lawful_basis": ("consent", "contract", "curiosity", "consent")[grade],
        "regions": [("eu-central-1", "europe-west1", "us-east-1", "us-east-1")[grade]],
        "transfers": [{"to": "us-east-1", "mechanism": ("SCCs", "adequacy", "trust", "SCCs")[grade]}],
        "protections": ["k_anonymity"],
        "k_anonymity": (30, 3, 2, 0)[grade],
    }
    results = [{**result, "observed_at": _AN_HOUR_AGO if grade % 2 == 0 else _TWO_DAYS_AGO}]
    schema = {"subject": "s", "type": "AVRO", "compatibility": "BACKWARD", "differences": []}
    return json.dumps({"product": product, "quality": {"results": results}, "schema": schema}).encode()


_QUESTIONS = tuple(map(_question, range(4)))


@cache
def _council() -> Bundle:
    return read_bundle(_BUNDLES / "global")


@cache
def _library() -> Bundle:
    return read_library()


def _domain(parameters: Any) -> Bundle:
    files = {
        ".manifest": json.dumps({"roots": ["domains/customer"]}),
        "domains/customer/data.json": json.dumps({"parameters": parameters}),
    }
    return build_files({path: text.encode() for path, text in files.items()}, stem="customer")


@cache
def _modules() -> tuple[dict[str, str], bytes]:
    modules, data, _ = stacked([_library(), _council()])
    return modules, data


def _denied(parameters: Any) -> list[set[tuple[str, str]]]:
    """For each question, which rules of the council refuse or warn, and where."""
    _, data, _ = stacked([_library(), _council(), _domain(parameters)])
    snapshot = bylaw_native.load(_modules()[0], data)
    return [_refused(snapshot, question) for question in _QUESTIONS]


def _refused(snapshot: Any, question: bytes) -> set[tuple[str, str]]:
    found = set()
    for kind in ("quality", "compliance", "privacy", "schema"):
        text = snapshot.evaluate(f"bylaw/decisions/{kind}/decision", question, at_ns=_AT_NS)
        decision = json.loads(text)
        entries = [*decision["violations"], *decision["warnings"]]
        found |= {(entry["rule"], entry["path"]) for entry in entries if entry["layer"] == "global"}
    return found


@cache
def _without_a_domains() -> list[set[tuple[str, str]]]:
    return _denied({})


_SET = [(name, value) for name, values in _VALUES.items() for value in (*values, *_JUNK)]


@pytest.mark.parametrize(("name", "value"), _SET, ids=[f"{name}={json.dumps(value)}" for name, value in _SET])
def test_whatever_a_domain_sets_the_council_refuses_no_less(name: str, value: Any) -> None:
    for alone, beside in zip(_without_a_domains(), _denied({name: value}), strict=True):
        assert alone <= beside
