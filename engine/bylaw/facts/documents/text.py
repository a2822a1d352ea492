"""
Bytes to documents; no idea what they are about.

The text is hostile until it is read: bytes, depth, nodes and the expansion of aliases are bounded, tags and duplicate
keys are refused, and only UTF-8 is text. JSON and YAML end as the same thing, plain JSON values.
"""

from __future__ import annotations

import codecs
from pathlib import PurePath

from bylaw.errors import InputTooLarge, Location, MalformedInput, UnrecognisedDocument
from bylaw.facts.documents.document import Document
from bylaw.facts.documents.json_text import looks_like_json, read_json
from bylaw.facts.documents.yaml_text import read_yaml

MAX_BYTES = 64 * 1024 * 1024
"""A Terraform plan of a large estate has 50 MB; one that is larger is split before anybody can review it."""

JSON_SUFFIXES = frozenset({".json", ".jsonld", ".avsc"})


def read_documents(content: bytes, *, file: str) -> tuple[Document, ...]:
    """
    Every document in the text, at least one.

    Raises:
        InputTooLarge, InputTooDeep: Beyond the limits.
        MalformedInput: Not UTF-8, broken JSON or YAML, a tag, an alias bomb.
        DuplicateKey: The same key twice in one object.
        UnrecognisedDocument: There is nothing in it.
    """
    if len(content) > MAX_BYTES:
        raise InputTooLarge(f"{len(content)} bytes, at most {MAX_BYTES} are read", location=Location(file, 1))
    text = _decode(content, file)
    if not text.strip():
        raise UnrecognisedDocument("the file is empty", location=Location(file, 1))
    if PurePath(file).suffix.lower() in JSON_SUFFIXES or (text.lstrip()[0] in "{[" and looks_like_json(text)):
        return (read_json(text, file=file),)
    return read_yaml(text, file=file)


def _decode(content: bytes, file: str) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise MalformedInput("UTF-16; only UTF-8 is read", location=Location(file, 1))
    try:
        text = content.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        raise MalformedInput(f"byte {error.start} is not UTF-8", location=_place(content, error.start, file)) from error
    if (nul := content.find(0)) >= 0:
        raise MalformedInput(f"byte {nul} is NUL, which no text has", location=_place(content, nul, file))
    return text


def _place(content: bytes, offset: int, file: str) -> Location:
    before = content[:offset]
    return Location(file, before.count(b"\n") + 1, offset - (before.rfind(b"\n") + 1) + 1)
