"""
Documents as YAML that every reader takes for the same: what YAML 1.1, YAML 1.2 or ours could take for something else
than text is quoted, texts of several lines are blocks, and the order is the document's.
"""

from __future__ import annotations

from typing import Any

import yaml

from bylaw.errors import WrongShape
from bylaw.facts.documents.text import read_documents

WIDTH = 120


class _Writer(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - PyYAML's names
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's name
        return True


def _text(writer: _Writer, text: str) -> yaml.ScalarNode:
    style = None
    if "\n" in text and _is_a_block(text):
        style = "|"
    elif not _is_plain(text):
        style = '"'
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _is_a_block(text: str) -> bool:
    """Whether its lines can stand as they are: blanks at the end of one are lost on people, if not on machines."""
    lines = text.split("\n")
    return all(line.isprintable() and line == line.rstrip() for line in lines) and not lines[0].startswith(" ")


def _is_plain(text: str) -> bool:
    """Whether our reader, too, takes the word for text. PyYAML itself asks what YAML 1.1 would."""
    return not text or not (text[0] in "0123456789+-.~" or text.lower() in ("null", "true", "false"))


_Writer.add_representer(str, _text)


def written(document: Any, *, comment: str = "") -> str:
    """
    The document as YAML, below a comment.

    Raises:
        WrongShape: It has a text that YAML cannot carry.
    """
    text = yaml.dump(document, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=WIDTH)
    head = "".join(f"# {line}".rstrip() + "\n" for line in comment.splitlines())
    (again,) = read_documents(text.encode(), file="written.yaml")
    if again.value != document:
        raise WrongShape("the document has a text that does not survive being written as YAML")
    return head + text
