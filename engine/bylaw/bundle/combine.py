"""
Several bundles as one set of modules and data: what an evaluator loads. Bundles stand side by side or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import combinations
from typing import Any

from bylaw.bundle.contents import Bundle, shown
from bylaw.bundle.documents import merge
from bylaw.bundle.domain_terms import COUNCIL
from bylaw.bundle.library import LIBRARY_NAME
from bylaw.bundle.manifest import MANIFEST_FILE
from bylaw.bundle.places import manifest_place
from bylaw.bundle.roots import Root
from bylaw.bundle.tightening import check_tightening
from bylaw.errors import Location, OverlappingRoots


def combine(bundles: Iterable[Bundle]) -> tuple[dict[str, str], bytes, dict[str, str]]:
    """
    Modules (by file name, after their bundle's), data as JSON, and the revision of each bundle by name.

    Raises:
        OverlappingRoots: Two of them claim the same part of ``data``, or have one name.
        LoosenedLaw: A domain asks for less than the council does.
    """
    ordered = sorted(bundles, key=lambda bundle: bundle.name)
    for one, other in combinations(ordered, 2):
        _refuse_overlap(one, other)
    check_tightening(ordered)
    return stacked(ordered)


def stacked(bundles: Iterable[Bundle]) -> tuple[dict[str, str], bytes, dict[str, str]]:
    """As ``combine``, of bundles that stand side by side already. Composition holds whatever they say."""
    ordered = sorted(bundles, key=lambda bundle: bundle.name)
    modules: dict[str, str] = {}
    data: dict[str, Any] = {}
    for bundle in ordered:
        modules |= {shown(bundle, path): text for path, text in bundle.modules.items()}
        data = merge(data, dict(bundle.data), file=bundle.name)
    data_json = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return modules, data_json.encode(errors="surrogatepass"), {bundle.name: bundle.revision for bundle in ordered}


def v0_files(bundles: Iterable[Bundle]) -> frozenset[str]:
    """Of the modules that ``combine`` gives, those that are Rego v0."""
    return frozenset(shown(bundle, path) for bundle in bundles for path in bundle.v0_files)


# Whose roots are fixed: of two that overlap, the other one is out of place.
_AGREED = frozenset({LIBRARY_NAME, COUNCIL})


def _claim(bundle: Bundle) -> Location | None:
    return manifest_place(bundle.written, "roots", manifest=MANIFEST_FILE, bundle=bundle.name)


def _refuse_overlap(one: Bundle, other: Bundle) -> None:
    for root in one.roots:
        for theirs in other.roots:
            if Root.of(root).overlaps(Root.of(theirs)):
                same = f'"{root}"' if root == theirs else f'"{root}" and "{theirs}"'
                raise OverlappingRoots(
                    f"bundles {one.name} and {other.name} overlap: both own {same}",
                    location=_claim(one if other.name in _AGREED else other),
                )
    if one.name == other.name:
        raise OverlappingRoots(f"two bundles are named {one.name}: a name says whose revision a decision was made of")
