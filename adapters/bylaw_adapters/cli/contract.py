"""
``bylaw contract``: contracts from one standard to another.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bylaw.contracts.kept import Note
    from bylaw.facts.documents.document import Document

_EPILOG = """\
What ODCS has no place for is kept as a custom property. What is only kept there, and read by nobody, is listed on
standard error with its place; so is what ODCS requires and the contract does not say.

exit codes: 0 all converted, 1 something is only kept, 2 not readable
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """``convert``."""
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    convert = actions.add_parser(
        "convert",
        help="a Data Contract Specification as ODCS 3.1.0",
        description="Convert a Data Contract Specification (0.9 to 1.2) to the Open Data Contract Standard 3.1.0.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    convert.add_argument("file", metavar="FILE", help="the contract; - is standard input")
    convert.add_argument("-o", "--output", metavar="FILE", type=Path, help="default: standard output")
    convert.set_defaults(action=_convert)


def run(arguments: argparse.Namespace) -> int:
    """The exit code of the action."""
    return int(arguments.action(arguments))


def _convert(arguments: argparse.Namespace) -> int:
    import sys

    from bylaw.contracts.dcs_to_odcs import dcs_to_odcs
    from bylaw.contracts.yaml_writing import written
    from bylaw.facts.documents.text import read_documents
    from bylaw_adapters.ci.files import STDIN, STDIN_NAME, read_file

    name = STDIN_NAME if arguments.file == STDIN else arguments.file
    content = read_file(arguments.file)
    texts: list[str] = []
    only_kept = 0
    for document in read_documents(content, file=name):
        _require_dcs(document)
        conversion = dcs_to_odcs(document)
        texts.append(written(conversion.document, comment=_opening_comment(content) if not texts else ""))
        print("".join(f"{line}\n" for line in _lines(document, conversion.notes)), end="", file=sys.stderr)
        only_kept += sum(note.is_only_kept for note in conversion.notes)
    _write("---\n".join(texts), arguments.output)
    return 1 if only_kept else 0


def _require_dcs(document: Document) -> None:
    """
    Raises:
        InputError: It cannot be read, or is of another form.
    """
    from bylaw.errors import UnrecognisedDocument
    from bylaw.facts.recognise import facts_of

    for facts in facts_of(document):
        if not facts.recognised_as.startswith("dcs "):
            raise UnrecognisedDocument(
                f"{facts.recognised_as}; a Data Contract Specification is converted", location=document.location()
            )


def _opening_comment(content: bytes) -> str:
    """What the file says before it begins; comments further in have no place in the new order."""
    lines: list[str] = []
    for line in content.decode().splitlines():
        if not line.startswith("#"):
            break
        lines.append(line[1:].removeprefix(" "))
    return "\n".join(lines)


def _lines(document: Document, notes: Sequence[Note]) -> list[str]:
    """In the order in which the document has them."""
    placed = sorted(((document.positions.at(note.pointer), note) for note in notes), key=lambda each: each[0])
    return [_printable(f"{document.location(note.pointer)}: {note.reason}") for _, note in placed]


def _printable(text: str) -> str:
    """A key is its author's: it must not steer a terminal or begin a line of its own."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _write(text: str, output: Path | None) -> None:
    from bylaw.errors import UnreadableInput

    if output is None:
        print(text, end="")
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UnreadableInput(f"{output} cannot be written: {error.strerror or error}") from error
