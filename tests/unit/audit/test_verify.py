"""A chain holds as it was written, and whatever is done to it is found, with the place where it shows."""

from __future__ import annotations

from io import BytesIO
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bylaw.audit.chain import Head, link
from bylaw.audit.verify import Broken, ExpectedHead, Holds, SegmentLines, verify

Log: TypeAlias = dict[str, bytes]
"""A log as it lies on a disk: the content of each segment by its file name."""


def name(first_sequence: int) -> str:
    return f"segment-{first_sequence:020d}.jsonl"


def written(*sizes: int) -> tuple[Log, list[Head]]:
    """A log with segments of so many records each, and the head after each record."""
    log: Log = {}
    heads: list[Head] = []
    head = Head()
    for size in sizes:
        lines = []
        first = head.size
        for _ in range(size):
            line, head = link(head, b'{"decision_id":"%d"}' % head.size)
            lines.append(line + b"\n")
            heads.append(head)
        log[name(first)] = b"".join(lines)
    return log, heads


def verified(log: Log, expected_head: ExpectedHead | None = None) -> Holds | Broken:
    segments = [SegmentLines(file, BytesIO(log[file])) for file in sorted(log)]
    return verify(segments, expected_head=expected_head)


def kept(head: Head) -> ExpectedHead:
    return ExpectedHead(head.sequence, head.record_hash)


def test_the_hash_of_a_record_is_the_leaf_hash_of_rfc_6962() -> None:
    line, head = link(Head(), b'{"decision_id":"0"}')
    assert line == b'{"decision_id":"0","chain":{"seq":0,"prev":"' + b"0" * 64 + b'"}}'
    # Calculated with sha256sum, of a zero byte and the line.
    assert str(head) == "0:6814e1314e6f66f6b03a9fa6f1e2dc2218f26c8fcc3bf69ada65b5f230365a7d"


@pytest.mark.parametrize(
    "sizes",
    [
        pytest.param((1,), id="one record"),
        pytest.param((3,), id="one segment"),
        pytest.param((2, 1, 4), id="three segments"),
        pytest.param((2, 0), id="an empty last segment"),
    ],
)
def test_a_log_as_it_was_written_holds(sizes: tuple[int, ...]) -> None:
    log, heads = written(*sizes)
    assert verified(log) == Holds(sum(sizes), len(sizes), kept(heads[-1]))
    assert verified(log, kept(heads[0])) == verified(log, kept(heads[-1])) == verified(log)


def test_a_log_without_records_holds_and_has_no_head() -> None:
    assert verified({}) == Holds(0, 0, None)
    assert verified({name(0): b""}) == Holds(0, 1, None)


def test_a_torn_end_is_no_record_and_is_said() -> None:
    log, heads = written(3)
    log[name(0)] += b'{"decision_id":"3","cha'
    assert verified(log) == Holds(3, 1, kept(heads[-1]), torn_bytes=23)


def lines_of(log: Log, first_sequence: int) -> list[bytes]:
    return BytesIO(log[name(first_sequence)]).readlines()


def test_a_changed_record_shows_at_the_next_one() -> None:
    log, heads = written(2, 2)
    log[name(0)] = log[name(0)].replace(b'"decision_id":"1"', b'"decision_id":"7"')
    outcome = verified(log)
    assert isinstance(outcome, Broken)
    assert (outcome.segment, outcome.line) == (name(2), 1)
    assert outcome.got == f"prev {heads[1].record_hash}"


@pytest.mark.parametrize(
    ("order", "want"),
    [
        pytest.param([0, 2, 3], Broken(name(0), 2, "sequence number 1", "2"), id="one is missing"),
        pytest.param([1, 2, 3], Broken(name(0), 1, "sequence number 0", "1"), id="the first is missing"),
        pytest.param([0, 2, 1, 3], Broken(name(0), 2, "sequence number 1", "2"), id="two are exchanged"),
        pytest.param([0, 1, 1, 2, 3], Broken(name(0), 3, "sequence number 2", "1"), id="one stands twice"),
        pytest.param([3, 2, 1, 0], Broken(name(0), 1, "sequence number 0", "3"), id="all are turned round"),
    ],
)
def test_records_out_of_their_places_are_found(order: list[int], want: Broken) -> None:
    log, _ = written(4)
    lines = lines_of(log, 0)
    assert verified({name(0): b"".join(lines[index] for index in order)}) == want


def test_an_inserted_record_that_fits_by_its_number_is_found() -> None:
    log, heads = written(3)
    first, *rest = lines_of(log, 0)
    forged, head = link(heads[0], b'{"decision_id":"forged"}')
    log[name(0)] = b"".join([first, forged + b"\n", *rest])
    assert verified(log) == Broken(name(0), 3, "sequence number 2", "1")
    log[name(0)] = b"".join([first, forged + b"\n", *rest[1:]])
    want = f"prev {head.record_hash}, the hash of the record before"
    assert verified(log) == Broken(name(0), 3, want, f"prev {heads[1].record_hash}")


@pytest.mark.parametrize(
    ("missing", "want"),
    [
        pytest.param(name(0), Broken(name(2), 0, name(0), name(2)), id="the first"),
        pytest.param(name(2), Broken(name(3), 0, name(2), name(3)), id="one between"),
    ],
)
def test_a_missing_segment_is_found(missing: str, want: Broken) -> None:
    log, _ = written(2, 1, 2)
    del log[missing]
    assert verified(log) == want


def test_a_renamed_segment_is_found() -> None:
    log, _ = written(2, 2)
    log[name(9)] = log.pop(name(2))
    assert verified(log) == Broken(name(9), 0, name(2), name(9))


def test_a_segment_cut_short_inside_the_log_is_found() -> None:
    log, _ = written(2, 2)
    log[name(0)] = log[name(0)][:-5]
    assert verified(log) == Broken(
        name(0), 2, "a line break at the end of the segment", f"{len(lines_of(log, 0)[1])} bytes without one"
    )


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"\n", id="an empty line"),
        pytest.param(b"{}\n", id="an object without a chain member"),
        pytest.param(b"garbage\n", id="no JSON"),
        pytest.param(b'{"chain":{"seq":1,"prev":"' + b"0" * 64 + b'"}}\n', id="a chain member alone"),
        pytest.param(b'{"a":1,"chain":{"seq":01,"prev":"' + b"0" * 64 + b'"}}\n', id="a number with a zero before it"),
        pytest.param(b'{"a":1,"chain":{"seq":1,"prev":"' + b"0" * 63 + b'"}}\n', id="a hash that is too short"),
        pytest.param(b'{"a":1,"chain":{"seq":1,"prev":"' + b"0" * 64 + b'"}} \n', id="a blank behind it"),
    ],
)
def test_a_line_that_is_no_record_is_found(line: bytes) -> None:
    log, _ = written(1)
    log[name(0)] += line
    assert verified(log) == Broken(name(0), 2, "record 1 with its chain member", "a line that is no record")


def test_a_cut_off_end_is_found_with_a_kept_head_only() -> None:
    log, heads = written(2, 2)
    del log[name(2)]
    assert verified(log) == Holds(2, 1, kept(heads[1]))
    assert verified(log, kept(heads[3])) == Broken(
        name(0), 2, "records up to 3, as the kept head says", "the last record is 1"
    )


def test_a_log_made_anew_is_found_with_a_kept_head_only() -> None:
    _, heads = written(3)
    anew: Log = {name(0): b""}
    head = Head()
    for _ in range(3):
        line, head = link(head, b'{"decision_id":"other"}')
        anew[name(0)] += line + b"\n"
    assert isinstance(verified(anew), Holds)
    broken = verified(anew, kept(heads[-1]))
    want = f"record 2 to have the kept hash {heads[-1].record_hash}"
    assert broken == Broken(name(0), 3, want, head.record_hash)


def test_an_empty_log_is_not_the_one_whose_head_was_kept() -> None:
    _, heads = written(1)
    want = Broken("(no segment)", 0, "records up to 0, as the kept head says", "the last record is -1")
    assert verified({}, kept(heads[0])) == want


@pytest.mark.parametrize("text", ["", "1", "1:", ":" + "0" * 64, "01:" + "0" * 64, "-1:" + "0" * 64, "1:" + "G" * 64])
def test_a_head_is_written_one_way(text: str) -> None:
    with pytest.raises(ValueError, match="a head is SEQ:HASH"):
        ExpectedHead.parse(text)


sizes = st.lists(st.integers(1, 4), min_size=1, max_size=3)


@given(sizes=sizes, data=st.data())
def test_any_change_of_any_byte_is_found(sizes: list[int], data: st.DataObject) -> None:
    log, heads = written(*sizes)
    file = data.draw(st.sampled_from(sorted(log)))
    at = data.draw(st.integers(0, len(log[file]) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != log[file][at]))
    log[file] = log[file][:at] + bytes([byte]) + log[file][at + 1 :]
    assert isinstance(verified(log, kept(heads[-1])), Broken)


@given(sizes=sizes, data=st.data())
def test_any_cut_is_found(sizes: list[int], data: st.DataObject) -> None:
    log, heads = written(*sizes)
    file = data.draw(st.sampled_from(sorted(log)))
    start = data.draw(st.integers(0, len(log[file]) - 1))
    end = data.draw(st.integers(start + 1, len(log[file])))
    log[file] = log[file][:start] + log[file][end:]
    assert isinstance(verified(log, kept(heads[-1])), Broken)


@given(sizes=sizes, inserted=st.binary(min_size=1, max_size=80), data=st.data())
def test_anything_inserted_is_found_or_is_a_torn_end(sizes: list[int], inserted: bytes, data: st.DataObject) -> None:
    log, heads = written(*sizes)
    file = data.draw(st.sampled_from(sorted(log)))
    at = data.draw(st.integers(0, len(log[file])))
    log[file] = log[file][:at] + inserted + log[file][at:]
    outcome = verified(log, kept(heads[-1]))
    at_the_end = file == max(log) and at == len(log[file]) - len(inserted) and not inserted.count(b"\n")
    if at_the_end:
        assert outcome == Holds(sum(sizes), len(sizes), kept(heads[-1]), torn_bytes=len(inserted))
    else:
        assert isinstance(outcome, Broken)


@given(sizes=sizes, data=st.data())
def test_any_other_order_of_the_lines_is_found(sizes: list[int], data: st.DataObject) -> None:
    log, heads = written(sum(sizes) + 1)
    lines = lines_of(log, 0)
    moved = data.draw(st.permutations(lines).filter(lambda order: order != lines))
    assert isinstance(verified({name(0): b"".join(moved)}, kept(heads[-1])), Broken)


@given(sizes=st.lists(st.integers(1, 4), min_size=2, max_size=4), data=st.data())
def test_any_segment_that_is_missing_is_found(sizes: list[int], data: st.DataObject) -> None:
    log, heads = written(*sizes)
    del log[data.draw(st.sampled_from(sorted(log)))]
    assert isinstance(verified(log, kept(heads[-1])), Broken)
