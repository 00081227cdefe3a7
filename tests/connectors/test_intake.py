from __future__ import annotations

import hashlib
import io
import os
import stat
import struct
import zipfile
from datetime import UTC, datetime

import pytest

from connectors import intake
from connectors.base import BadExport, Member
from tests.connectors.exports import Inbox, content, content_row, stored_zip

CSV = content(content_row())


def members(inbox: Inbox, data: bytes, name: str) -> list[Member]:
    return list(intake.open_members(inbox.put(data, name), name))


def read_all(inbox: Inbox, data: bytes, name: str) -> None:
    for member in intake.open_members(inbox.put(data, name), name):
        with member.open() as stream:
            while stream.read(1 << 16):
                pass


def refused(inbox: Inbox, data: bytes, name: str = "Content.zip") -> str:
    with pytest.raises(BadExport) as caught:
        read_all(inbox, data, name)
    message = str(caught.value)
    assert "\n" not in message
    assert name in message
    assert message[0].islower()
    return message


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return packed.getvalue()


def test_a_plain_file_is_one_member(inbox: Inbox) -> None:
    (member,) = members(inbox, CSV, "2024-02-06/Content.csv")
    assert (member.name, member.container, member.size) == ("2024-02-06/Content.csv", "Content.csv", len(CSV))
    assert member.sha256 == hashlib.sha256(CSV).hexdigest()
    assert member.written_at is None
    assert member.modified_at == datetime(2024, 2, 6, 19, tzinfo=UTC)
    with member.open() as first, member.open() as second:
        assert first.read() == second.read() == CSV


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_gives_its_members_with_their_own_time(inbox: Inbox, method: int) -> None:
    info = zipfile.ZipInfo("Content.csv", (2024, 2, 6, 18, 30, 2))
    info.compress_type = method
    (member,) = members(inbox, zipped((info, CSV), method=method), "lavelle/Content_lavelle.sings.zip")
    assert member.name == "lavelle/Content_lavelle.sings.zip!Content.csv"
    assert member.container == "Content_lavelle.sings.zip"
    assert member.sha256 == hashlib.sha256(CSV).hexdigest()
    assert member.written_at == datetime(2024, 2, 6, 18, 30, 2)
    with member.open() as stream:
        assert stream.read() == CSV


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_large_member_is_streamed_and_the_same(inbox: Inbox, method: int) -> None:
    data = os.urandom(3_000_000)
    (member,) = members(inbox, zipped(("Content.csv", data), method=method), "Content.zip")
    with member.open() as stream:
        parts = iter(lambda: stream.read(70_000), b"")
        assert b"".join(parts) == data
    assert member.sha256 == hashlib.sha256(data).hexdigest()


def test_a_zip_writer_without_a_clock_says_nothing(inbox: Inbox) -> None:
    (member,) = members(inbox, stored_zip({"Content.csv": CSV}, (1980, 1, 1, 0, 0, 0)), "Content.zip")
    assert member.written_at is None


def test_an_impossible_time_says_nothing(inbox: Inbox) -> None:
    data = stored_zip({"Content.csv": CSV})
    at = data.find(b"PK\x01\x02") + 14
    broken = data[:at] + struct.pack("<H", (44 << 9) | (15 << 5)) + data[at + 2 :]  # month 15
    (member,) = members(inbox, broken, "Content.zip")
    assert member.written_at is None


def test_folders_and_what_a_mac_adds_are_passed_over(inbox: Inbox) -> None:
    data = zipped(
        ("Followers/", b""), ("Content.csv", CSV), ("__MACOSX/._Content.csv", b"x"), (".DS_Store", b"x")
    )
    assert [member.name for member in members(inbox, data, "a.zip")] == ["a.zip!Content.csv"]


def test_an_empty_file_is_refused(inbox: Inbox) -> None:
    assert refused(inbox, b"", "Content.csv").startswith("empty file: Content.csv: ")


def test_a_text_named_zip_is_refused(inbox: Inbox) -> None:
    assert "not a zip although named so" in refused(inbox, CSV)


@pytest.mark.parametrize("name", ["Overview.xlsx", "Overview.zip", "Overview"])
def test_a_workbook_is_one_member_and_no_archive(inbox: Inbox, name: str) -> None:
    book = zipped(("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<x/>"))
    assert [member.name for member in members(inbox, book, name)] == [name]
    packed = zipped(("Overview.xlsx", book), ("Viewers.xlsx", book))
    assert [m.name for m in members(inbox, packed, "a.zip")] == ["a.zip!Overview.xlsx", "a.zip!Viewers.xlsx"]


@pytest.mark.parametrize("kept", [5, 30, 200, -30, -1])
def test_a_truncated_zip_is_refused(inbox: Inbox, kept: int) -> None:
    assert "damaged zip" in refused(inbox, zipped(("Content.csv", CSV * 9))[:kept])


def test_a_flipped_bit_is_noticed(inbox: Inbox) -> None:
    data = bytearray(stored_zip({"Content.csv": CSV}))
    data[60] ^= 1
    assert "damaged zip" in refused(inbox, bytes(data))


def test_a_flipped_bit_in_a_streamed_member_is_noticed(inbox: Inbox) -> None:
    data = bytearray(stored_zip({"Content.csv": b"x" * 2_000_000}))
    data[60] ^= 1
    assert "damaged zip" in refused(inbox, bytes(data))


def test_an_encrypted_member_is_refused(inbox: Inbox) -> None:
    data = bytearray(stored_zip({"Content.csv": CSV}))
    data[data.find(b"PK\x01\x02") + 8] |= 1
    assert "without a password" in refused(inbox, bytes(data))


def test_an_unusual_compression_is_refused(inbox: Inbox) -> None:
    assert "unusual compression" in refused(inbox, zipped(("Content.csv", CSV), method=zipfile.ZIP_BZIP2))


def test_a_bomb_is_refused_before_it_is_opened(inbox: Inbox) -> None:
    assert "100 times its size" in refused(inbox, zipped(("Content.csv", b"0" * 3_000_000)))


def test_a_zip_of_more_than_500_mb_is_refused(inbox: Inbox) -> None:
    data = bytearray(stored_zip({"Content.csv": CSV}))
    at = data.find(b"PK\x01\x02") + 20
    data[at : at + 8] = struct.pack("<II", 400_000_000, 600_000_000)
    assert "more than 500 MB" in refused(inbox, bytes(data))


def test_a_member_that_lies_about_its_size_is_refused(inbox: Inbox) -> None:
    data = bytearray(stored_zip({"Content.csv": CSV}))
    at = data.find(b"PK\x01\x02") + 20
    data[at : at + 8] = struct.pack("<II", len(CSV) - 9, len(CSV) - 9)
    assert "damaged zip" in refused(inbox, bytes(data))


def test_a_zip_in_a_zip_is_refused(inbox: Inbox) -> None:
    assert "another zip" in refused(inbox, zipped(("inner.zip", zipped(("Content.csv", CSV)))))


def test_too_many_members_are_refused(inbox: Inbox) -> None:
    assert "zip with 1001 members" in refused(inbox, zipped(*((f"{n}.csv", b"a") for n in range(1001))))


@pytest.mark.parametrize(
    "name", ["../Content.csv", "a/../../b.csv", "/etc/passwd", "C:\\Content.csv", "..\\Content.csv"]
)
def test_names_that_climb_are_refused(inbox: Inbox, name: str) -> None:
    info = zipfile.ZipInfo("placeholder")
    info.filename = name
    assert "unsafe name" in refused(inbox, zipped((info, CSV)))


def test_a_symbolic_link_is_refused(inbox: Inbox) -> None:
    info = zipfile.ZipInfo("Content.csv")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "symbolic link" in refused(inbox, zipped((info, b"/etc/passwd")))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused(inbox: Inbox) -> None:
    assert "two members named Content.csv" in refused(
        inbox, zipped(("Content.csv", CSV), ("Content.csv", b"x"))
    )


def test_an_empty_zip_is_refused(inbox: Inbox) -> None:
    assert "empty zip" in refused(inbox, zipped())


def test_a_name_with_a_line_end_stays_on_one_line(inbox: Inbox) -> None:
    data = zipped(("..\n/'; DROP TABLE posts; --", CSV), ("../😀", CSV))
    assert "unsafe name" in refused(inbox, data)


def test_a_pipe_is_no_file(inbox: Inbox) -> None:
    path = inbox.folder / "pipe.csv"
    os.mkfifo(path)
    with pytest.raises(BadExport, match="not a regular file"):
        list(intake.open_members(path, "pipe.csv"))


def test_a_missing_file_is_refused(inbox: Inbox) -> None:
    with pytest.raises(BadExport, match=r"cannot be read \(no such file or directory\)"):
        list(intake.open_members(inbox.folder / "none.csv", "none.csv"))


def test_a_large_file_that_shrinks_while_it_is_read_is_refused(inbox: Inbox) -> None:
    path = inbox.put(b"x" * 2_000_000, "Content.csv")
    (member,) = intake.open_members(path, "Content.csv")
    path.write_bytes(b"x" * 10)
    with pytest.raises(BadExport, match="changed while it was read"):
        _ = member.sha256


def test_nothing_is_ever_written(inbox: Inbox) -> None:
    path = inbox.put(stored_zip({"a/Content.csv": CSV}), "Content.zip")
    for member in intake.open_members(path, "Content.zip"):
        with member.open() as stream:
            stream.read()
    assert sorted(inbox.folder.rglob("*")) == [path]


@pytest.mark.parametrize("data", [CSV, b"", CSV * 20_000])
def test_the_sum_of_a_file_is_that_of_its_bytes(inbox: Inbox, data: bytes) -> None:
    taken = intake.fingerprint(inbox.put(data))
    assert taken.sha256 == hashlib.sha256(data).hexdigest()
    assert taken.content == (data if len(data) < 1_000_000 else None)
