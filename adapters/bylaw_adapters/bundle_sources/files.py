"""
Bundles from the file system: archives and folders, with the library beside them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bylaw.bundle import Bundle, Verifier, combine, read_bundle, read_library
from bylaw.errors import UnreadableBundle


@dataclass(frozen=True, slots=True)
class LoadedBundles:
    """What an evaluator loads (``modules``, ``data_json``), and which revision of which bundle it was made of."""

    bundles: tuple[Bundle, ...]
    modules: Mapping[str, str]
    data_json: bytes
    revisions: Mapping[str, str]


def load_bundles(paths: Sequence[str | Path], *, library: bool = True, verify: Verifier | None = None) -> LoadedBundles:
    """
    Read, check and combine bundles.

    Args:
        paths: Archives, or folders laid out as bundles.
        library: Whether the library comes along (it owns the root ``bylaw``).
        verify: As ``bylaw.bundle.read_bundle``.

    Raises:
        BundleError, PolicyError, InputError: One of them must not be loaded, so none is.
    """
    bundles = [_read(path, verify) for path in paths]
    if library:
        bundles.append(read_library())
    modules, data_json, revisions = combine(bundles)
    return LoadedBundles(tuple(bundles), modules, data_json, revisions)


def _read(path: str | Path, verify: Verifier | None) -> Bundle:
    if "://" in str(path):
        raise UnreadableBundle(f"{path}: bundles are read from files and folders")
    return read_bundle(Path(path), verify=verify)
