"""
Lint of law: what parses, builds and still goes wrong. Of Rego's style a linter of Rego speaks; here are the checks that
need to know what a rule of a layer is.

    findings = lint(LawFiles(modules={"a.rego": b"package global.privacy.a"}))
"""

from bylaw.lint.finding import Finding, Level
from bylaw.lint.law import CHECKS, LawFiles, lint

__all__ = ["CHECKS", "Finding", "LawFiles", "Level", "lint"]
