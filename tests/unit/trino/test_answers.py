"""What Trino would misread never reaches it."""

from __future__ import annotations

import pytest

from bylaw.errors import UndefinedDecision
from bylaw_adapters.trino.answers import TrinoGuard


@pytest.mark.parametrize(
    ("rule", "result"),
    [
        ("allow", b"true"),
        ("allow", b"false"),
        ("batch", b"[0,2]"),
        ("batch", b"[]"),
        ("row_filters", b"[]"),
        ("row_filters", b'[{"expression":"false"}]'),
        ("column_mask", b'{"expression":"NULL"}'),
        ("column_mask", b"null"),
        ("batch_column_masks", b"[]"),
    ],
)
def test_an_answer_that_trino_reads_as_it_was_meant_is_passed_on(rule: str, result: bytes) -> None:
    TrinoGuard().check(f"bylaw/trino/{rule}", result)


@pytest.mark.parametrize(
    ("rule", "result"),
    [
        *[(rule, None) for rule in ("allow", "batch", "row_filters", "column_mask", "batch_column_masks", "other")],
        ("allow", b"{}"),
        ("allow", b"null"),
        ("allow", b'"true"'),
        ("batch", b"{}"),
        ("batch", b"null"),
        ("row_filters", b"{}"),
        ("row_filters", b"null"),
        ("row_filters", b'"x"'),
        ("column_mask", b'"NULL"'),
        ("column_mask", b"[]"),
        ("batch_column_masks", b"null"),
    ],
)
def test_anything_else_is_an_error(rule: str, result: bytes | None) -> None:
    with pytest.raises(UndefinedDecision):
        TrinoGuard().check(f"bylaw/trino/{rule}", result)
