# METADATA
# title: What the registry says of a product's data
# description: >
#   The registry's entry of a product (`data.mesh.products`) may say of its `columns`, each `{"object", "name", "type",
#   "classification", "categories", "personal"}` as far as it is known, and of its `purposes`. What it does not say is not
#   known: no column is taken for harmless because nobody described it.
package bylaw.lib.registered

import data.bylaw.lib.access
import data.bylaw.lib.personal_data
import data.bylaw.lib.product
import data.bylaw.lib.taxonomy

# METADATA
# description: The registry's entry of the product that the request is about; empty where there is none.
default asked := {}

asked := data.mesh.products[concat("/", [access.resource.domain, access.resource.product])]

# METADATA
# description: The columns of an entry; empty where it describes none.
columns(entry) := [column | some column in entry.columns; is_object(column); is_string(column.name)] if {
	is_array(entry.columns)
} else := []

# METADATA
# description: The columns of the product that is asked for that have a name, as tables compare names.
named(name) := object.get(object.get(_by_name, _asked_key, {}), lower(name), set())

_asked_key := concat("/", [access.resource.domain, access.resource.product])

# Of every product, because it is the same whatever is asked: a batch of many columns makes it once.
_by_name[key][word] contains column if {
	some key, entry in data.mesh.products
	some column in columns(entry)
	word := lower(column.name)
}

# METADATA
# description: Whether an entry is known to hold no personal data, because it says so and no column says otherwise.
is_impersonal(entry) if {
	entry.personal == false
	count([1 | some column in columns(entry); product.is_personal(column)]) == 0
}

is_impersonal(entry) if {
	not "personal" in object.keys(entry)
	count(columns(entry)) > 0
	count([1 | some column in columns(entry); not is_impersonal_column(column)]) == 0
}

# METADATA
# description: Whether a column (or a field of a contract) is known not to be about persons.
is_impersonal_column(column) if {
	not product.is_personal(column)
	_says_not(column)
}

_says_not(column) if column.personal == false

# Its categories are of the taxonomy, and none is personal.
_says_not(column) if {
	found := personal_data.categories(column)
	count(found) > 0
	count([1 | some category in found; taxonomy.is_personal(category)]) == 0
}
