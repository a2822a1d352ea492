"""
Masks as a parser of Trino's SQL reads them that is not ours (sqlglot): one expression, about the column that is masked
and no other, whatever the column is called and whatever its type says of itself.

What an expression may hold is listed, so that a name that got out of its quotes would show as a node that is not.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import bylaw_native
import pytest

from bylaw.bundle import combine, read_bundle, read_library

pytestmark = pytest.mark.peers

REPOSITORY = Path(__file__).resolve().parents[2]
HOSTILE = (
    *(
        "email",
        "E-Mail",
        "select",
        "a b",
        "1",
        "Straße 漢字",
        "x'; DROP TABLE t; --",
        "a'b",
        "/*",
        "*/",
        "--",
        ";",
        "\\",
    ),
    *('"', '""', 'a"b', '"a"', 'x") OR ("y', '" || secret || "', '"), secret, ("', "'", "''", "%v", "{{x}}", "$1", "?"),
    *("NULL", "a\tb", "a\nb", "a\u0000b", "\u202e", "\ufeff", "\U0001d54f", "é", "x" * 256, '"' * 256, "x" * 257, ""),
)
TYPES = (
    *(
        "varchar",
        "varchar(20)",
        "char(5)",
        "VARCHAR(3)",
        "string",
        "date",
        "timestamp(3)",
        "timestamp(3) with time zone",
    ),
    *("bigint", "row(a varchar)", "varchar) OR (secret", "varchar(1)); --", "date -- x", "", "char(99999999999)"),
)
MASKS = ("year_only", "email_domain", "last4", "hash", "tokenise", "redact", "nullify", "shuffle")
CATEGORIES = ("user.name", "user.contact.email", "user.unique_id")

PARSER = REPOSITORY / "tests" / "peers" / "tools" / "sqlglot" / "columns_of.py"


def _plans(mask: str, category: str) -> list[dict[str, Any]]:
    """What the law makes of columns of every name and type, if the category takes this mask."""
    council = read_bundle(REPOSITORY / "bundles" / "global")
    modules, data_json, _ = combine([read_library(), council])
    data = json.loads(data_json)
    data["global"]["parameters"] |= {
        "masks_by_category": {category: mask},
        "masks_by_classification": {},
        "tokenise_function": "governance.default.tokenise",
    }
    fields = [{"name": name, "type": type_, "categories": [category]} for name in HOSTILE if name for type_ in TYPES]
    product = {"domain": "a", "classification": "internal", "contract": {"schema": [{"name": "t", "fields": fields}]}}
    answer = bylaw_native.load(modules, json.dumps(data).encode()).evaluate(
        "bylaw/masking_plan/columns", json.dumps({"product": product}).encode()
    )
    return list(json.loads(answer))


def _parsed(package: Path, expressions: list[str]) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, PARSER],
        input=json.dumps(expressions),
        env={**os.environ, "PYTHONPATH": str(package)},
        check=True,
        capture_output=True,
        text=True,
    )
    return list(json.loads(done.stdout))


@pytest.mark.parametrize("mask", MASKS)
def test_a_mask_is_one_expression_about_its_own_column(sqlglot_package: Path, mask: str) -> None:
    plans = _plans(mask, CATEGORIES[MASKS.index(mask) % len(CATEGORIES)])

    parsed = _parsed(sqlglot_package, [plan["expression"] for plan in plans])

    assert len(plans) == len(TYPES) * (len(HOSTILE) - 1)
    for plan, answer in zip(plans, parsed, strict=True):
        about = answer.pop("columns")
        assert (plan["expression"], answer) == (plan["expression"], {"strange": [], "comments": False})
        assert about in ([], [plan["column"]]), plan["expression"]


def test_some_masks_are_about_their_column(sqlglot_package: Path) -> None:
    plans = _plans("hash", "user.unique_id")

    parsed = _parsed(sqlglot_package, [plan["expression"] for plan in plans])

    about = {column for answer in parsed for column in answer["columns"]}
    assert {'x") OR ("y', "x'; DROP TABLE t; --", '" || secret || "', "x" * 256} <= about
    assert not {"a\nb", "a\u0000b", "x" * 257} & about


def test_the_parser_would_show_a_name_that_got_out(sqlglot_package: Path) -> None:
    escaped = ['lower("x") OR ("y")', 'lower("x" || secret || "y")', 'lower("x"); DROP TABLE t', '"a" -- b']

    parsed = _parsed(sqlglot_package, escaped)

    assert all(answer["strange"] or answer["comments"] or len(answer["columns"]) > 1 for answer in parsed)
