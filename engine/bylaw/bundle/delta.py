"""
Delta bundles, in OPA's format: what changed in a bundle's data, as operations on it.

    patch.json   {"data": [{"op": "upsert" | "remove" | "replace", "path": "/domains/customer/…", "value": …}, …]}
    .manifest    {"revision": …, "roots": […]}: the revision that comes of it, and the roots, which stay what they are

A delta changes data only, and is not signed: whoever demands signatures takes none. In OPA one without operations
empties the data; here it is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bylaw.bundle.archive import read_archive, write_archive
from bylaw.bundle.contents import DATA_FILES, DELTA_FILE, SIGNATURES_FILE, Bundle, data_of
from bylaw.bundle.documents import read_json
from bylaw.bundle.manifest import MANIFEST_FILE, read_manifest
from bylaw.errors import InvalidDelta

OPERATIONS = ("upsert", "remove", "replace")


def is_delta(files: Mapping[str, bytes]) -> bool:
    """Whether the files of an archive are those of a delta."""
    return DELTA_FILE in files


def delta_between(before: Bundle, after: Bundle) -> bytes:
    """
    The archive that makes the data of one release that of the next.

    Raises:
        InvalidDelta: More than data changed, or nothing did.
    """
    for what, was, becomes in (
        ("name", before.name, after.name),
        ("roots", sorted(before.roots), sorted(after.roots)),
        ("rules", before.modules, after.modules),
        ("Rego version", before.v0_files, after.v0_files),
    ):
        if was != becomes:
            raise InvalidDelta(f"{what} of {after.name} changed: a delta changes data only, release the whole bundle")
    operations = list(_operations(before.data, after.data, ""))
    if not operations:
        raise InvalidDelta(f"the data of {after.name} did not change")
    manifest = {"revision": after.revision, "roots": list(after.roots)}
    return write_archive({DELTA_FILE: _json({"data": operations}), MANIFEST_FILE: _json(manifest)})


def patched(archive: bytes, delta: Mapping[str, bytes], *, name: str) -> bytes:
    """
    The whole archive that comes of one and the files of a delta. A signature of the first does not hold for it, and is
    left out.

    Raises:
        BundleError, InputError: The delta is none, or does not fit.
    """
    files = read_archive(archive, name=name)
    strange = sorted(set(delta) - {DELTA_FILE, MANIFEST_FILE})
    if strange:
        raise InvalidDelta(f"{name}: a delta holds {DELTA_FILE} and {MANIFEST_FILE} only, and not {strange[0]}")
    manifest = json.loads(files.get(MANIFEST_FILE, b"{}"))
    manifest.pop("revision", None)
    if MANIFEST_FILE in delta:
        becomes = read_manifest(delta[MANIFEST_FILE])
        if becomes.roots is not None and {str(root) for root in becomes.roots} != set(manifest.get("roots", [""])):
            raise InvalidDelta(f"{name}: a delta cannot change the roots of its bundle")
        if becomes.revision:
            manifest["revision"] = becomes.revision
    data = data_of(files)
    for position, operation in enumerate(_read(delta[DELTA_FILE])):
        _apply(data, operation, f"{DELTA_FILE}: /data/{position}")
    kept = {
        path: content
        for path, content in files.items()
        if path.rpartition("/")[2] not in DATA_FILES and path != SIGNATURES_FILE
    }
    return write_archive({**kept, MANIFEST_FILE: _json(manifest), "data.json": _json(data)})


def _operations(before: Mapping[str, Any], after: Mapping[str, Any], path: str) -> Iterator[dict[str, Any]]:
    for key in sorted(set(before) - set(after)):
        yield {"op": "remove", "path": f"{path}/{_escaped(key)}"}
    for key in sorted(after):
        here = f"{path}/{_escaped(key)}"
        if key not in before:
            yield {"op": "upsert", "path": here, "value": after[key]}
        elif isinstance(before[key], dict) and isinstance(after[key], dict):
            yield from _operations(before[key], after[key], here)
        elif not _same(before[key], after[key]):
            yield {"op": "replace", "path": here, "value": after[key]}


def _same(one: Any, other: Any) -> bool:
    """As JSON: to Python, 1 is True and 1.0 as well."""
    return _json(one) == _json(other)


def _read(text: bytes) -> list[Any]:
    document = read_json(text, DELTA_FILE)
    operations = document.get("data") if isinstance(document, dict) else None
    if not isinstance(operations, list):
        raise InvalidDelta(f"{DELTA_FILE}: wanted an object with a list, data")
    if not operations:
        raise InvalidDelta(f"{DELTA_FILE}: no operations; to empty the data of a bundle, release it empty")
    return operations


def _apply(data: dict[str, Any], operation: Any, where: str) -> None:
    if not isinstance(operation, dict) or operation.get("op") not in OPERATIONS:
        raise InvalidDelta(f"{where}: op is none of {', '.join(OPERATIONS)}")
    path = operation.get("path")
    if not isinstance(path, str) or not path.strip("/"):
        raise InvalidDelta(f"{where}: path names no place below data")
    if operation["op"] != "remove" and "value" not in operation:
        raise InvalidDelta(f"{where}: no value")
    *parents, last = (part.replace("~1", "/").replace("~0", "~") for part in path.strip("/").split("/"))
    node: Any = data
    for part in parents:
        node = _child(node, part, where, makes=operation["op"] == "upsert")
    if isinstance(node, dict):
        _set_member(node, last, operation, where)
    elif isinstance(node, list):
        _set_element(node, last, operation, where)
    else:
        raise InvalidDelta(f"{where}: {path} goes through what is neither object nor array")


def _child(node: Any, part: str, where: str, *, makes: bool) -> Any:
    if isinstance(node, dict):
        if part not in node and makes:
            node[part] = {}
        if part in node:
            return node[part]
    if isinstance(node, list) and _is_index(part) and int(part) < len(node):
        return node[int(part)]
    raise InvalidDelta(f"{where}: there is nothing at {part!r}")


def _set_member(node: dict[str, Any], key: str, operation: Mapping[str, Any], where: str) -> None:
    if operation["op"] != "upsert" and key not in node:
        raise InvalidDelta(f"{where}: there is nothing at {key!r} to {operation['op']}")
    if operation["op"] == "remove":
        del node[key]
    else:
        node[key] = operation["value"]


def _set_element(node: list[Any], index: str, operation: Mapping[str, Any], where: str) -> None:
    """As in OPA, ``upsert`` inserts before an element, or at the end (``-``)."""
    if operation["op"] == "upsert" and (index == "-" or (_is_index(index) and int(index) <= len(node))):
        node.insert(len(node) if index == "-" else int(index), operation["value"])
    elif operation["op"] != "upsert" and _is_index(index) and int(index) < len(node):
        if operation["op"] == "remove":
            del node[int(index)]
        else:
            node[int(index)] = operation["value"]
    else:
        raise InvalidDelta(f"{where}: there is no element {index!r}")


def _is_index(part: str) -> bool:
    return part.isascii() and part.isdigit() and len(part) < 10


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _json(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(errors="surrogatepass")
