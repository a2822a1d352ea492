"""
``POST /logs``: the decision logs of a fleet, into the audit log of this service. An upload is answered once all of it
is durable; until then OPA keeps it, and sends it again. What was stored already is not stored twice, over restarts
too: a record is known by its sender, the sender's instance and the decision's id (``received``).

The law's masking (``data.system.log.mask``) runs over each event, whatever was masked where it was made.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from bylaw.audit.masking import MaskingFailed, mask_event
from bylaw.audit.received import ReceivedEvent, read_upload
from bylaw.audit.record import timestamp
from bylaw.errors import EvaluationError, InputError
from bylaw.law import MASK_ENTRYPOINT, Law
from bylaw.ports import Receipt
from bylaw_adapters.fleet.received import Received, key_of
from bylaw_adapters.serving.exchange import Exchange, Reply
from bylaw_adapters.serving.service import Service

PATH = "/logs"
METHODS = frozenset({"POST"})

# Written at once: what waits for the disk is bounded, and shared with the decisions of this service.
_BATCH = 500


@dataclass(slots=True)
class Logs:
    """The handler; ``counts`` are events by what became of them. The index is opened with the first upload."""

    service: Service
    open_received: Callable[[], Received]
    counts: Counter[str] = field(default_factory=Counter)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _received: Received | None = None

    async def handle(self, exchange: Exchange) -> Reply:
        events = await asyncio.to_thread(read_upload, await exchange.body())
        sender = exchange.identity.name if exchange.identity is not None else ""
        async with self._turn:  # the same upload, sent again while the first is being stored, waits for it
            if self._received is None:
                self._received = await asyncio.to_thread(self.open_received)
            for start in range(0, len(events), _BATCH):
                await self._store(self._received, events[start : start + _BATCH], sender)
        return Reply(200, b"{}\n")

    async def _store(self, received: Received, events: list[ReceivedEvent], sender: str) -> None:
        keyed = {key_of(sender, *event.key): event for event in events}
        known = await asyncio.to_thread(received.known, list(keyed))
        new = {key: event for key, event in keyed.items() if key not in known}
        self.counts["duplicate"] += len(events) - len(new)
        at = timestamp(time.time_ns())
        law = self.service.law
        outcomes = await asyncio.gather(
            *(self._append(law, event, sender, at) for event in new.values()), return_exceptions=True
        )
        stored = {
            key: outcome.sequence for key, outcome in zip(new, outcomes, strict=True) if isinstance(outcome, Receipt)
        }
        await asyncio.to_thread(received.remember, stored)
        self.counts["stored"] += len(stored)
        failures = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        if failures:
            self.counts["failed"] += len(failures)
            raise failures[0]

    async def _append(self, law: Law, event: ReceivedEvent, sender: str, at: str) -> Receipt:
        event_json = event.to_event(sender=sender, at=at)
        if law.masks:
            try:
                mask_json = await law.snapshot.evaluate_async(
                    MASK_ENTRYPOINT, event_json, deadline_seconds=self.service.evaluation_timeout_seconds
                )
                event_json = mask_event(event_json, mask_json)
            except MaskingFailed as failed:
                event_json = event.to_erased_event(sender=sender, at=at, reason=str(failed))
            except (EvaluationError, InputError) as error:
                reason = f"the mask rule could not be evaluated: {error.code}"
                event_json = event.to_erased_event(sender=sender, at=at, reason=reason)
        return await self.service.log.append(event_json)
