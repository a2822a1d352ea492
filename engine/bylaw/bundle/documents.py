"""
The documents in a bundle, JSON and YAML, read by the rules of every document here (``bylaw.facts``) and one more: what
YAML 1.1 and 1.2 read differently is refused, because OPA and this engine must load the same.
"""

from __future__ import annotations

from typing import Any

from bylaw.errors import DuplicateKey, Location, MalformedInput
from bylaw.facts.documents import json_text
from bylaw.facts.documents.document import Document


def read_json(content: bytes, file: str) -> Any:
    """
    Raises:
        MalformedInput, DuplicateKey, InputTooDeep: Each names the file and the place.
    """
    return read_json_document(content, file).value


def read_json_document(content: bytes, file: str) -> Document:
    """As ``read_json``, with the place of each value."""
    return json_text.read_json(_text(content, file), file=file)


def read_yaml(content: bytes, file: str) -> Any:
    """
    The one document of a YAML text; ``None`` where there is nothing in it.

    Raises:
        MalformedInput, DuplicateKey, InputTooDeep, InputTooLarge: Each names the file and the place.
    """
    document = read_yaml_document(content, file)
    return None if document is None else document.value


def read_yaml_document(content: bytes, file: str) -> Document | None:
    """As ``read_yaml``, with the place of each value."""
    from bylaw.facts.documents import yaml_text  # noqa: PLC0415 - costs 40 ms, and most bundles have no YAML

    text = _text(content, file)
    if not _says_something(text):
        return None
    document, *more = yaml_text.read_yaml(text, file=file)
    if more:
        raise MalformedInput("a second document; one file is one", location=more[0].location())
    if document.doubtful_flags:
        where = document.location(document.doubtful_flags[0])
        reason = "yes, no, on and off are flags to some readers and texts to others: write true, or quote it"
        raise MalformedInput(reason, location=where)
    return document


def merge(below: dict[str, Any], above: dict[str, Any], *, file: str, path: str = "") -> dict[str, Any]:
    """
    Two parts of ``data`` as one; objects merge, as in OPA.

    Raises:
        DuplicateKey: Both say something about the same path.
    """
    merged = dict(below)
    for key, value in above.items():
        if key not in merged:
            merged[key] = value
        elif isinstance(merged[key], dict) and isinstance(value, dict):
            merged[key] = merge(merged[key], value, file=file, path=f"{path}/{key}")
        else:
            raise DuplicateKey(f"data at {path}/{key} is said twice", location=Location(file, 1))
    return merged


def nest(path: tuple[str, ...], value: Any) -> Any:
    """``value`` below ``path``: ``{"a": {"b": value}}``."""
    for segment in reversed(path):
        value = {segment: value}
    return value


def _says_something(text: str) -> bool:
    lines = (line.strip() for line in text.splitlines())
    return any(line and not line.startswith("#") and line not in {"---", "..."} for line in lines)


def _text(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise MalformedInput(f"byte {error.start} is not UTF-8", location=Location(file, row)) from error
