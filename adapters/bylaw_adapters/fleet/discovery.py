"""
``GET /discovery/{fleet|<domain>}``: OPA's discovery, a bundle whose data is a configuration. All that an OPA needs in
advance is this service's URL, its token and this resource; it then pulls the bundles in force, for the whole mesh or
for one domain, and sends its decisions and its status here. The configuration names no service: OPA takes the one that
it has.

An OPA that was given no key takes no signed discovery, and one that was given a key takes no other: hence
``GET /discovery/{fleet|<domain>}/signed`` beside it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from bylaw.bundle.archive import write_archive
from bylaw.bundle.contents import SIGNATURES_FILE
from bylaw_adapters.fleet.bundles import BUNDLE_TYPE, domains_of, etag_of, is_for
from bylaw_adapters.fleet.keys import FleetKeys
from bylaw_adapters.serving.errors import plain_error
from bylaw_adapters.serving.exchange import Exchange, Reply
from bylaw_adapters.serving.service import Release, Service

PATH = "/discovery"
METHODS = frozenset({"GET"})
FLEET = "fleet"
SIGNED = "signed"

# A release is followed at once, by long polling; the delays are for when that does not work.
POLLING = {"min_delay_seconds": 5, "max_delay_seconds": 10, "long_polling_timeout_seconds": 30}
# Decisions are in the log of this service within seconds; an upload, compressed, holds a few hundred, which are read
# within the time that a decision can wait.
REPORTING = {"min_delay_seconds": 1, "max_delay_seconds": 3, "upload_size_limit_bytes": 64 * 1024}


@dataclass(slots=True)
class Discovery:
    """The handler."""

    service: Service
    keys: FleetKeys
    _release: Release | None = None
    _made: dict[tuple[str, str], bytes] = field(default_factory=dict)
    """Of that release, by domain and form."""

    async def handle(self, exchange: Exchange) -> Reply:
        name, _, form = exchange.raw_path_below(PATH).strip("/").partition("/")
        name = unquote(name)
        release = self.service.release
        own = exchange.identity.domain if exchange.identity is not None else ""
        is_form = form == "" or (form == SIGNED and self.keys.sign is not None)
        is_known = is_form and (name == FLEET or name in domains_of(release.roots))
        if not is_known or (own and name != own):
            return plain_error(404, "resource_not_found", f"no discovery for {name!r} is here")
        archive = self._archive(release, "" if name == FLEET else name, form)
        etag = etag_of(archive)
        headers = ((b"etag", etag),)
        if exchange.headers.get(b"if-none-match") == etag:
            return Reply(304, b"", BUNDLE_TYPE, headers)
        return Reply(200, archive, BUNDLE_TYPE, headers, is_compressed=True)

    def _archive(self, release: Release, domain: str, form: str) -> bytes:
        if self._release is not release:
            self._release, self._made = release, {}
        made = self._made.get((domain, form))
        if made is None:
            configuration = _json(configuration_of(release, domain, self.keys))
            revision = hashlib.sha256(configuration).hexdigest()[:12]
            files = {".manifest": _json({"revision": revision, "roots": [""]}), "data.json": configuration}
            if form == SIGNED and self.keys.sign is not None:
                files[SIGNATURES_FILE] = self.keys.sign(files)
            made = self._made[domain, form] = write_archive(files)
        return made


def configuration_of(release: Release, domain: str, keys: FleetKeys) -> dict[str, Any]:
    """What an OPA is to do; ``domain`` is empty for one that enforces the whole mesh."""
    bundles: dict[str, Any] = {}
    for name in sorted(release.archives):
        if domain and not is_for(release.roots[name], domain):
            continue
        source: dict[str, Any] = {"resource": f"bundles/{name}", "polling": POLLING}
        signing = keys.signing_of(name, release)
        if signing is not None:
            source["signing"] = signing
        bundles[name] = source
    configuration: dict[str, Any] = {
        "bundles": bundles,
        "decision_logs": {"reporting": REPORTING},
        "status": {},
    }
    if published := keys.published():
        configuration["keys"] = published
    return configuration


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
