"""
Policies and questions by the dozen, for tests that a YAML policy and the Rego it is shown as say the same. Each policy
is about a domain of its own, so that one law holds them all: every second one is the council's, with that scope.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from random import Random
from typing import Any

from bylaw.bundle import Bundle, read_library
from bylaw.bundle.build import build_files
from bylaw.bundle.layers import check_layers
from bylaw.bundle.policy_rego import package_of, rego_of

TYPES = ("access", "quality", "privacy", "retention", "compliance")
CLASSES = ("public", "Restricted", "confidential", "odd")
ROLES = ("analyst", "steward", "intern")
VALIDATOR = 'passes if input.context.purpose == "audit"\n\npasses if input.product.contract.kept_days > 30\n'
SAID = ("msg", "path", "id", "enforcement", "severity", "remediation", "controls", "layer")


@dataclass(frozen=True, slots=True)
class Generated:
    """A policy, and what is asked about its domain."""

    root: tuple[str, ...]
    policy: dict[str, Any]
    questions: tuple[dict[str, Any], ...]

    @property
    def kind(self) -> str:
        return str(self.policy["type"])


def generated(seed: int, count: int) -> list[Generated]:
    random = Random(seed)
    return [_one(random, number) for number in range(count)]


def laws(made: list[Generated]) -> tuple[list[Bundle], list[Bundle]]:
    """The bundles of the policies as YAML, and of the same as Rego; each with the library and the mesh."""
    beside = [read_library(), _mesh(made)]
    return [*beside, *_bundles(made, as_rego=False)], [*beside, *_bundles(made, as_rego=True)]


def comparable(decision: Any) -> Any:
    """
    What both forms say of a question: all but the names of rules and what only the interpreter adds. Two rules of a
    package that say the same word for word are one statement in Rego.
    """
    told = {
        name: sorted({json.dumps({key: entry[key] for key in SAID}) for entry in decision[name]})
        for name in ("violations", "warnings", "audits")
    }
    return {"decision": decision["decision"], "allow": decision["allow"], **told}


def _bundles(made: list[Generated], *, as_rego: bool) -> list[Bundle]:
    by_root: dict[tuple[str, ...], dict[str, bytes]] = {}
    for each in made:
        folder = "/".join(each.root)
        files = by_root.setdefault(each.root, {".manifest": json.dumps({"roots": [folder]}).encode()})
        package = ".".join((*each.root, "validators", "sound"))
        files[f"{folder}/validators/sound.rego"] = f"package {package}\n\n{VALIDATOR}".encode()
        name = package_of(each.root, each.policy).replace(".", "/")
        if as_rego:
            files[f"{name}.rego"] = rego_of(each.root, each.policy).encode()
        else:
            files[f"{folder}/policies/{each.policy['name']}.yaml"] = json.dumps(each.policy).encode()
    found = [build_files(files, stem=root[-1]) for root, files in by_root.items()]
    for bundle in found:
        check_layers(bundle)
    return found


def _mesh(made: list[Generated]) -> Bundle:
    products = {}
    for number, _ in enumerate(made):
        product: dict[str, Any] = {"domain": f"d{number}", "name": "p"}
        product |= {"classification": CLASSES[number % 5]} if number % 5 < len(CLASSES) else {}
        products[f"d{number}/p"] = product | ({"tags": ["gold"]} if number % 3 else {})
    bindings = {"tables": {f"lake.d{number}.t": f"d{number}/p" for number, _ in enumerate(made)}}
    data = {"mesh": {"products": products, "bindings": bindings}}
    return build_files({".manifest": b'{"roots": ["mesh"]}', "data.json": json.dumps(data).encode()}, stem="mesh")


def _one(random: Random, number: int) -> Generated:
    domain, kind = f"d{number}", TYPES[number % len(TYPES)]
    is_the_councils = number % 2 == 0
    scope: dict[str, Any] = {"domains": [domain]} if is_the_councils else {}
    for key, values in {"roles": ROLES, "tags": ("gold", "silver"), "classification": CLASSES}.items():
        if random.random() < 0.2:
            scope[key] = random.choice([values[0], list(values[:2])])
    policy: dict[str, Any] = {"name": f"p {number}", "type": kind, "description": 'What "it" is: #1'}
    policy |= {"metadata": {"scope": scope, "severity": "low", "controls": ["a: b"]}} if scope else {}
    for key, values in {
        "enforcement": ("deny", "mandatory", "warn", "advisory", "audit"),
        "enabled": (True, True, False),
        "priority": (-1, 0, 2.5),
    }.items():
        if random.random() < 0.4:
            policy[key] = random.choice(values)
    if random.random() < 0.15:
        policy["validator"] = "sound"
    else:
        policy["rules"] = [_rule(random, kind) for _ in range(random.randint(1, 3))]
    root = ("global",) if is_the_councils else ("domains", domain)
    return Generated(root, policy, tuple(_question(random, kind, domain) for _ in range(4)))


def _rule(random: Random, kind: str) -> dict[str, Any]:
    match kind:
        case "quality":
            rule: dict[str, Any] = {"metric": random.choice("mn"), "threshold": random.choice([0, 0.5, 1])}
            return rule | (
                {"operator": random.choice(["gte", "lte", "gt", "lt", "equals"])} if random.random() < 0.8 else {}
            )
        case "privacy":
            return {
                "classification": random.choice(CLASSES),
                "required_protections": random.sample(["masking", "vault"], random.randint(0, 2)),
            }
        case _:
            actions = ("allow", "deny") if kind == "access" else ("deny",)
            rule = {"action": random.choice(actions)}
            conditions = [_condition(random, kind) for _ in range(random.randint(0, 2))]
            rule |= {"conditions": conditions} if conditions else {}
            return rule | ({"reason": 'so\t"it" \u2028 is'} if random.random() < 0.5 else {})


_OPERATORS = (
    *("equals", "not_equals", "in", "not_in", "gt", "gte", "lt"),
    *("lte", "exists", "contains", "starts_with", "matches"),
)


def _condition(random: Random, kind: str) -> dict[str, Any]:
    of_requests = ("role", "group", "action", "column", "purpose", "subject.properties.level", "user")
    of_products = ("product.contract.kept_days", "product.owner", "product.status")
    field = random.choice((*(of_requests if kind == "access" else of_products), "tag", "classification", "product"))
    operator = random.choice(_OPERATORS)
    said: dict[str, Any] = {"field": field, "operator": operator}
    texts = [*ROLES, *CLASSES, "read", "audit", "email", "gold", "p", "ann"]
    match operator:
        case "in" | "not_in":
            said["value"] = random.sample([*texts, 7], 3)
        case "gt" | "gte" | "lt" | "lte":
            said["value"] = random.choice([3, 30, 0.5])
        case "exists":
            said |= random.choice([{}, {"value": True}, {"value": False}])
        case "starts_with" | "matches":
            said["value"] = random.choice(["a", "^r", "."] if operator == "matches" else ["a", "r", ""])
        case _:
            said["value"] = random.choice([*texts, 7, 30, True, ["analyst"]])
    return said


def _question(random: Random, kind: str, domain: str) -> dict[str, Any]:
    if kind == "access":
        properties: dict[str, Any] = {}
        for key in ("roles", "groups"):
            if random.random() < 0.6:
                properties[key] = random.sample(ROLES, random.randint(0, 2))
        if random.random() < 0.6:
            properties["level"] = random.choice([3, 7, "high", None, [3, None]])
        resource: dict[str, Any] = {"type": "table", "id": f"lake.{domain}.t"}
        if random.random() < 0.5:
            resource["properties"] = {"columns": random.choice([[], ["email"], ["id", "email"]])}
        asked: dict[str, Any] = {
            "subject": {"type": "user", "id": random.choice(["ann", "bob"]), "properties": properties},
            "action": {"name": random.choice(["read", "write"])},
            "resource": resource,
        }
        return asked | (
            {"context": {"purpose": random.choice(["audit", "marketing"])}} if random.random() < 0.5 else {}
        )
    product: dict[str, Any] = {"domain": domain, "name": "p"}
    for key, values in {
        "classification": CLASSES,
        "tags": (["gold"], []),
        "owner": ("ann", "a team"),
        "protections": (["masking"], ["vault", "masking"]),
        "contract": ({"kept_days": 7}, {"kept_days": 31}, {"kept_days": "long"}, {}),
    }.items():
        if random.random() < 0.7:
            product[key] = random.choice(values)
    results = [
        {
            "metric": random.choice("mn"),
            "status": random.choice(["pass", "fail", "error"]),
            "value": random.choice([0, 0.5, 1]),
        }
        for _ in range(random.randint(0, 3))
    ]
    return {"product": product} | ({"quality": {"results": results}} if random.random() < 0.8 else {})
