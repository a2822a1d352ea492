"""
``bylaw check``: judge contracts, manifests, plans and products where they lie, before they go anywhere.

Decides in this process, with the bundles that are named. No record is kept: a check decides nothing that happens, and
the decision that counts is made, and recorded, at the door where it does.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bylaw_adapters.cli.evidence_flags import add_evidence_flags

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bylaw.facts.column_lineage import ColumnEdge
    from bylaw.facts.lineage import Edge
    from bylaw.ports import Snapshot
    from bylaw_adapters.bundle_sources import LoadedBundles
    from bylaw_adapters.ci.evidence import HandedIn
    from bylaw_adapters.ci.released import Released

KINDS = ("publication", "quality", "privacy", "retention", "schema", "compliance", "provisioning")
FORMATS = ("text", "json")
FAIL_ON = ("warn", "deny", "never")

_EPILOG = """\
A folder is walked for .yaml, .yml and .json files, without those whose name begins with a dot and without following
links; what is not recognised in it is undecided, like a file that was named. `-` is standard input.

exit codes: 0 allowed, 1 denied, 2 it could not be decided (also when others were denied)
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _EPILOG
    parser.add_argument("paths", metavar="PATH", nargs="+", help="files and folders to judge")
    parser.add_argument("--kind", choices=KINDS, help="the decision to ask for, whatever a document is")
    parser.add_argument(
        "--against",
        metavar="PREVIOUS",
        help="the released versions: a file, a folder or a git revision (`git:` before it)",
    )
    parser.add_argument(
        "--lineage", metavar="PATH", action="append", default=[], help="OpenLineage events: what is made of what"
    )
    add_evidence_flags(
        parser,
        reports="reports of test tools and monitors",
        part="the part that is published; evidence of it counts",
    )
    parser.add_argument(
        "--bundle", metavar="PATH", action="append", default=[], help="a bundle to judge by; default: the example mesh"
    )
    parser.add_argument("--fail-on", choices=FAIL_ON, default="deny", help="what exits with 1 (default: deny)")
    parser.add_argument("--format", choices=FORMATS, default="text", help="what is printed (default: text)")
    parser.add_argument(
        "--report", metavar="FORMAT=FILE", action="append", default=[], help="write a report to a file as well"
    )


def run(arguments: argparse.Namespace) -> int:
    from concurrent.futures import ThreadPoolExecutor

    # The law is loaded off the interpreter's lock, while all that judges is imported.
    with _nothing_thrown_away(), ThreadPoolExecutor(max_workers=1) as beside:
        loaded = _bundles(arguments.bundle)
        law = beside.submit(_snapshot, loaded)
        from bylaw_adapters.ci import reports, verdict
        from bylaw_adapters.ci.checking import Run
        from bylaw_adapters.ci.column_sources import ColumnSources
        from bylaw_adapters.ci.files import files_of, read_file
        from bylaw_adapters.ci.side_by_side import check_side_by_side, processes_for

        wanted = [reports.parse_report(report) for report in arguments.report]
        released = _released(arguments) if arguments.against else None
        lineage, columns = _lineage({file: read_file(file) for file in files_of(arguments.lineage)})
        files = list(files_of(arguments.paths))
        handed_in = _evidence(arguments)
        check = Run(
            law.result(),
            at_ns=time.time_ns(),
            kind=arguments.kind,
            released=released,
            lineage=lineage,
            columns=ColumnSources(columns, files),
            evidence=handed_in,
        )
    processes = processes_for(files)  # forked, where there is more than one: no thread of ours may be left
    checked = check_side_by_side(files, check, processes=processes) if processes > 1 else check.check_all(files)
    evidence = handed_in.files if handed_in else ()
    for name, file in wanted:
        reports.write_report(name, file, checked, evidence)
    _print(reports.FORMATS[arguments.format](checked, evidence))
    return verdict.exit_code(checked, fail_on=arguments.fail_on)


@contextmanager
def _nothing_thrown_away() -> Iterator[None]:
    """What is imported and loaded at the start stays: looking through it for garbage finds none, and takes a while."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _released(arguments: argparse.Namespace) -> Released:
    from bylaw_adapters.ci.released import read_released

    return read_released(arguments.against, checked=tuple(arguments.paths))


def _lineage(events: Mapping[str, bytes]) -> tuple[tuple[Edge, ...], list[ColumnEdge]]:
    """Which product is made of which, and which column of which."""
    if not events:
        return (), []
    from bylaw.facts.column_lineage import read_column_lineage
    from bylaw.facts.lineage import read_lineage

    edges = tuple(edge for file, content in events.items() for edge in read_lineage(content, file=file))
    return edges, [edge for file, content in events.items() for edge in read_column_lineage(content, file=file)]


def _evidence(arguments: argparse.Namespace) -> HandedIn | None:
    """What was handed in, sorted by the products that are about to be checked."""
    if not arguments.evidence and not arguments.evidence_key and arguments.partition is None:
        return None
    from bylaw_adapters.ci.evidence import evidence_keys, products_in, read_evidence

    keys = evidence_keys(arguments.evidence_key)
    if not arguments.evidence and arguments.partition is None:
        return None
    products = products_in(arguments.paths)
    return read_evidence(arguments.evidence, keys=keys, products=products, partition=arguments.partition)


def _bundles(bundles: Sequence[str]) -> LoadedBundles:
    from bylaw_adapters import wiring
    from bylaw_adapters.bundle_sources import load_bundles

    return load_bundles(bundles or wiring.example_mesh())


def _snapshot(loaded: LoadedBundles) -> Snapshot:
    """The law that the bundles make, loaded once a run."""
    from bylaw.bundle import v0_files
    from bylaw_adapters import wiring

    return wiring.checking_evaluator().load(loaded.modules, loaded.data_json, v0_files=v0_files(loaded.bundles))


def _print(text: str) -> None:
    """A file's name may be bytes that no encoding has; the report must come out all the same."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding))
