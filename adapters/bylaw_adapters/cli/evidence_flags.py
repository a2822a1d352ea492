"""
The flags by which evidence is handed in, which commands that decide have in common.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def add_evidence_flags(parser: argparse.ArgumentParser, *, reports: str, part: str) -> None:
    """``reports`` and ``part`` say what the reports and the partition are of."""
    parser.add_argument("--evidence", metavar="PATH", action="append", default=[], help=reports)
    add_evidence_key(parser)
    parser.add_argument("--partition", metavar="TEXT", help=part)


def add_evidence_key(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--evidence-key",
        metavar="PRODUCER=FILE",
        action="append",
        default=[],
        help="whose signature on evidence is whose",
    )
