"""The words of the OpenAPI page for the paths that Trino is configured with."""

from __future__ import annotations

from bylaw_adapters.serving.openapi import Described

_REQUEST = {
    "type": "object",
    "required": ["input"],
    "properties": {
        "input": {
            "type": "object",
            "required": ["context", "action"],
            "properties": {"context": {"type": "object"}, "action": {"type": "object"}},
        }
    },
}
_SENTENCES = {
    "allow": "opa.policy.uri: may this happen?",
    "batch": "opa.policy.batched-uri: which of these may be seen, by position.",
    "row_filters": "opa.policy.row-filters-uri: the conditions on the rows of a table.",
    "column_mask": "opa.policy.column-masking-uri: what stands in a column's place; null for the column itself.",
    "batch_column_masks": "opa.policy.batch-column-masking-uri: the masks of several columns, by position.",
}

DESCRIBED = tuple(
    Described(
        method="POST",
        path=f"/v1/data/bylaw/trino/{name}",
        name=f"trino_{name}",
        summary=sentence,
        tag="Trino",
        body_schema=_REQUEST,
    )
    for name, sentence in _SENTENCES.items()
)
