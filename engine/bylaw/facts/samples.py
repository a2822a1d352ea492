"""
What sample values look like: the names of the patterns that they match, and never the values. A match is a suspicion
and no proof: ten digits may be a telephone number, and a number that passes Luhn's check may be an order's.

Values are hostile: each is cut, each expression is bounded and matches whole values, and only so many are looked at.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from typing import Any

from bylaw.facts.documents.document import Value

MAX_SAMPLES = 200
"""Of one field. What one more value would add is nothing that these did not."""

MAX_SAMPLE_LETTERS = 256

_EMAIL = re.compile(r"[^\s@<>]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_INTERNATIONAL_PHONE = re.compile(r"\+[0-9](?:[ ().\-/]?[0-9]){6,14}")
_LOCAL_PHONE = re.compile(r"\([0-9]{2,5}\)[ -]?[0-9]{3,4}[ -]?[0-9]{3,5}|[0-9]{3}[-. ][0-9]{3}[-. ][0-9]{4}")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_CARD = re.compile(
    r"4[0-9]{12}(?:[0-9]{3}){0,2}|(?:5[1-5][0-9]{2}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720))[0-9]{12}"
    r"|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|35(?:2[89]|[3-8][0-9])[0-9]{12}"
    r"|6(?:011|5[0-9]{2})[0-9]{12}|62[0-9]{14,17}"
)
"""What the networks give out: Visa, Mastercard, American Express, Diners, JCB, Discover, UnionPay."""
_SSN = re.compile(r"(?!000|666|9[0-9]{2})[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}")
_MAC = re.compile(r"(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}")
_LAST_CENTURY = re.compile(r"19[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")


def samples_look_like(*samples: Value) -> tuple[str, ...] | None:
    """
    The names of the patterns that any of the values matches, those inside lists and mappings included, sorted;
    ``None`` where none does.
    """
    if not any(samples):
        return None
    found = {name for text in _texts(samples) for name, matches in PATTERNS.items() if matches(text)}
    return tuple(sorted(found)) or None


def _is_iban(text: str) -> bool:
    """ISO 13616: four characters to the end, letters as numbers, and the rest of dividing by 97 is one."""
    plain = text.replace(" ", "").upper()
    if not _IBAN.fullmatch(plain):
        return False
    return int("".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])) % 97 == 1


def _is_card_number(text: str) -> bool:
    """ISO/IEC 7812: a network's first digits, as many as it gives out, and Luhn's check digit."""
    digits = text.replace(" ", "").replace("-", "")
    if not _CARD.fullmatch(digits):
        return False
    doubled = [int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def _is_ip_address(text: str) -> bool:
    if text.count(".") != 3 and text.count(":") < 2:
        return False
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not (address.is_unspecified or address.is_loopback)


PATTERNS: dict[str, Callable[[str], bool]] = {
    "credit_card_number": _is_card_number,
    "date_of_birth": lambda text: _LAST_CENTURY.fullmatch(text[:10]) is not None,
    "email": lambda text: _EMAIL.fullmatch(text) is not None,
    "iban": _is_iban,
    "ip_address": _is_ip_address,
    "mac_address": lambda text: _MAC.fullmatch(text) is not None,
    "phone_number": lambda text: (_INTERNATIONAL_PHONE.fullmatch(text) or _LOCAL_PHONE.fullmatch(text)) is not None,
    "ssn": lambda text: _SSN.fullmatch(text) is not None,
}
"""
A date of the last century (``date_of_birth``) is hardly one of an order. ``ssn`` is the number of the United States'
Social Security Administration; other countries' numbers are told apart from nothing by their digits alone.
"""


def _texts(samples: tuple[Value, ...]) -> Iterator[str]:
    """The texts and whole numbers among the values."""
    pending: list[Any] = list(reversed(samples))
    left = MAX_SAMPLES
    while pending and left:
        value = pending.pop()
        if isinstance(value, list | dict):
            inner = list(value.values() if isinstance(value, dict) else value)[:left]
            pending += reversed(inner)
        elif isinstance(value, str | int) and not isinstance(value, bool):
            left -= 1
            yield str(value)[:MAX_SAMPLE_LETTERS].strip()
