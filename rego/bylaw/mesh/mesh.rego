# METADATA
# title: What the registry knows
# description: >
#   Binds physical names to products by `data.mesh`. Outside `bylaw.lib`, because it would let a domain's rules read
#   about products that are not theirs.
package bylaw.mesh

_binding_lists := {
	"bucket": "buckets",
	"catalog": "catalogs",
	"function": "functions",
	"namespace": "namespaces",
	"schema": "schemas",
	"subject": "subjects",
	"table": "tables",
	"topic": "topics",
	"view": "tables",
}

# METADATA
# description: Whether a registry took part. Without one, the only facts are those of the caller.
# scope: document
loaded if data.mesh.products

loaded if data.mesh.bindings

# METADATA
# description: >
#   Domain, product and classification of a resource (type, id, properties). The registry's where one is loaded: a
#   resource that it binds to nothing has none of them.
facts(resource) := known if {
	loaded
	known := _of_key(_key(resource))
} else := {} if {
	loaded
} else := object.filter(resource.properties, ["domain", "product", "classification"]) if {
	is_object(resource.properties)
} else := {}

# METADATA
# description: The facts of the resource that the input is about; undefined where it is about none.
asked := facts(input.resource) if is_object(input.resource)

# METADATA
# description: The registry's entry of a product (`domain/name`); undefined where it has none.
product(key) := data.mesh.products[key]

_of_key(key) := object.union_n([
	{"domain": domain},
	{"product": name | name := _product_name(key)},
	object.filter(object.get(object.get(data.mesh, "products", {}), key, {}), ["classification"]),
]) if {
	is_string(key)
	domain := split(key, "/")[0]
}

_product_name(key) := substring(key, indexof(key, "/") + 1, -1) if contains(key, "/")

_key(resource) := key if {
	resource.type in {"product", "data_product"}
	key := _product_key(resource)
} else := key if {
	key := data.mesh.bindings[_binding_lists[resource.type]][_base_name(resource.id)]
} else := key if {
	resource.type in {"table", "view", "function"}
	key := data.mesh.bindings.schemas[_schema_id(resource)]
} else := key if {
	resource.type in {"table", "view", "function", "schema"}
	key := data.mesh.bindings.catalogs[_catalog_id(resource)]
}

# Only a registered product binds: a caller that makes up a name must not gain a domain by it.
_product_key(resource) := resource.id if {
	data.mesh.products[resource.id]
} else := key if {
	key := concat("/", [resource.properties.domain, resource.id])
	data.mesh.products[key]
}

# Metadata tables of a table ("profiles$partitions") show its values, so they are bound as it is.
_base_name(id) := substring(id, 0, at) if {
	at := indexof(id, "$")
	at > 0
} else := id

# The names that a door gave win over the dotted id, where a quoted name may hold dots of its own.
_schema_id(resource) := id if {
	id := concat(".", [resource.properties.catalog, resource.properties.schema])
} else := concat(".", array.slice(parts, 0, 2)) if {
	parts := split(resource.id, ".")
	count(parts) == 3
}

_catalog_id(resource) := resource.properties.catalog if {
	is_string(resource.properties.catalog)
} else := split(resource.id, ".")[0] if {
	is_string(resource.id)
}
