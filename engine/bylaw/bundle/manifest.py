"""
What a bundle says about itself: OPA's ``.manifest``, read strictly. Not whether its contents keep to it (``roots``).

A key that merely looks like one of OPA's (``root``, ``Roots``) is refused: OPA ignores it and lets the bundle own
everything, which is never what its author meant. Keys of other tools pass.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bylaw.bundle.documents import read_json
from bylaw.bundle.roots import Root, overlapping
from bylaw.errors import InputError, InvalidManifest

MANIFEST_FILE = ".manifest"

KNOWN_KEYS = ("revision", "roots", "rego_version", "file_rego_versions", "wasm", "metadata")


@dataclass(frozen=True, slots=True)
class Manifest:
    """
    ``roots`` is ``None`` where the bundle claims everything: no manifest, none in it, or the empty root.
    ``file_rego_versions`` are by path; all other modules have ``rego_version``.
    """

    revision: str = ""
    roots: tuple[Root, ...] | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    rego_version: int = 1
    file_rego_versions: Mapping[str, int] = field(default_factory=dict)

    @property
    def bylaw(self) -> Mapping[str, Any]:
        """What is ours in ``metadata``: ``{"name": …, "catalogue": […]}``."""
        ours = self.metadata.get("bylaw", {})
        if not isinstance(ours, dict):
            raise InvalidManifest(f"{MANIFEST_FILE}: metadata.bylaw is an object, not {_json_type(ours)}")
        return ours


def read_manifest(text: bytes) -> Manifest:
    """
    Raises:
        InvalidManifest: Not a JSON object, a value of the wrong type, roots that overlap, or what is not supported here
            (WebAssembly), with its reason.
    """
    try:
        document = read_json(text, MANIFEST_FILE)
    except InputError as error:
        raise InvalidManifest(error.message, location=error.location) from error
    if not isinstance(document, dict):
        raise InvalidManifest(f"{MANIFEST_FILE} is an object, not {_json_type(document)}")
    _refuse_near_misses(document)
    if document.get("wasm"):
        raise InvalidManifest(f"{MANIFEST_FILE}: wasm is not read here: WebAssembly cannot be checked as Rego is")
    manifest = Manifest(
        revision=_typed(document, "revision", str, ""),
        roots=_roots(document),
        rego_version=_rego_version("rego_version", document.get("rego_version", 1)),
        file_rego_versions=_file_rego_versions(_typed(document, "file_rego_versions", dict, {})),
        metadata=_typed(document, "metadata", dict, {}),
    )
    _check_ours(manifest.bylaw)
    return manifest


def _refuse_near_misses(document: Mapping[str, Any]) -> None:
    for key in document:
        if key in KNOWN_KEYS:
            continue
        near = difflib.get_close_matches(key.lower(), KNOWN_KEYS, n=1, cutoff=0.8)
        if near:
            raise InvalidManifest(f"{MANIFEST_FILE}: unknown key {key!r}; did you mean {near[0]!r}?")


def _rego_version(where: str, version: Any) -> int:
    if version is True or version is False or version not in {0, 1}:
        raise InvalidManifest(f"{MANIFEST_FILE}: {where} is 1 or 0, not {json.dumps(version)}")
    return int(version)


def _file_rego_versions(versions: Mapping[str, Any]) -> dict[str, int]:
    """OPA takes patterns too; which of two that match wins depends on their order there, so they are refused."""
    for path in versions:
        if any(mark in path for mark in "*?[{"):
            raise InvalidManifest(f"{MANIFEST_FILE}: file_rego_versions names files, and {path!r} is a pattern")
    return {path.removeprefix("/"): _rego_version(path, version) for path, version in versions.items()}


def _roots(document: Mapping[str, Any]) -> tuple[Root, ...] | None:
    if document.get("roots") is None:
        return None
    texts = _typed(document, "roots", list, [])
    for text in texts:
        if not isinstance(text, str):
            raise InvalidManifest(f"{MANIFEST_FILE}: a root is a path, not {json.dumps(text)}")
    roots = tuple(sorted(Root.of(text) for text in texts))
    for one, other in overlapping(roots):
        raise InvalidManifest(f'{MANIFEST_FILE}: the roots "{one}" and "{other}" overlap; name each part once')
    return None if Root(()) in roots else roots


def _check_ours(ours: Mapping[str, Any]) -> None:
    name = ours.get("name", "-")
    if not isinstance(name, str) or not name:
        raise InvalidManifest(f"{MANIFEST_FILE}: metadata.bylaw.name is a text, not {json.dumps(name)}")
    catalogue = ours.get("catalogue", [])
    if not isinstance(catalogue, list) or not all(isinstance(pattern, str) for pattern in catalogue):
        raise InvalidManifest(f"{MANIFEST_FILE}: metadata.bylaw.catalogue is a list of rules, as `privacy/*`")


def _typed(document: Mapping[str, Any], key: str, wanted: type[Any], default: Any) -> Any:
    value = document.get(key)
    if value is None:
        return default
    if not isinstance(value, wanted):
        raise InvalidManifest(f"{MANIFEST_FILE}: {key} is {_json_type(wanted())}, not {_json_type(value)}")
    return value


def _json_type(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
        case _:
            return "an object"
