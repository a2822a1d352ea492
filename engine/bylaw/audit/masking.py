"""
What must not reach the disk is taken out of an event here, as the law's ``data.system.log.mask`` says. Not the
evaluation of that rule, only what its answer means.

The meaning is OPA's (``v1/plugins/logs/mask.go``): a set of pointers to erase, or of objects ``{"op": "remove" |
"upsert", "path", "value"}``; only ``/input``, ``/result`` and ``/nd_builtin_cache`` can be masked; a target that is not
there is passed over; what was done is listed in ``erased`` and ``masked``. Where OPA would leave a value standing that
the rule's author meant, it goes: positions in a list are those of the unmasked event (in OPA the second of two
neighbours survives), a list at the top is masked too, and a key is found by its text as well as by its escaped forms.

It fails towards silence: who meets ``MaskingFailed`` writes ``DecisionRecord.to_erased_event``, never the event.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from bylaw.audit.exact_json import ExactJson

MASKABLE = ("input", "result", "nd_builtin_cache")

_UNESCAPED_BY_GO = "$&+=:@-_.~"  # url.PathEscape leaves these as they are
_GONE: Any = object()


class MaskingFailed(Exception):
    """The answer of the mask rule is none that OPA would accept, or the event cannot be read. It quotes neither."""


def mask_event(event_json: bytes, mask_json: bytes | None) -> bytes:
    """
    The event without what the mask names; the event as it was where the mask is undefined or empty.

    Raises:
        MaskingFailed: The event must not be written.
    """
    if mask_json is None or mask_json.strip() == b"[]":
        return event_json
    exact = ExactJson()
    try:
        rules = _rules(exact.loads(mask_json))
        masking = _Masking(exact.loads(event_json))
        for rule in rules:
            masking.apply(rule)
        masking.finish()
        return exact.dumps(masking.event)
    except (ValueError, RecursionError) as error:
        raise MaskingFailed(f"the mask or the event cannot be read: {type(error).__name__}") from error


@dataclass(frozen=True, slots=True)
class _Rule:
    upserts: bool
    parts: tuple[str, ...]
    value: Any = None

    def __str__(self) -> str:
        return "".join(f"/{_escaped(part)}" for part in self.parts)


def _rules(mask: Any) -> list[_Rule]:
    if not isinstance(mask, list):
        raise MaskingFailed(f"the mask is a {_kind(mask)}, wanted a set")
    return [_rule(entry) for entry in mask]


def _rule(entry: Any) -> _Rule:
    if isinstance(entry, str):
        return _Rule(upserts=False, parts=_parts(entry))
    if not isinstance(entry, dict):
        raise MaskingFailed(f"a mask is a {_kind(entry)}, wanted a pointer or an object")
    operation = entry.get("op")
    if operation not in ("remove", "upsert"):
        raise MaskingFailed("the op of a mask is neither remove nor upsert")
    return _Rule(upserts=operation == "upsert", parts=_parts(entry.get("path")), value=entry.get("value"))


def _parts(path: Any) -> tuple[str, ...]:
    if not isinstance(path, str) or not path.startswith("/"):
        raise MaskingFailed("the path of a mask does not start with a slash")
    parts = tuple(path[1:].split("/"))
    if parts[0] not in MASKABLE:
        raise MaskingFailed("the path of a mask starts with none of " + ", ".join(f"/{m}" for m in MASKABLE))
    return parts


@dataclass(slots=True)
class _Masking:
    """The masking of one event, in place; lists are closed up at the end, so that positions stay what they were."""

    event: dict[str, Any]
    holed: list[list[Any]] = field(default_factory=list)

    def apply(self, rule: _Rule) -> None:
        if rule.parts[0] not in self.event:
            return
        done = self._upsert(rule) if rule.upserts else self._remove(self.event, rule.parts)
        if done:
            self.event.setdefault("masked" if rule.upserts else "erased", []).append(str(rule))

    def finish(self) -> None:
        for items in self.holed:
            items[:] = [item for item in items if item is not _GONE]

    def _remove(self, node: Any, parts: tuple[str, ...]) -> bool:
        found = False
        for key in list(_present(node, parts[0])):
            if len(parts) > 1:
                found |= self._remove(node[key], parts[1:])
                continue
            found = True
            if isinstance(node, dict):
                del node[key]
            else:
                node[key] = _GONE
                self.holed.append(node)
        return found

    def _upsert(self, rule: _Rule) -> bool:
        node: Any = self.event
        for part in rule.parts[:-1]:
            key = next(_present(node, part), None)
            if key is None:
                if not isinstance(node, dict):
                    return False
                key = part
                node[key] = {}
            node = node[key]
        key = next(_present(node, rule.parts[-1]), None)
        if key is None and not isinstance(node, dict):
            return False
        node[rule.parts[-1] if key is None else key] = rule.value
        return True


def _present(node: Any, part: str) -> Iterator[Any]:
    """The keys of a node that a part of a pointer can mean: as it stands, as OPA escapes it, unescaped, RFC 6901."""
    if isinstance(node, dict):
        spellings = (part, _escaped(part), unquote(part), part.replace("~1", "/").replace("~0", "~"))
        yield from (spelling for spelling in dict.fromkeys(spellings) if spelling in node)
    elif isinstance(node, list) and part.isascii() and part.isdigit() and len(part) < 10:
        index = int(part)
        if index < len(node) and node[index] is not _GONE:
            yield index


def _escaped(part: str) -> str:
    return quote(part, safe=_UNESCAPED_BY_GO, errors="replace")


def _kind(value: Any) -> str:
    return {dict: "object", str: "string", bool: "boolean", type(None): "null", list: "array"}.get(
        type(value), "number"
    )
