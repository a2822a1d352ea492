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
from bylaw.facts.documents.document import Document

_DATA_FILES = ("data.json", "data.yaml", "data.yml")
_POLICIES = "policies"
_PLACES = "policy_places"


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
    """
    The place in a policy: in the YAML file that says its name, else the line that building noted of it or of its rule
    (an archive's file is named as its folder's was), else in the data.
    """
    name = policy.get("name") if isinstance(policy, dict) else None
    for file in sorted(files):
        if PurePosixPath(file).parent.parts != (*root, _POLICIES) or PurePosixPath(file).name in _DATA_FILES:
            continue
        document = _document(files[file], file)
        if document is not None and isinstance(document.value, dict) and document.value.get("name") == name:
            return _at(document, below, bundle)
    noted = _noted(files, root, name, below)
    if noted is not None:
        return Location(_shown(bundle, noted.file), noted.row)
    return place_in(files, (*root, _POLICIES, index, *below), bundle=bundle)


def _noted(
    files: Mapping[str, bytes], root: tuple[str, ...], name: Any, below: tuple[str | int, ...]
) -> Location | None:
    for file in sorted(files):
        folder = PurePosixPath(file).parent.parts
        if PurePosixPath(file).name not in _DATA_FILES or root[: len(folder)] != folder:
            continue
        document = _document(files[file], file)
        value: Any = None if document is None else document.value
        for step in (*root[len(folder) :], _PLACES, name):
            value = value.get(step) if isinstance(value, dict) else None
        if isinstance(value, dict) and isinstance(value.get("file"), str):
            row = _line(value, below)
            return Location(value["file"], row) if row is not None else None
    return None


def _line(place: Mapping[str, Any], below: tuple[str | int, ...]) -> int | None:
    line = place.get("line")
    match below:
        case ("rules", int() as index, *_):
            rules = place.get("rules")
            if isinstance(rules, list) and 0 <= index < len(rules):
                line = rules[index]
        case ("validator",):
            line = place.get("validator", line)
        case _:
            pass
    return line if type(line) is int and line > 0 else None


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
