"""
Names that look like others: letters of other scripts, or of other widths, that nobody tells from Latin ones by eye. A
name is read as a person reads it, so that ``email`` whose first letter is Cyrillic is found wherever ``email`` is.

The reading is NFKC (Unicode 15, UAX 15), which makes full-width and mathematical letters plain, without characters that
show nothing (Unicode's category Cf), and then the letters of Greek and Cyrillic that have a Latin twin in common
typefaces, as UTS 39 lists them. Letters that merely resemble one have no twin, so words of other languages seldom
become Latin ones.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

_CYRILLIC = dict(zip("аеорсухіјѕԁԛԝһѵүӏАВЕЗКМНОРСТУХІЈЅԌԚԜҮӀ", "aeopcyxijsdqwhvylABE3KMHOPCTYXIJSGQWYI", strict=True))
_GREEK = dict(zip("οανρυικςΑΒΕΖΗΙΚΜΝΟΡΤΥΧϲϳ", "oavpuikcABEZHIKMNOPTYXcj", strict=True))
_LATIN = {"ı": "i", "ɑ": "a", "ɡ": "g", "ƽ": "s"}  # noqa: RUF001 - they are the point
LOOK_ALIKES = str.maketrans({**_CYRILLIC, **_GREEK, **_LATIN})
"""Letters and the Latin ones that they look like."""


def reading(name: str) -> str:
    """The name as it reads."""
    shown = "".join(letter for letter in unicodedata.normalize("NFKC", name) if not _is_hidden(letter))
    return shown.translate(LOOK_ALIKES)


def mixes_scripts(name: str) -> bool:
    """
    Whether one word of the name has Latin letters and others that look Latin, or characters that show nothing: nobody
    writes so by habit.
    """
    words = "".join(letter if letter.isalpha() or _is_hidden(letter) else " " for letter in name).split()
    return any(word != reading(word) and any(letter.isascii() for letter in word) for word in words)


def _is_hidden(letter: str) -> bool:
    return unicodedata.category(letter) == "Cf"


def with_readings(things: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Objects or fields, each with what its name reads as where that is not how it is written, nested ones included."""
    return [_with_reading(thing) for thing in things]


def _with_reading(thing: dict[str, Any]) -> dict[str, Any]:
    read = {**thing, "fields": with_readings(thing["fields"])} if thing.get("fields") else thing
    name = thing.get("name")
    if not isinstance(name, str) or name.isascii() or reading(name) == name:
        return read
    marked = {**read, "reads_as": reading(name) or "?"}
    return {**marked, "mixes_scripts": True} if mixes_scripts(name) else marked
