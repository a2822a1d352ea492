"""
Preparing a law in a process of its own: a large bundle would otherwise hold up the decisions that are made meanwhile, a
hostile one could take their memory, and what preparing took is given back.

    python -m bylaw_adapters.bundle_sources.aside FOLDER    a pickled ``Job`` on its input, the result on its output

Long texts go by files in a folder that only we can read: what is read and written there, other threads do not wait for.
"""

from __future__ import annotations

import asyncio
import io
import os
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bylaw.errors import UnreadableBundle
from bylaw_adapters.bundle_sources.preparing import Job, Prepared, Refused, prepare

# Longer than any bundle within our limits takes on a slow machine.
PREPARE_SECONDS = 300.0

# Decisions come first, and a release still comes in time where every core is wanted.
NICENESS = 5

# What is copied from process to process within a fraction of a millisecond.
LONG_BYTES = 64 * 1024

_MODULE = "bylaw_adapters.bundle_sources.aside"


async def prepare_aside(job: Job) -> Prepared:
    """
    As ``prepare``.

    Raises:
        Refused: As ``prepare``; also where the other process dies or takes too long.
    """
    with tempfile.TemporaryDirectory(prefix="bylaw-") as name:
        folder = Path(name)
        asked = await asyncio.to_thread(_dumped, job, folder, "job")
        answer = await _answer(asked, folder)
        result = await asyncio.to_thread(_loaded, answer, folder)
    if isinstance(result, Refused):
        raise result
    return result  # type: ignore[no-any-return]


async def _answer(asked: bytes, folder: Path) -> bytes:
    # Not by the event loop's own means: those copy the tables of our whole memory, and decisions wait for that.
    process = await asyncio.to_thread(_started, folder)
    try:
        answer, _ = await asyncio.to_thread(process.communicate, asked, PREPARE_SECONDS)
    except subprocess.TimeoutExpired:
        message = f"preparing the law took longer than {PREPARE_SECONDS:g} seconds"
        raise Refused(None, UnreadableBundle(message)) from None
    finally:
        if process.poll() is None:
            process.kill()
    if process.returncode != 0:
        message = f"preparing the law ended with {process.returncode}, as for want of memory"
        raise Refused(None, UnreadableBundle(message))
    return answer


def _started(folder: Path) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", _MODULE, str(folder)]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603  our own module


class _Pickler(pickle.Pickler):
    def __init__(self, into: io.BytesIO, folder: Path, name: str) -> None:
        super().__init__(into, protocol=pickle.HIGHEST_PROTOCOL)
        self._folder, self._name, self._count = folder, name, 0

    def persistent_id(self, obj: Any) -> str | None:
        if not isinstance(obj, bytes) or len(obj) < LONG_BYTES:
            return None
        self._count += 1
        name = f"{self._name}-{self._count}"
        (self._folder / name).write_bytes(obj)
        return name


class _Unpickler(pickle.Unpickler):
    def __init__(self, text: bytes, folder: Path) -> None:
        super().__init__(io.BytesIO(text))
        self._folder = folder

    def persistent_load(self, pid: str) -> bytes:
        return (self._folder / pid).read_bytes()


def _dumped(value: object, folder: Path, name: str) -> bytes:
    into = io.BytesIO()
    _Pickler(into, folder, name).dump(value)
    return into.getvalue()


def _loaded(text: bytes, folder: Path) -> Any:
    return _Unpickler(text, folder).load()  # written by our own process, over a pipe


def _main(folder: Path) -> int:
    os.nice(NICENESS)
    job = _loaded(sys.stdin.buffer.read(), folder)
    try:
        result: Prepared | Refused = prepare(job)
    except Refused as refused:
        result = refused
    sys.stdout.buffer.write(_dumped(result, folder, "result"))
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(_main(Path(sys.argv[1])))
