"""
The YAML policies of a law, one by one, those that are switched off too: what they are called, where they stand, and
what they say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bylaw.bundle import Bundle
from bylaw.bundle.policies import PLACES, POLICIES_FOLDER
from bylaw.bundle.roots import DOMAINS, Root
from bylaw.errors import NotInTheLaw

GLOBAL = ("global",)
_ENFORCEMENT = {"mandatory": "deny", "advisory": "warn"}


@dataclass(frozen=True, slots=True)
class HeldPolicy:
    """One policy of a bundle. ``root`` is its layer's; ``file`` is empty where nobody noted it."""

    root: tuple[str, ...]
    policy: Mapping[str, Any]
    file: str = ""
    line: int = 0
    text: str = ""
    """The YAML it was read from; empty where an archive has it as data alone."""

    @property
    def layer(self) -> str:
        return self.root[-1]

    @property
    def name(self) -> str:
        return str(self.policy["name"])

    @property
    def rule(self) -> str:
        """As decisions name it."""
        return ".".join((*self.root, POLICIES_FOLDER, self.name))

    @property
    def type(self) -> str:
        return str(self.policy.get("type", self.policy.get("policy_type")))

    @property
    def enforcement(self) -> str:
        said = str(self.policy.get("enforcement", "deny"))
        return _ENFORCEMENT.get(said, said)

    @property
    def priority(self) -> float:
        return self.policy.get("priority", 0)  # type: ignore[no-any-return]

    @property
    def is_enabled(self) -> bool:
        return self.policy.get("enabled", True) is True

    @property
    def source(self) -> str:
        return f"{self.file}:{self.line}" if self.file else ""

    def summary(self) -> dict[str, Any]:
        """A row of a list, as JSON values."""
        metadata = self.policy.get("metadata", {})
        return {
            "rule": self.rule,
            "name": self.name,
            "layer": self.layer,
            "type": self.type,
            "id": metadata.get("id", self.name),
            "enforcement": self.enforcement,
            "priority": self.priority,
            "enabled": self.is_enabled,
            "scope": metadata.get("scope", {}),
            "description": self.policy.get("description", ""),
            "source": self.source,
        }


def inventory(bundles: Iterable[Bundle]) -> list[HeldPolicy]:
    """The policies of bundles that were checked, the council's first, then by layer, priority and name."""
    found = [held for bundle in bundles for held in _of_bundle(bundle)]
    return sorted(found, key=lambda held: (held.root != GLOBAL, held.root, -held.priority, held.name))


def _of_bundle(bundle: Bundle) -> Iterator[HeldPolicy]:
    for root in (Root.of(root).segments for root in bundle.roots):
        if root != GLOBAL and not (len(root) > 1 and root[0] == DOMAINS):
            continue
        layer: Any = bundle.data
        for segment in root:
            layer = layer.get(segment, {}) if isinstance(layer, Mapping) else {}
        if not isinstance(layer, Mapping):
            continue
        places = layer.get(PLACES, {})
        for policy in layer.get(POLICIES_FOLDER, []):
            place = places.get(policy["name"], {})
            file = place.get("file", "")
            text = bundle.written.get(file, b"").decode("utf-8-sig")
            yield HeldPolicy(root, policy, file, place.get("line", 0), text)


def policy_named(held: Iterable[HeldPolicy], name: str) -> HeldPolicy:
    """
    The policy of this name, or of this rule as decisions have it (``domains.a.policies.p``), or of this id.

    Raises:
        NotInTheLaw: There is none, or there are several.
    """
    known = list(held)
    found = [each for each in known if each.rule == name] or [each for each in known if name in _names(each)]
    match found:
        case [one]:
            return one
        case []:
            rules = ", ".join(each.rule for each in known) or "none"
            raise NotInTheLaw(f"no policy is named {name!r}; there are: {rules}")
        case _:
            rules = ", ".join(each.rule for each in found)
            raise NotInTheLaw(f"{len(found)} policies are named {name!r}: {rules}")


def _names(held: HeldPolicy) -> set[str]:
    return {held.name, str(held.policy.get("metadata", {}).get("id", held.name))}
