"""
``bylaw bundle push|delta|history|rollback``: a release on its way out, what a service had in force, and back.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

from bylaw_adapters.cli.archive_files import read_file, write_file

DEFAULT_STATE = ".bylaw"


def configure(actions: Any) -> None:
    """The four actions."""
    push = actions.add_parser(
        "push",
        help="put an archive where services pull it from",
        description="Check an archive and put it where services pull it from: a file or folder, a registry "
        "(oci://HOST/REPOSITORY:TAG), or object storage (s3://BUCKET/KEY and what else fsspec knows).",
    )
    push.add_argument("path", metavar="BUNDLE", type=Path, help="an archive")
    push.add_argument("target", metavar="TARGET", help="a path or URL")
    push.add_argument("--token-file", metavar="F", type=Path, help="a bearer token, or user:password, for a registry")
    push.add_argument("--ca-cert-file", metavar="F", type=Path, help="the authorities that a registry is trusted by")
    push.add_argument("--verification-key", metavar="F", type=Path, help="refuse to push what this key does not verify")
    push.add_argument("--verification-key-id", metavar="ID", default="default", help="default: default")
    push.add_argument("--signing-alg", metavar="A", default="RS256", help="what the key verifies; default: RS256")
    push.add_argument("--scope", metavar="S", default="", help="what the bundle must be signed for")
    push.set_defaults(action=_push)
    delta = actions.add_parser(
        "delta",
        help="write what changed in the data",
        description="Write a delta bundle, in OPA's format: what makes the data of archive A that of archive B.",
    )
    delta.add_argument("before", metavar="A", type=Path, help="an archive or a folder: what was released")
    delta.add_argument("after", metavar="B", type=Path, help="an archive or a folder: what is to be")
    delta.add_argument("-o", "--output", metavar="FILE", type=Path, help="default: <name>.delta.tar.gz")
    delta.set_defaults(action=_delta)
    state = argparse.ArgumentParser(add_help=False)
    state.add_argument("--state", metavar="DIR", help=f"state directory (else $BYLAW_STATE, else ./{DEFAULT_STATE})")
    history = actions.add_parser(
        "history",
        parents=[state],
        help="say which releases a service keeps",
        description="Say which releases a service keeps, the newest last. A star marks one in force by a rollback.",
    )
    history.add_argument("name", metavar="NAME", nargs="?", help="one bundle; all where not given")
    history.add_argument("-f", "--format", choices=("text", "json"), default="text", help="default: text")
    history.set_defaults(action=_history)
    rollback = actions.add_parser(
        "rollback",
        parents=[state],
        help="put an earlier revision in force",
        description="Put an earlier revision of a bundle in force, whatever its source holds, until --resume. "
        "A running service does so within seconds, if the revision still goes with the other bundles.",
    )
    rollback.add_argument("name", metavar="NAME", help="the bundle")
    rollback.add_argument("revision", metavar="REVISION", nargs="?", help="as history says")
    rollback.add_argument("--resume", action="store_true", help="follow the source again")
    rollback.set_defaults(action=_rollback)


def _push(arguments: argparse.Namespace) -> int:
    import asyncio

    from bylaw.bundle import read_bundle
    from bylaw.bundle.signing import SignatureVerifier, VerificationKey
    from bylaw.errors import UnreadableBundle

    verify = None
    if arguments.verification_key is not None:
        key = VerificationKey(read_file(arguments.verification_key), arguments.signing_alg)
        key_id = arguments.verification_key_id
        verify = SignatureVerifier({key_id: key}, key_id=key_id, scope=arguments.scope)
    if arguments.path.is_dir():
        raise UnreadableBundle(f"{arguments.path}: a folder is built first (bylaw bundle build)")
    bundle = read_bundle(arguments.path, verify=verify)
    archive = read_file(arguments.path)
    put = asyncio.run(_put(arguments, archive, bundle.name))
    print(f"{put}: {bundle.name} {bundle.revision}, {len(archive)} bytes")
    return 0


async def _put(arguments: argparse.Namespace, archive: bytes, name: str) -> str:
    import asyncio

    from bylaw.errors import UnreadableBundle

    target: str = arguments.target
    scheme, colon, _ = target.partition("://")
    if scheme == "oci":
        from bylaw_adapters.bundle_sources.oci import OciSource

        registry = OciSource(target, token_file=arguments.token_file, ca_file=arguments.ca_cert_file)
        return f"{target}@{await registry.push(archive)}"
    if scheme in ("http", "https"):
        raise UnreadableBundle(f"{target}: OPA's protocol has no upload; push to the store that this server hands out")
    if colon and scheme != "file":
        from bylaw_adapters.bundle_sources.objects import ObjectSource

        await ObjectSource(target).push(archive)
        return target
    return await asyncio.to_thread(_put_file, Path(target.removeprefix("file://")), archive, name)


def _put_file(path: Path, archive: bytes, name: str) -> str:
    path = path / f"{name}.tar.gz" if path.is_dir() else path
    write_file(path, archive)
    return str(path)


def _delta(arguments: argparse.Namespace) -> int:
    from bylaw.bundle import read_bundle
    from bylaw.bundle.delta import delta_between

    before, after = read_bundle(arguments.before), read_bundle(arguments.after)
    archive = delta_between(before, after)
    target = _put_file(arguments.output or Path(f"{after.name}.delta.tar.gz"), archive, after.name)
    print(f"{target}: {after.name} {before.revision} -> {after.revision}, {len(archive)} bytes")
    return 0


def _history(arguments: argparse.Namespace) -> int:
    import dataclasses

    from bylaw.errors import UnknownRevision
    from bylaw_adapters.bundle_sources.kept import KeptArchives

    kept = KeptArchives(_state(arguments))
    names = kept.names()
    if arguments.name is not None and arguments.name not in names:
        raise UnknownRevision(f"nothing is kept of {arguments.name}; kept are: {', '.join(names) or 'none'}")
    histories = {name: kept.history(name) for name in ([arguments.name] if arguments.name else names)}
    if arguments.format == "json":
        print(json.dumps({name: dataclasses.asdict(history) for name, history in histories.items()}, indent=2))
        return 0
    for name, history in histories.items():
        for release in history.releases:
            mark = "*" if release.revision == history.pinned else " "
            print(f"{mark} {name} {release.revision} {release.activated_at} {release.place}")
    return 0


def _rollback(arguments: argparse.Namespace) -> int:
    import sys

    from bylaw_adapters.bundle_sources.kept import KeptArchives

    if (arguments.revision is None) != arguments.resume:
        print("bylaw bundle rollback: name a revision, or say --resume", file=sys.stderr)
        return 2
    KeptArchives(_state(arguments)).pin(arguments.name, arguments.revision)
    said = f"is rolled back to {arguments.revision}" if arguments.revision else "follows its source again"
    print(f"{arguments.name} {said}")
    return 0


def _state(arguments: argparse.Namespace) -> Path:
    return Path(arguments.state or os.environ.get("BYLAW_STATE") or DEFAULT_STATE)
