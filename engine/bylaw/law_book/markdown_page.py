"""
The law book as Markdown, as GitHub and GitLab show it. Texts of authors are made harmless: none becomes a link, a tag,
a heading or another cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bylaw.law_book.entries import Entry
from bylaw.law_book.page import (
    COLUMNS,
    TITLE,
    anchors,
    by_control,
    counted,
    examples,
    facts,
    one_line,
    owner,
)

_MEANS_SOMETHING = re.compile(r"([\\`*_\[\]|~#])")


def markdown_page(book: Sequence[Entry]) -> str:
    """The whole page; ends with a line feed."""
    return "\n".join(_lines(book)) + "\n"


def safe(text: str) -> str:
    """A text as Markdown that shows it and does nothing else."""
    plain = one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # A colon that is no longer plain keeps an address from becoming a link.
    plain = re.sub(r"(?i)\b(https?|ftp|mailto|xmpp):", r"\1&#58;", plain)
    plain = re.sub(r"(?i)\bwww\.", "www&#46;", plain).replace("@", "&#64;")
    return re.sub(r"(?<!&)(?:" + _MEANS_SOMETHING.pattern + ")", _escaped, plain)


def _at_the_start(line: str) -> str:
    """A line that begins no list, no rule and no heading of the line before."""
    return re.sub(
        r"^(?:[-+=]|[0-9]+(?=[.)]))", lambda found: f"\\{found[0]}" if found[0] in "-+=" else f"{found[0]}\\", line
    )


def _escaped(found: re.Match[str]) -> str:
    return f"\\{found[0]}"


def _lines(book: Sequence[Entry]) -> Iterator[str]:
    names = anchors(book)
    yield from (f"# {TITLE}", "", counted(book), "")
    yield f"| {' | '.join(COLUMNS)} |"
    yield f"|{'---|' * len(COLUMNS)}"
    for entry, name in zip(book, names, strict=True):
        cells = [f"[{safe(entry.id)}](#{name})", safe(entry.title), safe(owner(entry.layer)), safe(entry.kind)]
        yield f"| {' | '.join([*cells, safe(entry.enforcement), safe(entry.severity)])} |"
    yield from ("", "## By control", "")
    for control, places in by_control(book):
        yield f"- {_at_the_start(safe(control))}: {', '.join(f'[{safe(book[at].id)}](#{names[at]})' for at in places)}"
    yield from ("", "## Rules")
    for entry, name in zip(book, names, strict=True):
        yield from _of_rule(entry, name)


def _of_rule(entry: Entry, name: str) -> Iterator[str]:
    yield from ("", f'<a id="{name}"></a>', "", f"### {safe(entry.id)} {safe(entry.title)}", "")
    if entry.description.strip():
        yield from (_at_the_start(safe(entry.description)), "")
    yield from (f"- **{label}**: {safe(said)}" for label, said in facts(entry))
    told = examples(entry)
    if told:
        yield "- **Examples**:"
        yield from (f"  - {safe(each)}" for each in told)
