"""
``bylaw report processing`` and ``bylaw report masking``: the record of processing activities, and what readers see of
each column. Both are what the law says of products, and decide nothing.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bylaw_adapters.cli.report_sources import gathered, law_of, product_folders, registered, require_domain

if TYPE_CHECKING:
    from bylaw.reports.product_answers import Answered


def configure(reports: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the two reports to ``bylaw report``."""
    about = "the record of processing activities (GDPR Art. 30(1)), with what is missing of it"
    processing = reports.add_parser("processing", help=about, description=f"Print {about}.")
    _shared(processing, ("markdown", "json", "csv"))
    processing.set_defaults(report=_processing)
    about = "what readers see of each column by its class and category, and what the registry must know of it"
    masking = reports.add_parser("masking", help=about, description=f"Print {about}.")
    _shared(masking, ("text", "json"))
    masking.set_defaults(report=_masking)


def _shared(parser: argparse.ArgumentParser, formats: tuple[str, ...]) -> None:
    parser.add_argument("-b", "--bundle", metavar="PATH", action="append", default=[], help="default: the example mesh")
    parser.add_argument("--domain", metavar="NAME", help="one domain; default: the mesh")
    parser.add_argument("-f", "--format", choices=formats, default=formats[0], help=f"default: {formats[0]}")
    parser.add_argument(
        "paths", metavar="PATH", nargs="*", help="files and folders; default: `products` of each bundle's folder"
    )


def _processing(arguments: argparse.Namespace) -> int:
    from bylaw.reports import processing

    at_ns = time.time_ns()
    answered = _answered(arguments, processing.ENTRYPOINTS, at_ns, with_registered=not arguments.paths)
    report = processing.processing_report(answered, domain=arguments.domain, at_ns=at_ns)
    match arguments.format:
        case "json":
            print(json.dumps(report, indent=2, ensure_ascii=False))
        case "csv":
            print(processing.as_csv(report), end="")
        case _:
            print(processing.as_markdown(report), end="")
    if report["unknown"] or not answered:
        return 2
    return 0 if report["complete"] else 1


def _masking(arguments: argparse.Namespace) -> int:
    from bylaw.reports import masking

    at_ns = time.time_ns()
    answered = _answered(arguments, masking.ENTRYPOINTS, at_ns, with_registered=False)
    report = masking.masking_report(answered, domain=arguments.domain, at_ns=at_ns)
    if arguments.format == "json":
        print(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        print("\n".join(_printable(line) for line in _plan_lines(report)))
    return 0 if masking.is_whole(report) else 2


def _answered(
    arguments: argparse.Namespace, entrypoints: Sequence[str], at_ns: int, *, with_registered: bool
) -> list[Answered]:
    """Of every document; of whole meshes also the registered products that no document was given of."""
    from bylaw.errors import InputError
    from bylaw.reports.product_answers import answered, not_given, unread

    bundles, law = law_of(arguments.bundle)
    paths = arguments.paths or product_folders(arguments.bundle)
    rows = [
        unread(path, facts) if isinstance(facts, InputError) else answered(facts, law, entrypoints, at_ns=at_ns)
        for path, facts in gathered(paths)
    ]
    found = [row for row in rows if row is not None]
    require_domain(arguments.domain, bundles, [row.domain for row in found])
    return [*found, *(not_given(registered(bundles), found) if with_registered else ())]


def _plan_lines(report: Mapping[str, Any]) -> Iterator[str]:
    for product in report["products"]:
        yield f"masking plan of {product['product_id']} ({product['source']})"
        if "reason" in product:
            yield f"  none: {product['reason']}"
        for column in product["columns"]:
            shown = f"  {column['object']}.{column['column']}  {column['type']}  {column['mask']}"
            if "expression" in column:
                shown += f" ({column['strength']})  {column['expression']}  because {column['why']}"
            yield shown
    if not report["products"]:
        yield "no product was given"


def _printable(line: str) -> str:
    """A text of a document must not steer a terminal, or begin a line of its own."""
    return "".join(character if character.isprintable() else "?" for character in line)
