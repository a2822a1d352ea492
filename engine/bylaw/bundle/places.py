"""
Where a value of ``data`` was written: the file of the bundle, the row and the column. Only asked when something is
refused, so the file is read again.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from bylaw.bundle.documents import read_json_document, read_yaml_document
from bylaw.errors import InputError, Location
from bylaw.facts.document import Document

_DATA_FILES = ("data.json", "data.yaml", "data.yml")
_POLICIES = "policies"


def place_in(files: Mapping[str, bytes], path: tuple[str | int, ...], *, bundle: str = "") -> Location | None:
    """
    The place of the value at a path below ``data``, or of what holds it; ``None`` where no file says it. ``files`` are
    a bundle's, by path; ``bundle`` stands before their names.
    """
    for file in sorted(files):
        pure = PurePosixPath(file)
        folder = pure.parent.parts
        if pure.name not in _DATA_FILES or path[: len(folder)] != folder[: len(path)]:
            continue
        if len(path) < len(folder):
            return Location(_shown(bundle, file), 1)
        document = _document(files[file], file)
        pointer = path[len(folder) :]
        if document is not None and _says(document.value, pointer):
            return _at(document, pointer, bundle)
    return None


def policy_place(
    files: Mapping[str, bytes],
    root: tuple[str, ...],
    index: int,
    policy: Any,
    below: tuple[str | int, ...],
    *,
    bundle: str,
) -> Location | None:
    """The place in a policy: in the YAML file that says its name, else in the data of an archive."""
    name = policy.get("name") if isinstance(policy, dict) else None
    for file in sorted(files):
        if PurePosixPath(file).parent.parts != (*root, _POLICIES) or PurePosixPath(file).name in _DATA_FILES:
            continue
        document = _document(files[file], file)
        if document is not None and isinstance(document.value, dict) and document.value.get("name") == name:
            return _at(document, below, bundle)
    return place_in(files, (*root, _POLICIES, index, *below), bundle=bundle)


def manifest_place(files: Mapping[str, bytes], key: str, *, manifest: str, bundle: str = "") -> Location | None:
    """The place of a key of the manifest; ``None`` where there is no manifest, or it says nothing of it."""
    document = _document(files[manifest], ".json") if manifest in files else None
    if document is None or not _says(document.value, (key,)):
        return None
    row, column = document.positions.at((key,))
    return Location(_shown(bundle, manifest), row, column)


def _document(content: bytes, file: str) -> Document | None:
    try:
        return read_json_document(content, file) if file.endswith(".json") else read_yaml_document(content, file)
    except InputError:
        return None


def _says(value: Any, pointer: tuple[str | int, ...]) -> bool:
    for step in pointer:
        is_member = isinstance(value, dict) and step in value
        is_item = isinstance(value, list) and isinstance(step, int) and step < len(value)
        if not is_member and not is_item:
            return False
        value = value[step]
    return True


def _at(document: Document, pointer: tuple[str | int, ...], bundle: str) -> Location:
    row, column = document.positions.at(pointer)
    return Location(_shown(bundle, document.file), row, column)


def _shown(bundle: str, file: str) -> str:
    return f"{bundle}/{file}" if bundle else file
