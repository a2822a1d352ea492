"""
``bylaw serve``: answer decisions over HTTP. Its flags are the table of settings, one flag a row.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import typing
from collections.abc import Mapping
from dataclasses import Field
from pathlib import Path
from typing import Any

from bylaw_adapters import settings as table

EXIT_STOPPED = 0

# A decision leaves none behind, so this is about memory that a circle of ours might hold: a few megabytes.
COLLECT_EVERY_ALLOCATIONS = 20_000


def configure(parser: argparse.ArgumentParser) -> None:
    """One flag a setting, and where to read the rest from."""
    parser.add_argument("--config", metavar="FILE", help="settings in YAML (BYLAW_CONFIG)")
    parser.add_argument("--print-settings", action="store_true", help="print the settings in force as JSON, and stop")
    parser.add_argument("--print-examples", action="store_true", help="once serving, print four commands to try")
    for row in table.rows():
        _add_flag(parser, row)
    parser.epilog = "A flag wins over BYLAW_* variables, those over the file. docs/settings.md lists them all."


def _add_flag(parser: argparse.ArgumentParser, row: Field[Any]) -> None:
    kind = table.types_of_rows()[row.name]
    about: dict[str, Any] = {"dest": row.name, "default": None, "help": row.metadata["sentence"].replace("%", "%%")}
    flag = table.flag_of(row)
    if kind is bool:
        if table.default_of(row):
            parser.add_argument("--no-" + flag[2:], action="store_false", **about)
        else:
            parser.add_argument(flag, action="store_true", **about)
        return
    if typing.get_origin(kind) is tuple:
        about["action"] = "append"
    elif typing.get_origin(kind) is typing.Literal:
        about["metavar"] = "|".join(typing.get_args(kind))
    else:
        about["metavar"] = row.name.rpartition("_")[2].upper()
    parser.add_argument(flag, **about)


def run(arguments: argparse.Namespace) -> int:
    """Serve until told to stop."""
    settings = settings_from(arguments, os.environ)
    from bylaw_adapters import wiring

    if arguments.print_settings:
        import json

        print(json.dumps(wiring.shown_settings(settings), indent=2))
        return EXIT_STOPPED
    _log_to_stderr(settings.log_level)
    wired = wiring.wire(settings)
    from bylaw_adapters.serving import server

    # What was loaded stays, and what a decision allocates goes by reference counts: circles are seldom looked for.
    gc.freeze()
    gc.set_threshold(COLLECT_EVERY_ALLOCATIONS)

    def started(url: str) -> None:
        print(f"bylaw serves on {url}", flush=True)
        if arguments.print_examples:
            from bylaw_adapters.cli.examples import printed

            print(printed(url), flush=True)

    server.run(settings, wired.service, wired.app, wired.diagnostic_app, following=wired.following, started=started)
    return EXIT_STOPPED


def settings_from(arguments: argparse.Namespace, environment: Mapping[str, str]) -> table.Settings:
    """The settings in force for these flags."""
    flags = {row.name: getattr(arguments, row.name) for row in table.rows()}
    file = arguments.config or environment.get("BYLAW_CONFIG")
    return table.resolve(flags=flags, environment=environment, file=Path(file) if file else None)


def _log_to_stderr(level: str) -> None:
    import logging

    logging.basicConfig(
        stream=sys.stderr, level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True
    )
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
