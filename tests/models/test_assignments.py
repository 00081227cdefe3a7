from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest

from models.assignments import ASSIGNMENTS, BadAssignments, read_assignments

TOPICS = ("finding-help", "talking")


def post_key(link: str) -> tuple[str, str] | None:
    match = re.fullmatch(r"https://(tiktok|instagram)\.com/(\w+)", link)
    return (match[1], match[2]) if match else None


def read(folder: Path, content: str | bytes) -> pa.Table:
    path = folder / "rap-up.assignments.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_assignments(path, post_key, TOPICS)


def refusal(folder: Path, content: str | bytes) -> str:
    with pytest.raises(BadAssignments) as caught:
        read(folder, content)
    return str(caught.value).replace(str(folder), "…")


def test_without_a_file_nothing_is_assigned(tmp_path: Path) -> None:
    assert read_assignments(tmp_path / "x.assignments.csv", post_key, TOPICS).equals(
        ASSIGNMENTS.empty_table()
    )


def test_a_workbook_is_read_as_the_csv_of_that_name_would_be(tmp_path: Path) -> None:
    rows = [
        ["NOTE", "Who", " Topic ID ", "Post URL"],
        ["santé", 7, "Talking", " https://tiktok.com/1 "],
        [None, None, None, None],
        [2024, None, None, "https://tiktok.com/2"],
    ]
    assert read_workbook(tmp_path, rows).to_pylist() == [
        {"platform": "tiktok", "post_id": "1", "topic_id": "talking", "note": "santé", "row_no": 2},
        {"platform": "tiktok", "post_id": "2", "topic_id": None, "note": "2024", "row_no": 4},
    ]


def test_the_sheet_with_the_columns_is_found(tmp_path: Path) -> None:
    rows = [["post_url", "topic_id"], ["https://tiktok.com/1", "talking"]]
    assert read_workbook(tmp_path, [["About this file"]], rows).column("post_id").to_pylist() == ["1"]


def test_a_wrong_row_of_a_workbook_is_told_as_excel_counts(tmp_path: Path) -> None:
    with pytest.raises(BadAssignments, match=r"assignments\.xlsx, row 4: unknown topic 'dance'"):
        read_workbook(tmp_path, [["post_url", "topic_id"], [], [], ["https://tiktok.com/1", "dance"]])


def test_a_workbook_without_the_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadAssignments, match=r"assignments\.xlsx, row 1: no columns post_url and topic_id"):
        read_workbook(tmp_path, [["link", "topic"]], [])


def a_workbook(*sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def read_workbook(folder: Path, *sheets: list[list[object]]) -> pa.Table:
    (folder / "x.assignments.xlsx").write_bytes(a_workbook(*sheets))
    return read_assignments(folder / "x.assignments.csv", post_key, TOPICS)


@pytest.mark.parametrize("content", [b"", b"PK", b"post_url,topic_id\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_a_workbook_that_cannot_be_read_is_refused_with_the_cure(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.assignments.xlsx").write_bytes(content)
    with pytest.raises(BadAssignments, match=r"x\.assignments\.xlsx: damaged.*save it as csv \(utf-8\)"):
        read_assignments(tmp_path / "x.assignments.csv", post_key, TOPICS)


def test_a_workbook_cut_short_anywhere_is_refused_in_one_line(tmp_path: Path) -> None:
    whole = a_workbook([["post_url", "topic_id"], ["https://tiktok.com/1", "talking"]])
    for length in range(0, len(whole), 97):
        (tmp_path / "x.assignments.xlsx").write_bytes(whole[:length])
        with pytest.raises(BadAssignments) as caught:
            read_assignments(tmp_path / "x.assignments.csv", post_key, TOPICS)
        assert len(str(caught.value).splitlines()) == 1


def test_a_workbook_with_a_broken_sheet_is_refused(tmp_path: Path) -> None:
    content = io.BytesIO(a_workbook([["post_url", "topic_id"], ["https://tiktok.com/1", "talking"]]))
    broken = io.BytesIO()
    with zipfile.ZipFile(content) as whole, zipfile.ZipFile(broken, "w") as copy:
        for name in whole.namelist():
            copy.writestr(name, whole.read(name)[:300] if "sheet1" in name else whole.read(name))
    (tmp_path / "x.assignments.xlsx").write_bytes(broken.getvalue())
    with pytest.raises(BadAssignments, match="damaged"):
        read_assignments(tmp_path / "x.assignments.csv", post_key, TOPICS)


def test_a_csv_and_a_workbook_at_once_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.assignments.csv").write_text("post_url,topic_id\n")
    (tmp_path / "x.assignments.xlsx").write_bytes(a_workbook([["post_url", "topic_id"]]))
    with pytest.raises(
        BadAssignments, match=r"x\.assignments\.csv: x\.assignments\.xlsx is there too; keep one"
    ):
        read_assignments(tmp_path / "x.assignments.csv", post_key, TOPICS)


@pytest.mark.parametrize("undecided", ["?", "?talking", " ?dance", "? finding-help"])
def test_a_row_with_a_question_mark_decides_nothing(tmp_path: Path, undecided: str) -> None:
    table = read(
        tmp_path, f"post_url,topic_id\nhttps://tiktok.com/1,{undecided}\nhttps://tiktok.com/2,talking\n"
    )
    assert table.column("post_id").to_pylist() == ["2"]


def test_rows_keep_their_order_their_notes_and_the_row_number_of_excel(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        "post_url,topic_id,note\nhttps://tiktok.com/1,talking,said so\n\n,,\n"
        "https://tiktok.com/1,finding-help,\nhttps://instagram.com/A_b,,not ours\n",
    )
    assert table.schema == ASSIGNMENTS
    assert [tuple(row.values()) for row in table.to_pylist()] == [
        ("tiktok", "1", "talking", "said so", 2),
        ("tiktok", "1", "finding-help", None, 5),
        ("instagram", "A_b", None, "not ours", 6),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_what_excel_writes_anywhere_is_read(
    tmp_path: Path, encoding: str, delimiter: str, line_end: str
) -> None:
    rows = [
        ["NOTE", "Who", " Topic ID ", "Post URL"],
        ["santé", "me", "Talking", " https://tiktok.com/1 "],
    ]
    content = line_end.join(delimiter.join(row) for row in rows).encode(encoding)
    assert read(tmp_path, content).to_pylist() == [
        {"platform": "tiktok", "post_id": "1", "topic_id": "talking", "note": "santé", "row_no": 2}
    ]


def test_a_quoted_note_may_hold_delimiters_and_lines(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        'post_url,topic_id,note\nhttps://tiktok.com/1,talking,"a, b\nc"\nhttps://tiktok.com/2,talking\n',
    )
    assert table.column("note").to_pylist() == ["a, b\nc", None]
    assert table.column("row_no").to_pylist() == [2, 3]


def test_the_same_post_and_topic_twice_counts_once(tmp_path: Path) -> None:
    table = read(tmp_path, "post_url,topic_id\n" + "https://tiktok.com/1,talking\n" * 3)
    assert table.column("row_no").to_pylist() == [2]


def test_everything_wrong_is_told_with_its_row_and_cure(tmp_path: Path) -> None:
    content = (
        "post_url,topic_id\nhttps://tiktok.com/1,talkin\nsomewhere,talking\n,talking\n"
        "https://tiktok.com/1,dance\nhttps://tiktok.com/2,talking\nhttps://tiktok.com/2,\n"
    )
    assert refusal(tmp_path, content).splitlines() == [
        "…/rap-up.assignments.csv, row 2: unknown topic 'talkin'; did you mean 'talking'?",
        "…/rap-up.assignments.csv, row 3: post_url 'somewhere' is no link to a post; "
        "copy it from the post's own page",
        "…/rap-up.assignments.csv, row 4: no post_url; write the link of the post, or delete the row",
        "…/rap-up.assignments.csv, row 5: unknown topic 'dance'; use one of finding-help, talking",
        "…/rap-up.assignments.csv, row 7: the post has a topic and no topic, see row 6; "
        "keep one of the two rows",
    ]


def test_a_topic_after_no_topic_is_refused_too(tmp_path: Path) -> None:
    content = "post_url,topic_id\nhttps://tiktok.com/2,\nhttps://tiktok.com/2,talking\n"
    assert "row 3: the post has a topic and no topic, see row 2" in refusal(tmp_path, content)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "row 1: no columns post_url and topic_id"),
        (b"link,topic\n", "row 1: no columns post_url and topic_id"),
        (b"PK\x03\x04rest", "an excel workbook named csv; name it rap-up.assignments.xlsx"),
        (b"post_url,topic_id\n\x81,\n", "neither utf-8 nor windows-1252"),
        (b'post_url,topic_id\nhttps://tiktok.com/1,"talking\n', "row 2: quotes that do not close"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    assert told in refusal(tmp_path, content)


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.assignments.csv").mkdir()
    with pytest.raises(BadAssignments, match="cannot be read"):
        read_assignments(tmp_path / "x.assignments.csv", post_key, TOPICS)


def test_a_long_cell_is_told_in_one_short_line(tmp_path: Path) -> None:
    message = refusal(tmp_path, 'post_url,topic_id\n"' + "x\n" * 500 + '",talking\n')
    assert len(message.splitlines()) == 1
    assert len(message) < 250
