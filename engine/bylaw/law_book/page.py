"""
What a page of the law book has, whatever it is written in: the words, the order, and the anchors.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from bylaw.law_book.entries import Entry

TITLE = "The law book"
COLUMNS = ("id", "rule", "owner", "kind", "enforcement", "severity")
MAX_EXAMPLES = 12
"""Of one rule; its tests have the others."""

_SOURCES = {"metadata": "said", "test": "tested", "case": "decided"}

# Marks that turn the direction of what follows: a text could look like another one.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def one_line(text: str) -> str:
    """The text on one line, without characters that print nothing or turn the writing."""
    spaced = (" " if unicodedata.category(each) in {"Cc", "Zl", "Zp", "Cs"} else each for each in text)
    return " ".join("".join(each for each in spaced if each not in _TURNING).split())


def owner(layer: str) -> str:
    return "the council" if layer == "global" else f"domain {layer}"


def counted(book: Sequence[Entry]) -> str:
    layers = {entry.layer for entry in book}
    return f"{len(book)} rules of {len(layers)} layers."


def anchors(book: Sequence[Entry]) -> list[str]:
    """A name for each entry to be linked by: of plain letters, and no two alike."""
    taken: set[str] = set()
    found = []
    for entry in book:
        wanted = re.sub(r"[^a-z0-9]+", "-", entry.rule.lower()).strip("-") or "rule"
        name, times = wanted, 1
        while name in taken:
            times += 1
            name = f"{wanted}-{times}"
        taken.add(name)
        found.append(name)
    return found


def facts(entry: Entry) -> list[tuple[str, str]]:
    """What stands under a rule's heading, in order; what it does not say is left out."""
    told = [
        ("Rule", entry.rule),
        ("Owner", ", ".join([owner(entry.layer), *entry.contacts])),
        ("Enforcement", f"{entry.enforcement}, severity {entry.severity}"),
        ("Controls", ", ".join(entry.controls) or "none"),
        ("Remediation", entry.remediation),
        ("Parameters", ", ".join(entry.parameters)),
        ("Source", entry.file),
    ]
    return [(name, one_line(said)) for name, said in told if said.strip()]


def examples(entry: Entry) -> list[str]:
    """The first examples of an entry, one line each."""
    lines = [f"{_SOURCES[each.source]}: {one_line(each.text)}" for each in entry.examples]
    more = len(lines) - MAX_EXAMPLES
    return lines if more <= 0 else [*lines[:MAX_EXAMPLES], f"and {more} more"]


def by_control(book: Sequence[Entry]) -> list[tuple[str, list[int]]]:
    """Each control with the entries that serve it, by their place in the book; statutes stand together."""
    found: dict[str, list[int]] = {}
    for at, entry in enumerate(book):
        for control in dict.fromkeys(map(one_line, entry.controls)):
            found.setdefault(control, []).append(at)
    return sorted(found.items(), key=lambda item: _words_and_numbers(item[0]))


def _words_and_numbers(control: str) -> list[tuple[int, str]]:
    """So that Art. 5 stands before Art. 32."""
    parts = re.split(r"([0-9]{1,9})", control.lower())
    return [(int(part), "") if at % 2 else (0, part) for at, part in enumerate(parts)]
