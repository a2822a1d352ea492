"""
Decision records that other engines made (OPA's decision log, as it is uploaded): read from strangers, made into events
of our own log. What they say stays as it was said, numbers included; what only we can say is added:

    "custom": {…, "received": {"from": who uploaded it, "at": RFC 3339}}

A ``chain`` of theirs is left out: only the log that an event stands in says where it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bylaw.audit.exact_json import ExactJson
from bylaw.errors import MalformedInput, WrongShape

# OPA's are UUIDs of 36 characters.
MAX_IDENTIFIER_CHARACTERS = 256

# What can hold personal data, and so goes where masking fails.
_CONTENT = ("input", "result", "mapped_result", "intermediate_results", "nd_builtin_cache")


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """One event of an upload. ``key`` tells it from every other one of the same sender."""

    decision_id: str
    instance: str
    _members: Mapping[str, Any]
    _exact: ExactJson

    @property
    def key(self) -> tuple[str, str]:
        return (self.instance, self.decision_id)

    def to_event(self, *, sender: str, at: str) -> bytes:
        """As a JSON object on one line."""
        return self._dumps(self._members, sender=sender, at=at, more={})

    def to_erased_event(self, *, sender: str, at: str, reason: str) -> bytes:
        """Without its content, where masking failed; ``custom.masking_failed`` says why."""
        kept = {name: value for name, value in self._members.items() if name not in _CONTENT}
        erased = [f"/{name}" for name in _CONTENT if name in self._members]
        if isinstance(kept.get("error"), dict):
            kept["error"] = {name: value for name, value in kept["error"].items() if name != "message"}
            erased.append("/error/message")
        earlier = kept.get("erased")
        kept["erased"] = [*(earlier if isinstance(earlier, list) else []), *erased]
        return self._dumps(kept, sender=sender, at=at, more={"masking_failed": reason})

    def _dumps(self, members: Mapping[str, Any], *, sender: str, at: str, more: Mapping[str, Any]) -> bytes:
        custom = members.get("custom")
        ours = {"received": {"from": sender, "at": at}, **more}
        return self._exact.dumps({**members, "custom": {**(custom if isinstance(custom, dict) else {}), **ours}})


def read_upload(body: bytes) -> list[ReceivedEvent]:
    """
    The events of one upload, a JSON array.

    Raises:
        MalformedInput: It is no JSON.
        WrongShape: It is no array of decision log events; which one is not, and why.
    """
    exact = ExactJson()
    try:
        events = exact.loads(body)
    except (ValueError, RecursionError) as error:
        raise MalformedInput("the upload is no JSON") from error
    if not isinstance(events, list):
        raise WrongShape("an upload is an array of events")
    return [_read(event, position, exact) for position, event in enumerate(events)]


def _read(event: Any, position: int, exact: ExactJson) -> ReceivedEvent:
    if not isinstance(event, dict):
        raise WrongShape(f"/{position} is no object")
    labels = event.get("labels", {})
    if not isinstance(labels, dict):
        raise WrongShape(f"/{position}/labels is no object")
    decision_id = _identifier(event.get("decision_id"), f"/{position}/decision_id", exact)
    instance = _identifier(labels["id"], f"/{position}/labels/id", exact) if "id" in labels else ""
    _identifier(event.get("timestamp"), f"/{position}/timestamp", exact)
    return ReceivedEvent(
        decision_id, instance, {name: value for name, value in event.items() if name != "chain"}, exact
    )


def _identifier(value: Any, pointer: str, exact: ExactJson) -> str:
    if not isinstance(value, str) or not exact.is_text(value) or not 0 < len(value) <= MAX_IDENTIFIER_CHARACTERS:
        raise WrongShape(f"{pointer} is no text of 1 to {MAX_IDENTIFIER_CHARACTERS} characters")
    return value
