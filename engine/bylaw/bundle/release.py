"""
What stands between a folder and a release: everything that loading checks, and what only its authors can put right.

1. It is built, and stays within its layer (``layers``).
2. Its waivers and parameters have their shape (``terms``).
3. An evaluator loads it beside the library: no recursion, no unknown function, nothing that it cannot evaluate.
"""

from __future__ import annotations

from pathlib import Path

from bylaw.bundle.build import build_folder
from bylaw.bundle.combine import combine, v0_files
from bylaw.bundle.contents import Bundle
from bylaw.bundle.layers import check_layers
from bylaw.bundle.library import LIBRARY_ROOT
from bylaw.bundle.reading import read_library
from bylaw.bundle.terms import check_terms
from bylaw.ports import PolicyEvaluator


def release_folder(folder: Path, *, evaluator: PolicyEvaluator, revision: str | None = None) -> Bundle:
    """
    The bundle that a folder is the source of, fit to be released.

    Raises:
        BundleError, PolicyError, InputError: Why it is not, and which file says so.
    """
    bundle = build_folder(folder, revision=revision)
    check_layers(bundle)  # (1)
    check_terms(bundle)  # (2)
    check_loads(bundle, evaluator=evaluator)  # (3)
    return bundle


def release_library(*, evaluator: PolicyEvaluator, revision: str | None = None) -> Bundle:
    """The library, likewise."""
    bundle = read_library(revision=revision)
    check_loads(bundle, evaluator=evaluator)
    return bundle


def check_loads(bundle: Bundle, *, evaluator: PolicyEvaluator) -> None:
    """
    Raises:
        PolicyError: The evaluator does not take it.
    """
    beside = [] if LIBRARY_ROOT in bundle.roots else [read_library()]
    loaded = [bundle, *beside]
    modules, data_json, _ = combine(loaded)
    evaluator.load(modules, data_json, v0_files=v0_files(loaded))
