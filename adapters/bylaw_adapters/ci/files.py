"""
Which files a run reads, and their bytes. A path that was given is never dropped: what cannot be read is an error of
that path, and a folder without documents is one too.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from bylaw.errors import InputTooLarge, UnreadableInput
from bylaw.facts.documents.text import MAX_BYTES

SUFFIXES = frozenset({".yaml", ".yml", ".json"})
STDIN = "-"
STDIN_NAME = "<stdin>"

MAX_FILES = 100_000
"""More than this is the wrong folder, and a walk that would not end."""


def files_of(paths: Iterable[str], suffixes: frozenset[str] = SUFFIXES) -> Iterator[str]:
    """
    The files to read: those given, and of a folder every YAML and JSON file below it (or what ``suffixes`` say),
    sorted. Folders whose name begins with a dot are not entered, and symbolic links to folders are not followed. A
    folder with nothing to read is answered as itself, so that it shows up as unreadable instead of passing.
    """
    seen: set[str] = set()
    for path in paths:
        for file in _walk(path, suffixes) if path != STDIN and Path(path).is_dir() else (path,):
            if file not in seen:
                seen.add(file)
                yield file


def read_file(path: str) -> bytes:
    """
    The bytes of a file, or of standard input.

    Raises:
        UnreadableInput: Not there, not a file, not allowed.
        InputTooLarge: More than any document that is read.
    """
    if path == STDIN:
        return _bounded(sys.stdin.buffer.read(MAX_BYTES + 1), path)
    try:
        # Opened without waiting: a named pipe in a walked folder must not hold up the run.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableInput(f"{path} is {_kind(status.st_mode)}")
        _require_at_most(status.st_size, path)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            content = file.read(status.st_size + 1)  # asked for the most that is agreed to, Python would set it aside
            return _bounded(content if len(content) <= status.st_size else content + file.read(MAX_BYTES), path)
    except OSError as error:
        raise _unreadable(path, error) from error
    finally:
        os.close(descriptor)


def _unreadable(path: str, error: Exception) -> UnreadableInput:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return UnreadableInput(f"{path}: {reason.lower()}")


def _walk(folder: str, suffixes: frozenset[str]) -> Iterator[str]:
    found: list[str] = []
    unreadable: list[str] = []
    for here, folders, names in os.walk(folder, onerror=lambda error: unreadable.append(str(error.filename))):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += (str(Path(here) / name) for name in sorted(names) if Path(name).suffix.lower() in suffixes)
        if len(found) > MAX_FILES:
            raise InputTooLarge(f"{folder}: more than {MAX_FILES} files")
    yield from found + unreadable or [folder]


def _bounded(content: bytes, path: str) -> bytes:
    _require_at_most(len(content), path)
    return content


def _require_at_most(size: int, path: str) -> None:
    if size > MAX_BYTES:
        raise InputTooLarge(f"{path}: more than {MAX_BYTES} bytes")


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a folder without a YAML or JSON file to read"
    return "a pipe, a device or a socket, and no file"
