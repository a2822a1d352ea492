"""
From the contents of all sources to a law that can be loaded: unpacked, verified, checked, combined.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bylaw.bundle import Bundle, build_archive, combine, read_bundle, read_library, v0_files
from bylaw.bundle.archive import read_archive, write_archive
from bylaw.bundle.contents import SIGNATURES_FILE
from bylaw.bundle.delta import is_delta, patched
from bylaw.bundle.layers import check_layers
from bylaw.bundle.reading import unpack
from bylaw.bundle.signing import SignatureVerifier, sign
from bylaw.errors import BylawError, FailingTests, InvalidSignature
from bylaw_adapters.bundle_sources.source import Content

# As `opa test` takes them.
TEST_SUFFIX = "_test.rego"


@dataclass(frozen=True, slots=True)
class Signer:
    """What bundles that came without a signature are signed with before they are handed on."""

    key: bytes = field(repr=False)
    algorithm: str
    key_id: str
    scope: str

    def sign(self, files: Mapping[str, bytes]) -> bytes:
        """
        The text of ``.signatures.json``.

        Raises:
            InvalidSignature: The key cannot sign by this algorithm.
        """
        return sign(files, key=self.key, algorithm=self.algorithm, key_id=self.key_id, scope=self.scope)


@dataclass(frozen=True, slots=True)
class Job:
    """``library``: whether the library comes along. ``signer``: see there."""

    contents: tuple[Content, ...]
    library: bool = True
    verify: SignatureVerifier | None = None
    signer: Signer | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """
    What an evaluator loads, and of whom it came. ``names`` are the bundles' in the order of the job's contents;
    ``archives`` are the bundles as they can be handed on, by name; ``signed`` are those of them that came signed.
    """

    modules: Mapping[str, str]
    data_json: bytes
    revisions: Mapping[str, str]
    roots: Mapping[str, tuple[str, ...]]
    v0_files: frozenset[str]
    names: tuple[str, ...]
    archives: Mapping[str, bytes]
    signed: frozenset[str] = frozenset()
    whole: Mapping[int, bytes] = field(default_factory=dict)
    """Of the contents that were deltas, by position: the archive that came of each."""


class Refused(Exception):
    """``position`` is the content that must not be loaded; ``None`` where it is not one alone."""

    def __init__(self, position: int | None, error: BylawError, is_delta: bool = False) -> None:
        super().__init__(position, error, is_delta)
        self.position = position
        self.error = error
        self.is_delta = is_delta


def prepare(job: Job) -> Prepared:
    """
    Raises:
        Refused: One of the contents must not be loaded, or they do not go together.
    """
    bundles: list[Bundle] = []
    archives: dict[str, bytes] = {}
    whole: dict[int, bytes] = {}
    for position, given in enumerate(job.contents):
        delta = None
        try:
            delta = _delta(given)
            content = given if delta is None else _patched(given, delta, job.verify)
            bundle = _read(content, job.verify)
            archives[bundle.name] = _handed_on(content, bundle, job.signer)
        except BylawError as error:
            raise Refused(position, error, delta is not None) from error
        if delta is not None:
            whole[position] = content.archive or b""
        bundles.append(bundle)
    names = tuple(bundle.name for bundle in bundles)
    try:
        if job.library:
            library = read_library()
            bundles.append(library)
            archives[library.name] = _signed(build_archive(library), job.signer)
        modules, data_json, revisions = combine(bundles)
        _run_tests(modules, data_json, v0_files(bundles))
    except BylawError as error:
        raise Refused(None, error) from error
    roots = {bundle.name: bundle.roots for bundle in bundles}
    signed = frozenset(bundle.name for bundle in bundles if bundle.signatures is not None)
    return Prepared(modules, data_json, revisions, roots, v0_files(bundles), names, archives, signed, whole)


def _run_tests(modules: Mapping[str, str], data_json: bytes, older: frozenset[str]) -> None:
    """
    Those that stand in the bundles: building leaves tests at home, others may not. Where there are modules of Rego v0
    none are run.

    Raises:
        FailingTests: One fails, or ends in an error.
    """
    tests = {file for file in modules if file.endswith(TEST_SUFFIX)}
    if not tests or older:
        return
    from bylaw_adapters.rego_tests.outcomes import Outcome
    from bylaw_adapters.rego_tests.runner import run_tests

    run = run_tests(modules, data_json, beside=set(modules) - tests)
    failed = [result for result in run.results if result.outcome in (Outcome.FAIL, Outcome.ERROR)]
    if failed:
        first = failed[0]
        more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
        raise FailingTests(f"{first.package}.{first.name}: {first.outcome.name.lower()}{more}", location=first.location)


def _delta(content: Content) -> dict[str, bytes] | None:
    """The files of a delta; ``None`` where the content is none."""
    if content.archive is None or content.base is None:
        return None
    files = read_archive(content.archive, name=content.stem)
    return files if is_delta(files) else None


def _patched(content: Content, delta: Mapping[str, bytes], verify: SignatureVerifier | None) -> Content:
    if verify is not None:
        raise InvalidSignature("a delta is not signed, and only signed bundles are loaded")
    return replace(content, archive=patched(content.base or b"", delta, name=content.stem), base=None)


def _read(content: Content, verify: SignatureVerifier | None) -> Bundle:
    if content.folder is not None:
        return read_bundle(content.folder, verify=verify)
    bundle = unpack(content.archive or b"", stem=content.stem, verify=verify)
    check_layers(bundle)
    return bundle


def _handed_on(content: Content, bundle: Bundle, signer: Signer | None) -> bytes:
    if content.archive is None:
        return _signed(build_archive(bundle), signer)
    return content.archive if bundle.signatures is not None else _signed(content.archive, signer)


def _signed(archive: bytes, signer: Signer | None) -> bytes:
    if signer is None:
        return archive
    files = read_archive(archive, name="bundle")
    files[SIGNATURES_FILE] = signer.sign(files)
    return write_archive(files)
