"""The page about public contracts says what `bylaw check` says of them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parent


def _public_contracts() -> ModuleType:
    """The module beside this one; tests are no package."""
    spec = importlib.util.spec_from_file_location("public_contracts", HERE / "public_contracts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


public_contracts = _public_contracts()


@pytest.mark.skipif(
    not public_contracts.CONTRACTS.is_dir(), reason="the public contracts lie in ../shared, which is not there"
)
def test_the_page_says_what_check_says() -> None:
    files = public_contracts.checked()
    assert len(files) == 92
    page = public_contracts.PAGE.read_text(encoding="utf-8")
    assert page == public_contracts.page_with(public_contracts.tables(files), page), (
        "docs/case-study-public-contracts.md is out of date: python tests/end_to_end/public_contracts.py"
    )


def test_the_page_has_every_table() -> None:
    page = public_contracts.PAGE.read_text(encoding="utf-8")
    made = dict.fromkeys(("groups", "findings", "documents"), "?")
    assert public_contracts.page_with(made, page).count("-->\n?\n<!-- end -->") == len(made)
