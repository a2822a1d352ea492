"""
A waiver from its request to its end. Not whether it may be requested or approved (``rego/bylaw/waiver_requests``), nor
what it covers (``rego/bylaw/waivers``).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from bylaw.errors import WaiverSettled, WrongShape

Stage: TypeAlias = Literal["requested", "approved", "withdrawn"]

MAX_REASON_CHARACTERS = 2000
MAX_TEXT_CHARACTERS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """
    ``rule`` is as it was asked for, a path or an id; ``layer`` is the owner of the rule. ``scope`` names a domain, and
    perhaps a product. Instants are RFC 3339 texts; empty texts stand for what has not happened.
    """

    id: str
    layer: str
    rule: str
    scope: Mapping[str, str]
    reason: str
    starts: str
    ends: str
    requested_by: str
    requested_at: str
    approved_by: str = ""
    approved_at: str = ""
    withdrawn_by: str = ""
    withdrawn_at: str = ""

    @property
    def stage(self) -> Stage:
        if self.withdrawn_at:
            return "withdrawn"
        return "approved" if self.approved_at else "requested"

    def approved(self, by: str, at: str) -> Waiver:
        """
        Raises:
            WaiverSettled: It was approved or withdrawn already.
        """
        if self.stage != "requested":
            raise WaiverSettled(f"waiver {self.id} is {self.stage} already")
        return dataclasses.replace(self, approved_by=by, approved_at=at)

    def withdrawn(self, by: str, at: str) -> Waiver:
        """
        Raises:
            WaiverSettled: It was withdrawn already.
        """
        if self.stage == "withdrawn":
            raise WaiverSettled(f"waiver {self.id} is withdrawn already")
        return dataclasses.replace(self, withdrawn_by=by, withdrawn_at=at)

    def as_law(self) -> dict[str, Any]:
        """As a layer's ``waivers`` have it."""
        said = dataclasses.asdict(self)
        names = ("id", "rule", "scope", "reason", "requested_by", "approved_by", "starts", "ends")
        return {name: said[name] for name in names if said[name]}

    def as_entry(self) -> dict[str, Any]:
        """As an entry of the report, for a request that is not law yet."""
        return {**self.as_document(), "state": "requested", "notes": [], "matches": True}

    def as_document(self) -> dict[str, Any]:
        """All that is known of it, as JSON values."""
        said = {name: value for name, value in dataclasses.asdict(self).items() if value}
        return {**said, "scope": dict(self.scope), "stage": self.stage}


_FIELDS = {field.name for field in dataclasses.fields(Waiver)}
_NEEDED = {field.name for field in dataclasses.fields(Waiver) if field.default is dataclasses.MISSING}


def waiver_from(document: Any) -> Waiver:
    """
    As ``as_document`` wrote it.

    Raises:
        WrongShape: It is none.
    """
    if not isinstance(document, dict):
        raise WrongShape("a waiver is an object")
    fields = {name: value for name, value in document.items() if name != "stage"}
    texts = {name: value for name, value in fields.items() if name != "scope"}
    if not fields.keys() <= _FIELDS or not fields.keys() >= _NEEDED:
        raise WrongShape(f"a waiver has other members than {', '.join(sorted(fields))}")
    if not all(isinstance(value, str) for value in texts.values()):
        raise WrongShape("the members of a waiver are texts, but for its scope")
    return Waiver(**texts, scope=scope_from(fields["scope"]))


def scope_from(value: Any) -> Mapping[str, str]:
    """
    Raises:
        WrongShape: It is not ``{"domain"}`` or ``{"domain", "product"}``, each a text.
    """
    if not isinstance(value, dict) or not {"domain"} <= value.keys() <= {"domain", "product"}:
        raise WrongShape("scope: wanted an object that names a domain, and a product or none")
    return {name: text_from(each, f"scope/{name}") for name, each in sorted(value.items())}


def text_from(value: Any, where: str, *, most: int = MAX_TEXT_CHARACTERS) -> str:
    """
    Raises:
        WrongShape: It is no text, blank, or longer than ``most`` characters.
    """
    if not isinstance(value, str) or not value.strip() or len(value) > most:
        raise WrongShape(f"{where}: wanted a text of at most {most} characters")
    return value
