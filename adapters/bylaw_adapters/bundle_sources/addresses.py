"""
Which source an address names: a path, ``http://`` and ``https://``, ``oci://`` (a registry), or another scheme that
fsspec knows (``s3://``, ``gs://``, ``abfs://``, …).
"""

from __future__ import annotations

from pathlib import Path

from bylaw_adapters.bundle_sources.local import LocalSource
from bylaw_adapters.bundle_sources.source import Source


def source_of(
    address: str,
    *,
    token_file: Path | None = None,
    ca_file: Path | None = None,
    wait_seconds: int = 0,
    takes_deltas: bool = False,
) -> Source:
    """
    Args:
        token_file: What servers and registries are shown: a bearer token, for registries also ``user:password``.
        ca_file: The authorities that servers and registries are trusted by, in PEM; the system's where not given.
        wait_seconds: How long an HTTP server may be asked to wait for a change; 0 polls.
        takes_deltas: Whether an HTTP server may answer with what changed; a delta has no signature.

    Raises:
        InvalidSetting: No source can be made of it.
    """
    scheme, colon, _ = address.partition("://")
    if not colon or scheme == "file":
        return LocalSource(Path(address.removeprefix("file://")))
    if scheme in ("http", "https"):
        from bylaw_adapters.bundle_sources.http import HttpSource

        return HttpSource(
            address, token_file=token_file, ca_file=ca_file, wait_seconds=wait_seconds, takes_deltas=takes_deltas
        )
    if scheme == "oci":
        from bylaw_adapters.bundle_sources.oci import OciSource

        return OciSource(address, token_file=token_file, ca_file=ca_file)
    from bylaw_adapters.bundle_sources.objects import ObjectSource

    return ObjectSource(address)
