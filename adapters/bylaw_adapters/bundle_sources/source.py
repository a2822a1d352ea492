"""
A place that bundles are pulled from, whatever it is: a file, a folder, an HTTP server, a registry, object storage.
What came is only bytes; whether it is law is looked at elsewhere (``preparing``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Content:
    """A bundle as it was found: an archive's bytes, or a folder's path. ``stem`` names one that has no better name."""

    place: str
    """Where it was found, fit to be shown: no credential is in it."""
    stem: str
    archive: bytes | None = field(default=None, repr=False)
    folder: Path | None = None
    base: bytes | None = field(default=None, repr=False)
    """The archive before this one: where this is a delta, it is one to that."""

    @property
    def size_bytes(self) -> int:
        return len(self.archive) if self.archive is not None else 0


@dataclass(frozen=True, slots=True)
class Offer:
    """What a source holds now, and what that content is called; asked with its ``etag``, it tells only changes."""

    content: Content
    etag: str


class Source(Protocol):
    place: str

    @property
    def waits(self) -> bool:
        """Whether ``fetch`` itself waits for a change (long polling), so that it may be asked again at once."""

    @property
    def is_watched(self) -> bool:
        """Whether asking costs so little that it is done every second; else it is polled."""

    async def fetch(self, etag: str, *, wait: bool = False, whole: bool = False) -> Offer | None:
        """
        What the source holds; ``None`` where that is what ``etag`` names. ``whole``: a delta to that is of no use.

        Raises:
            BundleError: It cannot be reached, or what it holds cannot be a bundle.
        """
