"""
Where ``bylaw`` starts: finds the command, runs it, and turns what went wrong into an exit code. It knows no command.

Exit codes are one promise for all of them: 0 allowed or done, 1 denied or tests failed, 2 it could not be decided. An
error of our own is a 2 as well: Python's 1 would read as a denial, and nothing may read as an allow.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

COMMANDS = {
    "serve": ("bylaw_adapters.cli.serve", "answer decisions over HTTP"),
    "eval": ("bylaw_adapters.cli.eval", "evaluate a Rego query, as `opa eval` does"),
    "decide": ("bylaw_adapters.cli.decide", "make one decision and print it"),
    "check": ("bylaw_adapters.cli.check", "judge files: contracts, manifests, plans, products"),
    "contract": ("bylaw_adapters.cli.contract", "convert contracts of the older standard to ODCS"),
    "evidence": ("bylaw_adapters.cli.evidence", "sign, verify and read reports of test tools"),
    "test": ("bylaw_adapters.cli.test", "run tests of law: Rego tests, as `opa test` does, and cases"),
    "lint": ("bylaw_adapters.cli.lint", "find what builds and still goes wrong"),
    "catalogue": ("bylaw_adapters.cli.catalogue", "write every rule of a law on one page"),
    "policy": ("bylaw_adapters.cli.policy", "list and show YAML policies, also as Rego"),
    "report": ("bylaw_adapters.cli.report", "report policies, decisions and compliance of a mesh or a domain"),
    "bundle": ("bylaw_adapters.cli.bundle", "build and inspect bundles"),
    "waiver": ("bylaw_adapters.cli.waiver", "request, approve, withdraw and report waivers"),
    "audit": ("bylaw_adapters.cli.audit", "list, show and verify recorded decisions"),
}
"""Each command's module and its line of help. The module is imported when the command is asked for."""

ALLOWED, DENIED, UNDECIDED = 0, 1, 2
INTERRUPTED = 128 + 2
BROKEN_PIPE = 128 + 13

_USAGE = "usage: bylaw COMMAND [OPTION]…"


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run one command. Answers the exit code; argparse itself leaves with ``SystemExit`` (0 for help, 2 for usage).
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = _dispatch(words)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has enough. What is left in the buffer must not fail again when Python leaves.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


def run() -> NoReturn:
    """
    ``main`` as a process. A check leaves a law and thousands of facts in memory, and nothing that has to be closed:
    freeing them one by one would only keep whoever waits for the exit code.
    """
    status = main()
    if sys.argv[1:2] == ["check"]:
        sys.stderr.flush()
        os._exit(status)  # stdout is flushed
    sys.exit(status)


def _dispatch(words: list[str]) -> int:
    match words:
        case [] | ["help"]:
            print(_help(), file=sys.stdout if words else sys.stderr)
            return ALLOWED if words else UNDECIDED
        case ["-h" | "--help", *_]:
            print(_help())
            return ALLOWED
        case ["--version", *_]:
            return _version()
        case ["help", command, *_]:
            return _run(command, ["--help"])
        case [command, *rest]:
            return _run(command, rest)
        case _:  # pragma: no cover - the cases above are all there are
            return UNDECIDED


def _run(command: str, rest: list[str]) -> int:
    if command not in COMMANDS:
        return _unknown(command)
    import argparse
    from importlib import import_module

    from bylaw.errors import BylawError

    name, summary = COMMANDS[command]
    module = import_module(name)
    parser = argparse.ArgumentParser(
        prog=f"bylaw {command}",
        description=f"{summary[0].upper()}{summary[1:]}.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.configure(parser)  # may say more in the parser's description and epilog
    parsed = parser.parse_args(rest)
    try:
        return int(module.run(parsed))
    except BylawError as error:
        return _failed(command, str(error))
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except Exception:  # noqa: BLE001 - the last line of defence: an error of ours must not leave with Python's 1
        import traceback

        traceback.print_exc()
        return _failed(command, "this is an error in bylaw itself; nothing was decided")


def _failed(command: str, message: str) -> int:
    print(f"bylaw {command}: {message}", file=sys.stderr)
    return UNDECIDED


def _unknown(command: str) -> int:
    import difflib

    near = difflib.get_close_matches(command, COMMANDS, n=1, cutoff=0.5)
    hint = f"; did you mean `bylaw {near[0]}`?" if near else ""
    print(f"bylaw: no command {command!r}{hint}\n{_USAGE}; `bylaw --help` lists them", file=sys.stderr)
    return UNDECIDED


def _version() -> int:
    from bylaw import __version__

    print(f"bylaw {__version__}")
    return ALLOWED


def _help() -> str:
    width = max(len(command) for command in COMMANDS)
    lines = [f"  {command:<{width}}  {summary}" for command, (_, summary) in COMMANDS.items()]
    return "\n".join(
        [
            _USAGE,
            "",
            "Policy-as-code governance for data meshes: the same verdict at every door, provable afterwards.",
            "",
            "commands:",
            *lines,
            "",
            "options:",
            "  -h, --help  this text; `bylaw COMMAND --help` for one command",
            "  --version   which version this is",
            "",
            "exit codes: 0 allowed, 1 denied (or tests failed), 2 it could not be decided",
        ]
    )


if __name__ == "__main__":
    run()
