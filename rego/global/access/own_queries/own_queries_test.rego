package global.access.own_queries_test

import data.global.access.own_queries

_asks(action, operation, resource) := {
	"subject": {"type": "user", "id": "alice", "properties": {"groups": ["analysts"]}},
	"action": {"name": action, "properties": {"operation": operation}},
	"resource": resource,
}

_query(owner) := {"type": "query", "id": owner, "properties": {"owner": owner}}

_user(id) := {"type": "user", "id": id, "properties": {}}

test_granted_on_own_queries[operation] if {
	some operation in ["ViewQueryOwnedBy", "FilterViewQueryOwnedBy", "KillQueryOwnedBy"]
	own_queries.grant == {{"msg": "it is the subject's own query"}} with input as _asks("administer", operation, _query("alice"))
}

test_granted_to_be_oneself if {
	own_queries.grant == {{"msg": "everybody may be themselves"}} with input as _asks("impersonate", "ImpersonateUser", _user("alice"))
}

test_not_granted[note] if {
	some note, facts in {
		"another's query": _asks("administer", "KillQueryOwnedBy", _query("bob")),
		"a query without an owner": _asks("administer", "KillQueryOwnedBy", {"type": "query", "id": "alice"}),
		"another action on it": _asks("read", "KillQueryOwnedBy", _query("alice")),
		"what is no query": _asks("administer", "KillQueryOwnedBy", object.union(_query("alice"), {"type": "engine"})),
		"to change oneself": _asks("alter", "ImpersonateUser", _user("alice")),
		"to be a group of one's name": _asks("impersonate", "ImpersonateUser", object.union(_user("alice"), {"type": "group"})),
		"another operation": _asks("administer", "WriteSystemInformation", _query("alice")),
		"to be somebody else": _asks("impersonate", "ImpersonateUser", _user("bob")),
		"nobody asks": {"resource": _query("alice"), "action": {"name": "administer"}},
		"nothing at all": {},
	}
	own_queries.grant == set() with input as facts
}
