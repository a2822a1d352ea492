"""
``bylaw evidence``: reports of test tools, signed by the pipeline that ran them, verified, and read as law reads them.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bylaw_adapters.cli.evidence_flags import add_evidence_key

if TYPE_CHECKING:
    from bylaw.evidence import Report

VERIFIED, NOT_VERIFIED = 0, 1


def configure(parser: argparse.ArgumentParser) -> None:
    """``sign``, ``verify`` and ``read``."""
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    sign = actions.add_parser(
        "sign", help="put a report into a signed envelope", description="Put a report into a signed envelope (DSSE)."
    )
    sign.add_argument("report", metavar="REPORT", help="the report, as the tool wrote it")
    sign.add_argument("--signing-key", metavar="F", required=True, help="a private key in PEM, Ed25519 or ECDSA P-256")
    sign.add_argument("--key-id", metavar="ID", default="", help="tells a verifier which key to try first")
    sign.add_argument("-o", "--output", metavar="FILE", help="where to; default: standard output")
    sign.set_defaults(action=_sign)
    keyed = argparse.ArgumentParser(add_help=False)
    add_evidence_key(keyed)
    verify = actions.add_parser(
        "verify", parents=[keyed], help="say whose a signature is", description="Say whose signature reports carry."
    )
    verify.add_argument("reports", metavar="REPORT", nargs="+", help="signed reports")
    verify.set_defaults(action=_verify)
    read = actions.add_parser(
        "read",
        parents=[keyed],
        help="print reports in the normal form",
        description="Print reports in the normal form.",
    )
    read.add_argument("reports", metavar="PATH", nargs="+", help="reports, and folders of them")
    read.add_argument("--product", metavar="FILE", help="bind them to this contract or product, as decisions see them")
    read.add_argument("--partition", metavar="TEXT", help="with --product: the part that is asked about")
    read.set_defaults(action=_read)
    parser.epilog = "exit codes: 0 done, or verified; 1 a report is not verified; 2 something cannot be read"


def run(arguments: argparse.Namespace) -> int:
    """The exit code of the action."""
    return int(arguments.action(arguments))


def _sign(arguments: argparse.Namespace) -> int:
    """Only what can be read is signed: a signature on something else would prove nothing to anybody."""
    from bylaw.errors import InvalidSetting
    from bylaw.evidence import read_report, sealed
    from bylaw_adapters.ci.files import read_file

    try:
        key = Path(arguments.signing_key).read_bytes()
    except OSError as error:
        raise InvalidSetting(f"--signing-key {arguments.signing_key}: {error.strerror or error}") from error
    report = read_file(arguments.report)
    list(read_report(report, file=arguments.report))
    envelope = sealed(report, private_key=key, key_id=arguments.key_id)
    if arguments.output is None:
        sys.stdout.write(envelope.decode())
        return VERIFIED
    try:
        Path(arguments.output).write_bytes(envelope)
    except OSError as error:
        raise InvalidSetting(f"--output {arguments.output}: {error.strerror or error}") from error
    return VERIFIED


def _verify(arguments: argparse.Namespace) -> int:
    from bylaw.evidence import read_report
    from bylaw_adapters.ci.evidence import evidence_keys
    from bylaw_adapters.ci.files import read_file

    keys = evidence_keys(arguments.evidence_key)
    status = VERIFIED
    for path in arguments.reports:
        for report in read_report(read_file(path), file=path, keys=keys):
            whose = f" by {report.producer}" if report.producer else ""
            print(f"{path}: {report.signed}{whose} ({report.format}, {len(report.found)} results)")
            if report.signed != "verified":
                status = NOT_VERIFIED
    return status


def _read(arguments: argparse.Namespace) -> int:
    from bylaw.evidence import completed, read_report, unbound
    from bylaw_adapters.ci.evidence import EVIDENCE_SUFFIXES, evidence_keys
    from bylaw_adapters.ci.files import files_of, read_file

    keys = evidence_keys(arguments.evidence_key)
    reports = completed(
        report
        for path in files_of(arguments.reports, EVIDENCE_SUFFIXES)
        for report in read_report(read_file(path), file=path, keys=keys)
    )
    if arguments.product is not None:
        quality = _bound(arguments.product, reports, arguments.partition)
    else:
        quality = {"results": [facts for report in reports for facts in unbound(report)]}
    print(json.dumps({"quality": quality}, indent=2))
    return VERIFIED


def _bound(product: str, reports: list[Report], partition: str | None) -> dict[str, Any]:
    from bylaw.errors import UnrecognisedDocument
    from bylaw.evidence import evidence_about
    from bylaw_adapters.ci.evidence import products_in

    products = products_in([product]) or []
    if len(products) != 1:
        raise UnrecognisedDocument(f"{product}: {len(products)} products that can be read, and one is wanted")
    return evidence_about(products[0], reports, partition=partition).quality.to_input()
