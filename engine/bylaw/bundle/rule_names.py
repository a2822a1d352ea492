"""
Whether each package of a layer is a rule that will be asked, or plainly a helper. A rule at the wrong depth, or under a
kind that does not exist, loads without a word and never denies anything; here it is an error.
"""

from __future__ import annotations

import difflib

from bylaw.bundle.metadata import RuleName
from bylaw.bundle.roots import DOMAINS
from bylaw.bundle.syntax import Module
from bylaw.decision import KINDS
from bylaw.errors import PolicyError

HEADS = ("violation", "grant", "row_filter", "column_mask", "patch")
"""What composition asks a rule for."""


def check_rule_names(module: Module) -> None:
    """
    Raises:
        PolicyError: The package offers what only rules offer, and nobody will ask it.
    """
    layer_length = {"global": 1, DOMAINS: 2}.get(module.package[0], 0)
    if not layer_length or RuleName.of(module.package) is not None:
        return
    for head in HEADS:
        if head in module.rules:
            layer = ".".join(module.package[:layer_length])
            raise PolicyError(
                f"package {'.'.join(module.package)} has {head}, but it is no rule: nobody will ask it. "
                f"Rules are {layer}.<kind>.<rule>{_nearest_kind(module.package[layer_length:])}",
                location=module.rules[head],
            )


def _nearest_kind(rest: tuple[str, ...]) -> str:
    if rest and rest[0] not in KINDS:
        near = difflib.get_close_matches(rest[0], KINDS, n=1)
        return f"; there is no kind {rest[0]}" + (f", the nearest is {near[0]}" if near else "")
    return ""
