"""
What a document that fits no form is, in words: its reader should see at once which document it took for another.
"""

from __future__ import annotations

from bylaw.facts.documents.document import Value


def is_of_opendataproducts(value: Value) -> bool:
    """Documents of the Open Data Product Specification name their schema; they have a ``product`` as other forms do."""
    schema = value.get("schema") if isinstance(value, dict) else None
    return isinstance(schema, str) and "opendataproducts.org" in schema


def seen(value: Value) -> str:
    """What there is instead of a form that is known."""
    if isinstance(value, dict):
        return _mapping(value) if value else "an empty document"
    if isinstance(value, list):
        return "a list, and no form of document that is read here is one" if value else "an empty document"
    return f"one value ({str(value)[:40]!r}), and no form of document that is read here is one"


def _mapping(value: dict[str, Value]) -> str:
    if is_of_opendataproducts(value):
        return (
            "an Open Data Product Specification of opendataproducts.org, which is not read; "
            "the Open Data Product Standard of Bitol (kind: DataProduct) is"
        )
    match value:
        case {"dataProductDescriptor": version}:
            return f"a Data Product Descriptor Specification {version!r}, which is not read"
        case {"kind": kind, "apiVersion": version}:
            return f"kind {kind!r} with apiVersion {version!r} is no kind of document that is read here"
        case {"kind": kind}:
            return f"kind {kind!r} without apiVersion is no kind of document that is read here"
        case {"apiVersion": version}:
            return f"apiVersion {version!r} without kind is no kind of document that is read here"
    keys = ", ".join(repr(key) for key in list(value)[:6])
    return f"a mapping with {keys}{', …' if len(value) > 6 else ''} is no form of document that is read here"
