"""
The archives that were in force, kept in the state directory: what a service starts from when a source is gone or
broken, and what an operator goes back to.

    releases/<bundle>/<digest>.tar.gz   the archive, as it came
    releases/<bundle>/index.json        {"name", "releases": [{"revision", "digest", "place", "activated_at"}…],
                                        "pinned": revision or null}

The newest release stands last. Everything is written beside and renamed, the archive before the index that names it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bylaw.audit.record import timestamp
from bylaw.errors import UnknownRevision, UnreadableBundle

# Of each bundle. Older ones are for the registry or the repository to keep.
RELEASES_KEPT = 10

_PLAIN_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}")


@dataclass(frozen=True, slots=True)
class KeptRelease:
    """One archive that was in force; ``activated_at`` is RFC 3339, the last time."""

    revision: str
    digest: str
    place: str
    activated_at: str


@dataclass(frozen=True, slots=True)
class History:
    """The releases of one bundle, the newest last, and the revision that it was rolled back to, if it was."""

    releases: tuple[KeptRelease, ...] = ()
    pinned: str | None = None

    def of(self, revision: str) -> KeptRelease | None:
        """The newest of this revision."""
        return next((release for release in reversed(self.releases) if release.revision == revision), None)


class KeptArchives:
    """What is kept below a state directory. Used by one service at a time, and by ``bylaw bundle`` beside it."""

    def __init__(self, state_dir: Path) -> None:
        self._folder = state_dir / "releases"

    def history(self, name: str) -> History:
        """
        Raises:
            UnreadableBundle: The index is there and cannot be read.
        """
        index = self._of(name) / "index.json"
        if not index.exists():
            return History()
        said = _read_index(index)
        return History(tuple(KeptRelease(**release) for release in said["releases"]), said["pinned"])

    def names(self) -> list[str]:
        """
        Of which bundles something is kept.

        Raises:
            UnreadableBundle: An index cannot be read.
        """
        return sorted(_read_index(path)["name"] for path in self._folder.glob("*/index.json"))

    def name_at(self, place: str) -> str:
        """The name of the bundle that last came from a place; empty where none did."""
        for name in self.names():
            releases = self.history(name).releases
            if releases and releases[-1].place == place:
                return name
        return ""

    def archive(self, name: str, release: KeptRelease) -> bytes:
        """
        Raises:
            UnreadableBundle: It is gone, or is not what was kept.
        """
        path = self._of(name) / f"{release.digest}.tar.gz"
        try:
            content = path.read_bytes()
        except OSError as error:
            raise UnreadableBundle(f"{path}: {error.strerror or error}") from error
        if hashlib.sha256(content).hexdigest() != release.digest:
            raise UnreadableBundle(f"{path}: is not what was kept under this name")
        return content

    def keep(self, name: str, revision: str, place: str, archive: bytes, *, now_ns: int | None = None) -> None:
        """
        Keep what is about to be put in force as the newest release.

        Raises:
            UnreadableBundle: It cannot be written. Nothing that was kept is lost by that.
        """
        digest = hashlib.sha256(archive).hexdigest()
        at = timestamp(time.time_ns() if now_ns is None else now_ns)
        history = self.history(name)
        others = tuple(release for release in history.releases if release.digest != digest)
        releases = (*others, KeptRelease(revision, digest, place, at))
        kept = _with_pinned(releases, history.pinned)
        folder = self._of(name)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file = folder / f"{digest}.tar.gz"
            if not file.exists() or file.stat().st_size != len(archive):
                _write(file, archive)
            self._write_index(name, replace(history, releases=kept))
            known = {release.digest for release in kept}
            for path in folder.glob("*.tar.gz"):
                if path.name.removesuffix(".tar.gz") not in known:
                    path.unlink(missing_ok=True)
        except OSError as error:
            raise UnreadableBundle(f"{folder}: the release cannot be kept: {error.strerror or error}") from error

    def pin(self, name: str, revision: str | None) -> None:
        """
        Roll back to a kept revision, whatever the source holds; ``None`` follows the source again.

        Raises:
            UnknownRevision: No such revision is kept.
            UnreadableBundle: The index cannot be read or written.
        """
        history = self.history(name)
        if revision is not None and history.of(revision) is None:
            known = ", ".join(dict.fromkeys(release.revision for release in history.releases)) or "none"
            raise UnknownRevision(f"{name}: no release of revision {revision} is kept; kept are: {known}")
        try:
            self._write_index(name, replace(history, pinned=revision))
        except OSError as error:
            raise UnreadableBundle(f"{self._of(name)}: cannot be written: {error.strerror or error}") from error

    def _of(self, name: str) -> Path:
        """A bundle's folder. A name is its author's; one that is no plain file name is kept under its digest."""
        plain = name if _PLAIN_NAME.fullmatch(name) else f"sha256-{hashlib.sha256(name.encode()).hexdigest()[:32]}"
        return self._folder / plain

    def _write_index(self, name: str, history: History) -> None:
        releases = [
            {
                "revision": release.revision,
                "digest": release.digest,
                "place": release.place,
                "activated_at": release.activated_at,
            }
            for release in history.releases
        ]
        text = json.dumps({"name": name, "releases": releases, "pinned": history.pinned}, indent=2)
        _write(self._of(name) / "index.json", text.encode() + b"\n")


def _read_index(index: Path) -> dict[str, Any]:
    try:
        said: Any = json.loads(index.read_bytes())
        for release in said["releases"]:
            KeptRelease(**release)
        is_whole = isinstance(said["name"], str) and isinstance(said["pinned"], str | None)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableBundle(f"{index}: cannot be read: {error}") from error
    if not is_whole:
        raise UnreadableBundle(f"{index}: cannot be read: name or pinned is no text")
    return said  # type: ignore[no-any-return]


def _with_pinned(releases: tuple[KeptRelease, ...], pinned: str | None) -> tuple[KeptRelease, ...]:
    """The last ones, and the one that is pinned however old it is."""
    kept = releases[-RELEASES_KEPT:]
    older = [release for release in releases[:-RELEASES_KEPT] if release.revision == pinned]
    return (*older[-1:], *kept)


def _write(path: Path, content: bytes) -> None:
    """The whole content on disk, or what was there before."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        beside.unlink(missing_ok=True)
