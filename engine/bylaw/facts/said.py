"""
What a document says in words of its own: classification, personal data, custom properties. Absent words say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

PERSONAL_WORDS = frozenset(
    {"pii", "phi", "spi", "gdpr", "personal", "personal-data", "personaldata", "personal-information", "sensitive-pii"}
)
"""Tags and classifications that say *this is about a person*."""

PERSONAL_MEANINGS = frozenset(
    {
        *("email", "idn-email", "email-address", "phone", "phone-number", "person-name", "full-name", "first-name"),
        *("last-name", "postal-address", "street-address", "ssn", "national-id", "passport-number", "date-of-birth"),
        *("ip-address", "credit-card-number", "iban", "global-customer-uuid"),
    }
)
"""Semantic types and formats whose values are about a person, whoever holds them."""

_DENIALS = frozenset({"none", "no", "non", "not", "false"})
_UNRESERVED = re.compile(r"[^a-z0-9]+")


_EMPTY = frozenset({type(None), str, tuple, list, dict})
"""What says nothing where it is empty. False and zero say something."""


def said(**facts: Any) -> dict[str, Any]:
    """Only those facts that somebody stated."""
    return {name: fact for name, fact in facts.items() if fact or fact.__class__ not in _EMPTY}


def classification(text: str | None) -> str | None:
    return None if text is None else text.lower()


def personal(
    *,
    stated: bool | None = None,
    inherited: bool = False,
    label: str | None = None,
    tags: Iterable[str] | None = None,
    meaning: str | None = None,
) -> bool | None:
    """
    Whether data is about a person: as stated, or as a classification, a tag, a semantic type or what it is part of
    says. ``None`` where nothing is said: that is not a no.
    """
    if stated is not None:
        return stated
    words = [word for word in (label, *(tags or ())) if word]
    means = meaning is not None and _plain(meaning) in PERSONAL_MEANINGS
    return True if inherited or means or any(_says_personal(word) for word in words) else None


@lru_cache(maxsize=4_096)  # the same few words stand at most fields
def _says_personal(word: str) -> bool:
    """``PII``, ``pii:email``, ``PII.Sensitive`` and ``Personal Data`` say so; ``PII.None``, ``non-pii`` deny it."""
    tokens = set(_plain(word).split("-"))
    return not tokens & _DENIALS and (bool(tokens & PERSONAL_WORDS) or _plain(word) in PERSONAL_WORDS)


def _plain(word: str) -> str:
    return _UNRESERVED.sub("-", word.strip().lower()).strip("-")
