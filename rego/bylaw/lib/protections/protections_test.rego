package bylaw.lib.protections_test

import data.bylaw.lib.protections

test_violations[note] if {
	some note, [product, messages] in {
		"all there": [{"classification": "Restricted", "protections": ["masking", "vault"]}, set()],
		"one missing": [{"classification": "restricted", "protections": ["vault"]}, {"protections are missing: masking"}],
		"none there": [{"classification": "restricted"}, {"protections are missing: masking, vault"}],
		"another class": [{"classification": "public"}, set()],
	}
	found := protections.violations("restricted", ["vault", "masking"]) with input as {"product": product}
	{violation.msg | some violation in found} == messages
}

test_unclassified[note] if {
	some note, [product, said] in {
		"an agreed word": [{"classification": "Public"}, 0],
		"a policy's own": [{"classification": "Secret"}, 0],
		"another": [{"classification": "odd"}, 1],
		"none": [{}, 1],
		"no text": [{"classification": 7}, 1],
	}
	found := protections.unclassified({"secret"}) with input as {"product": product}
	count(found) == said
}
