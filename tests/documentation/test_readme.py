"""The README says what is so: its console examples run, its make targets, folders and links exist."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONSOLE = re.findall(r"^```console\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
COMMANDS = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
EXAMPLES = [example for block in CONSOLE for example in COMMANDS.findall(block)]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.mark.parametrize(("command", "output"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_a_console_example_prints_what_the_readme_shows(command: str, output: str) -> None:
    beside_python = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": os.pathsep.join((beside_python, os.environ["PATH"])), "COLUMNS": "100"}
    done = subprocess.run(
        shlex.split(command), cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.stdout, done.stderr) == (output, "")


def test_it_shows_an_example() -> None:
    assert EXAMPLES


@pytest.mark.parametrize("target", sorted(set(re.findall(r"^make (\w+)", README, re.MULTILINE))))
def test_a_make_target_is_there(target: str) -> None:
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_a_link_leads_somewhere(link: str) -> None:
    assert (ROOT / link).is_file()


@pytest.mark.parametrize("folder", re.findall(r"^\| `([\w/]+)`(?:, `([\w/]+)`)? \| ", README, re.MULTILINE))
def test_a_folder_is_there(folder: tuple[str, str]) -> None:
    assert all((ROOT / name).is_dir() for name in folder if name)
