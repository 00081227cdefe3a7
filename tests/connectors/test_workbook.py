from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from connectors.base import BadExport
from connectors.tabular import head_of, open_sheet
from tests.connectors.exports import CONTENT_HEADER, OVERVIEW_HEADER, Inbox, content_row, stored_zip
from tests.connectors.workbooks import (
    Cell,
    excel_workbook,
    package,
    parts_of,
    sheet_xml,
    tiktok_workbook,
    zip_of,
)

FEB_6_2024 = (date(2024, 2, 6) - date(1899, 12, 30)).days


def cells(
    inbox: Inbox, data: bytes, sheet: str | None = None, name: str = "any.xlsx"
) -> list[tuple[str, ...]]:
    """Every row, by the positions of the header."""
    opened = open_sheet(inbox.member(data, name), sheet)
    wanted = {str(at): at for at in range(len(opened.header))}
    return [
        row
        for piece in opened.rows(wanted)
        for row in zip(*(piece.columns[name].to_pylist() for name in wanted), strict=True)
    ]


def texts(inbox: Inbox, *row: Cell) -> tuple[str, ...]:
    """What the cells of a row that Excel saved say."""
    header = [f"column {n}" for n in range(len(row))]
    (found,) = cells(inbox, excel_workbook({"Sheet1": [header, row]}))
    return found


def refusal(inbox: Inbox, data: bytes, name: str = "Overview.xlsx") -> str:
    with pytest.raises(BadExport) as caught:
        cells(inbox, data, name=name)
    message = str(caught.value)
    assert message.isprintable()
    assert name in message
    return message


def xml_rows(inbox: Inbox, rows: str, more: dict[str, str] | None = None) -> list[tuple[str, ...]]:
    return cells(inbox, package({"S": sheet_xml('<row><c t="str"><v>a</v></c></row>' + rows)}, more))


def test_a_workbook_as_tiktok_writes_it_is_a_table_of_texts(inbox: Inbox) -> None:
    rows = [OVERVIEW_HEADER, ("August 31", "1", "undefined", "-3", "4", "5")]
    data = tiktok_workbook(rows)
    assert head_of(inbox.member(data)).header == OVERVIEW_HEADER
    assert cells(inbox, data) == rows[1:]
    assert open_sheet(inbox.member(data)).chosen() == {"sheet": "Overview"}


def test_a_workbook_that_excel_saved_again_reads_the_same(inbox: Inbox) -> None:
    assert texts(inbox, "  a & <b> ", 4510, -7, 0.313, 1e-05) == (
        "  a & <b> ",
        "4510",
        "-7",
        "0.313",
        "1e-05",
    )


def test_a_whole_number_that_was_kept_as_a_fraction_is_whole(inbox: Inbox) -> None:
    assert texts(inbox, 4510.0, 1.5) == ("4510", "1.5")


def test_an_id_that_became_a_number_shows_that_it_lost_its_digits(inbox: Inbox) -> None:
    assert texts(inbox, 7.3206676032446198e18, 7320667603244624897, 999_999_999_999_999) == (
        "7.32E+18",
        "7.32E+18",
        "999999999999999",
    )


def test_dates_are_told_as_they_are_shown(inbox: Inbox) -> None:
    serial = FEB_6_2024
    shown = texts(inbox, (serial, 1), (serial, 2), (serial, 3), (serial + 0.7708333333, 4), (31 / 86_400, 5))
    assert shown == ("February 6", "2024-02-06", "February 6", "2024-02-06 18:30:00", "0:00:31")


def test_dates_counted_from_1904_are_the_same_days(inbox: Inbox) -> None:
    parts = parts_of(excel_workbook({"S": [["day"], [(FEB_6_2024 - 1462, 2)]]}))
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        "<sheets>", '<workbookPr date1904="1"/><sheets>'
    )
    assert cells(inbox, zip_of(parts)) == [("2024-02-06",)]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c t="b"><v>1</v></c>', "TRUE"),
        ('<c t="b"><v>0</v></c>', "FALSE"),
        ('<c t="e"><v>#N/A</v></c>', "#N/A"),
        ('<c t="d"><v>2024-02-06</v></c>', "2024-02-06"),
        ('<c t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r><rPh><t>not this</t></rPh></is></c>', "ab"),
        ('<c t="str"><f>1+1</f><v>2</v></c>', "2"),
        ("<c><f>A1+1</f></c>", "=A1+1"),
        ('<c t="str"><v>two_x000D_\nlines_x0000__xD83D_</v></c>', "two\r\nlines_x0000__xD83D_"),
        ("<c><v>not a number</v></c>", "not a number"),
        ("<c><v>1e999</v></c>", "INF"),
        ('<c s="2"><v>45328</v></c>', "45328"),  # no styles in this workbook
    ],
)
def test_every_kind_of_cell_has_its_text(inbox: Inbox, cell: str, text: str) -> None:
    assert xml_rows(inbox, f"<row>{cell}</row>") == [(text,)]


def test_texts_may_be_shared_in_runs_of_several_fonts(inbox: Inbox) -> None:
    shared = "<sst><si><r><rPr/><t>東</t></r><r><t>京</t></r><rPh><t>とうきょう</t></rPh></si></sst>"
    rows = '<row><c t="s"><v>0</v></c></row>'
    assert xml_rows(inbox, rows, {"xl/sharedStrings.xml": shared}) == [("東京",)]


def test_prefixes_and_missing_references_change_nothing(inbox: Inbox) -> None:
    sheet = (
        '<x:worksheet xmlns:x="m"><x:sheetData><x:row><x:c t="str"><x:v>a</x:v></x:c></x:row>'
        '<x:row><x:c t="str"><x:v>b</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    assert cells(inbox, package({"S": sheet})) == [("b",)]


def test_a_workbook_of_another_program_reads_the_same(inbox: Inbox) -> None:
    """Such as the sheet for readings, which openpyxl writes."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["text", "number", "day", "moment", "flag", "nothing", "sum", "id"])
    moment = datetime(2024, 2, 6, 18, 30)
    sheet.append(["東京 & <é>\nline", 1.5, date(2024, 2, 6), moment, True, None, "=1+1", 7320667603244624897])
    saved = io.BytesIO()
    book.save(saved)
    assert cells(inbox, saved.getvalue()) == [
        ("東京 & <é>\nline", "1.5", "2024-02-06", "2024-02-06 18:30:00", "TRUE", "", "=1+1", "7.32E+18")
    ]


def test_blank_rows_are_no_rows_and_long_ones_are_refused_by_number(inbox: Inbox) -> None:
    rows: list[list[Cell]] = [[], ["a", "b"], [None, None], ["1"], [" ", ""], ["1", "2", "3"], [None, "2"]]
    opened = open_sheet(inbox.member(excel_workbook({"S": rows})))
    (piece,) = opened.rows({"a": 0, "b": 1}, frozenset({"b"}))
    assert piece.row_no.to_pylist() == [2, 5]
    assert piece.columns["a"].to_pylist() == ["1", ""]
    assert piece.columns["b"].dictionary.to_pylist() == ["", "2"]
    assert [(refused.row, refused.reason) for refused in piece.ragged] == [(4, "3 cells, not 2")]


def test_the_first_visible_sheet_that_holds_anything_is_read(inbox: Inbox) -> None:
    sheets: dict[str, list[list[Cell]]] = {
        "Empty": [[]],
        "Hidden": [["h"]],
        "Data": [["a"], [1]],
        "More": [["b"]],
    }
    data = excel_workbook(sheets, hidden=["Hidden"])
    opened = open_sheet(inbox.member(data))
    assert (opened.header, opened.chosen()) == (("a",), {"sheet": "Data"})
    assert opened.notices() == ("other sheets not read: More, Hidden",)
    assert head_of(inbox.member(data)).sheets == {"Data": ("a",), "More": ("b",), "Hidden": ("h",)}
    assert open_sheet(inbox.member(data), "More").header == ("b",)


def test_a_sheet_that_is_asked_for_must_be_there(inbox: Inbox) -> None:
    with pytest.raises(BadExport, match='no sheet "Readings" in excel file'):
        open_sheet(inbox.member(tiktok_workbook([["a"]])), "Readings")
    with pytest.raises(BadExport, match="not an excel file"):
        open_sheet(inbox.member(b"a,b\n"), "Readings")


def test_thousands_of_rows_come_in_batches(inbox: Inbox) -> None:
    data = tiktok_workbook([["n"], *([str(n)] for n in range(45_000))])
    pieces = list(open_sheet(inbox.member(data)).rows({"n": 0}))
    assert [len(piece.row_no) for piece in pieces] == [20_000, 20_000, 5_000]
    assert [n for piece in pieces for n in piece.row_no.to_pylist()] == list(range(1, 45_001))


def test_a_workbook_under_any_name_and_in_a_zip_is_one_file(inbox: Inbox) -> None:
    data = tiktok_workbook([CONTENT_HEADER, content_row()], "Content")
    for name, packed in [("Content.zip", data), ("a", data), ("b.zip", stored_zip({"F/Content.xlsx": data}))]:
        assert len(inbox.read(packed, name=name).posts) == 1


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ('<row r="1048576"><c r="XFD1048576" t="str"><v>b</v></c></row>', "cells, not 1"),
        ('<row r="4294967295"><c r="ZZZZZZ4294967295" t="str"><v>b</v></c></row>', "damaged"),
        ('<row><c r="é1"><v>1</v></c></row>', "damaged"),
        ('<row><c r="XFE1"><v>1</v></c></row>', "damaged"),
        ('<row><c t="s"><v>99</v></c></row>', "damaged"),
        (f'<row><c t="s"><v>{"9" * 5000}</v></c></row>', "damaged"),
        ("<row><c><v>1</v></row>", "damaged"),
        ('<row><c r="B1"><row></row><v>1</v></c></row>', "damaged"),
    ],
)
def test_a_workbook_that_was_made_to_hurt_is_refused(inbox: Inbox, rows: str, why: str) -> None:
    data = package({"S": sheet_xml('<row><c r="A1" t="str"><v>a</v></c></row>' + rows)})
    if why == "damaged":
        assert refusal(inbox, data).startswith("damaged excel file: ")
    else:
        (piece,) = open_sheet(inbox.member(data)).rows({"a": 0})
        assert why in piece.ragged[0].reason


def test_entities_are_refused(inbox: Inbox) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    sheet = sheet_xml('<row><c t="str"><v>&b;</v></c></row>').replace("<worksheet", f"{bomb}<worksheet")
    assert refusal(inbox, package({"S": sheet})).startswith("damaged excel file: ")


@pytest.mark.parametrize("encoding", ["UUTF-8", "UTF-16", "idna", "cp1252", "unicode_escape"])
def test_an_encoding_that_a_part_only_claims_to_have_does_not_matter(inbox: Inbox, encoding: str) -> None:
    parts = parts_of(tiktok_workbook([["a"], ["é"]]))
    changed = {name: text.replace("UTF-8", encoding) for name, text in parts.items()}
    assert cells(inbox, zip_of(changed)) == [("é",)]


def test_a_part_that_unpacks_to_a_thousand_times_its_size_is_refused(inbox: Inbox) -> None:
    data = package({"S": sheet_xml("<row/>" * 500_000)})
    assert "member that unpacks to more than 100 times its size" in refusal(inbox, data)


def test_a_workbook_of_more_than_100_mb_is_refused(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tiktok_workbook([["a"]] * 1000)
    monkeypatch.setattr("connectors.workbook._MAX_UNPACKED", len(data) + 100)
    assert "unpacks to more than 100 MB" in refusal(inbox, data)
    monkeypatch.setattr("connectors.workbook._MAX_UNPACKED", len(data) - 1)
    assert "excel file of more than 100 MB" in refusal(inbox, data)


def test_more_than_100_sheets_are_refused(inbox: Inbox) -> None:
    assert "excel file with 101 sheets" in refusal(
        inbox, excel_workbook({f"S{n}": [["a"]] for n in range(101)})
    )


@pytest.mark.parametrize(
    "lost",
    ["xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"],
)
def test_a_workbook_that_lost_a_part_is_refused(inbox: Inbox, lost: str) -> None:
    parts = parts_of(excel_workbook({"S": [["a"], ["b"]]}))
    del parts[lost]
    assert refusal(inbox, zip_of(parts)).startswith("damaged excel file: ")


def test_an_empty_workbook_is_refused(inbox: Inbox) -> None:
    assert refusal(inbox, excel_workbook({"S": []})).startswith("empty excel file: ")


def test_a_broken_zip_of_a_workbook_in_a_zip_is_refused(inbox: Inbox) -> None:
    data = tiktok_workbook([["a"], ["b"]])
    with pytest.raises(BadExport, match="damaged zip or excel file"):
        inbox.read(stored_zip({"Overview.xlsx": data[: len(data) // 2]}), name="a.zip")
    broken = bytearray(data)
    broken[broken.find(b"PK\x01\x02") - 8] ^= 255
    with pytest.raises(BadExport, match="damaged excel file"):
        inbox.read(stored_zip({"Overview.xlsx": bytes(broken)}), name="a.zip")


@pytest.mark.parametrize(
    ("member", "kind"),
    [
        ("xl/workbook.bin", "binary excel file"),
        ("META-INF/manifest.xml", "opendocument file"),
        ("Index/Document.iwa", "apple numbers file"),
        ("word/document.xml", "word document"),
        ("ppt/presentation.xml", "powerpoint file"),
    ],
)
def test_other_office_files_are_refused_by_name_with_a_cure(inbox: Inbox, member: str, kind: str) -> None:
    data = zip_of({"[Content_Types].xml": "<x/>", member: "<x/>", "another.xml": "<x/>"})
    message = refusal(inbox, data)
    assert message.startswith(kind)
    assert "choose CSV" in message
    assert "save it as .xlsx" in message


def test_old_excel_files_and_those_with_a_password_are_refused(inbox: Inbox) -> None:
    with pytest.raises(BadExport, match=r"old kind \(.xls\), or with a password.*save it as .xlsx"):
        inbox.read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, name="Overview.xlsx")


def test_an_encrypted_member_of_a_workbook_is_refused(inbox: Inbox) -> None:
    data = bytearray(tiktok_workbook([["a"]]))
    data[data.find(b"PK\x01\x02") + 8] |= 1
    assert "encrypted member" in refusal(inbox, bytes(data))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused(inbox: Inbox) -> None:
    packed = io.BytesIO(tiktok_workbook([["a"]]))
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    assert "two members named xl/workbook.xml" in refusal(inbox, packed.getvalue())


def test_a_text_named_like_a_workbook_is_read_for_what_it_is(inbox: Inbox) -> None:
    assert cells(inbox, b"a,b\n1,2\n") == [("1", "2")]
