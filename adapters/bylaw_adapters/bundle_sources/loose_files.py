"""
Policy and data that are in no bundle, loaded as ``opa eval -d`` and ``opa test`` do: every ``.rego`` is a module; every
JSON or YAML file is data, at the path of its folder below the one given; ``a.b:file.json`` puts it below ``a.b``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bylaw.bundle import documents
from bylaw.bundle.archive import read_archive
from bylaw.bundle.contents import data_of
from bylaw.bundle.folder import read_folder
from bylaw.errors import InputTooLarge, MalformedInput, PolicyError, UnreadableBundle

DATA_SUFFIXES = frozenset({".json", ".yaml", ".yml"})

# What one evaluation may hold of modules and data together; memory is bounded a little above it.
MAX_TOTAL_BYTES = 256 * 2**20


@dataclass(frozen=True, slots=True)
class LooseFiles:
    """Modules by the path they were found at, and data."""

    modules: dict[str, str]
    data: dict[str, Any]


def load_loose_files(paths: Iterable[str], *, leave_out: tuple[str, ...] = ()) -> LooseFiles:
    """
    ``leave_out`` are endings of files that are no data, as those of decision cases.

    Raises:
        UnreadableBundle: A path is not there.
        InputError, PolicyError: A file is broken, or two files say something about the same path.
    """
    modules: dict[str, str] = {}
    data: dict[str, Any] = {}
    total_bytes = 0
    for given in paths:
        prefix, path = _prefix_and_path(given)
        for file, folder in _files(path):
            if leave_out and file.name.endswith(leave_out):
                continue
            content = _content(file)
            total_bytes += len(content)
            if total_bytes > MAX_TOTAL_BYTES:
                raise InputTooLarge(f"{file}: more than {MAX_TOTAL_BYTES} bytes of policy and data")
            if file.suffix == ".rego":
                modules[str(file)] = _text(content, file)
            else:
                data = documents.merge(data, _data(file, content, (*prefix, *folder)), file=str(file))
    return LooseFiles(modules, data)


def load_bundle_sources(paths: Iterable[str]) -> LooseFiles:
    """
    Folders laid out as bundles, their tests included: only what a bundle would take (``data.json``, ``data.yaml``) is
    data. Nothing is checked against roots, because tests stand in packages of their own.

    Raises:
        BundleError, InputError, PolicyError: As ``load_loose_files``.
    """
    modules: dict[str, str] = {}
    data: dict[str, Any] = {}
    for given in paths:
        folder = Path(given)
        files = read_folder(folder) if folder.is_dir() else read_archive(_content(folder), name=given)
        modules |= {
            f"{given.rstrip('/')}/{path}": _text(content, folder / path)
            for path, content in files.items()
            if path.endswith(".rego")
        }
        data = documents.merge(data, data_of(files), file=given)
    return LooseFiles(modules, data)


def _prefix_and_path(given: str) -> tuple[tuple[str, ...], Path]:
    if ":" in given and not Path(given).exists():
        prefix, _, path = given.partition(":")
        return tuple(prefix.removeprefix("data.").split(".")), Path(path)
    return (), Path(given.removeprefix("file://"))


def _files(path: Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Each file with the folders between it and the path that was given."""
    if not path.is_dir():
        yield path, ()
        return
    for here, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            file = Path(here) / name
            if file.suffix == ".rego" or file.suffix in DATA_SUFFIXES:
                yield file, file.parent.relative_to(path).parts


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UnreadableBundle(f"{file}: {error.strerror}") from error


def _text(content: bytes, file: Path) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise PolicyError(f"{file}: not UTF-8", code="rego_parse_error") from error


def _data(file: Path, content: bytes, folder: tuple[str, ...]) -> dict[str, Any]:
    read = documents.read_json if file.suffix == ".json" else documents.read_yaml
    value = read(content, str(file))
    if not isinstance(value, dict):
        raise MalformedInput(f"{file}: data is an object")
    nested = documents.nest(folder, value)
    return dict(nested)
