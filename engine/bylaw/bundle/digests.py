"""
The digest of a bundle's file, as OPA makes it (``v1/bundle/hash.go``): of a structured file the digest is that of its
value, keys sorted and without white space, so that a rewritten ``data.json`` of the same value keeps it; of any other
file it is that of its bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from bylaw.bundle.documents import read_yaml
from bylaw.errors import InvalidSignature

STRUCTURED_FILES = ("data.json", "data.yaml", ".manifest", ".signatures.json")

ALGORITHMS: Mapping[str, str] = {
    "SHA-224": "sha224",
    "SHA-256": "sha256",
    "SHA-384": "sha384",
    "SHA-512": "sha512",
    "SHA-512-224": "sha512_224",
    "SHA-512-256": "sha512_256",
}
"""By OPA's names. MD5 and SHA-1, which OPA takes as well, can be forged and are refused."""


class _Number(str):
    """A number by the text it was written in: OPA hashes ``1.0`` and ``1`` apart."""

    __slots__ = ()


def digest(path: str, content: bytes, algorithm: str) -> str:
    """
    In lower-case hexadecimal.

    Raises:
        InvalidSignature: The algorithm is none that may be relied on, or a structured file has no structure.
    """
    name = ALGORITHMS.get(algorithm)
    if name is None:
        raise InvalidSignature(f"{path}: the digest {algorithm or '(none)'} is none of {', '.join(ALGORITHMS)}")
    hasher = hashlib.new(name)
    if PurePosixPath(path).name in STRUCTURED_FILES:
        for piece in _written(_value(path, content)):
            hasher.update(piece.encode(errors="surrogatepass"))
    else:
        hasher.update(content)
    return hasher.hexdigest()


def _value(path: str, content: bytes) -> Any:
    if path.endswith((".yaml", ".yml")):
        return read_yaml(content, path)
    try:
        return json.loads(content, parse_int=_Number, parse_float=_Number, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise InvalidSignature(f"{path}: no digest of what is no JSON: {error}") from error


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")


def _written(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        separator = "{"
        for key in sorted(value, key=lambda key: key.encode(errors="surrogatepass")):
            yield f"{separator}{_text(key)}:"
            yield from _written(value[key])
            separator = ","
        yield "}" if value else "{}"
    elif isinstance(value, list):
        separator = "["
        for item in value:
            yield separator
            yield from _written(item)
            separator = ","
        yield "]" if value else "[]"
    elif isinstance(value, _Number):
        yield str(value)
    elif isinstance(value, str):
        yield _text(value)
    else:
        yield json.dumps(value)


def _text(text: str) -> str:
    """As Go writes it without escaping for HTML: the two separators of JavaScript are escaped all the same."""
    return json.dumps(text, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
