"""
The documents of a git revision, as ``--against main`` names it. Nothing is checked out and no hook, filter or network
takes part: git only tells which blobs a commit has below the paths, and hands them over.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bylaw.errors import InputTooLarge, UnreadableInput
from bylaw.facts.documents.text import MAX_BYTES
from bylaw_adapters.ci.files import MAX_FILES, STDIN, SUFFIXES

PREFIX = "git:"
"""Says that a revision is meant where a file of the same name lies beside it."""

_TIMEOUT_SECONDS = 60
_FILE_MODES = frozenset({b"100644", b"100755"})
_SETTINGS = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}


@dataclass(frozen=True, slots=True)
class RevisionFile:
    """A file as a commit has it; ``path`` is where it would lie in the work tree now."""

    path: Path
    content: bytes


def read_revision(revision: str, *, checked: Sequence[str]) -> Iterator[RevisionFile]:
    """
    What a commit holds where the checked files are: each of them by its own path; where the commit has none there, the
    documents beside it, because it may have been called otherwise; of a folder every YAML and JSON file below it.

    Raises:
        UnreadableInput: No git, no work tree, or no such commit.
        InputTooLarge: More files, or larger ones, than are read.
    """
    paths = [Path(path).resolve() for path in checked if path != STDIN] or [Path.cwd()]
    top = Path(os.fsdecode(_git(_folder(paths[0]), "rev-parse", "--show-toplevel").rstrip(b"\n")))
    commit = _commit(top, revision)
    blobs = {path: name for each in paths for path, name in _blobs(top, commit, each).items()}
    if len(blobs) > MAX_FILES:
        raise InputTooLarge(f"{revision}: more than {MAX_FILES} files")
    for (path, _), content in zip(blobs.items(), _contents(top, blobs.values()), strict=True):
        yield RevisionFile(path, content)


def _commit(top: Path, revision: str) -> str:
    try:
        found = _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except UnreadableInput as error:
        raise UnreadableInput(f"{revision}: no such file, and no such revision of {top}") from error
    return found.decode("ascii").strip()


def _blobs(top: Path, commit: str, path: Path) -> dict[Path, str]:
    if not path.is_relative_to(top):
        raise UnreadableInput(f"{path} is outside of {top}, whose revisions are compared with")
    found = _listed(top, commit, path)
    if not found and not path.is_dir():
        found = _listed(top, commit, path.parent, deep=False)
    return {each: name for each, name in found.items() if each == path or each.suffix.lower() in SUFFIXES}


def _listed(top: Path, commit: str, path: Path, *, deep: bool = True) -> dict[Path, str]:
    """Files of a commit at or below a path. Links and submodules are none."""
    below = path.relative_to(top).as_posix()
    wanted = [] if below == "." else [below if deep else f"{below}/"]
    if not deep and below == ".":
        wanted = []
    listed = _git(top, "ls-tree", *(["-r"] if deep else []), "-z", "--full-tree", commit, "--", *wanted)
    files: dict[Path, str] = {}
    for entry in listed.split(b"\0"):
        header, tab, name = entry.partition(b"\t")
        mode, _, object_name = header.split(b" ") if tab else (b"", b"", b"")
        hidden = any(part.startswith(".") for part in PurePosixPath(os.fsdecode(name)).relative_to(".").parts[:-1])
        if mode in _FILE_MODES and not hidden:
            files[top / os.fsdecode(name)] = object_name.decode("ascii")
    return files


def _contents(top: Path, names: Iterable[str]) -> Iterator[bytes]:
    """The bytes of blobs, in their order, one process for all of them."""
    wanted = list(names)
    if not wanted:
        return
    answer = memoryview(_git(top, "cat-file", "--batch", given="\n".join(wanted).encode() + b"\n"))
    for name in wanted:
        end = bytes(answer[:256]).index(b"\n")
        _, _, size_text = bytes(answer[:end]).partition(b" blob ")
        size = int(size_text)
        if size > MAX_BYTES:
            raise InputTooLarge(f"{name}: more than {MAX_BYTES} bytes")
        yield bytes(answer[end + 1 : end + 1 + size])
        answer = answer[end + 2 + size :]


def _folder(path: Path) -> Path:
    while not path.is_dir():
        path = path.parent
    return path


def _git(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - the revision is one argument, after --end-of-options
            ["git", "-C", str(folder), *arguments],  # noqa: S607 - the git that the user runs
            input=given,
            capture_output=True,
            timeout=_TIMEOUT_SECONDS,
            env={**os.environ, **_SETTINGS},
            check=False,
        )
    except FileNotFoundError as error:
        raise UnreadableInput("there is no git here to compare a revision with") from error
    except subprocess.TimeoutExpired as error:
        raise UnreadableInput(f"git did not answer within {_TIMEOUT_SECONDS} seconds") from error
    if done.returncode != 0:
        reason = done.stderr.decode(errors="replace").strip().splitlines()
        raise UnreadableInput(f"git: {reason[-1] if reason else f'it ended with {done.returncode}'}")
    return done.stdout
