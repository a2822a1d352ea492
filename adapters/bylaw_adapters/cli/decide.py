"""
``bylaw decide``: one decision of one kind, printed as ``POST /v1/decisions/{kind}`` answers it. It is no door: nothing
is enforced by it and nothing is recorded, so it needs no state.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from bylaw.decision import DECISION_KINDS, Allowed, Denied, Quality, Undecided, entrypoint, read_decision
from bylaw_adapters.cli.eval import read_input, seconds
from bylaw_adapters.cli.evidence_flags import add_evidence_flags

EXIT_CODES = {Allowed: 0, Denied: 1, Undecided: 2}


def configure(parser: argparse.ArgumentParser) -> None:
    """A kind, an input, and the bundles to decide by."""
    parser.add_argument("kind", metavar="KIND", choices=DECISION_KINDS, help=", ".join(DECISION_KINDS))
    parser.add_argument("-i", "--input", metavar="FILE", default="-", help="the input, JSON or YAML; default: stdin")
    parser.add_argument(
        "-b", "--bundle", metavar="PATH", action="append", default=[],
        help="a bundle, archive or folder; default: the example mesh",
    )  # fmt: skip
    parser.add_argument(
        "--no-library", dest="library", action="store_false", help="the bundles bring their own library"
    )
    add_evidence_flags(
        parser,
        reports="reports of test tools about the input's product",
        part="the part that is asked about; evidence of it counts",
    )
    parser.add_argument("--explain", action="store_true", help="say what each rule said, instead of JSON")
    parser.add_argument("--timeout", type=seconds, metavar="DURATION", default=10.0, help="default: 10s")
    parser.epilog = "Exit code: 0 allowed, 1 denied, 2 it could not be decided."


def run(arguments: argparse.Namespace) -> int:
    """Decide, print, answer the exit code."""
    import json
    import uuid

    from bylaw.bundle import combine, v0_files
    from bylaw_adapters import wiring
    from bylaw_adapters.settings import Settings

    settings = Settings(bundles=tuple(arguments.bundle), library=arguments.library)
    bundles = wiring.bundles(settings)
    modules, data_json, revisions = combine(bundles)
    input_json = _with_evidence(read_input(arguments.input), arguments)
    snapshot = wiring.evaluator(settings).load(modules, data_json, v0_files=v0_files(bundles))
    result_json = snapshot.evaluate(entrypoint(arguments.kind), input_json, deadline_seconds=arguments.timeout)
    decision = read_decision(result_json)
    if isinstance(decision, Undecided):
        print(f"bylaw decide: undecided: {decision.reason}", file=sys.stderr)
    elif arguments.explain:
        print("\n".join(explanation(decision.document)))
    else:
        answer = {"decision_id": str(uuid.uuid4()), "result": decision.document, "revisions": revisions}
        print(json.dumps(answer, indent=2, ensure_ascii=False))
    return EXIT_CODES[type(decision)]


def _with_evidence(input_json: bytes, arguments: argparse.Namespace) -> bytes:
    """
    The input with the evidence that was handed in about its product.

    Raises:
        InputError: A report cannot be read, or there is no product that it could be about.
    """
    if not arguments.evidence and arguments.partition is None:
        return input_json
    import json

    from bylaw.errors import WrongShape
    from bylaw_adapters.ci.evidence import evidence_keys, read_evidence

    given = json.loads(input_json)
    product = given.get("product") if isinstance(given, dict) else None
    if not isinstance(product, dict):
        raise WrongShape("/product: evidence is about a product, and the input has none")
    keys = evidence_keys(arguments.evidence_key)
    handed_in = read_evidence(arguments.evidence, keys=keys, products=[product], partition=arguments.partition)
    for _, error in handed_in.unread:
        raise error
    for file in handed_in.files:
        for one in file.unmatched:
            print(f"bylaw decide: {file.path}:{one.line}: {printable(one.msg)}", file=sys.stderr)
    return json.dumps({**given, "quality": handed_in.about(given).quality}).encode()


def printable(text: str) -> str:
    """What a report says must not steer a terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def explanation(document: Mapping[str, Any]) -> Iterator[str]:
    """The decision for a reader: what was decided, then each rule and what it said."""
    yield f"{document['kind']}: {document['decision']}"
    said = _said_by_rule(document)
    for rule in sorted({*document["evaluated"], *said}):
        lines = said.get(rule, [])
        yield f"  {rule}: {'nothing to say' if not lines else ''}".rstrip()
        yield from (f"    {line}" for line in lines)
    for entry in document["ignored"]:
        yield f"  waiver {entry.get('id', '?')} has no effect: {entry.get('reason', '?')}"
    for name, obligations in document["obligations"].items():
        if name != "quality":
            yield from (f"  obligation, {name}: {_obligation(each)}" for each in obligations)
    quality = Quality.of(document)
    yield from (f"  {line}" for line in (quality.lines() if quality else ()))


def _said_by_rule(document: Mapping[str, Any]) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    verbs = {"violations": "denies", "warnings": "warns", "audits": "records", "waived": "is waived"}
    for name, verb in verbs.items():
        for entry in document[name]:
            where = f" ({entry['path']})" if entry.get("path") else ""
            said.setdefault(entry["rule"], []).append(f"{verb}: {entry['msg']}{where}{_written(entry.get('policy'))}")
    return said


def _written(policy: Mapping[str, Any] | None) -> str:
    """Of a YAML policy, which of its rules says it and where that stands."""
    if policy is None:
        return ""
    words = [str(policy[key]) for key in ("rule", "source") if key in policy]
    return f" [{', '.join(words)}]" if words else ""


def _obligation(value: Any) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    return ", ".join(f"{key} {value[key]}" for key in value if key != "layer")
