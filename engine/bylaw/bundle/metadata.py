"""
What a rule says about itself: the ``# METADATA`` block above its package, as OPA reads it, made into data. Decisions
need it at run time, and not every evaluator keeps comments.

A block starts at a comment that says ``METADATA`` and goes on as long as comment follows comment; its text is YAML.
Above a package a block is about that package, unless it says ``scope: subpackages``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bylaw.bundle.documents import read_yaml
from bylaw.bundle.roots import DOMAINS
from bylaw.bundle.source import Comment, Source
from bylaw.decision import KINDS
from bylaw.errors import InputError, Location, PolicyError

ENFORCEMENTS = ("deny", "warn", "audit")
SEVERITIES = ("info", "low", "medium", "high", "critical")

OPA_KEYS = frozenset(
    {
        *("title", "description", "scope", "organizations", "related_resources", "authors"),
        *("schemas", "custom", "entrypoint", "compile"),
    }
)

_TITLE_AND_DESCRIPTION: tuple[str, ...] = ("title", "description")
_CUSTOM_TEXTS = ("id", "enforcement", "severity", "remediation")


@dataclass(frozen=True, slots=True)
class RuleName:
    """Which rule a package is: ``global.privacy.pii_encrypted`` of layer ``global`` and kind ``privacy``."""

    path: str
    layer: tuple[str, ...]
    kind: str

    @classmethod
    def of(cls, package: tuple[str, ...]) -> RuleName | None:
        """``None`` for a package that is no rule: a helper, a test, another bundle's."""
        layer_length = {"global": 1, DOMAINS: 2}.get(package[0], 0)
        rest = package[layer_length:]
        if not layer_length or len(rest) != 2 or rest[0] not in KINDS:
            return None
        return cls(".".join(package), package[:layer_length], rest[0])


def rules_metadata(sources: Iterable[Source]) -> dict[tuple[str, ...], dict[str, Any]]:
    """
    For each layer (``("global",)``, ``("domains", "customer")``), its rules' metadata by the rule's path.

    Raises:
        PolicyError: Metadata that is malformed, or said in two files of one package; names file and row.
    """
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for source in sources:
        rule = RuleName.of(source.package)
        if rule is None:
            continue
        said = package_block(source)
        if said is None:
            continue
        row, document = said
        layer = found.setdefault(rule.layer, {})
        if rule.path in layer:
            raise _malformed(source, row, f"the metadata of {rule.path} is said in another file as well")
        layer[rule.path] = _entry(source, row, document, rule)
    return found


def package_block(source: Source) -> tuple[int, dict[str, Any]] | None:
    """
    The row and the content of the block about the module's package; ``None`` where there is none.

    Raises:
        PolicyError: A block is malformed; names file and row.
    """
    about_package = None
    for row, text in _blocks(source.comments):
        document = _document(source, row, text)
        scope = document.get("scope", "package")
        if scope not in {"package", "subpackages"}:
            raise _malformed(source, row, f"scope {scope!r} cannot stand above a package")
        if scope == "package":
            if about_package is not None:
                raise _malformed(source, row, "this package has metadata already")
            about_package = (row, document)
    return about_package


def _blocks(comments: Iterable[Comment]) -> list[tuple[int, str]]:
    blocks: list[tuple[int, list[str]]] = []
    expected_row: int | None = None
    for comment in comments:
        if comment.text.strip() == "METADATA":
            blocks.append((comment.row, []))
            expected_row = comment.row + 1
        elif comment.row == expected_row:
            blocks[-1][1].append(comment.text)
            expected_row = comment.row + 1
        else:
            expected_row = None
    return [(row, "\n".join(lines)) for row, lines in blocks]


def _document(source: Source, row: int, text: str) -> dict[str, Any]:
    try:
        document = read_yaml(text.encode(), source.file)
    except InputError as error:
        raise _malformed(source, _row_in(error, row), _without_place(error)) from error
    if not isinstance(document, dict):
        raise _malformed(source, row, "the block is no YAML mapping")
    unknown = sorted(str(key) for key in document if key not in OPA_KEYS)
    if unknown:
        hint = (
            "; ids, enforcement and the like stand under `custom`"
            if set(unknown) & {*_CUSTOM_TEXTS, "controls", "waivable"}
            else ""
        )
        raise _malformed(source, row, f"unknown key {unknown[0]!r}{hint}")
    return document


def _entry(source: Source, row: int, document: dict[str, Any], rule: RuleName) -> dict[str, Any]:
    custom = document.get("custom", {})
    if not isinstance(custom, dict):
        raise _malformed(source, row, "custom is a mapping")
    entry: dict[str, Any] = {"kind": rule.kind}
    said: dict[str, Any] = {key: document[key] for key in _TITLE_AND_DESCRIPTION if key in document}
    said |= {key: custom[key] for key in _CUSTOM_TEXTS if key in custom}
    for key, value in said.items():
        if not isinstance(value, str):
            raise _malformed(source, row, f"{key} is a text, not {value!r}")
        entry[key] = value.strip()
    _check_word(source, row, entry, "enforcement", ENFORCEMENTS)
    _check_word(source, row, entry, "severity", SEVERITIES)
    controls = custom.get("controls", [])
    if not isinstance(controls, list) or not all(isinstance(control, str) for control in controls):
        raise _malformed(source, row, "controls is a list of texts")
    if "waivable" in custom:
        if not isinstance(custom["waivable"], bool):
            raise _malformed(source, row, f"waivable is true or false, not {custom['waivable']!r}")
        entry["waivable"] = custom["waivable"]
    return {**entry, "controls": controls}


def _check_word(source: Source, row: int, entry: dict[str, Any], key: str, words: tuple[str, ...]) -> None:
    if key in entry and entry[key] not in words:
        raise _malformed(source, row, f"{key} is one of {', '.join(words)}, not {entry[key]!r}")


def _malformed(source: Source, row: int, reason: str) -> PolicyError:
    return PolicyError(f"metadata: {reason}", code="rego_parse_error", location=Location(source.file, row))


def _row_in(error: InputError, row: int) -> int:
    return row + error.location.row if error.location else row


def _without_place(error: InputError) -> str:
    return re.sub(r"\s+", " ", error.message)
