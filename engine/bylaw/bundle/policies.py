"""
Policies written as YAML: found, held to their schema (``rego/schemas/policy.json``), and made into data. They are
judged by library rules, never here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from bylaw.bundle.contents import DATA_FILES
from bylaw.bundle.documents import read_yaml_document
from bylaw.bundle.library import library_folder
from bylaw.bundle.roots import DOMAINS
from bylaw.errors import InvalidPolicyDocument, Location, OutsideRoots, UnreadableBundle

POLICIES_FOLDER = "policies"
SCHEMA_FILE = Path("schemas") / "policy.json"


def policies_by_root(files: Mapping[str, bytes], roots: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """
    For each root that has any, its policies in the order of their names.

    Raises:
        InvalidPolicyDocument: A policy that does not fit the schema, or a name that two have.
        OutsideRoots: A policy of a layer that the bundle does not own: nobody would ask it.
    """
    owned = set(roots)
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(files):
        root = _layer_of(path)
        if root is None:
            continue
        if root not in owned:
            raise OutsideRoots(f"policy {path} is outside the bundle's roots ({', '.join(sorted(owned)) or 'none'})")
        policy = read_policy(path, files[path])
        if any(other["name"] == policy["name"] for other in found.setdefault(root, [])):
            raise InvalidPolicyDocument(
                f"another policy of {root} is named {policy['name']}", location=Location(path, 1)
            )
        found[root].append(policy)
    return {root: sorted(policies, key=lambda policy: str(policy["name"])) for root, policies in found.items()}


def _layer_of(path: str) -> str | None:
    """The root whose policies folder the file stands in; ``None`` for any other file."""
    pure = PurePosixPath(path)
    if pure.suffix not in {".yaml", ".yml"} or pure.name in DATA_FILES:
        return None
    match pure.parent.parts:
        case ("global", "policies") | (str(), str(), "policies") as folder if folder[0] in {"global", DOMAINS}:
            return "/".join(folder[:-1])
        case _:
            return None


def read_policy(path: str, content: bytes) -> dict[str, Any]:
    """
    One policy, as it is written.

    Raises:
        InvalidPolicyDocument: It does not fit the schema; names the place.
        InputError: It is no YAML that can be read.
    """
    document = read_yaml_document(content, path)
    if document is None or not isinstance(document.value, dict):
        raise InvalidPolicyDocument("a policy is a mapping", location=Location(path, 1))
    error = _best_match(document.value)
    if error is not None:
        pointer = tuple(error.absolute_path)
        said = "/".join(str(step) for step in pointer)
        raise InvalidPolicyDocument(f"/{said}: {error.message}", location=document.location(pointer))
    if not isinstance(document.value.get("name"), str):
        raise InvalidPolicyDocument("a policy has a name", location=Location(path, 1))
    return document.value


def _best_match(policy: dict[str, Any]) -> Any:
    from jsonschema.exceptions import best_match  # noqa: PLC0415 - costs 100 ms, and most bundles have no policies

    return best_match(_validator().iter_errors(policy))


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator  # noqa: PLC0415

    schema = library_folder() / SCHEMA_FILE
    try:
        return Draft202012Validator(json.loads(schema.read_bytes()))
    except OSError as error:
        raise UnreadableBundle(f"no schema to check policies by: {schema}: {error.strerror}") from error
