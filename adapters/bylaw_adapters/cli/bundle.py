"""
``bylaw bundle``: build a folder into a release, and look into one.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from bylaw.bundle import Bundle


def configure(parser: argparse.ArgumentParser) -> None:
    """``build`` and ``inspect``."""
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    build = actions.add_parser("build", help="check a folder and pack it", description="Check a folder and pack it.")
    build.add_argument("folder", metavar="FOLDER", nargs="*", type=Path, help="a folder laid out as a bundle")
    build.add_argument("--library", action="store_true", help="the library itself")
    build.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help="default: <name>.tar.gz; for several: a folder"
    )
    build.add_argument("--revision", metavar="R", help="default: the manifest's, or a digest of the contents")
    build.set_defaults(action=_build)
    inspect = actions.add_parser("inspect", help="say what is in a bundle", description="Say what is in a bundle.")
    inspect.add_argument("path", metavar="PATH", type=Path, help="an archive, or a folder laid out as a bundle")
    inspect.add_argument("-f", "--format", choices=("text", "json"), default="text", help="default: text")
    inspect.set_defaults(action=_inspect)


def run(arguments: argparse.Namespace) -> int:
    """Answers the exit code of the action."""
    return cast("Callable[[argparse.Namespace], int]", arguments.action)(arguments)


def _build(arguments: argparse.Namespace) -> int:
    from bylaw.bundle import build_archive, release_folder, release_library
    from bylaw_adapters.wiring import default_evaluator

    if not arguments.folder and not arguments.library:
        print("bylaw bundle build: name a folder, or --library", file=sys.stderr)
        return 2
    evaluator, revision = default_evaluator(), arguments.revision
    bundles = [release_library(evaluator=evaluator, revision=revision)] if arguments.library else []
    bundles += [release_folder(folder, evaluator=evaluator, revision=revision) for folder in arguments.folder]
    for bundle in bundles:
        target = _target(arguments.output, bundle.name, several=len(bundles) > 1)
        archive = build_archive(bundle)
        _write(target, archive)
        print(f"{target}: {bundle.name} {bundle.revision}, {len(bundle.modules)} modules, {len(archive)} bytes")
    return 0


def _target(output: Path | None, name: str, *, several: bool) -> Path:
    if output is not None and not several and not output.is_dir():
        return output
    return (output or Path()) / f"{name}.tar.gz"


def _write(target: Path, archive: bytes) -> None:
    from bylaw.errors import UnreadableBundle

    try:
        target.write_bytes(archive)
    except OSError as error:
        raise UnreadableBundle(f"{target} cannot be written: {error.strerror}") from error


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
