"""The sheet into which people write what they read from a screen, made ready for a campaign."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from connectors.reading_cells import COLUMNS, METRICS
from models.campaign import Campaign

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

FILE_NAME: Final = "readings.xlsx"
_WIDTHS: Final = (30, 58, 12, 28, 12, 34)
_AGES: Final = ("13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+")
_GENDERS: Final = ("Female", "Male", "Other")
_ROWS: Final = 5_000  # for which there are drop-downs
_HOW: Final = (
    "One figure in each row. rapup reads the sheet called Readings at every run.",
    "account: choose it from the list.",
    "post link: the long address of the post. Leave it empty for shares of an account's followers.",
    "read on: the day on which you saw the figure.",
    "metric or audience bucket: choose from the list, or type, for example, city Sheffield.",
    "value: 12400, 12,400 or 12.4K. A share as 34% or 0.34. Leave out what the screen does not show.",
    "seen on: which screen, or the name of the screenshot file.",
    "To correct a figure, change its row. A row that you delete no longer counts.",
    "To begin anew, keep this file and save a copy under another name.",
)


def make_readings_sheet(path: Path, campaign: Campaign) -> bool:
    """A workbook with drop-downs for accounts and metrics; whether it was made: what is there stays."""
    if path.exists():
        return False
    from openpyxl import Workbook  # noqa: PLC0415 (only this command needs it)

    book = Workbook()
    readings = book.active or book.create_sheet()
    readings.title = "Readings"
    how = book.create_sheet("How to fill it in")
    for line in _HOW:
        how.append([line])
    how.column_dimensions["A"].width = 110
    lists = book.create_sheet("Lists")
    lists.sheet_state = "hidden"
    accounts = [str(account) for account in campaign.accounts()]
    figures = [*METRICS, *_buckets(campaign)]
    _fill_list(lists, "A", accounts)
    _fill_list(lists, "B", figures)
    _lay_out(readings, len(accounts), len(figures))
    book.save(path)
    return True


def _buckets(campaign: Campaign) -> list[str]:
    """The campaign's own first."""
    target = campaign.target_audience
    ages = dict.fromkeys((*(target.ages if target else ()), *_AGES))
    return [
        *(f"age {age}" for age in ages),
        *(f"gender {gender}" for gender in _GENDERS),
        *(f"country {country}" for country in (target.countries if target else ())),
        *(f"city {place}" for place in (target.places if target else ())),
    ]


def _fill_list(sheet: Worksheet, column: str, words: Sequence[str]) -> None:
    for row, word in enumerate(words, start=1):
        sheet[f"{column}{row}"] = word


def _lay_out(sheet: Worksheet, accounts: int, figures: int) -> None:
    from openpyxl.styles import Font  # noqa: PLC0415

    sheet.append(COLUMNS)
    sheet.freeze_panes = "A2"
    for cell, column, width in zip(sheet[1], "ABCDEF", _WIDTHS, strict=True):
        cell.font = Font(bold=True)
        sheet.column_dimensions[column].width = width
    sheet.column_dimensions["C"].number_format = "yyyy-mm-dd"
    _drop_down(sheet, "A", f"Lists!$A$1:$A${max(accounts, 1)}", is_strict=True)
    _drop_down(sheet, "D", f"Lists!$B$1:$B${figures}", is_strict=False)


def _drop_down(sheet: Worksheet, column: str, words: str, *, is_strict: bool) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    choice = DataValidation(type="list", formula1=words, allow_blank=True, showErrorMessage=is_strict)
    choice.add(f"{column}2:{column}{_ROWS}")
    sheet.add_data_validation(choice)
