"""
A mutation run for readers and for CI: what survived, where, and what was changed there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from bylaw_adapters.mutation.mutant import Fate, Mutant, Tried
from bylaw_adapters.mutation.run import MutationRun
from bylaw_adapters.rego_tests.reports import printable


def text(run: MutationRun, *, verbose: bool) -> Iterator[str]:
    """The survivors, with ``verbose`` all of them, then the score."""
    for tried in run.tried:
        if verbose or tried.fate is Fate.SURVIVED:
            mutant = tried.mutant
            yield f"{mutant.location}: {mutant.mutation}: {tried.fate.value}{f' by {tried.by}' if tried.by else ''}"
            yield f"  - {mutant.before}"
            yield f"  + {mutant.after or '(nothing)'}"
    noticed, survived, invalid = (len(run.of(fate)) for fate in Fate)
    yield f"{noticed + survived} mutants: {noticed} noticed, {survived} survived"
    if invalid:
        yield f"{invalid} more do not compile and do not count"
    if len(run.tried) < run.found:
        reason = "time ran out" if run.is_cut_short else "as many as --max-mutants says"
        yield f"{len(run.tried)} of {run.found} were tried: {reason}"
    yield f"score: {run.score:g}%"


def as_json(run: MutationRun) -> str:
    """``score`` in percent, the counts, and each survivor."""
    document = {
        "score": run.score,
        "found": run.found,
        "tried": len(run.tried),
        "cut_short": run.is_cut_short,
        **{fate.value: len(run.of(fate)) for fate in (Fate.NOTICED, Fate.INVALID)},
        "survived": [_entry(tried.mutant) for tried in run.of(Fate.SURVIVED)],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _entry(mutant: Mutant) -> dict[str, Any]:
    place = mutant.location
    return {
        "location": {"file": place.file, "row": place.row, "col": place.column},
        "mutation": mutant.mutation,
        "before": mutant.before,
        "after": mutant.after,
    }


def as_junit(run: MutationRun) -> str:
    """One suite a file, one case a mutant that counts; a survivor is a failure."""
    counted = [tried for tried in run.tried if tried.fate is not Fate.INVALID]
    root = ElementTree.Element("testsuites", _counts(counted))
    for file in sorted({tried.mutant.location.file for tried in counted}):
        inside = [tried for tried in counted if tried.mutant.location.file == file]
        suite = ElementTree.SubElement(root, "testsuite", {"name": printable(file), **_counts(inside)})
        for tried in inside:
            _junit_case(suite, tried)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def _counts(tried: list[Tried]) -> dict[str, str]:
    survived = sum(1 for each in tried if each.fate is Fate.SURVIVED)
    return {"tests": str(len(tried)), "failures": str(survived), "errors": "0", "skipped": "0", "time": "0"}


def _junit_case(suite: ElementTree.Element, tried: Tried) -> None:
    mutant = tried.mutant
    place = mutant.location
    name = f"{place.row}:{place.column} {mutant.mutation}: {mutant.after or 'nothing'}"
    file = printable(place.file)
    attributes = {"classname": file, "name": printable(name), "time": "0", "file": file, "line": str(place.row)}
    case = ElementTree.SubElement(suite, "testcase", attributes)
    if tried.fate is Fate.SURVIVED:
        failure = ElementTree.SubElement(
            case, "failure", {"type": "survived", "message": printable(f"{place}: no test notices")}
        )
        failure.text = printable(f"- {mutant.before}\n+ {mutant.after}")
