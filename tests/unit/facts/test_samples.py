"""What samples look like is told by name, whatever they are wrapped in; what they are is told nowhere."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bylaw.facts.recognise import gather
from bylaw.facts.samples import MAX_SAMPLES, samples_look_like


def found(*samples: Any) -> tuple[str, ...] | None:
    return samples_look_like(*samples)


@pytest.mark.parametrize(
    ("sample", "name"),
    [
        pytest.param("jane.doe@shop.example", "email", id="email"),
        pytest.param("+49 30 1234567", "phone_number", id="phone, international"),
        pytest.param("(030) 123 4567", "phone_number", id="phone, with its area"),
        pytest.param("415-555-0100", "phone_number", id="phone, in groups"),
        pytest.param("DE89 3704 0044 0532 0130 00", "iban", id="iban"),
        pytest.param("4111 1111 1111 1111", "credit_card_number", id="card"),
        pytest.param(5500005555555559, "credit_card_number", id="card, as a number"),
        pytest.param("203.0.113.7", "ip_address", id="IPv4"),
        pytest.param("2001:db8::7", "ip_address", id="IPv6"),
        pytest.param("123-45-6789", "ssn", id="ssn"),
        pytest.param("1972-03-04", "date_of_birth", id="a day of the last century"),
        pytest.param("00:1B:44:11:3A:B7", "mac_address", id="mac"),
    ],
)
def test_found(sample: Any, name: str) -> None:
    assert found(sample) == (name,)
    assert found([{"deep": [sample]}]) == (name,)


@pytest.mark.parametrize(
    "sample",
    [
        "DE89 3704 0044 0532 0130 01",
        "4111 1111 1111 1112",
        "4006381333931",
        1_700_000_000_000,
        "2024-03-04",
        "000-12-3456",
        "127.0.0.1",
        "1.2.3",
        "12:30:45",
        "mail@",
        "see a@b.example for more",
        "ORD-2024-0001",
        "42",
        True,
        None,
        3.25,
        "",
    ],
    ids=repr,
)
def test_not_found(sample: Any) -> None:
    assert found(sample) is None


def test_only_so_many_are_looked_at() -> None:
    assert found(*["x"] * MAX_SAMPLES, "a@b.example") is None
    assert found(*["x"] * (MAX_SAMPLES - 1), "a@b.example") == ("email",)


@pytest.mark.parametrize("sample", ["@" * 100_000, "a@" + "a." * 100_000, "+" + "1 " * 100_000, "1" * 100_000])
def test_hostile_samples_end_at_once(sample: str) -> None:
    assert found(sample) is None


def test_no_sample_becomes_a_fact() -> None:
    contract = b"""{"apiVersion": "v3.1.0", "kind": "DataContract", "schema": [{"name": "t", "properties": [
        {"name": "f", "examples": ["jane.doe@shop.example"]}]}]}"""
    (facts,) = gather(contract, file="c.json")
    assert "jane" not in json.dumps(facts.input)  # type: ignore[union-attr]
    assert "samples_look_like" in json.dumps(facts.input)  # type: ignore[union-attr]
