package global.compliance.contract_understood_test

import data.global.compliance.contract_understood

test_allowed[note] if {
	some note, contract in {"all was read": {"schema": []}, "nothing is unread": {"unread": []}}
	contract_understood.violation == set() with input as {"product": {"contract": contract}}
}

test_warned_for_each_part if {
	contract_understood.violation == {
		{
			"msg": "product.sla.latency counts for nothing: service level 'latency' with the value 'soon' is not understood",
			"path": "product.sla.latency",
		},
		{"msg": "a part of the contract counts for nothing: it was not understood", "path": "contract"},
	} with input as {"product": {"contract": {"unread": [
		{"path": "product.sla.latency", "reason": "service level 'latency' with the value 'soon' is not understood"},
		{},
	]}}}
}
