"""
Lint at the command line: the files of law that paths name, what Regal finds in them where it is installed, and one
report of both. Our own checks are ``bylaw.lint``.
"""

from bylaw_adapters.lint.files import read_archived_law, read_law_files
from bylaw_adapters.lint.regal import RegalRun, find_regal, run_regal

__all__ = ["RegalRun", "find_regal", "read_archived_law", "read_law_files", "run_regal"]
