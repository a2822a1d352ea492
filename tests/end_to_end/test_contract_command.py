"""``bylaw contract convert``: what it writes and lists, what its exit code says, and that law says the same."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bylaw_adapters.cli.main import main

ROOT = Path(__file__).parents[2]
PUBLIC = sorted((ROOT.parent / "shared" / "contracts" / "datacontract-cli").glob("dcs__*"))

CONTRACT = """# Owned by checkout.
#   Ask Jo.
dataContractSpecification: 1.2.1
id: orders
info: {title: Orders, version: 1.0.0, status: active, owner: checkout}
# The one table.
models: {orders: {fields: {order_id: {type: text, required: true}}}}
"""

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str | Path) -> tuple[int, str, str]:
        status = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return status, out, err

    return run


def test_a_contract_is_written_as_odcs(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "c.yaml"
    source.write_text(CONTRACT)
    status, out, err = run("contract", "convert", source)
    assert (status, err) == (0, "")
    assert out == (
        "# Owned by checkout.\n#   Ask Jo.\n"
        'apiVersion: v3.1.0\nkind: DataContract\nid: orders\nname: Orders\nversion: "1.0.0"\nstatus: active\n'
        "schema:\n  - name: orders\n    properties:\n      - name: order_id\n        logicalType: string\n"
        "        physicalType: text\n        required: true\nteam:\n  name: checkout\n"
    )
    assert run("contract", "convert", source, "-o", tmp_path / "o.yaml") == (0, "", "")
    assert (tmp_path / "o.yaml").read_text() == out


def test_what_is_only_kept_is_listed_and_the_exit_code_says_so(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = CONTRACT + 'quality: {type: SodaCL, specification: x}\n"evil\\e[2Jkey": 1\n'
    monkeypatch.setattr("sys.stdin", type("Stdin", (), {"buffer": io.BytesIO(text.encode())}))
    status, out, err = run("contract", "convert", "-")
    assert status == 1
    assert "SodaCL" in out
    assert err.splitlines() == [
        "<stdin>:8:1: 'quality' is in the words of another tool; it is kept as a custom property, and nothing reads it",
        "<stdin>:9:1: 'evil\\x1b[2Jkey' is no key of the standard; it is kept as a custom property",
    ]


def test_what_is_left_blank_is_listed_and_everything_is_converted(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "c.yaml"
    source.write_text(CONTRACT.replace("status: active, ", ""))
    status, out, err = run("contract", "convert", source)
    assert (status, "status: ''" in out) == (0, True)
    assert err == f"{source}:5:1: ODCS requires 'status', and the contract says none; it is left blank\n"


def test_documents_of_a_stream_stay_documents_of_a_stream(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "c.yaml"
    source.write_text(CONTRACT + "---\n" + CONTRACT)
    status, out, _ = run("contract", "convert", source)
    assert (status, out.count("kind: DataContract"), out.count("---\n")) == (0, 2, 1)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(
            "apiVersion: v3.1.0\nkind: DataContract\nid: c\n",
            "odcs 3.1.0; a Data Contract Specification is converted",
            id="another standard",
        ),
        pytest.param("dataContractSpecification: 7.0.0\n", "of version 7.0.0; 0.9.0 to 1.2.1 are read", id="a version"),
        pytest.param("a: [\n", "not YAML", id="broken"),
        pytest.param(
            "dataContractSpecification: 1.2.1\nmodels: {m: {fields: {f: {$ref: 'file:///etc/passwd'}}}}\n",
            "wanted a reference into this document's definitions",
            id="a reference elsewhere",
        ),
    ],
)
def test_what_cannot_be_read_is_not_converted(run: Run, tmp_path: Path, text: str, reason: str) -> None:
    source = tmp_path / "c.yaml"
    source.write_text(text)
    status, out, err = run("contract", "convert", source, "-o", tmp_path / "o.yaml")
    assert (status, out) == (2, "")
    assert reason in err
    assert not (tmp_path / "o.yaml").exists()


def test_a_file_that_cannot_be_written_is_an_error(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "c.yaml"
    source.write_text(CONTRACT)
    status, _, err = run("contract", "convert", source, "-o", tmp_path)
    assert (status, "cannot be written" in err) == (2, True)


@pytest.mark.skipif(not PUBLIC, reason="the public contracts are not on this machine")
def test_law_says_the_same_of_a_contract_before_and_after(run: Run, tmp_path: Path) -> None:
    for path in PUBLIC:
        run("contract", "convert", path, "-o", tmp_path / path.name)

    def decided(folder: Path) -> dict[str, Any]:
        _, out, _ = run("check", "--format", "json", *(folder / path.name for path in PUBLIC))
        return {
            Path(file["path"]).name: (
                file["decision"],
                sorted(
                    (finding["id"], finding["path"], re.sub(r"\S+/(\S+yaml):\d+", r"\1", finding["msg"]))
                    for finding in file["findings"]
                    if _lasts(finding)
                ),
            )
            for file in json.loads(out)["files"]
        }

    def _lasts(finding: dict[str, Any]) -> bool:
        """What is said of the document, and not of which standard it is written in."""
        return finding["id"] not in ("CMP-007", "CMP-008", "not_read")

    before = decided(PUBLIC[0].parent)
    assert len(before) == 24
    assert decided(tmp_path) == before
