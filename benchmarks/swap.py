"""
How long decisions take while the law is being swapped, beside how long they take in calm, in one run:

    python benchmarks/swap.py [--seconds 10] [--rate 200] [--megabytes 10] [--swaps 5]

One service in a process of its own, its bundle an archive with that much data; decisions come at a fixed rate, whether
or not the one before was answered (so that a stall is seen by all who would have come in it).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import aiohttp

from bylaw.bundle.archive import write_archive

RULES = b"""package app

allow if data.app.users[input.user].role == "reader"

current := data.app.revision
"""


def archive(megabytes: float, revision: int) -> bytes:
    noise = random.Random(revision)
    users = {
        f"user-{number}": {"role": "reader", "text": f"{noise.getrandbits(400):x}"}
        for number in range(int(megabytes * 6600))
    }
    manifest = json.dumps({"revision": f"r{revision}", "roots": ["app"]}).encode()
    data = json.dumps({"users": users, "revision": revision}).encode()
    return write_archive({".manifest": manifest, "app/rules.rego": RULES, "app/data.json": data})


async def _ask(client: aiohttp.ClientSession, url: str, due: float, taken: list[float], failed: list[object]) -> None:
    try:
        async with client.post(f"{url}/v1/data/app/allow", data=b'{"input":{"user":"user-7"}}') as response:
            answer = await response.json()
            if response.status != 200 or answer.get("result") is not True:
                failed.append((response.status, answer))
    except aiohttp.ClientError as error:
        failed.append(error)
    taken.append(asyncio.get_running_loop().time() - due)


async def _for(
    client: aiohttp.ClientSession, url: str, seconds: float, rate: float
) -> tuple[list[float], list[object]]:
    loop = asyncio.get_running_loop()
    taken: list[float] = []
    failed: list[object] = []
    asked = []
    begin = loop.time()
    for number in range(int(seconds * rate)):
        due = begin + number / rate
        await asyncio.sleep(max(0.0, due - loop.time()))
        asked.append(asyncio.create_task(_ask(client, url, due, taken, failed)))
    await asyncio.gather(*asked)
    return taken, failed


async def _release(file: Path, archives: list[bytes], seconds: float) -> None:
    for content in archives:
        beside = file.with_suffix(".part")
        beside.write_bytes(content)
        beside.replace(file)
        await asyncio.sleep(seconds / len(archives))


async def _revision(client: aiohttp.ClientSession, url: str) -> int:
    async with client.get(f"{url}/v1/data/app/current") as response:
        return int((await response.json())["result"])


def _told(taken: list[float]) -> str:
    ordered = sorted(taken)
    at = {name: ordered[int(len(ordered) * share)] for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99))}
    shown = "  ".join(f"{name} {seconds * 1000:7.2f} ms" for name, seconds in at.items())
    return (
        f"{shown}  max {ordered[-1] * 1000:7.2f} ms  mean {statistics.mean(ordered) * 1000:6.2f} ms  ({len(ordered)})"
    )


async def _measure(arguments: argparse.Namespace, url: str, file: Path, archives: list[bytes]) -> None:
    async with aiohttp.ClientSession() as client:
        await _for(client, url, 2, arguments.rate)
        calm, failed = await _for(client, url, arguments.seconds, arguments.rate)
        releasing = asyncio.create_task(_release(file, archives, arguments.seconds * 2))
        swapped, failed_too = await _for(client, url, arguments.seconds * 2, arguments.rate)
        await releasing
        print(f"calm  {_told(calm)}")
        print(f"swaps {_told(swapped)}")
        revision = await _revision(client, url)
        print(f"revision {revision} of {len(archives)} in force; failed: {len(failed) + len(failed_too)}")
        p99 = [sorted(taken)[int(len(taken) * 0.99)] for taken in (calm, swapped)]
        print(f"p99 while swapping is {p99[1] / p99[0]:.2f} times that of calm")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rate", type=float, default=200)
    parser.add_argument("--megabytes", type=float, default=10)
    parser.add_argument("--swaps", type=int, default=5)
    arguments = parser.parse_args()
    archives = [archive(arguments.megabytes, number) for number in range(arguments.swaps + 1)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "app.tar.gz"
        file.write_bytes(archives[0])
        words = ["serve", "--no-library", "--bundle", str(file), "--state", f"{folder}/state", "--addr", "127.0.0.1:0"]
        command = [sys.executable, "-m", "bylaw_adapters.cli.main", *words]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None  # noqa: S101  it is piped
                said = process.stdout.readline()
                assert said.startswith("bylaw serves on "), said  # noqa: S101  it says on standard error why not
                url = said.removeprefix("bylaw serves on ").strip()
                began = time.monotonic()
                asyncio.run(_measure(arguments, url, file, archives[1:]))
                print(f"{arguments.swaps} releases of {arguments.megabytes:g} MB in {time.monotonic() - began:.0f} s")
            finally:
                process.terminate()
                process.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
