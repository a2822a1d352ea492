"""
The law that is in force: one snapshot and the revisions it was made of. Immutable; a new release is a new ``Law``, put
in place of the old one in a single assignment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bylaw.ports import Snapshot

MASK_ENTRYPOINT = "system/log/mask"


@dataclass(frozen=True, slots=True)
class Law:
    """``revisions`` names every bundle that took part, by the name it is loaded under."""

    snapshot: Snapshot
    revisions: Mapping[str, str]
    beside: Mapping[str, str] = field(default_factory=dict)
    """
    For an entrypoint whose answer has no room for the waivers that it was decided with, the one that names them: a list
    of their ids, asked with the same input at the same instant, for the record.
    """
    masks: bool = field(init=False)
    """Whether the law says what must not reach the audit log (``data.system.log.mask``)."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "masks", self.snapshot.defines(MASK_ENTRYPOINT))
