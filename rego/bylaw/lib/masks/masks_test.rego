package bylaw.lib.masks_test

import data.bylaw.lib.masks

_settings := {
	"categories": {
		"user": "nullify",
		"user.contact.email": "email_domain",
		"user.contact.url": "shuffle",
		"user.contact.address.country": "keep",
		"user.demographic.date_of_birth": "year_only",
		"user.financial": "last4",
		"user.name": "redact",
		"user.unique_id": "hash",
		"user.unique_id.pseudonymous": "tokenise",
	},
	"classifications": {"restricted": "nullify", "confidential": "hash"},
	"known": ["public", "internal", "confidential", "restricted"],
	"tokenise_function": "governance.default.tokenise",
}

_of(category) := {"name": "c", "classification": "internal", "categories": [category]}

test_expressions_by_mask_and_type[note] if {
	some note, [category, type, expression] in {
		"the domain of an address": [
			"user.contact.email", "varchar",
			`concat('*****@', regexp_extract("c", '@([^@]+)$', 1))`,
		],
		"the domain of an address, cut to length": [
			"user.contact.email", "VARCHAR(80)",
			`CAST(concat('*****@', regexp_extract("c", '@([^@]+)$', 1)) AS varchar(80))`,
		],
		"the year of a date": ["user.demographic.date_of_birth", "date", `date_trunc('year', "c")`],
		"the year of an instant": [
			"user.demographic.date_of_birth", "timestamp(3) with time zone",
			`date_trunc('year', "c")`,
		],
		"the year of a text": ["user.demographic.date_of_birth", "string", `regexp_extract("c", '^[0-9]{4}')`],
		"the last four": [
			"user.financial.credit_card", "varchar",
			`CASE WHEN length("c") > 8 THEN concat('*****', substr("c", -4)) ELSE '*****' END`,
		],
		"the last four of padded text": [
			"user.financial", "char(16)",
			concat("", [
				`CAST(CASE WHEN length(CAST("c" AS varchar)) > 8 THEN concat('*****', `,
				`substr(CAST("c" AS varchar), -4)) ELSE '*****' END AS char(16))`,
			]),
		],
		"a digest": ["user.unique_id", "varchar", `lower(to_hex(sha256(to_utf8("c"))))`],
		"a token": ["user.unique_id.pseudonymous", "varchar", `governance.default.tokenise("c")`],
		"stars": ["user.name.first", "varchar", "'*****'"],
		"nothing": ["user.sensor", "varchar", "NULL"],
	}
	masks.planned(_settings, _of(category), type).expression == expression
}

test_what_a_type_cannot_take_is_shown_as_nothing[note] if {
	some note, [category, type] in {
		"a digest of a number": ["user.unique_id", "bigint"],
		"a token of a number": ["user.unique_id.pseudonymous", "bigint"],
		"the year of a number": ["user.demographic.date_of_birth", "integer"],
		"the domain of a date": ["user.contact.email", "date"],
		"stars for a number": ["user.name", "integer"],
		"the last four of bytes": ["user.financial", "varbinary"],
		"a type that nobody knows": ["user.unique_id", "unknown"],
		"a type that is none": ["user.unique_id", 7],
		"a mask that nobody knows": ["user.contact.url", "varchar"],
		"a type that goes on": ["user.unique_id", "varchar) OR (1=1"],
		"a type of two lines": ["user.unique_id", "varchar\nDROP"],
	}
	planned := masks.planned(_settings, _of(category), type)
	[planned.mask, planned.expression, planned.strength] == ["nullify", "NULL", 100]
}

test_shown_as_it_is[note] if {
	some note, column in {
		"no category": {"name": "c", "classification": "internal"},
		"kept, because a nearer key says so": _of("user.contact.address.country"),
		"about systems": _of("system.operations"),
		"said not to be personal": {"name": "c", "classification": "public", "personal": false},
	}
	not masks.planned(_settings, column, "varchar")
}

test_why[note] if {
	some note, [column, mask, why] in {
		"the nearest key": [_of("user.name.first"), "redact", "user.name.first takes redact"],
		"the strongest of several categories": [
			object.union(_of("user.contact.email"), {"categories": ["user.contact.email", "user.name"]}),
			"redact",
			"user.name takes redact",
		],
		"the class, where it is stronger": [
			object.union(_of("user.contact.email"), {"classification": "Confidential"}),
			"hash",
			"Confidential data takes hash",
		],
		"the category, where it is stronger": [
			object.union(_of("user.name"), {"classification": "confidential"}),
			"redact",
			"user.name takes redact",
		],
		"personal, and nobody says what": [
			{"name": "c", "classification": "internal", "personal": true},
			"nullify",
			"user takes nullify",
		],
		"a category that nobody knows": [_of("stars"), "nullify", "stars takes nullify"],
		"no class": [{"name": "c"}, "nullify", "unclassified data takes nullify"],
		"a class that nobody knows": [
			{"name": "c", "classification": "secret"},
			"nullify",
			"secret data takes nullify",
		],
	}
	planned := masks.planned(_settings, column, "varchar")
	[planned.mask, planned.why] == [mask, why]
}

test_without_a_function_of_its_own_a_token_is_a_digest[function] if {
	some function in ["", "tokenise(", "a.b.c.d", "Tokenise", `t"`, "x; DROP TABLE t"]
	settings := object.union(_settings, {"tokenise_function": function})
	planned := masks.planned(settings, _of("user.unique_id.pseudonymous"), "varchar")
	planned.expression == `lower(to_hex(sha256(to_utf8("c"))))`
	planned.mask == "tokenise"
}

test_names_are_quoted[name] if {
	some name, expression in {
		`a"b`: `lower(to_hex(sha256(to_utf8("a""b"))))`,
		`"`: `lower(to_hex(sha256(to_utf8(""""))))`,
		`x") OR ("y`: `lower(to_hex(sha256(to_utf8("x"") OR (""y"))))`,
		"%v%!d": `lower(to_hex(sha256(to_utf8("%v%!d"))))`,
		"Straße 漢": `lower(to_hex(sha256(to_utf8("Straße 漢"))))`,
		"a'b--": `lower(to_hex(sha256(to_utf8("a'b--"))))`,
	}
	masks.planned(_settings, object.union(_of("user.unique_id"), {"name": name}), "varchar").expression == expression
}

test_names_that_no_table_has_get_into_no_expression[note] if {
	some note, name in {
		"a line break": "a\nb",
		"a null character": "a\u0000b",
		"none": "",
		"too long": concat("", ["x" | some _ in numbers.range(1, 257)]),
		"no text": 7,
	}
	masks.planned(_settings, object.union(_of("user.unique_id"), {"name": name}), "varchar").expression == "NULL"
}

test_of_no_settings_nothing_is_masked if {
	empty := {"categories": {}, "classifications": {}, "known": [], "tokenise_function": ""}
	not masks.planned(empty, _of("user.name"), "varchar")
}

test_the_order_of_masks if {
	masks.strengths == {
		"keep": 0,
		"year_only": 40,
		"email_domain": 45,
		"last4": 50,
		"hash": 70,
		"tokenise": 75,
		"redact": 90,
		"nullify": 100,
	}
}

test_a_name_of_as_many_letters_as_are_read if {
	name := concat("", ["x" | some _ in numbers.range(1, 256)])
	expression := masks.planned(_settings, object.union(_of("user.unique_id"), {"name": name}), "text").expression
	expression == sprintf(`lower(to_hex(sha256(to_utf8("%v"))))`, [name])
}
