"""
Policies written as YAML: found, held to their schema, and made into data. They are judged by library rules, never here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from bylaw.bundle.contents import DATA_FILES
from bylaw.bundle.documents import read_yaml
from bylaw.errors import InvalidPolicyDocument

POLICIES_FOLDER = "policies"


def policies_by_root(files: Mapping[str, bytes], roots: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """
    For each root that has any, its policies in the order of their names.

    Raises:
        InvalidPolicyDocument: A policy that does not fit the schema, or a name that two have.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for root in roots:
        policies = [read_policy(path, files[path]) for path in sorted(files) if _is_policy(path, root)]
        if policies:
            found[root] = sorted(policies, key=lambda policy: str(policy["name"]))
    return found


def _is_policy(path: str, root: str) -> bool:
    pure = PurePosixPath(path)
    in_folder = str(pure.parent) == f"{root}/{POLICIES_FOLDER}"
    return in_folder and pure.suffix in {".yaml", ".yml"} and pure.name not in DATA_FILES


def read_policy(path: str, content: bytes) -> dict[str, Any]:
    """
    One policy.

    Raises:
        InvalidPolicyDocument: It is no YAML, or does not fit the schema.
    """
    policy = read_yaml(content, path)
    if not isinstance(policy, dict) or not isinstance(policy.get("name"), str):
        raise InvalidPolicyDocument(f"{path}: a policy is a mapping with a name")
    return policy
