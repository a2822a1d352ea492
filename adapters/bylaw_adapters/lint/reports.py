"""
A lint for readers, as JSON, and as SARIF for those who show findings beside the code.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from bylaw import __version__
from bylaw.lint import CHECKS, Finding, Level

_SARIF_LEVELS = {Level.ERROR: "error", Level.UNREADABLE: "error", Level.WARNING: "warning"}


def text(findings: Sequence[Finding], *, files: int, regal: str | None) -> Iterator[str]:
    """A line a finding, then how many there are and who looked."""
    for finding in findings:
        source = "" if finding.source == "bylaw" else f"{finding.source} "
        yield f"{finding.location}: {source}{finding.check}: {finding.message}"
    looked = f"with regal {regal}" if regal is not None else "without regal"
    yield f"{files} files, {len(findings)} findings, {looked}"


def as_json(findings: Sequence[Finding], *, files: int, regal: str | None) -> str:
    """``findings`` in order of place, and a summary; ``regal`` is its version, or null."""
    errors = sum(1 for finding in findings if finding.level is not Level.WARNING)
    document = {
        "findings": [
            {
                "check": finding.check,
                "source": finding.source,
                "level": finding.level.value,
                "message": finding.message,
                "location": {
                    "file": finding.location.file,
                    "row": finding.location.row,
                    "col": finding.location.column,
                },
            }
            for finding in findings
        ],
        "summary": {"files": files, "errors": errors, "warnings": len(findings) - errors, "regal": regal},
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def as_sarif(findings: Sequence[Finding], *, files: int, regal: str | None) -> str:
    """SARIF 2.1.0: one run for our checks, one for Regal's where it looked."""
    del files
    runs = [_run([each for each in findings if each.source == "bylaw"], "bylaw", __version__, "bylaw lint")]
    if regal is not None:
        runs.append(_run([each for each in findings if each.source != "bylaw"], "regal", regal, "Regal"))
    return json.dumps(
        {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": runs},
        indent=2,
        ensure_ascii=False,
    )


def _run(findings: Sequence[Finding], name: str, version: str, full_name: str) -> dict[str, Any]:
    checks = sorted({finding.check for finding in findings})
    rules = [
        {"id": check, **({"shortDescription": {"text": CHECKS[check]}} if check in CHECKS else {})} for check in checks
    ]
    driver = {"name": name, "fullName": full_name, "semanticVersion": version, "rules": rules}
    if version == "unknown":
        del driver["semanticVersion"]
    return {"tool": {"driver": driver}, "results": [_result(finding, checks) for finding in findings]}


def _result(finding: Finding, checks: Sequence[str]) -> dict[str, Any]:
    place = finding.location
    where = {
        "artifactLocation": {"uri": quote(PurePath(place.file).as_posix())},
        "region": {"startLine": max(place.row, 1), "startColumn": max(place.column, 1)},
    }
    return {
        "ruleId": finding.check,
        "ruleIndex": checks.index(finding.check),
        "level": _SARIF_LEVELS[finding.level],
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": where}],
    }
