"""
Work that may take only so much memory and time, whatever it does: it runs in a child process, and what the child wrote
is passed on only when it ended well. Nothing here knows what the work is.

An evaluator can be driven out of memory or off its stack by a policy, and then it does not raise: the process is gone.
"""

from __future__ import annotations

import os
import resource
import select
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from typing import IO, TextIO


class Exceeded(Exception):
    """The work was ended. ``by_time`` tells its deadline from memory and crashes."""

    def __init__(self, *, by_time: bool, reason: str) -> None:
        super().__init__(reason)
        self.by_time = by_time


def run_bounded(work: Callable[[], int], *, memory_bytes: int, seconds: float, reserved_bytes: int = 0) -> int:
    """
    Run ``work`` in a child and answer its exit code. ``reserved_bytes`` are address space that it asks for and does not
    use, as the stacks of threads.

    Raises:
        Exceeded: It took longer, or ended by a signal (out of memory, out of stack). None of its output was passed on.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    alive_reader, alive_writer = os.pipe()
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as diagnostics:
        child = os.fork()
        if child == 0:
            os.close(alive_reader)
            _be_the_child(work, memory_bytes + reserved_bytes, output, diagnostics)
        os.close(alive_writer)
        try:
            in_time = bool(select.select([alive_reader], [], [], seconds)[0])
        except KeyboardInterrupt:
            in_time = False
            raise
        finally:
            os.close(alive_reader)
            if not in_time:
                os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
        if not in_time:
            raise Exceeded(by_time=True, reason=f"took longer than {seconds:g} s")
        if os.WIFSIGNALED(status):
            raise Exceeded(by_time=False, reason=_reason(os.WTERMSIG(status), memory_bytes))
        _pass_on(output, sys.stdout)
        _pass_on(diagnostics, sys.stderr)
    return os.WEXITSTATUS(status)


def _be_the_child(work: Callable[[], int], address_bytes: int, output: IO[bytes], diagnostics: IO[bytes]) -> None:
    status = 2
    try:
        os.dup2(output.fileno(), 1)
        os.dup2(diagnostics.fileno(), 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (address_bytes, address_bytes))
        status = work()
        sys.stdout.flush()
        sys.stderr.flush()
    except MemoryError:
        os.kill(os.getpid(), signal.SIGABRT)
    except Exception:  # noqa: BLE001 - there is nobody above to catch it: this process ends here
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(status)


def _reason(number: int, memory_bytes: int) -> str:
    if number in {signal.SIGABRT, signal.SIGKILL}:
        return f"needed more than {memory_bytes // 2**20} MiB of memory"
    return f"was ended by signal {signal.Signals(number).name}"


def _pass_on(source: IO[bytes], target: TextIO) -> None:
    source.seek(0)
    target.flush()
    shutil.copyfileobj(source, target.buffer)
    target.flush()
