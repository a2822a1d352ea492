package global.compliance.output_format_test

import data.global.compliance.output_format

_product(port) := {"product": {"output_ports": [object.union({"name": "daily", "path": "output_ports[daily]"}, port)]}}

_violation(format) := {{
	"msg": sprintf("port daily hands out %v; the mesh reads delta or iceberg", [format]),
	"path": "output_ports[daily]",
}}

test_allowed[note] if {
	some note, port in {
		"delta": {"type": "s3", "format": "delta"},
		"iceberg": {"type": "bigquery", "format": "iceberg"},
		"an API": {"type": "REST"},
		"a stream": {"type": "kafka", "format": "avro"},
	}
	output_format.violation == set() with input as _product(port)
}

test_denied[note] if {
	some note, row in {
		"another format": {"port": {"type": "s3", "format": "parquet"}, "said": "parquet"},
		"no format": {"port": {"type": "s3"}, "said": "an unnamed format"},
		"neither type nor format": {"port": {}, "said": "an unnamed format"},
		"a type nobody knows": {"port": {"type": "ftp"}, "said": "an unnamed format"},
	}
	output_format.violation == _violation(row.said) with input as _product(row.port)
}

test_denied_without_ports[note] if {
	some note, facts in {"no product": {}, "no ports": {"product": {}}, "empty": {"product": {"output_ports": []}}}
	output_format.violation == {{
		"msg": "the product has no output port, so nobody knows in which format it is handed out",
		"path": "product.output_ports",
	}} with input as facts
}

test_the_council_may_agree_on_other_formats if {
	output_format.violation == {{
		"msg": "port daily hands out delta; the mesh reads iceberg",
		"path": "output_ports[daily]",
	}} with input as _product({"format": "delta"})
		with data.global.parameters.output_formats as ["iceberg"]
}

test_denied_without_parameters if {
	output_format.violation == _violation("csv") with input as _product({"format": "csv"})
		with data.global.parameters as {}
}

test_the_council_says_which_types_have_no_table_format if {
	output_format.violation == set() with input as _product({"type": "ftp"})
		with data.global.parameters as {"output_types_without_table_format": ["ftp"]}
}
