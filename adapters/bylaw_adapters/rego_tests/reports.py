"""
A test run for readers: text and JSON as ``opa test`` prints them, JUnit as CI systems read it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree

from bylaw_adapters.rego_tests.outcomes import Case, Outcome, TestResult, count

_LINE = "-" * 80


def text(results: list[TestResult], *, verbose: bool) -> Iterator[str]:
    """What did not pass; all of it where ``verbose``. Then the counts."""
    file = None
    for result in results:
        if result.outcome is Outcome.PASS and not verbose:
            continue
        if file != result.location.file:
            file = result.location.file
            yield f"{file}:"
        yield f"{result.package}.{result.name}: {result.outcome.value}{_duration(result)}"
        yield from _case_lines(result.cases, "  ", verbose=verbose)
        if result.is_decision and result.outcome is not Outcome.PASS:
            yield f"  at {result.location}"
        if result.error is not None:
            yield f"  {result.error}"
        if verbose or result.outcome is not Outcome.PASS:
            yield from (f"    {line}" for line in result.printed)
    yield _LINE
    yield from (f"{outcome.value}: {number}/{len(results)}" for outcome, number in count(results).items() if number)


def _duration(result: TestResult) -> str:
    return "" if result.outcome is Outcome.SKIPPED else f" ({result.duration_ns / 1e6:.3f}ms)"


def _case_lines(cases: Mapping[str, Case], indent: str, *, verbose: bool) -> Iterator[str]:
    for name, case in cases.items():
        if verbose or not case.passed:
            yield f"{indent}{name}: {'PASS' if case.passed else 'FAIL'}"
            yield from _case_lines(case.cases, indent + "  ", verbose=verbose)


def as_json(results: list[TestResult]) -> str:
    """A list with an object a test, by OPA's keys."""
    return json.dumps([_entry(result) for result in results], indent=2, ensure_ascii=False)


def _entry(result: TestResult) -> dict[str, Any]:
    place = result.location
    entry: dict[str, Any] = {
        "location": {"file": place.file, "row": place.row, "col": place.column},
        "package": result.package,
        "name": result.name,
    }
    match result.outcome:
        case Outcome.FAIL:
            entry["fail"] = True
        case Outcome.SKIPPED:
            entry["skip"] = True
        case Outcome.ERROR | Outcome.PASS:
            pass
    if result.error is not None:
        entry["error"] = {"code": result.error.code, "message": result.error.message}
    entry["duration"] = result.duration_ns
    if result.printed:
        entry["output"] = base64.b64encode("".join(f"{line}\n" for line in result.printed).encode()).decode()
    if result.cases:
        entry["sub_results"] = _case_entries(result.cases)
    return entry


def _case_entries(cases: Mapping[str, Case]) -> dict[str, Any]:
    return {
        name: {
            **({"name": name} if name else {}),  # as OPA leaves out what is empty
            **({} if case.passed else {"fail": True}),
            **({"sub_results": _case_entries(case.cases)} if case.cases else {}),
        }
        for name, case in cases.items()
    }


def as_junit(results: list[TestResult]) -> str:
    """One suite a package, one case a test; what a case of a parametrised test said is in the failure's text."""
    counts = count(results)
    root = ElementTree.Element("testsuites", _attributes(results, counts))
    for package in sorted({result.package for result in results}):
        inside = [result for result in results if result.package == package]
        suite = ElementTree.SubElement(
            root, "testsuite", {"name": printable(package), **_attributes(inside, count(inside))}
        )
        for result in inside:
            _junit_case(suite, result)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def _attributes(results: list[TestResult], counts: Mapping[Outcome, int]) -> dict[str, str]:
    return {
        "tests": str(len(results)),
        "failures": str(counts[Outcome.FAIL]),
        "errors": str(counts[Outcome.ERROR]),
        "skipped": str(counts[Outcome.SKIPPED]),
        "time": _seconds(sum(result.duration_ns for result in results)),
    }


def _junit_case(suite: ElementTree.Element, result: TestResult) -> None:
    attributes = {
        "classname": printable(result.package),
        "name": printable(result.name),
        "time": _seconds(result.duration_ns),
        "file": printable(result.location.file),
        "line": str(result.location.row),
    }
    case = ElementTree.SubElement(suite, "testcase", attributes)
    match result.outcome:
        case Outcome.FAIL:
            failure = ElementTree.SubElement(
                case, "failure", {"type": "failure", "message": printable(f"{result.location}: {_short(result)}")}
            )
            failure.text = printable("\n".join([*_case_lines(result.cases, "", verbose=False), *result.printed]))
        case Outcome.ERROR:
            ElementTree.SubElement(case, "error", {"type": "error", "message": printable(str(result.error))})
        case Outcome.SKIPPED:
            ElementTree.SubElement(case, "skipped")
        case Outcome.PASS:
            pass


def _short(result: TestResult) -> str:
    """Of a decision case the first that is otherwise than wanted."""
    return result.printed[0] if result.printed and result.is_decision else "not true"


def _seconds(nanoseconds: int) -> str:
    return f"{nanoseconds / 1e9:.6f}"


def printable(said: str) -> str:
    """XML has no control characters, not even escaped, nor half of a surrogate pair."""
    return "".join(character if _may_stand(ord(character)) else "\ufffd" for character in said)


def _may_stand(code: int) -> bool:
    return code in {0x9, 0xA} or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or code > 0xFFFF
