"""
``bylaw catalogue``: every rule of a law on one page, made from the law itself.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bylaw.law_book import Entry

_EPILOG = """\
A folder is walked for rules, policies, tests and decision cases; of an archive its rules and policies are taken.

exit codes: 0 written, 2 a file does not parse or cannot be read, or there is no rule
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _EPILOG
    parser.add_argument("paths", metavar="PATH", nargs="+", help="folders, files and bundle archives")
    parser.add_argument("-f", "--format", choices=("markdown", "html", "json"), default="markdown", help="what is made")
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="default: standard output")


def run(arguments: argparse.Namespace) -> int:
    """Read, write, answer the exit code."""
    import sys

    from bylaw.errors import UnreadableInput
    from bylaw.law_book import html_page, markdown_page

    book = _book(arguments.paths)
    if not book:
        print("bylaw catalogue: no rule was found", file=sys.stderr)
        return 2
    page = {"markdown": markdown_page, "html": html_page, "json": _json}[arguments.format](book)
    if arguments.output is None:
        print(page, end="")
        return 0
    try:
        arguments.output.write_text(page, encoding="utf-8")
    except OSError as error:
        raise UnreadableInput(f"{arguments.output} cannot be written: {error.strerror or error}") from error
    return 0


def _json(book: Sequence[Entry]) -> str:
    return json.dumps([dataclasses.asdict(entry) for entry in book], indent=2, ensure_ascii=False) + "\n"


def _book(paths: Sequence[str]) -> list[Entry]:
    from bylaw.law_book import entries
    from bylaw_adapters.decision_cases import find_case_files, read_case_file
    from bylaw_adapters.lint import read_archived_law, read_law_files

    archives = [path for path in paths if path.endswith((".tar.gz", ".tgz"))]
    others = [path for path in paths if path not in archives]
    files = read_law_files(others)
    archived = [read_archived_law(Path(path)) for path in archives]
    cases = [case for file in find_case_files(others) for case in read_case_file(file)]
    return entries(
        {file: text for each in (files, *archived) for file, text in each.modules.items()},
        {file: text for each in (files, *archived) for file, text in each.policies.items()},
        ((case.name, case.decision, _rules(case.rules.values())) for case in cases),
    )


def _rules(lists: Iterable[Iterable[str]]) -> list[str]:
    return sorted({rule for rules in lists for rule in rules})
