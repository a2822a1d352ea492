"""
What is different in how data is protected: classification, personal data, encryption, protections, who may do what with
it, for what, where, and who answers for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bylaw.changes.difference import (
    Difference,
    Direction,
    Thing,
    by_name,
    difference,
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
        yield _item("protection_changed", change, "product.protections", f"protection {protection}", protection)
    yield from _encryption(previous, current)
    yield from _access(
        by_name(previous.get("access_policies"), "role"), by_name(current.get("access_policies"), "role")
    )
    yield from _use(previous, current)
    owner, owns = previous.get("owner"), current.get("owner")
    if (direction := of_statement(owner, owns)) is not None:
        yield difference("owner_changed", direction, path="product.owner", subject="the owner", was=owner, now=owns)
    yield from _approvers(previous, current, path="product.approvers", subject="the product")


def field_protection_differences(before: Thing, after: Thing) -> Iterator[Difference]:
    """Differences in how one field is protected."""
    path, subject = after["path"], f"field {after['name']}"
    yield from _classification(before, after, path=path, subject=subject)
    was, now = before.get("personal") is True, after.get("personal") is True
    if was != now:
        yield difference("personal_changed", "added" if now else "removed", path=path, subject=subject)
    for category, direction in of_lists(before.get("categories"), after.get("categories")):
        yield _item("category_changed", direction, path, subject, category)
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


def _access(before: Mapping[str, Thing], after: Mapping[str, Thing]) -> Iterator[Difference]:
    for role in sorted(before.keys() | after.keys()):
        held, holds = before.get(role, {}), after.get(role, {})
        path, subject = f"product.access_policies[{role}]", f"role {role}"
        facts = {"path": path, "subject": subject}
        if role not in before:
            yield difference("access_changed", "widened", **facts, now=_permissions(holds))
        elif role not in after:
            yield difference("access_changed", "narrowed", **facts, was=_permissions(held))
        else:
            for permission, direction in of_lists(held.get("permissions"), holds.get("permissions")):
                yield _item("access_changed", _width(direction), path, subject, permission)
            yield from _approvers(held, holds, path=path, subject=subject)


def _use(previous: Thing, current: Thing) -> Iterator[Difference]:
    """What the data may be used for, where it lies and who gets it."""
    for key, kind, what in (
        ("purposes", "purpose_changed", "purpose"),
        ("regions", "region_changed", "region"),
        ("recipients", "recipient_changed", "recipient"),
    ):
        for item, direction in of_lists(previous.get(key), current.get(key)):
            yield _item(kind, _width(direction), f"product.{key}", f"{what} {item}", item)
    before, after = by_name(previous.get("output_ports")), by_name(current.get("output_ports"))
    for name in sorted(before.keys() & after.keys()):
        for item, direction in of_lists(before[name].get("regions"), after[name].get("regions")):
            yield _item("region_changed", _width(direction), after[name]["path"], f"region {item}", item)
    was, now = previous.get("lawful_basis"), current.get("lawful_basis")
    if (basis := of_statement(was, now)) is not None:
        path = "product.lawful_basis"
        yield difference("lawful_basis_changed", basis, path=path, subject="the lawful basis", was=was, now=now)


def _approvers(before: Thing, after: Thing, *, path: str, subject: str) -> Iterator[Difference]:
    for approver, direction in of_lists(before.get("approvers"), after.get("approvers")):
        yield _item("approver_changed", direction, path, subject, approver)


def _item(kind: str, direction: Direction, path: str, subject: str, item: str) -> Difference:
    side = {"was": item} if direction in ("removed", "narrowed") else {"now": item}
    return difference(kind, direction, path=path, subject=subject, **side)


def _width(direction: str) -> Direction:
    return "widened" if direction == "added" else "narrowed"


def _permissions(policy: Thing) -> list[Any]:
    return sorted(policy.get("permissions", ()))
