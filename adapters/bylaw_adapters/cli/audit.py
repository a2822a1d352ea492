"""
``bylaw audit``: reads the audit log, beside a running server too. It never writes one.

Exit codes: 0; 1 the chain does not hold; 2 it cannot be read, or there is no such decision.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bylaw.audit.verify import Broken, ExpectedHead, Holds

DEFAULT_STATE = ".bylaw"


def configure(parser: argparse.ArgumentParser) -> None:
    """Describe the command; imports nothing that is slow."""
    commands = parser.add_subparsers(dest="audit_command", required=True, metavar="COMMAND")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--state", metavar="DIR", help=f"state directory (else $BYLAW_STATE, else ./{DEFAULT_STATE})")
    common.add_argument("--format", choices=("text", "json"), default="text", help="json: one record a line, as stored")

    listing = commands.add_parser("list", parents=[common], help="the records, oldest first")
    listing.add_argument("--since", metavar="TIME", help="from this instant: RFC 3339, a date, or 15m, 2h, 7d ago")
    listing.add_argument("--until", metavar="TIME", help="before this instant")
    listing.add_argument("--path", default="", help="decisions of this path and all below it")
    listing.add_argument(
        "--decision",
        choices=("allow", "deny", "error", "undefined", "other"),
        default="",
        help="decisions that came to this",
    )

    showing = commands.add_parser("show", parents=[common], help="one record, and where it stands")
    showing.add_argument("decision_id", metavar="DECISION_ID")

    verifying = commands.add_parser("verify", parents=[common], help="whether the chain holds; prints its head")
    verifying.add_argument(
        "--expect-head",
        metavar="SEQ:HASH",
        help="a head that verify printed earlier, kept elsewhere: finds records cut off, and a log made anew",
    )


def run(args: argparse.Namespace) -> int:
    """Do what was asked for; the exit code."""
    return {"list": _list, "show": _show, "verify": _verify}[args.audit_command](args)


def _list(args: argparse.Namespace) -> int:
    from bylaw.audit.selection import Selection, outcome, read_event

    selection = Selection(since=_instant(args.since), until=_instant(args.until), path=args.path, outcome=args.decision)
    for line in selection.of(_records(args)):
        if args.format == "json":
            _print_bytes(line)
            continue
        event = read_event(line)
        columns = (
            event.get("timestamp"),
            event.get("decision_id"),
            f"{outcome(event):9}",
            event.get("path") or event.get("query"),
        )
        _print_bytes("  ".join(_printable(str(column)) for column in columns).encode())
    return 0


def _show(args: argparse.Namespace) -> int:
    import json

    from bylaw.audit.chain import record_hash
    from bylaw.audit.exact_json import ExactJson
    from bylaw.audit.selection import read_event
    from bylaw.errors import UnknownDecision

    wanted = json.dumps(args.decision_id).encode()
    for line in _records(args):
        if wanted not in line or read_event(line).get("decision_id") != args.decision_id:
            continue
        if args.format == "text":
            exact = ExactJson()
            _print_bytes(exact.dumps(exact.loads(line), indent=2))
            _print_bytes(f"record hash {record_hash(line)}".encode())
        else:
            _print_bytes(line)
        return 0
    raise UnknownDecision(f"no record of decision {args.decision_id} in {_folder(args)}")


def _verify(args: argparse.Namespace) -> int:
    from bylaw.audit.verify import Broken, Holds, verify
    from bylaw.errors import AuditCorrupt
    from bylaw_adapters.audit_logs.segments import segments_to_verify

    outcome: Holds | Broken
    try:
        outcome = verify(segments_to_verify(_folder(args)), expected_head=_expected_head(args.expect_head))
    except AuditCorrupt as error:
        outcome = Broken("audit", 0, "lines that a record can have", str(error))
    print(_as_json(outcome) if args.format == "json" else _as_text(outcome))
    return 0 if isinstance(outcome, Holds) else 1


def _as_text(outcome: Holds | Broken) -> str:
    from bylaw.audit.verify import Broken

    if isinstance(outcome, Broken):
        return f"the chain does not hold: {outcome}"
    lines = [f"the chain holds: {outcome.records} records in {outcome.segments} segments"]
    if outcome.head is not None:
        lines.append(f"head {outcome.head.sequence}:{outcome.head.record_hash}")
    if outcome.torn_bytes:
        lines.append(f"{outcome.torn_bytes} bytes behind the last record are no whole record (being written, or torn)")
    return "\n".join(lines)


def _as_json(outcome: Holds | Broken) -> str:
    import json
    from dataclasses import asdict

    from bylaw.audit.verify import Holds

    return json.dumps({"holds": isinstance(outcome, Holds), **asdict(outcome)})


def _folder(args: argparse.Namespace) -> Path:
    from bylaw_adapters.audit_logs.segments import audit_folder

    return audit_folder(Path(args.state or os.environ.get("BYLAW_STATE") or DEFAULT_STATE))


def _records(args: argparse.Namespace) -> Iterator[bytes]:
    from bylaw_adapters.audit_logs.segments import read_records

    return read_records(_folder(args))


def _instant(text: str | None) -> str:
    import time

    from bylaw.audit.selection import parse_instant
    from bylaw.errors import InvalidSetting

    if text is None:
        return ""
    try:
        return parse_instant(text, now_ns=time.time_ns())
    except ValueError as error:
        raise InvalidSetting(str(error)) from error


def _expected_head(text: str | None) -> ExpectedHead | None:
    from bylaw.audit.verify import ExpectedHead
    from bylaw.errors import InvalidSetting

    if text is None:
        return None
    try:
        return ExpectedHead.parse(text)
    except ValueError as error:
        raise InvalidSetting(f"--expect-head: {error}") from error


def _print_bytes(line: bytes) -> None:
    """As it is stored: a terminal's encoding must not change a record."""
    sys.stdout.buffer.write(line + b"\n")


def _printable(text: str) -> str:
    """A path comes from outside, and must not steer the terminal."""
    return "".join(character if character.isprintable() else "�" for character in text)
