"""
Decision cases: a YAML file beside the law says of inputs what shall be decided, and the law is asked as the service
asks it.
"""

from bylaw_adapters.decision_cases.form import CASES_SUFFIXES, DecisionCase, read_case_file, read_cases
from bylaw_adapters.decision_cases.judging import run_cases
from bylaw_adapters.decision_cases.law import CaseLaw, files_of_law, find_case_files, read_case_law

__all__ = [
    "CASES_SUFFIXES",
    "CaseLaw",
    "DecisionCase",
    "files_of_law",
    "find_case_files",
    "read_case_file",
    "read_case_law",
    "read_cases",
    "run_cases",
]
