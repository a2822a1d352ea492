"""
The report as one JSON document: ``{"files": […], "summary": {…}}``. Every file given is listed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from bylaw_adapters.ci.checking import CheckedFile
from bylaw_adapters.ci.verdict import summary_of


def render(checked: Sequence[CheckedFile]) -> str:
    document = {
        "files": [
            {
                "path": file.path,
                "recognised_as": file.recognised_as,
                "decision": file.decision,
                "findings": [finding.to_json() for finding in file.findings],
            }
            for file in checked
        ],
        "summary": summary_of(checked).to_json(),
    }
    return json.dumps(document, indent=2)
