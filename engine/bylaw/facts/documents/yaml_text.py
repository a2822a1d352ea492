"""
YAML text to ``Document``\\ s: the core schema of YAML 1.2, because what is read ends as JSON and must mean the same to
every reader. The reader is native (``engine/native/src/documents``); what is agreed to be read is said here.

What YAML 1.1 loaders do and this one does not: ``no`` is a country and not false, ``1:30`` and ``2024-01-01`` stay
text, ``010`` is not eight. Tags are refused, aliases are paid for by what they expand to.
"""

from __future__ import annotations

import bylaw_native

from bylaw.errors import Location, UnrecognisedDocument
from bylaw.facts.documents.document import Document
from bylaw.facts.documents.json_text import MAX_DEPTH

MAX_NODES = 500_000
"""Values of one file, aliases counted by what they expand to: a document that grows past this is a bomb."""

MAX_DOCUMENTS = 10_000

MAX_NOTED_STEPS = 20 * MAX_NODES
"""Steps to all numbers and words whose spelling is kept: it is kept with their pointers, and pointers can be long."""


def read_yaml(text: str, *, file: str) -> tuple[Document, ...]:
    """
    The documents of a YAML stream; empty ones beside others are nothing.

    Raises:
        MalformedInput, DuplicateKey, InputTooDeep, InputTooLarge: Each with its place.
        UnrecognisedDocument: All of them are empty.
    """
    read = bylaw_native.read_yaml(
        text,
        file=file,
        max_depth=MAX_DEPTH,
        max_values=MAX_NODES,
        max_documents=MAX_DOCUMENTS,
        max_noted_steps=MAX_NOTED_STEPS,
    )
    documents = tuple(
        Document(file, index, value, places, spellings, doubtful)
        for index, (value, places, spellings, doubtful) in enumerate(read)
        if value is not None
    )
    if not documents:
        raise UnrecognisedDocument("the file holds no document", location=Location(file, 1))
    return documents
