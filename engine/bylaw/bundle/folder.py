"""
A folder laid out as a bundle, read into the same form as an archive's members. Hidden files and folders are left out,
as OPA does (but for ``.manifest``), and a link is followed only inside the folder: what a reviewer saw is what loads.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from bylaw.bundle.archive import MAX_EXPANDED_BYTES, MAX_MEMBERS
from bylaw.bundle.manifest import MANIFEST_FILE
from bylaw.errors import BundleTooLarge, UnreadableBundle, UnsafeMember

READ_SUFFIXES = (".rego", ".json", ".yaml", ".yml")
"""What can be part of a bundle; pictures and papers beside it are not even opened."""


def read_folder(folder: Path) -> dict[str, bytes]:
    """
    The files of a folder by their path below it, with slashes.

    Raises:
        UnreadableBundle: The folder, or a file in it, cannot be read.
        UnsafeMember: A link leads out of the folder.
        BundleTooLarge: More files or bytes than an archive may have.
    """
    files: dict[str, bytes] = {}
    total_bytes = 0
    try:
        for path in _paths(folder):
            files[path.relative_to(folder).as_posix()] = content = path.read_bytes()
            total_bytes += len(content)
            if total_bytes > MAX_EXPANDED_BYTES or len(files) > MAX_MEMBERS:
                limits = f"at most {MAX_MEMBERS} files and {MAX_EXPANDED_BYTES} bytes are read"
                raise BundleTooLarge(f"{folder}: too large; {limits}")
    except OSError as error:
        raise UnreadableBundle(f"{folder}: {error.strerror or error}: {error.filename}") from error
    return files


def _paths(folder: Path) -> Iterator[Path]:
    home = folder.resolve(strict=True)
    for here, folders, names in os.walk(folder, onerror=_fail):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            if (Path(here) / name).is_symlink():
                raise UnsafeMember(f"{Path(here) / name} is a link to a folder; a bundle holds its own")
        for name in sorted(names):
            path = Path(here) / name
            at_top = Path(here) == folder
            if not (name.endswith(READ_SUFFIXES) and not name.startswith(".")) and not (
                name == MANIFEST_FILE and at_top
            ):
                continue
            if path.is_symlink() and not path.resolve(strict=True).is_relative_to(home):
                raise UnsafeMember(f"{path} is a link that leads out of the folder")
            if path.is_file():
                yield path


def _fail(error: OSError) -> None:
    raise error
