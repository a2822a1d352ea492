"""What a document is, and the reason for each that is refused: nothing is guessed into a form."""

from __future__ import annotations

import json

import pytest

from bylaw.errors import InputError
from bylaw.facts.gathered import Facts
from bylaw.facts.recognise import gather

ODCS = "kind: DataContract\nid: c\nversion: 1.0.0\nstatus: active\n"
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"


def gathered(content: str, *, file: str = "document.yaml") -> list[Facts | InputError]:
    return list(gather(content.encode(), file=file))


def only(content: str, *, file: str = "document.yaml") -> Facts:
    (facts,) = gathered(content, file=file)
    assert isinstance(facts, Facts), facts
    return facts


@pytest.mark.parametrize(
    ("content", "recognised_as", "kind"),
    [
        pytest.param(f"apiVersion: v3.0.0\n{ODCS}", "odcs 3.0.0", "publication", id="odcs 3.0.0"),
        pytest.param(f"apiVersion: v3.0.2\n{ODCS}", "odcs 3.0.2", "publication", id="odcs 3.0.2"),
        pytest.param(f"apiVersion: v3.1.0\n{ODCS}", "odcs 3.1.0", "publication", id="odcs 3.1.0"),
        pytest.param(f"apiVersion: v3.2.0\n{ODCS}", "odcs 3.2.0", "publication", id="odcs 3.2.0"),
        pytest.param("dataContractSpecification: 1.2.1\nid: c", "dcs 1.2.1", "publication", id="dcs"),
        pytest.param("kind: DataProduct\napiVersion: v0.9.0\nid: p", "odps 0.9.0", "publication", id="odps 0.9.0"),
        pytest.param("kind: DataProduct\napiVersion: v1.1.0\nid: p", "odps 1.1.0", "publication", id="odps 1.1.0"),
        pytest.param("kind: DataProduct\napiVersion: bylaw.io/v1\nname: p", "bylaw product", "publication", id="ours"),
        pytest.param("product: {domain: d, name: n}", "bylaw product", "publication", id="a decision's input"),
        pytest.param(
            "product: {domain: d, name: n}\nschema: {differences: []}", "bylaw product", "publication", id="with schema"
        ),
        pytest.param(POD, "kubernetes Pod", "provisioning", id="a pod"),
        pytest.param(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {}",
            "kubernetes Deployment",
            "provisioning",
            id="a deployment",
        ),
        pytest.param(
            "apiVersion: kafka.strimzi.io/v1beta2\nkind: KafkaTopic\nmetadata: {}",
            "kubernetes KafkaTopic",
            "provisioning",
            id="a custom resource",
        ),
        pytest.param(
            '{"format_version": "1.2", "resource_changes": []}', "terraform-plan 1.2", "provisioning", id="a plan"
        ),
    ],
)
def test_recognised(content: str, recognised_as: str, kind: str) -> None:
    facts = only(content)
    assert (facts.recognised_as, facts.kind) == (recognised_as, kind)


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        pytest.param("[]", "unrecognised_document", "an empty document", id="an empty list"),
        pytest.param("{}", "unrecognised_document", "an empty document", id="an empty mapping"),
        pytest.param(
            "- a\n- b", "unrecognised_document", "a list, and no form of document that is read here is one", id="a list"
        ),
        pytest.param(
            "hello",
            "unrecognised_document",
            "one value ('hello'), and no form of document that is read here is one",
            id="text",
        ),
        pytest.param(
            "a: 1\nb: 2",
            "unrecognised_document",
            "a mapping with 'a', 'b' is no form of document that is read here",
            id="some mapping",
        ),
        pytest.param(
            "kind: Nope\napiVersion: v3.1.0\nid: c",
            "unrecognised_document",
            "kind 'Nope' with apiVersion 'v3.1.0' is no kind of document that is read here",
            id="a made-up kind of odcs",
        ),
        pytest.param(
            "kind: Nope\nproduct: {}\nschema: {}",
            "unrecognised_document",
            "kind 'Nope' without apiVersion is no kind of document that is read here",
            id="a made-up kind that looks like a contract otherwise",
        ),
        pytest.param(
            "kind: DataProduct\napiVersion: v2.0.0\nid: p",
            "unrecognised_document",
            "a DataProduct of version 2.0.0; 0.9.0 to 1.1.0 are read",
            id="a version of the product standard that is not there yet",
        ),
        pytest.param(
            "schema: https://opendataproducts.org/v4.0/schema/odps.yaml\nversion: 4.0\nproduct: {details: {en: {}}}",
            "unrecognised_document",
            "an Open Data Product Specification of opendataproducts.org, which is not read; "
            "the Open Data Product Standard of Bitol (kind: DataProduct) is",
            id="another thing of the same letters",
        ),
        pytest.param(
            "dataProductDescriptor: 1.0.0\ninfo: {name: p}",
            "unrecognised_document",
            "a Data Product Descriptor Specification '1.0.0', which is not read",
            id="a third standard",
        ),
        pytest.param(
            "apiVersion: v3.1.0\nid: c\nschema: []",
            "unrecognised_document",
            "apiVersion 'v3.1.0' without kind is no kind of document that is read here",
            id="a contract without its kind",
        ),
        pytest.param(
            "kind: DataContract\napiVersion: v2.2.2",
            "unrecognised_document",
            "a DataContract of version 2.2.2; 3.0.0 to 3.2.0 are read",
            id="an older odcs",
        ),
        pytest.param(
            "kind: DataContract",
            "unrecognised_document",
            "a DataContract of version none; 3.0.0 to 3.2.0 are read",
            id="odcs without a version",
        ),
        pytest.param(
            "dataContractSpecification: 9.9.9",
            "unrecognised_document",
            "a Data Contract Specification of version 9.9.9; 0.9.0 to 1.2.1 are read",
            id="a dcs to come",
        ),
        pytest.param(
            "apiVersion: v1\nkind: Pot\nmetadata: {}",
            "unrecognised_document",
            "Kubernetes has no kind Pot in core/v1",
            id="a misspelt kubernetes kind",
        ),
        pytest.param(
            "apiVersion: v1\nkind: Pod", "wrong_shape", "the document: wanted metadata, came a mapping", id="x"
        ),
        pytest.param(
            f"{POD}spec: {{hostNetwork: yes}}",
            "wrong_shape",
            "/spec/hostNetwork: yes, no, on and off are flags to some readers of YAML and words to others; "
            "write true or false, or put the word in quotes",
            id="a flag that readers disagree about",
        ),
        pytest.param(
            '{"format_version": "2.0", "resource_changes": []}',
            "unrecognised_document",
            "a Terraform document of format 2.0; plans of format 1.x are read",
            id="a plan to come",
        ),
        pytest.param(
            '{"format_version": "1.0", "values": {}}',
            "unrecognised_document",
            "a Terraform document without planned_values or resource_changes: a state, not a plan",
            id="a state",
        ),
        pytest.param(
            '{"format_version": "1.2", "planned_values": {}, "errored": true}',
            "wrong_shape",
            "/errored: Terraform could not finish this plan, so it does not say all that will change",
            id="a plan that failed",
        ),
        pytest.param(
            '{"format_version": "1.2", "resource_changes": [{"address": "a.b", "type": "a"}]}',
            "wrong_shape",
            "/resource_changes/0: wanted a resource change with a change, came a mapping",
            id="a change without a change",
        ),
        pytest.param(
            f"apiVersion: v3.1.0\n{ODCS}schema: nothing",
            "wrong_shape",
            "/schema: wanted a list, came text ('nothing')",
            id="a schema that is text",
        ),
        pytest.param(
            f"apiVersion: v3.1.0\n{ODCS}domain: [a]",
            "wrong_shape",
            "/domain: wanted text, came a list",
            id="a domain that is a list",
        ),
        pytest.param(
            f"apiVersion: v3.1.0\n{ODCS}schema: [{{name: t, properties: [{{name: f, required: yes}}]}}]",
            "wrong_shape",
            "/schema/0/properties/0/required: wanted true or false, came text ('yes')",
            id="a flag that is a word",
        ),
        pytest.param(
            f"apiVersion: v3.1.0\n{ODCS}schema: [{{name: t, properties: [{{name: f}}, {{name: f}}]}}]",
            "wrong_shape",
            "contract.schema[t].f is described twice",
            id="a field twice",
        ),
        pytest.param(
            "dataContractSpecification: 1.2.1\nmodels: {m: {fields: {f: {$ref: 'other.yaml#/f'}}}}",
            "wrong_shape",
            "/models/m/fields/f/$ref: wanted a reference into this document's definitions, came text ('other.yaml#/f')",
            id="a reference elsewhere",
        ),
        pytest.param(
            "dataContractSpecification: 1.2.1\nmodels: {m: {fields: {f: {$ref: '#/definitions/d'}}}}\n"
            "definitions: {d: {fields: {f: {$ref: '#/definitions/d'}}}}",
            "wrong_shape",
            "/definitions/d/fields/f/$ref: wanted a reference that does not lead back to itself, "
            "came text ('#/definitions/d')",
            id="a reference to itself",
        ),
        pytest.param(
            "dataContractSpecification: 1.2.1\nmodels: {m: {fields: {f: {$ref: '#/definitions/d'}}}}\ndefinitions:\n"
            "  d: {type: array, items: {$ref: '#/definitions/d'}}\n",
            "wrong_shape",
            "/definitions/d/items/$ref: wanted a reference that does not lead back to itself, "
            "came text ('#/definitions/d')",
            id="items that refer to what they are items of",
        ),
        pytest.param(
            "dataContractSpecification: 1.2.1\nmodels: {m: {fields: {f: {items: {$ref: '#/definitions/d'}}}}}\n"
            "definitions:\n  d: {fields: {x: {type: map, values: {$ref: '#/definitions/d'}}}}\n",
            "wrong_shape",
            "/definitions/d/fields/x/values/$ref: wanted a reference that does not lead back to itself, "
            "came text ('#/definitions/d')",
            id="values that refer to what they are part of",
        ),
        pytest.param(
            "dataContractSpecification: 1.2.1\nmodels: {m: {fields: {f: {$ref: '#/definitions/d0'}}}}\ndefinitions:\n"
            + "".join(
                f"  d{n}: {{fields: {{a: {{$ref: '#/definitions/d{n + 1}'}}, "
                f"b: {{$ref: '#/definitions/d{n + 1}'}}}}}}\n"
                for n in range(40)
            )
            + "  d40: {type: text}\n",
            "input_too_large",
            "more than 20000 fields, references followed",
            id="references that multiply",
        ),
        pytest.param(
            "product: {domain: d, name: n, clasification: public}",
            "wrong_shape",
            "clasification: Extra inputs are not permitted",
            id="a misspelt fact",
        ),
        pytest.param(
            "domains: {a: {owner: b}}", "unrecognised_document", "domain definitions without a data product", id="y"
        ),
    ],
)
def test_refused(content: str, code: str, message: str) -> None:
    (refusal,) = gathered(content)
    assert isinstance(refusal, InputError)
    assert (refusal.code, refusal.message) == (code, message)


def test_one_bad_document_does_not_hide_the_others() -> None:
    first, second, third = gathered(f"{POD}---\nkind: Nope\n---\n{POD}")
    assert isinstance(first, Facts)
    assert isinstance(second, InputError)
    assert isinstance(third, Facts)
    assert (str(second.location), str(third.location(""))) == ("document.yaml:5:1", "document.yaml:7:1")


def test_objects_of_a_list_are_judged_one_by_one() -> None:
    listed = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata: {name: s}\n- " + (
        POD.replace("\n", "\n  ")
    )
    service, pod = (facts for facts in gathered(listed) if isinstance(facts, Facts))
    assert (service.recognised_as, pod.recognised_as) == ("kubernetes Service", "kubernetes Pod")
    assert pod.input == {"manifest": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}}}
    assert str(pod.location("metadata.name")) == "document.yaml:9:14"


def test_places_in_a_manifest_follow_names_and_keys_with_dots() -> None:
    facts = only(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  labels:\n    a: x\n    a.b/c: y\n"
        "spec:\n  template:\n    spec:\n      containers:\n      - name: one\n      - name: two\n        image: i\n"
    )
    places = {
        "metadata.labels.a.b/c": "6:5",
        "metadata.labels.owner": "4:3",
        "spec.template.spec.containers[two].image": "13:9",
        "spec.template.spec.containers[1]": "12:9",
        "manifest.metadata.labels": "4:3",
        "metadata.labels.a.b": "5:5",
    }
    assert {path: str(facts.location(path)).removeprefix("document.yaml:") for path in places} == places


def test_places_in_a_plan_go_by_address() -> None:
    plan = {
        "format_version": "1.2",
        "resource_changes": [
            {
                "address": "aws_s3_bucket.a",
                "mode": "managed",
                "type": "aws_s3_bucket",
                "change": {"actions": ["create"]},
            },
            {
                "address": 'module.m["k"].b',
                "mode": "managed",
                "type": "aws_s3_bucket",
                "change": {"actions": ["create"]},
            },
        ],
    }
    facts = only(json.dumps(plan, indent=1), file="plan.json")
    assert str(facts.location('resource_changes[module.m["k"].b].change')) == "plan.json:18:4"
    assert facts.input == {"plan": plan}


def test_the_released_version_in_an_input_is_read_like_the_product() -> None:
    facts = only("product: {domain: d, name: n}\nprevious: {domain: d, name: n, contract: {schema: [{name: t}]}}")
    assert facts.input["previous"]["contract"]["schema"] == [{"name": "t", "path": "contract.schema[t]", "fields": []}]
