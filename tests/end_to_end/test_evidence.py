"""
Evidence from report to verdict: ``bylaw check --evidence``, ``bylaw decide quality --evidence`` and ``bylaw evidence``,
with the law of the example mesh, or with a council's of the test's own.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from bylaw_adapters.cli.main import main

ROOT = Path(__file__).parents[2]
REPORTS = ROOT / "tests" / "unit" / "evidence" / "documents"

CONTRACT = """\
apiVersion: v3.1.0
kind: DataContract
id: urn:orders
name: orders
version: 2.1.0
status: active
domain: sales
schema:
  - name: orders
    properties:
      - name: order_id
        quality: [{type: library, metric: nullValues, mustBe: 0}]
      - name: status
        quality: [{type: library, metric: invalidValues, mustBe: 0}]
"""
PARAMETERS: dict[str, Any] = {"quality_thresholds": {}}

Run = Callable[..., tuple[int, dict[str, Any]]]


def ago(**by: float) -> str:
    return (datetime.now(UTC) - timedelta(**by)).isoformat(timespec="seconds").replace("+00:00", "Z")


def bundle(folder: Path, parameters: dict[str, Any]) -> Path:
    """A council's bundle with the rules about quality and nothing else."""
    folder.mkdir()
    manifest = {"roots": ["global"], "metadata": {"bylaw": {"name": "global", "catalogue": ["quality/*"]}}}
    (folder / ".manifest").write_text(json.dumps(manifest))
    (folder / "global").mkdir()
    (folder / "global" / "data.json").write_text(json.dumps({"parameters": {**PARAMETERS, **parameters}}))
    return folder


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    path = tmp_path / "orders.odcs.yaml"
    path.write_text(CONTRACT)
    return path


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str], tmp_path: Path, contract: Path) -> Run:
    """Checks the contract with this evidence; answers the exit code and the report."""

    def run(*evidence: Path, parameters: dict[str, Any] | None = None, more: tuple[str, ...] = ()) -> tuple[int, Any]:
        number = len(list(tmp_path.glob("law-*")))
        law = bundle(tmp_path / f"law-{number}", parameters or {})
        handed_in = [word for path in evidence for word in ("--evidence", str(path))]
        words = ["--kind", "quality", "--bundle", str(law), "--format", "json", *handed_in, *more, str(contract)]
        status = main(["check", *words])
        return status, json.loads(capsys.readouterr().out)

    return run


def own(path: Path, *results: dict[str, Any], **around: Any) -> Path:
    """Evidence in our own words, of now and about the contract unless said otherwise."""
    document = {
        "apiVersion": "bylaw.io/v1",
        "kind": "Evidence",
        "contract_id": "urn:orders",
        "contract_version": "2.1.0",
        "observed_at": ago(minutes=5),
        **around,
        "results": results,
    }
    path.write_text(json.dumps({key: value for key, value in document.items() if value is not None}))
    return path


NULLS = {"check": "nulls", "status": "pass", "dataset": "orders", "field": "order_id", "measure": "nullValues"}
WORDS = {"check": "words", "status": "pass", "dataset": "orders", "field": "status", "measure": "invalidValues"}
GOOD = ({**NULLS, "value": 0, "unit": "rows", "rows": 200}, {**WORDS, "value": 0, "unit": "rows", "rows": 200})
ONE_BAD_ROW = {**WORDS, "status": "fail", "value": 1, "unit": "rows", "rows": 200, "failed_rows": 1}


def said(report: dict[str, Any]) -> set[tuple[str, str]]:
    return {(found["id"], found["msg"]) for found in report["files"][0]["findings"] if found["enforcement"] == "deny"}


def test_evidence_that_keeps_every_promise_lets_the_data_be_published(check: Run, tmp_path: Path) -> None:
    status, report = check(own(tmp_path / "e.json", *GOOD))
    assert status == 0
    (file,) = report["files"]
    assert file["quality"] == [{"product": "sales/orders", "action": "publish", "quarantine": [], "error_budgets": []}]
    assert report["evidence"] == [
        {
            "path": str(tmp_path / "e.json"),
            "recognised_as": "bylaw evidence v1",
            "signed": "none",
            "results": 2,
            "about_nothing": 0,
            "unmatched": [],
        }
    ]


def test_without_evidence_nothing_is_a_pass(check: Run) -> None:
    status, report = check()
    assert status == 1
    assert {identifier for identifier, _ in said(report)} == {"QLT-001"}


@pytest.mark.parametrize(
    ("around", "identifier", "why"),
    [
        ({"observed_at": ago(days=2)}, "QLT-003", "evidence counts for 86400 seconds"),
        ({"observed_at": ago(days=-1)}, "QLT-003", "lies ahead"),
        ({"observed_at": None}, "QLT-003", "does not say when it measured"),
        ({"contract_version": "2.0.0"}, "QLT-003", "is of version 2.0.0 of the contract, and 2.1.0 is asked about"),
        ({"partition": "monday"}, "QLT-001", "is about the part monday, and the whole is asked about"),
    ],
    ids=["stale", "from the future", "of no time", "of another version", "of a part"],
)
def test_evidence_that_does_not_count_denies(
    check: Run, tmp_path: Path, around: dict[str, Any], identifier: str, why: str
) -> None:
    status, report = check(own(tmp_path / "e.json", *GOOD, **around))
    assert status == 1
    assert any(found == identifier and why in msg for found, msg in said(report))


def test_a_finding_points_into_the_report(check: Run, tmp_path: Path) -> None:
    path = own(tmp_path / "e.json", GOOD[0], ONE_BAD_ROW)
    path.write_text(json.dumps(json.loads(path.read_text()), indent=1))
    _, report = check(path)
    (found,) = [found for found in report["files"][0]["findings"] if found["id"] == "QLT-002"]
    assert found["file"] == str(path)
    assert path.read_text().splitlines()[found["line"] - 1].strip() == "{"
    assert '"words"' in path.read_text().splitlines()[found["line"]]


def test_rows_are_kept_out_where_the_law_allows_it(check: Run, tmp_path: Path) -> None:
    evidence = own(tmp_path / "e.json", GOOD[0], ONE_BAD_ROW)
    allowed = {"quarantine_dimensions": ["validity"], "quarantine_max_share": 0.005}
    status, report = check(evidence, parameters=allowed)
    assert status == 0
    (judged,) = report["files"][0]["quality"]
    assert judged["action"] == "quarantine"
    assert judged["quarantine"] == [
        {
            "what": "rows",
            "check": "words",
            "dataset": "orders",
            "field": "status",
            "metric": "orders.status.invalidValues",
            "rows": 1,
            "of": 200,
            "file": str(evidence),
            "path": "quality.results[1]",
        }
    ]
    status, report = check(evidence, parameters={**allowed, "quarantine_max_share": 0.004})
    assert status == 1
    assert report["files"][0]["quality"][0]["action"] == "block"


def test_text_says_what_becomes_of_the_data(capsys: pytest.CaptureFixture[str], tmp_path: Path, contract: Path) -> None:
    law = bundle(tmp_path / "law", {"quarantine_checks": ["words"], "quarantine_max_share": 0.1})
    evidence = own(tmp_path / "e.json", GOOD[0], ONE_BAD_ROW, {**GOOD[0], "contract_id": "urn:orders", "check": "more"})
    main(["check", "--kind", "quality", "--bundle", str(law), "--evidence", str(evidence), str(contract)])
    out = capsys.readouterr().out
    assert f"{contract}: sales/orders: the data: quarantine\n" in out
    assert f"{contract}: sales/orders:   keep out 1 of 200 rows of orders: those that check words found\n" in out
    assert f"{evidence}: evidence (bylaw evidence v1; signature: none): 3 results, 3 about what is checked\n" in out


def test_what_is_about_something_else_is_listed(check: Run, tmp_path: Path) -> None:
    evidence = own(tmp_path / "e.json", *GOOD)
    other = tmp_path / "refunds.json"
    own(other, {**NULLS, "dataset": "refunds"}, contract_id=None, contract_version=None)
    status, report = check(evidence, other)
    assert status == 0
    assert [file["unmatched"] for file in report["evidence"]] == [
        [],
        [{"check": "nulls", "msg": "check nulls is about nothing that is checked", "line": 1}],
    ]


def test_a_long_report_about_something_else_is_summed_up(
    tmp_path: Path, contract: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = json.loads((REPORTS / "dbt-run-results.json").read_text())
    test = run["results"][1]
    run["results"] = [{**test, "unique_id": f"test.shop.not_null_others_c{n}.x"} for n in range(50_000)]
    big = tmp_path / "run_results.json"
    big.write_text(json.dumps(run))
    assert main(["check", "--kind", "quality", "--evidence", str(big), str(contract)]) == 1
    out = capsys.readouterr().out
    assert f"{big}: evidence (dbt run-results v6; signature: none): 50000 results, 0 about what is checked\n" in out
    assert out.count("evidence_unmatched") == 100
    assert f"{big}: and 49900 more\n" in out


def test_a_report_that_cannot_be_read_is_undecided(check: Run, tmp_path: Path) -> None:
    broken = tmp_path / "e.json"
    broken.write_text('{"kind": "Nope", "apiVersion": "v1"}')
    status, report = check(broken)
    assert status == 2
    assert [(Path(file["path"]).name, file["decision"]) for file in report["files"]] == [
        ("orders.odcs.yaml", "deny"),
        ("e.json", "undecided"),
    ]


def test_duplicates_count_once_and_contradictions_deny(check: Run, tmp_path: Path) -> None:
    at = ago(minutes=5)
    first = own(tmp_path / "a.json", *GOOD, observed_at=at)
    again = own(tmp_path / "b.json", *GOOD, observed_at=at)
    assert check(first, again)[0] == 0
    other = own(tmp_path / "c.json", {**GOOD[0], "status": "fail", "value": 3}, observed_at=at)
    status, report = check(first, other)
    assert status == 1
    assert ("QLT-003", "check nulls is said to have ended as fail and as pass at one instant") in said(report)


def test_a_part_is_published_by_evidence_of_that_part(check: Run, tmp_path: Path) -> None:
    evidence = own(tmp_path / "e.json", *GOOD, partition="monday")
    assert check(evidence, more=("--partition", "monday"))[0] == 0
    assert check(evidence, more=("--partition", "tuesday"))[0] == 1


def prometheus(path: Path, values: list[str]) -> Path:
    """Availability at noon of each of the last days."""
    now = datetime.now(UTC).timestamp()
    samples = [[now - 86400 * (len(values) - 1 - day), value] for day, value in enumerate(values)]
    labels = {"__name__": "data_product_availability", "domain": "sales", "product_name": "orders"}
    data = {"resultType": "matrix", "result": [{"metric": labels, "values": samples}]}
    path.write_text(json.dumps({"status": "success", "data": data}))
    return path


@pytest.mark.parametrize(
    ("values", "status", "state"),
    [
        (["1"] * 20, 0, "within"),
        (["0", *["1"] * 19], 0, "within"),
        ([*["1"] * 15, "0", "0", "0", *["1"] * 2], 1, "exhausted"),
        (["1"] * 5, 1, "unknown"),
    ],
    ids=["all was well", "once bad", "too often bad", "too little history"],
)
def test_an_error_budget_is_counted_over_prometheus_samples(
    check: Run, tmp_path: Path, values: list[str], status: int, state: str
) -> None:
    budget = {"error_budgets": {"availability": {"objective": 0.9, "window_days": 20, "gte": 1}}}
    given = [own(tmp_path / "e.json", *GOOD), prometheus(tmp_path / "range.json", values)]
    came, report = check(*given, parameters=budget)
    assert came == status, said(report)
    (counted,) = report["files"][0]["quality"][0]["error_budgets"]
    assert (counted["state"], counted["samples"]) == (state, len(values))


@pytest.fixture
def keys(tmp_path: Path) -> dict[str, Path]:
    """A private and a public key each of a pipeline and of a stranger."""
    files = {}
    for name in ("ci", "stranger"):
        key = Ed25519PrivateKey.generate()
        files[name] = tmp_path / f"{name}.pem"
        files[name].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        files[f"{name}.pub"] = tmp_path / f"{name}.pub.pem"
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        files[f"{name}.pub"].write_bytes(public)
    return files


def sign(report: Path, key: Path) -> Path:
    signed = report.with_name(f"{report.stem}.{key.stem}.json")
    assert main(["evidence", "sign", "--signing-key", str(key), "-o", str(signed), str(report)]) == 0
    return signed


def test_signed_evidence_counts_and_a_strangers_never(
    check: Run, tmp_path: Path, keys: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    report = own(tmp_path / "e.json", *GOOD)
    ours, theirs = sign(report, keys["ci"]), sign(report, keys["stranger"])
    known = ("--evidence-key", f"orders-ci={keys['ci.pub']}")
    demanding = {"evidence_signatures": "required", "trusted_producers": ["orders-ci"]}

    assert check(ours, parameters=demanding, more=known)[0] == 0
    status, found = check(report, parameters=demanding, more=known)
    assert (status, {identifier for identifier, _ in said(found)}) == (1, {"QLT-001", "QLT-005"})
    for parameters in ({}, demanding):
        status, found = check(theirs, parameters=parameters, more=known)
        assert status == 1
        assert ("QLT-005", "check nulls is signed by a stranger") in said(found)
    status, found = check(ours, parameters={"trusted_producers": ["monitor"]}, more=known)
    assert ("QLT-005", "check nulls comes from orders-ci, who is not trusted") in said(found)


def test_verify_says_whose_a_signature_is(
    tmp_path: Path, keys: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    report = own(tmp_path / "e.json", *GOOD)
    ours, theirs = sign(report, keys["ci"]), sign(report, keys["stranger"])
    known = ("--evidence-key", f"orders-ci={keys['ci.pub']}")
    assert main(["evidence", "verify", *known, str(ours)]) == 0
    assert capsys.readouterr().out == f"{ours}: verified by orders-ci (bylaw evidence v1, 2 results)\n"
    assert main(["evidence", "verify", *known, str(ours), str(theirs)]) == 1
    assert f"{theirs}: stranger (bylaw evidence v1, 2 results)\n" in capsys.readouterr().out
    assert main(["evidence", "verify", str(report)]) == 1
    assert main(["evidence", "verify", "--evidence-key", "nobody", str(report)]) == 2


def test_only_a_report_that_can_be_read_is_signed(tmp_path: Path, keys: dict[str, Path]) -> None:
    nothing = tmp_path / "nothing.json"
    nothing.write_text("{}")
    assert main(["evidence", "sign", "--signing-key", str(keys["ci"]), str(nothing)]) == 2
    assert main(["evidence", "sign", "--signing-key", str(keys["ci.pub"]), str(REPORTS / "oors.yaml")]) == 2


def test_read_prints_the_normal_form(contract: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = REPORTS / "dbt-run-results.json"
    assert main(["evidence", "read", str(report)]) == 0
    unbound = json.loads(capsys.readouterr().out)["quality"]["results"]
    assert len(unbound) == 9
    assert main(["evidence", "read", "--product", str(contract), str(report)]) == 0
    bound = json.loads(capsys.readouterr().out)["quality"]["results"]
    assert [one["metric"] for one in bound if "metric" in one] == [
        "orders.order_id.nullValues",
        "orders.status.nullValues",
        "orders.order_id.duplicateValues",
        "orders.status.invalidValues",
    ]


def test_decide_takes_evidence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    law = bundle(tmp_path / "law", {"quality_thresholds": {"completeness": {"gte": 0.95}}})
    product = tmp_path / "input.json"
    product.write_text(json.dumps({"product": {"domain": "sales", "name": "orders", "contract": {"id": "urn:orders"}}}))
    measured = {"check": "complete", "metric": "completeness", "status": "pass", "value": 0.97, "unit": "share"}
    evidence = own(tmp_path / "e.json", measured, contract_version=None)
    words = ["decide", "quality", "-b", str(law), "-i", str(product)]
    assert main(words) == 1
    capsys.readouterr()
    assert main([*words, "--evidence", str(evidence)]) == 0
    assert json.loads(capsys.readouterr().out)["result"]["obligations"]["quality"]["action"] == "publish"
    assert main([*words, "--explain", "--evidence", str(evidence)]) == 0
    assert "  the data: publish\n" in capsys.readouterr().out
    assert main([*words, "--evidence", str(tmp_path / "nowhere.json")]) == 2


@pytest.mark.parametrize("path", sorted(REPORTS.iterdir()), ids=lambda path: path.name)
def test_no_value_of_a_row_is_in_what_is_decided_on_or_reported(
    path: Path, contract: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for form in ("json", "text"):
        main(["check", "--format", form, "--evidence", str(path), str(contract)])
        assert "LEAK" not in "".join(capsys.readouterr())
    main(["evidence", "read", "--product", str(contract), str(path)])
    assert "LEAK" not in "".join(capsys.readouterr())


def test_no_value_of_a_row_is_on_record(serve: Any, contract: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a pipeline posts is what ``bylaw evidence read`` makes of its reports; the service keeps it, and no more."""
    service = serve()
    for report in ("gx-1-validation.json", "soda-3-scan.json", "dbt-run-results.json", "oors.yaml"):
        main(["evidence", "read", "--product", str(contract), str(REPORTS / report)])
        facts = json.loads(capsys.readouterr().out)
        product = {"domain": "order", "name": "orders", "status": "active", "contract": {"id": "urn:orders"}}
        answer = service.client.post("/v1/decisions/quality", json={"input": {"product": product, **facts}})
        decided = answer.json()["result"]
        assert decided["obligations"]["quality"]["action"] == "block"
        assert "QLT-003" in {entry["id"] for entry in decided["violations"]}
    records = json.dumps(service.records())
    assert len(service.records()) == 4
    assert "orders.status.invalidValues" in records
    assert "LEAK" not in records
