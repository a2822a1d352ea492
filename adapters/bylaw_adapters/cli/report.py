"""
``bylaw report``: what policies a law has and how decisions went, and which products keep it; for the mesh or a domain.
What is reported about personal data is in ``report_privacy``.

Decides in this process and keeps no record, as ``bylaw check``.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bylaw_adapters.cli import report_privacy
from bylaw_adapters.cli.report_sources import gathered, law_of, product_folders, registered, require_domain

if TYPE_CHECKING:
    from bylaw.ports import Snapshot
    from bylaw.reports.compliance import Judged
    from bylaw.reports.policies import Evaluations

DEFAULT_STATE = ".bylaw"

_EPILOG = """\
exit codes: policy: 0 written, 2 it could not be; compliance: 0 all products comply, 1 one does not, 2 one could not be
judged, or there is none; processing: 0 the record is complete, 1 something is missing, 2 a product is unknown, or
there is none; masking: 0 there is a plan of every product, 2 there is not
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """``policy``, ``compliance``, ``processing`` and ``masking``."""
    parser.epilog = _EPILOG
    reports = parser.add_subparsers(metavar="REPORT", required=True)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("-b", "--bundle", metavar="PATH", action="append", default=[], help="default: the example mesh")
    shared.add_argument("--domain", metavar="NAME", help="one domain; default: the mesh")
    shared.add_argument("-f", "--format", choices=("text", "json"), default="text", help="default: text")
    about = "how many policies there are, and how the decisions on record went"
    policy = reports.add_parser("policy", parents=[shared], help=about, description=f"Say {about}.")
    policy.add_argument("--state", metavar="DIR", help=f"state directory (else $BYLAW_STATE, else ./{DEFAULT_STATE})")
    policy.set_defaults(report=_policy)
    about = "which products keep the law, and what they violate"
    compliance = reports.add_parser("compliance", parents=[shared], help=about, description=f"Say {about}.")
    compliance.add_argument(
        "paths", metavar="PATH", nargs="*", help="files and folders; default: `products` of each bundle's folder"
    )
    compliance.set_defaults(report=_compliance)
    report_privacy.configure(reports)


def run(arguments: argparse.Namespace) -> int:
    """The exit code of the report."""
    return int(arguments.report(arguments))


def _policy(arguments: argparse.Namespace) -> int:
    from bylaw.law_book.inventory import inventory
    from bylaw.reports.policies import policy_report

    bundles, law = law_of(arguments.bundle)
    require_domain(arguments.domain, bundles)
    state = Path(arguments.state or os.environ.get("BYLAW_STATE") or DEFAULT_STATE)
    counted = _evaluations(state, arguments.domain, law, is_named=bool(arguments.state))
    report = policy_report(inventory(bundles), counted, domain=arguments.domain, at_ns=time.time_ns())
    _print(report, arguments.format, _policy_lines(report))
    return 0


def _evaluations(state: Path, domain: str | None, law: Snapshot, *, is_named: bool) -> Evaluations:
    """None were made where nothing was ever served; a state directory that was named must be there."""
    from bylaw.reports.policies import Evaluations, evaluations_in
    from bylaw_adapters.audit_logs.segments import audit_folder, read_records

    folder = audit_folder(state)
    if not is_named and not folder.exists():
        return Evaluations()
    return evaluations_in(read_records(folder), domain=domain, law=law)


def _compliance(arguments: argparse.Namespace) -> int:
    from bylaw.reports.compliance import compliance_report, missing

    bundles, law = law_of(arguments.bundle)
    at_ns = time.time_ns()
    judged = _judged(arguments.paths or product_folders(arguments.bundle), law, at_ns)
    require_domain(arguments.domain, bundles, [each.domain for each in judged])
    judged += missing(registered(bundles), judged)
    report = compliance_report(judged, domain=arguments.domain, at_ns=at_ns)
    _print(report, arguments.format, _compliance_lines(report))
    if report["overall_compliance"]:
        return 0
    return 2 if report["summary"]["undecided"] or not report["products"] else 1


def _judged(paths: Sequence[str], law: Snapshot, at_ns: int) -> list[Judged]:
    from bylaw.errors import InputError
    from bylaw.reports.compliance import judge, unread

    rows = (
        unread(path, facts) if isinstance(facts, InputError) else judge(facts, law, at_ns=at_ns)
        for path, facts in gathered(paths)
    )
    return [row for row in rows if row is not None]


def _print(report: Mapping[str, Any], form: str, lines: Iterator[str]) -> None:
    if form == "json":
        print(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        print("\n".join(_printable(line) for line in lines))


def _printable(line: str) -> str:
    """A text of a document must not steer a terminal, or begin a line of its own."""
    return "".join(character if character.isprintable() else "?" for character in line)


def _whose(report: Mapping[str, Any]) -> str:
    return f"of domain {report['domain']}" if report["domain"] else "of the mesh"


def _counts(figures: Mapping[str, int]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in figures.items())


def _policy_lines(report: Mapping[str, Any]) -> Iterator[str]:
    yield f"policies {_whose(report)}, {report['timestamp']}"
    yield f"  total {report['total_policies']}, switched off {report['switched_off']}"
    yield f"  by type: {_counts(report['policies_by_type'])}"
    yield f"  by enforcement: {_counts(report['policies_by_enforcement'])}"
    yield f"  by layer: {_counts(report['policies_by_layer']) or 'none'}"
    yield f"  decisions: {_counts(report['evaluation_summary'])}"
    for policy in report["policies"]:
        switched_off = "" if policy["enabled"] else ", switched off"
        yield f"{policy['rule']}: {policy['type']}, {policy['enforcement']}{switched_off}"


def _compliance_lines(report: Mapping[str, Any]) -> Iterator[str]:
    verdict = "compliant" if report["overall_compliance"] else "not compliant"
    yield f"compliance {_whose(report)}, {report['timestamp']}: {verdict}"
    yield f"  {_counts(report['summary'])}"
    yield from (f"  {name}: {_counts(figures)}" for name, figures in report["domains"].items())
    for product in report["products"]:
        yield f"{product['product_id']}: {product['verdict'].replace('_', '-')}"
        if "reason" in product:
            yield f"  {product['reason']}"
        for name, word in (("policy_violations", ""), ("warnings", ""), ("waived", "waived, ")):
            for entry in product[name]:
                yield f"  {word}{entry['enforcement_level']} {entry['id']}: {entry['violation']}"
