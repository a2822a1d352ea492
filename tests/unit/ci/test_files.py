"""Which files a run reads: every one that was named, and every document below a folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bylaw.errors import InputError
from bylaw.facts.documents.text import MAX_BYTES
from bylaw_adapters.ci.files import files_of, read_file


def below(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a: 1\n")


def found(folder: Path, *paths: str) -> list[str]:
    return [os.path.relpath(path, folder) for path in files_of(str(folder / path) for path in paths)]


def test_a_folder_is_walked_for_documents(tmp_path: Path) -> None:
    below(tmp_path, "b.yaml", "a/c.yml", "a/d.JSON", "a/readme.md", ".git/config.yaml", "a/.hidden/x.yaml", ".x.yaml")
    assert found(tmp_path, "") == [".x.yaml", "b.yaml", "a/c.yml", "a/d.JSON"]


def test_a_named_file_is_read_whatever_it_is_called_and_once(tmp_path: Path) -> None:
    below(tmp_path, "contract", "a/b.yaml")
    assert found(tmp_path, "contract", "a", "a/b.yaml", "not-there") == ["contract", "a/b.yaml", "not-there"]


def test_a_link_in_a_circle_is_walked_once(tmp_path: Path) -> None:
    below(tmp_path, "a/b.yaml")
    (tmp_path / "a" / "again").symlink_to(tmp_path / "a", target_is_directory=True)
    (tmp_path / "a" / "linked.yaml").symlink_to(tmp_path / "a" / "b.yaml")
    assert found(tmp_path, "a") == ["a/b.yaml", "a/linked.yaml"]


def test_a_folder_without_documents_is_answered_and_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (path,) = files_of([str(tmp_path / "empty")])
    with pytest.raises(InputError, match="a folder without a YAML or JSON file to read"):
        read_file(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_folder_that_may_not_be_entered_is_not_skipped(tmp_path: Path) -> None:
    below(tmp_path, "open/a.yaml", "closed/b.yaml")
    (tmp_path / "closed").chmod(0)
    assert found(tmp_path, "") == ["open/a.yaml", "closed"]


def pipe(path: Path) -> None:
    os.mkfifo(path)


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)


def dangling(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


def circular(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize(
    ("make", "code", "message"),
    [
        pytest.param(pipe, "unreadable_input", "is a pipe, a device or a socket, and no file", id="a pipe"),
        pytest.param(huge, "input_too_large", f"more than {MAX_BYTES} bytes", id="too large"),
        pytest.param(dangling, "unreadable_input", "no such file or directory", id="a link to nowhere"),
        pytest.param(circular, "unreadable_input", "too many levels of symbolic links", id="a link to itself"),
    ],
)
def test_what_cannot_be_read_says_why_and_holds_nothing_up(
    tmp_path: Path, make: object, code: str, message: str
) -> None:
    path = tmp_path / "file.yaml"
    make(path)  # type: ignore[operator]
    with pytest.raises(InputError) as refusal:
        read_file(str(path))
    assert refusal.value.code == code
    assert message in refusal.value.message


def test_a_name_with_a_nul_is_no_file() -> None:
    with pytest.raises(InputError, match="embedded null byte"):
        read_file("a\0b.yaml")
