"""Files that lie, break or change under the reader: each refused with its reason, and nothing is guessed."""

from __future__ import annotations

import hashlib
import io
import os
import struct
import zipfile
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest

from connectors import intake, registry
from connectors.base import BadExport, Refusal
from connectors.tabular import open_sheet
from tests.connectors.exports import (
    CONTENT_HEADER,
    CONTEXT,
    OVERVIEW_HEADER,
    SUITE_HEADER,
    Inbox,
    content,
    content_row,
    quoted,
    stored_zip,
    suite_row,
)
from tests.connectors.workbooks import excel_workbook, tiktok_workbook

CSV = content(content_row())
LARGE = content(*(content_row(Video_title="x" * 300) for _ in range(3000)))

# Clocks of file systems tick in milliseconds: a file of long ago cannot change within its tick.
AN_HOUR_IN_1970 = 3600


def huge() -> bytes:
    """More than the parser reads ahead."""
    return content(*(content_row(Video_title="x" * 4000) for _ in range(25_000)))


def refused(inbox: Inbox, data: bytes, name: str = "Content.zip") -> str:
    with pytest.raises(BadExport) as caught:
        inbox.read(data, name=name)
    assert str(caught.value).isprintable()
    return str(caught.value)


# --- archives that lie ---


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *((24, 2**63), (32, 2**60), (32, 2**64 - 1), (40, 2**60), (40, 2**64 - 1)),
        *((24, 0), (32, 0), (40, 1)),
    ],
)
def test_a_zip64_directory_that_lies_is_refused(inbox: Inbox, field: int, value: int) -> None:
    """Fields of the zip64 end record: members, size and place of the directory."""
    data = stored_zip({"Content.csv": CSV})
    at = data.rfind(b"PK\x05\x06")
    size, offset = struct.unpack("<II", data[at + 12 : at + 20])
    end = bytearray(struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, size, offset))
    end[field : field + 8] = struct.pack("<Q", value)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, at, 1)
    old = bytearray(data[at:])
    old[8:20] = b"\xff" * 12  # "see the zip64 record"
    lying = data[:at] + bytes(end) + locator + bytes(old)
    try:
        loaded = inbox.read(lying, name="Content.zip").loaded  # a lie about what nobody needs
    except BadExport:
        loaded = 0
    assert loaded in (0, 1)


def test_sixty_five_thousand_members_are_refused(inbox: Inbox) -> None:
    entries = [
        struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, *[0] * 7, 6, *[0] * 6) + b"%06d" % n
        for n in range(65_000)
    ]
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, *[0] * 7, 6, 0) + b"000000"
    directory = b"".join(entries)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 65_000, 65_000, len(directory), len(local), 0)
    assert "zip with 65000 members" in refused(inbox, local + directory + end)


@pytest.mark.parametrize("name", ["inner.dat", "Content.csv", "Overview.xlsx"])
def test_a_zip_in_a_zip_is_refused_under_any_name(inbox: Inbox, name: str) -> None:
    inner = stored_zip({"Content.csv": CSV})
    message = refused(inbox, stored_zip({name: inner}))
    assert message.startswith(f"zip in a zip: Content.zip!{name}: put the inner zip into the inbox")


@pytest.mark.parametrize("flag", [0x0, 0x800])
def test_member_names_that_are_no_utf8_do_no_harm(inbox: Inbox, flag: int) -> None:
    data = stored_zip({"Content_abc.csv": CSV}).replace(b"Content_abc", b"Content_\xff\xfe\x80")
    if not flag:
        assert inbox.read(data, name="Content.zip").loaded == 1
        return
    marked = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        marked[marked.find(mark) + at + 1] |= flag >> 8
    assert refused(inbox, bytes(marked)).startswith("damaged zip: ")


def test_a_member_without_a_name_is_refused(inbox: Inbox) -> None:
    data = bytearray(stored_zip({"a": CSV}))
    local, central = data.find(b"PK\x03\x04"), data.find(b"PK\x01\x02")
    del data[central + 46], data[local + 30]
    data[central - 1 + 28] = data[local + 26] = 0
    end = data.find(b"PK\x05\x06")
    size, offset = struct.unpack("<II", data[end + 12 : end + 20])
    data[end + 12 : end + 20] = struct.pack("<II", size - 1, offset - 1)
    assert refused(inbox, bytes(data)).startswith("unsafe name")


def test_members_that_overlap_are_refused_or_small(inbox: Inbox) -> None:
    """Two names for the same bytes: how a small ZIP unpacks to a large one."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", CSV)
        archive.writestr("b.csv", CSV)
    data = bytearray(packed.getvalue())
    second = data.rfind(b"PK\x01\x02")
    data[second + 42 : second + 46] = struct.pack("<I", 0)
    _, last = intake.open_members(inbox.put(bytes(data), "a.zip"), "a.zip")
    with pytest.raises(BadExport, match="damaged zip"):
        _ = last.sha256


# --- what Excel does ---


def test_an_id_that_became_a_number_is_refused_by_row_and_column(inbox: Inbox) -> None:
    row = [suite_row()[name] for name in SUITE_HEADER]
    book = excel_workbook({"Posts": [SUITE_HEADER, row, [18043780272380412, *row[1:]]]})
    message = refused(inbox, book, "Posts.xlsx")
    assert message.startswith('row 2, column "Post ID": 1.80E+16 is an id that Excel cut: Posts.xlsx: ')
    link = CONTENT_HEADER.index("Video link")
    cut = [7.32066760324462e18 if at == link else cell for at, cell in enumerate(content_row())]
    message = refused(inbox, excel_workbook({"Content": [CONTENT_HEADER, cut]}), "Content.xlsx")
    assert 'column "Video link": 7.32E+18 is an id that Excel cut' in message


@pytest.mark.parametrize("day", ["45328", "06-Feb", "06/02/2024", "2/6"])
def test_days_that_excel_rewrote_in_a_csv_are_refused_not_guessed(inbox: Inbox, day: str) -> None:
    context = replace(CONTEXT, account="lavelle.sings")
    with pytest.raises(BadExport, match=f'day "{day}" in column "Date" is in no known language'):
        inbox.read(quoted(OVERVIEW_HEADER, [[day, "1", "2", "3", "4", "5"]]), context)


def test_numbers_that_excel_kept_are_read_as_they_are(inbox: Inbox) -> None:
    counts = dict(zip(CONTENT_HEADER[4:], (120.0, 7, 0, 4510), strict=True))
    row = [counts.get(name, cell) for name, cell in zip(CONTENT_HEADER, content_row(), strict=True)]
    loaded = inbox.read(excel_workbook({"Content": [CONTENT_HEADER, row]}), name="Content.xlsx")
    (post,) = loaded.metrics
    assert [post[name] for name in ("likes", "comments", "shares", "views")] == [120, 7, 0, 4510]


@pytest.mark.parametrize("cell", ["1.234", "12,5", "1.2K", "1e3", "٣", "4510.0", "1,23", "0x1F"])
def test_a_number_that_may_mean_two_is_refused_with_its_row(inbox: Inbox, cell: str) -> None:
    loaded = inbox.read(content(content_row(), content_row("2024-01-04 10:00:00", Total_views=cell)))
    assert loaded.refused == [Refusal(2, f'"Total views" is not a whole number: {cell}')]
    assert loaded.loaded == 1


# --- files that change ---


def test_of_a_small_file_that_was_replaced_since_the_bytes_that_were_summed_are_read(inbox: Inbox) -> None:
    path = inbox.put(CSV)
    taken = intake.fingerprint(path)
    path.write_bytes(CSV.replace(b"4510", b"9999"))
    (member,) = intake.open_members(path, "Content.csv", taken)
    with member.open() as stream:
        assert stream.read() == CSV
    assert member.sha256 == taken.sha256 == hashlib.sha256(CSV).hexdigest()


def test_a_large_file_of_which_little_is_left_is_refused(inbox: Inbox) -> None:
    path = inbox.put(LARGE)
    taken = intake.fingerprint(path)
    path.write_bytes(CSV)
    with pytest.raises(BadExport, match=r"changed while it was read: Content\.csv: run again"):
        list(intake.open_members(path, "Content.csv", taken))


def test_a_large_file_that_was_replaced_since_it_was_summed_is_refused(inbox: Inbox) -> None:
    path = inbox.put(LARGE)
    os.utime(path, (AN_HOUR_IN_1970, AN_HOUR_IN_1970))
    taken = intake.fingerprint(path)
    path.write_bytes(LARGE.replace(b"4510", b"9999"))
    (member,) = intake.open_members(path, "Content.csv", taken)
    with pytest.raises(BadExport, match="changed while it was read"):
        open_sheet(member)


def test_a_large_file_that_changes_while_it_is_read_is_refused(inbox: Inbox) -> None:
    path = inbox.put(LARGE)
    os.utime(path, (AN_HOUR_IN_1970, AN_HOUR_IN_1970))
    (member,) = intake.open_members(path, "Content.csv", intake.fingerprint(path))
    with member.open() as stream:
        stream.read(len(LARGE) // 2)
        with path.open("r+b") as changing:
            changing.seek(-20, os.SEEK_END)
            changing.write(b'"0","0","9999"'.rjust(20, b"0"))
        # The reader may have buffered the rest: what matters is that no end of the file is given.
        with pytest.raises(BadExport, match="changed while it was read"):
            stream.read()


def test_a_large_zip_that_was_replaced_since_it_was_summed_is_refused(inbox: Inbox) -> None:
    path = inbox.put(stored_zip({"Content.csv": LARGE}), "a.zip")
    taken = intake.fingerprint(path)
    path.write_bytes(stored_zip({"Content.csv": LARGE.replace(b"4510", b"9999")}))
    with pytest.raises(BadExport, match="changed while it was read"):
        list(intake.open_members(path, "a.zip", taken))


def test_a_large_zip_that_changes_while_it_is_read_is_refused(inbox: Inbox) -> None:
    path = inbox.put(stored_zip({"Content.csv": LARGE}), "a.zip")
    (member,) = intake.open_members(path, "a.zip", intake.fingerprint(path))
    path.write_bytes(stored_zip({"Content.csv": LARGE.replace(b"4510", b"9999")}))
    with pytest.raises(BadExport, match="damaged zip"):
        _ = member.sha256


@pytest.mark.parametrize("year", [-9_000, 30_000])
def test_a_file_from_no_year_of_the_calendar_is_read(inbox: Inbox, year: int) -> None:
    path = inbox.put(CSV)
    seconds = (year - 1970) * 31_556_952
    try:
        os.utime(path, (seconds, seconds))
    except OSError:
        pytest.skip("this file system has no such year")
    (member,) = intake.open_members(path, "Content.csv")
    assert isinstance(member.modified_at.date(), date)
    assert list(registry.read(member, CONTEXT).batches)


# --- memory ---


def test_a_large_csv_is_streamed(inbox: Inbox) -> None:
    (member,) = intake.open_members(inbox.put(huge()), "Content.csv")
    before = pa.total_allocated_bytes()
    highest = max(pa.total_allocated_bytes() - before for _ in registry.read(member, CONTEXT).batches)
    assert highest < member.size * 0.8


def test_a_workbook_is_read_in_batches_and_not_as_one(inbox: Inbox) -> None:
    data = tiktok_workbook([["n"], *([str(n)] for n in range(50_000))])
    before = pa.total_allocated_bytes()
    sheet = open_sheet(inbox.member(data, "a.xlsx"))
    assert all(len(rows.row_no) <= 20_000 for rows in sheet.rows({"n": 0}))
    assert pa.total_allocated_bytes() - before < 5_000_000
