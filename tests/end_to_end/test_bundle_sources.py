"""The life of a bundle in a running service: pulled, put in force, refused, kept over restarts, rolled back."""

from __future__ import annotations

import gzip
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.end_to_end.bundle_server import BundleServer
from tests.end_to_end.test_service_lifecycle import eventually, is_allowed, started_in_vain

from bylaw.bundle.archive import write_archive

POLLING = ("--polling-min-seconds", "0.1", "--polling-max-seconds", "0.2")


def bundle(user: str, revision: str = "", *, root: str = "app", **files: bytes) -> bytes:
    """An archive that lets one user in."""
    rules = f'package {root}\n\nallow if input.user == "{user}"\n'
    manifest = {"revision": revision or f"for-{user}", "roots": [root]}
    return write_archive({".manifest": json.dumps(manifest).encode(), f"{root}/rules.rego": rules.encode(), **files})


def command(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bylaw_adapters.cli.main", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def status_of(service: Any, name: str = "app") -> dict[str, Any]:
    return service.client.get("/v1/status").json()["result"]["bundles"][name]  # type: ignore[no-any-return]


@pytest.fixture
def server() -> Iterator[BundleServer]:
    started = BundleServer()
    yield started
    started.stop()


def test_a_release_on_a_server_is_put_in_force(serve: Any, server: BundleServer) -> None:
    server.content = bundle("alice")
    service = serve("--no-library", "--bundle", f"{server.url}/app.tar.gz", *POLLING)
    assert is_allowed(service, "alice")

    server.content = bundle("bob")
    eventually(lambda: is_allowed(service, "bob"))

    status = status_of(service)
    assert (status["active_revision"], status["source"]) == ("for-bob", f"{server.url}/app.tar.gz")
    assert status["size"] == len(server.content)
    assert status["last_request"] >= status["last_successful_download"]
    asked = [request.get("if-none-match") for request in server.requests]
    assert asked[0] is None
    assert all(asked[1:])
    eventually(lambda: server.requests[-1]["if-none-match"] != asked[1])


def test_the_token_is_shown_to_the_server_and_to_nobody_else(serve: Any, server: BundleServer, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("secret-of-ours\n")
    server.content = bundle("alice")
    service = serve(
        "--no-library", "--bundle", f"{server.url}/app.tar.gz", "--bundle-token-file", str(tmp_path / "token"), *POLLING
    )
    assert server.requests[0]["authorization"] == "Bearer secret-of-ours"
    server.status = 403
    eventually(lambda: "code" in status_of(service))
    shown = json.dumps(status_of(service)) + service.client.get("/v1/config").text + service.said()
    assert "answered 403" in shown
    assert "secret-of-ours" not in shown


def test_a_server_that_leads_elsewhere_does_not_take_the_token_along(
    serve: Any, server: BundleServer, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text("secret-of-ours")
    elsewhere = BundleServer()
    elsewhere.content = bundle("alice")
    server.location = f"{elsewhere.url}/signed/app.tar.gz"
    service = serve(
        "--no-library", "--bundle", f"{server.url}/app.tar.gz", "--bundle-token-file", str(tmp_path / "token"), *POLLING
    )
    assert is_allowed(service, "alice")
    assert server.requests[0]["authorization"] == "Bearer secret-of-ours"
    assert all("authorization" not in request for request in elsewhere.requests)
    server.location = f"{server.url}/round"
    eventually(lambda: "code" in status_of(service))
    assert is_allowed(service, "alice")
    elsewhere.stop()


def test_a_token_is_not_sent_in_the_clear(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("secret-of-ours")
    flags = ("--bundle", "http://bundles.example/app.tar.gz", "--bundle-token-file", str(tmp_path / "token"))
    done = started_in_vain(tmp_path, *flags)
    assert (done.returncode, "bundle_token_file is sent by https only" in done.stderr) == (2, True), done.stderr


def test_a_source_that_is_gone_leaves_the_law_and_is_told_until_it_is_back(serve: Any, server: BundleServer) -> None:
    server.content = bundle("alice")
    service = serve("--no-library", "--bundle", f"{server.url}/app.tar.gz", *POLLING)
    server.status = 500
    eventually(lambda: "code" in status_of(service))
    assert "answered 500" in status_of(service)["message"]
    assert is_allowed(service, "alice")
    server.status = 200
    eventually(lambda: "code" not in status_of(service))


@pytest.mark.parametrize(("content", "status"), [(b"", 503), (b"no archive", 200)], ids=["gone", "broken"])
def test_the_last_good_release_is_kept_over_a_restart(
    serve: Any, server: BundleServer, tmp_path: Path, content: bytes, status: int
) -> None:
    flags = ("--no-library", "--bundle", f"{server.url}/app.tar.gz", *POLLING)
    server.content = bundle("alice")
    first = serve(*flags, state=tmp_path / "state")
    server.content = bundle("bob")
    eventually(lambda: is_allowed(first, "bob"))
    assert first.stop() == 0

    server.content, server.status = content, status
    second = serve(*flags, state=tmp_path / "state")
    assert is_allowed(second, "bob")
    assert (status_of(second)["active_revision"], status_of(second)["code"]) == ("for-bob", "bundle_error")

    server.content, server.status = bundle("carol"), 200
    eventually(lambda: is_allowed(second, "carol"))
    assert "code" not in status_of(second)


def test_without_anything_kept_a_source_that_is_gone_ends_the_start(tmp_path: Path, server: BundleServer) -> None:
    server.status = 503
    done = started_in_vain(tmp_path, "--bundle", f"{server.url}/app.tar.gz")
    assert (done.returncode, "answered 503" in done.stderr) == (2, True), done.stderr


def half(archive: bytes) -> bytes:
    return archive[: len(archive) // 2]


def with_member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w:") as archive:
        rules = b'package app\n\nallow if input.user == "mallory"\n'
        rule = tarfile.TarInfo("app/rules.rego")
        rule.size = len(rules)
        archive.addfile(rule, io.BytesIO(rules))
        member = tarfile.TarInfo(name)
        member.type, member.linkname = kind, link
        archive.addfile(member)
    return gzip.compress(plain.getvalue())


UNSOUND: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "half of an archive": (lambda: half(bundle("mallory")), "bundle_unreadable", "app"),
    "no archive at all": (lambda: b"<html>404</html>", "bundle_unreadable", "app"),
    "nothing": (lambda: b"", "bundle_unreadable", "app"),
    "a member outside": (lambda: with_member("../../etc/cron.d/x.rego"), "bundle_unsafe_member", "../../etc"),
    "a symbolic link": (
        lambda: with_member("app/data.json", tarfile.SYMTYPE, "/etc/passwd"),
        "bundle_unsafe_member",
        "",
    ),
    "a gzip bomb": (lambda: gzip.compress(bytes(300 * 2**20)), "bundle_too_large", ""),
    "rules outside of its roots": (
        lambda: bundle("mallory", **{"other/x.rego": b"package other\n\nx := 1\n"}),
        "bundle_outside_roots",
        "other",
    ),
    "rules that do not parse": (
        lambda: bundle("mallory", **{"app/x.rego": b"package app\n\nx {"}),
        "rego_parse_error",
        "",
    ),
    "rules that do not compile": (
        lambda: bundle("mallory", **{"app/x.rego": b"package app\n\nx := no_such_function(1)\n"}),
        "rego_type_error",
        "no_such_function",
    ),
    "a test that fails": (
        lambda: bundle(
            "mallory", **{"app/x_test.rego": b"package app\n\ntest_nobody if not allow\n\ntest_x if false\n"}
        ),
        "bundle_failing_tests",
        "x_test.rego:5:1: data.app.test_x: fail",
    ),
    "the roots of another bundle": (lambda: bundle("mallory", root="beside"), "bundle_overlapping_roots", "beside"),
}


@pytest.fixture(scope="module")
def watched(serve_for_module: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    """A service with two archives of this machine, and the one that is to be spoilt."""
    folder = tmp_path_factory.mktemp("archives")
    (folder / "app.tar.gz").write_bytes(bundle("alice"))
    (folder / "beside.tar.gz").write_bytes(bundle("carol", root="beside"))
    flags = [word for name in ("app", "beside") for word in ("--bundle", str(folder / f"{name}.tar.gz"))]
    return serve_for_module("--no-library", *flags), folder / "app.tar.gz"


@pytest.mark.parametrize("sort", UNSOUND)
def test_a_bundle_that_must_not_be_loaded_leaves_the_law_alone_and_is_seen(
    watched: tuple[Any, Path], sort: str
) -> None:
    service, archive = watched
    make, code, said = UNSOUND[sort]
    refusals = _refused(service)
    archive.write_bytes(make())
    service.process.send_signal(signal.SIGHUP)

    eventually(lambda: "code" in status_of(service))
    status = status_of(service)
    assert status["errors"] == [{"code": code}]
    assert said in status["message"]
    assert status["active_revision"] == "for-alice"
    assert "code" not in status_of(service, "beside")
    assert 'bylaw_bundle_failing{name="app"} 1.0' in service.client.get("/metrics").text
    assert _refused(service) > refusals
    assert code in service.said()
    assert is_allowed(service, "alice")
    assert not is_allowed(service, "mallory")

    archive.write_bytes(bundle("alice"))
    service.process.send_signal(signal.SIGHUP)
    eventually(lambda: "code" not in status_of(service))


def _refused(service: Any) -> float:
    lines = service.client.get("/metrics").text.splitlines()
    return float(
        next(line for line in lines if line.startswith('bylaw_bundle_loads_total{outcome="refused"}')).split()[1]
    )


def test_an_archive_that_changes_on_disk_is_put_in_force_once_it_is_whole(watched: tuple[Any, Path]) -> None:
    service, archive = watched
    whole = bundle("dora")
    with archive.open("wb") as file:
        for start in range(0, len(whole), len(whole) // 4):
            file.write(whole[start : start + len(whole) // 4])
            file.flush()
            time.sleep(0.3)
    eventually(lambda: is_allowed(service, "dora"))
    archive.write_bytes(bundle("alice"))
    eventually(lambda: is_allowed(service, "alice"))
    assert "code" not in status_of(service)


def test_a_folder_that_is_edited_is_in_force_without_a_signal(serve: Any) -> None:
    service = serve(modules={"app.rego": 'package app\n\nallow if input.user == "alice"\n'})
    rules = service.state.parent / "rules" / "app.rego"
    rules.write_text("package app\n\nallow if {\n")
    eventually(lambda: "code" in status_of(service))
    assert is_allowed(service, "alice")
    rules.write_text('package app\n\nallow if input.user == "bob"\n')
    eventually(lambda: is_allowed(service, "bob"))
    assert "code" not in status_of(service)


def test_what_changed_is_taken_as_a_delta(serve: Any, server: BundleServer, tmp_path: Path) -> None:
    def release(folder: str, users: dict[str, Any], revision: str) -> Path:
        archive = tmp_path / f"{folder}.tar.gz"
        manifest = json.dumps({"revision": revision, "roots": ["app"]}).encode()
        rules = b"package app\n\nallow if data.app.users[input.user].active\n"
        data = json.dumps({"users": users}).encode()
        archive.write_bytes(write_archive({".manifest": manifest, "app/rules.rego": rules, "app/data.json": data}))
        return archive

    alice, both = {"alice": {"active": True}}, {"alice": {"active": False}, "b/o~b": {"active": True}}
    first, second = release("first", alice, "r1"), release("second", both, "r2")
    server.content = first.read_bytes()
    service = serve("--no-library", "--bundle", f"{server.url}/app", *POLLING)
    assert is_allowed(service, "alice")
    assert "delta" in server.requests[-1]["prefer"]

    done = command("bundle", "delta", first, second, "-o", tmp_path / "delta.tar.gz")
    assert done.returncode == 0, done.stderr
    server.content = (tmp_path / "delta.tar.gz").read_bytes()
    eventually(lambda: is_allowed(service, "b/o~b"))
    assert not is_allowed(service, "alice")
    assert status_of(service)["active_revision"] == "r2"
    kept = command("bundle", "history", "--state", service.state)
    assert [line.split()[1] for line in kept.stdout.splitlines()] == ["r1", "r2"]

    # One that does not fit is refused, and the whole is asked for.
    unfit = {"data": [{"op": "remove", "path": "/app/users/nobody"}]}
    server.content = write_archive({"patch.json": json.dumps(unfit).encode()})
    eventually(lambda: "code" in status_of(service))
    assert status_of(service)["errors"] == [{"code": "bundle_invalid_delta"}]
    assert is_allowed(service, "b/o~b")
    eventually(lambda: "if-none-match" not in server.requests[-1])
    server.content = first.read_bytes()
    eventually(lambda: is_allowed(service, "alice"))


def test_a_delta_of_more_than_data_is_not_written(tmp_path: Path) -> None:
    for name, archive in (("a", bundle("alice", "r1")), ("b", bundle("bob", "r2"))):
        (tmp_path / f"{name}.tar.gz").write_bytes(archive)
    done = command("bundle", "delta", tmp_path / "a.tar.gz", tmp_path / "b.tar.gz", "-o", tmp_path / "d.tar.gz")
    assert (done.returncode, "a delta changes data only" in done.stderr) == (2, True)
    same = command("bundle", "delta", tmp_path / "a.tar.gz", tmp_path / "a.tar.gz", "-o", tmp_path / "d.tar.gz")
    assert (same.returncode, "did not change" in same.stderr) == (2, True)
    assert not (tmp_path / "d.tar.gz").exists()


def test_a_clock_that_is_wrong_keeps_no_release_back(watched: tuple[Any, Path]) -> None:
    service, archive = watched
    for user, changed_at in (("before-the-epoch", -86_400), ("long-after", 4_000_000_000), ("alice", 0)):
        archive.write_bytes(bundle(user))
        os.utime(archive, (changed_at, changed_at))
        eventually(lambda user=user: is_allowed(service, user))  # type: ignore[misc]
    history = command("bundle", "history", "app", "--state", service.state).stdout.splitlines()
    assert [line.split()[1] for line in history][-3:] == ["for-before-the-epoch", "for-long-after", "for-alice"]


def test_a_rollback_holds_until_it_is_taken_back(serve: Any, server: BundleServer) -> None:
    server.content = bundle("alice", "r1")
    service = serve("--no-library", "--bundle", f"{server.url}/app.tar.gz", *POLLING)
    server.content = bundle("bob", "r2")
    eventually(lambda: is_allowed(service, "bob"))

    listed = command("bundle", "history", "--state", service.state)
    assert [line.split()[:2] for line in listed.stdout.splitlines()] == [["app", "r1"], ["app", "r2"]]
    assert command("bundle", "rollback", "app", "r1", "--state", service.state).returncode == 0
    eventually(lambda: is_allowed(service, "alice"))
    assert (status_of(service)["active_revision"], status_of(service)["pinned"]) == ("r1", True)
    assert 'bylaw_bundle_pinned{name="app"} 1.0' in service.client.get("/metrics").text

    server.content = bundle("carol", "r3")
    eventually(lambda: len({request["if-none-match"] for request in server.requests[1:]}) == 3)
    assert not is_allowed(service, "carol")
    assert command("bundle", "rollback", "app", "--resume", "--state", service.state).returncode == 0
    eventually(lambda: is_allowed(service, "carol"))
    assert "pinned" not in status_of(service)

    unknown = command("bundle", "rollback", "app", "r9", "--state", service.state)
    assert (unknown.returncode, "kept are: r1, r2, r3" in unknown.stderr) == (2, True), unknown.stderr
    service.stop()


def test_a_release_that_cannot_be_kept_is_not_put_in_force(serve: Any, server: BundleServer) -> None:
    # No file may grow beyond 20 kB: what a full disk does.
    import random

    server.content = bundle("alice")
    service = serve(
        "--no-library", "--bundle", f"{server.url}/app.tar.gz", *POLLING, before=("prlimit", "--fsize=20000")
    )
    noise = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz", k=60_000))
    server.content = bundle("bob", **{"app/data.json": json.dumps({"noise": noise}).encode()})
    eventually(lambda: "code" in status_of(service))
    assert "the release cannot be kept" in status_of(service)["message"]
    assert is_allowed(service, "alice")
    assert not is_allowed(service, "bob")
    assert not list((service.state / "releases" / "app").glob("*.part"))

    server.content = bundle("carol")
    eventually(lambda: is_allowed(service, "carol"))


def test_decisions_go_on_while_the_law_is_swapped(serve: Any, server: BundleServer) -> None:
    """None fails, and none is of two revisions: the rule and the data beside it change together."""

    def release(number: int) -> bytes:
        rules = f"package app\n\nseen := [{number}, data.app.number]\n"
        data = json.dumps({"number": number}).encode()
        manifest = json.dumps({"revision": f"r{number}", "roots": ["app"]}).encode()
        return write_archive({".manifest": manifest, "app/rules.rego": rules.encode(), "app/data.json": data})

    server.content = release(0)
    service = serve("--no-library", "--bundle", f"{server.url}/app.tar.gz", *POLLING)
    stop = threading.Event()
    seen: list[tuple[int, Any]] = []

    def ask() -> None:
        with httpx.Client(base_url=service.url, timeout=30) as client:
            while not stop.is_set():
                response = client.post("/v1/data/app/seen", json={})
                seen.append((response.status_code, response.json().get("result")))

    asking = [threading.Thread(target=ask) for _ in range(3)]
    for thread in asking:
        thread.start()
    for number in range(1, 8):
        server.content = release(number)
        eventually(lambda number=number: seen[-1:] == [(200, [number, number])])  # type: ignore[misc]
    stop.set()
    for thread in asking:
        thread.join()

    assert {status for status, _ in seen} == {200}
    assert all(rule == data for _, (rule, data) in seen)
    assert {rule for _, (rule, _) in seen} == set(range(8))
    for record in service.records():
        result: Any = record["result"]
        assert record["bundles"] == {"app": {"revision": f"r{result[0]}"}}


def test_two_bundles_released_at_once_are_both_in_force(serve: Any) -> None:
    first, second = BundleServer(), BundleServer()
    first.content, second.content = bundle("alice"), bundle("alice", root="beside")
    flags = ("--bundle", f"{first.url}/app.tar.gz", "--bundle", f"{second.url}/beside.tar.gz")
    service = serve("--no-library", *flags, *POLLING)
    for user in ("bob", "carol", "dora"):
        first.content, second.content = bundle(user), bundle(user, root="beside")
        eventually(lambda user=user: status_of(service)["active_revision"] == f"for-{user}")  # type: ignore[misc]
        eventually(lambda user=user: status_of(service, "beside")["active_revision"] == f"for-{user}")  # type: ignore[misc]
        assert is_allowed(service, user)
        assert service.client.post("/v1/data/beside/allow", json={"input": {"user": user}}).json()["result"] is True
    first.stop()
    second.stop()


def test_a_pushed_archive_is_a_file_that_was_checked(tmp_path: Path) -> None:
    archive = tmp_path / "app.tar.gz"
    archive.write_bytes(bundle("alice"))
    (tmp_path / "served").mkdir()
    done = command("bundle", "push", archive, tmp_path / "served")
    assert (done.returncode, done.stdout.split()[1:3]) == (0, ["app", "for-alice,"])
    assert (tmp_path / "served" / "app.tar.gz").read_bytes() == archive.read_bytes()

    archive.write_bytes(half(bundle("mallory")))
    assert command("bundle", "push", archive, tmp_path / "served").returncode == 2
    assert (tmp_path / "served" / "app.tar.gz").read_bytes() == bundle("alice")
    refused = command("bundle", "push", tmp_path / "served" / "app.tar.gz", "https://bundles.example/app.tar.gz")
    assert (refused.returncode, "has no upload" in refused.stderr) == (2, True)


def test_loading_asks_nobody_for_what_a_scheme_does_not_name(tmp_path: Path) -> None:
    for address, said in (
        ("nope://x/y", "no such scheme"),
        ("https://user:password@bundles.example/app.tar.gz", "a credential stands in bundle_token_file"),
        ("oci://registry.example", "is not oci://HOST/REPOSITORY:TAG"),
    ):
        done = started_in_vain(tmp_path, "--bundle", address)
        assert (done.returncode, said in done.stderr) == (2, True), done.stderr
        assert "password" not in done.stderr
