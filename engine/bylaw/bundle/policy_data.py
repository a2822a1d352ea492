"""
The policies in a bundle's data, wherever they come from: what an archive holds may have been packed by somebody else.

1. each fits its form (``policy_form``), and its name is its alone;
2. a validator that it names is a package of its layer with a rule ``passes``;
3. what is said of where policies were written (``policy_places``) is about them, and of the shape that decisions show.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from bylaw.bundle.contents import Bundle
from bylaw.bundle.places import place_in, policy_place
from bylaw.bundle.policies import PLACES, POLICIES_FOLDER
from bylaw.bundle.policy_form import Misfit, misfit
from bylaw.bundle.roots import DOMAINS, Root
from bylaw.bundle.syntax import Module
from bylaw.errors import InvalidPolicyDocument
from bylaw.ports import Snapshot

MALFORMED = "bylaw/policies/malformed"
VALIDATORS = "validators"
PASSES = "passes"

_RULE_OF_FAULT = re.compile(r"rules\[(\d+)\]")


def check_policies(bundle: Bundle, modules: Iterable[Module]) -> None:
    """
    Raises:
        InvalidPolicyDocument: Names the policy's file and line, as far as they are known.
    """
    validators = {module.package for module in modules if PASSES in module.rules}
    for root in (Root.of(root).segments for root in bundle.roots):
        if root == ("global",) or (len(root) == 2 and root[0] == DOMAINS):
            layer = _layer(bundle, root)
            _check_layer(bundle, root, layer.get(POLICIES_FOLDER, []), validators)
            _check_places(bundle, root, layer)  # (3)


def refuse_malformed(bundle: Bundle, law: Snapshot) -> None:
    """
    Whether the interpreter, in the law that the bundle was loaded into, takes each of its policies: which patterns can
    be read only an evaluator knows.

    Raises:
        InvalidPolicyDocument: Names the policy's file and line.
    """
    for root, index, fault in json.loads(law.evaluate(MALFORMED, b"{}") or b"[]"):
        if "/".join(root) in bundle.roots:
            policy = _layer(bundle, tuple(root))[POLICIES_FOLDER][index]
            rule = _RULE_OF_FAULT.match(fault)
            pointer: tuple[str | int, ...] = ("rules", int(rule[1])) if rule else ()
            raise _refused(bundle, tuple(root), index, policy, Misfit(pointer, fault))


def _layer(bundle: Bundle, root: tuple[str, ...]) -> dict[str, Any]:
    layer: Any = bundle.data
    for segment in root:
        layer = layer.get(segment, {}) if isinstance(layer, dict) else {}
    return layer if isinstance(layer, dict) else {}


def _check_layer(bundle: Bundle, root: tuple[str, ...], policies: Any, validators: set[tuple[str, ...]]) -> None:
    if not isinstance(policies, list):
        where = place_in(bundle.written, (*root, POLICIES_FOLDER), bundle=bundle.name)
        raise InvalidPolicyDocument(f"data/{'/'.join(root)}/policies is a list", location=where)
    names: set[str] = set()
    for index, policy in enumerate(policies):
        if (found := misfit(policy)) is not None:  # (1)
            raise _refused(bundle, root, index, policy, found)
        if policy["name"] in names:
            message = f"another policy of {'/'.join(root)} has this name"
            raise _refused(bundle, root, index, policy, Misfit(("name",), message))
        names.add(policy["name"])
        named = policy.get("validator")
        if named is not None and (*root, VALIDATORS, named) not in validators:  # (2)
            package = ".".join((*root, VALIDATORS, named))
            message = f"the validator {named} is not there: package {package} with a rule {PASSES} is wanted"
            raise _refused(bundle, root, index, policy, Misfit(("validator",), message))


def _refused(bundle: Bundle, root: tuple[str, ...], index: int, policy: Any, found: Misfit) -> InvalidPolicyDocument:
    where = policy_place(bundle.written, root, index, policy, found.pointer, bundle=bundle.name)
    name = policy.get("name") if isinstance(policy, dict) else None
    whose = f"policy {name}: " if isinstance(name, str) else f"policies[{index}]: "
    return InvalidPolicyDocument(f"{whose}{found.message}", location=where)


def _check_places(bundle: Bundle, root: tuple[str, ...], layer: dict[str, Any]) -> None:
    places = layer.get(PLACES, {})
    names = {policy["name"] for policy in layer.get(POLICIES_FOLDER, [])}
    written = (*root, PLACES)
    if not isinstance(places, dict):
        where = place_in(bundle.written, written, bundle=bundle.name)
        raise InvalidPolicyDocument(f"data/{'/'.join(written)} is an object", location=where)
    for name, place in places.items():
        if name not in names:
            reason = f"data/{'/'.join(written)} is about {name}, which is no policy of this bundle"
        elif not _is_place(place, root):
            reason = f"data/{'/'.join(written)}/{name} is no file of its policies with the lines of its rules"
        else:
            continue
        where = place_in(bundle.written, (*written, name), bundle=bundle.name)
        raise InvalidPolicyDocument(reason, location=where)


def _is_place(place: Any, root: tuple[str, ...]) -> bool:
    if not isinstance(place, dict) or not place.keys() <= {"file", "line", "rules", "validator"}:
        return False
    file, rules = place.get("file"), place.get("rules", [])
    folder = "/".join((*root, POLICIES_FOLDER, ""))
    lines = [place.get("line"), place.get("validator", 1), *(rules if isinstance(rules, list) else [None])]
    is_ours = isinstance(file, str) and file.startswith(folder) and file.isprintable() and len(file) <= 1024
    return is_ours and all(type(line) is int and line > 0 for line in lines)
