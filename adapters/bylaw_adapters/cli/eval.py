"""
``bylaw eval``: one Rego query over files and bundles, answered as ``opa eval`` answers it: the same JSON, nothing for
undefined, an error document on stdout, exit 0 or 2.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bylaw_adapters.cli.bounded import Exceeded, run_bounded
from bylaw_adapters.cli.watching import document, is_watched, new_watch, tables, trace, watch_options

if TYPE_CHECKING:
    import bylaw_native

DEFAULT_SECONDS = 10.0

# A policy of a gigabyte is a mistake; a shared CI machine should not find out by swapping.
DEFAULT_MEMORY_BYTES = 2**30

# For loading, and for an evaluator that looks at its deadline a little late.
GRACE_SECONDS = 2.0

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def configure(parser: argparse.ArgumentParser) -> None:
    """The flags of ``opa eval`` that have a meaning here, by their names there."""
    parser.add_argument("query", metavar="QUERY", help="a Rego query, as `data.authz.allow`")
    parser.add_argument(
        "-d", "--data", metavar="PATH", action="append", default=[], help="a policy or data file, or a folder of them"
    )
    parser.add_argument(
        "-b", "--bundle", metavar="BUNDLE", action="append", default=[], help="a bundle: an archive or a folder"
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument("-i", "--input", metavar="FILE", help="the input document, JSON or YAML")
    source.add_argument("-I", "--stdin-input", action="store_true", help="read the input document from stdin")
    parser.add_argument("-f", "--format", choices=("json", "pretty", "raw"), default="json", help="default: json")
    evaluator_options(parser)
    watch_options(parser)
    parser.add_argument("--strict", action="store_true", help="OPA's strict checks of modules (native only)")
    parser.add_argument(
        "--strict-builtin-errors", action="store_true", help="an error of a built-in ends the evaluation"
    )
    parser.add_argument(
        "--timeout", type=seconds, metavar="DURATION", default=DEFAULT_SECONDS, help="as 500ms, 10s, 1m; default: 10s"
    )
    parser.epilog = "At most 1 GiB of memory is used. Exit code: 0, also where the query is undefined; 2 for any error."


def evaluator_options(parser: argparse.ArgumentParser) -> None:
    """What evaluates, and which Rego it takes modules for."""
    parser.add_argument(
        "--evaluator",
        choices=("native", "regorus"),
        default="native",
        help="our engine, or the second opinion on it (default: native)",
    )
    parser.add_argument(
        "--v0-compatible", action="store_true", help="modules are Rego v0 unless they say otherwise (native only)"
    )
    parser.add_argument(
        "--capabilities", metavar="FILE", help="what modules may use: a capabilities file of OPA (native only)"
    )
    parser.add_argument(
        "--schema",
        "-s",
        metavar="PATH",
        help="a JSON Schema of the input, or a folder of schemas for METADATA to name (native only)",
    )


def refuse_beyond_native(arguments: argparse.Namespace) -> None:
    """
    Raises:
        InvalidSetting: A flag that only our engine knows, with the second opinion.
    """
    from bylaw.errors import InvalidSetting

    asked = (arguments.v0_compatible, arguments.capabilities, arguments.schema, getattr(arguments, "strict", False))
    if arguments.evaluator != "native" and any(asked):
        raise InvalidSetting("--v0-compatible, --capabilities, --schema and --strict need --evaluator native")


def read_capabilities(file: str | None) -> bytes | None:
    """
    Raises:
        MalformedInput: It cannot be read.
    """
    from pathlib import Path

    from bylaw.errors import MalformedInput

    try:
        return None if file is None else Path(file).read_bytes()
    except OSError as error:
        raise MalformedInput(f"{file}: {error.strerror}") from error


def read_schemas(path: str | None) -> bytes | None:
    """
    Schemas as ``bylaw_native.load`` takes them: a file is the input's; in a folder, the path of a file without its
    ending is the name.

    Raises:
        MalformedInput: One cannot be read, or is no JSON.
    """
    from pathlib import Path

    from bylaw.errors import MalformedInput

    if path is None:
        return None
    root = Path(path)
    files = sorted(root.rglob("*.json")) if root.is_dir() else [root]
    schemas = {}
    for file in files:
        name = "" if file == root else file.relative_to(root).with_suffix("").as_posix()
        try:
            schemas[name] = json.loads(file.read_bytes())
        except OSError as error:
            raise MalformedInput(f"{file}: {error.strerror}") from error
        except (ValueError, RecursionError) as error:
            raise MalformedInput(f"{file}: not JSON: {error}") from error
    return json.dumps(schemas).encode()


def run(arguments: argparse.Namespace) -> int:
    """Evaluate in bounds, print, answer the exit code."""
    bounds_seconds = arguments.timeout + GRACE_SECONDS
    # In KiB. The evaluator's allocator would else begin with a gigabyte of address space, all that there is.
    os.environ.setdefault("MIMALLOC_ARENA_RESERVE", "65536")
    try:
        return run_bounded(
            lambda: _evaluate(arguments),
            memory_bytes=DEFAULT_MEMORY_BYTES,
            seconds=bounds_seconds,
            reserved_bytes=_stacks_bytes(),
        )
    except Exceeded as exceeded:
        code = "eval_cancel_error" if exceeded.by_time else "eval_error"
        _print_errors([{"message": f"the evaluation {exceeded}", "code": code}], arguments.format)
        return 2


def _stacks_bytes() -> int:
    """The address space of the evaluator's threads: one a core, at most 64, each with 256 MiB of stack."""
    return min(len(os.sched_getaffinity(0)), 64) * 256 * 2**20


def seconds(text: str) -> float:
    """A duration as Go writes it, in seconds: ``10s``, ``500ms``, ``1m``."""
    number = text.rstrip("hms")
    unit = text[len(number) :]
    try:
        value = float(number) * _UNITS[unit or "s"]
    except (ValueError, KeyError):
        raise argparse.ArgumentTypeError(f"{text!r} is no duration; write 10s, 500ms or 1m") from None
    if not 0 < value <= 3600:
        raise argparse.ArgumentTypeError(f"{text} is not between nothing and an hour")
    return value


def _evaluate(arguments: argparse.Namespace) -> int:
    from bylaw.errors import BylawError

    modules: dict[str, str] = {}
    watch = new_watch(arguments)
    try:
        results = _results(arguments, modules, watch)
    except BylawError as error:
        _print_errors(error_documents(error), arguments.format, told=document(watch, arguments, modules))
        return 2
    told = document(watch, arguments, modules)
    if arguments.format == "json":
        print(indented(({"result": results} if results else {}) | told))
    elif arguments.format == "raw":
        _print_raw(results)
    else:
        print(trace(watch, arguments), end="")
        _print_pretty(results)
        for head, rows in tables(told, arguments.query):
            _print_table(head, rows)
    return 0


def _results(
    arguments: argparse.Namespace, modules: dict[str, str], watch: bylaw_native.Watch | None
) -> Sequence[Mapping[str, Any]]:
    """The results; ``modules`` is filled with what was loaded."""
    from bylaw.bundle import combine, read_bundle, v0_files
    from bylaw.bundle.documents import merge
    from bylaw.errors import InvalidSetting
    from bylaw_adapters.bundle_sources import load_loose_files
    from bylaw_adapters.evaluators.extension import NativeEvaluator, RegorusEvaluator

    refuse_beyond_native(arguments)
    bundles = [read_bundle(_path(path)) for path in arguments.bundle]
    bundled, bundle_data_json, _ = combine(bundles)
    loose = load_loose_files(arguments.data)
    modules |= {**bundled, **loose.modules}
    data_json = json.dumps(merge(json.loads(bundle_data_json), loose.data, file="--data")).encode()
    if arguments.evaluator == "native":
        snapshot = NativeEvaluator(
            rego_v0=arguments.v0_compatible,
            strict=arguments.strict,
            capabilities_json=read_capabilities(arguments.capabilities),
            schemas_json=read_schemas(arguments.schema),
            keeps_print=True,
        ).load(modules, data_json, v0_files=v0_files(bundles))
    elif is_watched(arguments):
        raise InvalidSetting("--explain, --profile and --coverage need --evaluator native")
    else:
        snapshot = RegorusEvaluator().load(modules, data_json, v0_files=v0_files(bundles))
    results = snapshot.query(
        arguments.query,
        _input_json(arguments),
        deadline_seconds=arguments.timeout,
        strict_builtin_errors=arguments.strict_builtin_errors,
        watch=watch,
    )
    # OPA leaves out what binds nothing.
    return [{key: value for key, value in result.items() if value or key != "bindings"} for result in results]


def _path(text: str) -> Any:
    from pathlib import Path

    return Path(text)


def _input_json(arguments: argparse.Namespace) -> bytes | None:
    if arguments.stdin_input:
        return read_input("-")
    return read_input(arguments.input) if arguments.input else None


def read_input(source: str) -> bytes:
    """
    The input document in a file (``-`` for stdin) as JSON. JSON is passed on as it stands, so that no number changes.

    Raises:
        InputError: It cannot be read; names the place.
    """
    from pathlib import Path

    from bylaw.errors import MalformedInput
    from bylaw.facts.documents.json_text import looks_like_json
    from bylaw.facts.documents.text import read_documents

    name = "stdin" if source == "-" else source
    try:
        content = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        raise MalformedInput(f"{name}: {error.strerror}") from error
    document, *more = read_documents(content, file=name)
    if more:
        raise MalformedInput("the input is one document, and this is a second", location=more[0].location())
    if looks_like_json(content.decode("utf-8-sig")):
        return content.removeprefix(b"\xef\xbb\xbf")
    return json.dumps(document.value).encode()


def error_documents(error: Any) -> list[dict[str, Any]]:
    """An error, and those that were found with it, as OPA's documents have them."""
    return [error_document(each) for each in (error, *getattr(error, "more", ()))]


def error_document(error: Any) -> dict[str, Any]:
    """One error as OPA's documents have it."""
    document: dict[str, Any] = {"message": error.message, "code": error.code}
    if error.location is not None:
        place = error.location
        # A query has no file; what an evaluator calls it stands in angle brackets.
        file = "" if place.file.startswith("<") else place.file
        document["location"] = {"file": file, "row": place.row, "col": place.column}
    return document


def indented(value: Any) -> str:
    """JSON as Go indents and escapes it; ``< > &`` and the two line separators occur in texts only."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _print_errors(errors: list[dict[str, Any]], form: str, *, told: Mapping[str, Any] | None = None) -> None:
    if form == "json":
        print(indented({"errors": errors, **(told or {})}))
        return
    plural = "error" if len(errors) == 1 else "errors"
    print(f"{len(errors)} {plural} occurred:", *(_error_line(error) for error in errors), file=sys.stderr)


def _error_line(error: Mapping[str, Any]) -> str:
    place = error.get("location")
    where = ":".join(str(place[key]) for key in ("file", "row", "col") if place[key] != "") + ": " if place else ""
    return f"{where}{error['code']}: {error['message']}"


def _print_raw(results: Sequence[Mapping[str, Any]]) -> None:
    for result in results:
        values = [expression["value"] for expression in result["expressions"]]
        print(" ".join(value if isinstance(value, str) else _compact(value) for value in values))


def _print_pretty(results: Sequence[Mapping[str, Any]]) -> None:
    if not results:
        print("undefined")
        return
    rows = [result.get("bindings") or _by_text(result) for result in results]
    if len(rows) == 1 and not results[0].get("bindings") and len(rows[0]) == 1:
        print(indented(next(iter(rows[0].values()))))
        return
    _print_table(list(rows[0]), [[_compact(value) for value in row.values()] for row in rows])


def _by_text(result: Mapping[str, Any]) -> dict[str, Any]:
    return {expression["text"]: expression["value"] for expression in result["expressions"]}


def _print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(cell) for cell in column) for column in zip(head, *rows, strict=True)]

    def line(left: str, middle: str, right: str) -> str:
        return left + middle.join("─" * (width + 2) for width in widths) + right

    def cells(row: Sequence[str]) -> str:
        return "│" + "│".join(f" {cell:<{width}} " for cell, width in zip(row, widths, strict=True)) + "│"

    middle = [line("├", "┼", "┤"), *map(cells, rows)] if rows else []
    print(line("┌", "┬", "┐"), cells(head), *middle, line("└", "┴", "┘"), sep="\n")


def _compact(value: Any) -> str:
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
