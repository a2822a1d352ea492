# METADATA
# title: Files as conftest reads them
# description: >
#   Judges a parsed file by what it is: a Kubernetes object, a Terraform plan, a Bylaw product, or the input of a decision
#   as it stands. A file that is none of them is denied: not understood is not passed.
package bylaw.conftest

import data.bylaw.decisions.provisioning
import data.bylaw.decisions.publication

# METADATA
# description: The violations of the file, with `msg`, as conftest's `deny` reads them.
# scope: document
deny contains violation if some violation in decision.violations

deny contains {"msg": "a list of documents: give each one to the law by itself", "id": "BYL-003"} if is_array(input)

# METADATA
# description: The warnings of the file, with `msg`, as conftest's `warn` reads them.
# scope: document
warn contains warning if some warning in decision.warnings

# METADATA
# description: The decision about the file.
# scope: document
decision := judged if {
	recognised_as == "plan"
	plan := input
	judged := provisioning.decision with input as {"plan": plan}
} else := judged if {
	recognised_as == "manifest"
	manifest := input
	judged := provisioning.decision with input as {"manifest": manifest}
} else := judged if {
	recognised_as == "product"
	described := input
	judged := publication.decision with input as {"product": described}
} else := publication.decision if {
	recognised_as == "publication input"
} else := provisioning.decision if {
	recognised_as == "provisioning input"
} else := _unrecognised

# METADATA
# description: What the file is.
# scope: document
default recognised_as := "unrecognised"

recognised_as := "provisioning input" if {
	_has_any({"manifest", "plan"})
} else := "publication input" if {
	_has_any({"product"})
} else := "plan" if {
	_has_any({"resource_changes", "planned_values"})
} else := "product" if {
	input.kind == "DataProduct"
	startswith(input.apiVersion, "bylaw")
} else := "manifest" if {
	_has_any({"apiVersion"})
	_has_any({"kind"})
} else := "product" if {
	_has_any({"domain"})
	_has_any({"name"})
	_has_any({"output_ports", "contract"})
}

_has_any(keys) if {
	is_object(input)
	some key in keys
	key in object.keys(input)
}

_unrecognised := {
	"kind": "publication",
	"decision": "deny",
	"allow": false,
	"violations": [{
		"rule": "bylaw.conftest",
		"id": "BYL-003",
		"layer": "bylaw",
		"enforcement": "deny",
		"severity": "high",
		"msg": "this is no Kubernetes object, no Terraform plan and no product: nothing was judged",
		"path": "",
		"remediation": "",
		"controls": [],
	}],
	"warnings": [],
	"audits": [],
	"waived": [],
	"ignored": [],
	"obligations": {"row_filters": [], "column_masks": [], "protections": []},
	"evaluated": [],
}
