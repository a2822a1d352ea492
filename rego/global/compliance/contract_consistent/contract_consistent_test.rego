package global.compliance.contract_consistent_test

import data.global.compliance.contract_consistent

test_allowed[note] if {
	some note, contract in {"no contradiction": {"schema": []}, "an empty list": {"contradictions": []}}
	contract_consistent.violation == set() with input as {"product": {"contract": contract}}
}

test_denied_for_each_part if {
	contract_consistent.violation == {
		{
			"msg": "contract.schema[t].f.classification is contradicted: it is classified as public and as restricted",
			"path": "contract.schema[t].f.classification",
		},
		{"msg": "a part of the contract is contradicted: it is said twice, and differently", "path": "contract"},
	} with input as {"product": {"contract": {"contradictions": [
		{"path": "contract.schema[t].f.classification", "reason": "it is classified as public and as restricted"},
		{},
	]}}}
}

test_denied_where_another_document_says_otherwise if {
	contract_consistent.violation == {
		{"msg": "another document contradicts this one: b.yaml:1:1 differs in owner", "path": "contract.id"},
		{"msg": "another document contradicts this one: it says otherwise", "path": "product"},
	} with input as {"product": {"contradictions": [
		{"path": "contract.id", "reason": "b.yaml:1:1 differs in owner"},
		{},
	]}}
}
