"""
The catalogue: standard rules (``rego/global``) of which a council picks those it puts in force, by name in its
manifest: ``"catalogue": ["privacy/*", "access/default_deny"]``. Helpers and default parameters come along; where the
council sets a parameter itself, its own holds.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from bylaw.bundle.contents import Bundle, bundle_of
from bylaw.bundle.folder import read_folder
from bylaw.bundle.library import library_folder
from bylaw.bundle.metadata import RuleName
from bylaw.bundle.source import read_source
from bylaw.errors import InvalidManifest

CATALOGUE_ROOT = "global"


def add_catalogue(bundle: Bundle, patterns: Sequence[str], library: Path | None) -> Bundle:
    """
    The bundle with the rules that it picks.

    Raises:
        InvalidManifest: A pattern that picks nothing (the message names the nearest rule), or a bundle that does not
            own ``global``.
        UnreadableBundle: There is no catalogue to pick from.
    """
    if CATALOGUE_ROOT not in bundle.roots:
        raise InvalidManifest(
            f"{bundle.name}: only the bundle that owns the root {CATALOGUE_ROOT} picks from the catalogue"
        )
    catalogue = _catalogue(library or library_folder())
    rules = {path: _rule_of(path, text) for path, text in catalogue.modules.items()}
    _refuse_idle(patterns, {rule for rule in rules.values() if rule})
    picked = {path: catalogue.modules[path] for path, rule in rules.items() if rule is None or _picks(patterns, rule)}
    for path in picked:
        if path in bundle.modules:
            raise InvalidManifest(f"{bundle.name}: {path} is in the bundle and is picked from the catalogue as well")
    return replace(bundle, modules={**bundle.modules, **picked}, data=_overlaid(catalogue.data, bundle.data))


def _catalogue(library: Path) -> Bundle:
    files = read_folder(library / CATALOGUE_ROOT, without=("_test.rego",))
    return bundle_of({f"{CATALOGUE_ROOT}/{path}": content for path, content in files.items()}, stem="catalogue")


def _rule_of(path: str, text: str) -> str | None:
    rule = RuleName.of(read_source(path, text.encode()).package)
    return "/".join(rule.path.split(".")[1:]) if rule else None


def _picks(patterns: Sequence[str], rule: str) -> bool:
    return any(fnmatchcase(rule, pattern) for pattern in patterns)


def _refuse_idle(patterns: Sequence[str], rules: set[str]) -> None:
    for pattern in patterns:
        if not any(fnmatchcase(rule, pattern) for rule in rules):
            near = difflib.get_close_matches(pattern, sorted(rules), n=1)
            hint = f"; the nearest is {near[0]}" if near else ""
            raise InvalidManifest(f".manifest: the catalogue has no rule {pattern!r}{hint}")


def _overlaid(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        mine = merged.get(key)
        merged[key] = _overlaid(mine, value) if isinstance(mine, dict) and isinstance(value, dict) else value
    return merged
