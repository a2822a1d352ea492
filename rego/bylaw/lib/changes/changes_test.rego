package bylaw.lib.changes_test

import data.bylaw.lib.changes

_lowered := {"type": "classification_changed", "direction": "lowered", "path": "p", "subject": "field f", "from": "a", "to": "b"}

_raised := {"type": "classification_changed", "direction": "raised"}

_facts := {"schema": {"differences": [_lowered, _raised, {"type": "owner_changed"}, "no difference"]}}

test_by_kind if changes.of("classification_changed") == {_lowered, _raised} with input as _facts

test_by_direction if changes.towards("classification_changed", {"lowered", "removed"}) == {_lowered} with input as _facts

test_none_where_there_is_no_list[note] if {
	some note, facts in {"nothing": {}, "text": {"schema": {"differences": "none"}}, "empty": {"schema": {"differences": []}}}
	changes.of("classification_changed") == set() with input as facts
}

test_in_words if {
	changes.path(_lowered) == "p"
	changes.subject(_lowered) == "field f"
	changes.was(_lowered) == "a"
	changes.now(_lowered) == "b"
}

test_in_words_where_little_is_said if {
	changes.path({}) == "product"
	changes.subject({}) == "something without a name"
	changes.subject({"path": "p"}) == "p"
	changes.was({}) == "nothing"
	changes.now({"to": ["read", 5]}) == "read, 5"
}
