"""
The form of a YAML policy (``rego/schemas/policy.json``), and what to tell its author who missed it: the place of the
word that is wrong, and the words that were wanted there.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import bylaw_native

from bylaw.bundle.library import library_folder
from bylaw.errors import UnreadableBundle

SCHEMA_FILE = Path("schemas") / "policy.json"
TYPES = ("access", "quality", "privacy", "retention", "compliance")


@dataclass(frozen=True, slots=True)
class Misfit:
    """What is wrong at ``pointer``."""

    pointer: tuple[str | int, ...]
    message: str


def misfit(policy: Any) -> Misfit | None:
    """
    The first thing in a policy that does not fit; ``None`` where all does.

    Raises:
        UnreadableBundle: The schema is not where the library is.
    """
    if not isinstance(policy, dict):
        return Misfit((), "a policy is a mapping")
    if (found := _of_the_type(policy)) is not None:
        return found
    misfits = list(_patterns(policy))
    if not _schema().fits(json.dumps(policy).encode()):
        misfits += (_said(error) for error in _leaves(_validator().iter_errors(policy)))
    return min(misfits, key=lambda each: tuple(map(_in_order, each.pointer)), default=None)


def _in_order(step: str | int) -> tuple[int, str]:
    return (step, "") if isinstance(step, int) else (-1, step)


def _of_the_type(policy: Mapping[str, Any]) -> Misfit | None:
    """What a rule looks like depends on it, so it comes first."""
    said = [key for key in ("type", "policy_type") if key in policy]
    if len(said) == 2:
        return Misfit(("policy_type",), "type and policy_type are two words for one thing: say one")
    if not said:
        return Misfit((), f"type is missing: one of {', '.join(TYPES)}")
    return None if policy[said[0]] in TYPES else Misfit((said[0],), _none_of(said[0], policy[said[0]], TYPES))


def _leaves(errors: Iterable[Any]) -> Iterator[Any]:
    """Of an error with alternatives, what is said of it as a whole: which alternative was meant is not known."""
    for error in errors:
        if error.validator in {"allOf", "if"} and error.context:
            yield from _leaves(error.context)
        else:
            yield error


def _said(error: Any) -> Misfit:
    pointer = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        known = sorted(error.schema["properties"])
        unknown = min(str(key) for key in error.instance if key not in known)
        return Misfit((*pointer, unknown), f"no key {_json(unknown)} here{_near(unknown, known)}: {_words(known)}")
    return Misfit(pointer, _message(error, _shown(pointer)))


def _message(error: Any, name: str) -> str:
    wanted, value = error.validator_value, error.instance
    match error.validator:
        case "required":
            missing = next(key for key in wanted if key not in value)
            said = f"{f'{name}: ' if name else ''}{missing} is missing"
        case "enum":
            said = _none_of(name, value, wanted)
        case "oneOf":
            said = "a policy has either rules or a validator"
        case "type":
            said = f"{name} is {_kinds(wanted)}, not {_json(value)}"
        case "anyOf":
            said = f"{name} is a text or a list of texts, not {_json(value)}"
        case "minItems":
            said = f"{name} is empty"
        case "pattern" if name == "validator":
            said = f"{name} is a name of small letters, digits and _, at most 64 of them, not {_json(value)}"
        case "pattern" | "minLength":
            said = f"{name} is an empty text"
        case _:
            said = f"{name}: {error.message}"
    return said


def _patterns(policy: Mapping[str, Any]) -> Iterator[Misfit]:
    """Patterns that no engine reads. What RE2 alone refuses, the interpreter finds."""
    rules = policy.get("rules")
    for index, rule in enumerate(rules if isinstance(rules, list) else []):
        conditions = rule.get("conditions") if isinstance(rule, dict) else None
        for number, condition in enumerate(conditions if isinstance(conditions, list) else []):
            if not isinstance(condition, dict) or condition.get("operator") != "matches":
                continue
            pattern = condition.get("value")
            if isinstance(pattern, str) and (reason := _unreadable(pattern)):
                pointer = ("rules", index, "conditions", number, "value")
                yield Misfit(pointer, f"{_shown(pointer)} is no pattern: {reason}")


_NOT_IN_RE2 = re.compile(r"\\[1-9]|\(\?(?:[=!>(]|<[=!]|P=)")


def _unreadable(pattern: str) -> str:
    if _NOT_IN_RE2.search(pattern.replace("\\\\", "")):
        return "RE2 has no look-around and no back-references"
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        # What RE2 reads and Python does not is left to the interpreter.
        return "" if "\\p" in pattern or "\\z" in pattern or "\\Q" in pattern or "[[:" in pattern else str(error)
    return ""


def _shown(pointer: Iterable[str | int]) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in pointer)
    return text.removeprefix(".")


def _none_of(name: str, value: Any, words: Iterable[Any]) -> str:
    known = [str(word) for word in words]
    return f"{name} is {_json(value)}{_near(str(value), known)}: {_words(known)}"


def _near(said: str, known: list[str]) -> str:
    near = difflib.get_close_matches(said, known, n=1, cutoff=0.7)
    return f", perhaps {near[0]}" if near else ""


def _words(known: list[str]) -> str:
    return f"one of {', '.join(known)}" if len(known) > 1 else f"only {known[0]}"


_KINDS = {
    "string": "a text",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}


def _kinds(wanted: str | list[str]) -> str:
    words = [wanted] if isinstance(wanted, str) else wanted
    return " or ".join(_KINDS[word] for word in words if word in _KINDS)


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."


@cache
def _schema() -> bylaw_native.JsonSchema:
    """Tells quickly that a policy fits, as most do."""
    return bylaw_native.JsonSchema(_schema_text())


@cache
def _validator() -> Any:
    """Tells what does not fit."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - costs 100 ms, and most policies fit

    return Draft202012Validator(json.loads(_schema_text()))


def _schema_text() -> bytes:
    schema = library_folder() / SCHEMA_FILE
    try:
        return schema.read_bytes()
    except OSError as error:
        raise UnreadableBundle(f"no schema to check policies by: {schema}: {error.strerror}") from error
