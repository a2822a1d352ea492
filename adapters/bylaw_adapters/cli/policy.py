"""
``bylaw policy``: the YAML policies of a law, listed and shown, as they are written or as Rego that says the same.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bylaw.law_book.inventory import HeldPolicy

_SUFFIXES = (".yaml", ".yml")


def configure(parser: argparse.ArgumentParser) -> None:
    """``list`` and ``show``."""
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    of_a_law = argparse.ArgumentParser(add_help=False)
    of_a_law.add_argument(
        "-b", "--bundle", metavar="PATH", action="append", default=[],
        help="a bundle of the law, archive or folder; default: the example mesh",
    )  # fmt: skip
    about = "list the policies of a law, also those that are switched off"
    listing = actions.add_parser("list", parents=[of_a_law], help=about, description=f"{about.capitalize()}.")
    listing.add_argument("-f", "--format", choices=("text", "json"), default="text", help="default: text")
    listing.set_defaults(action=_list)
    show = actions.add_parser(
        "show", parents=[of_a_law], help="show one", description="Show one policy, as YAML, as JSON or as Rego."
    )
    show.add_argument("policy", metavar="NAME|PATH", help="its name, id or rule, or a YAML file")
    show.add_argument(
        "--as", dest="form", choices=("yaml", "json", "rego"), default="yaml",
        help="as it is written (default), as JSON, or as Rego that says the same",
    )  # fmt: skip
    show.set_defaults(action=_show)


def run(arguments: argparse.Namespace) -> int:
    """The exit code of the action."""
    return int(arguments.action(arguments))


def _list(arguments: argparse.Namespace) -> int:
    held = _of_the_law(arguments.bundle)
    if arguments.format == "json":
        print(json.dumps([each.summary() for each in held], indent=2, ensure_ascii=False))
    else:
        print("\n".join(_lines(held)))
    return 0


def _lines(held: Sequence[HeldPolicy]) -> Iterator[str]:
    for each in held:
        words = [each.type, each.enforcement, f"priority {each.priority:g}", "" if each.is_enabled else "switched off"]
        place = f" ({each.source})" if each.source else ""
        yield _printable(f"{each.rule}: {', '.join(word for word in words if word)}{place}")
    if not held:
        yield "no policies"


def _printable(text: str) -> str:
    """A name is its author's: it must not steer a terminal or begin a line of its own."""
    return "".join(character if character.isprintable() else "?" for character in text)


def _show(arguments: argparse.Namespace) -> int:
    from bylaw.law_book.inventory import policy_named

    path = Path(arguments.policy)
    is_file = path.suffix in _SUFFIXES
    held = _of_file(path) if is_file else policy_named(_of_the_law(arguments.bundle), arguments.policy)
    print(_shown(held, arguments.form), end="")
    return 0


def _shown(held: HeldPolicy, form: str) -> str:
    if form == "rego":
        from bylaw.bundle.policy_rego import rego_of

        return rego_of(held.root, held.policy)
    if form == "json":
        return json.dumps(held.policy, indent=2, ensure_ascii=False) + "\n"
    return held.text or _yaml(held.policy)


def _yaml(policy: Any) -> str:
    """Of an archive, where the text is gone."""
    import yaml

    return str(yaml.safe_dump(policy, sort_keys=False, allow_unicode=True, width=120))


def _of_the_law(paths: Sequence[str]) -> list[HeldPolicy]:
    from bylaw.law_book.inventory import inventory
    from bylaw_adapters import wiring
    from bylaw_adapters.settings import Settings

    return inventory(wiring.bundles(Settings(bundles=tuple(paths))))


def _of_file(path: Path) -> HeldPolicy:
    """A file by itself. Its layer is told from the folders that it stands in; the council's where they say none."""
    from bylaw.bundle.policies import read_policy
    from bylaw.errors import InputTooLarge, UnreadableInput
    from bylaw.law_book.inventory import HeldPolicy

    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise InputTooLarge(f"{path}: {path.stat().st_size} bytes, at most {MAX_FILE_BYTES} are read")
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror or error}") from error
    written = read_policy(str(path), content)
    return HeldPolicy(_root_of(path), written.value, str(path), written.place["line"], content.decode("utf-8-sig"))


MAX_FILE_BYTES = 2**20
"""A policy is a page; a file that is larger is something else."""


def _root_of(path: Path) -> tuple[str, ...]:
    from bylaw.bundle.policies import POLICIES_FOLDER
    from bylaw.bundle.roots import DOMAINS

    match path.resolve().parent.parts:
        case (*_, above, domain, folder) if above == DOMAINS and folder == POLICIES_FOLDER:
            return (DOMAINS, domain)
        case _:
            return ("global",)
