"""
How the value of a setting is read, whatever it was written in: a flag and a variable are text, a file has YAML's types.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal


def as_type(kind: Any, value: Any) -> Any:
    """
    A value as the type of its row.

    Raises:
        ValueError: It cannot be one; the message says what was wanted.
    """
    origin = typing.get_origin(kind)
    if origin is Literal:
        return _as_choice(typing.get_args(kind), value)
    if origin is tuple:
        return _as_texts(value)
    if origin is Mapping:
        return _as_pairs(value)
    if origin is types.UnionType or origin is typing.Union:
        return Path(_as_text(value)) if value not in (None, "") else None
    return {bool: _as_boolean, int: _as_integer, float: _as_number, str: _as_text, Path: _as_path}[kind](value)


def _as_choice(choices: tuple[str, ...], value: Any) -> str:
    if value is False and "off" in choices:
        return "off"  # YAML 1.1 reads a bare `off` as false
    if value not in choices:
        raise ValueError(f"{value!r} is none of {', '.join(choices)}")
    return typing.cast(str, value)


def _as_texts(value: Any) -> tuple[str, ...]:
    items = value.split(",") if isinstance(value, str) else value
    if not isinstance(items, list | tuple) or not all(isinstance(item, str) for item in items):
        raise ValueError(f"{value!r} is no list of texts")
    return tuple(item for item in (text.strip() for text in items) if item)


def _as_pairs(value: Any) -> dict[str, str]:
    if isinstance(value, str):
        pairs = [part.partition("=") for part in value.split(",") if part]
        if not all(equals for _, equals, _ in pairs):
            raise ValueError(f"{value!r} is not name=value,…")
        return {name.strip(): text.strip() for name, _, text in pairs}
    if not isinstance(value, dict) or not all(isinstance(item, str) for pair in value.items() for item in pair):
        raise ValueError(f"{value!r} is no mapping of texts")
    return dict(value)


def _as_boolean(value: Any) -> bool:
    known = {"true": True, "false": False}
    text = str(value).lower()
    if text not in known:
        raise ValueError(f"{value!r} is neither true nor false")
    return known[text]


def _as_integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(f"{value!r} is no whole number")
    return int(value)


def _as_number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError(f"{value!r} is no number")
    return float(value)


def _as_text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _as_path(value: Any) -> Path:
    if not _as_text(value):
        raise ValueError("a path is not empty")
    return Path(value)
