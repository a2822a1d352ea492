"""
One request, two servers: a real OPA and our service, over the same small bundle. Status and JSON must agree.

Texts of messages may differ, and so may ids and times; everything else of an answer is compared: the value of
``result``, which keys there are, the codes of errors and warnings. ``decision_id`` is in both, because OPA runs with
its decision log on. Two things are not in the table, because there is nothing to stand in for: a gzip body that is
none, on which OPA closes the connection, and a path that OPA's type checker refuses (a function as a document).
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.peers.conftest import Answer, Server, StartServer

pytestmark = pytest.mark.peers

MANIFEST = {"revision": "shapes-1", "roots": ["shapes", "lists"], "rego_version": 1}

POLICY = """
package shapes

default allow := false

allow if input.user == "alice"

echo := input

name := input.user

half := 1 / input.by

conflicting := input.first

conflicting := input.second

chosen contains x if some x in input.many

greeting := sprintf("good day, %v", [input.user])

nothing := null

no := false

number := 12345678901234567890

twice(x) := 2 * x

table := data.lists.table
"""

DATA = {
    "limits": {"low": 1, "high": 2.50},
    "list": ["zero", {"one": 1}],
    "empty": {},
    "table": {"a": {"b": [10, 20, 30]}, "10": "ten", "ü": "umlaut", "a b": "space", "<&>": "<&>"},
}

JSON = {"Content-Type": "application/json"}
YAML = {"Content-Type": "application/yaml"}
PATCH = {"Content-Type": "application/json-patch+json"}
TEXT = {"Content-Type": "text/plain"}
GZIPPED = {**JSON, "Content-Encoding": "gzip"}

# What may differ between two servers that agree.
IGNORED_KEYS = frozenset({"decision_id"})
# What is compared by its keys only: the values are times, counts, versions, or a tree of another parser.
BY_KEYS = frozenset({"provenance"})


@dataclass(frozen=True, slots=True)
class Request:
    """``compare`` says how far the bodies are compared: all of it, its keys, or only the status."""

    id: str
    method: str
    path: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    compare: str = "all"


def asks(id_: str, path: str, body: Any, headers: Mapping[str, str] = JSON, **more: Any) -> Request:
    return Request(id_, "POST", path, json.dumps(body).encode(), headers, **more)


def sends(
    id_: str, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] = JSON, **more: Any
) -> Request:
    return Request(id_, method, path, body, headers, **more)


def gets(id_: str, path: str, **more: Any) -> Request:
    return Request(id_, "GET", path, **more)


ALICE = {"input": {"user": "alice"}}

DATA_API = [
    asks("a rule that holds", "/v1/data/shapes/allow", ALICE),
    asks("a rule by its default", "/v1/data/shapes/allow", {"input": {"user": "bob"}}),
    asks("a rule that is undefined", "/v1/data/shapes/name", {"input": {}}),
    asks("a rule that nobody wrote", "/v1/data/shapes/absent", ALICE),
    asks("a package that nobody wrote", "/v1/data/absent", ALICE),
    asks("a value that is false", "/v1/data/shapes/no", ALICE),
    asks("a value that is null", "/v1/data/shapes/nothing", ALICE),
    asks("a number beyond 64 bits", "/v1/data/shapes/number", ALICE),
    asks("a set comes as a sorted list", "/v1/data/shapes/chosen", {"input": {"many": [3, 1, "b", "a", 1]}}),
    asks("a path into the value of a rule", "/v1/data/shapes/table/a/b/1", ALICE),
    asks("a number in a path to base data", "/v1/data/lists/table/10", ALICE),
    asks("a path beyond the value of a rule", "/v1/data/shapes/table/a/c", ALICE),
    asks("a segment with an umlaut", "/v1/data/shapes/table/%C3%BC", ALICE),
    asks("a segment with a space", "/v1/data/shapes/table/a%20b", ALICE),
    asks("a segment with a quotation mark", "/v1/data/shapes/table/a%22b", ALICE),
    asks("a slash at the end", "/v1/data/shapes/allow/", ALICE),
    asks("base data", "/v1/data/limits", ALICE),
    asks("base data of the bundle", "/v1/data/lists", ALICE),
    asks("an element of base data", "/v1/data/lists/list/1/one", ALICE),
    asks("an element beyond a list", "/v1/data/lists/list/7", ALICE),
    asks("an object without members", "/v1/data/lists/empty", ALICE),
    asks("a whole package", "/v1/data/shapes", {"input": {"user": "alice", "many": [], "by": 2, "first": 1}}),
    asks("input comes back as it was", "/v1/data/shapes/echo", {"input": {"ü": ["<&>", 1e3, 0.10, -0, None, {}]}}),
    sends(
        "numbers come back with their values",
        "POST",
        "/v1/data/shapes/echo",
        b'{"input": [1e3, 0.10, -0, 2.50, 1.0, 1E-7, 0.1e1]}',
    ),
    asks("a large number comes back whole", "/v1/data/shapes/echo", {"input": 123456789012345678901234567890}),
    asks("input may be false", "/v1/data/shapes/echo", {"input": False}),
    asks("input may be a list", "/v1/data/shapes/echo", {"input": [1, [2]]}),
    asks("input that is null is a missing one", "/v1/data/shapes/echo", {"input": None}),
    asks("no input", "/v1/data/shapes/allow", {}),
    asks("other keys than input", "/v1/data/shapes/allow", {"inputs": ALICE}),
    sends("an empty body", "POST", "/v1/data/shapes/allow"),
    asks("a conflict between rules", "/v1/data/shapes/conflicting", {"input": {"first": 1, "second": 2}}),
    asks("a built-in error is undefined", "/v1/data/shapes/half", {"input": {"by": 0}}),
    asks("a built-in error, strictly", "/v1/data/shapes/half?strict-builtin-errors", {"input": {"by": 0}}),
    asks("strictness by its value", "/v1/data/shapes/half?strict-builtin-errors=true", {"input": {"by": 0}}),
    asks("strictness refused", "/v1/data/shapes/half?strict-builtin-errors=false", {"input": {"by": 0}}),
    gets("by GET without input", "/v1/data/shapes/allow"),
    gets("by GET with input", "/v1/data/shapes/allow?input=%7B%22user%22%3A%22alice%22%7D"),
    gets("by GET with input that is no JSON", "/v1/data/shapes/allow?input=%7B"),
    gets("by GET, undefined", "/v1/data/shapes/absent"),
    gets("by GET, base data", "/v1/data/lists/limits"),
    asks("with provenance", "/v1/data/shapes/allow?provenance", ALICE),
    asks("with metrics", "/v1/data/shapes/allow?metrics", ALICE, compare="keys"),
    asks("pretty", "/v1/data/shapes/allow?pretty", ALICE),
    asks("an unknown parameter", "/v1/data/shapes/allow?unknown=1", ALICE),
    asks("an unknown explanation", "/v1/data/shapes/allow?explain=everything", ALICE),
]

BODIES = [
    sends("YAML", "POST", "/v1/data/shapes/allow", b"input:\n  user: alice\n", YAML),
    sends(
        "YAML by another name",
        "POST",
        "/v1/data/shapes/allow",
        b"input: {user: alice}",
        {"Content-Type": "application/x-yaml"},
    ),
    sends("YAML that is broken", "POST", "/v1/data/shapes/allow", b"input: {user: [", YAML),
    sends("no content type", "POST", "/v1/data/shapes/allow", json.dumps(ALICE).encode(), {}),
    sends("a content type of its own", "POST", "/v1/data/shapes/allow", json.dumps(ALICE).encode(), TEXT),
    sends("gzip", "POST", "/v1/data/shapes/allow", gzip.compress(json.dumps(ALICE).encode()), GZIPPED),
    sends("gzip cut short", "POST", "/v1/data/shapes/allow", gzip.compress(json.dumps(ALICE).encode())[:-9], GZIPPED),
    sends("JSON cut short", "POST", "/v1/data/shapes/allow", b'{"input": {"user": "al'),
    sends("no JSON at all", "POST", "/v1/data/shapes/allow", b"user=alice"),
    sends("a list instead of an object", "POST", "/v1/data/shapes/allow", b"[1]"),
    sends("a string instead of an object", "POST", "/v1/data/shapes/allow", b'"alice"'),
    sends("a control character", "POST", "/v1/data/shapes/echo", b'{"input": "\x01"}'),
    sends("a byte order mark", "POST", "/v1/data/shapes/allow", b'\xef\xbb\xbf{"input": {"user": "alice"}}'),
    sends("nothing but spaces", "POST", "/v1/data/shapes/allow", b"  \n"),
    sends("null instead of an object", "POST", "/v1/data/shapes/allow", b"null"),
]

# OPA reads these in its own way: the last key wins, what follows is ignored, bytes that are no text are replaced. We do
# not decide on what two readers understand differently.
REFUSED_HERE = [
    sends("a number beyond a double", "POST", "/v1/data/shapes/echo", b'{"input": 1e400}'),
    sends("two keys of one name", "POST", "/v1/data/shapes/echo", b'{"input": {"a": 1, "a": 2}}'),
    sends("something after the object", "POST", "/v1/data/shapes/allow", b'{"input": {"user": "alice"}} x'),
    sends("two objects", "POST", "/v1/data/shapes/allow", b'{"input": {"user": "alice"}}{"input": {}}'),
    sends("bytes that are no UTF-8", "POST", "/v1/data/shapes/echo", b'{"input": "\xff"}'),
    sends("half a surrogate pair", "POST", "/v1/data/shapes/echo", b'{"input": "\\ud800"}'),
]

V0 = [
    sends("v0: the body is the input", "POST", "/v0/data/shapes/allow", b'{"user": "alice"}'),
    sends("v0: false", "POST", "/v0/data/shapes/no", b"{}"),
    sends("v0: null", "POST", "/v0/data/shapes/nothing", b"{}"),
    sends("v0: a rule that is undefined", "POST", "/v0/data/shapes/name", b"{}"),
    sends("v0: a rule that nobody wrote", "POST", "/v0/data/shapes/absent", b"{}"),
    sends("v0: an empty body", "POST", "/v0/data/shapes/allow"),
    sends("v0: JSON cut short", "POST", "/v0/data/shapes/allow", b'{"user"'),
    sends("v0: a conflict", "POST", "/v0/data/shapes/conflicting", b'{"first": 1, "second": 2}'),
    sends("v0: YAML", "POST", "/v0/data/shapes/allow", b"user: alice", YAML),
    gets("v0: GET is not allowed", "/v0/data/shapes/allow"),
]

QUERIES = [
    asks("a query", "/v1/query", {"query": "x := data.shapes.number"}),
    asks("a query with input", "/v1/query", {"query": "x := data.shapes.allow", "input": {"user": "alice"}}),
    asks("a query with several results", "/v1/query", {"query": "some x in [1, 2]; y := x * 2"}),
    asks("a query that is undefined", "/v1/query", {"query": "x := data.absent"}),
    asks("a query without variables", "/v1/query", {"query": "1 == 1"}),
    asks("a query that is false", "/v1/query", {"query": "1 == 2"}),
    asks("a query that does not parse", "/v1/query", {"query": "x := "}),
    asks("a query with an unsafe variable", "/v1/query", {"query": "x == y"}),
    asks("no query", "/v1/query", {}),
    sends("a query that is no JSON", "POST", "/v1/query", b"{"),
    gets("a query by GET", "/v1/query?q=x%20%3A%3D%201"),
    gets("no query by GET", "/v1/query"),
    gets("a broken query by GET", "/v1/query?q=x%20%3A%3D"),
]

WRITES = [
    sends("bundle-owned data is not written", "PUT", "/v1/data/shapes/allow", b"true"),
    sends(
        "bundle-owned data is not patched",
        "PATCH",
        "/v1/data/lists/limits",
        b'[{"op": "add", "path": "/x", "value": 1}]',
        PATCH,
    ),
    sends("bundle-owned data is not deleted", "DELETE", "/v1/data/lists/limits"),
    gets("a policy that nobody has", "/v1/policies/absent"),
    sends("a policy that nobody has is not deleted", "DELETE", "/v1/policies/absent"),
    sends(
        "a policy in a bundle's package is not written", "PUT", "/v1/policies/new", b"package shapes\n\nx := 1", TEXT
    ),
    sends(
        "a policy that does not parse", "PUT", "/v1/policies/new", b"package shapes\n\nx := ", TEXT, compare="status"
    ),
    sends("an empty policy", "PUT", "/v1/policies/new", b"", TEXT),
]

AROUND = [
    gets("health", "/health"),
    gets("health with bundles", "/health?bundles"),
    gets("health with plugins", "/health?plugins"),
    gets("health by a rule that nobody wrote", "/health/absent", compare="status"),
    gets("config", "/v1/config", compare="keys"),
    gets("metrics", "/metrics", compare="status"),
    gets("a path that nobody serves", "/v1/absent", compare="status"),
    gets("another version", "/v2/data/shapes/allow", compare="status"),
    sends("PUT on a query", "PUT", "/v1/query", b"{}", compare="status"),
    sends("OPTIONS on data", "OPTIONS", "/v1/data/shapes/allow", compare="status"),
    sends("HEAD on data", "HEAD", "/v1/data/shapes/allow", compare="status"),
    sends("PUT on v0", "PUT", "/v0/data/shapes/allow", b"{}", compare="status"),
    sends("DELETE on policies", "DELETE", "/v1/policies", compare="status"),
    asks("the default decision, which nobody wrote", "/", {"user": "alice"}),
]

REQUESTS = [*DATA_API, *BODIES, *V0, *QUERIES, *WRITES, *AROUND]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shapes")
    for name, text in (
        (".manifest", json.dumps(MANIFEST)),
        ("shapes/policy.rego", POLICY),
        ("lists/data.json", json.dumps(DATA)),
    ):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def opa(start_opa: StartServer, bundle: Path) -> Server:
    return start_opa([bundle])


@pytest.fixture(scope="module")
def bylaw(start_bylaw: StartServer, bundle: Path) -> Server:
    return start_bylaw([bundle], ["--no-library"])


@pytest.mark.parametrize("request_", REQUESTS, ids=[request.id for request in REQUESTS])
def test_a_request_is_answered_as_opa_answers_it(opa: Server, bylaw: Server, request_: Request) -> None:
    theirs, ours = (
        server.ask(request_.method, request_.path, request_.body, request_.headers) for server in (opa, bylaw)
    )
    assert _comparable(ours, request_.compare) == _comparable(theirs, request_.compare)


@pytest.mark.parametrize("request_", REFUSED_HERE, ids=[request.id for request in REFUSED_HERE])
def test_what_opa_reads_in_its_own_way_is_refused_here(opa: Server, bylaw: Server, request_: Request) -> None:
    theirs, ours = (
        server.ask(request_.method, request_.path, request_.body, request_.headers) for server in (opa, bylaw)
    )
    assert (theirs.status, ours.status, json.loads(ours.body)["code"]) == (200, 400, "invalid_parameter")


def test_a_gzip_body_that_is_none_is_refused(bylaw: Server) -> None:
    answer = bylaw.ask("POST", "/v1/data/shapes/allow", json.dumps(ALICE).encode(), GZIPPED)
    assert (answer.status, json.loads(answer.body)["code"]) == (400, "invalid_parameter")


def test_there_are_no_two_requests_of_one_name() -> None:
    assert len({request.id for request in REQUESTS}) == len(REQUESTS)


def test_a_policy_list_names_packages_and_rules_as_opa_does(opa: Server, bylaw: Server) -> None:
    theirs, ours = (json.loads(server.ask("GET", "/v1/policies").body)["result"] for server in (opa, bylaw))
    assert [_policy_outline(policy) for policy in ours] == [_policy_outline(policy) for policy in theirs]


def test_an_answer_of_json_says_so(opa: Server, bylaw: Server) -> None:
    theirs, ours = (
        server.ask("POST", "/v1/data/shapes/allow", json.dumps(ALICE).encode(), JSON) for server in (opa, bylaw)
    )
    assert ours.headers["content-type"] == theirs.headers["content-type"] == "application/json"


def test_a_large_answer_is_compressed_for_who_asks(opa: Server, bylaw: Server) -> None:
    question = json.dumps({"input": {"text": "abc" * 5_000}}).encode()
    headers = {**JSON, "Accept-Encoding": "gzip"}
    theirs, ours = (server.ask("POST", "/v1/data/shapes/echo", question, headers) for server in (opa, bylaw))
    assert ours.headers.get("content-encoding") == theirs.headers.get("content-encoding") == "gzip"
    assert json.loads(gzip.decompress(ours.body))["result"] == json.loads(gzip.decompress(theirs.body))["result"]


def _comparable(answer: Answer, compare: str) -> Any:
    if compare == "status":
        return answer.status
    document = _document(answer.body)
    if compare == "keys":
        return answer.status, sorted(set(document) - IGNORED_KEYS)
    return answer.status, _without_texts(document)


def _document(body: bytes) -> Any:
    # Exact values, however they are spelled: OPA repeats a number as the caller wrote it.
    return json.loads(body, parse_float=Decimal, parse_int=Decimal) if body.strip() else None


def _without_texts(document: Any) -> Any:
    if not isinstance(document, dict):
        return document
    outline = {key: value for key, value in document.items() if key not in IGNORED_KEYS}
    if "code" in outline:
        outline.pop("message", None)
        # How many errors a parser goes on to find in a broken text is its own affair.
        outline["errors"] = sorted({error.get("code", "") for error in outline.get("errors", ())})
    for key in BY_KEYS & set(outline):
        outline[key] = sorted(outline[key])
    if "warning" in outline:
        outline["warning"] = outline["warning"]["code"]
    return outline


def _policy_outline(policy: Mapping[str, Any]) -> Any:
    return (
        sorted(policy),
        [part["value"] for part in policy["ast"]["package"]["path"]],
        sorted({rule["head"]["name"] for rule in policy["ast"]["rules"]}),
        policy["raw"].strip(),
    )
