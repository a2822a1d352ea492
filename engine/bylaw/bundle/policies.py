"""
Policies written as YAML: found, held to their form (``policy_form``), and made into data, with the place of each. They
are judged by library rules, never here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from bylaw.bundle.contents import DATA_FILES
from bylaw.bundle.documents import read_yaml_document
from bylaw.bundle.policy_form import misfit
from bylaw.bundle.roots import DOMAINS
from bylaw.errors import InvalidPolicyDocument, Location, OutsideRoots
from bylaw.facts.documents.document import Document

POLICIES_FOLDER = "policies"
PLACES = "policy_places"


@dataclass(frozen=True, slots=True)
class WrittenPolicy:
    """One policy and the text it was read from."""

    value: dict[str, Any]
    document: Document

    @property
    def name(self) -> str:
        return str(self.value["name"])

    @property
    def place(self) -> dict[str, Any]:
        """Where it stands, for decisions to say: its file, its line, and those of its rules or its validator."""
        place: dict[str, Any] = {"file": self.document.file, "line": self._row(())}
        if "validator" in self.value:
            return {**place, "validator": self._row(("validator",))}
        return {**place, "rules": [self._row(("rules", index)) for index in range(len(self.value["rules"]))]}

    def _row(self, pointer: tuple[str | int, ...]) -> int:
        return self.document.location(pointer).row


def policies_by_root(files: Mapping[str, bytes], roots: Iterable[str]) -> dict[str, list[WrittenPolicy]]:
    """
    For each root that has any, its policies in the order of their names.

    Raises:
        InvalidPolicyDocument: A policy that does not fit its form, or a name that two have.
        OutsideRoots: A policy of a layer that the bundle does not own: nobody would ask it.
        InputError: A file that is no YAML that can be read.
    """
    owned = set(roots)
    found: dict[str, dict[str, WrittenPolicy]] = {}
    for path, root in policy_files(files).items():
        if root not in owned:
            message = f"the policy is outside the bundle's roots ({', '.join(sorted(owned)) or 'none'})"
            raise OutsideRoots(message, location=Location(path, 1))
        policy = read_policy(path, files[path])
        same = found.setdefault(root, {}).setdefault(policy.name, policy)
        if same is not policy:
            raise InvalidPolicyDocument(
                f"another policy of {root} is named {policy.name}: {same.document.location(('name',))}",
                location=policy.document.location(("name",)),
            )
    return {root: [policies[name] for name in sorted(policies)] for root, policies in found.items()}


def policy_files(files: Iterable[str]) -> dict[str, str]:
    """Of these paths those of YAML policies, sorted, each with the root whose policies folder it stands in."""
    return {path: root for path in sorted(files) if (root := _layer_of(path)) is not None}


def _layer_of(path: str) -> str | None:
    pure = PurePosixPath(path)
    if pure.suffix not in {".yaml", ".yml"} or pure.name in DATA_FILES:
        return None
    match pure.parent.parts:
        case ("global", "policies") | (str(), str(), "policies") as folder if folder[0] in {"global", DOMAINS}:
            return "/".join(folder[:-1])
        case _:
            return None


def read_policy(path: str, content: bytes) -> WrittenPolicy:
    """
    One policy, as it is written.

    Raises:
        InvalidPolicyDocument: It does not fit its form; names the place.
        InputError: It is no YAML that can be read.
    """
    document = read_yaml_document(content, path)
    if document is None or not isinstance(document.value, dict):
        raise InvalidPolicyDocument("a policy is a mapping", location=Location(path, 1))
    if (found := misfit(document.value)) is not None:
        raise InvalidPolicyDocument(found.message, location=document.location(found.pointer))
    return WrittenPolicy(document.value, document)


def refuse_unbuilt(files: Iterable[str]) -> None:
    """
    In an archive, policies are data.

    Raises:
        InvalidPolicyDocument: The archive holds a policy as YAML: loaded like this, it would have no effect.
    """
    for path in policy_files(files):
        message = "a policy as YAML in an archive, where it has no effect: `bylaw bundle build` makes it data"
        raise InvalidPolicyDocument(message, location=Location(path, 1))
