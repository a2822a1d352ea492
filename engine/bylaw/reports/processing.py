"""
The record of processing activities (GDPR Art. 30(1)) of a domain or the mesh: one entry a product with personal
data, or of which nobody can tell. What nobody stated is named as missing, in every format.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from bylaw.audit.record import timestamp
from bylaw.law_book.markdown_page import safe
from bylaw.reports.product_answers import Answered, in_order

RECORD = "bylaw/processing_record/record"
ENTRYPOINTS = (RECORD,)

_PARTS: tuple[tuple[str, str], ...] = (
    ("controller", "controller (a)"),
    ("contact", "contact (a)"),
    ("representative", "representative (a)"),
    ("data_protection_officer", "data protection officer (a)"),
    ("owner", "responsible for the product"),
    ("activity", "activity"),
    ("purposes", "purposes (b)"),
    ("lawful_basis", "lawful basis (Art. 6)"),
    ("special_category_basis", "condition for special categories (Art. 9)"),
    ("data_subjects", "categories of data subjects (c)"),
    ("data_categories", "categories of personal data (c)"),
    ("uncategorised_fields", "personal fields without a category (c)"),
    ("recipients", "recipients (d)"),
    ("places", "where it lies (e)"),
    ("transfers", "transfers (e)"),
    ("time_limits", "time limits for erasure (f)"),
    ("security_measures", "security measures (g)"),
)
"""The parts of Art. 30(1), with the letter of the paragraph."""

_NONE_STATED = "none stated"


def processing_report(answered: Iterable[Answered], *, domain: str | None, at_ns: int) -> dict[str, Any]:
    """
    The record, as JSON values. ``activities`` are the products that hold personal data or may,
    ``without_personal_data`` those that are shown to hold none, ``unknown`` those of which there is no record, each
    with its reason.
    """
    listed = in_order(answered, domain)
    recorded = [(each, each.answers[RECORD]) for each in listed if isinstance(each.answers.get(RECORD), Mapping)]
    held = [(each, record) for each, record in recorded if record["holds_personal_data"] != "no"]
    return {
        "timestamp": timestamp(at_ns),
        "domain": domain,
        "complete": bool(listed)
        and len(recorded) == len(listed)
        and not any(record["missing"] or record["holds_personal_data"] == "unknown" for _, record in held),
        "activities": [{"product_id": each.product_id, "source": each.source, **record} for each, record in held],
        "without_personal_data": [
            each.product_id for each, record in recorded if record["holds_personal_data"] == "no"
        ],
        "unknown": [
            {
                "product_id": each.product_id,
                "source": each.source,
                "reason": each.reason or "the law has no record of it",
            }
            for each in listed
            if not isinstance(each.answers.get(RECORD), Mapping)
        ],
    }


def as_markdown(report: Mapping[str, Any]) -> str:
    """One heading a product, one line a part. Texts of documents do nothing but show."""
    return "\n".join(_markdown(report)) + "\n"


def as_csv(report: Mapping[str, Any]) -> str:
    """One row a product, RFC 4180. What a spreadsheet would take for a formula stands behind an apostrophe."""
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(["product", "source", "holds personal data", *(title for _, title in _PARTS)])
    for entry in report["activities"]:
        parts = [_told(entry, part, _plain) for part, _ in _PARTS]
        rows.writerow(
            _cell(text) for text in (entry["product_id"], entry["source"], entry["holds_personal_data"], *parts)
        )
    for row in report["unknown"]:
        reason = f"unknown: {_plain(row['reason'])}"
        rows.writerow(_cell(text) for text in (row["product_id"], row["source"], reason, *("MISSING" for _ in _PARTS)))
    return written.getvalue()


def _markdown(report: Mapping[str, Any]) -> Iterator[str]:
    whose = f" of domain {safe(report['domain'])}" if report["domain"] else ""
    state = "complete" if report["complete"] else "not complete"
    yield from (f"# Record of processing activities{whose}", "", f"{report['timestamp']}, {state}")
    for entry in report["activities"]:
        yield from ("", f"## {safe(entry['product_id'])}", "")
        if entry["holds_personal_data"] == "unknown":
            yield "- **MISSING**: nobody can tell whether it holds personal data"
        yield from (f"- **{title}**: {_told(entry, part, safe)}" for part, title in _PARTS)
    if report["unknown"]:
        yield from ("", "## Unknown", "")
        yield from (f"- {safe(row['product_id'])}: {safe(row['reason'])}" for row in report["unknown"])
    if report["without_personal_data"]:
        yield from ("", "## Without personal data", "")
        yield from (f"- {safe(name)}" for name in report["without_personal_data"])


def _told(entry: Mapping[str, Any], part: str, shown: Callable[[str], str]) -> str:
    """A part as one text: what is stated, or that it is missing and which fact would state it."""
    missing = next((each["fact"] for each in entry["missing"] if each["part"] == part), None)
    if missing is not None:
        return f"MISSING (state {shown(missing)})"
    value = entry.get(part)
    if value is None:
        return _NONE_STATED
    return "; ".join(shown(_words(each)) for each in (value if isinstance(value, list) else [value]))


def _words(value: Any) -> str:
    match value:
        case {"key": str(key), "name": str(name), **more}:
            return f"{name} ({key}){', special category' if more.get('special') else ''}"
        case {"of": str(of), "days": days}:
            return f"{of}: {days} days"
        case {"to": str(to), **more}:
            return f"{to}: {more.get('mechanism', 'MISSING (no mechanism stated)')}"
        case _:
            return str(value)


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _cell(text: str) -> str:
    plain = _plain(text)
    return f"'{plain}" if plain.startswith(("=", "+", "-", "@")) else plain
