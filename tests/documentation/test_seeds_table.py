"""
``docs/seeds.md`` is how we know what of the five documents is done. It may not name what does not exist.

Every row says where a thing lives and which test shows it, or why it is not there yet (or is not ours to build). A test
is named as ``path::name``: a function of a Python file, a rule of a Rego test, a ``note`` of a YAML case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
TABLE = REPOSITORY / "docs" / "seeds.md"

ABSENT = ("not yet: ", "not ours: ")
IN_BACKTICKS = re.compile(r"`([^`]+)`")
DEFINITIONS = {".py": r"^\s*(?:async )?def {}\(", ".rego": r"^{}\b", ".yaml": r"^\s*(?:- )?note: ['\"]?{}['\"]?\s*$"}


@dataclass(frozen=True, slots=True)
class Row:
    number: str
    what: str
    asks: str
    where: str
    shown: str

    @property
    def is_absent(self) -> bool:
        return self.where.startswith(ABSENT)

    def paths(self) -> list[str]:
        return IN_BACKTICKS.findall(self.where)

    def tests(self) -> list[str]:
        return IN_BACKTICKS.findall(self.shown)


def read_rows() -> list[Row]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return [Row(*cells) for line in lines if re.match(r"^\| \d", line) for cells in [_cells(line)]]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split(" | ")]


ROWS = read_rows()
PRESENT = [row for row in ROWS if not row.is_absent]


def test_each_of_the_five_documents_has_its_rows_numbered_without_gaps() -> None:
    by_document: dict[str, list[int]] = {}
    for row in ROWS:
        document, _, number = row.number.partition(".")
        by_document.setdefault(document, []).append(int(number))
    assert by_document == {document: list(range(1, len(by_document[document]) + 1)) for document in "12345"}


@pytest.mark.parametrize("row", ROWS, ids=[row.number for row in ROWS])
def test_a_row_says_what_is_described_and_what_it_asks(row: Row) -> None:
    assert row.what
    assert row.asks


@pytest.mark.parametrize("row", [row for row in ROWS if row.is_absent], ids=lambda row: row.number)
def test_what_is_absent_has_a_reason_and_claims_no_test(row: Row) -> None:
    _, _, reason = row.where.partition(": ")
    assert len(reason) > len("later")
    assert not row.tests()


@pytest.mark.parametrize("row", PRESENT, ids=[row.number for row in PRESENT])
def test_what_is_present_is_where_the_row_says(row: Row) -> None:
    assert row.paths()
    assert [path for path in row.paths() if not (REPOSITORY / path).exists()] == []


@pytest.mark.parametrize("row", PRESENT, ids=[row.number for row in PRESENT])
def test_what_is_present_is_shown_by_a_test_that_exists(row: Row) -> None:
    assert row.tests()
    assert [test for test in row.tests() if not _exists(test)] == []


def _exists(test: str) -> bool:
    name, _, definition = test.partition("::")
    path = REPOSITORY / name
    if not path.is_file() or not definition:
        return False
    pattern = DEFINITIONS[path.suffix].format(re.escape(definition))
    return re.search(pattern, path.read_text(encoding="utf-8"), re.MULTILINE) is not None
