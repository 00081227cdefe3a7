from __future__ import annotations

import pytest

from connectors.base import BadExport
from connectors.delimited import header_of
from connectors.tabular import Sheet, open_sheet
from tests.connectors.exports import BOM, Inbox

WANTED = {"a": 0, "b": 1, "c": 2}


def sheet(inbox: Inbox, data: bytes) -> Sheet:
    return open_sheet(inbox.member(data, "any.csv"))


def table(inbox: Inbox, data: bytes) -> tuple[list[tuple[int, str, str, str]], list[tuple[int, str]]]:
    """(number and cells of every row, number and reason of every ragged one)"""
    pieces = list(sheet(inbox, data).rows(WANTED))
    rows = [
        row
        for piece in pieces
        for row in zip(
            piece.row_no.to_pylist(), *(piece.columns[name].to_pylist() for name in "abc"), strict=True
        )
    ]
    return rows, [(refusal.row, refusal.reason) for piece in pieces for refusal in piece.ragged]


ROWS = [(1, "1", "é", "3"), (2, "4", "5", "6")]


@pytest.mark.parametrize(
    ("data", "encoding", "delimiter"),
    [
        (BOM + '"a","b","c"\n"1","é","3"\n"4","5","6"'.encode(), "utf-8-sig", "comma"),
        ("a,b,c\r\n1,é,3\r\n4,5,6\r\n".encode(), "utf-8", "comma"),
        ("a;b;c\r\n1;é;3\r\n4;5;6\r\n".encode("cp1252"), "cp1252", "semicolon"),
        ("a\tb\tc\n1\té\t3\n4\t5\t6".encode("utf-16"), "utf-16", "tab"),
        ("\ufeffa,b,c\n1,é,3\n4,5,6\n\n".encode("utf-16-be"), "utf-16", "comma"),
        ("sep=;\na;b;c\n1;é;3\n4;5;6\n".encode(), "utf-8", "semicolon"),
        ("sep=|\na|b|c\n1|é|3\n4|5|6\n".encode(), "utf-8", "|"),
        ("a,b,c\r1,é,3\r4,5,6\r".encode(), "utf-8", "comma"),
        ("\n\n a , b , c \n\n1,é,3\n\n4,5,6\n\n".encode(), "utf-8", "comma"),
    ],
)
def test_a_dialect_is_found_and_told(inbox: Inbox, data: bytes, encoding: str, delimiter: str) -> None:
    assert sheet(inbox, data).chosen() == {"encoding": encoding, "delimiter": delimiter}
    assert sheet(inbox, data).header == ("a", "b", "c")
    assert table(inbox, data) == (ROWS, [])


def test_a_guess_of_the_encoding_is_worth_a_notice(inbox: Inbox) -> None:
    assert sheet(inbox, "a,b,c\n1,é,3\n".encode("cp1252")).notices() != ()
    assert sheet(inbox, "a,b,c\n1,é,3\n".encode()).notices() == ()


def test_bytes_far_behind_the_head_decide_the_encoding(inbox: Inbox) -> None:
    data = b"a,b,c\n" + b"1,2,3\n" * 300_000 + "1,é,3\n".encode("cp1252")
    rows, _ = table(inbox, data)
    assert rows[-1] == (300_001, "1", "é", "3")


def test_line_ends_quotes_and_delimiters_in_a_cell_are_its_text(inbox: Inbox) -> None:
    assert table(inbox, b'a,b,c\n1,"x\n""y"", z",3\n') == ([(1, "1", 'x\n"y", z', "3")], [])


def test_a_header_may_hold_a_line_end(inbox: Inbox) -> None:
    data = b'"a","b\nb","c"\n1,2,3\n'
    assert sheet(inbox, data).header == ("a", "b\nb", "c")
    assert table(inbox, data) == ([(1, "1", "2", "3")], [])


def test_one_row_without_a_line_end_is_a_row(inbox: Inbox) -> None:
    assert table(inbox, b"a,b,c\n1,2,3") == ([(1, "1", "2", "3")], [])


@pytest.mark.parametrize("data", [b"a,b,c", b"a,b,c\n", b"a,b,c\r\n\r\n\n", BOM + b'"a","b","c"'])
def test_a_header_alone_is_a_table_without_rows(inbox: Inbox, data: bytes) -> None:
    assert table(inbox, data) == ([], [])


def test_ragged_rows_are_refused_by_their_numbers(inbox: Inbox) -> None:
    data = b"a,b,c\n1,2\n\n3,4,5\n6,7,8,9\n1,2,3\n\n4\n"
    assert table(inbox, data) == (
        [(2, "3", "4", "5"), (4, "1", "2", "3")],
        [(1, "2 cells, not 3"), (3, "4 cells, not 3"), (5, "1 cells, not 3")],
    )


def test_numbers_hold_across_batches(inbox: Inbox) -> None:
    lines = [f"{n},x,y" if n % 1000 else f"{n},x" for n in range(1, 900_001)]
    rows, ragged = table(inbox, ("a,b,c\n" + "\n".join(lines)).encode())
    assert all(number == int(cell) for number, cell, _, _ in rows)
    assert [number for number, _ in ragged] == list(range(1000, 900_001, 1000))


def test_columns_asked_for_so_come_as_dictionaries(inbox: Inbox) -> None:
    (piece,) = sheet(inbox, b"a,b,c\n1,2,3\n1,2,4\n").rows(WANTED, frozenset({"a"}))
    assert piece.columns["a"].dictionary.to_pylist() == ["1"]
    (piece,) = sheet(inbox, b"a,b,c\n1,2\n").rows(WANTED, frozenset({"a"}))
    assert piece.columns["a"].to_pylist() == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (BOM, "empty file"),
        (b"\n \r\n\t", "empty file"),
        (b"\xff\xfe", "empty file"),
        (b"a,b,c\n1,\x00,3\n", "binary file"),
        ("a,b,c\n1,2,3\n".encode("utf-16-le"), "binary file"),
        (b"\xff\xfea\x00,\x00b", "unknown encoding"),
        ("a,b,c\n1,平成,3\n".encode("shift-jis") + b"\x81", "unknown encoding"),
        (BOM + b"a,b,c\n1,\xff,3\n", "unknown encoding"),
        (b'a,b,c\n1,"2,3\n4,5,6\n', "a quote is never closed"),
        (b"a,b,c\n1," + b"x" * 9_000_000 + b",3\n1,2,3\n", "broken quotes or rows"),
    ],
)
def test_what_is_no_table_is_refused(inbox: Inbox, data: bytes, reason: str) -> None:
    with pytest.raises(BadExport, match=reason):
        table(inbox, data)


def test_the_header_is_read_from_a_part_of_the_file() -> None:
    assert header_of('Descripción,"Me gusta"\nx,y'.encode("cp1252")) == ("Descripción", "Me gusta")
    assert header_of("a,b\né".encode()[:-1]) == ("a", "b")
    assert header_of(b"\xff\xfe\x00\xd8\x00\x00") == ()
    assert header_of(b"") == ()
    assert header_of(b"x" * 200_000 + b",y") == ()
