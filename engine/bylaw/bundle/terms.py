"""
The terms a layer sets as data: its waivers and its parameters, held to the shapes that composition reads.

A waiver that is malformed has no effect at run time, and the decision says so. Here, before a release, it is an error:
its author meant it to have one. Whether it is in force by now, and approved by the right people, is composition's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bylaw.bundle.contents import Bundle
from bylaw.bundle.roots import DOMAINS, Root
from bylaw.bundle.strictness import DIRECTIONS
from bylaw.errors import InvalidPolicyDocument

_WAIVER_TEXTS = ("id", "rule", "reason", "requested_by", "approved_by", "starts", "ends")
_SCOPE_KEYS = frozenset({"domain", "product"})


def check_terms(bundle: Bundle) -> None:
    """
    Raises:
        InvalidPolicyDocument: Names the place below ``data`` as a JSON pointer.
    """
    for path, layer in _layers(bundle):
        _check_parameters(path, layer.get("parameters", {}))
        waivers = layer.get("waivers", [])
        if not isinstance(waivers, list):
            raise _invalid(f"{path}/waivers", "is a list")
        for index, waiver in enumerate(waivers):
            _check_waiver(f"{path}/waivers/{index}", waiver)


def _layers(bundle: Bundle) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for root in bundle.roots:
        segments = Root.of(root).segments
        if segments == ("global",) or (len(segments) == 2 and segments[0] == DOMAINS):
            layer: Any = bundle.data
            for segment in segments:
                layer = layer.get(segment, {})
            if not isinstance(layer, dict):
                raise _invalid(f"/{root}", "is an object")
            yield f"/{root}", layer


def _check_parameters(path: str, parameters: Any) -> None:
    if not isinstance(parameters, dict):
        raise _invalid(f"{path}/parameters", "is an object")
    waivers = parameters.get("waivers", {})
    if not isinstance(waivers, dict):
        raise _invalid(f"{path}/parameters/waivers", "is an object")
    directions = parameters.get("directions", {})
    if not isinstance(directions, dict) or not all(word in DIRECTIONS for word in directions.values()):
        raise _invalid(f"{path}/parameters/directions", f"is an object of words: {', '.join(DIRECTIONS)}")
    approvers = waivers.get("approvers", [])
    if not isinstance(approvers, list) or not all(isinstance(approver, str) for approver in approvers):
        raise _invalid(f"{path}/parameters/waivers/approvers", "is a list of texts")
    max_days = waivers.get("max_days", 1)
    if isinstance(max_days, bool) or not isinstance(max_days, int | float) or max_days <= 0:
        raise _invalid(f"{path}/parameters/waivers/max_days", "is a number of days above nothing")


def _check_waiver(path: str, waiver: Any) -> None:
    if not isinstance(waiver, dict):
        raise _invalid(path, "is an object")
    for key in _WAIVER_TEXTS:
        if not isinstance(waiver.get(key), str) or not waiver[key].strip():
            raise _invalid(f"{path}/{key}", "is a text, and is needed")
    scope = waiver.get("scope")
    if not isinstance(scope, dict) or not scope or not scope.keys() <= _SCOPE_KEYS:
        raise _invalid(f"{path}/scope", "is an object that names a domain, a product or both")
    if waiver["requested_by"] == waiver["approved_by"]:
        raise _invalid(f"{path}/approved_by", f"is {waiver['approved_by']}, who requested it as well")
    if _instant(f"{path}/starts", waiver["starts"]) >= _instant(f"{path}/ends", waiver["ends"]):
        raise _invalid(f"{path}/ends", "is not after its start")


def _instant(path: str, text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise _invalid(path, f"is an RFC 3339 time, not {text!r}") from None
    if instant.tzinfo is None:
        raise _invalid(path, f"is an RFC 3339 time with its zone, not {text!r}")
    return instant


def _invalid(path: str, wanted: str) -> InvalidPolicyDocument:
    return InvalidPolicyDocument(f"data{path} {wanted}")
