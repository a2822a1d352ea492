"""Hostile and broken requests at the door: each is refused with a reason, and the service goes on deciding."""

from __future__ import annotations

import gzip
import json
import socket
import time
from typing import Any

import httpx
import pytest

RULES = """package app

allow if input.user == "alice"
"""

ALLOW = "/v1/data/app/allow"
MAX_BODY_BYTES = 32 * 1024 * 1024
YAML = {"content-type": "application/yaml"}
GZIP = {"content-encoding": "gzip"}


@pytest.fixture(scope="module")
def service(serve_for_module: Any) -> Any:
    return serve_for_module("--body-timeout-seconds", "1", "--header-timeout-seconds", "1", modules={"app.rego": RULES})


@pytest.fixture(autouse=True)
def goes_on_deciding(service: Any) -> Any:
    yield
    assert service.client.post(ALLOW, json={"input": {"user": "alice"}}).json()["result"] is True


def refusal(response: httpx.Response) -> tuple[int, str, list[str]]:
    body = response.json()
    return response.status_code, body["code"], [error["code"] for error in body.get("errors", [])]


def deep(levels: int) -> str:
    return "[" * levels + "]" * levels


ALIAS_BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("content", "headers", "wanted"),
    [
        pytest.param('{"input": {"user": "ali', {}, (400, []), id="truncated"),
        pytest.param('{"input": {"user": "alice"}} x', {}, (400, []), id="something after the end"),
        pytest.param('{"input": {"user": "alice", "user": "bob"}}', {}, (400, ["duplicate_key"]), id="a key twice"),
        pytest.param(
            '{"input":{"user":"bob"},"input":{"user":"alice"}}', {}, (400, ["duplicate_key"]), id="two inputs"
        ),
        pytest.param(
            '{"input":{"user":"bob"},"inp\\u0075t":{}}', {}, (400, ["duplicate_key"]), id="two inputs, one in disguise"
        ),
        pytest.param(f'{{"input": {deep(10_000)}}}', {}, (400, ["input_too_deep"]), id="10,000 deep"),
        pytest.param(f'{{"input": {deep(200)}}}', {}, (400, ["input_too_deep"]), id="200 deep"),
        pytest.param(b'{"input": "\xff"}', {}, (400, []), id="not UTF-8"),
        pytest.param('{"input": NaN}', {}, (400, []), id="a number that JSON has not"),
        pytest.param('"text"', {}, (400, []), id="no object"),
        pytest.param(ALIAS_BOMB, YAML, (413, ["input_too_large"]), id="YAML that grows by aliases"),
        pytest.param("input: !!python/object:os.system {}", YAML, (400, []), id="YAML with a tag"),
        pytest.param(b"input: \xff", YAML, (400, []), id="YAML that is not UTF-8"),
        pytest.param("input: {a: 1, a: 2}", YAML, (400, ["duplicate_key"]), id="YAML with a key twice"),
        pytest.param("x" * (1024 * 1024 + 1), YAML, (413, ["input_too_large"]), id="more YAML than is read"),
        pytest.param(b"not gzip", GZIP, (400, []), id="no gzip"),
        pytest.param(gzip.compress(b'{"input": {}}')[:-4], GZIP, (400, []), id="gzip, cut short"),
        pytest.param(b"x", {"content-encoding": "br"}, (400, []), id="an encoding that is not read"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(service: Any, content: Any, headers: Any, wanted: Any) -> None:
    status, code, errors = refusal(service.client.post(ALLOW, content=content, headers=headers))
    assert (status, code, errors) == (wanted[0], "invalid_parameter", wanted[1])


def test_a_gzip_bomb_is_not_expanded(service: Any) -> None:
    bomb = gzip.compress(b'{"input": "' + b"a" * (200 * 1024 * 1024) + b'"}', 9)
    assert len(bomb) < 1024 * 1024
    response = service.client.post(ALLOW, content=bomb, headers=GZIP)
    assert refusal(response) == (413, "invalid_parameter", ["input_too_large"])
    assert resident_bytes(service) < 400 * 1024 * 1024


def test_100_mb_are_refused_by_their_declared_length(service: Any) -> None:
    with httpx.Client(base_url=service.url, timeout=30) as client:
        response = client.post(ALLOW, content=b"x" * (100 * 1024 * 1024))
    assert refusal(response) == (413, "invalid_parameter", ["input_too_large"])


def test_100_mb_in_chunks_are_refused_once_the_limit_is_passed(service: Any) -> None:
    def chunks() -> Any:
        yield b'{"input": "'
        for _ in range(100):
            yield b"a" * (1024 * 1024)

    with httpx.Client(base_url=service.url, timeout=30) as client:
        response = client.post(ALLOW, content=chunks())
    assert refusal(response) == (413, "invalid_parameter", ["input_too_large"])
    assert resident_bytes(service) < 400 * 1024 * 1024


def test_a_body_of_8_mb_is_read(service: Any) -> None:
    text = json.dumps({"input": {"user": "alice", "tables": ["lake.customer.profiles"] * 330_000}})
    assert len(text) > 8_000_000
    assert service.client.post(ALLOW, content=text).json()["result"] is True


@pytest.mark.parametrize("path", ["/v1/data/app/nothing", "/v1/data/nothing", "/v1/data/app/allow/deeper"])
def test_an_unknown_entrypoint_is_undefined_and_never_an_allow(service: Any, path: str) -> None:
    response = service.client.post(path, json={"input": {"user": "alice"}})
    assert (response.status_code, "result" in response.json()) == (200, False)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param('/v1/data/app/allow"] with input as {"user":"alice"}', 500, id="Rego behind a quote"),
        pytest.param("/v1/data/app%2Fallow", 400, id="an escaped slash"),
        pytest.param("/v1/data/%ff", 400, id="not UTF-8"),
        pytest.param("/v1/dat%61/app/allow", 400, id="an escaped prefix, of which law and door could differ"),
    ],
)
def test_a_path_cannot_smuggle_in_rego(service: Any, path: str, status: int) -> None:
    response = service.client.post(path, json={"input": {"user": "bob"}})
    assert (response.status_code, "result" in response.json()) == (status, False)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param('{"inputs": []}', id="inputs that are a list"),
        pytest.param('{"input": {}}', id="no inputs"),
        pytest.param('{"inputs": {}, "common_input": {}}', id="a member that is not known"),
        pytest.param(
            json.dumps({"inputs": {str(n): {} for n in range(1001)}}), id="more items than are decided at once"
        ),
    ],
)
def test_a_batch_of_the_wrong_shape_is_refused(service: Any, content: str) -> None:
    response = service.client.post("/v1/batch/data/app/allow", content=content)
    assert refusal(response) == (400, "invalid_parameter", ["wrong_shape"])


def test_a_body_that_trickles_is_given_up(service: Any) -> None:
    with connection(service) as client:
        client.sendall(b"POST /v1/data/app/allow HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{")
        assert client.recv(4096).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"", id="nothing at all"),
        pytest.param(b"POST /v1/data/app/allow HTTP/1.1\r\nhost: x\r\n", id="a head without an end"),
    ],
)
def test_a_head_that_does_not_come_is_given_up(service: Any, sent: bytes) -> None:
    with connection(service) as client:
        client.sendall(sent)
        assert client.recv(4096) == b""


def test_a_head_without_bounds_is_given_up(service: Any) -> None:
    with connection(service) as client, pytest.raises((ConnectionError, TimeoutError)):
        send_headers_without_end(client)


def send_headers_without_end(client: socket.socket) -> None:
    client.sendall(b"GET /health HTTP/1.1\r\n")
    for number in range(100_000):
        client.sendall(b"x-%d: %s\r\n" % (number, b"a" * 1000))


def test_who_leaves_while_sending_is_not_decided_for(service: Any) -> None:
    before = len(service.records())
    with connection(service) as client:
        client.sendall(b"POST /v1/data/app/allow HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{")
    assert service.client.post(ALLOW, json={"input": {"user": "alice"}}).status_code == 200
    assert len(service.records()) == before + 1


def connection(service: Any) -> socket.socket:
    host, port = service.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=10)


def resident_bytes(service: Any) -> int:
    time.sleep(0.1)
    with open(f"/proc/{service.process.pid}/statm") as statm:  # noqa: PTH123  no file in any file system
        return int(statm.read().split()[1]) * 4096
