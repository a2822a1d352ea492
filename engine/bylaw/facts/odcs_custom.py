"""
What people write into ``customProperties`` of ODCS documents, because the standard has no place for it.
"""

from __future__ import annotations

from bylaw.facts import units
from bylaw.facts.node import Node
from bylaw.facts.said import said


def custom_properties(node: Node) -> dict[str, Node]:
    """``customProperties`` by name, in lower case without separators, so that spellings of one name meet."""
    properties = {}
    for element in node.elements("customProperties"):
        name, value = element.text("property"), element.get("value")
        if name and value is not None:
            properties["".join(letter for letter in name.lower() if letter.isalnum())] = value
    return properties


def encryption(custom: dict[str, Node], path: str) -> dict[str, str]:
    """``encryption: AES-256``, ``encryptionAtRest``, ``encryptionInTransit``, or a mapping of the two."""
    both = custom.get("encryption")
    at_rest, in_transit = custom.get("encryptionatrest"), custom.get("encryptionintransit")
    if both is not None:
        both.source(path)
        if isinstance(both.value, dict):
            at_rest = at_rest or both.first("at_rest", "atRest")
            in_transit = in_transit or both.first("in_transit", "inTransit")
        else:
            at_rest = at_rest or both
    at_rest_text = at_rest.as_text() if at_rest is not None else None
    in_transit_text = in_transit.as_text() if in_transit is not None else None
    return said(
        at_rest=units.encryption_at_rest(at_rest_text) if at_rest_text else None,
        in_transit=units.encryption_in_transit(in_transit_text) if in_transit_text else None,
    )
