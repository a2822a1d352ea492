"""Every command has help, at once, and a section in ``docs/commands.md`` that names each of its flags."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from bylaw_adapters.cli.main import COMMANDS

_PAGE = (Path(__file__).parents[2] / "docs" / "commands.md").read_text()


def _flags(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from _flags(below)
        elif action.option_strings and "--help" not in action.option_strings:
            yield action.option_strings[-1]


def _section(command: str) -> str:
    _, _, rest = _PAGE.partition(f"\n## bylaw {command}\n")
    return rest.partition("\n## ")[0]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_says_how_it_is_used(command: str) -> None:
    parser = argparse.ArgumentParser(prog=f"bylaw {command}")
    import_module(COMMANDS[command][0]).configure(parser)

    assert parser.format_help().startswith(f"usage: bylaw {command}")


@pytest.mark.parametrize("command", [command for command in COMMANDS if command != "serve"])
def test_the_page_names_every_flag(command: str) -> None:
    parser = argparse.ArgumentParser(prog=f"bylaw {command}")
    import_module(COMMANDS[command][0]).configure(parser)
    section = _section(command)

    assert section
    assert [flag for flag in _flags(parser) if f"`{flag}" not in section] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_the_page_has_a_section_for(command: str) -> None:
    assert f"\n## bylaw {command}\n" in _PAGE
