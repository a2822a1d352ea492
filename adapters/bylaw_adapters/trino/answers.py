"""
What Trino's plugin would misread, told apart before it is sent. The plugin takes ``{}`` as *no filter* and *no mask*,
so whatever is not clearly an answer is an error; it then fails the query.
"""

from __future__ import annotations

from dataclasses import dataclass

from bylaw.errors import UndefinedDecision

PREFIX = "bylaw/trino/"

# How the JSON of each answer begins. `null` as a mask says that there is none, and is said, not left out.
_BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    "bylaw/trino/allow": (b"true", b"false"),
    "bylaw/trino/batch": (b"[",),
    "bylaw/trino/row_filters": (b"[",),
    "bylaw/trino/column_mask": (b"{", b"null"),
    "bylaw/trino/batch_column_masks": (b"[",),
}


@dataclass(frozen=True, slots=True)
class TrinoGuard:
    """Fills ``decision_api``'s ``Guard`` for the paths that Trino is configured with."""

    door: str = "trino"
    prefix: str = PREFIX

    def check(self, entrypoint: str, result_json: bytes | None) -> None:
        """
        Raises:
            UndefinedDecision: Nothing was decided, or what the plugin cannot read.
        """
        if result_json is None:
            raise UndefinedDecision(f"{entrypoint} is undefined for this request, and Trino would take that for leave")
        beginnings = _BEGINNINGS.get(entrypoint)
        if beginnings is not None and not result_json.startswith(beginnings):
            raise UndefinedDecision(f"{entrypoint} has an answer that Trino cannot read")
