"""
The law that cases are decided by: the bundles that were named, the library beside them, composed and loaded as the
service does it. It can be changed in one place, to see whether a case notices.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import bylaw_native

from bylaw.bundle import Bundle, check_layers, combine, read_bundle, read_library, v0_files
from bylaw.bundle.build import build_files
from bylaw.bundle.contents import shown
from bylaw.bundle.folder import read_folder
from bylaw.bundle.library import LIBRARY_ROOT
from bylaw.bundle.manifest import MANIFEST_FILE
from bylaw.errors import DuplicateKey, UnreadableInput
from bylaw_adapters.decision_cases.form import CASES_SUFFIXES

_ARCHIVES = (".tar.gz", ".tgz")


@dataclass(frozen=True, slots=True)
class CaseLaw:
    """
    ``bundles`` with the folder that each was built from, ``None`` for an archive and for the library. ``files`` are the
    names under which modules are known to other tests, by where they lie.
    """

    bundles: tuple[tuple[Bundle, Path | None], ...]
    files: Mapping[str, str] = field(default_factory=dict)
    evaluator: Literal["native", "regorus"] = "native"

    def load(self, data: Mapping[str, Any], *, replaced: tuple[str, str] | None = None) -> bylaw_native.Snapshot:
        """
        The law with the data of a case beside it. ``replaced`` is a module's text, and the one to take instead.

        Raises:
            DuplicateKey: The case says otherwise what a bundle says already.
            PolicyError, BundleError: The bundles do not stand beside each other, or do not load.
        """
        bundles = [bundle for bundle, _ in self.bundles]
        modules, data_json, _ = combine(bundles)
        if data:
            data_json = json.dumps(_beside(json.loads(data_json), data, "")).encode()
        if replaced is not None:
            modules = {file: replaced[1] if text == replaced[0] else text for file, text in modules.items()}
        names = self._names()
        older = frozenset(names.get(file, file) for file in v0_files(bundles))
        named = {names.get(file, file): text for file, text in modules.items()}
        return bylaw_native.load(named, data_json, evaluator=self.evaluator, v0_files=older, keeps_print=True)

    def with_file(self, file: str, content: bytes) -> CaseLaw:
        """
        The law with one file of a bundle's folder changed, built anew.

        Raises:
            BundleError, PolicyError, InputError: It is no law any more.
        """
        changed: list[tuple[Bundle, Path | None]] = []
        for bundle, folder in self.bundles:
            path = None if folder is None else _below(folder, file)
            if folder is None or path is None:
                changed.append((bundle, folder))
                continue
            built = build_files({**read_folder(folder), path: content}, stem=folder.resolve().name)
            check_layers(built)
            changed.append((built, folder))
        return replace(self, bundles=tuple(changed))

    def holds(self, text: str) -> bool:
        """Whether a module of this text is part of it, picked from the catalogue or its own."""
        return any(text in bundle.modules.values() for bundle, _ in self.bundles)

    def is_built_from(self, file: str) -> bool:
        """Whether the file lies in a folder that a bundle was built from."""
        return any(folder is not None and _below(folder, file) is not None for _, folder in self.bundles)

    def _names(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for bundle, folder in self.bundles:
            for path in bundle.modules if folder is not None else ():
                lies = os.path.normpath(Path(str(folder)) / path)
                if lies in self.files:
                    names[shown(bundle, path)] = self.files[lies]
        return names


def read_case_law(
    paths: Iterable[str], modules: Iterable[str] = (), *, evaluator: Literal["native", "regorus"] = "native"
) -> CaseLaw:
    """
    The law that these paths make: each archive, each folder with a manifest in it or above it, and the library where
    none of them is it. ``modules`` are the names of modules as tests have them.

    Raises:
        BundleError, PolicyError, InputError: A bundle that must not be loaded.
    """
    sources = {os.path.normpath(source): source for path in paths for source in _sources(Path(path))}
    bundles: list[tuple[Bundle, Path | None]] = [
        (read_bundle(source), source if source.is_dir() else None) for source in sources.values()
    ]
    if not any(LIBRARY_ROOT in bundle.roots for bundle, _ in bundles):
        bundles.append((read_library(), None))
    return CaseLaw(tuple(bundles), {os.path.normpath(name): name for name in modules}, evaluator)


def files_of_law(paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """
    The files of the folders that are bundles among these paths, by where they lie.

    Raises:
        BundleError: One cannot be read.
    """
    folders = {os.path.normpath(source): source for path in paths for source in _sources(Path(path))}
    for folder in folders.values():
        if folder.is_dir():
            yield from ((str(folder / path), content) for path, content in read_folder(folder).items())


def find_case_files(paths: Iterable[str]) -> list[Path]:
    """
    Every file of cases that is named or lies in a folder that is, in the order of their names; none of hidden folders.

    Raises:
        UnreadableInput: A path is not there.
    """
    found: dict[str, Path] = {}
    for given in paths:
        path = Path(given)
        if not path.exists():
            raise UnreadableInput(f"{path}: there is no such file or folder")
        for file in [path] if path.is_file() else _walk(path):
            if file.name.endswith(CASES_SUFFIXES):
                found[os.path.normpath(file)] = file
    return [found[name] for name in sorted(found)]


def _beside(below: Mapping[str, Any], above: Mapping[str, Any], path: str) -> dict[str, Any]:
    """Objects merge; what both say, they say alike."""
    merged = dict(below)
    for key, value in above.items():
        mine = merged.get(key, value)
        if isinstance(mine, dict) and isinstance(value, dict):
            merged[key] = _beside(mine, value, f"{path}/{key}")
        elif mine != value:
            raise DuplicateKey(f"data at {path}/{key} is a bundle's, and the case says something else")
        else:
            merged[key] = value
    return merged


def _sources(path: Path) -> list[Path]:
    if path.is_file() and path.name.endswith(_ARCHIVES):
        return [path]
    above = _manifest_above(path)
    if above is not None:
        return [above]
    if path.is_file():
        return []
    below = sorted({file.parent for file in _walk(path) if file.name == MANIFEST_FILE})
    return below or [path]


def _manifest_above(path: Path) -> Path | None:
    """The nearest folder with a manifest, the path itself included; as short as it was given where it can be."""
    for folder in (path, *path.parents):
        if (folder / MANIFEST_FILE).is_file():
            return folder
    if path.is_absolute():
        return None
    return next((folder for folder in Path.cwd().parents if (folder / MANIFEST_FILE).is_file()), None)


def _walk(folder: Path) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(here) / name for name in sorted(names))


def _below(folder: Path, file: str) -> str | None:
    lies = Path(os.path.normpath(file))
    home = Path(os.path.normpath(folder))
    return lies.relative_to(home).as_posix() if lies.is_relative_to(home) else None
