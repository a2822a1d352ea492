"""
The reader of Terraform plans as ``terraform show -json`` prints them: the plan itself is the fact. A plan that failed,
a state or a plan of another major version is refused.
"""

from __future__ import annotations

import re
from typing import Any

from bylaw.errors import UnrecognisedDocument, WrongShape
from bylaw.facts.documents.node import Node

_FORMAT = re.compile(r"1\.\d{1,3}")


def is_terraform(top: Node) -> bool:
    """Whether this is one of Terraform's JSON documents. Which one, ``read_plan`` finds out."""
    keys = top.mapping().keys()
    return "format_version" in keys and bool(
        keys
        & {"planned_values", "resource_changes", "values", "provider_schemas", "configuration", "terraform_version"}
    )


def read_plan(top: Node) -> tuple[str, dict[str, Any]]:
    """
    What the document is (``terraform-plan 1.2``) and the input of a provisioning decision about it.

    Raises:
        UnrecognisedDocument: A state, schemas, or a format of another major version.
        WrongShape: Not what Terraform writes, or a plan that Terraform could not finish.
    """
    version = top.text("format_version") or ""
    if _FORMAT.fullmatch(version) is None:
        raise UnrecognisedDocument(
            f"a Terraform document of format {version}; plans of format 1.x are read",
            location=top.reading.document.location(("format_version",)),
        )
    if not top.mapping().keys() & {"planned_values", "resource_changes"}:
        raise UnrecognisedDocument(
            "a Terraform document without planned_values or resource_changes: a state, not a plan",
            location=top.reading.document.location(),
        )
    if top.flag("errored"):
        raise WrongShape(
            "/errored: Terraform could not finish this plan, so it does not say all that will change",
            location=top.reading.document.location(("errored",)),
        )
    for change in top.elements("resource_changes"):
        if change.text("address") is None or change.text("type") is None:
            raise change.wrong("a resource change with address and type")
        details = change.get("change")
        if details is None:
            raise change.wrong("a resource change with a change")
        details.elements("actions")
    return f"terraform-plan {version}", {"plan": top.value}
