"""
The doors of a fleet, and which path leads to which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from bylaw_adapters.fleet import bundles, discovery, logs, status
from bylaw_adapters.fleet.keys import FleetKeys
from bylaw_adapters.fleet.received import Received
from bylaw_adapters.serving.app import Route
from bylaw_adapters.serving.service import Service


@dataclass(frozen=True, slots=True)
class FleetDoors:
    """All of them, for one service."""

    bundles: bundles.Bundles
    discovery: discovery.Discovery
    logs: logs.Logs
    statuses: status.Statuses

    @classmethod
    def of(cls, service: Service, keys: FleetKeys, open_received: Callable[[], Received]) -> FleetDoors:
        """``open_received`` opens the index of received records, with the first of them."""
        return cls(
            bundles.Bundles(service),
            discovery.Discovery(service, keys),
            logs.Logs(service, open_received),
            status.Statuses(service),
        )

    def routes(self) -> tuple[tuple[str, Route], ...]:
        """By the beginning of the path."""
        return (
            (bundles.PATH, Route(self.bundles.handle, bundles.METHODS, "bundles", waits=True)),
            (discovery.PATH, Route(self.discovery.handle, discovery.METHODS, "discovery")),
            (logs.PATH, Route(self.logs.handle, logs.METHODS, "logs")),
            (status.PATH, Route(self.statuses.take, status.METHODS, "status")),
            (status.FLEET_PATH, Route(self.statuses.show, frozenset({"GET"}), "v1/fleet")),
        )

    def counted(self) -> tuple[Counter[tuple[str, str]], Counter[str]]:
        """For the metrics: OPAs by bundle and state, received events by what became of them."""
        return self.statuses.counted(), self.logs.counts
