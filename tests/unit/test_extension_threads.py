"""The native extension does not care which thread loads it: one that has ended takes nothing along."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import threading

def load():
    import bylaw_native
    bylaw_native.check_json(b'{"loaded": [1, 2, 3]}')

def use():
    import bylaw_native
    for _ in range(50):
        bylaw_native.canonical_json(b'{"a": [' + b'1,' * 500 + b'1]}')

first = threading.Thread(target=load)
first.start()
first.join()
others = [threading.Thread(target=use) for _ in range(4)]
for thread in others:
    thread.start()
for thread in others:
    thread.join()
print("done")
"""


def test_threads_go_on_when_the_one_that_loaded_the_extension_has_ended() -> None:
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, "done\n")
