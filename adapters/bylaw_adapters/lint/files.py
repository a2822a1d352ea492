"""
Which files below some paths are law: modules, YAML policies and data, by OPA's and our names. Hidden folders are none.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bylaw.bundle import read_bundle
from bylaw.bundle.contents import DATA_FILES, shown
from bylaw.bundle.policies import POLICIES_FOLDER
from bylaw.errors import InputTooLarge, UnreadableInput
from bylaw.lint import LawFiles
from bylaw_adapters.decision_cases import CASES_SUFFIXES

MAX_TOTAL_BYTES = 256 * 2**20


def read_law_files(paths: Iterable[str]) -> LawFiles:
    """
    The law below these paths, each file by its path.

    Raises:
        UnreadableInput: A path is not there, or a file cannot be read.
        InputTooLarge: More than is read.
    """
    modules: dict[str, bytes] = {}
    policies: dict[str, bytes] = {}
    data: dict[str, bytes] = {}
    total_bytes = 0
    for file in (file for path in paths for file in _files(Path(path))):
        into = modules if file.suffix == ".rego" else data if file.name in DATA_FILES else policies
        if into is policies and not _is_policy(file):
            continue
        try:
            into[str(file)] = content = file.read_bytes()
        except OSError as error:
            raise UnreadableInput(f"{file}: {error.strerror or error}") from error
        total_bytes += len(content)
        if total_bytes > MAX_TOTAL_BYTES:
            raise InputTooLarge(f"{file}: more than {MAX_TOTAL_BYTES} bytes of law")
    return LawFiles(modules, policies, data)


def read_archived_law(archive: Path) -> LawFiles:
    """
    The rules of a bundle that was built, and its policies as the YAML that they were.

    Raises:
        BundleError, PolicyError, InputError: It must not be loaded.
    """
    bundle = read_bundle(archive)
    policies: dict[str, bytes] = {}
    for root in bundle.roots:
        layer: Any = bundle.data
        for segment in root.split("/"):
            layer = layer.get(segment, {}) if isinstance(layer, dict) else {}
        for policy in layer.get(POLICIES_FOLDER, []) if isinstance(layer, dict) else []:
            name = f"{bundle.name}/{root}/{POLICIES_FOLDER}/{policy['name']}.yaml"
            policies[name] = json.dumps(policy, ensure_ascii=False).encode()
    return LawFiles({shown(bundle, path): text.encode() for path, text in bundle.modules.items()}, policies)


def _is_policy(file: Path) -> bool:
    is_yaml = file.suffix in {".yaml", ".yml"} and not file.name.endswith(CASES_SUFFIXES)
    return is_yaml and file.parent.name == POLICIES_FOLDER


def _files(path: Path) -> Iterator[Path]:
    if not path.exists():
        raise UnreadableInput(f"{path}: there is no such file or folder")
    if path.is_file():
        yield path
        return
    for here, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(here) / name for name in sorted(names) if not name.startswith("."))
