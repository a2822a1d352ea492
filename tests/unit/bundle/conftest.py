"""Bundles for tests: files by path, as an archive or as a folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bylaw.bundle import Bundle, read_bundle, release_folder
from bylaw.bundle.archive import write_archive
from bylaw_adapters.evaluators.extension import NativeEvaluator

Files = Mapping[str, str]


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Writes files below a folder of that name."""

    def write(files: Files, name: str = "source") -> Path:
        for path, text in files.items():
            target = tmp_path / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        return tmp_path / name

    return write


@pytest.fixture
def archive(tmp_path: Path) -> Callable[..., Path]:
    """Packs files into an archive of that name."""

    def write(files: Files, name: str = "packed.tar.gz") -> Path:
        target = tmp_path / name
        target.write_bytes(write_archive({path: text.encode() for path, text in files.items()}))
        return target

    return write


@pytest.fixture(params=["built", "loaded"])
def customer(
    request: pytest.FixtureRequest, archive: Callable[..., Path], folder: Callable[..., Path]
) -> Callable[[str], Bundle]:
    """The bundle of domain customer with one rule of this body, built from its folder and loaded from an archive."""

    def read(body: str) -> Bundle:
        text = f"package domains.customer.privacy.rule\n\n{body}"
        files = {".manifest": json.dumps({"roots": ["domains/customer"]}), "rule.rego": text}
        if request.param == "built":
            return release_folder(folder(files), evaluator=NativeEvaluator())
        return read_bundle(archive(files))

    return read
