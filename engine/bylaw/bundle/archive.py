"""
A bundle's bytes: gzip and tar, read from strangers and written reproducibly. Nothing here knows what a member means.

Reading, in this order; whatever does not pass is refused, with nothing half read:

1. The compressed bytes are bounded, and so is what they expand to (a gzip bomb stops at the limit).
2. The stream is whole: gzip's checksum holds, and tar ends with its own mark. Python's tar reader takes a broken
   header for the end; a rule would be missing and nobody would know.
3. A member is a plain file: no link, device, FIFO or sparse file.
4. Its name stays inside. A leading slash is the bundle's root, as ``opa build`` writes it.
5. No name stands there twice, nor twice but for upper and lower case.
"""

from __future__ import annotations

import io
import tarfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath

from bylaw.errors import BundleTooLarge, UnreadableBundle, UnsafeMember

# A bundle of 45 MB of JSON makes an OPA of 500 MB; what is larger should be asked for, not downloaded by all.
MAX_ARCHIVE_BYTES = 64 * 2**20
MAX_EXPANDED_BYTES = 256 * 2**20

# A rule has about three files and a domain about a hundred rules; each member costs a parse.
MAX_MEMBERS = 20_000

# The longest path that Linux takes.
MAX_NAME_BYTES = 4096

_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
"""No name, no time, highest compression, unknown system: the same on every machine."""


class _Member(tarfile.TarInfo):
    """A header whose size is no less than nothing: else the reader goes backwards, for ever (CVE-2025-8194)."""

    def _block(self, count: int) -> int:
        if count < 0:
            raise tarfile.InvalidHeaderError("negative size")  # type: ignore[attr-defined]
        return super()._block(count)  # type: ignore[misc,no-any-return]


def read_archive(compressed: bytes, *, name: str) -> dict[str, bytes]:
    """
    The plain files of a ``.tar.gz``, by their path without a leading slash.

    Raises:
        BundleTooLarge, UnreadableBundle, UnsafeMember: As the module says.
    """
    expanded = _expand(compressed, name)
    files: dict[str, bytes] = {}
    folded: dict[str, str] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(expanded), mode="r:", tarinfo=_Member) as archive:
            for member in archive:
                if member.isdir():
                    continue
                path = _safe_path(member)
                if other := folded.get(path.casefold()):
                    raise UnsafeMember(f"{name}: {_twice(path, other)}")
                if len(files) == MAX_MEMBERS:
                    raise BundleTooLarge(f"{name}: more than {MAX_MEMBERS} members")
                folded[path.casefold()] = path
                files[path] = _content(archive, member)
            _check_end(expanded, archive.offset, name)
    except (tarfile.TarError, ValueError, EOFError, OverflowError) as error:
        raise UnreadableBundle(f"{name}: not a tar archive: {error}") from error
    return files


def write_archive(files: Mapping[str, bytes]) -> bytes:
    """A ``.tar.gz`` whose bytes depend on nothing but the files: sorted, without owner or time."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w:", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(files):
            member = tarfile.TarInfo(path)
            member.size = len(files[path])
            archive.addfile(member, io.BytesIO(files[path]))
    content = plain.getvalue()
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    trailer = zlib.crc32(content).to_bytes(4, "little") + (len(content) % 2**32).to_bytes(4, "little")
    return _GZIP_HEADER + deflate.compress(content) + deflate.flush() + trailer


def _expand(compressed: bytes, name: str) -> bytes:
    if len(compressed) > MAX_ARCHIVE_BYTES:
        raise BundleTooLarge(f"{name}: {len(compressed)} bytes, at most {MAX_ARCHIVE_BYTES} are read")  # (1)
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        expanded = inflate.decompress(compressed, MAX_EXPANDED_BYTES + 1)
    except zlib.error as error:
        raise UnreadableBundle(f"{name}: not gzip: {error}") from error
    if len(expanded) > MAX_EXPANDED_BYTES:
        raise BundleTooLarge(f"{name}: expands to more than {MAX_EXPANDED_BYTES} bytes")  # (1)
    if not inflate.eof:
        raise UnreadableBundle(f"{name}: cut short: the gzip stream does not end")  # (2)
    if inflate.unused_data.strip(b"\0"):
        raise UnreadableBundle(f"{name}: {len(inflate.unused_data)} bytes follow the end of the gzip stream")  # (2)
    return expanded


def _safe_path(member: tarfile.TarInfo) -> str:
    shown = repr(member.name[:100])
    if not member.isreg() or member.issparse():  # (3)
        raise UnsafeMember(f"member {shown} is {_sort_of(member)}; a bundle holds plain files")
    if len(member.name.encode(errors="surrogateescape")) > MAX_NAME_BYTES:
        raise UnsafeMember(f"member {shown}… has a name of more than {MAX_NAME_BYTES} bytes")
    if "\\" in member.name or any(
        ord(character) < 32 or "\ud800" <= character <= "\udfff" for character in member.name
    ):
        raise UnsafeMember(f"member {shown} has a backslash, a control character or no UTF-8 in its name")
    parts = PurePosixPath(member.name.lstrip("/")).parts
    if not parts or ".." in parts:  # (4)
        raise UnsafeMember(f"member {shown} steps outside the bundle")
    return "/".join(parts)


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    reader = archive.extractfile(member)
    content = reader.read() if reader else b""
    if len(content) != member.size:
        raise UnreadableBundle(f"member {member.name!r}: cut short: {len(content)} of {member.size} bytes")
    return content


def _check_end(expanded: bytes, offset: int, name: str) -> None:
    rest = expanded[offset:]
    if not rest:
        raise UnreadableBundle(f"{name}: cut short: the archive has no end mark")  # (2)
    if rest.strip(b"\0"):
        raise UnreadableBundle(f"{name}: not a tar archive: broken header at byte {offset}")  # (2)


def _twice(path: str, other: str) -> str:
    if path == other:
        return f"member {path!r} stands there twice"
    return f"members {other!r} and {path!r} differ in upper and lower case only"


def _sort_of(member: tarfile.TarInfo) -> str:
    if member.issym() or member.islnk():
        return f"a link to {member.linkname!r}"
    if member.isdev():
        return "a device or a FIFO"
    return "no plain file"
