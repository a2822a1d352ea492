"""
What ``bylaw eval`` says beside the results: why (``--explain``), how long (``--profile``), and how much of the policies
was evaluated (``--coverage``). In OPA's forms, but for a trace in JSON, whose events carry texts and no syntax trees.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import bylaw_native

# As `opa eval` shows.
PROFILE_LINES = 10

_PROFILE_HEAD = ("Time", "Num Eval", "Num Redo", "Num Gen Expr", "Location")


def watch_options(parser: argparse.ArgumentParser) -> None:
    """The flags, by their names in ``opa eval``."""
    parser.add_argument(
        "--explain",
        choices=("off", "notes", "fails", "full"),
        default="off",
        help="say how the results came about: what trace() notes, what fails, or everything (native only)",
    )
    parser.add_argument(
        "--profile", action="store_true", help="say how long the lines took, the slowest first (native only)"
    )
    parser.add_argument("--coverage", action="store_true", help="say what was evaluated of the policies (native only)")


def is_watched(arguments: argparse.Namespace) -> bool:
    return bool(arguments.explain != "off" or arguments.profile or arguments.coverage)


def new_watch(arguments: argparse.Namespace) -> bylaw_native.Watch | None:
    """What is to be given to the evaluation; ``None`` where nothing is asked for."""
    import bylaw_native

    if not is_watched(arguments):
        return None
    return bylaw_native.Watch(trace=arguments.explain != "off", profile=arguments.profile, coverage=arguments.coverage)


def document(
    watch: bylaw_native.Watch | None, arguments: argparse.Namespace, modules: Mapping[str, str]
) -> dict[str, Any]:
    """The members beside ``result`` or ``errors``."""
    if watch is None:
        return {}
    texts = {
        "explanation": watch.trace_json(arguments.explain) if arguments.explain != "off" else None,
        "profile": watch.profile_json(),
        "coverage": watch.coverage_json(modules, rego_v0=arguments.v0_compatible),
    }
    told = {name: json.loads(text) for name, text in texts.items() if text is not None}
    if "profile" in told:
        told["profile"] = told["profile"][:PROFILE_LINES]
    return told


def trace(watch: bylaw_native.Watch | None, arguments: argparse.Namespace) -> str:
    """The lines before the results."""
    return watch.trace_text(arguments.explain) if watch is not None and arguments.explain != "off" else ""


def tables(told: Mapping[str, Any], query: str) -> list[tuple[Sequence[str], list[Sequence[str]]]]:
    """The tables after the results, each a head and its rows."""
    found: list[tuple[Sequence[str], list[Sequence[str]]]] = []
    if "profile" in told:
        found.append((_PROFILE_HEAD, [_profile_row(line, query) for line in told["profile"]]))
    if "coverage" in told:
        found.append((("Overall Coverage", f"{told['coverage']['coverage']:.2f}"), []))
    return found


def _profile_row(line: Mapping[str, Any], query: str) -> Sequence[str]:
    place = line["location"]
    where = f"{place['file']}:{place['row']}" if place["file"] else query
    counts = (str(line[name]) for name in ("num_eval", "num_redo", "num_gen_expr"))
    return (_duration(line["total_time_ns"]), *counts, where)


def _duration(nanoseconds: int) -> str:
    for unit, size in (("s", 1_000_000_000), ("ms", 1_000_000), ("µs", 1_000)):
        if nanoseconds >= size:
            return f"{nanoseconds / size:.6g}{unit}"
    return f"{nanoseconds}ns"
