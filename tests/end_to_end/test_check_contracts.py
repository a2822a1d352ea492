"""What `bylaw check` says of contracts that are read and still not to be trusted: each finding at its line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bylaw_adapters.cli.main import main

Check = Callable[[str], tuple[Any, str]]

CYRILLIC_EMAIL = "\u0435mail"


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Check:
    """Answers the one file of the report, and the report as it was printed."""

    def run(text: str) -> tuple[Any, str]:
        file = tmp_path / "c.yaml"
        file.write_text(text, encoding="utf-8")
        main(["check", "--format", "json", str(file)])
        out = capsys.readouterr().out
        return json.loads(out)["files"][0], out

    return run


def found(file: Any, *ids: str) -> list[tuple[str, str, int]]:
    return [
        (finding["id"], finding["enforcement"], finding["line"]) for finding in file["findings"] if finding["id"] in ids
    ]


def test_names_that_look_alike_are_denied_and_found_as_what_they_read(check: Check) -> None:
    file, _ = check(
        "apiVersion: v3.1.0\nkind: DataContract\nid: c\nversion: 1.0.0\nstatus: active\nschema:\n- name: customers\n"
        f"  properties:\n  - name: {CYRILLIC_EMAIL}\n  - name: email\n    classification: restricted\n"
    )
    assert found(file, "CMP-010", "PRV-012") == [
        ("CMP-010", "deny", 9),
        ("CMP-010", "deny", 9),
        ("PRV-012", "warn", 9),
    ]
    messages = [finding["msg"] for finding in file["findings"] if finding["id"] in ("CMP-010", "PRV-012")]
    assert sorted(messages) == sorted(
        [
            f"{CYRILLIC_EMAIL} reads as email, and is written in letters of several scripts",
            f"{CYRILLIC_EMAIL} reads as email, and so does another name beside it",
            (
                f"field {CYRILLIC_EMAIL} looks like user.contact.email (its name reads as email), "
                "and the contract does not say whether it is"
            ),
        ]
    )


def test_samples_are_told_by_what_they_look_like_and_never_shown(check: Check) -> None:
    file, out = check(
        "apiVersion: v3.1.0\nkind: DataContract\nid: c\nversion: 1.0.0\nstatus: active\nschema:\n- name: t\n"
        "  properties:\n  - name: contact\n    examples: [jane.doe@shop.example]\n"
        "    customProperties: [{property: pii, value: false}]\n"
    )
    assert found(file, "PRV-012") == [("PRV-012", "warn", 9)]
    assert "its samples look like email), and the contract says that it is not" in out
    assert "jane" not in out


def test_two_classifications_of_one_field_are_denied(check: Check) -> None:
    file, out = check(
        "apiVersion: v3.1.0\nkind: DataContract\nid: c\nversion: 1.0.0\nstatus: active\nschema:\n- name: t\n"
        "  properties:\n  - name: f\n    classification: public\n"
        "    customProperties:\n    - {property: classification, value: restricted}\n"
    )
    assert found(file, "CMP-009") == [("CMP-009", "deny", 10)]
    assert "it is classified as public and as restricted" in out


def test_each_field_of_a_restricted_product_takes_a_classification(check: Check) -> None:
    file, _ = check(
        "apiVersion: v3.1.0\nkind: DataContract\nid: c\nversion: 1.0.0\nstatus: active\n"
        "customProperties: [{property: classification, value: restricted}]\nschema:\n- name: t\n  properties:\n"
        "  - {name: a, classification: restricted}\n  - {name: b}\n"
        "  - {name: c, classification: internal, logicalType: object, properties: [{name: d}]}\n"
    )
    assert found(file, "PRV-013") == [("PRV-013", "deny", 11)]


def test_what_the_standard_requires_and_what_it_does_not_know_is_warned_of(check: Check) -> None:
    file, _ = check(
        "apiVersion: v3.1.0\nkind: DataContract\nversion: ''\nstatus: active\n"
        "slaProperties:\n- {property: retention, value: 3, unity: y}\nschema: [{physicalName: t}]\n"
    )
    assert found(file, "CMP-007", "CMP-008") == [
        ("CMP-008", "warn", 1),
        ("CMP-008", "warn", 3),
        ("CMP-007", "warn", 6),
        ("CMP-007", "warn", 6),
        ("CMP-008", "warn", 7),
    ]


def test_a_data_product_of_bitol_is_decided(check: Check) -> None:
    file, _ = check(
        "apiVersion: v1.0.0\nkind: DataProduct\nid: p\nstatus: active\nname: orders\ndomain: order\n"
        "outputPorts:\n- {name: a, version: 1.0.0, contractId: c}\n- {name: a, version: 2.0.0, contractId: d}\n"
    )
    assert (file["recognised_as"], file["decision"]) == ("odps 1.0.0", "deny")
    assert found(file, "CMP-004")[0][2] in (8, 9)
