"""What a rule says about itself, read from the comments above its package as OPA reads them."""

from __future__ import annotations

import textwrap

import pytest

from bylaw.bundle.metadata import rules_metadata
from bylaw.bundle.source import read_source
from bylaw.errors import PolicyError

_GLOBAL = ("global",)


def _read(*texts: str) -> dict[tuple[str, ...], dict[str, object]]:
    sources = [read_source(f"{index}.rego", textwrap.dedent(text).encode()) for index, text in enumerate(texts)]
    return rules_metadata(sources)


def test_metadata_above_a_package_is_read() -> None:
    read = _read(
        """\
        # Copyright somebody

        # METADATA
        # title: Personal data is encrypted at rest
        # description: >
        #   Every port
        #   names it.
        # custom:
        #   id: PRV-001
        #   enforcement: warn
        #   severity: high
        #   controls: ["GDPR Art. 32(1)(a)"]
        #   remediation: Encrypt it.
        package global.privacy.pii_encrypted
        """
    )

    assert read == {
        _GLOBAL: {
            "global.privacy.pii_encrypted": {
                "kind": "privacy",
                "title": "Personal data is encrypted at rest",
                "description": "Every port names it.",
                "id": "PRV-001",
                "enforcement": "warn",
                "severity": "high",
                "remediation": "Encrypt it.",
                "controls": ["GDPR Art. 32(1)(a)"],
            }
        }
    }


def test_each_layer_has_its_own() -> None:
    rule = "# METADATA\n# title: T\npackage {}\n"

    read = _read(rule.format("global.quality.a"), rule.format("domains.x.access.b"), rule.format("bylaw.compose"))

    assert read == {
        _GLOBAL: {"global.quality.a": {"kind": "quality", "title": "T", "controls": []}},
        ("domains", "x"): {"domains.x.access.b": {"kind": "access", "title": "T", "controls": []}},
    }


_NOT_ABOUT_THE_PACKAGE = {
    "none": "package global.privacy.a\n",
    "below the package": "package global.privacy.a\n\n# METADATA\n# title: T\nx := 1\n",
    "about packages below it": "# METADATA\n# scope: subpackages\n# title: T\npackage global.privacy.a\n",
    "a helper": "# METADATA\n# title: T\npackage global.helpers.a.b\n",
}


@pytest.mark.parametrize("text", _NOT_ABOUT_THE_PACKAGE.values(), ids=_NOT_ABOUT_THE_PACKAGE)
def test_what_is_not_about_a_rule_is_no_metadata(text: str) -> None:
    assert _read(text) == {}


def test_a_block_ends_where_the_comment_is_interrupted() -> None:
    read = _read("# METADATA\n# title: T\n\n# not: [yaml\npackage global.privacy.a\n")

    assert read == {_GLOBAL: {"global.privacy.a": {"kind": "privacy", "title": "T", "controls": []}}}


_MALFORMED = {
    "no YAML": ("# METADATA\n# title: [\npackage global.privacy.a\n", "0.rego:3:1: metadata: not YAML"),
    "no mapping": (
        "# METADATA\n# hello\npackage global.privacy.a\n",
        "0.rego:1:1: metadata: the block is no YAML mapping",
    ),
    "a key twice": (
        "#\n# METADATA\n# title: A\n# title: B\npackage global.privacy.a\n",
        "0.rego:4:1: metadata: key 'title' stands twice in one mapping",
    ),
    "an unknown key": (
        "# METADATA\n# titel: A\npackage global.privacy.a\n",
        "0.rego:1:1: metadata: unknown key 'titel'",
    ),
    "enforcement outside custom": (
        "# METADATA\n# enforcement: warn\npackage global.privacy.a\n",
        "0.rego:1:1: metadata: unknown key 'enforcement'; ids, enforcement and the like stand under `custom`",
    ),
    "a word that is no enforcement": (
        "# METADATA\n# custom:\n#   enforcement: denny\npackage global.privacy.a\n",
        "0.rego:1:1: metadata: enforcement is one of deny, warn, audit, not 'denny'",
    ),
    "a word that is no severity": (
        "# METADATA\n# custom:\n#   severity: HIGH\npackage global.privacy.a\n",
        "0.rego:1:1: metadata: severity is one of info, low, medium, high, critical, not 'HIGH'",
    ),
    "an id that is a number": (
        "# METADATA\n# custom:\n#   id: 7\npackage global.privacy.a\n",
        "0.rego:1:1: metadata: id is a text, not 7",
    ),
    "controls that are a text": (
        "# METADATA\n# custom:\n#   controls: GDPR\npackage global.privacy.a\n",
        "0.rego:1:1: metadata: controls is a list of texts",
    ),
    "custom that is a list": (
        "# METADATA\n# custom: []\npackage global.privacy.a\n",
        "0.rego:1:1: metadata: custom is a mapping",
    ),
    "the scope of a rule": (
        "# METADATA\n# scope: rule\npackage global.privacy.a\n",
        "0.rego:1:1: metadata: scope 'rule' cannot stand above a package",
    ),
    "twice": (
        "# METADATA\n# title: A\n\n# METADATA\n# title: B\npackage global.privacy.a\n",
        "0.rego:4:1: metadata: this package has metadata already",
    ),
}


@pytest.mark.parametrize(("text", "message"), _MALFORMED.values(), ids=_MALFORMED)
def test_malformed_metadata_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(PolicyError) as refused:
        _read(text)

    assert str(refused.value).startswith(message)


def test_a_rule_in_two_files_says_it_once() -> None:
    text = "# METADATA\n# title: A\npackage global.privacy.a\n"

    with pytest.raises(PolicyError) as refused:
        _read(text, text)

    assert (
        str(refused.value) == "1.rego:1:1: metadata: the metadata of global.privacy.a is said in another file as well"
    )
