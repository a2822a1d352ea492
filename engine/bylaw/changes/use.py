"""
What is different in what may be done with data: by whom, for what, where, by what right, and who answers for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bylaw.changes.difference import (
    Difference,
    Direction,
    Thing,
    by_name,
    difference,
    item_difference,
    of_lists,
    of_statement,
)


def use_differences(previous: Thing, current: Thing) -> Iterator[Difference]:
    """Differences between two products in the normal form."""
    policies = (by_name(product.get("access_policies"), "role") for product in (previous, current))
    yield from _access(*policies)
    yield from _use(previous, current)
    yield from _rights(previous, current)
    owner, owns = previous.get("owner"), current.get("owner")
    if (direction := of_statement(owner, owns)) is not None:
        yield difference("owner_changed", direction, path="product.owner", subject="the owner", was=owner, now=owns)
    yield from _approvers(previous, current, path="product.approvers", subject="the product")


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
                yield item_difference("access_changed", _width(direction), path, subject, permission)
            yield from _approvers(held, holds, path=path, subject=subject)


def _use(previous: Thing, current: Thing) -> Iterator[Difference]:
    """What the data may be used for, where it lies and who gets it."""
    for key, kind, what in (
        ("purposes", "purpose_changed", "purpose"),
        ("regions", "region_changed", "region"),
        ("recipients", "recipient_changed", "recipient"),
    ):
        for item, direction in of_lists(previous.get(key), current.get(key)):
            yield item_difference(kind, _width(direction), f"product.{key}", f"{what} {item}", item)
    before, after = by_name(previous.get("output_ports")), by_name(current.get("output_ports"))
    for name in sorted(before.keys() & after.keys()):
        for item, direction in of_lists(before[name].get("regions"), after[name].get("regions")):
            yield item_difference("region_changed", _width(direction), after[name]["path"], f"region {item}", item)


def _rights(previous: Thing, current: Thing) -> Iterator[Difference]:
    """What makes it lawful to process the data, and to let it go elsewhere."""
    before, after = by_name(previous.get("transfers"), "to"), by_name(current.get("transfers"), "to")
    for place in sorted(before.keys() | after.keys()):
        was, now = (side[place].get("mechanism", "nothing") if place in side else None for side in (before, after))
        subject, path = f"transfer to {place}", f"product.transfers[{place}]"
        if (direction := of_statement(was, now)) is not None:
            yield difference("transfer_changed", _width(direction), path=path, subject=subject, was=was, now=now)
    for key, subject in (
        ("lawful_basis", "the lawful basis"),
        ("special_category_basis", "the basis for special categories"),
    ):
        was, now = previous.get(key), current.get(key)
        if (basis := of_statement(was, now)) is not None:
            yield difference("lawful_basis_changed", basis, path=f"product.{key}", subject=subject, was=was, now=now)


def _approvers(before: Thing, after: Thing, *, path: str, subject: str) -> Iterator[Difference]:
    for approver, direction in of_lists(before.get("approvers"), after.get("approvers")):
        yield item_difference("approver_changed", direction, path, subject, approver)


def _width(direction: Direction) -> Direction:
    """What is stated at last may be done now, and what is stated no more may not."""
    return "widened" if direction == "added" else "narrowed" if direction == "removed" else direction


def _permissions(policy: Thing) -> list[Any]:
    return sorted(policy.get("permissions", ()))
