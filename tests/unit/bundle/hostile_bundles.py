"""
What domain bundles try that want to be more than a domain's: the files, and by which code and sentence they are refused
beside the council's bundle.
"""

from __future__ import annotations

from collections.abc import Mapping

MANIFEST = '{"roots": ["domains/customer"], "metadata": {"bylaw": {"name": "customer"}}}'
RULE = "package domains.customer.privacy.rule\n\n"
COUNCIL = {
    ".manifest": '{"roots": ["global"], "metadata": {"bylaw": {"name": "global"}}}',
    "global/encrypted.rego": (
        "# METADATA\n# title: Encrypted\n# custom:\n#   id: PRV-001\n#   enforcement: deny\n"
        'package global.privacy.encrypted\n\nviolation contains {"msg": "x"} if not input.product.encrypted\n'
    ),
    "global/documented.rego": (
        "# METADATA\n# title: Documented\n# custom:\n#   id: CMP-001\n#   enforcement: warn\n"
        'package global.compliance.documented\n\nviolation contains {"msg": "x"} if not input.product.doc\n'
    ),
    "global/policies/measured.yaml": (
        "name: measured\ntype: quality\nmetadata: {id: POL-1}\nrules:\n"
        "  - {metric: accuracy, operator: gte, threshold: 0.98}\n  - {metric: delay, operator: lt, threshold: 4}\n"
    ),
    "global/policies/gold.yaml": (
        "name: gold\ntype: quality\nmetadata: {scope: {tags: [gold]}}\nrules:\n"
        "  - {metric: uniqueness, operator: gte, threshold: 0.99}\n"
    ),
    "global/data.yaml": """
parameters:
  classes: [public, restricted]
  days: 30
  evidence_age: 60
  fields: [owner, name]
  formats: [delta, iceberg]
  quality_thresholds: {completeness: {gte: 0.95}, errors: {lte: 3}, share: 0.5, exact: {equals: 1}, edge: {gt: 1}}
  enforcement: {global.compliance.raised: deny}
  taxonomy: {categories: {company.badge: {}}}
  directions:
    {days: higher, evidence_age: lower, fields: more, formats: fewer, quality_thresholds: bounds, taxonomy: extends}
  waivers: {approvers: [council]}
""",
}


def _terms(text: str) -> dict[str, str]:
    return {"domains/customer/data.yaml": text}


def parameters(text: str) -> dict[str, str]:
    return _terms(f"parameters:\n  {text}\n")


def policy(text: str) -> dict[str, str]:
    return _terms(f"policies:\n  - {{name: p, {text}}}\n")


_HERE = "customer/domains/customer/data.yaml"
_ONE_ROOT = "a domain's bundle owns one root, domains/<name>, and nothing beside it"
_NETWORK = "the built-in {} is not open to a domain's rules: it reaches the network"
_READS = (
    "a domain reads input, its own root, data.bylaw.lib, data.global.parameters, "
    "data.mesh.products and data.mesh.bindings"
)

Row = tuple[Mapping[str, str], str, str]

_DEFINES: dict[str, Row] = {
    "a rule of the council": (
        {"r.rego": 'package global.privacy.encrypted\n\nviolation contains "x" if false\n'},
        "bundle_outside_roots",
        "r.rego:1:1: package global.privacy.encrypted is outside the bundle's root domains/customer",
    ),
    "a rule of another domain": (
        {"r.rego": 'package domains.order.access.rule\n\ngrant contains {"msg": "x"}\n'},
        "bundle_outside_roots",
        "r.rego:1:1: package domains.order.access.rule is outside the bundle's root domains/customer",
    ),
    "a domain whose name begins like its own": (
        {"r.rego": "package domains.customers.access.rule\n\nx := 1\n"},
        "bundle_outside_roots",
        "r.rego:1:1: package domains.customers.access.rule is outside the bundle's root domains/customer",
    ),
    "who may ask the service": (
        {"r.rego": "package system.authz\n\nallow := true\n"},
        "bundle_outside_roots",
        "r.rego:1:1: package system.authz is outside the bundle's root domains/customer",
    ),
    "what the audit log leaves out": (
        {"r.rego": 'package system.log\n\nmask contains "/input"\n'},
        "bundle_outside_roots",
        "r.rego:1:1: package system.log is outside the bundle's root domains/customer",
    ),
    "waivers of the council": (
        {"data.json": '{"global": {"waivers": []}}'},
        "bundle_outside_roots",
        "data.json:1:2: data at global is outside the bundle's root domains/customer",
    ),
    "parameters of the council": (
        {"global/parameters/data.yaml": "days: 1\n"},
        "bundle_outside_roots",
        "global/parameters/data.yaml:1:1: data at global is outside the bundle's root domains/customer",
    ),
    "grants of the mesh": (
        {"data.yaml": "domains: {customer: {}}\nmesh:\n  grants: [{subject: 'user:mallory'}]\n"},
        "bundle_outside_roots",
        "data.yaml:2:1: data at mesh is outside the bundle's root domains/customer",
    ),
    "parameters of another domain": (
        {"domains/order/data.yaml": "parameters: {}\n"},
        "bundle_outside_roots",
        "domains/order/data.yaml:1:1: data at domains/order is outside the bundle's root domains/customer",
    ),
    "the list of all domains": (
        {"domains/data.json": "[]"},
        "bundle_outside_roots",
        "domains/data.json:1:1: data at domains is outside the bundle's root domains/customer",
    ),
}

_SHADOWS: dict[str, Row] = {
    "composition": (
        {"r.rego": 'package bylaw.compose\n\ndecision(_, _, _, _) := {"allow": true}\n'},
        "bundle_outside_roots",
        "r.rego:1:1: package bylaw.compose is outside the bundle's root domains/customer",
    ),
    "a decision": (
        {"r.rego": "package bylaw.decisions.access\n\ndecision := 1\n"},
        "bundle_outside_roots",
        "r.rego:1:1: package bylaw.decisions.access is outside the bundle's root domains/customer",
    ),
    "a helper": (
        {"r.rego": "package bylaw.lib.domains\n\nconcerned := set()\n"},
        "bundle_outside_roots",
        "r.rego:1:1: package bylaw.lib.domains is outside the bundle's root domains/customer",
    ),
    "a helper, as data": (
        {"bylaw/lib/data.json": '{"domains": {"concerned": []}}'},
        "bundle_outside_roots",
        "bylaw/lib/data.json:1:1: data at bylaw is outside the bundle's root domains/customer",
    ),
    "the library, by its root": (
        {".manifest": '{"roots": ["bylaw"]}'},
        "bundle_overlapping_roots",
        'bylaw/.manifest:1:2: bundles bylaw and library overlap: both own "bylaw"',
    ),
    "one package of the library, by its root": (
        {".manifest": '{"roots": ["bylaw/lib/domains"]}'},
        "bundle_overlapping_roots",
        'domains/.manifest:1:2: bundles domains and library overlap: both own "bylaw/lib/domains" and "bylaw"',
    ),
    "a helper, for the length of a query": (
        {"r.rego": f"{RULE}x if data.bylaw.lib.access.groups with data.bylaw.compose as 1\n"},
        "bundle_forbidden_reference",
        f"customer/r.rego:3:40: domain customer reads data.bylaw.compose, which is not its to read; {_READS}",
    ),
}

_OVERLAPS: dict[str, Row] = {
    "the council's root": (
        {".manifest": '{"roots": ["global"], "metadata": {"bylaw": {"name": "mallory"}}}'},
        "bundle_overlapping_roots",
        'mallory/.manifest:1:2: bundles global and mallory overlap: both own "global"',
    ),
    "a part of the council's root": (
        {".manifest": '{"roots": ["global/waivers"], "metadata": {"bylaw": {"name": "a"}}}'},
        "bundle_overlapping_roots",
        'a/.manifest:1:2: bundles a and global overlap: both own "global/waivers" and "global"',
    ),
    "the root of all domains": (
        {".manifest": '{"roots": ["domains"]}', "r.rego": "package domains.customer.privacy.x\n"},
        "bundle_outside_roots",
        f"domains/.manifest:1:2: bundle domains owns domains: {_ONE_ROOT}",
    ),
    "two domains": (
        {".manifest": '{\n"roots": ["domains/customer", "domains/order"]}'},
        "bundle_outside_roots",
        f"hostile/.manifest:2:1: bundle hostile owns domains/customer, domains/order: {_ONE_ROOT}",
    ),
    "a domain and the mask of the audit log": (
        {".manifest": '{"roots": ["domains/customer", "system/log"]}'},
        "bundle_outside_roots",
        f"hostile/.manifest:1:2: bundle hostile owns domains/customer, system/log: {_ONE_ROOT}",
    ),
    "the council's name": (
        {".manifest": '{"roots": ["domains/global"]}'},
        "bundle_outside_roots",
        "global/.manifest:1:2: bundle global: no domain is called global: that is a layer of others",
    ),
    "a name by which nobody is asked": (
        {".manifest": '{"roots": ["domains/Customer"]}'},
        "bundle_outside_roots",
        (
            "Customer/.manifest:1:2: bundle Customer: no domain is called Customer, so nobody would ask it: "
            "a name is at most 64 lower-case letters, digits, - and _"
        ),
    ),
    "the registry's name": (
        {"domains/mesh/data.yaml": "waivers: []\n", ".manifest": '{"roots": ["domains/mesh"]}'},
        "bundle_outside_roots",
        "mesh/.manifest:1:2: bundle mesh: no domain is called mesh: that is a layer of others",
    ),
    "a root in its own root": (
        {".manifest": '{"roots": ["domains/customer", "domains/customer/privacy"]}'},
        "bundle_invalid_manifest",
        '.manifest: the roots "domains/customer" and "domains/customer/privacy" overlap; name each part once',
    ),
    "a root that steps upwards": (
        {".manifest": '{"roots": ["domains/customer/../../global"]}'},
        "bundle_invalid_manifest",
        '.manifest: "domains/customer/../../global" is no root',
    ),
}

_READS_AND_CALLS: dict[str, Row] = {
    "a global verdict": (
        {"r.rego": f"{RULE}x := data.global.privacy.encrypted.violation\n"},
        "bundle_forbidden_reference",
        (
            "customer/r.rego:3:6: domain customer reads data.global.privacy.encrypted.violation, "
            f"which is not its to read; {_READS}"
        ),
    ),
    "another domain": (
        {"r.rego": f"{RULE}x := data.domains.order.parameters\n"},
        "bundle_forbidden_reference",
        f"customer/r.rego:3:6: domain customer reads data.domains.order.parameters, which is not its to read; {_READS}",
    ),
    "data by a key of the input": (
        {"r.rego": f"{RULE}x := data[input.layer]\n"},
        "bundle_forbidden_reference",
        (
            "customer/r.rego:3:6: domain customer reads data[…], "
            f"which is known only when it is evaluated, so it could be anything; {_READS}"
        ),
    ),
    "the network": (
        {"r.rego": f'{RULE}x := http.send({{"url": "http://169.254.169.254/"}})\n'},
        "bundle_forbidden_reference",
        f"customer/r.rego:3:6: {_NETWORK.format('http.send')}",
    ),
    "the network, by a name": (
        {"r.rego": f'{RULE}x := net.lookup_ip_addr("a.example")\n'},
        "bundle_forbidden_reference",
        f"customer/r.rego:3:6: {_NETWORK.format('net.lookup_ip_addr')}",
    ),
    "the process": (
        {"r.rego": f"{RULE}x := opa.runtime()\n"},
        "bundle_forbidden_reference",
        (
            "customer/r.rego:3:6: the built-in opa.runtime is not open to a domain's rules: "
            "it reads the process it runs in"
        ),
    ),
    "a function nobody has": (
        {"r.rego": f"{RULE}x := acme.secret(1)\n"},
        "bundle_forbidden_reference",
        "customer/r.rego:3:6: acme.secret is no built-in that is open to a domain's rules",
    ),
}

_GRANTS: dict[str, Row] = {
    "by the scope of a policy": (
        _terms(
            "policies:\n  - name: p\n    type: access\n    metadata:\n      scope:\n        domains: [order]\n"
            "    rules: [{action: allow}]\n"
        ),
        "bundle_loosened_law",
        f"{_HERE}:6:9: policy p of domain customer grants in order: a domain grants on its own products",
    ),
    "by a scope that holds its own as well": (
        policy("type: access, metadata: {scope: {domains: [customer, order]}}, rules: [{action: allow}]"),
        "bundle_loosened_law",
        f"{_HERE}:2:48: policy p of domain customer grants in order: a domain grants on its own products",
    ),
    "by a condition": (
        policy("type: access, rules: [{action: allow, conditions: [{field: domain, operator: in, value: [order]}]}]"),
        "bundle_loosened_law",
        f"{_HERE}:2:66: policy p of domain customer grants in order: a domain grants on its own products",
    ),
    "by a rule of the other domain": (
        {"r.rego": 'package domains.order.access.open\n\ngrant contains {"msg": "mine"}\n'},
        "bundle_outside_roots",
        "r.rego:1:1: package domains.order.access.open is outside the bundle's root domains/customer",
    ),
}

_METADATA: dict[str, Row] = {
    "of the council's rule": (
        _terms("metadata:\n  global.privacy.encrypted: {enforcement: audit}\n"),
        "bundle_invalid_policy_document",
        (
            f"{_HERE}:2:3: data/domains/customer/metadata is about global.privacy.encrypted, "
            "which is no rule of this bundle"
        ),
    ),
    "of the council's rule, by its id": (
        {"r.rego": f"# METADATA\n# custom:\n#   id: PRV-001\n#   enforcement: audit\n{RULE}x := 1\n"},
        "bundle_loosened_law",
        (
            "customer/r.rego:5:1: domains.customer.privacy.rule of domain customer calls itself PRV-001, "
            "which is global.privacy.encrypted: a domain does not redefine what the council's rules are"
        ),
    ),
    "of the council's policy, by its id": (
        policy("type: access, metadata: {id: POL-1}, rules: [{action: deny}]"),
        "bundle_loosened_law",
        (
            f"{_HERE}:2:40: domains.customer.policies.p of domain customer calls itself POL-1, "
            "which is global.policies.measured: a domain does not redefine what the council's rules are"
        ),
    ),
    "twice": (
        {
            "a.rego": f"# METADATA\n# title: a\n{RULE}",
            "b.rego": f"# METADATA\n# title: b\n{RULE}",
        },
        "rego_parse_error",
        "customer/b.rego:1:1: metadata: the metadata of domains.customer.privacy.rule is said in another file as well",
    ),
}

_LOOSER = "looser than the council's"
_STRICTER = "a domain sets stricter values (the council's direction is {})"

_LOWERS: dict[str, Row] = {
    "the enforcement of a rule": (
        parameters("enforcement: {global.privacy.encrypted: warn}"),
        "bundle_loosened_law",
        f"{_HERE}:2:17: domain customer lowers global.privacy.encrypted from deny to warn: a domain raises enforcement",
    ),
    "an advisory rule's": (
        parameters("enforcement: {global.compliance.documented: AUDIT}"),
        "bundle_loosened_law",
        (
            f"{_HERE}:2:17: domain customer lowers global.compliance.documented from warn to AUDIT: "
            "a domain raises enforcement"
        ),
    ),
    "the enforcement that the council set": (
        parameters("enforcement: {global.compliance.raised: advisory}"),
        "bundle_loosened_law",
        (
            f"{_HERE}:2:17: domain customer lowers global.compliance.raised from deny to advisory: "
            "a domain raises enforcement"
        ),
    ),
    "the enforcement of a policy": (
        parameters("enforcement: {global.policies.measured: audit}"),
        "bundle_loosened_law",
        (
            f"{_HERE}:2:17: domain customer lowers global.policies.measured from deny to audit: "
            "a domain raises enforcement"
        ),
    ),
    "the enforcement of a rule by a word that is none": (
        parameters("enforcement: {global.privacy.encrypted: 'off'}"),
        "bundle_loosened_law",
        (
            f"{_HERE}:2:17: data/domains/customer/parameters/enforcement/global.privacy.encrypted is one of "
            'audit, advisory, warn, mandatory, deny, not "off"'
        ),
    ),
    "another domain's rule": (
        parameters("enforcement: {domains.order.privacy.x: deny}"),
        "bundle_loosened_law",
        (
            f"{_HERE}:2:17: domain customer sets the enforcement of domains.order.privacy.x: "
            "a domain raises rules of the council and its own"
        ),
    ),
    "a threshold": (
        parameters("quality_thresholds: {completeness: {gte: 0.5}}"),
        "bundle_loosened_law",
        (
            f"{_HERE}:2:39: data/domains/customer/parameters/quality_thresholds/completeness/gte is gte 0.5, "
            f"{_LOOSER} gte 0.95: {_STRICTER.format('bounds')}"
        ),
    ),
    "a threshold at most": (
        parameters("quality_thresholds: {errors: {lte: 4}}"),
        "bundle_loosened_law",
        (
            f"{_HERE}:2:33: data/domains/customer/parameters/quality_thresholds/errors/lte is lte 4, "
            f"{_LOOSER} lte 3: {_STRICTER.format('bounds')}"
        ),
    ),
    "a threshold that is a number": (
        parameters("quality_thresholds: {share: 0.4}"),
        "bundle_loosened_law",
        (
            f"{_HERE}:2:24: data/domains/customer/parameters/quality_thresholds/share is gte 0.4, "
            f"{_LOOSER} gte 0.5: {_STRICTER.format('bounds')}"
        ),
    ),
    "a threshold that is exact": (
        parameters("quality_thresholds: {exact: {equals: 0}}"),
        "bundle_loosened_law",
        (
            f"{_HERE}:2:32: data/domains/customer/parameters/quality_thresholds/exact/equals is equals 0, "
            f"{_LOOSER} equals 1: {_STRICTER.format('bounds')}"
        ),
    ),
    "a threshold by its lower edge": (
        parameters("quality_thresholds: {edge: {gte: 1}}"),
        "bundle_loosened_law",
        (
            f"{_HERE}:2:31: data/domains/customer/parameters/quality_thresholds/edge/gte is gte 1, "
            f"{_LOOSER} gt 1: {_STRICTER.format('bounds')}"
        ),
    ),
    "a threshold by an operator that is none": (
        parameters("quality_thresholds: {completeness: {about: 1}}"),
        "bundle_loosened_law",
        (
            f"{_HERE}:2:39: data/domains/customer/parameters/quality_thresholds/completeness/about is a number "
            f'under one of gte, gt, lte, lt, equals, not {{"about": 1}}: {_STRICTER.format("bounds")}'
        ),
    ),
    "thresholds of no shape": (
        parameters("quality_thresholds: none"),
        "bundle_loosened_law",
        (
            f"{_HERE}:2:3: data/domains/customer/parameters/quality_thresholds is an object of bounds by metric, "
            f'not "none": {_STRICTER.format("bounds")}'
        ),
    ),
    "a number": (
        parameters("days: 29"),
        "bundle_loosened_law",
        f"{_HERE}:2:3: data/domains/customer/parameters/days is 29, {_LOOSER} 30: {_STRICTER.format('higher')}",
    ),
    "a number, upwards": (
        parameters("evidence_age: 61"),
        "bundle_loosened_law",
        f"{_HERE}:2:3: data/domains/customer/parameters/evidence_age is 61, {_LOOSER} 60: {_STRICTER.format('lower')}",
    ),
    "a number, by a text": (
        parameters("days: '9999'"),
        "bundle_loosened_law",
        f'{_HERE}:2:3: data/domains/customer/parameters/days is a number, not "9999": {_STRICTER.format("higher")}',
    ),
    "a number, by a flag": (
        parameters("days: true"),
        "bundle_loosened_law",
        f"{_HERE}:2:3: data/domains/customer/parameters/days is a number, not true: {_STRICTER.format('higher')}",
    ),
    "a list of what is demanded": (
        parameters("fields: [owner]"),
        "bundle_loosened_law",
        (
            f'{_HERE}:2:3: data/domains/customer/parameters/fields leaves out "name", which the council asks for: '
            f"{_STRICTER.format('more')}"
        ),
    ),
    "a list of what is admitted": (
        parameters("formats: [delta, csv]"),
        "bundle_loosened_law",
        (
            f'{_HERE}:2:20: data/domains/customer/parameters/formats/1 is "csv", which the council does not admit: '
            f"{_STRICTER.format('fewer')}"
        ),
    ),
    "a word that the council has": (
        parameters("taxonomy: {categories: {customer.card: {}, company.badge: {personal: false}}}"),
        "bundle_loosened_law",
        (
            f"{_HERE}:2:46: data/domains/customer/parameters/taxonomy/categories/company.badge is said by the council "
            f"already: {_STRICTER.format('extends')}"
        ),
    ),
    "words of no shape": (
        parameters("taxonomy: {categories: [customer.card]}"),
        "bundle_loosened_law",
        (
            f"{_HERE}:2:14: data/domains/customer/parameters/taxonomy/categories is an object, not "
            f'["customer.card"]: {_STRICTER.format("extends")}'
        ),
    ),
    "words that are none": (
        parameters("taxonomy: all"),
        "bundle_loosened_law",
        (
            f'{_HERE}:2:3: data/domains/customer/parameters/taxonomy is an object, not "all": '
            f"{_STRICTER.format('extends')}"
        ),
    ),
    "what has no direction": (
        parameters("classes: [restricted]"),
        "bundle_loosened_law",
        (
            f"{_HERE}:2:3: domain customer sets classes, a parameter of the council, which does not declare in which "
            "direction it is stricter (parameters.directions.classes)"
        ),
    ),
    "the directions themselves": (
        parameters("directions: {days: lower}"),
        "bundle_loosened_law",
        (
            f"{_HERE}:2:3: domain customer sets directions, a parameter of the council, which does not declare "
            "in which direction it is stricter (parameters.directions.directions)"
        ),
    ),
    "a threshold, by a policy": (
        policy("type: quality, rules: [{metric: completeness, threshold: 0.9}]"),
        "bundle_loosened_law",
        (
            f"{_HERE}:2:61: policy p of domain customer asks completeness gte 0.9, {_LOOSER} gte 0.95: "
            "a domain sets stricter thresholds"
        ),
    ),
    "a threshold of a policy, by a policy": (
        policy("type: quality, rules: [{metric: accuracy, operator: gte, threshold: 0.97}]"),
        "bundle_loosened_law",
        (
            f"{_HERE}:2:72: policy p of domain customer asks accuracy gte 0.97, {_LOOSER} gte 0.98: "
            "a domain sets stricter thresholds"
        ),
    ),
    "a threshold by its edge": (
        policy("policy_type: quality, rules: [{metric: delay, operator: lte, threshold: 4}]"),
        "bundle_loosened_law",
        (
            f"{_HERE}:2:76: policy p of domain customer asks delay lte 4, {_LOOSER} lt 4: "
            "a domain sets stricter thresholds"
        ),
    ),
}

HOSTILE: dict[str, Row] = {
    f"{what} {name}": row
    for what, rows in {
        "defines": _DEFINES,
        "shadows": _SHADOWS,
        "overlaps": _OVERLAPS,
        "reads or calls": _READS_AND_CALLS,
        "grants outside its domain": _GRANTS,
        "redefines metadata": _METADATA,
        "lowers": _LOWERS,
    }.items()
    for name, row in rows.items()
}
