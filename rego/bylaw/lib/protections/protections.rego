# METADATA
# title: Protections
# description: Which protections a product has, and which of those that its classification requires are missing.
package bylaw.lib.protections

import data.bylaw.lib.product

# A product of another word, or of none, has protections that nobody named: unknown, so it does not pass.
_words := {"public", "internal", "confidential", "restricted"}

# METADATA
# description: >
#   The statement that a product's protections are not known, because its classification is none of the agreed words and
#   none of a policy's own; empty where it is one of them.
unclassified(words) := {{"path": "product.classification", "msg": msg}} if {
	not _classification in (_words | {product.word(word) | some word in words})
	msg := "what the product must be protected by is unknown, because its classification is"
} else := set()

# METADATA
# description: The statement that protections are missing that a classification requires; empty where none is.
violations(classification, required) := {{
	"path": "product.protections",
	"msg": sprintf("protections are missing: %v", [concat(", ", missing)]),
	"details": {"missing": missing},
}} if {
	is_required(classification)
	missing := sort({protection | some protection in required} - _there)
	count(missing) > 0
} else := set()

# METADATA
# description: Whether the product is of a classification.
is_required(classification) if product.word(classification) == _classification

_there contains protection if {
	is_array(input.product.protections)
	some protection in input.product.protections
}

default _classification := "unknown"

_classification := product.word(input.product.classification)
