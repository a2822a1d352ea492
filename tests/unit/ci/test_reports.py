"""How a run is reported, and the exit code it comes to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bylaw.errors import InvalidSetting
from bylaw_adapters.ci import reports
from bylaw_adapters.ci.checking import CheckedFile
from bylaw_adapters.ci.findings import Finding
from bylaw_adapters.ci.verdict import exit_code, summary_of


def finding(identifier: str, enforcement: Any = "deny", **facts: Any) -> Finding:
    about: dict[str, Any] = {
        "rule": f"global.{identifier}",
        "msg": "no owner",
        "path": "product.owner",
        "line": 3,
        "column": 5,
        "remediation": "",
    }
    return Finding(id=identifier, enforcement=enforcement, **{**about, **facts})


ALLOWED = CheckedFile("a.yaml", "odcs 3.1.0", "allow", ())
WARNED = CheckedFile("w.yaml", "odcs 3.1.0", "allow", (finding("W", "warn"),))
DENIED = CheckedFile(
    "d.yaml",
    "odcs 3.1.0",
    "deny",
    (finding("CMP-001", remediation="Name an owner."), finding("CMP-001", remediation="Name an owner.", line=9)),
)
UNDECIDED = CheckedFile(
    "u.yaml", "unrecognised", "undecided", (finding("unrecognised_document", "undecided", rule="bylaw.check"),)
)


@pytest.mark.parametrize(
    ("checked", "codes"),
    [
        pytest.param([ALLOWED], (0, 0, 0), id="allowed"),
        pytest.param([ALLOWED, WARNED], (1, 0, 0), id="warned"),
        pytest.param([ALLOWED, DENIED], (1, 1, 0), id="denied"),
        pytest.param([UNDECIDED], (2, 2, 2), id="undecided"),
        pytest.param([ALLOWED, DENIED, UNDECIDED], (2, 2, 2), id="undecided beside a denial"),
        pytest.param([], (2, 2, 2), id="nothing to decide"),
    ],
)
def test_exit_codes_for_warn_deny_and_never(checked: list[CheckedFile], codes: tuple[int, int, int]) -> None:
    warn, deny, never = (exit_code(checked, fail_on=fail_on) for fail_on in ("warn", "deny", "never"))
    assert (warn, deny, never) == codes


def test_the_summary_counts_every_file_once() -> None:
    summary = summary_of([ALLOWED, WARNED, DENIED, UNDECIDED])
    assert summary.to_json() == {"files": 4, "allowed": 2, "denied": 1, "undecided": 1}


def test_json_lists_every_file_and_what_was_found() -> None:
    assert json.loads(reports.FORMATS["json"]([ALLOWED, DENIED])) == {
        "files": [
            {"path": "a.yaml", "recognised_as": "odcs 3.1.0", "decision": "allow", "findings": []},
            {
                "path": "d.yaml",
                "recognised_as": "odcs 3.1.0",
                "decision": "deny",
                "findings": [
                    {
                        "id": "CMP-001",
                        "rule": "global.CMP-001",
                        "enforcement": "deny",
                        "msg": "no owner",
                        "path": "product.owner",
                        "line": line,
                        "column": 5,
                        "remediation": "Name an owner.",
                    }
                    for line in (3, 9)
                ],
            },
        ],
        "summary": {"files": 2, "allowed": 1, "denied": 1, "undecided": 0},
    }


def test_text_has_a_line_a_finding_and_advice_once_a_rule() -> None:
    assert reports.FORMATS["text"]([ALLOWED, DENIED, UNDECIDED]).splitlines() == [
        "a.yaml: allowed (odcs 3.1.0)",
        "d.yaml: denied (odcs 3.1.0)",
        "d.yaml:3:5  CMP-001  deny  no owner",
        "    Name an owner.",
        "d.yaml:9:5  CMP-001  deny  no owner",
        "u.yaml: undecided (unrecognised)",
        "u.yaml:3:5  unrecognised_document  undecided  no owner",
        "",
        "3 files: 1 allowed, 1 denied, 1 undecided",
    ]


def test_a_document_cannot_write_to_the_terminal() -> None:
    hostile = CheckedFile(
        "a\x1b[2K.yaml",
        "odcs 3.1.0",
        "deny",
        (finding("A", msg="ok\x1b[1A\r\nb.yaml: allowed\u202e", remediation="\x07x"),),
    )
    assert reports.FORMATS["text"]([hostile]).splitlines() == [
        "a\\x1b[2K.yaml: denied (odcs 3.1.0)",
        "a\\x1b[2K.yaml:3:5  A  deny  ok\\x1b[1A\\r\\nb.yaml: allowed\\u202e",
        "    \\x07x",
        "",
        "1 file: 0 allowed, 1 denied, 0 undecided",
    ]


def test_a_report_is_written_to_its_file(tmp_path: Path) -> None:
    name, file = reports.parse_report(f"json={tmp_path / 'report.json'}")
    reports.write_report(name, file, [ALLOWED])
    assert json.loads(file.read_text())["summary"] == {"files": 1, "allowed": 1, "denied": 0, "undecided": 0}


@pytest.mark.parametrize("argument", ["json", "json=", "tap=x", "=x"])
def test_a_report_that_cannot_be_written_is_refused_before_anything_is_checked(argument: str) -> None:
    with pytest.raises(InvalidSetting, match="wanted FORMAT=FILE with a FORMAT of text, json"):
        reports.parse_report(argument)


def test_a_report_into_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting, match="No such file"):
        reports.write_report("text", tmp_path / "none" / "report.txt", [ALLOWED])
