"""
Prints ``rego/bylaw/taxonomy/taxonomy.rego``, the keys of the Fides taxonomy as rules read them, from the package
``fideslang`` that is on the path. ``make taxonomy`` runs it after another release is pinned, and writes the file.

Only keys, names, and what replaced a key that is deprecated: what a key means is in its dots (``user.contact.email`` is
below ``user.contact``). A module and no document, so that it is at the same path whichever folder is loaded.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

KINDS = {
    "categories": ("data_category", "What data is, each key with its `name`."),
    "uses": ("data_use", "What data is used for, each key with its `name`."),
    "subjects": ("data_subject", "Whom data is about, each key with its `name`."),
}


def text() -> str:
    """As it stands in the file, from the package that is installed."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    from fideslang import DEFAULT_TAXONOMY

    yield from (
        "# METADATA",
        "# title: The Fides taxonomy",
        "# description: >",
        f"#   Release {version('fideslang')} of the Fides taxonomy (fideslang, https://github.com/ethyca/fideslang) by",
        "#   Ethyca, Inc., licensed under CC BY 4.0. Of it are kept keys, names, and what replaced a key that is",
        "#   deprecated. Written by tests/fideslang_taxonomy.py; rules read it by `bylaw.lib.taxonomy`.",
        "package bylaw.taxonomy",
        "",
    )
    for kind, (listed, description) in KINDS.items():
        entries = sorted(getattr(DEFAULT_TAXONOMY, listed), key=lambda each: str(each.fides_key))
        yield from ("# METADATA", f"# description: {description}", f"{kind} := {{")
        yield from (f"\t{json.dumps(each.fides_key)}: {_entry(each)}," for each in entries)
        yield from ("}", "")


def _entry(each: Any) -> str:
    replaced = {"replaced_by": each.replaced_by} if each.replaced_by else {}
    return json.dumps({"name": each.name, **replaced}, ensure_ascii=False)


if __name__ == "__main__":
    sys.stdout.write(text())
