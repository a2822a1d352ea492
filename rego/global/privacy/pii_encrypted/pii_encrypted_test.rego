package global.privacy.pii_encrypted_test

import data.global.privacy.pii_encrypted

_fields := [
	{"name": "customer_id", "path": "contract.schema[customers].customer_id", "personal": false},
	{"name": "email", "path": "contract.schema[customers].email", "personal": true},
]

_segments := {"name": "segments", "path": "contract.schema[segments]", "fields": [{
	"name": "segment",
	"path": "contract.schema[segments].segment",
	"personal": false,
}]}

_schema := [{"name": "customers", "path": "contract.schema[customers]", "fields": _fields}, _segments]

_port(more) := object.union({"name": "daily", "path": "output_ports[daily]", "type": "s3"}, more)

_product(port) := {"product": {"output_ports": [port], "contract": {"schema": _schema}}}

_carries := "port daily: it carries personal data (email), and it names no encryption at rest"

_violation(msg) := {{"msg": msg, "path": "output_ports[daily]"}}

test_allowed[note] if {
	some note, port in {
		"AES-256": {"encryption": {"at_rest": "AES-256"}},
		"the same cipher in another spelling": {"encryption": {"at_rest": "aes256"}},
		"in Galois counter mode": {"encryption": {"at_rest": "AES256_GCM"}},
		"a port without personal data": {"schema": ["segments"]},
	}
	pii_encrypted.violation == set() with input as _product(_port(port))
		with data.global.parameters as {}
}

test_denied[note] if {
	some note, row in {
		"no encryption": {"port": {}, "msg": _carries},
		"empty encryption": {"port": {"encryption": {"at_rest": ""}}, "msg": _carries},
		"only in transit": {"port": {"encryption": {"in_transit": "TLS"}}, "msg": _carries},
		"true is no cipher": {"port": {"encryption": {"at_rest": true}}, "msg": _carries},
		"a weak cipher": {
			"port": {"encryption": {"at_rest": "DES"}},
			"msg": "port daily: it carries personal data (email), and DES is not how the mesh encrypts at rest",
		},
		"an object that the contract does not show": {
			"port": {"schema": ["segments", "secrets"]},
			"msg": "port daily: nobody can tell whether it carries personal data, and it names no encryption at rest",
		},
	}
	pii_encrypted.violation == _violation(row.msg) with input as _product(_port(row.port))
		with data.global.parameters as {}
}

test_denied_when_the_contract_shows_no_schema[note] if {
	some note, contract in {"absent": {}, "empty": {"schema": []}, "no fields": {"schema": [{"name": "customers"}]}}
	pii_encrypted.violation == _violation("port daily: nobody can tell whether it carries personal data, and it names no encryption at rest") with input as {"product": {
		"output_ports": [_port({})],
		"contract": contract,
	}}
}

test_what_the_product_says_holds_for_its_ports_but_their_own_word_wins if {
	encrypted := {"product": {
		"encryption": {"at_rest": "AES-256"},
		"output_ports": [_port({}), _port({"name": "raw", "path": "output_ports[raw]", "encryption": {"at_rest": "none"}})],
		"contract": {"schema": _schema},
	}}
	pii_encrypted.violation == {{
		"msg": "port raw: it carries personal data (email), and none is not how the mesh encrypts at rest",
		"path": "output_ports[raw]",
	}} with input as encrypted
}

test_denied_for_a_product_without_ports if {
	pii_encrypted.violation == {{
		"msg": "the product: it carries personal data (email), and it names no encryption at rest",
		"path": "product.encryption",
	}} with input as {"product": {"contract": {"schema": _schema}}}

	pii_encrypted.violation == set() with input as {"product": {
		"encryption": {"at_rest": "AES-256"},
		"contract": {"schema": _schema},
	}}
}

test_denied_without_a_product if {
	pii_encrypted.violation == {{
		"msg": "the product: nobody can tell whether it carries personal data, and it names no encryption at rest",
		"path": "product.encryption",
	}} with input as {}
}

test_nested_personal_fields_count if {
	nested := [{"name": "customers", "path": "contract.schema[customers]", "fields": [{
		"name": "address",
		"path": "contract.schema[customers].address",
		"fields": [{"name": "street", "path": "contract.schema[customers].address.street", "personal": true}],
	}]}]
	pii_encrypted.violation == _violation("port daily: it carries personal data (street), and it names no encryption at rest") with input as {"product": {
		"output_ports": [_port({})],
		"contract": {"schema": nested},
	}}
}

test_the_council_agrees_on_ciphers if {
	pii_encrypted.violation == set() with input as _product(_port({"encryption": {"at_rest": "ChaCha20"}}))
		with data.global.parameters as {"encryption_at_rest": ["chacha-20"]}
	count(pii_encrypted.violation) == 1 with input as _product(_port({"encryption": {"at_rest": "AES-256"}}))
		with data.global.parameters as {"encryption_at_rest": ["chacha-20"]}
}
