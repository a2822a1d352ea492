"""
What has no place in the standard that a contract is converted to: it is kept as a custom property, and said of it that
it is only kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bylaw.facts.documents.document import Pointer, Value

# Names that a reader of ODCS makes facts of. A key of another meaning must not take one of them.
_READ = frozenset(
    {
        *("owner", "lawfulbasis", "legalbasis", "protections", "purposes", "purpose", "datauses", "datause"),
        *("datasubjects", "datasubject", "recipients", "regions", "region", "residency", "dataresidency", "approvers"),
        *("dependencies", "classification", "deprecationnoticedays", "compatibility", "compatibilitymode", "tags"),
        *("encryption", "encryptionatrest", "encryptionintransit", "datacategories", "datacategory", "categories"),
        *("retentiondays", "personal", "containspii", "enumvalues", "noticeperiod"),
    }
)


@dataclass(frozen=True, slots=True)
class Note:
    """
    Something that a reader of the result should know, with its place in the document that was converted: what is only
    kept, and has no meaning where it stands now, or what the standard requires and nobody said.
    """

    pointer: Pointer
    reason: str
    is_only_kept: bool = True


@dataclass(slots=True)
class Notes:
    """What a conversion says beside the document."""

    notes: list[Note] = field(default_factory=list)

    def only_kept(self, pointer: Pointer, reason: str) -> None:
        self.notes.append(Note(pointer, reason))

    def left_blank(self, pointer: Pointer, reason: str) -> None:
        self.notes.append(Note(pointer, reason, is_only_kept=False))


@dataclass(slots=True)
class Kept:
    """The custom properties of one part of the document, in the order they were kept."""

    notes: Notes
    properties: list[dict[str, Any]] = field(default_factory=list)

    def keep(self, name: str, value: Value) -> None:
        """A property that readers know by this name."""
        if value is not None:
            self.properties.append({"property": name, "value": value})

    def keep_unknown(self, name: str, value: Value, pointer: Pointer) -> None:
        """A key that no standard knows."""
        if value is None:
            return
        plain = "".join(letter for letter in name.lower() if letter.isalnum())
        self.keep(f"dcs{name[:1].upper()}{name[1:]}" if plain in _READ else name, value)
        self.notes.only_kept(pointer, f"{name!r} is no key of the standard; it is kept as a custom property")
