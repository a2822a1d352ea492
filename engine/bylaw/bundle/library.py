"""
Where the library (``rego/bylaw``) and the catalogue of standard rules (``rego/global``) are.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bylaw.errors import UnreadableBundle

LIBRARY_VARIABLE = "BYLAW_LIBRARY_DIR"
LIBRARY_ROOT = "bylaw"
LIBRARY_NAME = "library"


def library_folder() -> Path:
    """
    ``$BYLAW_LIBRARY_DIR``, else the checkout's ``rego/``, else the one that was installed along.

    Raises:
        UnreadableBundle: None of them is there.
    """
    if named := os.environ.get(LIBRARY_VARIABLE):
        candidates = [Path(named)]
    else:
        candidates = [Path(__file__).parents[3] / "rego", Path(sys.prefix) / "share" / "bylaw" / "rego"]
    for folder in candidates:
        if (folder / LIBRARY_ROOT).is_dir():
            return folder
    raise UnreadableBundle(f"no library of rules at {' or '.join(str(folder) for folder in candidates)}")
