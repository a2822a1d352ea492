"""
A folder laid out as a bundle, read into the same form as an archive's members. Hidden files and folders are left out,
as OPA does (but for ``.manifest``), and a link is followed only inside the folder: what a reviewer saw is what loads.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from bylaw.bundle.archive import MAX_EXPANDED_BYTES, MAX_MEMBERS
from bylaw.bundle.manifest import MANIFEST_FILE
from bylaw.errors import BundleTooLarge, UnreadableBundle, UnsafeMember

READ_SUFFIXES = (".rego", ".json", ".yaml", ".yml")
"""What can be part of a bundle; pictures and papers beside it are not even opened."""


def read_folder(folder: Path, *, without: tuple[str, ...] = ()) -> dict[str, bytes]:
    """
    The files of a folder by their path below it, with slashes; without those whose names end so.

    Raises:
        UnreadableBundle: The folder, or a file in it, cannot be read.
        UnsafeMember: A link leads out of the folder.
        BundleTooLarge: More files or bytes than an archive may have.
    """
    files: dict[str, bytes] = {}
    total_bytes = 0
    try:
        for name, path in _paths(folder, without):
            with open(path, "rb") as file:  # noqa: PTH123 - a path object for each of hundreds of files costs more
                files[name] = content = file.read()
            total_bytes += len(content)
            if total_bytes > MAX_EXPANDED_BYTES or len(files) > MAX_MEMBERS:
                limits = f"at most {MAX_MEMBERS} files and {MAX_EXPANDED_BYTES} bytes are read"
                raise BundleTooLarge(f"{folder}: too large; {limits}")
    except OSError as error:
        raise UnreadableBundle(f"{folder}: {error.strerror or error}: {error.filename}") from error
    return files


def _paths(folder: Path, without: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The path below the folder, with slashes, and the path as it is opened."""
    home = folder.resolve(strict=True)
    top = str(folder)
    for here, folders, names in os.walk(top, onerror=_fail):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            if os.path.islink(f"{here}{os.sep}{name}"):  # noqa: PTH114
                raise UnsafeMember(f"{Path(here) / name} is a link to a folder; a bundle holds its own")
        below = "" if here == top else here[len(top) :].strip(os.sep).replace(os.sep, "/") + "/"
        for name in sorted(names):
            is_read = name.endswith(READ_SUFFIXES) and not name.startswith(".") and not name.endswith(without)
            if not is_read and not (name == MANIFEST_FILE and here == top):
                continue
            path = f"{here}{os.sep}{name}"
            mode = os.lstat(path).st_mode
            if stat.S_ISLNK(mode) and not Path(path).resolve(strict=True).is_relative_to(home):
                raise UnsafeMember(f"{path} is a link that leads out of the folder")
            if stat.S_ISREG(mode) or (stat.S_ISLNK(mode) and Path(path).is_file()):
                yield f"{below}{name}", path


def _fail(error: OSError) -> None:
    raise error
