"""Bundles as they come in: OPA's archives and folders, with and without a manifest, and what must not be loaded."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bylaw.bundle import Bundle, build_archive, read_bundle
from bylaw.bundle.archive import write_archive
from bylaw.errors import BundleError, BylawError, InputError, PolicyError, UnreadableBundle

Write = Callable[..., Path]

_RULE = "package authz\n\nallow := true\n"


def test_an_archive_without_a_manifest_owns_what_it_holds(archive: Write) -> None:
    path = archive({"/authz/policy.rego": _RULE, "/data.json": '{"roles": {"a": 1}}', "/x/y/data.yaml": "z: 1"})

    read = read_bundle(path)

    assert read == Bundle(
        name="packed",
        revision=read.revision,
        roots=("authz", "roles", "x"),
        rego_version=1,
        modules={"authz/policy.rego": _RULE},
        data={"roles": {"a": 1}, "x": {"y": {"z": 1}}},
    )


def test_a_manifest_says_revision_roots_and_name(archive: Write) -> None:
    manifest = {"revision": "7", "roots": ["authz", "roles"], "metadata": {"bylaw": {"name": "access"}}}

    read = read_bundle(archive({".manifest": json.dumps(manifest), "p.rego": _RULE}))

    assert (read.name, read.revision, read.roots) == ("access", "7", ("authz", "roles"))


@pytest.mark.parametrize(
    ("roots", "name"),
    [(["domains/customer"], "customer"), (["global"], "global"), (["global", "system/log"], "packed")],
)
def test_a_bundle_without_a_name_has_its_roots_or_its_files(archive: Write, roots: list[str], name: str) -> None:
    assert read_bundle(archive({".manifest": json.dumps({"roots": roots})})).name == name


def test_the_name_that_the_caller_gives_wins(archive: Write) -> None:
    assert read_bundle(archive({"p.rego": _RULE}), name="mine").name == "mine"


def test_the_empty_root_of_opa_build_is_what_the_bundle_holds(archive: Write) -> None:
    manifest = '{"revision":"","roots":[""],"rego_version":1}'

    assert read_bundle(archive({"/.manifest": manifest, "/p.rego": _RULE})).roots == ("authz",)


def test_files_that_mean_nothing_to_opa_mean_nothing_here(archive: Write) -> None:
    files = {"README.md": "#", "x/roles.json": "[", "x/notes.yaml": ":", ".signatures.json": '{"signatures": []}'}

    read = read_bundle(archive({"p.rego": _RULE, **files}))

    assert (dict(read.data), dict(read.modules), read.signatures) == ({}, {"p.rego": _RULE}, b'{"signatures": []}')


def test_a_folder_is_read_without_hidden_files_and_tests(folder: Write) -> None:
    files = {"p.rego": _RULE, "p_test.rego": "package authz_test\n", ".hidden/x.rego": "package x\n", ".x.rego": "no"}

    assert dict(read_bundle(folder(files)).modules) == {"p.rego": _RULE}


def test_a_folder_loads_as_the_archive_that_is_built_from_it(folder: Write, tmp_path: Path) -> None:
    rule = "# METADATA\n# title: T\npackage domains.a.privacy.r\n\nviolation contains {} if input.x\n"
    built = read_bundle(folder({"r.rego": rule, "domains/a/data.yaml": "parameters: {days: 3}"}))
    packed = tmp_path / "packed.tar.gz"
    packed.write_bytes(build_archive(built))

    unpacked = read_bundle(packed)

    assert (unpacked.revision, unpacked.roots) == (built.revision, built.roots)
    assert (dict(unpacked.modules), dict(unpacked.data)) == (dict(built.modules), dict(built.data))


def test_a_verifier_sees_the_files_before_anything_is_read(archive: Write) -> None:
    seen: list[dict[str, bytes]] = []

    def refuse(files: object) -> None:
        assert isinstance(files, dict)
        seen.append(files)
        raise UnreadableBundle("not signed")

    with pytest.raises(UnreadableBundle, match=r"^not signed$"):
        read_bundle(archive({"p.rego": "not even Rego"}), verify=refuse)

    assert seen == [{"p.rego": b"not even Rego"}]


def test_a_folder_is_refused_where_signatures_are_demanded(folder: Write) -> None:
    path = folder({"p.rego": _RULE})

    with pytest.raises(UnreadableBundle) as refused:
        read_bundle(path, verify=lambda _: None)

    assert str(refused.value) == f"{path}: a folder cannot be signed; give the archive"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableBundle) as refused:
        read_bundle(tmp_path / "nowhere.tar.gz")

    assert str(refused.value) == f"{tmp_path}/nowhere.tar.gz: No such file or directory"


@pytest.mark.parametrize(
    ("link", "target", "message"),
    [
        ("source/x.rego", "outside.rego", "source/x.rego is a link that leads out of the folder"),
        ("source/x", "elsewhere", "source/x is a link to a folder; a bundle holds its own"),
    ],
    ids=["a file", "a folder"],
)
def test_a_link_out_of_a_folder_is_refused(folder: Write, tmp_path: Path, link: str, target: str, message: str) -> None:
    path = folder({"p.rego": _RULE})
    (tmp_path / "outside.rego").write_text("package outside\n")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / link).symlink_to(tmp_path / target)

    with pytest.raises(BundleError) as refused:
        read_bundle(path)

    assert (refused.value.code, str(refused.value)) == ("bundle_unsafe_member", f"{tmp_path}/{message}")


_REFUSED: dict[str, tuple[dict[str, str], type[BylawError], str]] = {
    "delta bundle": (
        {"patch.json": "{}"},
        BundleError,
        "member 'patch.json': a delta bundle changes a running one and cannot be loaded by itself",
    ),
    "WebAssembly": (
        {"policy.wasm": ""},
        BundleError,
        "member 'policy.wasm': WebAssembly cannot be checked as Rego is",
    ),
    "a data file in capitals": (
        {"a/Data.json": "{}"},
        BundleError,
        "member 'a/Data.json' is not read: it is not written 'data.json'",
    ),
    "a second manifest": (
        {"a/.manifest": "{}"},
        BundleError,
        "member 'a/.manifest': a manifest stands at the root of its bundle only",
    ),
    "a package outside the roots": (
        {".manifest": '{"roots": ["a"]}', "p.rego": "# about\n\npackage b\n"},
        BundleError,
        "p.rego:3:1: package b is outside the bundle's root a",
    ),
    "a package that only begins as a root does": (
        {".manifest": '{"roots": ["domains/customer"]}', "p.rego": "package domains.customers.x\n"},
        BundleError,
        "p.rego:1:1: package domains.customers.x is outside the bundle's root domains/customer",
    ),
    "a package with a slash in its name": (
        {".manifest": '{"roots": ["domains/customer"]}', "p.rego": 'package domains["customer/x"]\n'},
        BundleError,
        "p.rego:1:1: package domains.customer/x is outside the bundle's root domains/customer",
    ),
    "data outside the roots": (
        {".manifest": '{"roots": ["a", "b/c"]}', "data.json": '{"a": {}, "b": {"c": 1, "d": 2}}'},
        BundleError,
        "data.json:1:25: data at b/d is outside the bundle's roots a, b/c",
    ),
    "data that says the same twice": (
        {"a/data.json": '{"b": 1}', "data.json": '{"a": {"b": 2}}'},
        InputError,
        "data.json:1:1: data at /a/b is said twice",
    ),
    "a key twice in data": (
        {"data.json": '{"a": 1, "a": 2}'},
        InputError,
        "data.json:1:10: key 'a' stands twice in one object",
    ),
    "data that is no object": ({"data.json": "[]"}, InputError, "data.json: data at the root of a bundle is an object"),
    "a flag of YAML 1.1": (
        {"a/data.yaml": "b: yes\n"},
        InputError,
        "a/data.yaml:1:1: yes, no, on and off are flags to some readers and texts to others: write true, or quote it",
    ),
    "a tag in YAML": (
        {"a/data.yaml": "b: !!python/object:os.system x\n"},
        InputError,
        "a/data.yaml:1:4: tag !!python/object:os.system is not read",
    ),
    "an empty module": ({"p.rego": "# nothing\n"}, PolicyError, "p.rego:1:1: empty module"),
    "a module without a package": ({"p.rego": "x := 1\n"}, PolicyError, "p.rego:1:1: package expected"),
}


@pytest.mark.parametrize(("files", "error", "message"), _REFUSED.values(), ids=_REFUSED)
def test_what_must_not_be_loaded_is_refused(
    archive: Write, files: dict[str, str], error: type[BylawError], message: str
) -> None:
    with pytest.raises(error) as refused:
        read_bundle(archive(files))

    assert str(refused.value) == message


def test_a_module_that_does_not_parse_is_refused_with_its_place(archive: Write) -> None:
    with pytest.raises(PolicyError) as refused:
        read_bundle(archive({"p.rego": "package a\n\nx := ]\n"}))

    location = refused.value.location
    assert location is not None
    assert (refused.value.code, location.file, location.row) == ("rego_parse_error", "a/p.rego", 3)


def test_a_module_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "packed.tar.gz"
    path.write_bytes(write_archive({"p.rego": b"package a\n\n# \xff\n"}))

    with pytest.raises(PolicyError) as refused:
        read_bundle(path)

    assert str(refused.value) == "p.rego:3:1: not UTF-8"


def test_a_revision_that_nobody_gave_is_a_digest_of_the_contents(archive: Write) -> None:
    one, same, other = (
        read_bundle(archive(files, name)).revision
        for files, name in (
            ({"p.rego": _RULE, "data.json": '{"a": 1, "b": 2}'}, "one.tar.gz"),
            ({"p.rego": _RULE, "data.json": '{"b":2,"a":1}'}, "same.tar.gz"),
            ({"p.rego": _RULE, "data.json": '{"a": 1, "b": 3}'}, "other.tar.gz"),
        )
    )

    assert one == same != other
    assert re.fullmatch("sha256:[0-9a-f]{12}", one)
