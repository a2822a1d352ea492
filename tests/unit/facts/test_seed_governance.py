"""What the simple contract forms say of governance: constraints, roles, regions, promises of ports, conditions."""

from __future__ import annotations

from typing import Any

from bylaw.facts.gathered import Facts
from bylaw.facts.recognise import gather


def gathered(text: str) -> Facts:
    (facts,) = gather(text.encode(), file="c.yaml")
    assert isinstance(facts, Facts), facts
    return facts


def unread(facts: Facts) -> list[tuple[str, str]]:
    return [(part.path, part.reason) for part in facts.not_read]


DOMAINS = """domains:
  order:
    owner: order-team@company.com
    region: eastus
    data_products:
    - name: orders
      type: batch
      access_policies: [{role: analyst, permissions: [read, export], until: 2030}]
      encryption: aes256
      endpoints: [{type: rest, url: https://x, auth: oauth2, colour: red}]
      schema:
        fields:
        - {name: total, type: float, min: 0, max: 1000000}
        - {name: customer_id, type: string, references: customer.customer-profile.customer_id}
        - {name: code, type: string, pattern: '^[A-Z]{3}$', example: a@b.example}
        - {name: profile, type: record, source: customer.customer-profile}
        - {name: who, type: string, classification: public, sensitivity: restricted}
"""


def test_a_product_of_a_domain() -> None:
    facts = gathered(DOMAINS)
    said = facts.input["product"]
    assert (said["type"], said["regions"]) == ("batch", ["eastus"])
    assert said["encryption"] == {"at_rest": "AES-256"}
    assert said["access_policies"] == [
        {"role": "analyst", "path": "product.access_policies[analyst]", "permissions": ["read", "export"]}
    ]
    assert facts.location("product.access_policies[analyst]").row == 8
    total, customer, code, profile, who = said["contract"]["schema"][0]["fields"]
    assert (total["minimum"], total["maximum"]) == (0, 1_000_000)
    assert customer["references"] == ["customer/customer-profile/customer_id"]
    assert (code["pattern"], code["samples_look_like"]) == ("^[A-Z]{3}$", ["email"])
    assert profile["derived_from"] == ["customer/customer-profile"]
    assert said["contract"]["contradictions"] == [
        {
            "path": "contract.schema[orders].who.classification",
            "reason": "it is classified as public and as restricted",
        }
    ]
    assert who["classification"] == "public"
    assert unread(facts) == [
        ("product.access_policies[analyst].until", "'until' is no key that is known here"),
        ("output_ports[rest].colour", "'colour' is no key that is known here"),
    ]


def test_of_the_promises_of_several_ports_the_weakest_is_the_products() -> None:
    facts = gathered("""
data_product: p
domain: d
output_ports:
- {name: a, schema: {x: string}, service_level_objectives: [{name: freshness, threshold: P1D}]}
- name: b
  schema: {x: string}
  service_level_objectives:
  - {name: freshness, threshold: PT1H}
  - {name: availability, threshold: 99.9%, breach_policy: page}
- {name: c, schema: {x: string}, service_level_objectives: {availability: 99%}, speed: high}
""")
    assert facts.input["product"]["sla"] == {"freshness_seconds": 86_400, "availability": 0.99}
    assert unread(facts) == [("output_ports[c].speed", "'speed' is no key that is known here")]


def ruled(**rule: str) -> Facts:
    body = ", ".join(f"{key}: {value!r}" for key, value in rule.items())
    return gathered(
        "data_product_contract:\n  domain: d\n  name: n\n  schema:\n    properties:\n"
        "      who: {type: string, semantic_type: customer_key}\n      what: {type: number, minimum: 0}\n"
        f"  governance_rules: [{{{body}}}]\n"
    )


def fields(facts: Facts) -> list[dict[str, Any]]:
    return list(facts.input["product"]["contract"]["schema"][0]["fields"])


def test_a_rule_that_encrypts_promises_it_of_the_fields_that_its_condition_names() -> None:
    facts = ruled(
        rule_id="G",
        condition="field.semantic_type == `customer_key`".replace("`", '"'),
        action="ENCRYPT",
        algorithm="AES256_GCM",
        description="Handling of PII",
    )
    who, what = fields(facts)
    assert (who["encryption"], who["personal"]) == ("AES-256", True)
    assert ("encryption" in what, what["minimum"], unread(facts)) == (False, 0, [])


def test_a_rule_that_nobody_understands_is_reported() -> None:
    assert unread(ruled(condition="row > 1", action="ENCRYPT")) == [
        ("product.governance_rules", "condition 'row > 1' is not understood")
    ]
    facts = ruled(condition='field.semantic_type == "customer_key"', action="SHRED", when="never")
    assert unread(facts) == [
        ("product.governance_rules.when", "'when' is no key that is known here"),
        ("product.governance_rules", "action 'SHRED' promises nothing that is known here"),
    ]


def test_a_manifest_names_the_systems_that_it_is_made_of() -> None:
    facts = gathered(
        "product_name: p\nlineage: {source_systems: [crm, web], depth: 3}\n"
        "access: {read_endpoint: https://x, port: 1}\n"
    )
    assert [port["name"] for port in facts.input["product"]["input_ports"]] == ["crm", "web"]
    assert unread(facts) == [
        ("product.lineage.depth", "'depth' is no key that is known here"),
        ("product.access.port", "'port' is no key that is known here"),
    ]
