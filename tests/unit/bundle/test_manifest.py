"""What a bundle says about itself, and what it cannot say."""

from __future__ import annotations

import json

import pytest

from bylaw.bundle.manifest import Manifest, read_manifest
from bylaw.bundle.roots import Root
from bylaw.errors import InvalidManifest


def test_a_manifest_is_read() -> None:
    text = json.dumps({"revision": "7", "roots": ["b/", "/a"], "rego_version": 1, "metadata": {"bylaw": {"name": "x"}}})

    read = read_manifest(text.encode())

    assert read == Manifest("7", (Root(("a",)), Root(("b",))), {"bylaw": {"name": "x"}})
    assert read.bylaw == {"name": "x"}


@pytest.mark.parametrize("text", ["{}", '{"roots": null}', '{"roots": [""]}', '{"roots": ["/"]}'])
def test_no_roots_and_the_empty_root_claim_everything(text: str) -> None:
    assert read_manifest(text.encode()).roots is None


def test_keys_of_other_tools_pass() -> None:
    assert read_manifest(b'{"built_by": "ci"}') == Manifest()


_REFUSED = {
    "no JSON": ("{", ".manifest:1:2: not JSON: expecting property name enclosed in double quotes"),
    "twice the same key": ('{"roots": [], "roots": [""]}', ".manifest:1:15: key 'roots' stands twice in one object"),
    "no object": ("[]", ".manifest is an object, not a list"),
    "a key that looks like another": ('{"root": ["a"]}', ".manifest: unknown key 'root'; did you mean 'roots'?"),
    "a key in capitals": ('{"Roots": ["a"]}', ".manifest: unknown key 'Roots'; did you mean 'roots'?"),
    "revision of another type": ('{"revision": 7}', ".manifest: revision is a text, not a number"),
    "roots of another type": ('{"roots": "a"}', ".manifest: roots is a list, not a text"),
    "a root of another type": ('{"roots": [1]}', ".manifest: a root is a path, not 1"),
    "a root that steps outside": ('{"roots": ["a/../b"]}', '.manifest: "a/../b" is no root'),
    "roots that overlap": (
        '{"roots": ["a", "a/b"]}',
        '.manifest: the roots "a" and "a/b" overlap; name each part once',
    ),
    "everything and a part": ('{"roots": ["", "a"]}', '.manifest: the roots "" and "a" overlap; name each part once'),
    "a version of Rego for a pattern": (
        '{"file_rego_versions": {"/*/a.rego": 0}}',
        ".manifest: file_rego_versions names files, and '/*/a.rego' is a pattern",
    ),
    "no version of Rego for a file": (
        '{"file_rego_versions": {"/a.rego": 2}}',
        ".manifest: /a.rego is 1 or 0, not 2",
    ),
    "no version of Rego": ('{"rego_version": true}', ".manifest: rego_version is 1 or 0, not true"),
    "WebAssembly": (
        '{"wasm": [{"entrypoint": "a", "module": "policy.wasm"}]}',
        ".manifest: wasm is not read here: WebAssembly cannot be checked as Rego is",
    ),
    "metadata of another type": ('{"metadata": []}', ".manifest: metadata is an object, not a list"),
    "our metadata of another type": (
        '{"metadata": {"bylaw": 1}}',
        ".manifest: metadata.bylaw is an object, not a number",
    ),
    "an empty name": ('{"metadata": {"bylaw": {"name": ""}}}', '.manifest: metadata.bylaw.name is a text, not ""'),
    "a catalogue of another type": (
        '{"metadata": {"bylaw": {"catalogue": "*"}}}',
        ".manifest: metadata.bylaw.catalogue is a list of rules, as `privacy/*`",
    ),
}


@pytest.mark.parametrize(("text", "message"), _REFUSED.values(), ids=_REFUSED)
def test_what_a_manifest_cannot_say_is_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidManifest) as refused:
        read_manifest(text.encode())

    assert str(refused.value) == message
