"""The law book: every rule with what it says of itself and what its tests show, whatever its author wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bylaw.errors import PolicyError
from bylaw.law_book import Entry, Example, entries, html_page, markdown_page
from bylaw_adapters.lint import read_law_files

_ROOT = Path(__file__).parents[3]

_RULE = """\
# METADATA
# title: Personal data is encrypted
# description: At rest and on its way.
# organizations: [Privacy office]
# authors: [{name: Ann, email: ann@example.org}]
# custom:
#   id: D-PRV-1
#   enforcement: warn
#   severity: high
#   controls: ["GDPR Art. 32(1)(a)", "SOX Section 404", "HIPAA § 164.312"]
#   remediation: Encrypt it.
#   owner: privacy@example.org
#   examples:
#     - A port without a cipher is refused
#     - {given: "at_rest: DES", then: refused}
package domains.d.privacy.encrypted

violation contains {"msg": "m"} if not input.product.cipher in data.domains.d.parameters.ciphers
"""
_TEST = """\
package domains.d.privacy.encrypted_test

test_allowed if true

test_denied_for[note] if {
	some note, port in {"no cipher": {}, "a weak one": {"at_rest": "DES"}}
	port
}

test_denied_for_each_of[word] if some word in ["a", "b"]

_helper := 1
"""
_POLICY = """\
name: gold
type: quality
description: Gold is measured
enforcement: advisory
metadata: {id: POL-1, owner: quality@example.org, controls: [BCBS 239]}
rules: [{metric: m, threshold: 1}]
"""
_FILES = {"d/encrypted.rego": _RULE, "d/encrypted_test.rego": _TEST}
_CASES = [
    ("nobody encrypts", "deny", ["D-PRV-1"]),
    ("another", "allow", ["X-1"]),
    ("gold", "warn", ["global.policies.gold"]),
]


def _entries(modules: Mapping[str, str], policies: Mapping[str, str] | None = None) -> list[Entry]:
    return entries(
        {file: text.encode() for file, text in modules.items()},
        {file: text.encode() for file, text in (policies or {}).items()},
        _CASES,
    )


def test_a_rule_is_told_with_all_that_is_known_of_it() -> None:
    (entry,) = _entries(_FILES)

    assert entry == Entry(
        rule="domains.d.privacy.encrypted",
        layer="d",
        kind="privacy",
        id="D-PRV-1",
        title="Personal data is encrypted",
        description="At rest and on its way.",
        enforcement="warn",
        severity="high",
        controls=("GDPR Art. 32(1)(a)", "SOX Section 404", "HIPAA § 164.312"),
        remediation="Encrypt it.",
        contacts=("privacy@example.org", "Privacy office", "Ann ann@example.org"),
        parameters=("ciphers",),
        examples=(
            Example("metadata", "A port without a cipher is refused"),
            Example("metadata", "given: at_rest: DES; then: refused"),
            Example("test", "allowed"),
            Example("test", "denied for: no cipher, a weak one"),
            Example("test", "denied for each of: a, b"),
            Example("case", "nobody encrypts: deny"),
        ),
        file="d/encrypted.rego",
    )


def test_a_policy_is_told_like_a_rule() -> None:
    (entry,) = _entries({}, {"x/global/policies/gold.yaml": _POLICY})

    assert (entry.rule, entry.layer, entry.id, entry.title) == (
        "global.policies.gold",
        "global",
        "POL-1",
        "Gold is measured",
    )
    assert (entry.kind, entry.enforcement, entry.contacts) == ("quality", "warn", ("quality@example.org",))
    assert entry.examples == (Example("case", "gold: warn"),)


def test_a_policy_of_a_domain_is_the_domains() -> None:
    (entry,) = _entries({}, {"x/domains/d/policies/gold.yaml": _POLICY})

    assert (entry.rule, entry.layer) == ("domains.d.policies.gold", "d")


def test_a_rule_that_says_nothing_of_itself_denies_by_its_path() -> None:
    (entry,) = _entries({"r.rego": "package global.privacy.r\n\nviolation := 1\n"})

    assert (entry.id, entry.enforcement, entry.examples) == ("global.privacy.r", "deny", ())


def test_what_is_no_rule_is_not_told() -> None:
    assert (
        _entries({"r.rego": "package global.lib\n\nx := 1\n", "s.rego": "package global.privacy.s\n\nx := 1\n"}) == []
    )


def test_what_does_not_parse_makes_no_page() -> None:
    with pytest.raises(PolicyError):
        _entries({"r.rego": "package global.privacy.r\n\nviolation if {"})


def test_the_order_of_files_does_not_matter() -> None:
    files = read_law_files([str(_ROOT / "rego" / "global"), str(_ROOT / "bundles")])
    turned = dict(reversed(files.modules.items())), dict(reversed(files.policies.items()))

    book = entries(files.modules, files.policies)

    assert markdown_page(entries(*turned)) == markdown_page(book)
    assert html_page(entries(*turned)) == html_page(book)


def test_every_rule_of_ours_is_on_the_page() -> None:
    files = read_law_files([str(_ROOT / "rego" / "global"), str(_ROOT / "bundles")])
    ids = set(re.findall(r"^\| ([A-Z0-9-]+) \|", (_ROOT / "docs" / "rules.md").read_text(), re.MULTILINE)) - {"id"}

    page = markdown_page(entries(files.modules, files.policies))

    assert len(ids) > 40
    assert [each for each in ids if f"| [{each}](#" not in page] == []


_PAGE = """\
# The law book

1 rules of 1 layers.

| id | rule | owner | kind | enforcement | severity |
|---|---|---|---|---|---|
| [D-PRV-1](#domains-d-privacy-encrypted) | Personal data is encrypted | domain d | privacy | warn | high |

## By control

- GDPR Art. 32(1)(a): [D-PRV-1](#domains-d-privacy-encrypted)
- HIPAA § 164.312: [D-PRV-1](#domains-d-privacy-encrypted)
- SOX Section 404: [D-PRV-1](#domains-d-privacy-encrypted)

## Rules

<a id="domains-d-privacy-encrypted"></a>

### D-PRV-1 Personal data is encrypted

At rest and on its way.

- **Rule**: domains.d.privacy.encrypted
- **Owner**: domain d, privacy&#64;example.org, Privacy office, Ann ann&#64;example.org
- **Enforcement**: warn, severity high
- **Controls**: GDPR Art. 32(1)(a), SOX Section 404, HIPAA § 164.312
- **Remediation**: Encrypt it.
- **Parameters**: ciphers
- **Source**: d/encrypted.rego
- **Examples**:
  - said: A port without a cipher is refused
  - said: given: at\\_rest: DES; then: refused
  - tested: allowed
  - tested: denied for: no cipher, a weak one
  - tested: denied for each of: a, b
  - decided: nobody encrypts: deny
"""


def test_the_page_in_markdown() -> None:
    assert markdown_page(_entries(_FILES)) == _PAGE


def test_controls_are_sorted_by_article() -> None:
    rule = _RULE.replace(
        '["GDPR Art. 32(1)(a)", "SOX Section 404", "HIPAA § 164.312"]', '["GDPR Art. 32", "GDPR Art. 5"]'
    )

    page = markdown_page(_entries({"r.rego": rule}))

    assert page.index("- GDPR Art. 5:") < page.index("- GDPR Art. 32:")


_HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><b>',
    "' onmouseover='x",
    "[a](javascript:alert(1))",
    "![a](https://evil.example/x.png)",
    "| b | c |",
    "`code` **bold** _it_ ~~no~~",
    "# heading",
    "- item",
    "1. item",
    "===",
    "---",
    "https://evil.example www.evil.example a@evil.example",
    "<https://evil.example>",
    "&lt;script&gt; &#60;b&#62;",
    "\\\\| \\\\<b>",
    "```",
    "\u202eturned\u202c",
    "[x]: https://evil.example",
    "<!-- ",
    "$x$ :smile:",
)


class _Tags(HTMLParser):
    """Every tag of a page with its attributes, and the text between."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def _entry_of(text: str) -> Entry:
    said = Example("metadata", text)
    words = dict.fromkeys(
        ("id", "title", "description", "remediation", "enforcement", "severity", "kind", "file"), text
    )
    return Entry(
        rule=f"global.x.{text}",
        layer=text,
        controls=(text,),
        contacts=(text,),
        parameters=(text,),
        examples=(said,),
        **words,
    )


@pytest.mark.parametrize("text", [*_HOSTILE, *(f"a\n\n{each}\n\nb" for each in _HOSTILE)])
def test_a_hostile_text_is_shown_and_does_nothing_in_html(text: str) -> None:
    tags, plain = _Tags(), _Tags()
    tags.feed(html_page([_entry_of(text)]))
    plain.feed(html_page([_entry_of("plain")]))

    assert tags.tags == plain.tags
    shown = " ".join(text.replace("\u202e", "").replace("\u202c", "").split())
    assert any(shown in said for said in tags.said)


@pytest.mark.parametrize("text", [*_HOSTILE, *(f"a\n\n{each}\n\nb" for each in _HOSTILE)])
def test_a_hostile_text_does_nothing_in_markdown(text: str) -> None:
    lines = markdown_page([_entry_of(text)]).splitlines()
    plain = markdown_page([_entry_of("plain")]).splitlines()

    assert len(lines) == len(plain)
    for line, expected in zip(lines, plain, strict=True):
        # What means something begins and ends as it does where the texts are plain.
        assert len(re.findall(r"(?<!\\)\|", line)) == len(re.findall(r"(?<!\\)\|", expected))
        assert len(re.findall(r"(?<!\\)[\[`]", line)) == len(re.findall(r"(?<!\\)[\[`]", expected))
        assert line.count("<") == expected.count("<")
        assert not re.search(r"://|www\.|\w@", line)
        if line.startswith(("#", "- ", "|", "<", "  - ")):
            assert line[0] == expected[0]
        assert not re.match(r"[-+=]|\d+[.)]", line) or re.match(r"[-+=]|\d+ rules", expected)
        assert not re.match(r" *- ([-+=]|\d+[.)])", line)


def test_rules_whose_paths_look_alike_have_anchors_of_their_own() -> None:
    first, second = _entry_of("a b"), _entry_of("a-b")

    page = html_page([first, second])

    assert re.findall(r'<h3 id="([^"]*)">', page) == ["global-x-a-b", "global-x-a-b-2"]
