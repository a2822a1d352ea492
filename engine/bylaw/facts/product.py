"""
The normal form of a data product: the facts that rules read as ``input.product``, whatever form they were written in.

A fact that nobody stated is absent, never null and never empty text: rules can tell *said no* from *said nothing*, and
the second never counts as a pass. ``rego/schemas/product.json`` is generated from these models.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(min_length=1)]
Share = Annotated[float, Field(ge=0, le=1)]
NotNegative = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=0)]


class _Facts(BaseModel):
    # Built when a product is first read: one validator for the whole, and none for its parts.
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings", defer_build=True)


class Encryption(_Facts):
    """How data is protected; product-wide, or of one port, whose own statement wins."""

    at_rest: Text | None = Field(None, description="The cipher, as `AES-256`.")
    in_transit: Text | None = Field(None, description="The protocol, as `TLS` or `TLS 1.2`.")


class Retention(_Facts):
    """How long data is kept."""

    days: Count | None = Field(None, description="Days; a year is 365. Of several promises the shortest.")
    longest_days: Count | None = Field(None, description="The longest of several different promises.")
    unlimited: bool | None = Field(None, description="True where it is said that data is never deleted.")


class ServiceLevels(_Facts):
    """What is promised to consumers: shares of one, seconds, milliseconds."""

    availability: Share | None = None
    completeness: Share | None = None
    accuracy: Share | None = None
    quality: Share | None = None
    uniqueness: Share | None = None
    consistency: Share | None = None
    freshness_seconds: NotNegative | None = None
    latency_p95_ms: NotNegative | None = None


class ElementLevel(_Facts):
    """A promise about one element of the contract (a table, a column), beside those about the product."""

    element: Text = Field(description="As written, `orders.order_timestamp`.")
    path: Text = Field(description="The fact path, `product.element_levels[<number>]`.")
    measure: Text = Field(description="As in `sla`; or `retention_days`.")
    value: NotNegative


class AccessPolicy(_Facts):
    """What a role may do with the product, as its owner declares it."""

    role: Text
    path: Text | None = Field(None, description="The fact path, `product.access_policies[<role>]`.")
    permissions: tuple[Text, ...] = ()
    approvers: tuple[Text, ...] | None = Field(None, description="Who must agree before anybody is given the role.")


class InputPort(_Facts):
    """One thing the product is made of."""

    name: Text
    path: Text = Field(description="The fact path, `input_ports[<name>]`.")
    contract_id: Text | None = Field(None, description="The contract under which it is consumed.")
    product: Text | None = Field(None, description="The product it comes from, as `domain/name`.")
    version: Text | None = None
    deprecated: bool | None = None


class Transfer(_Facts):
    """Data that goes to another place or recipient, and what permits it."""

    to: Text = Field(description="A region or country, as `us-east-1` or `US`, or a recipient.")
    path: Text | None = Field(None, description="The fact path, `product.transfers[<to>]`.")
    mechanism: Text | None = Field(None, description="As `adequacy_decision` or `standard_contractual_clauses`.")


class OutputPort(_Facts):
    """One way to get at the data."""

    name: Text
    path: Text = Field(description="The fact path, `output_ports[<name>]`.")
    type: Text | None = Field(None, description="The technology, as `kafka`, `s3`, `rest`.")
    format: Text | None = Field(None, description="The format of the data, lower case, as `delta`.")
    location: Text | None = None
    version: Text | None = None
    contract_id: Text | None = None
    deprecated: bool | None = None
    environment: Text | None = Field(None, description="As `production`.")
    regions: tuple[Text, ...] | None = Field(None, description="Where its data lies, as `eu-west-1` or `DE`.")
    encryption: Encryption | None = None
    k_anonymity: Count | None = Field(None, description="Of every row at least so many persons share it; its own.")
    carries: tuple[Text, ...] | None = Field(
        None, alias="schema", description="Names of the contract's objects that it carries; absent means all."
    )


class ContractField(_Facts):
    """A field of an object, with its own fields where it nests."""

    name: Text
    path: Text = Field(description="The fact path, `contract.schema[<object>].<field>`.")
    physical_name: Text | None = Field(None, description="What its column is called, where that is another name.")
    synonyms: tuple[Text, ...] | None = None
    reads_as: Text | None = Field(
        None, description="What the name reads as, where letters of other scripts look like Latin ones, as `email`."
    )
    mixes_scripts: bool | None = Field(None, description="True where one word of the name is of several scripts.")
    type: Text | None = None
    physical_type: Text | None = None
    item_type: Text | None = Field(None, description="Of an array (or map), the type of its elements.")
    required: bool = False
    nullable: bool = True
    unique: bool = False
    primary_key: bool = False
    description: Text | None = None
    classification: Text | None = None
    personal: bool | None = Field(
        None, description="True where its classification, tags or semantic type say so; false only where that is said."
    )
    semantic_type: Text | None = None
    categories: tuple[Text, ...] | None = Field(None, description="Data categories, as `user.contact.email`.")
    data_subjects: tuple[Text, ...] | None = Field(None, description="Whom it is about, as `customer`.")
    samples_look_like: tuple[Text, ...] | None = Field(
        None, description="Names of the patterns that its sample values match, as `email`; never the values."
    )
    derived_from: tuple[Text, ...] | None = Field(
        None, description="Fields it is made of: fact paths, or `domain/product/object.field` of other products."
    )
    references: tuple[Text, ...] | None = Field(
        None, description="Keys of other things that it holds, as `customers.id`, or `domain/product/field`."
    )
    tags: tuple[Text, ...] | None = None
    critical: bool | None = Field(None, description="Whether it is said to be a critical data element.")
    deprecated: bool | None = None
    has_default: bool = False
    default: Any = None
    encryption: Text | None = None
    enum: tuple[Any, ...] | None = None
    minimum: float | int | str | None = Field(None, description="The least value; of dates and times as written.")
    maximum: float | int | str | None = None
    exclusive_minimum: float | int | str | None = None
    exclusive_maximum: float | int | str | None = None
    multiple_of: float | int | None = None
    min_length: Count | None = None
    max_length: Count | None = None
    pattern: Text | None = None
    format: Text | None = None
    retention_days: Count | None = None
    fields: tuple[ContractField, ...] = ()


class SchemaObject(_Facts):
    """A table, topic, file or record of the contract."""

    name: Text
    path: Text = Field(description="The fact path, `contract.schema[<name>]`.")
    reads_as: Text | None = None
    mixes_scripts: bool | None = None
    deprecated: bool | None = None
    physical_name: Text | None = None
    description: Text | None = None
    tags: tuple[Text, ...] | None = None
    fields: tuple[ContractField, ...] = ()


class QualityRule(_Facts):
    """A measure that the contract promises something about."""

    metric: Text
    path: Text
    operator: Literal["equals", "not_equals", "gt", "gte", "lt", "lte", "not_between"] | None = None
    threshold: float | int | str | bool | tuple[float, float] | None = None
    unit: Text | None = None
    dimension: Text | None = None
    severity: Text | None = None
    query_given: bool | None = Field(None, description="True where what is measured is told by a query.")
    terms_digest: Text | None = Field(
        None, description="Of the query, arguments or implementation, whitespace aside: 16 hex digits of SHA-256."
    )
    description: Text | None = None


class UnreadPart(_Facts):
    """Something in the document that became no fact."""

    path: Text
    reason: Text


class Remark(_Facts):
    """A sentence of the reader about a part of the document."""

    path: Text
    reason: Text


class Contract(_Facts):
    """What the producer promises about structure and quality."""

    standard: Text = Field(description="`odcs`, `dcs`, `odps`, `bylaw`, or `seed:<form>`.")
    standard_version: Text | None = None
    id: Text | None = None
    name: Text | None = None
    version: Text | None = None
    status: Text | None = None
    description: Text | None = None
    path: Literal["contract"] = "contract"
    objects: tuple[SchemaObject, ...] = Field((), alias="schema")
    quality: tuple[QualityRule, ...] | None = None
    unread: tuple[UnreadPart, ...] | None = Field(None, description="What the reader could not make a fact of.")
    lacks: tuple[Remark, ...] | None = Field(None, description="What its standard requires and it does not say.")
    contradictions: tuple[Remark, ...] | None = Field(None, description="What it says twice, and differently.")


class Product(_Facts):
    """A data product, or as much of one as its document says."""

    id: Text | None = None
    domain: Text | None = None
    name: Text | None = None
    type: Text | None = Field(None, description="What kind of product, as `streaming`, `composite`, `sourceAligned`.")
    version: Text | None = None
    owner: Text | None = None
    approvers: tuple[Text, ...] | None = Field(None, description="Who must agree to access, whatever the role.")
    status: Text | None = None
    description: Text | None = None
    classification: Text | None = Field(
        None, description="`public`, `internal`, `confidential` or `restricted`; other words as they are, lower case."
    )
    tags: tuple[Text, ...] | None = None
    retention: Retention | None = None
    sla: ServiceLevels | None = None
    element_levels: tuple[ElementLevel, ...] | None = None
    protections: tuple[Text, ...] | None = None
    encryption: Encryption | None = None
    purposes: tuple[Text, ...] | None = Field(None, description="Data uses, as `analytics.reporting`.")
    lawful_basis: Text | None = Field(None, description="What makes its processing lawful, as `contract` or `consent`.")
    special_category_basis: Text | None = Field(
        None, description="What permits data of special categories, as `explicit_consent` (GDPR Art. 9(2))."
    )
    data_subjects: tuple[Text, ...] | None = Field(None, description="Whom it is about, as `customer`.")
    k_anonymity: Count | None = Field(None, description="Of every row of every port at least so many persons share it.")
    recipients: tuple[Text, ...] | None = None
    transfers: tuple[Transfer, ...] | None = None
    regions: tuple[Text, ...] | None = Field(None, description="Where its data lies, whatever the port.")
    access_policies: tuple[AccessPolicy, ...] | None = None
    compatibility: Text | None = Field(None, description="The mode that its schema is held to, as `BACKWARD`.")
    deprecation_notice_days: Count | None = None
    available_from: Text | None = Field(None, description="When it became, or becomes, generally available.")
    end_of_support: Text | None = Field(None, description="A date or time (RFC 3339), as far as it is one.")
    end_of_life: Text | None = None
    dependencies: tuple[Text, ...] | None = Field(None, description="Products it is made of, as `domain/name`.")
    input_ports: tuple[InputPort, ...] | None = None
    output_ports: tuple[OutputPort, ...] | None = None
    contradictions: tuple[Remark, ...] | None = Field(
        None, description="What another document of the same run says of it, and differently."
    )
    contract: Contract | None = None

    def to_input(self) -> dict[str, Any]:
        """Plain JSON values, without the facts that nobody stated."""
        dumped = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        _make_numbers_whole(dumped)
        return dumped


def _make_numbers_whole(dumped: dict[str, Any]) -> None:
    """``3600.0`` becomes ``3600``, wherever it stands: evaluators differ in how they print the first."""
    pending: list[Any] = [dumped]
    while pending:
        collection = pending.pop()
        for key, value in collection.items() if collection.__class__ is dict else enumerate(collection):
            kind = value.__class__
            if kind is dict or kind is list:
                pending.append(value)
            elif kind is float and value.is_integer():
                collection[key] = int(value)


def product_schema() -> dict[str, Any]:
    """The JSON Schema of ``input.product``."""
    schema = Product.model_json_schema(by_alias=True)
    return {"$schema": "http://json-schema.org/draft-07/schema#", **_without_null(schema)}


def _without_null(node: Any) -> Any:
    """``anyOf [X, null]`` with the default null is how pydantic writes *absent*; no fact is ever null."""
    if isinstance(node, list):
        return [_without_null(element) for element in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _without_null(value) for key, value in node.items() if not (key == "default" and value is None)}
    branches = [branch for branch in kept.get("anyOf", ()) if branch != {"type": "null"}]
    if len(branches) == 1:
        return {**branches[0], **{key: value for key, value in kept.items() if key != "anyOf"}}
    return {**kept, "anyOf": branches} if branches else kept
