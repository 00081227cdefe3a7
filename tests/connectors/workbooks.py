"""Workbooks as TikTok and Excel write them, part by part, with invented people."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
EXCEL_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="d&quot; de &quot;mmmm"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
    '<cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs count="6"><xf numFmtId="0"/><xf numFmtId="16"/><xf numFmtId="14"/><xf numFmtId="164"/>'
    '<xf numFmtId="165"/><xf numFmtId="46"/></cellXfs></styleSheet>'
)
"""Cell styles: 0 plain, 1 "6-Feb", 2 "06/02/2024", 3 "6 de febrero", 4 with the time, 5 a duration."""

Cell = str | int | float | tuple[float, int] | None
"""Text, number, number with a style, or nothing."""


def tiktok_workbook(rows: Sequence[Sequence[str]], name: str = "Overview") -> bytes:
    """As TikTok writes (SheetJS): one sheet, every cell `t="str"`, no shared strings."""
    cells = (
        "".join(f'<c r="{_letters(at)}{n}" t="str"><v>{escape(cell)}</v></c>' for at, cell in enumerate(row))
        for n, row in enumerate(rows, start=1)
    )
    lines = (f'<row r="{n}">{row}</row>' for n, row in enumerate(cells, start=1))
    return package({name: sheet_xml("".join(lines))})


def excel_workbook(sheets: Mapping[str, Sequence[Sequence[Cell]]], hidden: Sequence[str] = ()) -> bytes:
    """As Excel saves: texts shared, numbers and dates as numbers, empty cells left out."""
    strings: dict[str, int] = {}
    parts = {name: sheet_xml(_excel_rows(rows, strings)) for name, rows in sheets.items()}
    shared = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings)
    more = {
        "xl/sharedStrings.xml": f'{_XML}<sst xmlns="{_MAIN}">{shared}</sst>',
        "xl/styles.xml": EXCEL_STYLES,
    }
    return package(parts, more, hidden)


def sheet_xml(rows: str) -> str:
    """A sheet with these rows; what it says of its size is wrong, as it often is."""
    return f'{_XML}<worksheet xmlns="{_MAIN}"><dimension ref="A1"/><sheetData>{rows}</sheetData></worksheet>'


def package(
    sheets: Mapping[str, str], more: Mapping[str, str] | None = None, hidden: Sequence[str] = ()
) -> bytes:
    """The ZIP of a workbook."""
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"{state(name in hidden)}/>'
        for n, name in enumerate(sheets, start=1)
    )
    links = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
    links += [(f"rIdX{n}", kind, f"/xl/{kind}.xml") for n, kind in enumerate(("sharedStrings", "styles"))]
    related = "".join(
        f'<Relationship Id="{i}" Type="{_OFFICE}/{kind}" Target="{to}"/>'
        for i, kind, to in links
        if _has(to, more)
    )
    parts = {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types"/>',
        "xl/workbook.xml": (
            f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>'
        ),
        **{f"xl/worksheets/sheet{n}.xml": text for n, text in enumerate(sheets.values(), start=1)},
    } | dict(more or {})
    return zip_of(parts)


def zip_of(parts: Mapping[str, str]) -> bytes:
    """Parts as a ZIP, deflated."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return packed.getvalue()


def parts_of(workbook: bytes) -> dict[str, str]:
    """The parts of a workbook, to change some and pack them again."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def state(is_hidden: bool) -> str:
    return ' state="hidden"' if is_hidden else ""


def _has(target: str, more: Mapping[str, str] | None) -> bool:
    return not target.startswith("/") or target.lstrip("/") in (more or {})


def _excel_rows(rows: Sequence[Sequence[Cell]], strings: dict[str, int]) -> str:
    lines = []
    for n, row in enumerate(rows, start=1):
        cells = (_excel_cell(f"{_letters(at)}{n}", cell, strings) for at, cell in enumerate(row))
        lines.append(f'<row r="{n}">{"".join(cells)}</row>')
    return "".join(lines)


def _excel_cell(place: str, cell: Cell, strings: dict[str, int]) -> str:
    if cell is None:
        return f'<c r="{place}" s="0"/>'
    if isinstance(cell, str):
        return f'<c r="{place}" t="s"><v>{strings.setdefault(cell, len(strings))}</v></c>'
    number, style = cell if isinstance(cell, tuple) else (cell, 0)
    return f'<c r="{place}" s="{style}"><v>{number!r}</v></c>'


def _letters(at: int) -> str:
    return (_letters(at // 26 - 1) if at >= 26 else "") + chr(ord("A") + at % 26)
