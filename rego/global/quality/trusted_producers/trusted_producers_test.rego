package global.quality.trusted_producers_test

import data.global.quality.trusted_producers

_result := {"check": "c", "status": "pass", "path": "quality.results[0]"}

_violation(more, parameters) := found if {
	found := trusted_producers.violation with input as {"quality": {"results": [object.union(_result, more)]}}
		with data.global.parameters as parameters
}

test_allowed[note] if {
	some note, [more, parameters] in {
		"unsigned, where nobody asks for more": [{}, {}],
		"signed by somebody who is known": [{"signed": "verified", "producer": "a"}, {}],
		"signed by one who is trusted": [
			{"signed": "verified", "producer": "a"},
			{"trusted_producers": ["a"], "evidence_signatures": "required"},
		],
	}
	_violation(more, parameters) == set()
}

test_denied[note] if {
	some note, [more, parameters, msg] in {
		"a stranger": [{"signed": "stranger"}, {}, "check c is signed by a stranger"],
		"a stranger, whatever it found": [{"signed": "stranger", "status": "error"}, {}, "check c is signed by a stranger"],
		"it does not hold": [{"signed": "invalid"}, {}, "check c carries a signature that does not hold"],
		"unsigned": [{}, {"evidence_signatures": "required"}, "check c is not signed"],
		"not trusted": [
			{"signed": "verified", "producer": "b"},
			{"trusted_producers": ["a"]},
			"check c comes from b, who is not trusted",
		],
		"unsigned, so nobody's": [
			{},
			{"trusted_producers": ["a"]},
			"check c comes from nobody who is known, who is not trusted",
		],
	}
	_violation(more, parameters) == {{"msg": msg, "path": "quality.results[0]"}}
}
