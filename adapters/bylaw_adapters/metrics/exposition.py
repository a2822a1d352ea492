"""The counters in Prometheus' form, with what the process itself tells (memory, CPU, open files)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from bylaw_adapters.metrics.counters import Counters, Histogram


class Exposition:
    """``/metrics``: a registry of its own, so that nothing else in the process leaks in."""

    def __init__(self, counters: Counters, *, version: str) -> None:
        self._registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self._registry)
        self._registry.register(_Families(counters, version))

    def text(self) -> bytes:
        return generate_latest(self._registry)


class _Families(Collector):
    def __init__(self, counters: Counters, version: str) -> None:
        self._counters = counters
        self._version = version

    def collect(self) -> Iterator[Metric]:
        yield self._requests()
        yield self._decisions()
        yield self._failures()
        yield _single("bylaw_evaluation_duration_seconds", "How long evaluating took.", self._counters.evaluation)
        yield _single("bylaw_audit_duration_seconds", "How long making a record durable took.", self._counters.audit)
        yield from self._bundles()
        yield from self._waivers()
        yield from self._fleet()
        build = GaugeMetricFamily("bylaw_build_info", "The version that runs.", labels=("version",))
        build.add_metric([self._version], 1)
        yield build

    def _requests(self) -> Metric:
        family = HistogramMetricFamily(
            "http_request_duration_seconds",
            "A histogram of duration for requests.",
            labels=("code", "handler", "method"),
        )
        for (handler, method, status), histogram in self._counters.requests.items():
            family.add_metric([str(status), handler, method.lower()], _buckets(histogram), histogram.sum)
        return family

    def _decisions(self) -> Metric:
        family = CounterMetricFamily(
            "bylaw_decisions", "Decisions by kind, what they said, and door.", labels=("kind", "decision", "door")
        )
        for key, count in self._counters.decisions.items():
            family.add_metric(key, count)
        return family

    def _failures(self) -> Metric:
        family = CounterMetricFamily(
            "bylaw_undecided", "Decisions that were not reached or not given, by code.", labels=("code", "door")
        )
        for key, count in self._counters.failures.items():
            family.add_metric(key, count)
        return family

    def _bundles(self) -> Iterator[Metric]:
        info = GaugeMetricFamily("bylaw_bundle_info", "The revision in force.", labels=("name", "revision"))
        failing = GaugeMetricFamily("bylaw_bundle_failing", "1 where the last load failed.", labels=("name",))
        activated = GaugeMetricFamily(
            "last_success_bundle_activation", "When a bundle was put in force, in nanoseconds.", labels=("name",)
        )
        pinned = GaugeMetricFamily("bylaw_bundle_pinned", "1 where a rollback is in force.", labels=("name",))
        times = {
            "requested_ns": _time("last_bundle_request", "When a bundle was last asked for"),
            "request_succeeded_ns": _time("last_success_bundle_request", "When its source last answered"),
            "downloaded_ns": _time("last_success_bundle_download", "When it was last downloaded"),
        }
        for state in self._counters.bundles.values():
            info.add_metric([state.name, state.active_revision], 1)
            failing.add_metric([state.name], state.error is not None)
            activated.add_metric([state.name], state.activated_ns)
            pinned.add_metric([state.name], state.pinned)
            for member, family in times.items():
                if at_ns := getattr(state, member):
                    family.add_metric([state.name], at_ns)
        yield from (info, failing, activated, pinned, *times.values())
        loads = CounterMetricFamily("bylaw_bundle_loads", "Loads of the law, by outcome.", labels=("outcome",))
        for outcome, count in self._counters.loads.items():
            loads.add_metric([outcome], count)
        yield loads

    def _fleet(self) -> Iterator[Metric]:
        instances, events = self._counters.fleet()
        shown = GaugeMetricFamily(
            "bylaw_fleet_instances", "OPAs of the fleet by bundle: current, behind, failing.", labels=("name", "state")
        )
        for key, count in instances.items():
            shown.add_metric(key, count)
        taken = CounterMetricFamily(
            "bylaw_fleet_events", "Decision records sent by OPAs: stored, duplicate, failed.", labels=("outcome",)
        )
        for outcome, count in events.items():
            taken.add_metric([outcome], count)
        yield from (shown, taken)

    def _waivers(self) -> Iterator[Metric]:
        states = GaugeMetricFamily("bylaw_waivers", "Waivers by what they do at the moment.", labels=("state",))
        for state, count in sorted(Counter(str(entry["state"]) for entry in self._counters.waivers).items()):
            states.add_metric([state], count)
        days_left = GaugeMetricFamily(
            "bylaw_waiver_days_left", "Days until a waiver in force ends.", labels=("waiver", "layer", "rule")
        )
        idle = GaugeMetricFamily("bylaw_waiver_idle", "1 where a waiver matches nothing.", labels=("waiver", "layer"))
        for (waiver, layer), entries in _by_waiver(self._counters.waivers).items():
            idle.add_metric([waiver, layer], not any(entry["matches"] for entry in entries))
            left = [entry for entry in entries if entry["state"] in {"in_force", "ending"}]
            if left:
                days_left.add_metric([waiver, layer, left[0]["rule"]], min(entry["days_left"] for entry in left))
        uses = CounterMetricFamily("bylaw_waiver_uses", "Decisions that a waiver was used in.", labels=("waiver",))
        for waiver, count in self._counters.waiver_uses.items():
            uses.add_metric([waiver], count)
        yield from (states, days_left, idle, uses)


def _by_waiver(report: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], list[Mapping[str, Any]]]:
    """Two waivers of a layer may have one id; a metric has one value for both."""
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for entry in report:
        found.setdefault((entry["id"], entry["layer"]), []).append(entry)
    return found


def _time(name: str, about: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, f"{about}, in nanoseconds.", labels=("name",))


def _single(name: str, about: str, histogram: Histogram) -> Metric:
    family = HistogramMetricFamily(name, about)
    family.add_metric([], _buckets(histogram), histogram.sum)
    return family


def _buckets(histogram: Histogram) -> list[tuple[str, float]]:
    total = 0
    buckets: list[tuple[str, float]] = []
    for bound, count in zip((*map(str, histogram.bounds), "+Inf"), histogram.counts, strict=True):
        total += count
        buckets.append((bound, total))
    return buckets
