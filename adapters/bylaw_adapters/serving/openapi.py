"""What a door says about a path of its own, for the OpenAPI page. Only words; no framework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """
    ``body`` is the JSON Schema of the request's body (or the name of a model that has one); ``parameters`` are
    sentences by name, those in the path in braces.
    """

    method: str
    path: str
    name: str
    summary: str
    tag: str
    body: str = ""
    body_schema: Mapping[str, Any] | None = None
    example: Any = None
    parameters: Mapping[str, str] = field(default_factory=dict)
