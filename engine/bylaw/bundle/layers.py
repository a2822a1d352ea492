"""
Whether a bundle stays within its layer (design, section 3.4). The roots say what it may define; this says that a
domain's bundle is one domain's and nothing else.
"""

from __future__ import annotations

from bylaw.bundle.contents import Bundle
from bylaw.bundle.roots import DOMAINS, Root
from bylaw.errors import OutsideRoots


def check_layers(bundle: Bundle) -> None:
    """
    Raises:
        OutsideRoots: A bundle that owns all domains, or several, or a domain and something else.
    """
    roots = [Root.of(root).segments for root in bundle.roots]
    in_domains = [segments for segments in roots if segments[0] == DOMAINS]
    if not in_domains:
        return
    domains = {segments[1] for segments in in_domains if len(segments) > 1}
    if len(domains) != 1 or any(len(segments) < 2 for segments in in_domains) or len(in_domains) != len(roots):
        raise OutsideRoots(
            f"bundle {bundle.name} owns {', '.join(bundle.roots)}: "
            "a domain's bundle owns one root, domains/<name>, and nothing beside it"
        )
