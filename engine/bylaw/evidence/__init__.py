"""
Evidence: what tools and monitors found out about data, read into one normal form and bound to what a contract promised.
Nothing here judges; that is done by rules of the kind quality.
"""

from bylaw.evidence.binding import Subject, Subjects
from bylaw.evidence.dbt_manifest import completed
from bylaw.evidence.envelope import EvidenceKey, public_key, sealed
from bylaw.evidence.gathered import Evidence, evidence_about, sorted_out, unbound
from bylaw.evidence.reading import read_report
from bylaw.evidence.report import Found, Report
from bylaw.evidence.result import Quality, Result, quality_schema

__all__ = [
    "Evidence",
    "EvidenceKey",
    "Found",
    "Quality",
    "Report",
    "Result",
    "Subject",
    "Subjects",
    "completed",
    "evidence_about",
    "public_key",
    "quality_schema",
    "read_report",
    "sealed",
    "sorted_out",
    "unbound",
]
