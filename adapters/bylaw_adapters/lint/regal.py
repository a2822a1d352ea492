"""
Regal, the linter of Rego, where it is installed: run on the same paths, its findings beside ours. It reads its own
configuration (``.regal/config.yaml``, above each path) and its own comments (``# regal ignore:…``).
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bylaw.errors import Location, UnreadableInput
from bylaw.lint import Finding, Level

PROGRAM = "regal"
TESTED_VERSION = "0.39.0"

TIMEOUT_SECONDS = 300.0

# It says by its exit code how bad what it found is; anything else is that it could not look.
_LOOKED = frozenset({0, 2, 3})
_VERSION = re.compile(r"^Version:\s+v?(\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class RegalRun:
    """``version`` as it tells it; ``unknown`` where it was built without one."""

    version: str
    findings: tuple[Finding, ...]


def find_regal(named: str | None = None) -> str | None:
    """
    The program: the one named, else the one on ``PATH``; ``None`` where there is none.

    Raises:
        UnreadableInput: One was named, and it is not there.
    """
    found = shutil.which(named or PROGRAM)
    if named is not None and found is None:
        raise UnreadableInput(f"{named}: there is no such program")
    return found


def run_regal(program: str, paths: Sequence[str]) -> RegalRun:
    """
    What it finds. Each path is looked at by itself, because the configuration of the first would hold for all.

    Raises:
        UnreadableInput: It could not be run, or did not answer as it does.
    """
    version = _VERSION.search(_run([program, "version"]))
    findings: dict[Finding, None] = {}
    for path in paths:
        findings |= dict.fromkeys(_findings(_run([program, "lint", "--format", "json", "--", path])))
    return RegalRun(version[1] if version else "unknown", tuple(findings))


def _run(command: list[str]) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - the program that its user installed, and paths that are no options
            command, capture_output=True, text=True, check=False, timeout=TIMEOUT_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnreadableInput(f"{command[0]}: {error}") from error
    if done.returncode not in _LOOKED:
        raise UnreadableInput(f"{command[0]} ended with {done.returncode}: {done.stderr.strip()[:500]}")
    return done.stdout


def _findings(printed: str) -> list[Finding]:
    try:
        return [_finding(violation) for violation in json.loads(printed)["violations"] or []]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableInput(f"regal's report is not read: {error!r}") from error


def _finding(violation: dict[str, Any]) -> Finding:
    place = violation.get("location", {})
    location = Location(str(place.get("file", "")), int(place.get("row", 1)), int(place.get("col", 1)))
    level = Level.WARNING if violation.get("level") == "warning" else Level.ERROR
    check = f"{violation['category']}/{violation['title']}"
    return Finding(location, check, str(violation["description"]), level, PROGRAM)
