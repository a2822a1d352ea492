# METADATA
# title: Terraform plans
# description: >
#   What will be there after a plan (`terraform show -json`) is applied, nested modules included, and which resources
#   belong together where the provider splits one thing over several.
package bylaw.lib.terraform

_default_tags := {"domain": ["Domain", "domain"], "product": ["DataProduct", "Product", "data_product"]}

# METADATA
# description: Which tags name domain or product, in order, by `data.global.parameters.terraform.{domain,product}_tags`.
tag_keys(what) := keys if {
	keys := data.global.parameters.terraform[concat("_", [what, "tags"])]
} else := _default_tags[what]

# METADATA
# description: >
#   Managed resources that are there afterwards: `{"address", "type", "name", "actions", "values", "unknown"}`, and
#   `module_address` below the root.
resources(plan) := _changed(plan) if {
	is_array(plan.resource_changes)
} else := _planned(plan)

_changed(plan) := {resource |
	some change in plan.resource_changes
	change.mode == "managed"
	is_object(change.change.after)
	resource := object.union(
		object.filter(change, ["address", "module_address", "type", "name"]),
		{
			"actions": object.get(change.change, "actions", []),
			"values": change.change.after,
			"unknown": object.get(change.change, "after_unknown", {}),
		},
	)
}

_planned(plan) := {resource |
	walk(plan.planned_values, [steps, list])
	steps[count(steps) - 1] == "resources"
	is_array(list)
	some planned in list
	planned.mode == "managed"
	resource := object.union(
		object.filter(planned, ["address", "type", "name", "values"]),
		{"actions": [], "unknown": {}},
	)
}

# METADATA
# description: The fact path of a resource.
path(resource) := sprintf("resource_changes[%v]", [resource.address])

# METADATA
# description: The tags of a resource, the provider's defaults included.
tags(resource) := object.union(_object(resource.values, "tags_all"), _object(resource.values, "tags"))

_object(values, key) := values[key] if {
	is_object(values[key])
} else := {}

# METADATA
# description: >
#   The region that a resource stands in, as far as a plan knows it: by its own `region` or `location`, else by the
#   configuration of its provider, where that is configured once; undefined where nobody can tell before it is applied.
region(plan, resource) := resource.values.region if {
	is_string(resource.values.region)
} else := resource.values.location if {
	is_string(resource.values.location)
} else := regions[0] if {
	regions := [_configured(plan, configuration) |
		some configuration in plan.configuration.provider_config
		configuration.name == split(resource.type, "_")[0]
	]
	count(regions) == 1
	is_string(regions[0])
}

_configured(plan, configuration) := region if {
	region := configuration.expressions.region.constant_value
} else := variable.value if {
	some reference in configuration.expressions.region.references
	startswith(reference, "var.")
	variable := plan.variables[trim_prefix(reference, "var.")]
} else := null

# METADATA
# description: Domain and product as the resource's tags claim them; what no tag says is absent.
claims(resource) := {what: value |
	some what in ["domain", "product"]
	values := [value | some key in tag_keys(what); value := tags(resource)[key]]
	value := values[0]
}

# METADATA
# description: >
#   The plan as one domain may judge it: without what is tagged as another's. What carries no domain stays, because it
#   completes what does (a bucket's encryption has no tags).
narrowed(plan, domain) := object.union(plan, {"resource_changes": [change |
	some change in plan.resource_changes
	not _of_another(change, domain)
]})

_of_another(change, domain) if {
	claims({"values": change.change.after}).domain
	lower(claims({"values": change.change.after}).domain) != domain
}

# METADATA
# description: >
#   The resources of a type that complete another one (`aws_s3_bucket_logging` of an `aws_s3_bucket`): they name its
#   bucket, or their configuration refers to its address.
companions(plan, resource, type) := {companion |
	some companion in resources(plan)
	companion.type == type
	_belongs(plan, companion, resource)
}

_belongs(_, companion, resource) if {
	is_string(companion.values.bucket)
	companion.values.bucket == resource.values.bucket
}

_belongs(plan, companion, resource) if {
	_module(companion) == _module(resource)
	_key(companion) == _key(resource)
	some reference in _references(plan, companion)
	reference in {_local(resource), concat(".", [_local(resource), "id"]), concat(".", [_local(resource), "bucket"])}
}

# The reference of a resource inside its own module, without the key of `count` or `for_each`.
_local(resource) := concat(".", [resource.type, resource.name])

_module(resource) := object.get(resource, "module_address", "")

# With `count` or `for_each` on both, the pair shares its key; with it on the bucket alone there is none to compare.
_key(resource) := key if {
	parts := regex.find_all_string_submatch_n(`\[[^\[\]]*\]$`, resource.address, 1)
	key := parts[0][0]
} else := ""

_references(plan, companion) := {reference |
	walk(plan.configuration, [steps, configured])
	steps[count(steps) - 2] == "resources"
	configured.type == companion.type
	configured.name == companion.name
	_configuration_module(steps) == regex.replace(_module(companion), `\[[^\[\]]*\]`, "")
	some reference in configured.expressions.bucket.references
}

# configuration.root_module.module_calls.a.module.module_calls.b.module.resources[0] is in module.a.module.b
_configuration_module(steps) := concat(".", [part |
	some index, key in steps
	key == "module_calls"
	part := sprintf("module.%v", [steps[index + 1]])
])
