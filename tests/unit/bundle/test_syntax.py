"""What a module says about itself: the checks of bundles see every path that it reads, whatever it is written as."""

from __future__ import annotations

import bylaw_native
import pytest

from bylaw.errors import PolicyError

_MODULE = """\
# METADATA
# title: Shop
package shop

import data.mesh.products as known
import data.roles

# METADATA
# entrypoint: true
# custom:
#   level: 3
allow if {
	some role in roles[input.user]
	not known[role].closed
	every r in data.shop["open rules"] { r == $"{data.template.read}" }
} else if count(reason) == 0

reason contains msg if {
	roles := {"a"}
	msg := concat("", roles) with input.x as data.replaced
}

default grade(_) := 0

grade(x) := x + 1
"""


def _paths(rule: bylaw_native.Rule) -> list[str]:
    return ["/".join([each["root"], *(step or "*" for step in each["path"])]) for each in rule["references"]]


def test_every_path_that_a_rule_reads_is_told() -> None:
    rules = bylaw_native.parse_module("shop.rego", _MODULE)["rules"]

    assert [(rule["path"], _paths(rule)) for rule in rules] == [
        (
            ["allow"],
            [
                "data/roles/*",
                "input/user",
                "data/mesh/products/*/closed",
                "data/shop/open rules",
                "data/template/read",
                "data/shop/reason",
            ],
        ),
        (["reason"], ["input/x", "data/replaced"]),
        (["grade"], []),
        (["grade"], []),
    ]


def test_what_a_rule_is_is_told() -> None:
    rules = bylaw_native.parse_module("shop.rego", _MODULE)["rules"]

    assert [(rule["row"], rule["parameters"], rule["is_default"], rule["is_set"]) for rule in rules] == [
        (12, None, False, False),
        (18, None, False, True),
        (23, 1, True, False),
        (25, 1, False, False),
    ]
    assert [[call["name"] for call in rule["calls"]] for rule in rules] == [["count"], ["concat"], [], []]


def test_metadata_is_told_with_what_it_stands_above() -> None:
    module = bylaw_native.parse_module("shop.rego", _MODULE)

    blocks = [(block["value"], block["entrypoint"], block["row"]) for block in module["rules"][0]["annotations"]]
    assert [block["value"] for block in module["annotations"]] == [{"scope": "package", "title": "Shop"}]
    assert blocks == [({"scope": "document", "entrypoint": True, "custom": {"level": 3}}, True, 8)]


def test_all_mistakes_of_a_module_are_told_at_once() -> None:
    with pytest.raises(PolicyError) as refused:
        bylaw_native.parse_module("broken.rego", "package broken\n\na := {\n\nb := }\n\nc if {\n")

    assert refused.value.code == "rego_parse_error"
    assert all(error.code == "rego_parse_error" for error in refused.value.more)


def test_older_rego_is_read_when_it_is_said_to_be() -> None:
    text = "package old\n\np[x] { x := input.y }\n"
    with pytest.raises(PolicyError):
        bylaw_native.parse_module("old.rego", text)

    assert bylaw_native.parse_module("old.rego", text, rego_v0=True)["rules"][0]["path"] == ["p"]
