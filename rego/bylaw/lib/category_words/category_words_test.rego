package bylaw.lib.category_words_test

import data.bylaw.lib.category_words
import data.bylaw.taxonomy

test_a_word_means_a_category[word] if {
	some word, category in {
		"email": "user.contact.email",
		"E-Mail": "user.contact.email",
		"date_of_birth": "user.demographic.date_of_birth",
		"PII": "user",
		"IBAN": "user.financial.bank_account",
		"ipv4": "user.device.ip_address",
	}
	category_words.category(word) == category
}

test_other_words_mean_none[note] if {
	some note, word in {
		"not about persons": "order_total",
		"only a part of it": "email_count",
		"could be anything": "name",
		"letters that only look alike": "еmail",
		"no text": 7,
	}
	not category_words.category(word)
}

test_every_category_is_of_the_taxonomy if {
	meant := {category | some word in _words; category := category_words.category(word)}
	count(meant) == count(_words)
	every category in meant {
		taxonomy.categories[category]
	}
}

# One for each category.
_words := {
	"pii", "username", "password", "clickstream", "purchase history", "biometric", "fingerprint", "contact details",
	"address", "home city", "zip code", "street", "email", "fax", "phone", "criminal record", "dob", "gender",
	"marital status", "political opinion", "race", "religion", "sexual orientation", "cookie id", "imei", "ip",
	"salary", "iban", "credit card", "tax id", "drivers license", "ssn", "passport", "phi", "mrn", "gps", "full name",
	"first name", "last name", "customer id", "customer key",
}
