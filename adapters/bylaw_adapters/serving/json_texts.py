"""
JSON taken apart without being written anew, so that what reaches a policy is the caller's own text: ``1.10`` stays
``1.10`` and an integer keeps all its digits. Splits one level; all of the text is checked on the way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import bylaw_native

from bylaw.errors import InputError, MalformedInput, WrongShape

Parts = TypeVar("Parts")


def split_object(text: bytes, *, what: str = "the body") -> dict[str, bytes]:
    """
    The members of a JSON object, each with the text of its value.

    Raises:
        WrongShape: It is JSON, but no object.
        MalformedInput, DuplicateKey, InputTooDeep: It cannot be read.
    """
    return _split(bylaw_native.split_object, text, "{", what)


def split_array(text: bytes, *, what: str) -> list[bytes]:
    """The items of a JSON array, each as its text. Raises as ``split_object``."""
    return _split(bylaw_native.split_array, text, "[", what)


def input_of(body: bytes) -> tuple[bytes | None, dict[str, bytes]]:
    """
    The text of ``input`` in a body ``{"input": …}``, and the other members. An input of ``null`` is none, as in OPA;
    so is that of an empty body and of ``null``.
    """
    try:
        members = bylaw_native.split_object(body)
    except InputError:
        members = _unusual(body)
    input_json = members.pop("input", None)
    return (None if input_json == b"null" else input_json), members


def _unusual(body: bytes) -> dict[str, bytes]:
    """What a body that is no object says: nothing, or what is wrong with it."""
    if body.strip() in (b"", b"null"):
        return {}
    try:
        return split_object(body)
    except WrongShape as error:
        raise MalformedInput(f"body contains malformed input document: {error.message}") from None


def _split(split: Callable[[bytes], Parts], text: bytes, opening: str, what: str) -> Parts:
    try:
        return split(text)
    except InputError as error:
        if not text.lstrip(b" \t\r\n").startswith(opening.encode()) and _is_json(text):
            raise WrongShape(f"{what}: wanted {'an object' if opening == '{' else 'an array'} at ''") from None
        raise type(error)(f"{what} contains malformed JSON: {error.message}") from None


def _is_json(text: bytes) -> bool:
    try:
        bylaw_native.check_json(text)
    except InputError:
        return False
    return True
