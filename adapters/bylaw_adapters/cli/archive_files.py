"""
Archives and keys as files: read whole, written whole or not at all.
"""

from __future__ import annotations

import os
from pathlib import Path


def read_file(path: Path) -> bytes:
    """
    Raises:
        UnreadableBundle: It is not there, or cannot be read.
    """
    from bylaw.errors import UnreadableBundle

    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableBundle(f"{path}: {error.strerror or error}") from error


def write_file(target: Path, content: bytes) -> None:
    """
    The whole content or, if anything fails, what was there before.

    Raises:
        UnreadableBundle: It cannot be written.
    """
    from bylaw.errors import UnreadableBundle

    beside = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        if not target.exists() or target.is_file():
            beside.write_bytes(content)
            beside.replace(target)
        else:
            target.write_bytes(content)  # /dev/null
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise UnreadableBundle(f"{target} cannot be written: {error.strerror}") from error
