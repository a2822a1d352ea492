"""
Waivers in one file of the state directory (``waivers.json``), written whole:

1. beside the file, and synced;
2. put in its place by a rename;
3. the folder is synced, so that the rename survives a loss of power.

Whoever kills the process finds the file before or after the change, never between. The lock of the audit log keeps
other processes from writing the same state directory.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bylaw.errors import InputError, WaiversUnavailable
from bylaw.facts.documents import json_text
from bylaw.waivers.waiver import Waiver, waiver_from

FILE = "waivers.json"
# A mesh of a thousand products has a few hundred; each is data of every decision.
MAX_WAIVERS = 10_000
_VERSION = 1


class FileWaivers:
    """Fills ``bylaw.ports.WaiverStore``."""

    def __init__(self, state_dir: Path) -> None:
        """
        Raises:
            WaiversUnavailable: What is there cannot be read. It is never taken for nothing: an approval would be lost.
        """
        self._file = state_dir / FILE
        self._waivers: Mapping[str, Waiver] = _read(self._file)

    def all(self) -> tuple[Waiver, ...]:
        return tuple(self._waivers.values())

    def get(self, identifier: str) -> Waiver | None:
        return self._waivers.get(identifier)

    def put(self, waiver: Waiver) -> None:
        changed = {**self._waivers, waiver.id: waiver}
        if len(changed) > MAX_WAIVERS:
            raise WaiversUnavailable(f"{MAX_WAIVERS} waivers are kept at most; {self._file} is full")
        _write(self._file, changed)
        self._waivers = changed


def _read(file: Path) -> dict[str, Waiver]:
    try:
        document: Any = json_text.read_json(file.read_text(encoding="utf-8"), file=str(file)).value
        if not isinstance(document, dict) or document.get("version") != _VERSION:
            raise WaiversUnavailable(f"{file} is not of version {_VERSION}")
        listed = document.get("waivers")
        if not isinstance(listed, list):
            raise WaiversUnavailable(f"{file}: waivers is a list")
        waivers = [waiver_from(each) for each in listed]
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, InputError) as error:
        raise WaiversUnavailable(f"{file} cannot be read: {error}") from error
    return {waiver.id: waiver for waiver in waivers}


def _write(file: Path, waivers: Mapping[str, Waiver]) -> None:
    document = {"version": _VERSION, "waivers": [waiver.as_document() for waiver in waivers.values()]}
    beside = file.with_name(f"{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("w", encoding="utf-8") as written:  # (1)
            json.dump(document, written, indent=1, ensure_ascii=True)
            written.flush()
            os.fsync(written.fileno())
        beside.replace(file)  # (2)
        folder = os.open(file.parent, os.O_RDONLY)  # (3)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise WaiversUnavailable(f"{file} cannot be written: {error.strerror or error}") from error
