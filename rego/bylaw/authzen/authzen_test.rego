package bylaw.authzen_test

import data.bylaw.authzen
import data.bylaw.decisions.access

_request := {
	"subject": {"type": "user", "id": "alice"},
	"action": {"name": "read"},
	"resource": {"type": "table", "id": "t"},
}

test_an_evaluation_is_the_decision_and_its_document[note] if {
	some note, [rules, allowed] in {
		"granted": [{"a": {"grant": {{"msg": "g"}}}}, true],
		"not granted": [{}, false],
	}
	document := access.decision with input as _request with data.global.access as rules
	document.allow == allowed
	evaluation := authzen.evaluation with input as _request with data.global.access as rules
	evaluation == {"decision": allowed, "context": document}
}

test_what_is_no_request_is_denied if {
	evaluation := authzen.evaluation with input as "x"
	evaluation.decision == false
}
