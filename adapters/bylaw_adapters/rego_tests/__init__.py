"""
Runs Rego tests as ``opa test`` does: the same tests, the same verdicts, cases of parametrised tests included.
"""

from bylaw_adapters.rego_tests.outcomes import Outcome, TestResult
from bylaw_adapters.rego_tests.runner import Run, run_tests

__all__ = ["Outcome", "Run", "TestResult", "run_tests"]
