"""
Domain bundles that try to be more than a domain's. Each is refused when it is built beside the council's bundle and
when a service would load it, by the same sentence: the file, the place in it, and what it breaks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from tests.unit.bundle.hostile_bundles import COUNCIL, HOSTILE, MANIFEST, RULE, parameters, policy

from bylaw.bundle import Bundle, build_archive, build_folder, combine, read_bundle, read_library, release_folder
from bylaw.errors import BylawError, LoosenedLaw
from bylaw_adapters import wiring
from bylaw_adapters.bundle_sources.preparing import Prepared
from bylaw_adapters.evaluators.extension import NativeEvaluator
from bylaw_adapters.settings import Settings

Write = Callable[..., Path]


@pytest.fixture
def council(folder: Write) -> Path:
    return folder(COUNCIL, "global")


def _loaded(council: Path, packed: Path) -> Prepared:
    """As a service loads them when it starts."""
    settings = Settings(bundles=(str(council), str(packed)), state_dir=packed.parent / "state")
    return wiring.follower(settings).start()[0]


def test_the_suite_is_of_forty_bundles_at_least() -> None:
    assert len(HOSTILE) >= 40


@pytest.mark.parametrize(("files", "code", "message"), HOSTILE.values(), ids=HOSTILE)
def test_it_is_refused_when_it_is_built(
    folder: Write, council: Path, files: Mapping[str, str], code: str, message: str
) -> None:
    source = folder({".manifest": MANIFEST, **files}, "hostile")

    with pytest.raises(BylawError) as refused:
        release_folder(source, evaluator=NativeEvaluator(), against=[read_bundle(council)])

    assert (refused.value.code, str(refused.value)) == (code, message)


@pytest.mark.parametrize(("files", "code", "message"), HOSTILE.values(), ids=HOSTILE)
def test_it_is_refused_when_it_is_loaded(
    archive: Write, council: Path, files: Mapping[str, str], code: str, message: str
) -> None:
    packed = archive({".manifest": MANIFEST, **files}, "hostile.tar.gz")

    with pytest.raises(BylawError) as refused:
        _loaded(council, packed)

    assert (refused.value.code, str(refused.value)) == (code, message)


_TIGHTER = {
    "enforcement that is raised": parameters("enforcement: {global.compliance.documented: deny}"),
    "enforcement of its own rules": parameters("enforcement: {domains.customer.privacy.rule: warn}"),
    "enforcement of a rule that the council has not": parameters("enforcement: {global.privacy.gone: warn}"),
    "a higher threshold": parameters("quality_thresholds: {completeness: {gt: 0.95}, errors: {lte: 0}, new: 1}"),
    "a bound of the other side": parameters("quality_thresholds: {completeness: {lte: 0.5}}"),
    "the same values": parameters("days: 30\n  evidence_age: 60\n  fields: [name, owner]\n  formats: [delta]"),
    "stricter values": parameters("days: 31\n  evidence_age: 1\n  fields: [name, owner, sla]\n  formats: []"),
    "parameters of its own": parameters("retention: {days: 3}"),
    "its own approvers": parameters("waivers: {approvers: [ann]}"),
    "a stricter policy": policy("type: quality, rules: [{metric: accuracy, threshold: 0.99}]"),
    "a metric that the council asks of some": policy("type: quality, rules: [{metric: uniqueness, threshold: 0.5}]"),
    "a grant in its own domain": policy(
        "type: access, metadata: {scope: {domains: Customer}}, rules: [{action: allow}]"
    ),
    "a denial that names another": policy(
        "type: access, rules: [{action: deny, conditions: [{field: domain, operator: equals, value: order}]}]"
    ),
}


@pytest.mark.parametrize("files", _TIGHTER.values(), ids=_TIGHTER)
def test_a_domain_can_set(folder: Write, council: Path, files: Mapping[str, str]) -> None:
    source = folder({".manifest": MANIFEST, **files}, "customer")

    released = release_folder(source, evaluator=NativeEvaluator(), against=[read_bundle(council)])

    assert released.domain == "customer"


def test_a_policys_own_file_and_line_are_named(folder: Write, council: Path) -> None:
    policy = "name: lax\ntype: quality\nrules:\n  - metric: completeness\n    threshold: 0.1\n"
    source = folder({".manifest": MANIFEST, "domains/customer/policies/lax.yaml": policy}, "customer")
    built = build_archive(build_folder(source))

    with pytest.raises(LoosenedLaw) as at_build:
        release_folder(source, evaluator=NativeEvaluator(), against=[read_bundle(council)])
    packed = source.with_suffix(".tar.gz")
    packed.write_bytes(built)
    with pytest.raises(LoosenedLaw) as at_load:
        combine([read_bundle(council), read_bundle(packed)])

    assert str(at_build.value).startswith("customer/domains/customer/policies/lax.yaml:5:5: policy lax of domain")
    assert str(at_load.value).startswith("customer/domains/customer/policies/lax.yaml:4:1: policy lax of domain")
    assert at_load.value.message == at_build.value.message


def test_an_archive_without_the_council_is_released_and_met_at_loading(folder: Write, council: Path) -> None:
    source = folder({".manifest": MANIFEST, **parameters("days: 1")}, "customer")

    released = release_folder(source, evaluator=NativeEvaluator())

    with pytest.raises(LoosenedLaw):
        combine([read_library(), read_bundle(council), released])


def test_an_earlier_release_of_a_bundle_is_not_in_its_way(folder: Write, council: Path) -> None:
    source = folder({".manifest": MANIFEST, **parameters("days: 40")}, "customer")
    earlier: list[Bundle] = [read_bundle(council), release_folder(source, evaluator=NativeEvaluator(), revision="1")]

    assert release_folder(source, evaluator=NativeEvaluator(), revision="2", against=earlier).revision == "2"


def test_the_bundles_of_the_attack_suite_would_stand_if_they_did_nothing_hostile(archive: Write, council: Path) -> None:
    packed = archive({".manifest": MANIFEST, "r.rego": f"{RULE}x := 1\n"}, "hostile.tar.gz")

    assert set(_loaded(council, packed).revisions) == {"library", "global", "customer"}
