"""
Which path leads to which door.
"""

from __future__ import annotations

import asyncio

from bylaw import __version__
from bylaw_adapters.decision_api import (
    batch,
    data_documents,
    decisions,
    descriptions,
    operations,
    policies,
    queries,
    waivers,
)
from bylaw_adapters.fleet import descriptions as fleet_descriptions
from bylaw_adapters.fleet.doors import FleetDoors
from bylaw_adapters.kubernetes import descriptions as kubernetes_descriptions
from bylaw_adapters.kubernetes import validate
from bylaw_adapters.serving.app import Handler, Route, Routes
from bylaw_adapters.serving.exchange import Exchange, Reply
from bylaw_adapters.serving.service import Service
from bylaw_adapters.trino import descriptions as trino_descriptions
from bylaw_adapters.trino.answers import TrinoGuard

_READ = frozenset({"GET"})
_WRITE = frozenset({"POST"})


def routes_of(service: Service, told: operations.Operations, requested: waivers.Waivers, fleet: FleetDoors) -> Routes:
    """Every path of the service."""
    documents = data_documents.DataDocuments(service, (TrinoGuard(), data_documents.DecisionGuard()), __version__)
    data = Route(documents.v1, data_documents.V1_METHODS, "v1/data")
    rest = _Rest(service, told).handle
    return Routes(
        {
            validate.PATH: Route(validate.Validate(service).handle, validate.METHODS, "kubernetes/validate"),
            descriptions.EVALUATION.path: Route(rest, _WRITE, "access/v1/evaluation"),
            descriptions.EVALUATIONS.path: Route(rest, _WRITE, "access/v1/evaluations"),
            descriptions.CONFIGURATION.path: Route(rest, _READ, "authzen-configuration"),
            "/v1/query": Route(queries.Queries(service).handle, queries.METHODS, "v1/query"),
            "/v1/status": Route(rest, _READ, "v1/status"),
            "/v1/config": Route(rest, _READ, "v1/config"),
            "/metrics": Route(told.metrics, _READ, "metrics", always_open=True),
            "/": Route(documents.default, data_documents.V0_METHODS, "index"),
            "/docs": Route(rest, _READ, "docs"),
            "/openapi.json": Route(rest, _READ, "docs"),
        },
        (
            ("/v1/data", data),
            ("/v0/data", Route(documents.v0, data_documents.V0_METHODS, "v0/data")),
            (batch.PATH, Route(batch.BatchDocuments(documents).handle, batch.METHODS, "v1/batch/data")),
            (decisions.PATH, Route(rest, decisions.METHODS, "v1/decisions")),
            (waivers.PATH, Route(requested.handle, waivers.METHODS, "v1/waivers")),
            (policies.PATH, Route(policies.Policies(service).handle, policies.METHODS, "v1/policies")),
            ("/health", Route(told.health, _READ, "health", always_open=True)),
            *fleet.routes(),
        ),
    )


class _Rest:
    """The FastAPI application, made when it is first asked, off the event loop: it takes longer to load than to use."""

    def __init__(self, service: Service, told: operations.Operations) -> None:
        self._service = service
        self._told = told
        self._handler: Handler | None = None
        self._making = asyncio.Lock()

    async def handle(self, exchange: Exchange) -> Reply:
        if self._handler is None:
            async with self._making:
                if self._handler is None:
                    self._handler = await asyncio.to_thread(self._make)
        return await self._handler(exchange)

    def _make(self) -> Handler:
        from bylaw_adapters.decision_api import authzen
        from bylaw_adapters.decision_api.rest import fastapi_app, handler_for

        door = authzen.AuthZen(self._service)
        served = (
            (descriptions.DECISIONS, decisions.Decisions(self._service).handle),
            (descriptions.EVALUATION, door.evaluation),
            (descriptions.EVALUATIONS, door.evaluations),
            (descriptions.CONFIGURATION, door.configuration),
            (descriptions.STATUS, self._told.status),
            (descriptions.CONFIG, self._told.config),
        )
        elsewhere = (
            *descriptions.SERVED_ELSEWHERE,
            descriptions.POLICIES,
            descriptions.POLICY,
            *descriptions.WAIVERS,
            *trino_descriptions.DESCRIBED,
            kubernetes_descriptions.VALIDATE,
            *fleet_descriptions.DESCRIBED,
        )
        return handler_for(fastapi_app(served, elsewhere, version=__version__))
