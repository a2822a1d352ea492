# METADATA
# title: Tables are handed out in an open format
# description: >-
#   Every output port that hands out tables names one of the agreed formats (parameter `output_formats`), so that any
#   engine of the mesh reads it. Ports of the types in `output_types_without_table_format` (APIs and event streams) hand
#   out none, and may say whatever they serialise to.
# custom:
#   id: CMP-004
#   enforcement: deny
#   severity: medium
#   controls: ["Data mesh: interoperability"]
#   remediation: Publish the port as a Delta or Iceberg table and set its `format`.
package global.compliance.output_format

import data.bylaw.tightened

violation contains {
	"msg": "the product has no output port, so nobody knows in which format it is handed out",
	"path": "product.output_ports",
} if {
	not _has_ports
}

violation contains {"msg": msg, "path": path} if {
	is_array(input.product.output_ports)
	some port in input.product.output_ports
	not _hands_out_no_tables(port)
	not _hands_out_agreed_tables(port)
	name := object.get(port, "name", "without a name")
	path := object.get(port, "path", sprintf("output_ports[%v]", [name]))
	msg := sprintf("port %v hands out %v; the mesh reads %v", [
		name,
		object.get(port, "format", "an unnamed format"),
		concat(" or ", _formats),
	])
}

_has_ports if count(input.product.output_ports) > 0

_hands_out_agreed_tables(port) if port.format in _formats

_hands_out_no_tables(port) if lower(port.type) in _types_without_table_format

default _councils_formats := ["delta", "iceberg"]

_councils_formats := data.global.parameters.output_formats

_formats := tightened.common("output_formats", _councils_formats)

default _types_without_table_format := ["rest", "graphql", "grpc", "kafka"]

_types_without_table_format := data.global.parameters.output_types_without_table_format
