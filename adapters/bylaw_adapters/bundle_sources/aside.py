"""
Preparing a law in a process of its own: a large bundle would otherwise hold up the decisions that are made meanwhile, a
hostile one could take their memory, and what preparing took is given back.

    python -m bylaw_adapters.bundle_sources.aside    a pickled ``Job`` on standard input, its result on standard output
"""

from __future__ import annotations

import asyncio
import pickle
import sys

from bylaw.errors import UnreadableBundle
from bylaw_adapters.bundle_sources.preparing import Job, Prepared, Refused, prepare

# Longer than any bundle within our limits takes on a slow machine.
PREPARE_SECONDS = 300.0

_MODULE = "bylaw_adapters.bundle_sources.aside"


async def prepare_aside(job: Job) -> Prepared:
    """
    As ``prepare``.

    Raises:
        Refused: As ``prepare``; also where the other process dies or takes too long.
    """
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", _MODULE, stdin=pipe, stdout=pipe)
    try:
        async with asyncio.timeout(PREPARE_SECONDS):
            answer, _ = await process.communicate(pickle.dumps(job))
    except TimeoutError:
        message = f"preparing the law took longer than {PREPARE_SECONDS:g} seconds"
        raise Refused(None, UnreadableBundle(message)) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        message = f"preparing the law ended with {process.returncode}, as for want of memory"
        raise Refused(None, UnreadableBundle(message))
    result = pickle.loads(answer)  # noqa: S301  written by our own process, over a pipe
    if isinstance(result, Refused):
        raise result
    return result  # type: ignore[no-any-return]


def _main() -> int:
    job = pickle.load(sys.stdin.buffer)  # noqa: S301  given by the process that started this one
    try:
        result: Prepared | Refused = prepare(job)
    except Refused as refused:
        result = refused
    pickle.dump(result, sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(_main())
