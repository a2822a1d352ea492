"""What a domain's bundle may not do: each attempt is refused with its place and the rule it breaks."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bylaw.bundle import Bundle, read_bundle
from bylaw.errors import BylawError, ForbiddenReference, InvalidPolicyDocument, OutsideRoots, PolicyError

Read = Callable[[str], Bundle]
Write = Callable[..., Path]

_READS = (
    "a domain reads input, its own root, data.bylaw.lib, data.global.parameters, "
    "data.mesh.products and data.mesh.bindings"
)


def _not_its(what: str) -> str:
    return f"domain customer reads {what}, which is not its to read; {_READS}"


def _anything(what: str) -> str:
    return f"domain customer reads {what}, which is known only when it is evaluated, so it could be anything; {_READS}"


_REFUSED_READS = {
    "a global rule's verdict": (
        "violation contains {} if count(data.global.privacy.encrypted.violation) == 0",
        (3, 32),
        _not_its("data.global.privacy.encrypted.violation"),
    ),
    "the global waivers": ("x := data.global.waivers", (3, 6), _not_its("data.global.waivers")),
    "all of global": ("x := data.global", (3, 6), _not_its("data.global")),
    "another domain's rule": ("x := data.domains.order.privacy", (3, 6), _not_its("data.domains.order.privacy")),
    "a domain whose name begins like its own": (
        "x := data.domains.customers",
        (3, 6),
        _not_its("data.domains.customers"),
    ),
    "its own name with a slash": (
        'x := data.domains["customer/secret"]',
        (3, 6),
        _not_its('data.domains["customer/secret"]'),
    ),
    "every domain by a variable": (
        'x contains y if some y in data.domains[input.d]["parameters"]',
        (3, 27),
        _anything("data.domains[…].parameters"),
    ),
    "every domain by walking": ("x contains p if walk(data.domains, [p, _])", (3, 22), _not_its("data.domains")),
    "all data": ("x := data", (3, 6), _not_its("data")),
    "data by a variable": ("x := data[input.layer]", (3, 6), _anything("data[…]")),
    "a parameter by a computed key before it": (
        'x := data["global"][input.what]',
        (3, 6),
        _anything("data.global[…]"),
    ),
    "the grants of the mesh": ("x := data.mesh.grants", (3, 6), _not_its("data.mesh.grants")),
    "the mesh as a whole": ("x := data.mesh", (3, 6), _not_its("data.mesh")),
    "the library's private packages": ("x := data.bylaw.compose", (3, 6), _not_its("data.bylaw.compose")),
    "the system document": ("x := data.system.bundles", (3, 6), _not_its("data.system.bundles")),
    "an import of a global rule": (
        "import data.global.privacy.encrypted\n\nx := encrypted.violation",
        (3, 1),
        _not_its("data.global.privacy.encrypted"),
    ),
    "an import under another name": (
        "import data.global as harmless\n\nx := harmless.waivers",
        (3, 1),
        _not_its("data.global"),
    ),
    "an import that nobody uses": (
        "import data.domains.order\n",
        (3, 1),
        _not_its("data.domains.order"),
    ),
    "a replacement by with": (
        "x if data.bylaw.lib.access.groups with data.global.waivers as []",
        (3, 40),
        _not_its("data.global.waivers"),
    ),
    "the value of a with": ("x if input.y with input as data.mesh.grants", (3, 28), _not_its("data.mesh.grants")),
    "a comprehension": ("x := [y | some y in data.global.waivers]", (3, 21), _not_its("data.global.waivers")),
    "a rule's head": ("x contains data.global.waivers if true", (3, 12), _not_its("data.global.waivers")),
    "a key of a rule's head": ("x[data.mesh.grants] := 1", (3, 3), _not_its("data.mesh.grants")),
    "a default": ("default x := [y | y := data.global.waivers]", (3, 24), _not_its("data.global.waivers")),
    "an else": ("x := 1 if input.y\nelse := data.global.waivers", (4, 9), _not_its("data.global.waivers")),
    "a function's argument": ("f(x) := x\n\ny := f(data.global.waivers)", (5, 8), _not_its("data.global.waivers")),
    "an every": ("x if every y in data.mesh.grants { y }", (3, 17), _not_its("data.mesh.grants")),
    "a not": ("x if not data.global.privacy", (3, 10), _not_its("data.global.privacy")),
    "an index of its own data": (
        "x := input[data.global.waivers[0].id]",
        (3, 12),
        _not_its('data.global.waivers["0"].id'),
    ),
    "a call of another layer's function": (
        "x := data.global.privacy.encrypted.f(1)",
        None,
        _not_its("data.global.privacy.encrypted.f"),
    ),
    "a name in brackets and quotes": (
        'x := data["global"]["waivers"]',
        (3, 6),
        _not_its("data.global.waivers"),
    ),
    "a raw string as a name": ("x := data[`global`].waivers", (3, 6), _not_its("data.global.waivers")),
}


@pytest.mark.parametrize(("body", "place", "message"), _REFUSED_READS.values(), ids=_REFUSED_READS)
def test_a_domain_cannot_read(customer: Read, body: str, place: tuple[int, int] | None, message: str) -> None:
    with pytest.raises(ForbiddenReference) as refused:
        customer(body)

    location = refused.value.location
    assert refused.value.message == message
    assert location is not None
    assert location.file == "customer/rule.rego"
    assert place is None or (location.row, location.column) == place


_NETWORK = "is not open to a domain's rules: it reaches the network"

_REFUSED_CALLS = {
    "http.send": ('x := http.send({"url": "http://169.254.169.254/"})', (3, 6), f"the built-in http.send {_NETWORK}"),
    "http.send in brackets": ('x := http["send"]({})', (3, 6), f"the built-in http.send {_NETWORK}"),
    "http.send in the place of another": (
        "x if count(input) with count as http.send",
        (3, 33),
        f"the built-in http.send {_NETWORK}",
    ),
    "opa.runtime": (
        "x := opa.runtime()",
        (3, 6),
        "the built-in opa.runtime is not open to a domain's rules: it reads the process it runs in",
    ),
    "rand.intn": (
        'x := rand.intn("a", 10)',
        (3, 6),
        (
            "the built-in rand.intn is not open to a domain's rules: "
            "it answers by chance, so no decision could be replayed"
        ),
    ),
    "what does not exist": ("x := no.such(1)", (3, 6), "no.such is no built-in that is open to a domain's rules"),
}


@pytest.mark.parametrize(("body", "place", "message"), _REFUSED_CALLS.values(), ids=_REFUSED_CALLS)
def test_a_domain_cannot_call(customer: Read, body: str, place: tuple[int, int], message: str) -> None:
    with pytest.raises(BylawError) as refused:
        customer(body)

    location = refused.value.location
    assert isinstance(refused.value, ForbiddenReference), refused.value
    assert refused.value.message == message
    assert location is not None
    assert (location.row, location.column) == place


_ALLOWED = {
    "input": 'violation contains {"msg": "x", "path": "p"} if input.product.contract[_].name',
    "its own parameters": "x := data.domains.customer.parameters.days",
    "its own root by a variable below it": "x contains y if some y in data.domains.customer[input.kind].list",
    "its own rules": "y := x\n\nx := 1",
    "a helper of the library": "import data.bylaw.lib.access\n\nx := access.groups",
    "a helper function of the library": 'x := data.bylaw.lib.domains.canonical("A B")',
    "the council's parameters": "import data.global.parameters\n\nx := parameters.retention[input.kind]",
    "the products of the mesh": "x contains y if some y in data.mesh.products",
    "the bindings of the mesh": "x := data.mesh.bindings.tables[input.table]",
    "a forbidden name in a text": 'x := "http.send is what you may not call"',
    "a forbidden name in a comment": "# never http.send\nx := 1",
    "a variable that is called like a layer": "x contains y if {\n\tsome global in input.list\n\ty := global.x\n}",
    "built-ins": 'x := sprintf("%v", [count(input.list) + time.now_ns()])',
}


@pytest.mark.parametrize("body", _ALLOWED.values(), ids=_ALLOWED)
def test_a_domain_can_use(customer: Read, body: str) -> None:
    assert customer(body).domain == "customer"


def test_a_domain_can_call_a_function_of_another_file_of_its_package(archive: Write) -> None:
    package = "package domains.customer.privacy.rule\n\n"
    files = {
        ".manifest": '{"roots": ["domains/customer"]}',
        "a.rego": f"{package}x := f(1)",
        "b.rego": f"{package}f(y) := y",
    }

    assert read_bundle(archive(files)).domain == "customer"


def test_a_function_of_ones_own_does_not_open_a_builtin_of_its_name(archive: Write) -> None:
    package = "package domains.customer.privacy.rule\n\n"
    files = {
        ".manifest": '{"roots": ["domains/customer"]}',
        "a.rego": f"{package}x := http.send(1)",
        "b.rego": f"{package}http.send(y) := y",
    }

    with pytest.raises(ForbiddenReference) as refused:
        read_bundle(archive(files))

    assert str(refused.value) == f"customer/a.rego:3:6: the built-in http.send {_NETWORK}"


def test_another_bundle_is_not_a_domain_and_reads_what_it_wants(archive: Write) -> None:
    read = read_bundle(archive({"p.rego": "package acme\n\nx := data.global.waivers\n"}))

    assert (read.roots, read.domain) == (("acme",), None)


_OUTSIDE = {
    "a package in global": (
        {".manifest": '{"roots": ["domains/customer"]}', "p.rego": "package global.privacy.encrypted\n"},
        "p.rego:1:1: package global.privacy.encrypted is outside the bundle's root domains/customer",
    ),
    "a package in the library": (
        {".manifest": '{"roots": ["domains/customer"]}', "p.rego": "package bylaw.compose\n"},
        "p.rego:1:1: package bylaw.compose is outside the bundle's root domains/customer",
    ),
    "waivers in global": (
        {".manifest": '{"roots": ["domains/customer"]}', "data.json": '{"global": {"waivers": []}}'},
        "data.json:1:2: data at global is outside the bundle's root domains/customer",
    ),
    "the root of all domains": (
        {".manifest": '{"roots": ["domains"]}', "p.rego": "package domains.customer.privacy.x\n"},
        (
            "domains/.manifest:1:2: bundle domains owns domains: "
            "a domain's bundle owns one root, domains/<name>, and nothing beside it"
        ),
    ),
    "two domains": (
        {".manifest": '{"roots": ["domains/a", "domains/b"]}'},
        (
            "packed/.manifest:1:2: bundle packed owns domains/a, domains/b: "
            "a domain's bundle owns one root, domains/<name>, and nothing beside it"
        ),
    ),
    "a domain and the mask of the audit log": (
        {"p.rego": "package domains.customer.privacy.x\n", "q.rego": "package system.log\n"},
        (
            "bundle packed owns domains/customer, system: "
            "a domain's bundle owns one root, domains/<name>, and nothing beside it"
        ),
    ),
    "the package that holds all domains": (
        {"p.rego": "package domains\n\ncustomer := 1\n"},
        "bundle domains owns domains: a domain's bundle owns one root, domains/<name>, and nothing beside it",
    ),
}


@pytest.mark.parametrize(("files", "message"), _OUTSIDE.values(), ids=_OUTSIDE)
def test_a_domain_cannot_define(archive: Write, files: dict[str, str], message: str) -> None:
    with pytest.raises(OutsideRoots) as refused:
        read_bundle(archive(files))

    assert str(refused.value) == message


_NEVER_ASKED = {
    "too deep": (
        "domains.customer.privacy.a.b",
        (
            "package domains.customer.privacy.a.b has violation, but it is no rule: nobody will ask it. "
            "Rules are domains.customer.<kind>.<rule>"
        ),
    ),
    "too shallow": (
        "domains.customer.privacy",
        (
            "package domains.customer.privacy has violation, but it is no rule: nobody will ask it. "
            "Rules are domains.customer.<kind>.<rule>"
        ),
    ),
    "a kind that does not exist": (
        "domains.customer.privcy.a",
        (
            "package domains.customer.privcy.a has violation, but it is no rule: nobody will ask it. "
            "Rules are domains.customer.<kind>.<rule>; there is no kind privcy, the nearest is privacy"
        ),
    ),
    "global and too deep": (
        "global.privacy.a.b",
        (
            "package global.privacy.a.b has violation, but it is no rule: nobody will ask it. "
            "Rules are global.<kind>.<rule>"
        ),
    ),
}


@pytest.mark.parametrize(("package", "message"), _NEVER_ASKED.values(), ids=_NEVER_ASKED)
def test_a_rule_that_nobody_would_ask_is_refused(archive: Write, package: str, message: str) -> None:
    text = f'package {package}\n\nviolation contains {{"msg": "x"}} if input.x\n'

    with pytest.raises(PolicyError) as refused:
        read_bundle(archive({"p.rego": text}))

    assert refused.value.message == message


def test_a_folder_is_held_to_the_same_rules_as_an_archive(folder: Write) -> None:
    source = folder({"p.rego": "package domains.customer.privacy.x\n\ny := data.global.waivers\n"}, "customer")

    with pytest.raises(ForbiddenReference) as refused:
        read_bundle(source)

    assert str(refused.value) == f"customer/p.rego:3:6: {_not_its('data.global.waivers')}"


def test_a_package_that_two_readers_could_read_differently_is_refused(archive: Write) -> None:
    manifest = json.dumps({"roots": ["domains/customer"]})

    with pytest.raises(PolicyError) as refused:
        read_bundle(archive({".manifest": manifest, "p.rego": 'package domains["custo\\u006der"].privacy.x\n'}))

    assert str(refused.value) == "p.rego:1:1: package expected"


_RULE = """# METADATA
# title: t
# custom:
#   enforcement: deny
package domains.customer.privacy.rule

violation contains "v" if input.x
"""

_FORGED = {
    "an enforcement that the rule does not have": (
        {"domains.customer.privacy.rule": {"kind": "privacy", "title": "t", "enforcement": "audit", "controls": []}},
        "data/domains/customer/metadata says of domains.customer.privacy.rule what the rule does not say of itself",
    ),
    "a rule of the council": (
        {"global.privacy.encrypted": {"enforcement": "audit"}},
        "data/domains/customer/metadata is about global.privacy.encrypted, which is no rule of this bundle",
    ),
    "a rule that is not there": (
        {"domains.customer.privacy.gone": {"enforcement": "deny"}},
        "data/domains/customer/metadata is about domains.customer.privacy.gone, which is no rule of this bundle",
    ),
    "no object": (["x"], "data/domains/customer/metadata is an object"),
}


@pytest.mark.parametrize(("metadata", "message"), _FORGED.values(), ids=_FORGED)
def test_an_archive_whose_data_says_other_than_its_rules_is_refused(
    archive: Write, metadata: object, message: str
) -> None:
    files = {
        ".manifest": '{"roots": ["domains/customer"]}',
        "rule.rego": _RULE,
        "data.json": json.dumps({"domains": {"customer": {"metadata": metadata}}}),
    }

    with pytest.raises(InvalidPolicyDocument) as refused:
        read_bundle(archive(files))

    assert refused.value.message == message
