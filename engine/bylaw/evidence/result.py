"""
The normal form of evidence: what rules read as ``input.quality``, whichever tool measured. Modelled after OORS (Open
Observability Results Standard, 0.8): a result is a check that was made or a metric that was measured, of one dataset or
a part of it, at one instant.

A fact that nobody stated is absent, never null. No row, no sample value and no message of a tool has a place here: they
hold what the rows hold. ``rego/schemas/input.quality.json`` is held to these models.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]
Count = Annotated[int, Field(ge=0)]
Number = Annotated[float, Field(allow_inf_nan=False)]

Status = Literal["pass", "warn", "fail", "error", "skipped", "missing", "unknown"]
Signed = Literal["verified", "none", "stranger", "invalid"]


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Origin(_Facts):
    """Who measured, and what about: what a result and a series of samples share."""

    metric: Text | None = Field(
        None, description="What a promise names: `completeness`, or `orders.order_id.nullValues` once it is bound."
    )
    dataset: Text | None = Field(None, description="The table, file or topic, as the tool calls it.")
    field: Text | None = None
    measure: Text | None = Field(
        None, description="What was measured of dataset or field, in ODCS's word where it has one."
    )
    partition: Text | None = Field(None, description="The part of the dataset; absent means all of it.")
    contract_id: Text | None = None
    contract_version: Text | None = None
    domain: Text | None = None
    product: Text | None = None
    source: Text | None = Field(None, description="The tool and its version, as `dbt 1.10.2`.")
    producer: Text | None = Field(None, description="Whose key signed it.")
    signed: Signed | None = Field(
        None,
        description="`verified` by a key that is known here; `none`; by a `stranger`; `invalid`: it does not hold.",
    )


class Result(Origin):
    """One check that was made, or one metric that was measured."""

    check: Text
    status: Status
    type: Literal["check", "metric"] | None = Field(
        None, description="A metric that passed was measured, and kept nothing; absent means check."
    )
    value: Number | None = None
    unit: Literal["rows", "values", "share", "seconds"] | None = Field(
        None, description="`values` are different ones, however many rows have them."
    )
    rows: Count | None = Field(None, description="How many rows were looked at.")
    failed_rows: Count | None = Field(None, description="How many of them did not keep it.")
    severity: Text | None = None
    dimension: Text | None = None
    observed_at: Text | None = Field(None, description="RFC 3339, in UTC.")
    run: Text | None = None
    file: Text | None = Field(None, description="The report that says it.")
    pointer: str | None = Field(None, description="Where in the report: a JSON pointer; of an exposition the line.")
    path: Text | None = Field(None, description="The fact path, `quality.results[<number>]`.")


class Sample(_Facts):
    """One measurement of a series."""

    observed_at: Text
    status: Status
    value: Number | None = None


class Series(Origin):
    """What was measured over time, oldest first: what error budgets are counted over."""

    check: Text | None = None
    samples: tuple[Sample, ...] = ()


class Quality(_Facts):
    """``input.quality``."""

    partition: Text | None = Field(
        None, description="The part of the product that is asked about; absent means all of it."
    )
    results: tuple[Result, ...] | None = None
    history: tuple[Series, ...] | None = None

    def to_input(self) -> dict[str, Any]:
        """Plain JSON values, without the facts that nobody stated."""
        return dict(_whole_numbers(self.model_dump(mode="json", exclude_none=True)))


def _whole_numbers(value: Any) -> Any:
    """``200.0`` as ``200``: evaluators differ in how they print the first."""
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, dict):
        return {key: _whole_numbers(child) for key, child in value.items()}
    return [_whole_numbers(child) for child in value] if isinstance(value, list) else value


def quality_schema() -> dict[str, Any]:
    """The JSON Schema of ``input.quality``, without references: OPA's checker resolves none between files."""
    schema = Quality.model_json_schema()
    definitions = schema.pop("$defs")
    return dict(_plain(schema, definitions))


def _plain(node: Any, definitions: dict[str, Any]) -> Any:
    """Without references, null branches and the titles that pydantic makes of names."""
    if isinstance(node, list):
        return [_plain(element, definitions) for element in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _plain(definitions[node["$ref"].rpartition("/")[2]], definitions)
    kept = {
        key: value
        for key, value in node.items()
        if key not in ("title", "default") or not isinstance(value, str | None)
    }
    branches = [branch for branch in kept.get("anyOf", ()) if branch != {"type": "null"}]
    if len(branches) == 1:
        kept = {**branches[0], **{key: value for key, value in kept.items() if key != "anyOf"}}
    return {key: _plain(value, definitions) for key, value in kept.items()}
