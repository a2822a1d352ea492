"""
The report as one JSON document: ``{"files": […], "summary": {…}}``, and ``evidence`` where some was handed in. Every
file given is listed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import orjson

from bylaw_adapters.ci.checking import CheckedFile
from bylaw_adapters.ci.verdict import summary_of

if TYPE_CHECKING:
    from bylaw_adapters.ci.evidence import EvidenceFile


def render(checked: Sequence[CheckedFile], evidence: Sequence[EvidenceFile] = ()) -> str:
    document: dict[str, Any] = {
        "files": [
            {
                "path": file.path,
                "recognised_as": file.recognised_as,
                "decision": file.decision,
                "findings": [finding.to_json() for finding in file.findings],
                **({"quality": [judged.to_json() for judged in file.quality]} if file.quality else {}),
            }
            for file in checked
        ],
        "summary": summary_of(checked).to_json(),
    }
    if evidence:
        document["evidence"] = [file.to_json() for file in evidence]
    with suppress(orjson.JSONEncodeError):  # a name that is no Unicode
        rendered = orjson.dumps(document, option=orjson.OPT_INDENT_2)
        if rendered.isascii():
            return rendered.decode()
    # Escapes that every terminal and pipe lets through, at ten times the cost.
    return json.dumps(document, indent=2)
