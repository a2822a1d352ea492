"""Documents of one run that are about one thing, and do not say the same of it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bylaw_adapters.cli.main import main

Run = Callable[..., dict[str, list[str]]]

CONTRACT = """apiVersion: v3.1.0
kind: DataContract
id: c-1
version: 1.0.0
status: active
name: orders
domain: order
team: {name: order-team}
schema: [{name: orders, properties: [{name: order_id}]}]
"""
PRODUCT = """apiVersion: v1.0.0
kind: DataProduct
id: p-1
status: active
name: order-products
domain: order
team: {name: order-team}
outputPorts: [{name: orders, version: 1.0.0, contractId: c-1}]
"""
OURS = """apiVersion: bylaw.io/v1
kind: DataProduct
domain: order
name: orders
version: 1.0.0
owner: order-team
"""


@pytest.fixture
def contradictions(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Checks texts as files a.yaml, b.yaml, …; answers what CMP-009 says of each."""

    def run(*texts: str) -> dict[str, list[str]]:
        files = [tmp_path / f"{letter}.yaml" for letter in "abcdef"[: len(texts)]]
        for file, text in zip(files, texts, strict=True):
            file.write_text(text)
        main(["check", "--format", "json", *map(str, files)])
        found: Any = json.loads(capsys.readouterr().out)
        return {
            Path(file["path"]).name: [
                finding["msg"].replace(f"{tmp_path}/", "").removeprefix("another document contradicts this one: ")
                for finding in file["findings"]
                if finding["id"] == "CMP-009" and finding["enforcement"] == "deny"
            ]
            for file in found["files"]
        }

    return run


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        pytest.param((CONTRACT, CONTRACT), {"a.yaml": [], "b.yaml": []}, id="the same twice"),
        pytest.param(
            (CONTRACT, CONTRACT.replace("order-team", "other-team").replace("order_id", "id")),
            {
                "a.yaml": [
                    "b.yaml:1:1 is about the contract c-1 in version 1.0.0 too, and differs in contract.schema, owner"
                ],
                "b.yaml": [
                    "a.yaml:1:1 is about the contract c-1 in version 1.0.0 too, and differs in contract.schema, owner"
                ],
            },
            id="one contract in two ways",
        ),
        pytest.param(
            (CONTRACT, CONTRACT.replace("version: 1.0.0", "version: 2.0.0").replace("order-team", "other-team")),
            {"a.yaml": [], "b.yaml": []},
            id="two versions are two contracts",
        ),
        pytest.param(
            (CONTRACT, CONTRACT.replace("c-1", "c-2").replace("order-team", "other-team")),
            {
                "a.yaml": ["b.yaml:1:1 is about the same product too, and differs in owner"],
                "b.yaml": ["a.yaml:1:1 is about the same product too, and differs in owner"],
            },
            id="two contracts of one product, with two owners",
        ),
        pytest.param(
            (CONTRACT, CONTRACT.replace("c-1", "c-2").replace("order_id", "id")),
            {"a.yaml": [], "b.yaml": []},
            id="two contracts of one product may differ in what they are about",
        ),
        pytest.param((CONTRACT, PRODUCT), {"a.yaml": [], "b.yaml": []}, id="a product and its contract"),
        pytest.param(
            (CONTRACT, PRODUCT.replace("order-team", "other-team")),
            {
                "a.yaml": ["b.yaml:1:1 is about the same product too, and differs in owner"],
                "b.yaml": ["a.yaml:1:1 is about the same product too, and differs in owner"],
            },
            id="a product whose contract has another owner",
        ),
        pytest.param(
            (OURS + "retention: {days: 30}\n", OURS + "retention: {days: 60}\n", OURS.replace("1.0.0", "1.1.0")),
            {
                "a.yaml": ["b.yaml:1:1 is about the same product too, and differs in retention"],
                "b.yaml": ["a.yaml:1:1 is about the same product too, and differs in retention"],
                "c.yaml": [],
            },
            id="one product in two ways",
        ),
    ],
)
def test_what_is_said_of_documents_beside_each_other(
    contradictions: Run, texts: tuple[str, ...], said: dict[str, list[str]]
) -> None:
    assert contradictions(*texts) == said


def test_of_many_that_contradict_each_other_each_names_one(contradictions: Run) -> None:
    other, third = (CONTRACT.replace("order_id", name) for name in ("id", "key"))
    found = contradictions(CONTRACT, CONTRACT, other, third)
    assert {name: [text.split(":")[0] for text in texts] for name, texts in found.items()} == {
        "a.yaml": ["c.yaml"],
        "b.yaml": ["c.yaml"],
        "c.yaml": ["a.yaml"],
        "d.yaml": ["a.yaml"],
    }


def test_two_documents_of_one_file_are_compared_too(contradictions: Run) -> None:
    assert contradictions(OURS + "---\n" + OURS.replace("order-team", "other-team")) == {
        "a.yaml": [
            "a.yaml:8:1 is about the same product too, and differs in owner",
            "a.yaml:1:1 is about the same product too, and differs in owner",
        ]
    }


def test_standard_input_is_compared_with_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(OURS)
    text = OURS.replace("order-team", "other-team")
    monkeypatch.setattr("sys.stdin", type("Stdin", (), {"buffer": io.BytesIO(text.encode())}))
    main(["check", "--format", "json", str(file), "-"])
    found = json.loads(capsys.readouterr().out)
    assert ["CMP-009" in {finding["id"] for finding in each["findings"]} for each in found["files"]] == [True, True]
