package bylaw.inputs_test

import data.bylaw.inputs

_access := {
	"subject": {"type": "user", "id": "alice", "properties": {"groups": ["g"]}},
	"action": {"name": "read"},
	"resource": {"type": "table", "id": "lake.a.b", "properties": {"columns": ["c"]}},
	"context": {"door": "trino"},
}

_product := {
	"domain": "customer",
	"name": "c360",
	"owner": "team",
	"tags": ["gold"],
	"sla": {"availability": 0.99},
	"retention": {"days": 30},
	"encryption": {"at_rest": "AES-256"},
	"output_ports": [{"name": "daily", "schema": ["p"]}],
	"contract": {"schema": [{"name": "p", "fields": [
		{"name": "id", "type": "string", "tags": ["key"]},
		{"name": "address", "fields": [{"name": "street", "personal": true}]},
	]}]},
}

_problem(path, wanted, came) := {
	"id": "BYL-003",
	"path": path,
	"msg": sprintf("%v: %v is wanted, %v came", [path, wanted, came]),
}

_text := "a string that is not empty"

_with(document, patches) := json.patch(document, patches)

_put(path, value) := [{"op": "add", "path": path, "value": value}]

test_well_formed_inputs_have_no_problems if {
	inputs.access == set() with input as _access
	inputs.product == set() with input as {"product": _product, "previous": _product}
	inputs.quality == set() with input as {"quality": {"results": [{"check": "c", "status": "pass", "metric": "m"}]}}
	inputs.schema == set() with input as {"schema": {"subject": "s", "differences": [{"type": "field_added"}]}}
	inputs.provisioning == set()
		with input as {"manifest": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}}}
	inputs.provisioning == set() with input as {"plan": {"resource_changes": [{
		"address": "a",
		"mode": "managed",
		"type": "t",
		"change": {},
	}]}}
	inputs.provisioning == set() with input as {"plan": {"planned_values": {}}}
}

test_access_problems[note] if {
	some note, [patch, problems] in {
		"no subject": [
			[{"op": "remove", "path": "/subject"}],
			{
				_problem("/subject", "an object", "nothing"),
				_problem("/subject/type", _text, "nothing"),
				_problem("/subject/id", _text, "nothing"),
			},
		],
		"a subject that is a list": [
			_put("/subject", []),
			{
				_problem("/subject", "an object", "array"),
				_problem("/subject/type", _text, "nothing"),
				_problem("/subject/id", _text, "nothing"),
			},
		],
		"an id that is a number": [_put("/subject/id", 7), {_problem("/subject/id", _text, "number")}],
		"an id that is empty": [_put("/subject/id", ""), {_problem("/subject/id", _text, "an empty string")}],
		"an action that is null": [_put("/action/name", null), {_problem("/action/name", _text, "null")}],
		"groups that are a text": [
			_put("/subject/properties/groups", "admins"),
			{_problem("/subject/properties/groups", "a list of strings that are not empty", "string")},
		],
		"a group that is a number": [
			_put("/subject/properties/groups", ["a", 1]),
			{_problem("/subject/properties/groups", "a list of strings that are not empty", "array")},
		],
		"a context that is a text": [_put("/context", "x"), {_problem("/context", "an object", "string")}],
	}
	inputs.access == problems with input as _with(_access, patch)
}

test_contradictions_are_problems if {
	inputs.access == {{
		"id": "BYL-002",
		"path": "/resource/properties/domain",
		"msg": "the request says domain \"order\", the registry says customer",
	}} with input as _with(_access, _put("/resource/properties/domain", "order"))
		with data.mesh as {"products": {}, "bindings": {"tables": {"lake.a.b": "customer"}}}
}

test_a_release_takes_the_list_of_what_changed[note] if {
	some note, more in {"no schema facts": {}, "no list": {"schema": {}}, "a list that is none": {"schema": {"differences": {}}}}
	inputs.changes == {{
		"id": "BYL-008",
		"path": "/schema/differences",
		"msg": "there is a release before this one, and what changed since was not listed",
	}} with input as object.union({"product": _product, "previous": _product}, more)
}

test_no_list_of_what_changed_is_wanted[note] if {
	some note, given in {
		"a first release": {"product": _product},
		"a list": {"product": _product, "previous": _product, "schema": {"differences": []}},
		"a release of another shape": {"product": _product, "previous": "1.0.0"},
	}
	inputs.changes == set() with input as given
}

test_lineage_problems[note] if {
	some note, [lineage, problems] in {
		"edges": [{"products": [{"source": "a/b", "target": "c/d"}]}, set()],
		"nothing": [{}, set()],
		"a text": ["a/b", {_problem("/lineage", "an object", "string")}],
		"a list of texts": [{"products": ["a/b"]}, {_problem("/lineage/products", "a list of objects", "array")}],
		"no target": [{"products": [{"source": "a/b"}]}, {_problem("/lineage/products/0/target", _text, "nothing")}],
	}
	inputs.product == problems with input as {"product": _product, "lineage": lineage}
}

test_product_problems[note] if {
	some note, [patch, problems] in {
		"no domain": [
			[{"op": "remove", "path": "/domain"}],
			{{
				"id": "BYL-007",
				"path": "product.domain",
				"msg": "the product does not name its domain, so nobody can tell whose rules hold for it",
			}},
		],
		"a domain that is null": [
			_put("/domain", null),
			{
				_problem("/product/domain", _text, "null"),
				{"id": "BYL-003", "path": "product", "msg": "null is no name of a domain"},
			},
		],
		"no name": [[{"op": "remove", "path": "/name"}], set()],
		"a domain that is no name": [
			_put("/domain", "../global"),
			{{"id": "BYL-003", "path": "product", "msg": "\"../global\" is no name of a domain"}},
		],
		"ports that are an object": [
			_put("/output_ports", {}),
			{_problem("/product/output_ports", "a list of objects", "object")},
		],
		"a port without a name": [
			_put("/output_ports/1", {}),
			{_problem("/product/output_ports/1/name", _text, "nothing")},
		],
		"encryption that is no word": [
			_put("/output_ports/0/encryption", {"at_rest": true}),
			{_problem("/product/output_ports/0/encryption", "an object of strings that are not empty", "object")},
		],
		"an sla of words": [
			_put("/sla/availability", "high"),
			{_problem("/product/sla", "an object of numbers", "object")},
		],
		"days below nothing": [
			_put("/retention/days", -1),
			{_problem("/product/retention/days", "a number that is not negative", "number")},
		],
		"a schema object that is a text": [
			_put("/contract/schema/1", "p"),
			{_problem("/product/contract/schema", "a list of objects", "array")},
		],
		"a field without a name": [
			_put("/contract/schema/0/fields/2", {}),
			{_problem("/product/contract/schema/0/fields/2/name", _text, "nothing")},
		],
		"a nested field that is odd": [
			_put("/contract/schema/0/fields/1/fields/0/personal", "yes"),
			{_problem("/product/contract/schema/0/fields/1/fields/0/personal", "a boolean", "string")},
		],
		"fields that are an object": [
			_put("/contract/schema/0/fields", {}),
			{_problem("/product/contract/schema/0/fields", "a list of objects", "object")},
		],
	}
	inputs.product == problems with input as {"product": _with(_product, patch)}
}

test_a_product_is_required[note] if {
	some note, given in {"an empty input": {}, "a list": [], "a text": "product", "null": null}
	inputs.product == {_problem("/product", "an object", "nothing")} with input as given
}

test_a_previous_release_is_of_the_same_product if {
	inputs.product == {{
		"id": "BYL-002",
		"path": "/previous/name",
		"msg": "the previous release is of another product: other",
	}} with input as {"product": _product, "previous": object.union(_product, {"name": "other"})}
}

test_quality_problems if {
	inputs.quality == {_problem("/quality/results/0/status", _text, "nothing")}
		with input as {"quality": {"results": [{"check": "c"}]}}
	inputs.quality == {_problem("/quality", "an object", "array")} with input as {"quality": []}
	inputs.quality == set() with input as {}
}

test_schema_problems if {
	inputs.schema == {
		_problem("/schema", "an object", "nothing"),
		_problem("/schema/differences", "a list of objects", "nothing"),
	} with input as {}
	inputs.schema == {_problem("/schema/differences/0/type", _text, "nothing")}
		with input as {"schema": {"differences": [{}]}}
}

test_provisioning_problems[note] if {
	some note, [given, problems] in {
		"nothing": [{}, {{"id": "BYL-003", "path": "", "msg": "there is neither a manifest nor a plan"}}],
		"both": [
			{
				"manifest": {"apiVersion": "v1", "kind": "Pod", "metadata": {}},
				"plan": {"planned_values": {}},
			},
			{{"id": "BYL-002", "path": "/plan", "msg": "there are both a manifest and a plan"}},
		],
		"a manifest that is a text": [{"manifest": "x"}, {_problem("/manifest", "an object", "string")}],
		"a manifest without a kind": [
			{"manifest": {"apiVersion": "v1", "metadata": {}}},
			{_problem("/manifest/kind", _text, "nothing")},
		],
		"a plan without changes": [
			{"plan": {}},
			{{
				"id": "BYL-003",
				"path": "/plan",
				"msg": "a plan has resource_changes or planned_values (terraform show -json)",
			}},
		],
		"a change without an address": [
			{"plan": {"resource_changes": [{"mode": "managed", "type": "t", "change": {}}]}},
			{_problem("/plan/resource_changes/0/address", _text, "nothing")},
		],
		"labels that conflict": [
			{"manifest": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"labels": {"bylaw.io/domain": "a", "mesh.company.com/domain": "b"}},
			}},
			{{
				"id": "BYL-002",
				"path": "/manifest/metadata/labels",
				"msg": "labels name more than one domain: [\"a\",\"b\"]",
			}},
		],
		"a label that the registry contradicts": [
			{"manifest": {
				"apiVersion": "v1",
				"kind": "Pod",
				"metadata": {"namespace": "n", "labels": {"bylaw.io/domain": "a"}},
			}},
			{{
				"id": "BYL-002",
				"path": "/manifest/metadata/labels",
				"msg": "the label says domain a, the registry says b",
			}},
		],
	}
	inputs.provisioning == problems with input as given with data.mesh.bindings.namespaces as {"n": "b/p"}
}

test_only_what_cannot_be_read_keeps_rules_from_being_asked if {
	inputs.unreadable({{"id": "BYL-003"}, {"id": "BYL-002"}})
	not inputs.unreadable({{"id": "BYL-002"}})
	not inputs.unreadable(set())
}
