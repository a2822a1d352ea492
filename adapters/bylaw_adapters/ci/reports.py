"""
The formats a run can be reported in, by name. One module a format, each with ``render(checked) -> str``; a new one is
a new module and a row here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bylaw.errors import InvalidSetting
from bylaw_adapters.ci import report_json, report_text
from bylaw_adapters.ci.checking import CheckedFile

if TYPE_CHECKING:
    from bylaw_adapters.ci.evidence import EvidenceFile


class Render(Protocol):
    """The report of what was checked, and of the evidence that was handed in with it."""

    def __call__(self, checked: Sequence[CheckedFile], evidence: Sequence[EvidenceFile] = (), /) -> str: ...


FORMATS: dict[str, Render] = {"text": report_text.render, "json": report_json.render}


def parse_report(argument: str) -> tuple[str, Path]:
    """
    ``FORMAT=FILE`` of ``--report``.

    Raises:
        InvalidSetting: Another form, or no such format.
    """
    name, separator, file = argument.partition("=")
    if not separator or not file or name not in FORMATS:
        raise InvalidSetting(f"--report {argument}: wanted FORMAT=FILE with a FORMAT of {', '.join(FORMATS)}")
    return name, Path(file)


def write_report(name: str, file: Path, checked: Sequence[CheckedFile], evidence: Sequence[EvidenceFile] = ()) -> None:
    """
    Raises:
        InvalidSetting: The file cannot be written.
    """
    try:
        file.write_text(FORMATS[name](checked, evidence) + "\n", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise InvalidSetting(f"--report {name}={file}: {error.strerror or error}") from error
