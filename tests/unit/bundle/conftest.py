"""Bundles for tests: files by path, as an archive or as a folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bylaw.bundle import Bundle, read_bundle
from bylaw.bundle.archive import write_archive

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


@pytest.fixture
def customer(archive: Callable[..., Path]) -> Callable[[str], Bundle]:
    """The archive of domain customer, with one rule of this body."""

    def read(body: str) -> Bundle:
        text = f"package domains.customer.privacy.rule\n\n{body}"
        manifest = json.dumps({"roots": ["domains/customer"]})
        return read_bundle(archive({".manifest": manifest, "rule.rego": text}))

    return read
