package bylaw.lib.lawfulness_test

import data.bylaw.lib.lawfulness

test_bases_in_several_spellings[text] if {
	some text, word in {
		"consent": "consent",
		"Legitimate interests": "legitimate_interests",
		"legitimate_interest": "legitimate_interests",
		"Art. 6(1)(f) GDPR": "legitimate_interests",
		"GDPR Art. 6(1)(b)": "contract",
		"Article 6(1)(c)": "legal_obligation",
		"6(1)(d)": "vital_interests",
		"public interest": "public_task",
	}
	lawfulness.basis(text) == word
}

test_what_is_no_basis[text] if {
	some text in ["", "because", "6(1)(g)", "61", 7, "consent or contract"]
	not lawfulness.basis(text)
}

test_conditions_for_special_categories[text] if {
	some text, word in {
		"explicit consent": "explicit_consent",
		"Art. 9(2)(h) GDPR": "health_or_social_care",
		"public_health": "public_health",
		"Employment, social security and social protection": "employment_and_social_security",
		"Archiving, research and statistics (with a basis in law)": "archiving_research_statistics",
	}
	lawfulness.special_basis(text) == word
}

test_a_basis_is_no_condition[text] if {
	some text in ["contract", "consent", "legitimate interests", "6(1)(a)"]
	not lawfulness.special_basis(text)
}

test_mechanisms[text] if {
	some text, word in {
		"SCCs": "standard_contractual_clauses",
		"Adequacy Decision": "adequacy_decision",
		"BCR": "binding_corporate_rules",
		"Art. 46(2)(c)": "standard_contractual_clauses",
		"Art. 49(1)(a)": "derogation",
		"code of conduct": "code_of_conduct",
	}
	lawfulness.transfer_mechanism(text) == word
}

test_what_is_no_mechanism[text] if {
	some text in ["", "trust", "Other", 45]
	not lawfulness.transfer_mechanism(text)
}
