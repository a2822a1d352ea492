"""
Waivers by request: ``/v1/waivers``. What may be requested, approved or withdrawn, and by whom, is law
(``bylaw.waiver_requests``); here it is asked, written down and kept, in these steps:

1. The caller is known: nobody requests or approves by a name that was not checked.
2. The law is asked. Question and answer are on the audit log before anything happens, refusals too.
3. The waiver is kept, durably.
4. The law is made anew with it, aside, and put in force in one step.
5. Only then is the caller answered.

One change at a time. A law that cannot be made anew is tried again until it can: meanwhile the old one is in force, and
the caller is told so by an error.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import logging
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bylaw.audit.record import timestamp
from bylaw.bundle.documents import read_json
from bylaw.errors import (
    BylawError,
    Unauthorized,
    UndefinedDecision,
    UnknownWaiver,
    WaiverRefused,
    WaiverSettled,
    WrongShape,
)
from bylaw.ports import WaiverStore
from bylaw.waivers.report import DECISION, RulesInForce, complaints, rules_in_force, waiver_report
from bylaw.waivers.waiver import MAX_REASON_CHARACTERS, Waiver, scope_from, text_from
from bylaw_adapters.serving.app import METHOD_NOT_ALLOWED, NOT_FOUND
from bylaw_adapters.serving.bodies import body_as_json
from bylaw_adapters.serving.exchange import Exchange, Reply
from bylaw_adapters.serving.service import Release, Service
from bylaw_adapters.serving.waived_law import WaivedLaw

logger = logging.getLogger("bylaw.waivers")

PATH = "/v1/waivers"
METHODS = frozenset({"GET", "POST"})
DOOR = "waivers"

_MEMBERS = frozenset({"rule", "scope", "reason", "starts", "ends"})
_RETRY_SECONDS = 1.0
# Prometheus asks four times a minute; what a waiver's state is changes by the day.
_REPORT_FRESH_SECONDS = 15.0


@dataclass(slots=True)
class Waivers:
    """
    The handler of ``/v1/waivers`` and all below it. ``knows_callers`` says whether authentication checks who they are.
    """

    service: Service
    law: WaivedLaw
    knows_callers: bool
    reported: Callable[[list[dict[str, Any]]], None]
    """Told the report whenever it was made, to be counted."""
    uses: Callable[[], Mapping[str, int]]
    """How many decisions each waiver was used in since the service began, by its id."""
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _rules: tuple[Release, RulesInForce] | None = None
    _reported_at: float = float("-inf")
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def store(self) -> WaiverStore:
        return self.law.store

    async def handle(self, exchange: Exchange) -> Reply:
        steps = exchange.path[len(PATH) :].strip("/").split("/")
        match exchange.method, steps:
            case "GET", [""]:
                return _answer(200, [waiver.as_document() for waiver in self.store.all()], exchange)
            case "GET", ["report"]:
                return _answer(200, await self.report(), exchange)
            case "GET", [identifier]:
                return _answer(200, self._known(identifier).as_document(), exchange)
            case "POST", [""]:
                return await self._request(exchange)
            case "POST", [identifier, "approve" | "withdraw" as action]:
                return await self._change(exchange, identifier, action)
            case _:
                is_known = len(steps) == 1 or (len(steps) == 2 and steps[1] in {"approve", "withdraw"})
                return METHOD_NOT_ALLOWED if is_known else NOT_FOUND

    async def report(self) -> list[dict[str, Any]]:
        """Every waiver that the law holds and every open request, with what it does and how often it was used."""
        of_law = await asyncio.to_thread(self._report, self.service.release)
        self._reported_at = time.monotonic()
        uses = self.uses()
        requested = [waiver.as_entry() for waiver in self.store.all() if waiver.stage == "requested"]
        report = [{**entry, "uses": uses.get(entry["id"], 0)} for entry in (*of_law, *requested)]
        self.reported(report)
        return report

    async def refresh(self) -> None:
        """Report anew, unless that was done a moment ago; what cannot be told now is told later."""
        if time.monotonic() - self._reported_at < _REPORT_FRESH_SECONDS:
            return
        try:
            await self.report()
        except BylawError as error:
            logger.warning("the report of waivers cannot be made: %s: %s", error.code, error)

    def warn(self, release: Release) -> None:
        """Log each waiver of a law that does nothing, or names what is not there."""
        try:
            for complaint in complaints(self._report(release)):
                logger.warning("%s", complaint)
        except BylawError as error:
            logger.warning("the report of waivers cannot be made: %s: %s", error.code, error)

    def activated(self) -> None:
        """Another law is in force: it gets the waivers of now, if it was made before the last change."""
        release = self.service.release
        self._reported_at = float("-inf")
        self._start(asyncio.to_thread(self.warn, release))
        if not self.law.is_of_now(release):
            self._start(self._renew_until_done())

    async def _request(self, exchange: Exchange) -> Reply:
        by = self._caller(exchange)  # (1)
        asked = _asked(read_json(await body_as_json(exchange), "the body"))
        now = _now()
        waiver = Waiver(
            id=f"W-{os.urandom(6).hex()}",
            layer="",
            rule=asked["rule"],
            scope=asked["scope"],
            reason=asked["reason"],
            starts=asked.get("starts", now),
            ends=asked["ends"],
            requested_by=by,
            requested_at=now,
        )
        async with self._turn:
            decision_id, layer = await self._judged(exchange, "request", by, waiver)  # (2)
            waiver = dataclasses.replace(waiver, layer=layer)
            await asyncio.to_thread(self.store.put, waiver)  # (3)
        return _answer(201, waiver.as_document(), exchange, decision_id)

    async def _change(self, exchange: Exchange, identifier: str, action: str) -> Reply:
        by = self._caller(exchange)  # (1)
        async with self._turn:
            waiver = self._known(identifier)
            if waiver.stage not in {"approve": ("requested",), "withdraw": ("requested", "approved")}[action]:
                raise WaiverSettled(f"waiver {waiver.id} is {waiver.stage} already")
            decision_id, layer = await self._judged(exchange, action, by, waiver)  # (2)
            waiver = dataclasses.replace(waiver, layer=layer or waiver.layer)
            changed = waiver.approved(by, _now()) if action == "approve" else waiver.withdrawn(by, _now())
            await asyncio.to_thread(self.store.put, changed)  # (3)
            await self._renew()  # (4)
        return _answer(200, changed.as_document(), exchange, decision_id)  # (5)

    async def _judged(self, exchange: Exchange, action: str, by: str, waiver: Waiver) -> tuple[str, str]:
        """The decision's id and the layer that owns the rule; raises ``WaiverRefused`` where the law says no."""
        facts = await asyncio.to_thread(self._facts, self.service.release)
        about = {"action": action, "by": by, "layer": waiver.layer, "waiver": waiver.as_law()}
        question = {**about, **facts.facts(about=waiver.rule)}
        answer = await self.service.decide(exchange, DECISION, json.dumps(question).encode(), door=DOOR)
        if answer.result_json is None:
            raise UndefinedDecision(f"{DECISION} is undefined: the library that judges waivers is not loaded")
        decision = json.loads(answer.result_json)
        if decision.get("allow") is not True:
            raise WaiverRefused("; ".join(decision["reasons"]))
        return answer.decision_id, decision["layer"]

    async def _renew(self) -> None:
        try:
            await self.service.renew(self.law.made_anew)
        except BylawError:
            self._start(self._renew_until_done())
            raise
        self._reported_at = float("-inf")

    async def _renew_until_done(self) -> None:
        while not self.law.is_of_now(self.service.release):
            try:
                await self.service.renew(self.law.made_anew)
            except BylawError as error:
                logger.error("the law cannot be made anew with its waivers: %s: %s", error.code, error)  # noqa: TRY400
                await asyncio.sleep(_RETRY_SECONDS)

    def _caller(self, exchange: Exchange) -> str:
        if not self.knows_callers or exchange.identity is None:
            raise Unauthorized("waivers take callers whose identity is checked: tokens, JWTs or client certificates")
        return exchange.identity.name

    def _known(self, identifier: str) -> Waiver:
        waiver = self.store.get(identifier)
        if waiver is None:
            raise UnknownWaiver(f"no waiver {identifier!r} was requested here")
        return waiver

    def _report(self, release: Release) -> list[dict[str, Any]]:
        return waiver_report(release.law.snapshot, self._facts(release))

    def _facts(self, release: Release) -> RulesInForce:
        """Told once a release; two threads that tell it at once tell the same."""
        known = self._rules
        if known is not None and known[0].modules is release.modules:
            return known[1]
        roots = [root for owned in release.roots.values() for root in owned]
        facts = rules_in_force(release.law.snapshot, release.modules, roots, v0_files=release.v0_files)
        self._rules = (release, facts)
        return facts

    def _start(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _asked(document: Any) -> dict[str, Any]:
    if not isinstance(document, dict) or not {"rule", "scope", "reason", "ends"} <= document.keys() <= _MEMBERS:
        raise WrongShape("the body: wanted an object of rule, scope, reason and ends, and starts or none")
    return {
        "rule": text_from(document["rule"], "rule"),
        "scope": scope_from(document["scope"]),
        "reason": text_from(document["reason"], "reason", most=MAX_REASON_CHARACTERS),
        **{key: text_from(document[key], key) for key in ("starts", "ends") if key in document},
    }


def _now() -> str:
    return f"{timestamp(time.time_ns())[:19]}Z"


def _answer(status: int, result: Any, exchange: Exchange, decision_id: str = "") -> Reply:
    document = {"decision_id": decision_id, "result": result} if decision_id else {"result": result}
    indent = 2 if exchange.is_set("pretty") else None
    return Reply(status, json.dumps(document, indent=indent).encode() + b"\n")
