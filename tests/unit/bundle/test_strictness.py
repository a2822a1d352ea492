"""Which error budgets of a domain ask for less than the council's."""

from __future__ import annotations

from typing import Any

import pytest

from bylaw.bundle.strictness import faults

COUNCIL = {"availability": {"objective": 0.99, "window_days": 28}}


@pytest.mark.parametrize(
    ("theirs", "where"),
    [
        pytest.param({"availability": {"objective": 0.995, "window_days": 28}}, [], id="more"),
        pytest.param({"availability": {"objective": 0.99, "window_days": 7}}, [], id="as much, over another window"),
        pytest.param({"quality": {"objective": 0.5, "window_days": 7}}, [], id="another measure"),
        pytest.param({"availability": {"objective": 0.9}}, [("availability", "objective")], id="less"),
        pytest.param({"availability": 0.999}, [("availability",)], id="a number"),
        pytest.param({"availability": {"objective": "high"}}, [("availability",)], id="a word"),
        pytest.param([], [()], id="a list"),
    ],
)
def test_a_domain_s_error_budgets(theirs: Any, where: list[tuple[str, ...]]) -> None:
    assert [path for path, _ in faults("budgets", theirs, COUNCIL)] == where
