"""The requests of the AuthZEN Authorization API 1.0, as far as they must have a shape to be asked at all."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictStr, ValidationError

from bylaw.errors import InputTooDeep, MalformedInput, WrongShape


class _Open(BaseModel):
    """What the specification does not name is passed over, as it demands."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Entity(_Open):
    type: StrictStr
    id: StrictStr
    properties: dict[str, Any] = Field(default_factory=dict)


class Action(_Open):
    name: StrictStr
    properties: dict[str, Any] = Field(default_factory=dict)


class Evaluation(_Open):
    """One question: may this subject do this to this resource?"""

    subject: Entity
    action: Action
    resource: Entity
    context: dict[str, Any] = Field(default_factory=dict)


class Options(_Open):
    evaluations_semantic: Literal["execute_all", "deny_on_first_deny", "permit_on_first_permit"] = "execute_all"


class PartialEvaluation(_Open):
    """An item of a batch: what it leaves out, the batch says for all."""

    subject: Entity | None = None
    action: Action | None = None
    resource: Entity | None = None
    context: dict[str, Any] | None = None


class Evaluations(PartialEvaluation):
    evaluations: list[Any] = Field(default_factory=list)
    options: Options = Options()


def check(model: type[BaseModel], text: bytes) -> Any:
    """
    A text as one of these models.

    Raises:
        MalformedInput, InputTooDeep: It is no JSON.
        WrongShape: It does not fit; the message names the JSON pointer of the first place that does not.
    """
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        too_deep = "recursion" in first["msg"]
        raise (InputTooDeep if too_deep else MalformedInput)(f"the body contains malformed JSON: {first['msg']}")
    pointer = "".join(f"/{part}" for part in first["loc"])
    raise WrongShape(f"the body at '{pointer}': {first['msg']}")
