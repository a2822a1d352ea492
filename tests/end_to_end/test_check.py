"""``bylaw check`` as people and pipelines run it: the real command, the law of the example mesh, real documents."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bylaw_adapters.cli.main import main

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "conftest" / "examples"
CONTRACTS = ROOT.parent / "shared" / "contracts"

Check = Callable[..., tuple[int, str]]
Report = dict[str, Any]


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Check:
    """Runs the command; answers the exit code and what was printed."""

    def run(*arguments: str | Path) -> tuple[int, str]:
        status = main(["check", *map(str, arguments)])
        return status, capsys.readouterr().out

    return run


@pytest.fixture
def report(check: Check) -> Callable[..., tuple[int, Report]]:
    def run(*arguments: str | Path) -> tuple[int, Report]:
        status, out = check("--format", "json", *arguments)
        return status, json.loads(out)

    return run


def verdicts(found: Report) -> dict[str, str]:
    return {Path(file["path"]).name: file["decision"] for file in found["files"]}


def ids(found: Report) -> dict[str, set[str]]:
    return {
        Path(file["path"]).name: {finding["id"] for finding in file["findings"] if finding["enforcement"] == "deny"}
        for file in found["files"]
    }


def test_the_products_of_the_example_mesh_are_allowed_but_for_those_in_breach(report: Any) -> None:
    status, found = report(*sorted((ROOT / "bundles").glob("*/products")))
    assert status == 1
    assert verdicts(found) == {
        "customer-360.yaml": "deny",
        "customer-behavior.odcs.yaml": "allow",
        "customer-profile.yaml": "allow",
        "customer-segments.yaml": "allow",
        "expense-claims.yaml": "deny",
        "general-ledger.yaml": "allow",
        "order-transactions.yaml": "allow",
        "product-catalog.yaml": "allow",
    }
    assert {name: denied for name, denied in ids(found).items() if denied} == {
        "customer-360.yaml": {
            *("CMP-001", "CMP-003", "CMP-004", "CMP-006"),
            *("PRV-001", "PRV-002", "PRV-003", "PRV-004", "PRV-007", "PRV-009", "RET-001"),
        },
        "expense-claims.yaml": {"FIN-RET-001"},
    }


def test_allowed_examples_exit_with_zero(report: Any) -> None:
    status, found = report(EXAMPLES / "allowed")
    assert (status, set(verdicts(found).values())) == (0, {"allow"})


def test_denied_examples_exit_with_one_and_what_is_not_recognised_with_two(report: Any) -> None:
    denied = [path for path in sorted((EXAMPLES / "denied").iterdir()) if path.stem != "nothing-known"]
    status, found = report(*denied)
    assert (status, set(verdicts(found).values())) == (1, {"deny"})
    status, found = report(EXAMPLES / "denied")
    assert (status, verdicts(found)["nothing-known.yaml"]) == (2, "undecided")


def test_the_report_has_the_keys_that_others_build_on(report: Any) -> None:
    _, found = report(EXAMPLES / "denied")
    assert found.keys() == {"files", "summary"}
    assert found["summary"].keys() == {"files", "allowed", "denied", "undecided"}
    assert {frozenset(file) for file in found["files"]} == {
        frozenset({"path", "recognised_as", "decision", "findings"})
    }
    assert {frozenset(finding) for file in found["files"] for finding in file["findings"]} == {
        frozenset({"id", "rule", "enforcement", "msg", "path", "line", "column", "remediation"})
    }


def test_a_finding_stands_where_the_fact_was_said(report: Any) -> None:
    _, found = report(EXAMPLES / "denied" / "customer-360.yaml")
    lines = (EXAMPLES / "denied" / "customer-360.yaml").read_text().splitlines()
    said = {
        finding["id"]: lines[finding["line"] - 1][finding["column"] - 1 :]
        for finding in found["files"][0]["findings"]
        if finding["id"] in ("CMP-004", "CMP-006")
    }
    assert said == {"CMP-004": "name: raw", "CMP-006": "availability: 0.98, freshness_seconds: 3600, quality: 0.95}"}


def test_text_is_a_line_a_finding_and_a_line_that_sums_up(check: Check) -> None:
    path = EXAMPLES / "denied" / "expense-claims.yaml"
    status, out = check(path)
    assert status == 1
    assert out.splitlines()[:2] == [
        f"{path}: denied (bylaw product)",
        f"{path}:13:13  FIN-RET-001  deny  financial data is kept for at least 2555 days; the product is kept for 1095",
    ]
    assert out.splitlines()[-1] == "1 file: 0 allowed, 1 denied, 0 undecided"


@pytest.mark.parametrize(("fail_on", "status"), [("warn", 1), ("deny", 0), ("never", 0)])
def test_warnings_fail_only_where_that_is_asked_for(check: Check, fail_on: str, status: int) -> None:
    warned = ROOT / "bundles" / "customer" / "products" / "customer-profile.yaml"
    assert check("--fail-on", fail_on, warned)[0] == status


def test_nothing_but_undecided_fails_with_never(check: Check, tmp_path: Path) -> None:
    denied = EXAMPLES / "denied" / "expense-claims.yaml"
    assert check("--fail-on", "never", denied)[0] == 0
    assert check("--fail-on", "never", denied, tmp_path / "none.yaml")[0] == 2


def test_a_kind_can_be_asked_for(report: Any) -> None:
    _, found = report("--kind", "retention", EXAMPLES / "denied" / "customer-360.yaml")
    assert ids(found) == {"customer-360.yaml": {"RET-001"}}


def test_standard_input_is_a_file_too(report: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    content = (EXAMPLES / "allowed" / "customer-buckets.tfplan.json").read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    status, found = report("-")
    assert (status, [(file["path"], file["recognised_as"]) for file in found["files"]]) == (
        0,
        [("<stdin>", "terraform-plan 1.2")],
    )


def test_a_report_is_written_beside_what_is_printed(check: Check, tmp_path: Path) -> None:
    status, out = check("--report", f"json={tmp_path / 'r.json'}", EXAMPLES / "allowed")
    assert (status, out.splitlines()[-1]) == (0, "5 files: 5 allowed, 0 denied, 0 undecided")
    assert json.loads((tmp_path / "r.json").read_text())["summary"]["allowed"] == 5


def changed(folder: Path, *replacements: tuple[str, str]) -> Path:
    """A next version of the product catalogue."""
    text = (ROOT / "bundles" / "product" / "products" / "product-catalog.yaml").read_text()
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    path = folder / "product-catalog.yaml"
    path.write_text(text)
    return path


def test_a_release_that_breaks_its_mode_is_denied_at_the_field(report: Any, tmp_path: Path) -> None:
    released = ROOT / "bundles" / "product" / "products"
    status, found = report("--against", released, changed(tmp_path))
    assert (status, ids(found)) == (0, {"product-catalog.yaml": set()})

    path = changed(tmp_path, ('name: price, type: "decimal(10,2)"', "name: price, type: string"))
    status, found = report("--against", released, path)
    assert (status, ids(found)) == (1, {"product-catalog.yaml": {"SCH-001"}})
    (broken, *_) = [finding for finding in found["files"][0]["findings"] if finding["id"] == "SCH-001"]
    assert "price" in path.read_text().splitlines()[broken["line"] - 1]


def test_a_bundle_that_cannot_be_loaded_decides_nothing(check: Check, tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "x.rego").write_text("package global.privacy.x\nviolation contains {")
    status, out = check("--bundle", tmp_path / "broken", EXAMPLES / "allowed")
    assert (status, out) == (2, "")


BAD = {
    "bomb.yaml": (
        b"a: &a [x,x,x,x,x,x,x,x,x]\n"
        + b"".join(
            b"%c: &%c [%s]\n" % (98 + level, 98 + level, b",".join([b"*%c" % (97 + level)] * 9)) for level in range(8)
        ),
        "input_too_large",
    ),
    "tag.yaml": (b"a: !!python/object/apply:os.system ['true']\n", "malformed_input"),
    "latin.yaml": (b"name: caf\xe9\n", "malformed_input"),
    "twice.yaml": (b"kind: A\nkind: B\n", "duplicate_key"),
    "deep.json": (b"[" * 10_000 + b"]" * 10_000, "input_too_deep"),
    "cut.json": (b'{"format_version": "1.2", "resource_ch', "malformed_input"),
    "nul.yaml": (b"a: \x00\n", "malformed_input"),
    "empty.yaml": (b"", "unrecognised_document"),
    "binary.yaml": (bytes(range(256)), "malformed_input"),
    "nope.yaml": (b"kind: Nope\r\napiVersion: v1\r\nmetadata: {}\r\n", "unrecognised_document"),
    "list.json": (b"[1, 2]", "unrecognised_document"),
}


def test_bad_files_are_undecided_each_for_its_reason_beside_a_good_one(report: Any, tmp_path: Path) -> None:
    for name, (content, _) in BAD.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "good.yaml").write_bytes(changed(tmp_path).read_bytes())
    (tmp_path / "product-catalog.yaml").unlink()
    status, found = report(tmp_path)
    assert status == 2
    reasons = {Path(file["path"]).name: [finding["id"] for finding in file["findings"]] for file in found["files"]}
    assert reasons == {"good.yaml": [], **{name: [code] for name, (_, code) in BAD.items()}}
    assert found["summary"] == {"files": 12, "allowed": 1, "denied": 0, "undecided": 11}


def test_one_document_of_a_mesh_is_denied_without_the_others(report: Any) -> None:
    path = ROOT / "tests" / "unit" / "facts" / "documents" / "domain-definitions.yaml"
    status, found = report(path)
    assert (status, found["files"][0]["recognised_as"]) == (1, "seed domain-definitions")
    described = {finding["line"] for finding in found["files"][0]["findings"] if "no description" in finding["msg"]}
    assert described == {7, 14, 17, 39, 42, 44}


needs_contracts = pytest.mark.skipif(
    not CONTRACTS.is_dir(), reason="the public contracts lie in ../shared, which is not there"
)


@needs_contracts
@pytest.mark.parametrize(
    ("pattern", "summary", "forms"),
    [
        pytest.param(
            "odcs/*.yaml",
            {"files": 18, "allowed": 0, "denied": 18, "undecided": 0},
            {"odcs 3.0.0", "odcs 3.0.2", "odcs 3.1.0"},
            id="the standard's own examples",
        ),
        pytest.param(
            "datacontract-cli/odcs__*.yaml",
            {"files": 50, "allowed": 0, "denied": 50, "undecided": 0},
            {"odcs 3.0.0", "odcs 3.0.1", "odcs 3.0.2", "odcs 3.1.0"},
            id="a tool's fixtures",
        ),
        pytest.param(
            "datacontract-cli/dcs__*.yaml",
            {"files": 24, "allowed": 0, "denied": 24, "undecided": 0},
            {"dcs 1.2.1"},
            id="the neighbouring standard",
        ),
    ],
)
def test_public_contracts_are_all_decided(report: Any, pattern: str, summary: Any, forms: set[str]) -> None:
    paths = sorted(CONTRACTS.glob(pattern))
    status, found = report(*paths)
    assert (status, found["summary"]) == (1, summary)
    assert [file["path"] for file in found["files"]] == [str(path) for path in paths]
    assert {file["recognised_as"] for file in found["files"]} == forms
    for file in found["files"]:
        rows = len(Path(file["path"]).read_text().splitlines())
        assert any(finding["enforcement"] == "deny" for finding in file["findings"])
        assert all(1 <= finding["line"] <= rows and finding["msg"] for finding in file["findings"])
