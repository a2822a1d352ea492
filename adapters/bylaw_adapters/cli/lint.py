"""
``bylaw lint``: what parses and builds and still goes wrong, found by our own checks and, where it is there, by Regal.
"""

from __future__ import annotations

import argparse
import sys

FORMATS = ("text", "json", "sarif")

_EPILOG = """\
A finding that is meant is accepted in place: `# bylaw ignore:CHECK - why`, on the line or above it.

exit codes: 0 nothing found, 1 an error was found, 2 a file does not parse or cannot be read
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _EPILOG
    parser.add_argument("paths", metavar="PATH", nargs="*", help="files and folders of law")
    parser.add_argument("-f", "--format", choices=FORMATS, default="text", help="what is printed (default: text)")
    parser.add_argument("--regal", metavar="PROGRAM", help="the Regal to run; default: the one on PATH, if any")
    parser.add_argument("--no-regal", action="store_true", help="our own checks only")
    parser.add_argument("--v0-compatible", action="store_true", help="modules are Rego v0 unless they say otherwise")
    parser.add_argument("--checks", action="store_true", help="list our own checks instead")


def run(arguments: argparse.Namespace) -> int:
    """Look, print, answer the exit code."""
    from bylaw.lint import CHECKS, Level, lint
    from bylaw_adapters.lint import find_regal, read_law_files, reports, run_regal

    if arguments.checks:
        print("\n".join(f"{check}: {what}" for check, what in CHECKS.items()))
        return 0
    files = read_law_files(arguments.paths)
    count = len(files.modules) + len(files.policies) + len(files.data)
    if not count:
        print("bylaw lint: no file of law was found", file=sys.stderr)
        return 2
    program = None if arguments.no_regal else find_regal(arguments.regal)
    if program is None and not arguments.no_regal:
        print("bylaw lint: regal is not installed; only our own checks were made", file=sys.stderr)
    regal = run_regal(program, arguments.paths) if program is not None else None
    own = lint(files, rego_v0=arguments.v0_compatible)
    findings = sorted([*own, *(regal.findings if regal else ())], key=lambda each: (each.location, each.check))
    report = {"json": reports.as_json, "sarif": reports.as_sarif}.get(arguments.format)
    version = regal.version if regal else None
    print(
        report(findings, files=count, regal=version)
        if report is not None
        else "\n".join(reports.text(findings, files=count, regal=version))
    )
    levels = {finding.level for finding in findings}
    return 2 if Level.UNREADABLE in levels else int(Level.ERROR in levels)
