"""
What is different in how data is protected: classification, personal data, encryption, anonymity and protections.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bylaw.changes.difference import (
    Difference,
    Thing,
    by_name,
    difference,
    item_difference,
    of_lists,
    of_order,
    of_statement,
)

CLASSIFICATIONS = ("public", "internal", "confidential", "restricted")
"""The words that everybody puts in one order. Where a council has words of its own, its rules know their order."""

_BITS = re.compile(r"AES-(\d{2,4})\b.*", re.IGNORECASE)
_TLS = re.compile(r"(m?)TLS(?: (\d(?:\.\d)?))?", re.IGNORECASE)


def protection_differences(previous: Thing, current: Thing) -> Iterator[Difference]:
    """Differences between two products in the normal form; those of fields come from ``fields``."""
    yield from _classification(previous, current, path="product.classification", subject="the product")
    for protection, change in of_lists(previous.get("protections"), current.get("protections")):
        subject = f"protection {protection}"
        yield item_difference("protection_changed", change, "product.protections", subject, protection)
    yield from _encryption(previous, current)
    yield from _anonymity(previous, current)


def field_protection_differences(before: Thing, after: Thing) -> Iterator[Difference]:
    """Differences in how one field is protected."""
    path, subject = after["path"], f"field {after['name']}"
    yield from _classification(before, after, path=path, subject=subject)
    was, now = before.get("personal") is True, after.get("personal") is True
    if was != now:
        yield difference("personal_changed", "added" if now else "removed", path=path, subject=subject)
    for category, direction in of_lists(before.get("categories"), after.get("categories")):
        yield item_difference("category_changed", direction, path, subject, category)
    yield from _cipher(before.get("encryption"), after.get("encryption"), path=path, subject=subject, where="at_rest")


def _classification(before: Thing, after: Thing, *, path: str, subject: str) -> Iterator[Difference]:
    was, now = before.get("classification"), after.get("classification")
    direction = of_statement(was, now)
    if direction == "changed" and was in CLASSIFICATIONS and now in CLASSIFICATIONS:
        direction = of_order(CLASSIFICATIONS.index(was), CLASSIFICATIONS.index(now), down="lowered", up="raised")
    if direction is not None:
        yield difference("classification_changed", direction, path=path, subject=subject, was=was, now=now)


def _encryption(previous: Thing, current: Thing) -> Iterator[Difference]:
    """What holds for each port that both have: its own word, else the product's. Without such, the product's."""
    before, after = by_name(previous.get("output_ports")), by_name(current.get("output_ports"))
    was, now = previous.get("encryption", {}), current.get("encryption", {})
    for name in before.keys() & after.keys():
        held, holds = before[name].get("encryption", {}), after[name].get("encryption", {})
        for where in ("at_rest", "in_transit"):
            path = f"product.encryption.{where}"
            if where in holds or where not in now:
                path = f"{after[name]['path']}.encryption.{where}"
            ciphers = held.get(where, was.get(where)), holds.get(where, now.get(where))
            yield from _cipher(*ciphers, path=path, subject=f"port {name}", where=where)
    if not before.keys() & after.keys():
        for where in ("at_rest", "in_transit"):
            path = f"product.encryption.{where}"
            yield from _cipher(was.get(where), now.get(where), path=path, subject="the product", where=where)


def _cipher(was: str | None, now: str | None, *, path: str, subject: str, where: str) -> Iterator[Difference]:
    direction = of_statement(was, now)
    if direction == "changed":
        strength, stronger = _strength(was), _strength(now)
        if strength is not None and stronger is not None and strength[0] == stronger[0]:
            direction = of_order(strength[1], stronger[1], down="weakened", up="strengthened")
    if direction is not None:
        yield difference("encryption_changed", direction, path=path, subject=subject, where=where, was=was, now=now)


def _strength(cipher: str | None) -> tuple[str, tuple[float, bool]] | None:
    """What it is compared with, and by what: bits of a cipher; a version of TLS, and whether it is mutual."""
    text = (cipher or "").strip()
    if (bits := _BITS.fullmatch(text)) is not None:
        return "aes", (float(bits[1]), False)
    if (tls := _TLS.fullmatch(text)) is not None and (tls[2] or tls[1]):
        return ("mtls" if tls[1] and not tls[2] else "tls"), (float(tls[2] or 0), bool(tls[1]))
    return None


def _anonymity(previous: Thing, current: Thing) -> Iterator[Difference]:
    """Of how many persons a row may be, for the product and for ports that say so themselves."""
    before, after = by_name(previous.get("output_ports")), by_name(current.get("output_ports"))
    ports = [(before[name], after[name], after[name]["path"], f"port {name}") for name in before.keys() & after.keys()]
    for held, holds, place, thing in [(previous, current, "product", "the product"), *ports]:
        was, now = held.get("k_anonymity"), holds.get("k_anonymity")
        if (direction := of_order(was, now, down="weakened", up="strengthened")) is not None:
            path, subject = f"{place}.k_anonymity", f"k-anonymity of {thing}"
            yield difference("anonymity_changed", direction, path=path, subject=subject, was=was, now=now)
