# METADATA
# title: Who is made of what
# description: >-
#   The products downstream of the one that a decision is about, by the lineage that came along
#   (`input.lineage.products`) and the registry's (`data.mesh.lineage`). Outside `bylaw.lib`, because it would let a
#   domain's rules read about products that are not theirs.
package bylaw.lineage

# METADATA
# description: Products, as `domain/name`, and datasets bound to none, that are made of the product, however far down.
# scope: document
consumers contains consumer if {
	some consumer in graph.reachable(_graph, {_own})
	consumer != _own
}

# METADATA
# description: What a message about a change ends with, where there are consumers; empty where none are known.
# scope: document
default affected := ""

affected := sprintf("; consumers: %v", [concat(", ", array.slice(sort(consumers), 0, 10))]) if {
	count(consumers) in numbers.range(1, 10)
}

affected := sprintf("; consumers: %v and %v more", [
	concat(", ", array.slice(sort(consumers), 0, 10)),
	count(consumers) - 10,
]) if {
	count(consumers) > 10
}

_own := concat("/", [input.product.domain, input.product.name])

# What is no key is not reached: a product that nothing is made of leads to itself.
_graph[source] contains target if some [source, target] in _arrows

_graph[target] contains target if some [_, target] in _arrows

_arrows contains [_node(edge.source), _node(edge.target)] if some edge in _edges

_edges contains edge if {
	is_array(input.lineage.products)
	some edge in input.lineage.products
}

_edges contains edge if {
	is_array(data.mesh.lineage)
	some edge in data.mesh.lineage
}

# A dataset by the product that it belongs to.
_node(name) := product if {
	product := data.mesh.bindings.tables[name]
} else := product if {
	product := data.mesh.bindings.topics[name]
} else := name
