"""
A run over many files in several processes: gathering holds the interpreter, so that one process keeps one core busy.

1. The files are dealt out in small hands through a pipe that every process draws from, so that one large file holds
   up nobody else.
2. The other processes are forked when the law is loaded, which they share. Threads do not survive a fork: of ours there
   is none, and the evaluator starts its own anew.
3. Each process checks what it draws; this process is one of them.
4. What the others found is read back and put in the order of the files. A process that ended without telling is an
   error of the whole run: what it drew was judged by nobody.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import struct
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from bylaw.errors import EvaluatorUnavailable
from bylaw_adapters.ci.files import STDIN

if TYPE_CHECKING:
    from bylaw_adapters.ci.checking import CheckedFile, Learnt, Run

MAX_PROCESSES = 8
"""Each may hold one of the largest documents that are read."""

MIN_FILES_EACH = 25
"""Fewer are checked before a process would have begun."""

MAX_BYTES_AT_ONCE = 4 * 1024 * 1024

# All of them have to fit into a pipe that nobody reads from yet: 64 KiB on Linux.
_MAX_HANDS = 4_096
_RARELY = 50_000
_HAND = struct.Struct("=II")

_Found: TypeAlias = "tuple[dict[int, CheckedFile], Learnt]"


def processes_for(paths: Sequence[str]) -> int:
    """How many processes a run over these files is worth, where they can be had."""
    if sys.platform != "linux" or STDIN in paths or threading.active_count() > 1:
        return 1
    return max(1, min(MAX_PROCESSES, len(os.sched_getaffinity(0)), len(paths) // MIN_FILES_EACH))


def check_side_by_side(paths: Sequence[str], run: Run, *, processes: int) -> list[CheckedFile]:
    """
    Every file, in the order given, and what the run as a whole has to say.

    Raises:
        EvaluatorUnavailable: A process ended before it told what it had found.
    """
    hands = _deal(len(paths), processes)  # (1)
    gc.freeze()  # the law and the models stay as they are: nothing of them is garbage, and facts make no cycles
    gc.set_threshold(_RARELY, *gc.get_threshold()[1:])
    others: list[tuple[int, int]] = []
    try:
        others += (_fork(paths, run, hands) for _ in range(processes - 1))  # (2)
        found = _check_drawn(paths, run, hands)  # (3)
        while others:  # (4)
            theirs, learnt = _told(*others.pop())
            found |= theirs
            run.learnt.add(learnt)
        return run.finished([found[index] for index in range(len(paths))])
    finally:
        os.close(hands)
        for process, answers in others:
            os.close(answers)
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def _deal(files: int, processes: int) -> int:
    """The end of a pipe to draw hands from."""
    size = max(files // _MAX_HANDS + 1, min(32, files // (processes * 8) + 1))
    drawn_from, dealt_into = os.pipe()
    with os.fdopen(dealt_into, "wb") as pipe:
        pipe.writelines(_HAND.pack(first, min(first + size, files)) for first in range(0, files, size))
    return drawn_from


def _hands(drawn_from: int) -> Iterator[range]:
    while hand := os.read(drawn_from, _HAND.size):
        yield range(*_HAND.unpack(hand))


def _check_drawn(paths: Sequence[str], run: Run, hands: int) -> dict[int, CheckedFile]:
    found: dict[int, CheckedFile] = {}
    for hand in _hands(hands):
        for together in _held_at_once(paths, hand):
            found |= zip(together, run.check_together([paths[index] for index in together]), strict=True)
    return found


def _held_at_once(paths: Sequence[str], hand: range) -> Iterator[list[int]]:
    """The files of a hand, in parts that are small, but for a file that is large alone."""
    together: list[int] = []
    size = 0
    for index in hand:
        with suppress(OSError, ValueError):
            size += Path(paths[index]).stat().st_size
        if together and size > MAX_BYTES_AT_ONCE:
            yield together
            together, size = [], 0
        together.append(index)
    yield together


def _fork(paths: Sequence[str], run: Run, hands: int) -> tuple[int, int]:
    """A process that checks what it draws: its number, and the end of a pipe where it tells what it found."""
    answers, told_into = os.pipe()
    process = os.fork()
    if process:
        os.close(told_into)
        return process, answers
    status = 1
    try:
        found = _check_drawn(paths, run, hands)
        with os.fdopen(told_into, "wb") as pipe:
            pickle.dump((found, run.learnt), pipe)
        status = 0
    except BaseException:  # noqa: BLE001 - whatever it is, this process must not go on as if it were the other one
        traceback.print_exc()
    finally:
        os._exit(status)


def _told(process: int, answers: int) -> _Found:
    with os.fdopen(answers, "rb") as pipe:
        told = pipe.read()
    ended = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    if ended != 0:
        raise EvaluatorUnavailable(
            f"a process that checked files ended with {ended}; what it was to judge is not judged"
        )
    found: _Found = pickle.loads(told)  # noqa: S301 - written by a process of our own, read from its pipe
    return found
