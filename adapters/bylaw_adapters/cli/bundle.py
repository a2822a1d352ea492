"""
``bylaw bundle``: build a folder into a release, sign and verify it, look into one, say what changed, and see it out
(``bundle_life``).
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from bylaw_adapters.cli import bundle_life
from bylaw_adapters.cli.archive_files import read_file, write_file

if TYPE_CHECKING:
    from bylaw.bundle import Bundle
    from bylaw.bundle.difference import Change


def configure(parser: argparse.ArgumentParser) -> None:
    """``build``, ``sign``, ``verify``, ``inspect``, ``diff``, ``push``, ``history`` and ``rollback``."""
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    build = actions.add_parser("build", help="check a folder and pack it", description="Check a folder and pack it.")
    build.add_argument("folder", metavar="FOLDER", nargs="*", type=Path, help="a folder laid out as a bundle")
    build.add_argument("--library", action="store_true", help="the library itself")
    build.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help="default: <name>.tar.gz; for several: a folder"
    )
    build.add_argument("--revision", metavar="R", help="default: the manifest's, or a digest of the contents")
    build.add_argument(
        "--against",
        metavar="BUNDLE",
        nargs="+",
        type=Path,
        default=[],
        help="bundles of other layers that it must stand beside; with the council's, that a domain only tightens",
    )
    build.set_defaults(action=_build)
    _configure_signing(actions)
    inspect = actions.add_parser("inspect", help="say what is in a bundle", description="Say what is in a bundle.")
    inspect.add_argument("path", metavar="PATH", type=Path, help="an archive, or a folder laid out as a bundle")
    inspect.add_argument("-f", "--format", choices=("text", "json"), default="text", help="default: text")
    inspect.set_defaults(action=_inspect)
    diff = actions.add_parser(
        "diff", help="say what changed in law", description="Say what changed in law between two bundles of a layer."
    )
    diff.add_argument("before", metavar="A", type=Path, help="an archive or a folder: what was")
    diff.add_argument("after", metavar="B", type=Path, help="an archive or a folder: what is to be")
    diff.add_argument("-f", "--format", choices=("text", "json"), default="text", help="default: text")
    diff.set_defaults(action=_diff)
    bundle_life.configure(actions)


def _configure_signing(actions: Any) -> None:
    sign = actions.add_parser(
        "sign",
        help="sign an archive, as OPA does",
        description="Sign an archive, as OPA does: a JSON Web Token over the digests of all its files.",
    )
    sign.add_argument("path", metavar="BUNDLE", type=Path, help="an archive")
    sign.add_argument("--signing-key", metavar="F", type=Path, required=True, help="private key (PEM); HS…: the secret")
    sign.add_argument("--signing-alg", metavar="A", default="RS256", help="RS256 (default), PS…, ES…, HS…")
    sign.add_argument("--key-id", metavar="ID", default="", help="tells a verifier which of its keys to take")
    sign.add_argument("--scope", metavar="S", default="", help="what the verifier must demand")
    sign.add_argument("-o", "--output", metavar="FILE", type=Path, help="default: the archive itself")
    sign.set_defaults(action=_sign)
    verify = actions.add_parser(
        "verify", help="check an archive and its signature", description="Check an archive and its signature."
    )
    verify.add_argument("path", metavar="BUNDLE", type=Path, help="an archive")
    verify.add_argument("--verification-key", metavar="F", type=Path, required=True, help="public key or certificate")
    verify.add_argument("--verification-key-id", metavar="ID", default="default", help="default: default")
    verify.add_argument("--signing-alg", metavar="A", default="RS256", help="what the key verifies; default: RS256")
    verify.add_argument("--scope", metavar="S", default="", help="what the bundle must be signed for")
    verify.set_defaults(action=_verify)


def run(arguments: argparse.Namespace) -> int:
    """Answers the exit code of the action."""
    return cast("Callable[[argparse.Namespace], int]", arguments.action)(arguments)


def _build(arguments: argparse.Namespace) -> int:
    from bylaw.bundle import build_archive, read_bundle, release_folder, release_library
    from bylaw.bundle.domain_terms import COUNCIL
    from bylaw.bundle.tightening import tightens
    from bylaw_adapters.wiring import default_evaluator

    if not arguments.folder and not arguments.library:
        print("bylaw bundle build: name a folder, or --library", file=sys.stderr)
        return 2
    evaluator, revision = default_evaluator(), arguments.revision
    bundles = [release_library(evaluator=evaluator, revision=revision)] if arguments.library else []
    against = [read_bundle(path) for path in arguments.against]
    bundles += [
        release_folder(folder, evaluator=evaluator, revision=revision, against=against, warn=_warn)
        for folder in arguments.folder
    ]
    for bundle in bundles:
        if tightens(bundle) and not any(COUNCIL in other.roots for other in against):
            print(
                f"{bundle.name}: not known whether it only tightens what the council sets; name the council's bundle "
                "with --against. Loading checks it in any case.",
                file=sys.stderr,
            )
        target = _target(arguments.output, bundle.name, several=len(bundles) > 1)
        archive = build_archive(bundle)
        write_file(target, archive)
        print(f"{target}: {bundle.name} {bundle.revision}, {len(bundle.modules)} modules, {len(archive)} bytes")
    return 0


def _warn(complaint: str) -> None:
    print(f"warning: {complaint}", file=sys.stderr)


def _target(output: Path | None, name: str, *, several: bool) -> Path:
    if output is not None and not several and not output.is_dir():
        return output
    return (output or Path()) / f"{name}.tar.gz"


def _sign(arguments: argparse.Namespace) -> int:
    from bylaw.bundle.archive import read_archive, write_archive
    from bylaw.bundle.contents import SIGNATURES_FILE
    from bylaw.bundle.signing import sign

    files = read_archive(read_file(arguments.path), name=str(arguments.path))
    files[SIGNATURES_FILE] = sign(
        files,
        key=read_file(arguments.signing_key),
        algorithm=arguments.signing_alg,
        key_id=arguments.key_id,
        scope=arguments.scope,
    )
    target = arguments.output or arguments.path
    write_file(target, write_archive(files))
    print(f"{target}: {len(files) - 1} files signed by {arguments.signing_alg}")
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    from bylaw.bundle import read_bundle
    from bylaw.bundle.signing import SignatureVerifier, VerificationKey

    key = VerificationKey(read_file(arguments.verification_key), arguments.signing_alg)
    key_id = arguments.verification_key_id
    bundle = read_bundle(arguments.path, verify=SignatureVerifier({key_id: key}, key_id=key_id, scope=arguments.scope))
    print(f"{arguments.path}: {bundle.name} {bundle.revision}, the signature holds")
    return 0


def _inspect(arguments: argparse.Namespace) -> int:
    from bylaw.bundle import read_bundle

    report = inspected(read_bundle(arguments.path))
    print(json.dumps(report, indent=2, ensure_ascii=False) if arguments.format == "json" else "\n".join(_text(report)))
    return 0


def inspected(bundle: Bundle) -> dict[str, Any]:
    """What is in a bundle, as JSON values."""
    from bylaw.bundle.contents import sources_of
    from bylaw.bundle.metadata import RuleName, rules_metadata

    sources = sources_of(bundle)
    packages = sorted({source.package for source in sources})
    said = {path: entry for layer in rules_metadata(sources).values() for path, entry in layer.items()}
    rules = [rule for rule in map(RuleName.of, packages) if rule is not None]
    return {
        "name": bundle.name,
        "revision": bundle.revision,
        "roots": list(bundle.roots),
        "packages": [".".join(package) for package in packages],
        "rules": [{"rule": rule.path, **said.get(rule.path, {"kind": rule.kind})} for rule in rules],
        "data_bytes": len(json.dumps(bundle.data, separators=(",", ":"), ensure_ascii=False).encode()),
        "files": sorted(bundle.modules),
        "signed": bundle.signatures is not None,
    }


def _text(report: Mapping[str, Any]) -> Iterator[str]:
    yield f"{report['name']} {report['revision']}{' (signed, not verified)' if report['signed'] else ''}"
    yield f"roots: {', '.join(report['roots'])}"
    yield f"data: {report['data_bytes']} bytes"
    yield f"packages: {len(report['packages'])}"
    yield from (f"  {package}" for package in report["packages"])
    yield f"rules: {len(report['rules'])}"
    for rule in report["rules"]:
        enforcement = rule.get("enforcement", "deny")
        yield f"  {rule['rule']} [{rule.get('id', 'no id')}, {enforcement}] {rule.get('title', '')}".rstrip()
    yield f"files: {len(report['files'])}"
    yield from (f"  {file}" for file in report["files"])


def _diff(arguments: argparse.Namespace) -> int:
    from bylaw.bundle import read_bundle
    from bylaw.bundle.difference import differences

    before, after = read_bundle(arguments.before), read_bundle(arguments.after)
    changes = differences(before, after)
    if arguments.format == "json":
        report = {
            "before": {"name": before.name, "revision": before.revision},
            "after": {"name": after.name, "revision": after.revision},
            "changes": [_as_json(change) for change in changes],
        }
        print(json.dumps(report, indent=2, ensure_ascii=False))
        return 0
    print(f"{before.name} {before.revision} -> {after.name} {after.revision}")
    for change in changes:
        print(_line(change))
    if not changes:
        print("the same law")
    return 0


def _as_json(change: Change) -> dict[str, Any]:
    told = dataclasses.asdict(change)
    return {key: value for key, value in told.items() if value not in (None, "")}


def _line(change: Change) -> str:
    mark = {"added": "+", "removed": "-", "changed": "~"}[change.what]
    values = [json.dumps(value, ensure_ascii=False) for value in (change.before, change.after) if value is not None]
    said = f": {' -> '.join(values)}" if values else ""
    return f"{mark} {change.sort} {change.subject}{said}{f' ({change.direction})' if change.direction else ''}"
