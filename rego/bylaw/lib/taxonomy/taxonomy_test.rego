package bylaw.lib.taxonomy_test

import data.bylaw.lib.taxonomy
import data.bylaw.taxonomy as standard

_of_customers := {"product": {"domain": "customer", "name": "profiles"}}

_council := {"taxonomy": {
	"categories": {
		"user.contact.pager": {"name": "Pager"},
		"user.contact.email": {"name": "Nothing to see", "personal": false},
		"acme.machines": {"name": "Machines", "personal": false},
		"acme.machines.operator": {"personal": true},
		"acme.people": {"name": "People"},
		"acme.people.union": {"special": true},
		"user.made.up": {"name": "below user, which is there"},
		"Not A Key": {},
		"acme.words": "no object",
	},
	"uses": {"marketing.loyalty": {"name": "Loyalty"}, "sorcery.dark": {}},
	"subjects": {"astronaut": {"name": "Astronaut"}},
}}

_domains := {
	"customer": {"parameters": {"taxonomy": {"categories": {
		"user.contact.pager.number": {"name": "Pager number"},
		"customer.shoe_size": {"name": "Shoe size"},
		"order.basket": {"name": "of another domain"},
		"user.contact.pager": {"name": "redefined"},
		"acme.machines": {"personal": true},
	}}}},
	"order": {"parameters": {"taxonomy": {"categories": {"order.note": {"name": "Note"}}}}},
}

test_keys_of_the_standard_are_known[key] if {
	some kind, keys in {
		"categories": ["user", "user.contact.email", "system.operations"],
		"uses": ["analytics.reporting", "essential.service"],
		"subjects": ["customer", "patient"],
	}
	some key in keys
	taxonomy.is_known(kind, key)
}

test_other_words_are_not[note] if {
	some note, [kind, key] in {
		"a typing mistake": ["categories", "user.contact.emial"],
		"below a key": ["categories", "user.contact.email.work"],
		"of another kind": ["uses", "user.contact.email"],
		"another case": ["categories", "User.Contact.Email"],
		"a kind that is none": ["moods", "happy"],
		"nothing": ["categories", ""],
	}
	not taxonomy.is_known(kind, key)
}

test_a_key_is_below_those_that_its_dots_name if {
	taxonomy.lineage("user.contact.email") == ["user.contact.email", "user.contact", "user"]
	taxonomy.is_below("user.contact.email", "user.contact")
	taxonomy.is_below("user.contact", "user.contact")
	not taxonomy.is_below("user.contacts", "user.contact")
	not taxonomy.is_below("user", "user.contact")
}

test_data_about_users_is_personal[key] if {
	some key in ["user", "user.contact.email", "user.telemetry"]
	taxonomy.is_personal(key)
}

test_data_about_systems_is_not[key] if {
	some key in ["system", "system.operations"]
	not taxonomy.is_personal(key)
}

test_what_nobody_knows_is_treated_as_personal[key] if {
	some key in ["user.nothing", "system.operations.secret", "stars", ""]
	taxonomy.is_personal(key)
}

test_special_categories[key] if {
	some key in [
		"user.authorization.biometric", "user.biometric", "user.demographic.political_opinion",
		"user.demographic.race_ethnicity", "user.demographic.religious_belief", "user.demographic.sexual_orientation",
		"user.health_and_medical.genetic",
	]
	taxonomy.is_special(key)
}

test_others_are_not_special[key] if {
	some key in ["user", "user.demographic", "user.contact.email", "user.healthy"]
	not taxonomy.is_special(key)
}

test_names if {
	taxonomy.name("uses", "analytics.reporting") == "Analytics for Reporting"
	taxonomy.name("uses", "elsewhere") == "elsewhere"
}

test_a_deprecated_key_names_what_replaced_it if {
	taxonomy.known.uses["personalize.profiling"].replaced_by == "personalize.content.profiling"
}

test_the_council_adds_below_a_key_and_in_namespaces[note] if {
	some note, [kind, key] in {
		"below a key": ["categories", "user.contact.pager"],
		"below, at some distance": ["categories", "user.made.up"],
		"a namespace": ["categories", "acme.machines"],
		"a use": ["uses", "marketing.loyalty"],
		"a use of a namespace": ["uses", "sorcery.dark"],
		"a subject": ["subjects", "astronaut"],
	}
	taxonomy.is_known(kind, key) with data.global.parameters as _council
}

test_what_is_no_key_is_not_added[key] if {
	some key in ["Not A Key", "acme.words"]
	not taxonomy.is_known("categories", key) with data.global.parameters as _council
}

test_nobody_redefines_a_key_of_the_standard if {
	taxonomy.name("categories", "user.contact.email") == "User Contact Email" with data.global.parameters as _council
	taxonomy.is_personal("user.contact.email") with data.global.parameters as _council
}

test_a_namespace_says_whether_it_is_personal[note] if {
	some note, [key, personal] in {
		"said not to be": ["acme.machines", false],
		"below it, and said to be": ["acme.machines.operator", true],
		"nothing said": ["acme.people", true],
		"below what says nothing": ["acme.people.union", true],
	}
	found := {true | taxonomy.is_personal(key)} with data.global.parameters as _council
	found == {true | personal}
}

test_an_addition_can_be_special if {
	taxonomy.is_special("acme.people.union") with data.global.parameters as _council
	not taxonomy.is_special("acme.people") with data.global.parameters as _council
}

test_a_domain_adds_below_keys_and_in_its_own_name[note] if {
	some note, [key, there] in {
		"below a key of the council": ["user.contact.pager.number", true],
		"in its own name": ["customer.shoe_size", true],
		"in another's name": ["order.basket", false],
		"of a domain that is not concerned": ["order.note", false],
	}
	found := {true | taxonomy.is_known("categories", key)} with input as _of_customers
		with data.global.parameters as _council
		with data.domains as _domains
	found == {true | there}
}

test_a_domain_redefines_nothing if {
	taxonomy.name("categories", "user.contact.pager") == "Pager" with input as _of_customers
		with data.global.parameters as _council
		with data.domains as _domains
	not taxonomy.is_personal("acme.machines") with input as _of_customers
		with data.global.parameters as _council
		with data.domains as _domains
}

test_a_key_that_is_too_long_is_not_added if {
	long := concat("", ["company.", concat("", ["x" | some _ in numbers.range(1, 192)])])
	longer := concat("", [long, "x"])
	added := {"taxonomy": {"categories": {long: {}, longer: {}}}}
	taxonomy.is_known("categories", long) with data.global.parameters as added
	not taxonomy.is_known("categories", longer) with data.global.parameters as added
}

test_additions_of_another_shape_add_nothing[note] if {
	some note, parameters in {
		"a text": {"taxonomy": "x"},
		"a list of kinds": {"taxonomy": []},
		"a list of keys": {"taxonomy": {"categories": ["acme.x"]}},
		"none": {},
	}
	taxonomy.known.categories == standard.categories with data.global.parameters as parameters
}
