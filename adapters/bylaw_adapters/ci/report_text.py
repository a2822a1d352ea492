"""
The report for a person: one line a finding, ``path:line:column  ID  enforcement  message``, what to do about it once
below, and a line that sums up.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bylaw_adapters.ci.checking import CheckedFile
from bylaw_adapters.ci.findings import UNMATCHED, Finding
from bylaw_adapters.ci.verdict import summary_of

if TYPE_CHECKING:
    from bylaw_adapters.ci.evidence import EvidenceFile

WIDTH = 110
_INDENT = " " * 4
_WORDS = {"allow": "allowed", "deny": "denied", "undecided": "undecided"}


def render(checked: Sequence[CheckedFile], evidence: Sequence[EvidenceFile] = ()) -> str:
    lines = [line for file in checked for line in _file(file)]
    lines += [line for file in evidence for line in _evidence(file)]
    summary = summary_of(checked)
    noun = "file" if summary.files == 1 else "files"
    counts = f"{summary.allowed} allowed, {summary.denied} denied, {summary.undecided} undecided"
    return "\n".join([*lines, *([""] if lines else []), f"{summary.files} {noun}: {counts}"])


def _file(file: CheckedFile) -> Iterator[str]:
    yield f"{_plain(file.path)}: {_WORDS[file.decision]} ({_plain(file.recognised_as)})"
    advised: set[str] = set()
    for finding in file.findings:
        yield _line(file, finding)
        if finding.remediation and finding.rule not in advised:
            advised.add(finding.rule)
            yield from _advice(finding)
    for judged in file.quality:
        yield from (f"{_plain(file.path)}: {_plain(judged.product)}: {_plain(line)}" for line in judged.quality.lines())


def _evidence(file: EvidenceFile) -> Iterator[str]:
    signed = f"signed by {file.producer}" if file.producer else f"signature: {file.signed}"
    about = f"{file.results} results, {file.results - file.about_nothing} about what is checked"
    yield f"{_plain(file.path)}: evidence ({_plain(file.recognised_as)}; {_plain(signed)}): {about}"
    for one in file.unmatched:
        yield f"{_plain(file.path)}:{one.line}:1  {UNMATCHED}  audit  {_plain(one.msg)}"
    if file.about_nothing > len(file.unmatched):
        yield f"{_plain(file.path)}: and {file.about_nothing - len(file.unmatched)} more"


def _line(file: CheckedFile, finding: Finding) -> str:
    place = f"{_plain(finding.file or file.path)}:{finding.line}:{finding.column}"
    return f"{place}  {_plain(finding.id)}  {finding.enforcement}  {_plain(finding.msg)}"


def _advice(finding: Finding) -> Iterator[str]:
    text = _plain(" ".join(finding.remediation.split()))
    yield from textwrap.wrap(text, WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT)


def _plain(text: str) -> str:
    """
    Documents are hostile and terminals obey: everything that is no printable character (escape sequences, line breaks,
    overwriting carriage returns, direction marks) is shown as its escape.
    """
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)
