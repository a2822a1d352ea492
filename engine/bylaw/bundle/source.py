"""
What a Rego text says above its first statement: its package and the comments before it. Not a parser: everything after
the package is the evaluator's to read, and what is not plainly a package here is refused rather than guessed at.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

from bylaw.errors import Location, PolicyError

# The evaluator reads no more of one file.
MAX_MODULE_BYTES = 2**20

_PACKAGE = re.compile(
    r"""\s*package\s+
    (?P<path>[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*|\s*\[\s*"[^"\\]*"\s*\])*)
    \s*(?:\#.*|;.*)?$""",
    re.VERBOSE | re.ASCII,
)
_SEGMENT = re.compile(r'[A-Za-z_]\w*|"[^"\\]*"', re.ASCII)


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment line: its text without the hash, and its row, counted from one."""

    row: int
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """One module. ``file`` is its name in messages; ``comments`` are those above the package."""

    file: str
    text: str
    package: tuple[str, ...]
    package_row: int
    comments: tuple[Comment, ...]

    @property
    def package_location(self) -> Location:
        return Location(self.file, self.package_row)


def read_source(file: str, content: bytes) -> Source:
    """
    Raises:
        PolicyError: Not UTF-8, too large, or without a package where one must stand.
    """
    if len(content) > MAX_MODULE_BYTES:
        message = f"{len(content)} bytes, at most {MAX_MODULE_BYTES} are read"
        raise PolicyError(message, code="rego_parse_error", location=Location(file, 1))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise PolicyError("not UTF-8", code="rego_parse_error", location=Location(file, row)) from None
    comments: list[Comment] = []
    for row, line in enumerate(io.StringIO(text.removeprefix("\ufeff"), newline="\n"), start=1):  # only the beginning
        stripped = line.strip()
        if stripped.startswith("#"):
            comments.append(Comment(row, stripped[1:]))
        elif stripped:
            return Source(file, text, _package(file, row, line.rstrip("\r\n")), row, tuple(comments))
    raise PolicyError("empty module", code="rego_parse_error", location=Location(file, 1))


def _package(file: str, row: int, line: str) -> tuple[str, ...]:
    found = _PACKAGE.match(line)
    if found is None:
        raise PolicyError("package expected", code="rego_parse_error", location=Location(file, row))
    return tuple(segment.strip('"') for segment in _SEGMENT.findall(found["path"]))
