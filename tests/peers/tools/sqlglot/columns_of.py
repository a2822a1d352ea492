"""
Run with sqlglot on the path: reads a JSON list of expressions, answers for each the columns that it is about, what in
it is none of the things that a mask is made of, and whether it has a comment. Trino's dialect.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

PARTS = (
    *(exp.Column, exp.Identifier, exp.Dot, exp.Literal, exp.Null, exp.Neg, exp.Var),
    *(exp.Cast, exp.DataType, exp.DataTypeParam, exp.Case, exp.If, exp.GT),
    *(exp.Length, exp.Concat, exp.Substring, exp.RegexpExtract, exp.DateTrunc, exp.TimestampTrunc),
    *(exp.Lower, exp.Hex, exp.LowerHex, exp.SHA2, exp.SHA2Digest, exp.Encode, exp.Anonymous),
)
_FRAME = ("expressions", "from", "from_", "kind")


def described(expression: str) -> dict[str, Any]:
    """``columns``, ``strange`` (empty for a mask as it should be) and ``comments``."""
    try:
        statements = sqlglot.parse(f"SELECT {expression} FROM t", dialect="trino")  # noqa: S608 - it is parsed, not run
    except SqlglotError:
        return {"columns": [], "strange": ["does not parse"], "comments": False}
    statement = statements[0]
    selected = statement.args.get("expressions", ()) if statement is not None else ()
    if statement is None or len(statements) != 1 or len(selected) != 1:
        return {"columns": [], "strange": ["no single expression"], "comments": False}
    nodes = list(selected[0].walk())
    strange = {type(node).__name__ for node in nodes if not isinstance(node, PARTS)}
    strange |= {key for key, value in statement.args.items() if value and key not in _FRAME}
    return {
        "columns": sorted({node.name for node in nodes if isinstance(node, exp.Column)}),
        "strange": sorted(strange),
        "comments": any(node.comments for node in (statement, *nodes)),
    }


if __name__ == "__main__":
    json.dump([described(expression) for expression in json.load(sys.stdin)], sys.stdout)
