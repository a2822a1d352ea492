"""What a Bitol Open Data Product says: its ports, the contracts behind them, and who answers for it."""

from __future__ import annotations

from bylaw.facts.gathered import Facts
from bylaw.facts.recognise import gather

DOCUMENT = """apiVersion: v1.0.0
kind: DataProduct
id: 7f3a
name: customer-360
version: 2.0.0
domain: customer
status: active
tenant: shop
description: {purpose: One view of a customer.}
tags: [gold]
team: {name: crew, members: [{username: ann, role: owner}, {username: bo, role: owner, dateOut: '2024-01-01'}]}
customProperties:
- {property: classification, value: Restricted}
- {property: purposes, value: analytics}
inputPorts:
- {name: payments, version: 1.0.0, contractId: c-1}
- {name: payments, version: 2.0.0, contractId: c-2}
- name: clicks
  version: 1.0.0
  contractId: c-3
  customProperties: [{property: product, value: web/clicks}]
outputPorts:
- name: profiles
  version: 1.0.0
  type: tables
  contractId: c-9
  inputContracts: [{id: c-1, version: 1.0.0}, {id: c-7, version: 3.0.0}]
- name: profiles
  version: 2.0.0
  contractId: c-10
  deprecated: true
  sbom: [{url: https://sbom.example}]
  customProperties:
  - {property: encryptionAtRest, value: aes256}
  - {property: region, value: eu-west-1}
  - {property: format, value: Delta}
  - {property: location, value: s3://b/p}
managementPorts: [{name: control, content: control, colour: red}]
support: [{channel: mail, url: 'mailto:x@example.com'}]
"""


def gathered(text: str) -> Facts:
    (facts,) = gather(text.encode(), file="p.yaml")
    assert isinstance(facts, Facts), facts
    return facts


def test_the_facts_of_a_product() -> None:
    facts = gathered(DOCUMENT)
    assert facts.recognised_as == "odps 1.0.0"
    assert facts.input["product"] == {
        "id": "7f3a",
        "domain": "customer",
        "name": "customer-360",
        "version": "2.0.0",
        "owner": "ann",
        "status": "active",
        "description": "One view of a customer.",
        "classification": "restricted",
        "tags": ["gold"],
        "purposes": ["analytics"],
        "input_ports": [
            {
                "name": "payments",
                "path": "input_ports[payments@1.0.0]",
                "contract_id": "c-1",
                "version": "1.0.0",
            },
            {
                "name": "payments",
                "path": "input_ports[payments@2.0.0]",
                "contract_id": "c-2",
                "version": "2.0.0",
            },
            {
                "name": "clicks",
                "path": "input_ports[clicks]",
                "contract_id": "c-3",
                "product": "web/clicks",
                "version": "1.0.0",
            },
            {"name": "c-7", "path": "input_ports[c-7@3.0.0]", "contract_id": "c-7", "version": "3.0.0"},
        ],
        "output_ports": [
            {
                "name": "profiles",
                "path": "output_ports[profiles@1.0.0]",
                "type": "tables",
                "version": "1.0.0",
                "contract_id": "c-9",
            },
            {
                "name": "profiles",
                "path": "output_ports[profiles@2.0.0]",
                "format": "delta",
                "location": "s3://b/p",
                "version": "2.0.0",
                "contract_id": "c-10",
                "deprecated": True,
                "regions": ["eu-west-1"],
                "encryption": {"at_rest": "AES-256"},
            },
        ],
        "contract": {
            "standard": "odps",
            "standard_version": "1.0.0",
            "path": "contract",
            "schema": [],
            "unread": [{"path": "product.managementPorts.colour", "reason": "'colour' is no key that is known here"}],
        },
    }
    assert facts.location("output_ports[profiles@2.0.0].contract_id").row == 30
    assert facts.location("product.owner").row == 11


def test_what_the_standard_requires_and_is_not_said_is_a_fact() -> None:
    facts = gathered("apiVersion: v0.9.0\nkind: DataProduct\noutputPorts: [{name: p}]\n")
    assert [part["path"] for part in facts.input["product"]["contract"]["lacks"]] == [
        "product.id",
        "product.status",
        "output_ports[p].version",
    ]
    facts = gathered("apiVersion: v1.1.0\nkind: DataProduct\nid: p\ndeprecated: true\noutputPorts: [{name: p}]\n")
    assert "lacks" not in facts.input["product"]["contract"]
    assert facts.input["product"]["status"] == "deprecated"


def test_two_ports_of_one_name_and_version_are_refused() -> None:
    text = "apiVersion: v1.0.0\nkind: DataProduct\noutputPorts: [{name: p, version: 1}, {name: p, version: 1}]\n"
    (refusal,) = gather(text.encode(), file="p.yaml")
    assert str(refusal).endswith("output_ports[p@1] is described twice")


def test_a_variable_is_text_and_is_not_looked_up() -> None:
    facts = gathered("apiVersion: v1.1.0\nkind: DataProduct\nid: p\nname: ${HOME}\n")
    assert facts.input["product"]["name"] == "${HOME}"
