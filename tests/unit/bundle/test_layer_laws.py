"""
Laws of composition, over generated sets of layers: what a rule, a bundle or an order of loading can never do. Rules
are of all enforcements, some fail when they are evaluated; domains set parameters and waivers of any sort, those that
loading refuses as well: composition does not depend on what was checked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import bylaw_native
from hypothesis import given, settings
from hypothesis import strategies as st

from bylaw.bundle import Bundle, read_library
from bylaw.bundle.build import build_files
from bylaw.bundle.combine import stacked

DOMAINS = ("customer", "order")
KINDS = ("privacy", "quality", "access")
STRICTNESS = {"audits": 1, "warnings": 2, "violations": 3}

_CONDITIONS = (
    "true",
    "false",
    'input.product.classification == "restricted"',
    'input.resource.properties.classification == "restricted"',
    "not input.product.owner",
    "count(input.product.output_ports) > 1",
    'input.product.domain == "order"',
    'input.subject.id != "alice"',
    "data.global.parameters.limit > 5",
    "to_number(input.product.name) == 1",
    "1 / count(input.product.output_ports) == 1",
    'regex.match("[", input.product.name)',
)
_STATEMENTS = ('{"msg": "m"}', '{"msg": 1}', '"text"', "input.product", "{}", "input.absent")


@dataclass(frozen=True)
class Rule:
    kind: str
    name: str
    enforcement: str | None
    head: str
    statement: str
    condition: str

    def text(self, layer: str) -> str:
        package = ".".join((*layer.split("/"), self.kind, self.name))
        custom = f"# custom:\n#   enforcement: {self.enforcement}\n" if self.enforcement else ""
        metadata = f"# METADATA\n# title: {self.name}\n{custom}"
        return f"{metadata}package {package}\n\n{self.head} contains {self.statement} if {self.condition}\n"


@dataclass(frozen=True)
class Layer:
    root: str
    rules: tuple[Rule, ...]
    data: Mapping[str, Any]

    @property
    def name(self) -> str:
        return self.root.rpartition("/")[2]

    def bundle(self) -> Bundle:
        return _built(json.dumps([self.root, [rule.text(self.root) for rule in self.rules], self.data]))

    def with_rule(self, rule: Rule) -> Layer:
        return replace(self, rules=(*self.rules, replace(rule, name=f"{rule.name}_too")))


@cache
def _built(written: str) -> Bundle:
    root, rules, data = json.loads(written)
    files = {".manifest": json.dumps({"roots": [root]}), f"{root}/data.json": json.dumps(data)}
    files |= {f"{number}.rego": text for number, text in enumerate(rules)}
    return build_files({path: text.encode() for path, text in files.items()}, stem=root.rpartition("/")[2])


@cache
def _library() -> Bundle:
    return read_library()


def _rules(heads: tuple[str, ...] = ("violation", "grant")) -> st.SearchStrategy[tuple[Rule, ...]]:
    one = st.builds(
        Rule,
        kind=st.sampled_from(KINDS),
        name=st.sampled_from(("a", "b", "c", "d")),
        enforcement=st.sampled_from(("deny", "warn", "audit", None)),
        head=st.sampled_from(heads),
        statement=st.sampled_from(_STATEMENTS),
        condition=st.sampled_from(_CONDITIONS),
    ).map(lambda rule: replace(rule, head="violation") if rule.kind != "access" else rule)
    return st.lists(one, max_size=4, unique_by=lambda rule: (rule.kind, rule.name)).map(tuple)


_RULE_NAMES = st.sampled_from([f"global.{kind}.{name}" for kind in KINDS for name in ("a", "b", "c")])
_WAIVERS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.sampled_from(("w1", "w2")),
            "rule": st.one_of(_RULE_NAMES, st.just("domains.customer.privacy.a")),
            "scope": st.sampled_from(({"domain": "customer"}, {"domain": "order"}, {"product": "p"})),
            "reason": st.just("r"),
            "requested_by": st.just("x"),
            "approved_by": st.sampled_from(("boss", "x")),
            "starts": st.just("2026-01-01T00:00:00Z"),
            "ends": st.sampled_from(("2026-02-01T00:00:00Z", "2026-03-20T00:00:00Z")),
        }
    ),
    max_size=2,
)
_DOMAIN_DATA = st.fixed_dictionaries(
    {},
    optional={
        "waivers": _WAIVERS,
        "parameters": st.fixed_dictionaries(
            {},
            optional={
                "enforcement": st.dictionaries(_RULE_NAMES, st.sampled_from(("deny", "warn", "audit", "off"))),
                "limit": st.integers(0, 10),
                "waivers": st.just({"approvers": ["boss"], "max_days": 90}),
            },
        ),
    },
)


def _domain(name: str) -> st.SearchStrategy[Layer]:
    return st.builds(Layer, st.just(f"domains/{name}"), _rules(), _DOMAIN_DATA)


_GLOBAL = st.builds(Layer, st.just("global"), _rules(), st.just({"parameters": {"limit": 7}}))
_LAYERS = st.tuples(_GLOBAL, _domain("customer"), _domain("order"))
_ANY_RULE = _rules(("violation",)).filter(bool).map(lambda rules: replace(rules[0], enforcement="deny"))

_AT_NS = 1_768_000_000_000_000_000


def _product(domain: str) -> dict[str, Any]:
    product = {"domain": domain, "name": "p", "version": "1.0.0", "classification": "restricted", "output_ports": []}
    return {"product": product}


def _access(domain: str) -> dict[str, Any]:
    properties = {"catalog": "lake", "schema": domain, "table": "t", "domain": domain, "classification": "restricted"}
    return {
        "subject": {"type": "user", "id": "bob", "properties": {"groups": [], "roles": []}},
        "action": {"name": "read", "properties": {}},
        "resource": {"type": "table", "id": f"lake.{domain}.t", "properties": properties},
        "context": {},
    }


_QUESTIONS = [
    (kind, domain, _access(domain) if kind == "access" else _product(domain)) for kind in KINDS for domain in DOMAINS
]


def _decisions(layers: Iterable[Layer]) -> dict[tuple[str, str], Any]:
    """By kind and domain."""
    modules, data, _ = stacked([_library(), *(layer.bundle() for layer in layers)])
    snapshot = bylaw_native.load(modules, data)
    found = {}
    for kind, domain, question in _QUESTIONS:
        text = snapshot.evaluate(f"bylaw/decisions/{kind}/decision", json.dumps(question).encode(), at_ns=_AT_NS)
        found[kind, domain] = None if text is None else json.loads(text)
    return found


def _global_statements(decision: Any) -> dict[tuple[str, str], int]:
    """What the global rules said, and how strictly it stands; what is waived stands for nothing."""
    standing = {
        (entry["rule"], entry["msg"]): strictness
        for word, strictness in STRICTNESS.items()
        for entry in decision[word]
        if entry["layer"] == "global"
    }
    return {(entry["rule"], entry["msg"]): 0 for entry in decision["waived"] if entry["layer"] == "global"} | standing


@given(_LAYERS, st.integers(0, 2), _ANY_RULE)
@settings(max_examples=60, deadline=None)
def test_adding_a_deny_rule_never_turns_a_deny_into_an_allow(
    layers: tuple[Layer, Layer, Layer], where: int, rule: Rule
) -> None:
    before = _decisions(layers)
    after = _decisions(layer.with_rule(rule) if index == where else layer for index, layer in enumerate(layers))

    # A kind without any rule denies for that reason alone, until it has one: it is not the rule that allows.
    judged = {key: decision for key, decision in before.items() if not _is_unruled(decision)}
    assert not [key for key, decision in judged.items() if not decision["allow"] and after[key]["allow"]]


def _is_unruled(decision: Any) -> bool:
    return [entry["id"] for entry in decision["violations"]] == ["BYL-004"]


@given(_LAYERS)
@settings(max_examples=60, deadline=None)
def test_a_domains_bundle_never_removes_or_weakens_what_a_global_rule_says(
    layers: tuple[Layer, Layer, Layer],
) -> None:
    law, customer, order = layers
    with_it, without = _decisions(layers), _decisions((law, order))

    for key in with_it:
        strictness = _global_statements(with_it[key])
        alone = _global_statements(without[key])
        assert strictness.keys() == alone.keys()
        assert all(strictness[statement] >= alone[statement] for statement in alone), customer


@given(_LAYERS, _domain("customer"))
@settings(max_examples=60, deadline=None)
def test_a_domains_bundle_never_changes_anothers_decisions(layers: tuple[Layer, Layer, Layer], other: Layer) -> None:
    law, _, order = layers
    answers = [_decisions(chosen) for chosen in (layers, (law, order), (law, other, order))]

    assert all(answer[kind, "order"] == answers[0][kind, "order"] for answer in answers for kind in KINDS)


@given(_LAYERS.flatmap(lambda layers: st.tuples(st.just(layers), st.permutations(layers))))
@settings(max_examples=40, deadline=None)
def test_the_order_of_loading_never_matters(both: tuple[tuple[Layer, ...], list[Layer]]) -> None:
    layers, shuffled = both

    assert stacked(layer.bundle() for layer in layers) == stacked(layer.bundle() for layer in shuffled)
    assert _decisions(layers) == _decisions(shuffled)
