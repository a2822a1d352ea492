"""
What is written down about one decision: OPA's decision log event (``EventV1``) as one line of JSON. Not where it is
written (``bylaw_adapters.audit_logs``), not what is masked in it (``masking``), not how it is chained (``chain``).

Every decision pays for this before it is answered, so input and result are spliced in as the texts they are, and what
rarely changes is encoded once. A spliced text could forge members of the event, or a second line; hence it is only
spliced once it was seen to be one JSON value.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import orjson

from bylaw.errors import BylawError

_quoted = json.JSONEncoder().encode

# Raw line breaks can stand only between the tokens of a JSON text, where a blank means the same.
_ON_ONE_LINE = bytes.maketrans(b"\n\r", b"  ")

# Few of each are in use at once: one set of labels a process, one set of revisions a release.
_FRAGMENTS_KEPT = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecord:
    """
    One decision, made or failed.

    ``input_json`` and ``result_json`` are texts; ``None`` means that there was none (a ``null`` is a text). An input
    that is no JSON is left out of the event: ``erased`` names it, ``custom.input_dropped`` says how long it was.
    """

    decision_id: str
    at_ns: int
    path: str
    input_json: bytes | None
    input_was_read: bool = False
    """Whether an evaluator has read the input, and so knows it to be JSON; otherwise that is looked at here."""
    result_json: bytes | None
    revisions: Mapping[str, str]
    labels: Mapping[str, str]
    query: str = ""
    """What was asked instead of a path, at ``/v1/query``."""
    error: BylawError | None = None
    requested_by: str = ""
    request_id: int = 0
    evaluation_ns: int = 0
    custom: Mapping[str, object] = field(default_factory=dict)

    def to_event(self) -> bytes:
        """The event as a JSON object on one line, without a line break at its end."""
        if not (self.input_json is None or self.input_was_read or is_json(self.input_json)):
            dropped = {"input_dropped": {"reason": "not JSON", "bytes": len(self.input_json)}}
            return self._event(None, self.result_json, erased=("/input",), custom={**self.custom, **dropped})
        return self._event(self.input_json, self.result_json, custom=self.custom)

    def to_erased_event(self, *, reason: str) -> bytes:
        """
        The event where masking failed: without input and result, and without the message of an error, for it may quote
        them. ``erased`` names them, ``custom.masking_failed`` says why.
        """
        there = {"/input": self.input_json, "/result": self.result_json, "/error/message": self.error}
        return self._event(
            None,
            None,
            erased=tuple(pointer for pointer, value in there.items() if value is not None),
            error_message="",
            custom={**self.custom, "masking_failed": reason},
        )

    def _event(
        self,
        input_json: bytes | None,
        result_json: bytes | None,
        *,
        custom: Mapping[str, object],
        erased: tuple[str, ...] = (),
        error_message: str | None = None,
    ) -> bytes:
        parts = [
            _labels(tuple(self.labels.items())),
            f',"decision_id":{_quoted(self.decision_id)}'.encode(),
            _bundles(tuple(self.revisions.items())),
            f',"query":{_quoted(self.query)}'.encode() if self.query else f',"path":{_quoted(self.path)}'.encode(),
        ]
        if input_json is not None:
            parts += (b',"input":', _one_line(input_json))
        if result_json is not None:
            parts += (b',"result":', _one_line(result_json))
        if erased:
            parts.append(b',"erased":' + orjson.dumps(erased))
        if self.error is not None:
            message = str(self.error) if error_message is None else error_message
            parts.append(b',"error":' + _json({"code": self.error.code, "message": message}))
        if self.requested_by:
            parts.append(f',"requested_by":{_quoted(self.requested_by)}'.encode())
        parts.append(b',"timestamp":"%b"' % timestamp(self.at_ns).encode())
        parts.append(b',"metrics":{"timer_rego_query_eval_ns":%d}' % self.evaluation_ns)
        if self.request_id:
            parts.append(b',"req_id":%d' % self.request_id)
        if custom:
            parts.append(b',"custom":' + _json(custom))
        parts.append(b"}")
        return b"".join(parts)


def timestamp(at_ns: int) -> str:
    """An instant as RFC 3339 in UTC, always nine digits of fraction, so that texts sort as instants do."""
    seconds, nanoseconds = divmod(at_ns, 1_000_000_000)
    return f"{_second(seconds)}.{nanoseconds:09d}Z"


def is_json(text: bytes) -> bool:
    """Whether a text is exactly one JSON value, in UTF-8, without what only JavaScript or Python would accept."""
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return _is_unusual_json(text)
    return True


def _is_unusual_json(text: bytes) -> bool:
    """What orjson refuses and JSON allows: lone surrogates in escapes, and numbers beyond any machine's."""
    try:
        json.loads(text.decode(), parse_constant=_refuse, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _one_line(text: bytes) -> bytes:
    return text.translate(_ON_ONE_LINE) if b"\n" in text or b"\r" in text else text


def _json(value: Mapping[str, object]) -> bytes:
    """Any mapping as JSON; what has no JSON form is written as its text, for a record must not fail over a label."""
    try:
        return orjson.dumps(value, default=str)
    except orjson.JSONEncodeError:  # lone surrogates, integers beyond 64 bits, keys that are no text
        return json.dumps(_with_text_keys(value), default=str).encode()


def _with_text_keys(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _with_text_keys(item) for key, item in value.items()}
    return value


@lru_cache(maxsize=_FRAGMENTS_KEPT)
def _labels(labels: tuple[tuple[str, str], ...]) -> bytes:
    return b'{"labels":' + _json(dict(labels))


@lru_cache(maxsize=_FRAGMENTS_KEPT)
def _bundles(revisions: tuple[tuple[str, str], ...]) -> bytes:
    """The ``bundles`` member, as OPA writes it; no member where there are none."""
    if not revisions:
        return b""
    return b',"bundles":' + _json({name: {"revision": revision} for name, revision in revisions})


@lru_cache(maxsize=_FRAGMENTS_KEPT)
def _second(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
