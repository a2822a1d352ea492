"""
What a bundle is, and how its files become one. OPA's rules on names hold: ``*.rego`` are modules, ``data.json`` and
``data.yaml`` are data at the path of their folder, the rest is nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from bylaw.bundle.documents import merge, nest, read_json, read_yaml
from bylaw.bundle.manifest import MANIFEST_FILE, Manifest, read_manifest
from bylaw.bundle.places import place_in
from bylaw.bundle.roots import DOMAINS, Root, check_data, check_package, told_from
from bylaw.bundle.source import Source, read_source
from bylaw.errors import MalformedInput, UnreadableBundle, UnsafeMember

SIGNATURES_FILE = ".signatures.json"
DELTA_FILE = "patch.json"

DATA_FILES: Mapping[str, Callable[[bytes, str], Any]] = {
    "data.json": read_json,
    "data.yaml": read_yaml,
    "data.yml": read_yaml,
}

REFUSED_FILES = {
    DELTA_FILE: "a delta bundle changes a running one and cannot be loaded by itself",
    "policy.wasm": "WebAssembly cannot be checked as Rego is",
}

_MEANINGFUL_NAMES = {MANIFEST_FILE, SIGNATURES_FILE, *DATA_FILES, *REFUSED_FILES}


@dataclass(frozen=True, slots=True)
class Bundle:
    """
    Modules and data of one revision, under roots that no other bundle may claim.

    ``roots`` are those declared, or told from the contents where the bundle claims everything. ``modules`` are Rego
    texts by their path in the bundle. ``metadata`` is the manifest's. ``signatures`` is what ``.signatures.json`` held,
    unread. Modules are Rego of ``rego_version``, but for those in ``v0_files``.
    """

    name: str
    revision: str
    roots: tuple[str, ...]
    rego_version: int
    modules: Mapping[str, str]
    data: Mapping[str, Any]
    metadata: Mapping[str, Any] = field(default_factory=dict)
    signatures: bytes | None = None
    v0_files: frozenset[str] = frozenset()
    written: Mapping[str, bytes] = field(default_factory=dict, compare=False, repr=False)
    """The manifest and, of a layer's bundle, its data files and YAML policies as they were written (``places``)."""

    @property
    def domain(self) -> str | None:
        """The domain whose bundle this is; ``None`` for any other."""
        root = Root.of(self.roots[0]).segments if self.roots else ()
        return root[1] if len(root) == 2 and root[0] == DOMAINS else None


def bundle_of(files: Mapping[str, bytes], *, stem: str, name: str | None = None) -> Bundle:
    """
    The bundle that these files make up. ``stem`` names one that has no better name.

    Raises:
        BundleError, PolicyError, InputError: A member that must not be loaded, and which.
    """
    _check_names(files)
    manifest = read_manifest(files[MANIFEST_FILE]) if MANIFEST_FILE in files else Manifest()
    sources = [read_source(path, files[path]) for path in sorted(files) if path.endswith(".rego")]
    data = data_of(files)
    roots = told_from((source.package for source in sources), data) if manifest.roots is None else manifest.roots
    for source in sources:
        check_package(roots, source.package, source.package_location)
    check_data(roots, data, place=lambda path: place_in(files, path))
    modules = {source.file: source.text for source in sources}
    versions = {path: manifest.file_rego_versions.get(path, manifest.rego_version) for path in modules}
    v0_files = frozenset(path for path, version in versions.items() if version == 0)
    return Bundle(
        name=name or manifest.bylaw.get("name") or _name_from(roots, stem),
        revision=manifest.revision or revision_of(modules, data, roots, v0_files),
        roots=tuple(str(root) for root in roots),
        rego_version=1,
        modules=modules,
        data=data,
        metadata=manifest.metadata,
        signatures=files.get(SIGNATURES_FILE),
        v0_files=v0_files,
        written=_written(files, roots),
    )


def _written(files: Mapping[str, bytes], roots: tuple[Root, ...]) -> dict[str, bytes]:
    """Small: a layer's terms. The data of the mesh is not held twice."""
    is_layer = any(root.segments[:1] in {("global",), (DOMAINS,)} for root in roots)
    wanted = (".json", ".yaml", ".yml", MANIFEST_FILE) if is_layer else (MANIFEST_FILE,)
    return {path: content for path, content in files.items() if path.endswith(wanted)}


def sources_of(bundle: Bundle) -> list[Source]:
    """The bundle's modules with their packages, files named as messages show them: ``customer/rules.rego``."""
    return [read_source(shown(bundle, path), text.encode()) for path, text in sorted(bundle.modules.items())]


def shown(bundle: Bundle, path: str) -> str:
    """A file of a bundle as messages and the evaluator name it."""
    return f"{bundle.name}/{path}"


def revision_of(
    modules: Mapping[str, str], data: Mapping[str, Any], roots: tuple[Root, ...], v0_files: frozenset[str]
) -> str:
    """A name for contents that nobody named: a digest of them."""
    content = [sorted(modules.items()), data, [str(root) for root in roots], *([sorted(v0_files)] if v0_files else [])]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"sha256:{hashlib.sha256(text.encode(errors='surrogatepass')).hexdigest()[:12]}"


def _check_names(files: Mapping[str, bytes]) -> None:
    for path in files:
        name = PurePosixPath(path).name
        if path in REFUSED_FILES or name == "policy.wasm":
            raise UnreadableBundle(f"member {path!r}: {REFUSED_FILES[name]}")
        if name not in _MEANINGFUL_NAMES and name.lower() in _MEANINGFUL_NAMES:
            raise UnsafeMember(f"member {path!r} is not read: it is not written {name.lower()!r}")
        if name == MANIFEST_FILE and path != MANIFEST_FILE:
            raise UnsafeMember(f"member {path!r}: a manifest stands at the root of its bundle only")


def data_of(files: Mapping[str, bytes]) -> dict[str, Any]:
    """
    What the data files say, each at the path of its folder.

    Raises:
        InputError: One is broken, or two say something about the same path.
    """
    data: dict[str, Any] = {}
    for path in sorted(files):
        pure = PurePosixPath(path)
        if pure.name not in DATA_FILES:
            continue
        value = DATA_FILES[pure.name](files[path], path)
        folder = pure.parent.parts
        if value is None and pure.suffix != ".json":
            continue  # an empty YAML file says nothing, as in OPA
        if not folder and not isinstance(value, dict):
            raise MalformedInput(f"{path}: data at the root of a bundle is an object")
        data = merge(data, nest(folder, value), file=path)
    return data


def _name_from(roots: tuple[Root, ...], stem: str) -> str:
    return roots[0].segments[-1] if len(roots) == 1 else stem
