"""
Bundles in object storage (S3, Google, Azure) or on any other file system that fsspec knows. Where a store has its
credentials from is fsspec's and the store's own matter: the environment, a role, a file of its own.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlsplit

from bylaw.bundle.archive import MAX_ARCHIVE_BYTES
from bylaw.errors import BundleTooLarge, InvalidSetting, UnreadableBundle
from bylaw_adapters.bundle_sources.http import said, shown_url
from bylaw_adapters.bundle_sources.source import Content, Offer

# What tells one content from another, by store; the first that is there counts.
_MARKS = ("ETag", "etag", "md5", "content_md5", "checksum", "generation", "mtime", "LastModified", "last_modified")


class ObjectSource:
    """One object."""

    waits = False
    is_watched = False

    def __init__(self, url: str) -> None:
        try:
            import fsspec
        except ImportError as error:
            message = f"bundles: {url} needs fsspec and the package of that store: pip install 'bylaw[objects]'"
            raise InvalidSetting(message) from error
        if urlsplit(url).scheme not in fsspec.available_protocols():
            raise InvalidSetting(
                f"bundles: {shown_url(url)}: no such scheme; known are a path, http, https, oci, s3, …"
            )
        self.place = url
        self._url = url

    async def fetch(self, etag: str, *, wait: bool = False, whole: bool = False) -> Offer | None:  # noqa: ARG002  a store cannot wait
        return await asyncio.to_thread(self._fetch, etag)

    async def push(self, archive: bytes) -> str:
        """
        Put an archive there; what its content is called by the store.

        Raises:
            UnreadableBundle: The store does not take it.
        """
        return await asyncio.to_thread(self._push, archive)

    def _fetch(self, etag: str) -> Offer | None:
        try:
            store, path = self._store()
            found = store.info(path)
            mark = _mark(found)
            if mark == etag:
                return None
            # The size is what the store says; what is read is bounded whatever it says.
            archive = bytes(store.cat_file(path, start=0, end=MAX_ARCHIVE_BYTES + 1))
        except InvalidSetting:
            raise
        except Exception as error:  # each store has errors of its own
            raise UnreadableBundle(f"{self.place}: {said(error)}") from error
        if len(archive) > MAX_ARCHIVE_BYTES:
            raise BundleTooLarge(f"{self.place}: more than {MAX_ARCHIVE_BYTES} bytes")
        stem = path.rpartition("/")[2].removesuffix(".tar.gz") or "bundle"
        return Offer(Content(self.place, stem, archive=archive), mark)

    def _push(self, archive: bytes) -> str:
        try:
            store, path = self._store()
            store.pipe_file(path, archive)
            store.invalidate_cache()
            return _mark(store.info(path))
        except InvalidSetting:
            raise
        except Exception as error:  # each store has errors of its own
            raise UnreadableBundle(f"{self.place}: {said(error)}") from error

    def _store(self) -> tuple[Any, str]:
        import fsspec

        try:
            store, path = fsspec.core.url_to_fs(self._url, use_listings_cache=False)
        except ImportError as error:
            raise InvalidSetting(f"bundles: {self.place} needs the package of that store: {error}") from error
        store.invalidate_cache()
        return store, path


def _mark(found: Any) -> str:
    for name in _MARKS:
        if found.get(name) is not None:
            return f"{name}={found[name]}"
    return ""
