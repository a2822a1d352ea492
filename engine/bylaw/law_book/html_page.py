"""
The law book as one HTML page: no script, no picture, nothing fetched, and a policy in the page that keeps it so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

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

_HEAD = f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{TITLE}</title>
<style>
body {{ font: 16px/1.5 sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }}
table {{ border-collapse: collapse; }}
td, th {{ border: 1px solid #bbb; padding: .2rem .5rem; text-align: left; vertical-align: top; }}
dt {{ font-weight: bold; }}
</style>
</head>
<body>"""


def html_page(book: Sequence[Entry]) -> str:
    """The whole document; ends with a line feed."""
    return "\n".join([_HEAD, *_lines(book), "</body>", "</html>"]) + "\n"


def safe(text: str) -> str:
    """A text as HTML that shows it, inside an element or a quoted attribute."""
    return escape(one_line(text), quote=True)


def _lines(book: Sequence[Entry]) -> Iterator[str]:
    names = anchors(book)
    yield from (f"<h1>{TITLE}</h1>", f"<p>{counted(book)}</p>", "<table>")
    yield f"<tr>{''.join(f'<th>{column}</th>' for column in COLUMNS)}</tr>"
    for entry, name in zip(book, names, strict=True):
        said = (entry.title, owner(entry.layer), entry.kind, entry.enforcement, entry.severity)
        yield f"<tr><td>{_link(entry, name)}</td>{''.join(f'<td>{safe(each)}</td>' for each in said)}</tr>"
    yield from ("</table>", "<h2>By control</h2>", "<ul>")
    for control, places in by_control(book):
        yield f"<li>{safe(control)}: {', '.join(_link(book[at], names[at]) for at in places)}</li>"
    yield from ("</ul>", "<h2>Rules</h2>")
    for entry, name in zip(book, names, strict=True):
        yield from _of_rule(entry, name)


def _link(entry: Entry, name: str) -> str:
    return f'<a href="#{name}">{safe(entry.id)}</a>'


def _of_rule(entry: Entry, name: str) -> Iterator[str]:
    yield f'<h3 id="{name}">{safe(entry.id)} {safe(entry.title)}</h3>'
    if entry.description.strip():
        yield f"<p>{safe(entry.description)}</p>"
    yield "<dl>"
    yield from (f"<dt>{label}</dt><dd>{safe(said)}</dd>" for label, said in facts(entry))
    told = examples(entry)
    if told:
        items = "".join(f"<li>{safe(each)}</li>" for each in told)
        yield f"<dt>Examples</dt><dd><ul>{items}</ul></dd>"
    yield "</dl>"
