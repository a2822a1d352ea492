"""The law with the waivers that were approved: made anew when they change, whatever comes in between."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import pytest

from bylaw.bundle import combine, read_library
from bylaw.bundle.build import build_files
from bylaw.errors import EvaluatorUnavailable, PolicyError
from bylaw.ports import Snapshot
from bylaw.waivers.waiver import Waiver
from bylaw_adapters.audit_logs.memory import InMemoryAuditLog
from bylaw_adapters.decision_api.waivers import Waivers
from bylaw_adapters.evaluators.extension import NativeEvaluator
from bylaw_adapters.metrics.counters import Counters
from bylaw_adapters.registry_stores.waivers_file import FileWaivers
from bylaw_adapters.serving.exchange import BodyLimits, Exchange, Identity, Reply
from bylaw_adapters.serving.service import Release, Service
from bylaw_adapters.serving.waived_law import WaivedLaw

_DATA = b'{"global":{}}'


def _approved(identifier: str) -> Waiver:
    return Waiver(
        id=identifier,
        layer="global",
        rule="PRV-001",
        scope={"domain": "customer"},
        reason="r",
        starts="2026-01-01T00:00:00Z",
        ends="2026-02-01T00:00:00Z",
        requested_by="ann",
        requested_at="2026-01-01T00:00:00Z",
        approved_by="dpo",
        approved_at="2026-01-02T00:00:00Z",
    )


@pytest.fixture
def waived(tmp_path: Path) -> WaivedLaw:
    return WaivedLaw(NativeEvaluator(), FileWaivers(tmp_path))


def _release(waived: WaivedLaw, revision: str) -> Release:
    modules = {"m.rego": f'package m\n\nrevision := "{revision}"\n'}
    law = waived.law(modules, _DATA, {"m": revision}, v0_files=frozenset())
    return Release(law, modules, {"m": ("m",), "global": ("global",)}, data_json=_DATA)


def _service(release: Release) -> Service:
    return Service(
        release=release,
        log=InMemoryAuditLog(),
        observer=Counters(),
        labels={},
        evaluation_timeout_seconds=10,
        max_batch_items=1,
    )


def _said(service: Service) -> tuple[str, list[str]]:
    revision = service.law.snapshot.evaluate("m/revision", None)
    waivers = service.law.snapshot.evaluate("global/waivers", None)
    return json.loads(revision or b'""'), [waiver["id"] for waiver in json.loads(waivers or b"[]")]


def test_a_law_made_anew_has_the_waivers_of_now_and_the_bundles_of_before(waived: WaivedLaw) -> None:
    service = _service(_release(waived, "1"))
    waived.store.put(_approved("W-1"))

    asyncio.run(service.renew(waived.made_anew))

    assert _said(service) == ("1", ["W-1"])
    assert waived.is_of_now(service.release)


def test_a_release_that_comes_in_between_is_not_overtaken_by_what_was_made_of_an_older_one(waived: WaivedLaw) -> None:
    service = _service(_release(waived, "1"))
    newer = [_release(waived, "2")]
    waived.store.put(_approved("W-1"))

    def made_anew_while_another_comes(before: Release) -> Release:
        if newer:
            service.release = newer.pop()
        return waived.made_anew(before)

    asyncio.run(service.renew(made_anew_while_another_comes))

    assert _said(service) == ("2", ["W-1"])


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110  what is waited for has no event
            await asyncio.sleep(0.01)


def test_a_release_that_was_made_before_an_approval_gets_it_when_it_is_put_in_force(waived: WaivedLaw) -> None:
    service = _service(_release(waived, "1"))
    service.on_activation = Waivers(service, waived, True, lambda _: None, dict).activated
    made_earlier = _release(waived, "2")
    waived.store.put(_approved("W-1"))

    async def activate() -> None:
        service.activate(made_earlier, {})
        await _until(lambda: waived.is_of_now(service.release))

    asyncio.run(activate())

    assert _said(service) == ("2", ["W-1"])


def test_a_law_that_cannot_be_made_anew_leaves_the_one_in_force(waived: WaivedLaw) -> None:
    service = _service(_release(waived, "1"))

    def refuse(_: Release) -> Release:
        raise PolicyError("no")

    with pytest.raises(PolicyError):
        asyncio.run(service.renew(refuse))

    assert _said(service) == ("1", [])


class _Interrupted:
    """An evaluator that cannot be reached for a while."""

    name = "interrupted"

    def __init__(self) -> None:
        self.is_gone = False

    def load(
        self, modules: Mapping[str, str], data_json: bytes, *, v0_files: Collection[str] = frozenset()
    ) -> Snapshot:
        if self.is_gone:
            raise EvaluatorUnavailable("gone")
        return NativeEvaluator().load(modules, data_json, v0_files=v0_files)


_COUNCIL = {
    ".manifest": '{"roots": ["global"]}',
    "rule.rego": 'package global.privacy.owned\n\nviolation contains {"msg": "x"} if not input.product.owner\n',
    "global/data.json": '{"parameters": {"waivers": {"approvers": ["dpo"], "max_days": 100000}}}',
}


def _council(waived: WaivedLaw) -> Release:
    council = build_files({path: text.encode() for path, text in _COUNCIL.items()}, stem="global")
    modules, data_json, revisions = combine([read_library(), council])
    law = waived.law(modules, data_json, revisions, v0_files=frozenset())
    return Release(law, modules, {"library": ("bylaw",), "global": ("global",)}, data_json=data_json)


async def _post(door: Waivers, who: str, path: str, body: Any) -> Reply:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": json.dumps(body).encode(), "more_body": False}

    scope = {"method": "POST", "path": path, "headers": [], "query_string": b"", "client": None}
    exchange = Exchange(scope, receive, BodyLimits(10**6, 5))
    exchange.identity = Identity(who)
    return await door.handle(exchange)


def test_an_approval_that_the_evaluator_cannot_take_yet_is_told_and_comes_when_it_can(tmp_path: Path) -> None:
    evaluator = _Interrupted()
    waived = WaivedLaw(evaluator, FileWaivers(tmp_path))
    service = _service(_council(waived))
    door = Waivers(service, waived, True, lambda _: None, dict)
    wish = {
        "rule": "global.privacy.owned",
        "scope": {"domain": "customer"},
        "reason": "r",
        "ends": "2199-01-01T00:00:00Z",
    }

    async def approve() -> str:
        requested = json.loads((await _post(door, "ann", "/v1/waivers", wish)).body)["result"]["id"]
        evaluator.is_gone = True
        with pytest.raises(EvaluatorUnavailable):
            await _post(door, "dpo", f"/v1/waivers/{requested}/approve", {})
        assert not waived.is_of_now(service.release)
        evaluator.is_gone = False
        await _until(lambda: waived.is_of_now(service.release))
        return str(requested)

    requested = asyncio.run(approve())

    waivers = json.loads(service.law.snapshot.evaluate("global/waivers", None) or b"[]")
    assert [(waiver["id"], waiver["approved_by"]) for waiver in waivers] == [(requested, "dpo")]
