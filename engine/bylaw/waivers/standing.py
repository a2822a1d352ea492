"""
Approved waivers as data of the layer that owns the rule, beside those of its bundle. They are added where the law is
loaded, so a bundle knows nothing of them and none can be in the way of its swap: a layer that is not loaded has none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from bylaw.waivers.waiver import Waiver

REVISION = "registry/waivers"
"""The name that the approved waivers have among the revisions of the bundles."""


def standing(waivers: Iterable[Waiver]) -> tuple[Waiver, ...]:
    """Those that were approved and not withdrawn, in the order of their ids. Their time is for each decision to see."""
    return tuple(sorted((waiver for waiver in waivers if waiver.stage == "approved"), key=lambda waiver: waiver.id))


def with_waivers(data_json: bytes, waivers: Iterable[Waiver]) -> bytes:
    """The base data of a law, with these waivers in their layers; unchanged where there are none."""
    added = list(waivers)
    if not added:
        return data_json
    data = json.loads(data_json)
    for waiver in added:
        layer = _layer(data, waiver.layer)
        if layer is not None:
            layer["waivers"] = [*_listed(layer.get("waivers", [])), waiver.as_law()]
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(errors="surrogatepass")


def revisions(of_bundles: Mapping[str, str], waivers: Iterable[Waiver]) -> Mapping[str, str]:
    """The revisions a law is made of: those of the bundles, and one of the approved waivers where there are any."""
    said = [waiver.as_law() for waiver in waivers]
    if not said:
        return of_bundles
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return {**of_bundles, REVISION: f"sha256:{hashlib.sha256(text.encode(errors='surrogatepass')).hexdigest()[:12]}"}


def _layer(data: Any, name: str) -> dict[str, Any] | None:
    layer = data.get("global") if name == "global" else data.get("domains", {}).get(name)
    return layer if isinstance(layer, dict) else None


def _listed(value: Any) -> list[Any]:
    """As ``bylaw.waivers`` reads it: what is no list is one waiver, of the wrong shape."""
    return value if isinstance(value, list) else [value]
