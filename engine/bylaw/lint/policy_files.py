"""
Law that is YAML: policies, and the enforcement that a layer's parameters give to rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from bylaw.bundle.contents import DATA_FILES
from bylaw.bundle.documents import read_yaml_document
from bylaw.bundle.metadata import ENFORCEMENTS
from bylaw.bundle.policies import read_policy
from bylaw.errors import BylawError, Location
from bylaw.facts.documents.document import Document, Pointer, Value
from bylaw.lint.finding import Finding
from bylaw.lint.identity import Identity

_WORDS = (*ENFORCEMENTS, "mandatory", "advisory")
_PARAMETER = ("parameters", "enforcement")


def policy_findings(file: str, content: bytes) -> Iterator[Finding]:
    """What keeps a policy from being released, and what a decision would miss of it."""
    try:
        policy = read_policy(file, content).value
    except BylawError as error:
        where = error.location or Location(file, 1)
        yield Finding(where, "policy-malformed" if _enforces(file, content) else "enforcement-invalid", error.message)
        return
    metadata = policy.get("metadata")
    if not isinstance(metadata, dict) or not metadata.get("id"):
        message = f"policy {policy['name']} does not say its metadata.id"
        yield Finding(Location(file, 1), "metadata-incomplete", message)


def _enforces(file: str, content: bytes) -> bool:
    """Whether its enforcement, where it can be read, is a word for one."""
    try:
        document = read_yaml_document(content, file)
    except BylawError:
        return True
    said = document.value if document is not None else None
    return not isinstance(said, dict) or said.get("enforcement", "deny") in _WORDS


def policy_identity(file: str, content: bytes) -> list[Identity]:
    """The id of a policy that can be read; none otherwise."""
    try:
        document = read_yaml_document(content, file)
    except BylawError:
        return []
    if document is None or not isinstance(document.value, dict):
        return []
    metadata = document.value.get("metadata")
    said = metadata.get("id") if isinstance(metadata, dict) else None
    if not isinstance(said, str):
        return []
    return [Identity(said, f"policy {document.value.get('name')}", document.location(("metadata", "id")))]


def parameters_findings(file: str, content: bytes) -> Iterator[Finding]:
    """
    Of a data file, what its ``parameters.enforcement`` says that is no enforcement: composition passes it over, and the
    rule stays as strict as it was.

    Raises:
        InputError: It cannot be read.
    """
    if PurePosixPath(file).name not in DATA_FILES:
        return
    document = read_yaml_document(content, file)
    if document is None:
        return
    folder = PurePosixPath(file).parent.parts
    for pointer, value in _below(document.value, ()):
        if tuple(map(str, (*folder, *pointer)))[-2:] == _PARAMETER and isinstance(value, dict):
            yield from _words(document, pointer, value)


def _words(document: Document, pointer: Pointer, said: dict[str, Value]) -> Iterator[Finding]:
    for rule, word in said.items():
        if not isinstance(word, str) or word not in _WORDS:
            message = f"the enforcement of {rule} is one of {', '.join(_WORDS)}, not {word!r}"
            yield Finding(document.location((*pointer, rule)), "enforcement-invalid", message)


def _below(value: Value, pointer: Pointer) -> Iterator[tuple[Pointer, Value]]:
    """The value and the objects in it; a layer's parameters are never far down."""
    yield pointer, value
    if isinstance(value, dict) and len(pointer) < 6:
        for key, below in value.items():
            yield from _below(below, (*pointer, key))
