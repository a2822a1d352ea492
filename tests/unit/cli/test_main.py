"""Where ``bylaw`` starts: the table of commands, and what becomes an exit code."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bylaw import __version__
from bylaw_adapters.cli.main import COMMANDS, main


def _run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bylaw_adapters.cli.main", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["help"]], ids=" ".join)
def test_help_lists_every_command(words: Sequence[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0

    told = capsys.readouterr().out
    assert [line.split()[0] for line in told.splitlines() if line.split()[:1] and line.split()[0] in COMMANDS] == list(
        COMMANDS
    )


def test_without_a_command_help_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("usage: bylaw COMMAND [OPTION]…\n")


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"bylaw {__version__}\n"


@pytest.mark.parametrize(
    ("word", "hint"),
    [("evla", "; did you mean `bylaw eval`?"), ("bundles", "; did you mean `bylaw bundle`?"), ("xyzzy", "")],
)
def test_an_unknown_command_names_the_nearest(word: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([word]) == 2
    assert capsys.readouterr().err == (
        f"bylaw: no command '{word}'{hint}\nusage: bylaw COMMAND [OPTION]…; `bylaw --help` lists them\n"
    )


def test_help_imports_nothing_of_the_engine() -> None:
    probe = (
        "import sys; from bylaw_adapters.cli.main import main; main(['--help']); "
        "print(sorted(name for name in sys.modules if name.startswith(('bylaw', 'pydantic', 'yaml', 'argparse'))))"
    )

    told = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=60).stdout

    assert told.splitlines()[-1] == "['bylaw_adapters', 'bylaw_adapters.cli', 'bylaw_adapters.cli.main']"


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["check", "bundles/finance/products/general-ledger.yaml"], id="check"),
        pytest.param(["decide", "publication", "-i", "bundles/finance/.manifest"], id="decide"),
        pytest.param(["eval", "1 + 1"], id="eval"),
        pytest.param(["test", "rego/bylaw/lib/domains"], id="test"),
    ],
)
def test_a_command_that_evaluates_imports_no_service_and_no_cryptography(command: list[str]) -> None:
    heavy = ("aiohttp", "asyncio", "bylaw_adapters.serving", "cryptography", "fastapi", "jsonschema", "jwt", "uvicorn")
    probe = (
        f"import sys; from bylaw_adapters.cli.main import main; main({command}); print(set({heavy}) & set(sys.modules))"
    )
    root = Path(__file__).parents[3]

    told = subprocess.run([sys.executable, "-c", probe], cwd=root, capture_output=True, text=True, check=True).stdout

    assert told.splitlines()[-1] == "set()"


def test_an_error_of_ours_is_said_in_a_line_and_decides_nothing() -> None:
    done = _run("bundle", "inspect", "/nowhere.tar.gz")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "bylaw bundle: /nowhere.tar.gz: No such file or directory\n"


def test_an_error_of_usage_is_a_2() -> None:
    assert _run("eval").returncode == 2


def test_a_reader_that_has_enough_is_no_error() -> None:
    command = f"{sys.executable} -m bylaw_adapters.cli.main eval 'numbers.range(1, 100000)' | head -c 10"

    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60)

    assert (done.stdout, done.stderr) == ('{\n  "resul', "")
