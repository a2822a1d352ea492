"""
JSON taken apart without being written anew, so that what reaches a policy is the caller's own text: ``1.10`` stays
``1.10`` and an integer keeps all its digits. Splits one level; what is below is judged by whoever evaluates it.
"""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

from bylaw.errors import DuplicateKey, InputTooDeep, MalformedInput, WrongShape

_blanks = re.compile(r"[ \t\n\r]*").match


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _unique(pairs: list[tuple[str, Any]]) -> None:
    if len({key for key, _ in pairs}) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise DuplicateKey(f"the key {twice!r} stands twice in one object")


_decoder = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_int=len, parse_float=len)


def split_object(text: bytes, *, what: str = "the body") -> dict[str, bytes]:
    """
    The members of a JSON object, each with the text of its value.

    Raises:
        WrongShape: It is JSON, but no object.
        MalformedInput, DuplicateKey, InputTooDeep: It cannot be read.
    """
    decoded = _decoded(text, what)
    return dict(_split(decoded, "{", what))


def split_array(text: bytes, *, what: str) -> list[bytes]:
    """The items of a JSON array, each as its text. Raises as ``split_object``."""
    return [item for _, item in _split(_decoded(text, what), "[", what)]


def input_of(body: bytes) -> tuple[bytes | None, dict[str, bytes]]:
    """
    The text of ``input`` in a body ``{"input": …}``, and the other members. An input of ``null`` is none, as in OPA;
    so is that of an empty body and of ``null``.
    """
    if _holds_only_input(body):
        return body[len(_OPENING) : body.rindex(b"}")], {}
    if not body.strip() or body.strip() == b"null":
        return None, {}
    try:
        members = split_object(body)
    except WrongShape as error:
        raise MalformedInput(f"body contains malformed input document: {error.message}") from None
    input_json = members.pop("input", None)
    return (None if input_json == b"null" else input_json), members


_OPENING = b'{"input":'


def _holds_only_input(body: bytes) -> bool:
    """The usual body, told quickly: nothing but an input that is not null."""
    if not body.startswith(_OPENING) or body.count(b'"input"') != 1:
        return False
    try:
        members = orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    # `input` said twice, once with escapes, parses here as one member; what is cut out then is no JSON, and refused.
    return len(members) == 1 and members.get("input") is not None


def _decoded(text: bytes, what: str) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedInput(f"{what} is not UTF-8 at byte {error.start}") from None


def _split(text: str, opening: str, what: str) -> list[tuple[str, bytes]]:
    try:
        return _Splitter(text).members(opening, what)
    except RecursionError:
        raise InputTooDeep(f"{what} is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise MalformedInput(f"{what} contains malformed JSON: {error.msg} at offset {error.pos}") from None
    except ValueError as error:
        raise MalformedInput(f"{what} contains malformed JSON: {error}") from None


class _Splitter:
    """A reader of one level. Values are stepped over by the standard library's scanner, never kept."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def members(self, opening: str, what: str) -> list[tuple[str, bytes]]:
        if self._next() != opening:
            self.at = 0
            self._value()  # what is no JSON at all is said to be that, not of another shape
            self._end()
            raise WrongShape(f"{what}: wanted {'an object' if opening == '{' else 'an array'} at ''")
        self.at += 1
        members: list[tuple[str, bytes]] = []
        closing = "}" if opening == "{" else "]"
        if self._next() == closing:
            self.at += 1
        else:
            self._members(members, closing)
        self._end()
        return members

    def _members(self, members: list[tuple[str, bytes]], closing: str) -> None:
        seen: set[str] = set()
        while True:
            key = self._key(seen) if closing == "}" else ""
            members.append((key, self._value()))
            mark = self._next()
            self.at += 1
            if mark == closing:
                return
            if mark != ",":
                raise self._unexpected("',' or the end")

    def _key(self, seen: set[str]) -> str:
        if self._next() != '"':
            raise self._unexpected("a key")
        key, self.at = json.decoder.scanstring(self.text, self.at + 1)  # type: ignore[attr-defined]
        if key in seen:
            raise DuplicateKey(f"the key {key!r} stands twice in one object")
        seen.add(key)
        if self._next() != ":":
            raise self._unexpected("':'")
        self.at += 1
        return str(key)

    def _value(self) -> bytes:
        self._next()
        start = self.at
        _, self.at = _decoder.raw_decode(self.text, start)
        return self.text[start : self.at].encode()

    def _next(self) -> str:
        match = _blanks(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.text[self.at : self.at + 1]

    def _end(self) -> None:
        if self._next():
            raise self._unexpected("nothing more")

    def _unexpected(self, wanted: str) -> json.JSONDecodeError:
        return json.JSONDecodeError(f"expected {wanted}", self.text, self.at)
