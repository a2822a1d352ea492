"""
The tables of ``docs/case-study-public-contracts.md``, made from what `bylaw check` says of the public contracts in
``../shared/contracts`` under the law of the example mesh. A rule that comes or goes changes them:

    python tests/end_to_end/public_contracts.py

writes the page anew, between its markers. ``test_case_study.py`` says when that is due.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bylaw_adapters.cli.main import main

ROOT = Path(__file__).parents[2]
CONTRACTS = ROOT.parent / "shared" / "contracts"
PAGE = ROOT / "docs" / "case-study-public-contracts.md"

GROUPS = {
    "the standard's own examples": "odcs/*.yaml",
    "ODCS documents of a tool": "datacontract-cli/odcs__*.yaml",
    "Data Contract Specification documents of a tool": "datacontract-cli/dcs__*.yaml",
}
_ENFORCEMENTS = ("deny", "warn")
_BLOCK = re.compile(r"(<!-- made: (\w+) -->\n).*?(\n<!-- end -->)", re.DOTALL)

File = Mapping[str, Any]


def checked() -> list[File]:
    """What one run over all of them says, in the page's order."""
    paths = [path for pattern in GROUPS.values() for path in sorted(CONTRACTS.glob(pattern))]
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.chdir(ROOT):
        main(["check", "--format", "json", *(os.path.relpath(path, ROOT) for path in paths)])
    return list(json.loads(out.getvalue())["files"])


def tables(files: list[File]) -> dict[str, str]:
    """The generated parts of the page by name."""
    return {"groups": _groups(files), "findings": _findings(files), "documents": _documents(files)}


def page_with(made: Mapping[str, str], page: str) -> str:
    return _BLOCK.sub(lambda block: f"{block[1]}{made[block[2]]}{block[3]}", page)


def _groups(files: list[File]) -> str:
    rows = [
        (
            group,
            len(of_group),
            _listed(file["recognised_as"] for file in of_group),
            sum(file["decision"] != "undecided" for file in of_group),
            sum(file["decision"] == "deny" for file in of_group),
            _listed(reason for file in of_group for reason in _refusals(file)) or "none",
        )
        for group, pattern in GROUPS.items()
        for of_group in ([file for file in files if Path(file["path"]).match(pattern)],)
    ]
    return _table(("what they are", "documents", "read as", "decided", "denied", "refused"), rows)


def _findings(files: list[File]) -> str:
    """One row a rule, by how many documents it is about."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for file in files:
        for finding in _rules_of(file):
            found[finding["id"], finding["enforcement"]].append((file["path"], finding["msg"]))
    rows = [
        (name, enforcement, len(said), len({path for path, _ in said}), f"`{_short(said[0][1])}`")
        for (name, enforcement), said in sorted(
            found.items(), key=lambda each: (-len({path for path, _ in each[1]}), each[0])
        )
    ]
    return _table(("rule", "", "findings", "documents", "for example"), rows)


def _documents(files: list[File]) -> str:
    rows = [
        (
            "/".join(Path(file["path"]).parts[-2:]),
            file["recognised_as"],
            file["decision"],
            *(_counted(file, enforcement) for enforcement in _ENFORCEMENTS),
        )
        for file in files
    ]
    return _table(("document", "read as", "decision", "denied by", "warned by"), rows)


def _counted(file: File, enforcement: str) -> str:
    """Each rule with how often it found something."""
    counts = Counter(finding["id"] for finding in _rules_of(file) if finding["enforcement"] == enforcement)
    return ", ".join(name if count == 1 else f"{name} ({count})" for name, count in sorted(counts.items())) or "none"


def _rules_of(file: File) -> list[Mapping[str, Any]]:
    return [finding for finding in file["findings"] if finding["enforcement"] in _ENFORCEMENTS]


def _refusals(file: File) -> list[str]:
    return [finding["msg"] for finding in file["findings"] if finding["enforcement"] == "undecided"]


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"{word} ({count})" for word, count in sorted(Counter(words).items()))


def _short(text: str) -> str:
    """A message as a table can have it, with the file's name for its path."""
    line = re.sub(r"\S*/(\S+\.yaml)", r"\1", text).replace("|", "/").replace("`", "'")
    return line if len(line) <= 150 else f"{line[:149]}…"


def _table(head: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(page_with(tables(checked()), PAGE.read_text(encoding="utf-8")), encoding="utf-8")
