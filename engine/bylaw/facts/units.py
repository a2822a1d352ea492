"""
The ways people write durations, shares, thresholds, encryption and classification, as one of each. What is written in
no way that is known here is ``None``: a fact that nobody stated, not a fact that somebody might have meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SECONDS_A_DAY = 86_400

# Months and years have no fixed length. Retention law counts a year as 365 days (seven years are 2,555), and that is
# also the shorter, hence the safer, reading of a promise to keep.
_UNIT_SECONDS = {
    "ms": 0.001,
    "millisecond": 0.001,
    "s": 1,
    "sec": 1,
    "second": 1,
    "m": 60,
    "min": 60,
    "minute": 60,
    "h": 3_600,
    "hr": 3_600,
    "hour": 3_600,
    "d": SECONDS_A_DAY,
    "day": SECONDS_A_DAY,
    "w": 7 * SECONDS_A_DAY,
    "wk": 7 * SECONDS_A_DAY,
    "week": 7 * SECONDS_A_DAY,
    "mo": 30 * SECONDS_A_DAY,
    "month": 30 * SECONDS_A_DAY,
    "y": 365 * SECONDS_A_DAY,
    "yr": 365 * SECONDS_A_DAY,
    "year": 365 * SECONDS_A_DAY,
}
_SHORT = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)\s*([a-z]+)")
_ISO = re.compile(
    r"P(?=.)(?:(?P<year>\d{1,6})Y)?(?:(?P<month>\d{1,6})M)?(?:(?P<week>\d{1,6})W)?(?:(?P<day>\d{1,9}(?:\.\d{1,9})?)D)?"
    r"(?:T(?=.)(?:(?P<hour>\d{1,9}(?:\.\d{1,9})?)H)?(?:(?P<minute>\d{1,9}(?:\.\d{1,9})?)M)?"
    r"(?:(?P<second>\d{1,12}(?:\.\d{1,9})?)S)?)?"
)
_SHARE = re.compile(r"(?:[<>]=?\s*)?(\d{1,12}(?:\.\d{1,12})?)\s*(%|percent)?")
_THRESHOLD = re.compile(r"(<=|>=|<|>|==|=)?\s*([-+]?\d{1,12}(?:\.\d{1,12})?)\s*(%?)")
_OPERATORS = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte", "=": "equals", "==": "equals", None: "equals"}
_AES_256 = re.compile(r"(?:aws:)?aes[-_ :]?256(?:[-_ ]?(?:gcm|cbc|xts))?|sse-s3", re.IGNORECASE)
_TLS = re.compile(r"(m?tls)[-_ ]?v?(\d(?:\.\d)?)?\+?", re.IGNORECASE)


def seconds(value: str | float, unit: str | None = None) -> float | None:
    """``24`` with the unit ``h``, ``"24h"``, ``"5 minutes"``, ``"P1D"`` or ``"PT24H"`` in seconds."""
    if isinstance(value, str):
        text = value.strip()
        if unit is None or not re.fullmatch(r"\d{1,12}(?:\.\d{1,9})?", text):
            return _iso_seconds(text) or _short_seconds(text.lower())
        value = float(text)
    if unit is None or value < 0:
        return None
    scale = _UNIT_SECONDS.get(_singular(unit))
    return None if scale is None else _tidy(value * scale)


def days(value: str | float, unit: str | None = None) -> int | None:
    """As ``seconds``, in whole days, rounded down: what is promised to be kept is kept at least so long."""
    length = seconds(value, unit)
    return None if length is None else int(length // SECONDS_A_DAY)


def share(value: str | float, unit: str | None = None) -> float | None:
    """
    A share of one: ``0.95``, ``"99.95%"``, ``95`` with the unit ``percent``, or ``99.9``, which can only be percent.
    """
    percent = unit is not None and unit.strip().lower() in ("%", "percent", "percentage")
    if isinstance(value, str):
        match = _SHARE.fullmatch(value.strip())
        if match is None:
            return None
        percent, value = percent or bool(match[2]), float(match[1])
    if percent or value > 1:
        value = value / 100
    return round(value, 12) if 0 <= value <= 1 else None


@dataclass(frozen=True, slots=True)
class Threshold:
    """A bound on a measure: ``metric operator value``."""

    operator: str
    value: float


def threshold(text: str) -> Threshold | None:
    """``"> 99.9%"`` or ``"<= 5"``; ``None`` where there is more to it (``"0% for customer_uid"``)."""
    match = _THRESHOLD.fullmatch(text.strip())
    if match is None:
        return None
    value = float(match[2])
    return Threshold(_OPERATORS[match[1]], round(value / 100, 12) if match[3] else value)


def encryption_at_rest(text: str) -> str:
    """The many spellings of AES-256 as ``AES-256``; anything else as it is."""
    return "AES-256" if _AES_256.fullmatch(text.strip()) else text.strip()


def encryption_in_transit(text: str) -> str:
    """``TLS``, ``TLS 1.2``, ``mTLS``: the protocol and, where it is said, its version."""
    match = _TLS.fullmatch(text.strip())
    if match is None:
        return text.strip()
    if match[1].lower() == "mtls":
        return "mTLS"
    return f"TLS {match[2]}" if match[2] else "TLS"


def _iso_seconds(text: str) -> float | None:
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    return _tidy(sum(float(count) * _UNIT_SECONDS[unit] for unit, count in match.groupdict().items() if count))


def _short_seconds(text: str) -> float | None:
    match = _SHORT.fullmatch(text)
    if match is None or _singular(match[2]) not in _UNIT_SECONDS:
        return None
    return _tidy(float(match[1]) * _UNIT_SECONDS[_singular(match[2])])


def _singular(unit: str) -> str:
    word = unit.strip().lower()
    return word if word in _UNIT_SECONDS else word.removesuffix("s")


def _tidy(number: float) -> float:
    rounded = round(number, 6)
    return int(rounded) if rounded == int(rounded) else rounded
