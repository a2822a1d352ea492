"""
What stands between a folder and a release: everything that loading checks, and what only its authors can put right.

1. It is built, and stays within its layer (``layers``).
2. Its waivers and parameters have their shape (``terms``).
3. An evaluator loads it beside the library, and beside what it is built against: no recursion, no unknown function,
   nothing that it cannot evaluate.
4. The interpreter of YAML policies takes each of its policies (``policy_data``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from bylaw.bundle.build import build_folder
from bylaw.bundle.combine import combine, v0_files
from bylaw.bundle.contents import Bundle, shown
from bylaw.bundle.domain_terms import COUNCIL
from bylaw.bundle.layers import check_layers
from bylaw.bundle.library import LIBRARY_NAME, LIBRARY_ROOT
from bylaw.bundle.policy_data import refuse_malformed
from bylaw.bundle.reading import read_library
from bylaw.bundle.terms import check_terms
from bylaw.ports import PolicyEvaluator, Snapshot
from bylaw.waivers.report import complaints, rules_in_force, waiver_report

Loaded: TypeAlias = tuple[Snapshot, Sequence[Bundle]]
"""What an evaluator made of bundles, and which those were."""


def release_folder(
    folder: Path,
    *,
    evaluator: PolicyEvaluator,
    revision: str | None = None,
    against: Sequence[Bundle] = (),
    warn: Callable[[str], None] = lambda _: None,
) -> Bundle:
    """
    The bundle that a folder is the source of, fit to be released. ``against`` are bundles of other layers that it will
    be loaded beside: with the council's among them it is known whether a domain only tightens. An earlier release of
    itself is passed over. ``warn`` is told of each waiver of the bundle that has no effect, as far as these tell.

    Raises:
        BundleError, PolicyError, InputError: Why it is not, and which file says so.
    """
    bundle = build_folder(folder, revision=revision)
    check_layers(bundle)  # (1)
    check_terms(bundle)  # (2)
    others = [other for other in against if other.name != bundle.name or other.roots != bundle.roots]
    snapshot, loaded = check_loads(bundle, evaluator=evaluator, against=others)  # (3)
    refuse_malformed(bundle, snapshot)  # (4)
    for complaint in _waivers_without_effect(bundle, loaded, snapshot):
        warn(complaint)
    return bundle


def release_library(*, evaluator: PolicyEvaluator, revision: str | None = None) -> Bundle:
    """The library, likewise."""
    bundle = read_library(revision=revision)
    check_loads(bundle, evaluator=evaluator)
    return bundle


def check_loads(bundle: Bundle, *, evaluator: PolicyEvaluator, against: Sequence[Bundle] = ()) -> Loaded:
    """
    What the evaluator made of the bundle beside ``against`` and the library.

    Raises:
        PolicyError: The evaluator does not take it.
        OverlappingRoots, LoosenedLaw: It cannot stand beside ``against``.
    """
    has_library = any(LIBRARY_ROOT in each.roots and each.name == LIBRARY_NAME for each in (bundle, *against))
    loaded = [bundle, *against, *([] if has_library else [read_library()])]
    modules, data_json, _ = combine(loaded)
    return evaluator.load(modules, data_json, v0_files=v0_files(loaded)), loaded


def _waivers_without_effect(bundle: Bundle, loaded: Sequence[Bundle], snapshot: Snapshot) -> list[str]:
    layer = bundle.domain or COUNCIL
    modules = {shown(each, path): text for each in loaded for path, text in each.modules.items()}
    roots = [root for each in loaded for root in each.roots]
    rules = rules_in_force(snapshot, modules, roots, v0_files=v0_files(loaded))
    own = [entry for entry in waiver_report(snapshot, rules) if entry["layer"] == layer]
    return complaints(own) if COUNCIL in bundle.roots or bundle.domain else []
