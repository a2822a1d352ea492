"""
Archives and folders of this machine. A change is taken up once it is over: when two looks at the file times and sizes,
one after the other, see the same.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from pathlib import Path

from bylaw.bundle.reading import read_file, stem_of
from bylaw.errors import UnreadableBundle
from bylaw_adapters.bundle_sources.source import Content, Offer


class LocalSource:
    """A ``.tar.gz``, or a folder laid out as a bundle."""

    waits = False
    is_watched = True

    def __init__(self, path: Path) -> None:
        self.place = str(path)
        self._path = path
        self._seen = ""

    async def fetch(self, etag: str, *, wait: bool = False, whole: bool = False) -> Offer | None:  # noqa: ARG002  a file cannot wait
        return await asyncio.to_thread(self._fetch, etag)

    def _fetch(self, etag: str) -> Offer | None:
        looks = self._looks()
        is_settled = looks == self._seen or not etag
        self._seen = looks
        if looks == etag or not is_settled:
            return None
        if self._path.is_dir():
            return Offer(Content(self.place, self._path.resolve().name, folder=self._path), looks)
        return Offer(Content(self.place, stem_of(self._path), archive=read_file(self._path)), looks)

    def _looks(self) -> str:
        """A digest of the names, times and sizes of all files."""
        digest = hashlib.sha256()
        try:
            for path in _files(self._path):
                found = path.stat(follow_symlinks=False)
                digest.update(
                    f"{path}\0{found.st_mtime_ns}\0{found.st_size}\0{found.st_ino}\n".encode(errors="replace")
                )
        except OSError as error:
            raise UnreadableBundle(f"{self.place}: {error.strerror or error}") from error
        return digest.hexdigest()


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(Path(here) / name for here, _, names in os.walk(path) for name in names)
