"""Reading an archive that somebody else packed, and writing one that everybody packs alike."""

from __future__ import annotations

import gzip
import io
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bylaw.bundle import archive
from bylaw.bundle.archive import read_archive, write_archive
from bylaw.errors import BundleError, BundleTooLarge, UnreadableBundle, UnsafeMember


def _packed(*members: tuple[str, bytes] | tarfile.TarInfo, form: int = tarfile.PAX_FORMAT) -> bytes:
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w:", format=form) as tar:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                tar.addfile(member)
            else:
                info = tarfile.TarInfo(member[0])
                info.size = len(member[1])
                tar.addfile(info, io.BytesIO(member[1]))
    return gzip.compress(plain.getvalue())


def _special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = target
    return info


def test_members_are_read_by_their_path() -> None:
    packed = _packed(("a/b.rego", b"package a"), _special("c", tarfile.DIRTYPE), ("c/data.json", b"{}"))

    assert read_archive(packed, name="x") == {"a/b.rego": b"package a", "c/data.json": b"{}"}


@pytest.mark.parametrize("written", ["/a/data.json", "./a/data.json", "a/./data.json", "a//data.json"])
def test_the_ways_to_write_a_path_inside_are_one(written: str) -> None:
    assert read_archive(_packed((written, b"{}")), name="x") == {"a/data.json": b"{}"}


_UNSAFE = {
    "parent": (_packed(("../x.rego", b"")), "member '../x.rego' steps outside the bundle"),
    "parent inside": (_packed(("a/../../x.rego", b"")), "member 'a/../../x.rego' steps outside the bundle"),
    "parent after a slash": (_packed(("/../x.rego", b"")), "member '/../x.rego' steps outside the bundle"),
    "backslash": (
        _packed(("..\\x.rego", b"")),
        "member '..\\\\x.rego' has a backslash, a control character or no UTF-8 in its name",
    ),
    "control character": (
        _packed(("a\n.rego", b"")),
        "member 'a\\n.rego' has a backslash, a control character or no UTF-8 in its name",
    ),
    "symbolic link": (
        _packed(_special("x.rego", tarfile.SYMTYPE, "/etc/passwd")),
        "member 'x.rego' is a link to '/etc/passwd'; a bundle holds plain files",
    ),
    "hard link": (
        _packed(("a.rego", b""), _special("x.rego", tarfile.LNKTYPE, "a.rego")),
        "member 'x.rego' is a link to 'a.rego'; a bundle holds plain files",
    ),
    "device": (
        _packed(_special("x.rego", tarfile.CHRTYPE)),
        "member 'x.rego' is a device or a FIFO; a bundle holds plain files",
    ),
    "fifo": (
        _packed(_special("x.rego", tarfile.FIFOTYPE)),
        "member 'x.rego' is a device or a FIFO; a bundle holds plain files",
    ),
    "twice": (_packed(("a.rego", b"1"), ("a.rego", b"2")), "x: member 'a.rego' stands there twice"),
    "twice by another spelling": (_packed(("a.rego", b""), ("/a.rego", b"")), "x: member 'a.rego' stands there twice"),
    "twice but for case": (
        _packed(("a.rego", b""), ("A.rego", b"")),
        "x: members 'a.rego' and 'A.rego' differ in upper and lower case only",
    ),
    "name without end": (
        _packed(("a" * 5000, b"")),
        f"member '{'a' * 100}'… has a name of more than 4096 bytes",
    ),
}


@pytest.mark.parametrize(("packed", "message"), _UNSAFE.values(), ids=_UNSAFE)
def test_a_member_that_is_no_plain_file_inside_is_refused(packed: bytes, message: str) -> None:
    with pytest.raises(UnsafeMember) as refused:
        read_archive(packed, name="x")

    assert str(refused.value) == message


def test_a_gzip_bomb_stops_at_the_limit() -> None:
    bomb = gzip.compress(bytes(archive.MAX_EXPANDED_BYTES + 1), compresslevel=9)

    with pytest.raises(BundleTooLarge) as refused:
        read_archive(bomb, name="bomb")

    assert str(refused.value) == "bomb: expands to more than 268435456 bytes"


def test_more_compressed_bytes_than_the_limit_are_not_expanded() -> None:
    with pytest.raises(BundleTooLarge) as refused:
        read_archive(bytes(archive.MAX_ARCHIVE_BYTES + 1), name="big")

    assert str(refused.value) == "big: 67108865 bytes, at most 67108864 are read"


def test_more_members_than_the_limit_are_refused() -> None:
    packed = write_archive({f"{number}": b"" for number in range(archive.MAX_MEMBERS + 1)})

    with pytest.raises(BundleTooLarge) as refused:
        read_archive(packed, name="many")

    assert str(refused.value) == "many: more than 20000 members"


def _broken_second_header() -> bytes:
    plain = bytearray(gzip.decompress(_packed(("a.rego", b"package a"), ("b.rego", b"package b"))))
    plain[1024 + 148] ^= 0x55  # the checksum of the second member
    return gzip.compress(bytes(plain))


def _negative_size() -> bytes:
    info = tarfile.TarInfo("a.rego")
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    header[124:136] = b"\xff" * 12
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\x00 " % sum(header)
    return gzip.compress(bytes(header) + bytes(1024))


_UNREADABLE = {
    "no gzip": (b"PK\x03\x04", "x: not gzip: Error -3 while decompressing data: incorrect header check"),
    "nothing": (b"", "x: cut short: the gzip stream does not end"),
    "gzip cut short": (_packed(("a.rego", b"package a"))[:-20], "x: cut short: the gzip stream does not end"),
    "something behind the gzip stream": (_packed(("a", b"")) + b"more", "x: 4 bytes follow the end of the gzip stream"),
    "no tar": (gzip.compress(b"hello" * 1000), "x: not a tar archive: invalid header"),
    "empty tar": (gzip.compress(b""), "x: not a tar archive: empty file"),
    "no end mark": (
        gzip.compress(gzip.decompress(_packed(("a.rego", b"package a")))[:1024]),
        "x: cut short: the archive has no end mark",
    ),
    "broken header in the middle": (_broken_second_header(), "x: not a tar archive: broken header at byte 1024"),
    "negative size": (_negative_size(), "x: not a tar archive: negative size"),
    "member cut short": (
        gzip.compress(gzip.decompress(_packed(("a.rego", b"p" * 2000)))[:1024]),
        "x: not a tar archive: unexpected end of data",
    ),
}


@pytest.mark.parametrize(("packed", "message"), _UNREADABLE.values(), ids=_UNREADABLE)
def test_what_is_no_whole_archive_is_refused(packed: bytes, message: str) -> None:
    with pytest.raises(UnreadableBundle) as refused:
        read_archive(packed, name="x")

    assert str(refused.value) == message


def test_what_is_written_is_read_back() -> None:
    files = {".manifest": b"{}", "a/" + "long/" * 60 + "x.rego": b"package a", "ü.rego": b""}

    assert read_archive(write_archive(files), name="x") == files


def test_the_same_files_make_the_same_bytes_in_any_order() -> None:
    files = {"b.rego": b"package b", "a.rego": b"package a"}

    assert write_archive(files) == write_archive(dict(reversed(files.items())))


def test_an_archive_says_nothing_of_when_and_by_whom() -> None:
    written = write_archive({"a.rego": b"package a"})
    with tarfile.open(fileobj=io.BytesIO(written), mode="r:gz") as tar:
        member = tar.next()

    assert written[:10] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    assert member is not None
    assert (member.mtime, member.uid, member.gid, member.uname, member.gname) == (0, 0, 0, "", "")


@given(st.binary(max_size=3000), st.integers(0, 3000), st.binary(max_size=4))
def test_bytes_of_any_kind_are_read_or_refused(content: bytes, at: int, noise: bytes) -> None:
    plain = bytearray(gzip.decompress(write_archive({"a.rego": content, "b.rego": b"package b"})))
    plain[at : at + len(noise)] = noise

    try:
        read = read_archive(gzip.compress(bytes(plain)), name="x")
    except BundleError:
        return
    assert all(".." not in path and not path.startswith("/") for path in read)
