package global.privacy.pii_encrypted_in_transit_test

import data.global.privacy.pii_encrypted_in_transit

_schema := [
	{"name": "customers", "fields": [{"name": "email", "path": "contract.schema[customers].email", "personal": true}]},
	{"name": "segments", "fields": [{"name": "segment", "path": "contract.schema[segments].segment"}]},
]

_product(more) := {"product": {
	"output_ports": [object.union({"name": "api", "path": "output_ports[api]"}, more)],
	"contract": {"schema": _schema},
}}

_violation(msg) := {{"msg": msg, "path": "output_ports[api]"}}

test_allowed[note] if {
	some note, port in {
		"TLS": {"encryption": {"in_transit": "TLS"}},
		"in another case": {"encryption": {"in_transit": "mtls"}},
		"https says it": {"location": "https://customer-api.internal/customers"},
		"no personal data": {"schema": ["segments"]},
	}
	pii_encrypted_in_transit.violation == set() with input as _product(port)
		with data.global.parameters as {}
}

test_denied[note] if {
	some note, row in {
		"nothing said": {
			"port": {},
			"msg": "port api: it carries personal data (email), and it names no encryption in transit",
		},
		"plain http": {
			"port": {"location": "http://customer-api.internal/customers"},
			"msg": "port api: it carries personal data (email), and it names no encryption in transit",
		},
		"only at rest": {
			"port": {"encryption": {"at_rest": "AES-256"}},
			"msg": "port api: it carries personal data (email), and it names no encryption in transit",
		},
		"what it says wins over the location": {
			"port": {"location": "https://customer-api.internal", "encryption": {"in_transit": "none"}},
			"msg": "port api: it carries personal data (email), and none is not how the mesh encrypts in transit",
		},
		"an object that the contract does not show": {
			"port": {"schema": ["secrets"]},
			"msg": "port api: nobody can tell whether it carries personal data, and it names no encryption in transit",
		},
	}
	pii_encrypted_in_transit.violation == _violation(row.msg) with input as _product(row.port)
		with data.global.parameters as {}
}

test_denied_without_a_product if {
	pii_encrypted_in_transit.violation == {{
		"msg": "the product: nobody can tell whether it carries personal data, and it names no encryption in transit",
		"path": "product.encryption",
	}} with input as {}
}

test_the_council_agrees_on_protocols if {
	pii_encrypted_in_transit.violation == set() with input as _product({"encryption": {"in_transit": "wireguard"}})
		with data.global.parameters as {"encryption_in_transit": ["WireGuard"]}
	count(pii_encrypted_in_transit.violation) == 1 with input as _product({"encryption": {"in_transit": "TLS"}})
		with data.global.parameters as {"encryption_in_transit": ["WireGuard"]}
}
