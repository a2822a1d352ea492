"""
What a domain's rules may read and call (design, section 3.4), checked on every reference before a bundle is released
and again before it is loaded.

A domain's rule may read ``input``, its own root, the library's public helpers, the parameters that the council has
published, and of the registry what is public. Everything else is refused: not because of what it says today, but
because a rule that could read around a global rule, or look into another domain, would have to be trusted. A path whose
deciding step is known only at run time (``data[x]``, ``data.global[kind]``) could be any path, so it is refused too.

Built-ins are on a list (``domain_capabilities.json``). Those that reach the network, the process, secrets or chance are
on another, and their names may not even be written: a ``with`` can put one in the place of a harmless function.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from bylaw.bundle.roots import DOMAINS
from bylaw.bundle.source import Source
from bylaw.bundle.syntax import Call, Module, Reference, Step
from bylaw.bundle.tokens import dotted_names, row_and_column
from bylaw.errors import ForbiddenReference, Location

READABLE_BY_ALL = (
    ("bylaw", "lib"),
    ("global", "parameters"),
    ("mesh", "products"),
    ("mesh", "bindings"),
)

_RULE = (
    "a domain reads input, its own root, data.bylaw.lib, data.global.parameters, "
    "data.mesh.products and data.mesh.bindings"
)

CAPABILITIES_FILE = Path(__file__).with_name("domain_capabilities.json")


def check_references(domain: str, modules: Iterable[tuple[Source, Module]]) -> None:
    """
    Raises:
        ForbiddenReference: The first reference or call that a rule of this domain may not make, with its place.
    """
    read = list(modules)
    names = _names_by_package(module for _, module in read)
    for source, module in read:
        for reference in module.references:
            _check_reference(domain, reference)
        _check_names(source)
        for call in module.calls:
            _check_call(call, names[module.package])


def capabilities() -> Mapping[str, Any]:
    """``builtins`` that a domain's rules may call, and those ``refused``, each with its reason."""
    return _capabilities()


@cache
def _capabilities() -> Mapping[str, Any]:
    return dict(json.loads(CAPABILITIES_FILE.read_text()))


def _check_reference(domain: str, reference: Reference) -> None:
    if reference.root == "input":
        return
    readable = ((DOMAINS, domain), *READABLE_BY_ALL)
    if any(reference.steps[: len(prefix)] == prefix for prefix in readable):
        return
    if None in reference.steps and any(_could_be(reference.steps, prefix) for prefix in readable):
        reason = "is known only when it is evaluated, so it could be anything"
    else:
        reason = "is not its to read"
    raise ForbiddenReference(
        f"domain {domain} reads {_said(reference)}, which {reason}; {_RULE}", location=reference.location
    )


def _could_be(steps: tuple[Step, ...], prefix: tuple[str, ...]) -> bool:
    return all(step is None or step == wanted for step, wanted in zip(steps, prefix, strict=False))


def _check_names(source: Source) -> None:
    refused: Mapping[str, str] = capabilities()["refused"]
    for name, offset in dotted_names(source.text):
        if name in refused:
            row, column = row_and_column(source.text, offset)
            message = f"the built-in {name} is not open to a domain's rules: it {refused[name]}"
            raise ForbiddenReference(message, location=Location(source.file, row, column))


def _check_call(call: Call, names: set[str]) -> None:
    if call.name in capabilities()["builtins"] or call.name.split(".")[0] in names:
        return
    raise ForbiddenReference(f"{call.name} is no built-in that is open to a domain's rules", location=call.location)


def _names_by_package(modules: Iterable[Module]) -> dict[tuple[str, ...], set[str]]:
    names: dict[tuple[str, ...], set[str]] = {}
    for module in modules:
        names.setdefault(module.package, set()).update(module.rules)
    return names


def _said(reference: Reference) -> str:
    text = reference.root
    for step in reference.steps:
        if step is None:
            text += "[…]"
        else:
            text += f".{step}" if step.isidentifier() else f"[{json.dumps(step)}]"
    return text
