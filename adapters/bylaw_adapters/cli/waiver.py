"""
``bylaw waiver``: what waivers there are, and, of a running service, requests, approvals and withdrawals.

Exit codes: 0 done; 1 the law refused it; 2 it could not be done.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bylaw.waivers.uses import Uses
    from bylaw_adapters.settings import Settings

DEFAULT_STATE = ".bylaw"
DEFAULT_SERVER = "http://127.0.0.1:8181"
TIMEOUT_SECONDS = 30.0
MAX_ANSWER_BYTES = 64 * 1024 * 1024


def configure(parser: argparse.ArgumentParser) -> None:
    """``report``, ``list``, ``show``, ``request``, ``approve`` and ``withdraw``."""
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    shown = argparse.ArgumentParser(add_help=False)
    shown.add_argument("-f", "--format", choices=("text", "json"), default="text", help="default: text")
    report = actions.add_parser(
        "report",
        parents=[shown],
        help="what every waiver of a law does: its state, its end, its uses",
        description="What every waiver of a law does. Exit code 1 where one has no effect or matches nothing.",
    )
    report.add_argument("-b", "--bundle", action="append", default=[], metavar="PATH", help="default: the example mesh")
    report.add_argument("--state", metavar="DIR", help=f"state directory (else $BYLAW_STATE, else ./{DEFAULT_STATE})")
    report.set_defaults(action=_report)
    asking = argparse.ArgumentParser(add_help=False, parents=[shown])
    asking.add_argument("--server", metavar="URL", default=DEFAULT_SERVER, help=f"default: {DEFAULT_SERVER}")
    asking.add_argument(
        "--token-file", metavar="F", type=Path, help="a file with your bearer token (else $BYLAW_TOKEN)"
    )
    listing = actions.add_parser("list", parents=[asking], help="the waivers that were requested of a service")
    listing.set_defaults(action=_list)
    request = actions.add_parser("request", parents=[asking], help="request one")
    request.add_argument("--rule", metavar="RULE", required=True, help="its id or its path")
    request.add_argument("--domain", metavar="NAME", required=True, help="whose products it is for")
    request.add_argument("--product", metavar="NAME", help="default: all of the domain's")
    request.add_argument("--reason", metavar="TEXT", required=True, help="why")
    request.add_argument("--starts", metavar="TIME", help="RFC 3339; default: now")
    request.add_argument("--ends", metavar="TIME", required=True, help="RFC 3339")
    request.set_defaults(action=_request)
    for name, about in (("show", "one of them"), ("approve", "approve one"), ("withdraw", "withdraw one")):
        action = actions.add_parser(name, parents=[asking], help=about)
        action.add_argument("id", metavar="ID")
        action.set_defaults(action=_show if name == "show" else _change, change=name)


def run(arguments: argparse.Namespace) -> int:
    """The exit code of the action."""
    return int(arguments.action(arguments))


def _report(arguments: argparse.Namespace) -> int:
    from bylaw_adapters.settings import Settings

    state = Path(arguments.state or os.environ.get("BYLAW_STATE") or DEFAULT_STATE)
    report = reported(Settings(bundles=tuple(arguments.bundle), state_dir=state))
    print(json.dumps(report, indent=2, ensure_ascii=False) if arguments.format == "json" else "\n".join(_lines(report)))
    return 1 if any(entry["notes"] for entry in report) else 0


def reported(settings: Settings) -> list[dict[str, Any]]:
    """The report of the law that the settings name, with the requests and the uses of its state directory."""
    from bylaw.bundle import combine, v0_files
    from bylaw.waivers.report import rules_in_force, waiver_report
    from bylaw_adapters import wiring
    from bylaw_adapters.registry_stores.waivers_file import FileWaivers
    from bylaw_adapters.serving.waived_law import WaivedLaw

    bundles = wiring.bundles(settings)
    modules, data_json, revisions = combine(bundles)
    older = v0_files(bundles)
    waived = WaivedLaw(wiring.evaluator(settings), FileWaivers(settings.state_dir))
    snapshot = waived.law(modules, data_json, revisions, v0_files=older).snapshot
    roots = [root for bundle in bundles for root in bundle.roots]
    uses = _uses(settings.state_dir)
    report = waiver_report(snapshot, rules_in_force(snapshot, modules, roots, v0_files=older))
    report += [waiver.as_entry() for waiver in waived.store.all() if waiver.stage == "requested"]
    return [{**entry, **_used(uses.get(entry["id"]))} for entry in report]


def _uses(state: Path) -> Mapping[str, Uses]:
    from bylaw.waivers.uses import uses_in
    from bylaw_adapters.audit_logs.segments import read_records

    audit = state / "audit"
    return uses_in(read_records(audit)) if audit.is_dir() else {}


def _used(uses: Uses | None) -> dict[str, Any]:
    return {"uses": 0} if uses is None else {"uses": uses.count, "last_used": uses.last}


def _lines(report: list[dict[str, Any]]) -> Iterator[str]:
    for entry in report:
        scope = entry["scope"] if isinstance(entry["scope"], dict) else {}
        about = "/".join(str(scope[key]) for key in ("domain", "product") if key in scope)
        left = f", {entry['days_left']:.1f} days left" if "days_left" in entry else ""
        yield _printable(
            f"{entry['id']} {entry['layer']} {entry['rule']} {about}: {entry['state']}{left}, {entry['uses']} uses; "
            f"requested by {entry.get('requested_by', 'nobody')}, approved by {entry.get('approved_by', 'nobody')}"
        )
        yield from (_printable(f"  {note}") for note in entry["notes"])
    if not report:
        yield "no waivers"


def _list(arguments: argparse.Namespace) -> int:
    return _told(arguments, *_asked(arguments, "GET", ""))


def _show(arguments: argparse.Namespace) -> int:
    return _told(arguments, *_asked(arguments, "GET", f"/{arguments.id}"))


def _request(arguments: argparse.Namespace) -> int:
    scope = {"domain": arguments.domain, **({"product": arguments.product} if arguments.product else {})}
    wish = {"rule": arguments.rule, "scope": scope, "reason": arguments.reason, "ends": arguments.ends}
    if arguments.starts:
        wish["starts"] = arguments.starts
    return _told(arguments, *_asked(arguments, "POST", "", wish))


def _change(arguments: argparse.Namespace) -> int:
    return _told(arguments, *_asked(arguments, "POST", f"/{arguments.id}/{arguments.change}", {}))


def _asked(arguments: argparse.Namespace, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    """Status and document of the service's answer."""
    import http.client
    import urllib.error
    import urllib.parse
    import urllib.request

    from bylaw.errors import InvalidSetting, UnreadableInput

    url = f"{arguments.server.rstrip('/')}/v1/waivers{urllib.parse.quote(path)}"
    if not url.startswith(("http://", "https://")):
        raise InvalidSetting(f"--server: {arguments.server} is no http:// or https:// address")
    headers = {"content-type": "application/json", **_credentials(arguments)}
    sent = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(url, data=sent, method=method, headers=headers)  # noqa: S310  looked at above
    try:
        try:
            with urllib.request.urlopen(asked, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
                return answer.status, json.loads(answer.read(MAX_ANSWER_BYTES))
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read(MAX_ANSWER_BYTES))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise UnreadableInput(f"{url} does not answer as a service of ours: {error}") from error


def _credentials(arguments: argparse.Namespace) -> dict[str, str]:
    from bylaw.errors import UnreadableInput

    token = os.environ.get("BYLAW_TOKEN", "")
    if arguments.token_file is not None:
        try:
            token = arguments.token_file.read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as error:
            raise UnreadableInput(f"{arguments.token_file} cannot be read as a token") from error
    return {"authorization": f"Bearer {token.strip()}"} if token.strip() else {}


def _told(arguments: argparse.Namespace, status: int, answer: Any) -> int:
    if status >= 400:
        message = answer.get("message", "") if isinstance(answer, dict) else ""
        print(f"bylaw waiver: {_printable(str(message))}", file=sys.stderr)
        return 1 if status in {403, 409} else 2
    result = answer["result"]
    if arguments.format == "json":
        print(json.dumps(result, indent=2, ensure_ascii=False))
        return 0
    for waiver in result if isinstance(result, list) else [result]:
        about = "/".join(waiver["scope"].values())
        by = f", approved by {waiver['approved_by']}" if "approved_by" in waiver else ""
        stage = f"{waiver['stage']}, until {waiver['ends']}"
        print(
            _printable(
                f"{waiver['id']} {waiver['layer']} {waiver['rule']} {about}: {stage}; "
                f"requested by {waiver['requested_by']}{by}: {waiver['reason']}"
            )
        )
    return 0


def _printable(text: str) -> str:
    """Reasons come from outside, and must not steer the terminal."""
    return "".join(character if character.isprintable() else "�" for character in text)
