"""
``POST /kubernetes/validate``: a validating admission webhook. The review goes to the law as it came; its answer is the
whole response. What cannot be decided is denied, within the time that the API server waits.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

import orjson

from bylaw.errors import AuditError, BylawError, MalformedInput
from bylaw_adapters.kubernetes.admission_review import (
    ReviewedRequest,
    check_answer,
    failure,
    read_review,
    timeout_seconds,
)
from bylaw_adapters.serving.exchange import Exchange, Reply
from bylaw_adapters.serving.service import Service

logger = logging.getLogger("bylaw.service")

PATH = "/kubernetes/validate"
METHODS = frozenset({"POST"})
ENTRYPOINT = "bylaw/kubernetes/validate"
DOOR = "kubernetes"

# Of the API server's deadline, what is kept for the record and the way back.
_KEPT_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Validate:
    """The handler of ``/kubernetes/validate``."""

    service: Service

    async def handle(self, exchange: Exchange) -> Reply:
        body = await exchange.body()
        request = read_review(_parsed(body))
        try:
            answer = await self.service.decide(
                exchange,
                ENTRYPOINT,
                body,
                door=DOOR,
                deadline_seconds=self._deadline(exchange),
                custom={"uid": request.uid},
            )
            return Reply(200, check_answer(request, answer.result_json))
        except BylawError as error:
            return _denial(request, error)
        except Exception:  # a bare 500 is a failure of the webhook, which `failurePolicy: Ignore` turns into leave
            logger.exception("review %s: a defect", request.uid)
            return _denial(request, BylawError("a defect of the service"))

    def _deadline(self, exchange: Exchange) -> float:
        ours = self.service.evaluation_timeout_seconds
        theirs = timeout_seconds(exchange.parameters.get("timeout", [""])[0])
        return ours if theirs is None else min(ours, max(theirs - _KEPT_SECONDS, theirs / 2))


def _parsed(body: bytes) -> object:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedInput(f"the body is no JSON: {error}") from None


def _denial(request: ReviewedRequest, error: BylawError) -> Reply:
    if isinstance(error, AuditError):
        # The detail is for the operator's log and metrics, not for whoever ran kubectl.
        error = type(error)("the decision could not be recorded")
    return Reply(200, failure(request, error))
