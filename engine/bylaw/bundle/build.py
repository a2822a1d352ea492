"""
From a folder that a team owns to a bundle that can be released, and back to bytes. Building adds what a release needs
and its source leaves out:

1. the standard rules that the manifest picks from the catalogue (the global bundle only);
2. every rule's metadata, as data under its layer's root;
3. YAML policies, as data under their layer's root, and beside them the lines that they stand on;
4. a revision: the one given, the manifest's, or a digest of the contents.

Tests stay at home.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bylaw.bundle.archive import write_archive
from bylaw.bundle.catalogue import add_catalogue
from bylaw.bundle.contents import Bundle, bundle_of, revision_of, sources_of
from bylaw.bundle.documents import merge, nest
from bylaw.bundle.folder import read_folder
from bylaw.bundle.manifest import MANIFEST_FILE
from bylaw.bundle.metadata import rules_metadata
from bylaw.bundle.policies import PLACES, POLICIES_FOLDER, policies_by_root
from bylaw.bundle.roots import Root

TEST_SUFFIXES = ("_test.rego", "_cases.yaml", "_cases.yml")


def build_folder(
    folder: Path, *, name: str | None = None, revision: str | None = None, catalogue: Path | None = None
) -> Bundle:
    """
    The bundle that a folder is the source of. ``catalogue`` is the folder that holds ``global/``, the standard rules.

    Raises:
        BundleError, PolicyError, InputError: What keeps it from being released, and where.
    """
    files = read_folder(folder, without=TEST_SUFFIXES)
    return build_files(files, stem=folder.resolve().name, name=name, revision=revision, catalogue=catalogue)


def build_files(
    files: Mapping[str, bytes],
    *,
    stem: str,
    name: str | None = None,
    revision: str | None = None,
    catalogue: Path | None = None,
) -> Bundle:
    """As ``build_folder``, for files that were read already."""
    released = {path: content for path, content in files.items() if not path.endswith(TEST_SUFFIXES)}
    bundle = bundle_of(released, stem=stem, name=name)
    if patterns := bundle.metadata.get("bylaw", {}).get("catalogue"):
        bundle = add_catalogue(bundle, patterns, catalogue)  # (1)
    data = _with_metadata(bundle)  # (2)
    for root, policies in policies_by_root(released, bundle.roots).items():  # (3)
        said = {
            POLICIES_FOLDER: [policy.value for policy in policies],
            PLACES: {policy.name: policy.place for policy in policies},
        }
        data = merge(data, nest(Root.of(root).segments, said), file=bundle.name)
    roots = tuple(Root.of(root) for root in bundle.roots)
    declared = json.loads(released.get(MANIFEST_FILE, b"{}")).get("revision")
    return replace(
        bundle,
        data=data,
        revision=revision or declared or revision_of(bundle.modules, data, roots, bundle.v0_files),  # (4)
    )


def build_archive(bundle: Bundle) -> bytes:
    """
    The bundle as OPA's ``.tar.gz``: the same bytes for the same bundle, whenever and wherever it is built.
    """
    metadata = {**bundle.metadata, "bylaw": {**_ours(bundle), "name": bundle.name}}
    manifest: dict[str, Any] = {
        "revision": bundle.revision,
        "roots": list(bundle.roots),
        "rego_version": bundle.rego_version,
        "metadata": metadata,
    }
    if bundle.v0_files:
        manifest["file_rego_versions"] = {f"/{path}": 0 for path in sorted(bundle.v0_files)}
    files = {path: text.encode() for path, text in bundle.modules.items()}
    files[MANIFEST_FILE] = _json(manifest)
    files["data.json"] = _json(bundle.data)
    return write_archive(files)


def _ours(bundle: Bundle) -> Mapping[str, Any]:
    """What the manifest says to us, but for what building has used up: an archive's rules are all in it."""
    return {key: value for key, value in bundle.metadata.get("bylaw", {}).items() if key != "catalogue"}


def _with_metadata(bundle: Bundle) -> dict[str, Any]:
    data = dict(bundle.data)
    for layer, entries in rules_metadata(sources_of(bundle)).items():
        data = _replaced(data, (*layer, "metadata"), entries)
    return data


def _replaced(data: Mapping[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """What the rules say of themselves holds, whatever a data file says of them."""
    key, *rest = path
    return {**data, key: _replaced(data.get(key, {}), tuple(rest), value) if rest else value}


def _json(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
