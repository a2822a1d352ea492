"""
JSON that is read and written again without a change to any number: 1.10, 1e400 and integers of any length come back
as they were spelled, for a record is evaluated again, and shown as evidence. Not for computing with: numbers read as
marked strings.
"""

from __future__ import annotations

import json
import secrets
from typing import Any


class ExactJson:
    """
    Reads and writes with one mark, so one instance does both. While read, a number is a string that starts with what
    no sender can guess.
    """

    __slots__ = ("_mark",)

    def __init__(self) -> None:
        self._mark = f"number {secrets.token_hex(16)} "

    def loads(self, text: bytes) -> Any:
        """
        Raises:
            ValueError: The text is no JSON in UTF-8.
            RecursionError: It is nested deeper than Python can read.
        """
        return json.loads(text.decode(), parse_int=self._keep, parse_float=self._keep, parse_constant=_refuse)

    def is_text(self, value: Any) -> bool:
        """Whether something that ``loads`` gave is a string, and not a number."""
        return isinstance(value, str) and not value.startswith(self._mark)

    def dumps(self, value: Any, *, indent: int | None = None) -> bytes:
        """What ``loads`` gave, changed or not, as ASCII; compact, or indented."""
        marked = json.dumps(value, indent=indent, separators=None if indent else (",", ":"))
        first, *rest = marked.split(f'"{self._mark}')
        return "".join([first, *(piece.replace('"', "", 1) for piece in rest)]).encode()

    def _keep(self, spelling: str) -> str:
        return self._mark + spelling


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
