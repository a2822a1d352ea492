package global.compliance.contract_complete_test

import data.global.compliance.contract_complete

test_allowed[note] if {
	some note, contract in {"nothing lacks": {"schema": []}, "an empty list": {"lacks": []}}
	contract_complete.violation == set() with input as {"product": {"contract": contract}}
}

test_warned_for_each_part if {
	contract_complete.violation == {
		{"msg": "contract.id is missing: ODCS 3.1.0 requires 'id' here", "path": "contract.id"},
		{"msg": "a part of the contract is missing: the standard requires it", "path": "contract"},
	} with input as {"product": {"contract": {"lacks": [
		{"path": "contract.id", "reason": "ODCS 3.1.0 requires 'id' here"},
		{},
	]}}}
}
