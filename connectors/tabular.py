"""The one way to tables: what a file begins with, and its rows, delimited text and workbooks alike."""

from __future__ import annotations

from typing import Final

from connectors import delimited, workbook, zips
from connectors.base import BadExport, Head, Member
from connectors.sheets import HEAD_SIZE, Rows, Sheet
from connectors.wording import one_line

__all__ = ["Rows", "Sheet", "head_of", "open_sheet"]

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old Excel files, and new ones with a password
_MARKS_AND_SPACE: Final = b"\xef\xbb\xbf \t\r\n"


def head_of(member: Member) -> Head:
    """The first bytes of `member`, and the column names in them.

    Raises:
        BadExport: it cannot be read, or is a document of an office program that is not read.
    """
    data = _first_bytes(member)
    if zips.is_zip(data):
        sheets = workbook.headers_of(member)
        return Head(member.name, data, next(iter(sheets.values()), ()), sheets)
    if data.startswith(_OLE):
        raise BadExport(
            f"excel file of the old kind (.xls), or with a password: {one_line(member.name)}:"
            f" {workbook.SAVE_AS} without a password"
        )
    is_json = data.lstrip(_MARKS_AND_SPACE).startswith((b"{", b"["))
    return Head(member.name, data, () if is_json else delimited.header_of(data))


def open_sheet(member: Member, sheet: str | None = None) -> Sheet:
    """The table in `member`; `sheet` names one of a workbook that has several.

    Without a name it is the first visible sheet that holds anything.

    Raises:
        BadExport: no table, or not one that can be read.
    """
    data = _first_bytes(member)
    if zips.is_zip(data):
        return workbook.open_workbook(member, sheet)
    if sheet is not None:
        raise BadExport(f'not an excel file: {one_line(member.name)}: send it with its sheet "{sheet}"')
    return delimited.open_text(member, data)


def _first_bytes(member: Member) -> bytes:
    with member.open() as stream:
        return stream.read(HEAD_SIZE)
