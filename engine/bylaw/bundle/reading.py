"""
One way into a bundle, whatever it is: a folder is built, an archive is unpacked, and both are checked alike.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from bylaw.bundle.archive import MAX_ARCHIVE_BYTES, read_archive
from bylaw.bundle.build import TEST_SUFFIXES, build_files, build_folder
from bylaw.bundle.contents import Bundle, bundle_of
from bylaw.bundle.folder import read_folder
from bylaw.bundle.layers import check_layers
from bylaw.bundle.library import LIBRARY_NAME, LIBRARY_ROOT, library_folder
from bylaw.bundle.manifest import MANIFEST_FILE
from bylaw.bundle.policies import refuse_unbuilt
from bylaw.errors import BundleTooLarge, UnreadableBundle

Verifier: TypeAlias = Callable[[Mapping[str, bytes]], None]
"""Looks at an archive's files, by path, before anything in them is read; raises ``BundleError`` to refuse them."""


def read_bundle(
    path: Path, *, name: str | None = None, library: Path | None = None, verify: Verifier | None = None
) -> Bundle:
    """
    The bundle at a path, checked: roots, metadata, and what a domain's rules may read.

    Args:
        path: A ``.tar.gz``, or a folder laid out as a bundle.
        name: What it is called in decisions; else as its manifest, its root or its file is named.
        library: The folder with the catalogue that a global bundle's source picks from (``library_folder()``).
        verify: Checks signatures. A folder has none, so it is refused where signatures are demanded.

    Raises:
        BundleError, PolicyError, InputError: Why it must not be loaded, and which file says so.
    """
    if path.is_dir():
        if verify is not None:
            raise UnreadableBundle(f"{path}: a folder cannot be signed; give the archive")
        bundle = build_folder(path, name=name, catalogue=library)
    else:
        bundle = unpack(read_file(path), stem=stem_of(path), name=name, verify=verify)
    check_layers(bundle)
    return bundle


def read_library(folder: Path | None = None, *, revision: str | None = None) -> Bundle:
    """
    The library as a bundle named ``library``. ``folder`` holds ``bylaw/``; ``library_folder()`` where it is not given.

    Raises:
        UnreadableBundle, PolicyError: It is not there, or broken.
    """
    files = read_folder((folder or library_folder()) / LIBRARY_ROOT, without=TEST_SUFFIXES)
    manifest = files.pop(MANIFEST_FILE, json.dumps({"roots": [LIBRARY_ROOT]}).encode())
    placed = {f"{LIBRARY_ROOT}/{path}": content for path, content in files.items()}
    return build_files({MANIFEST_FILE: manifest, **placed}, stem=LIBRARY_NAME, name=LIBRARY_NAME, revision=revision)


def unpack(compressed: bytes, *, stem: str, name: str | None = None, verify: Verifier | None = None) -> Bundle:
    """The bundle in these bytes. Not checked against the layers: ``check_layers`` does that."""
    files = read_archive(compressed, name=name or stem)
    if verify is not None:
        verify(files)
    refuse_unbuilt(files)
    return bundle_of(files, stem=stem, name=name)


def read_file(path: Path) -> bytes:
    """
    An archive's bytes.

    Raises:
        BundleTooLarge, UnreadableBundle: Why they are not read.
    """
    try:
        if path.stat().st_size > MAX_ARCHIVE_BYTES:
            raise BundleTooLarge(f"{path}: {path.stat().st_size} bytes, at most {MAX_ARCHIVE_BYTES} are read")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableBundle(f"{path}: {error.strerror or error}") from error


def stem_of(path: Path) -> str:
    """What a bundle is called by its file, where it has no better name."""
    return path.name.removesuffix(".gz").removesuffix(".tgz").removesuffix(".tar") or path.name
