"""Figures that a person read from a screen and wrote into a sheet: one figure a row.

For what no export gives: a partner's figures on a phone, who watched one video. Such figures are
believed last. The sheet is a diary: people add to it and correct it, and its newest state counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from connectors.base import SEVERAL, Batch, Context, Head, Member, MetricNote, Reading, Refusal
from connectors.columns import Vocabulary, extra_notice, find_columns
from connectors.posts import ID_ALONE, latest_s
from connectors.reading_cells import (
    ACCOUNT,
    COLUMNS,
    LINK,
    METRICS,
    READ_ON,
    SEEN_ON,
    VALUE,
    WHAT,
    BadRow,
    Subject,
    as_day,
    subject_of,
    value_of,
    what_of,
)
from connectors.tabular import Rows, head_of, open_sheet
from connectors.wording import one_line
from connectors.zones import local_date, noon_s
from models.schema import POST_METRICS, SOURCE_RANKS, TABLES, from_epoch

source: Final = "reading"
_VOCABULARY: Final = Vocabulary({name: (name,) for name in COLUMNS}, "nobody wrote it into the sheet")
_NEEDED: Final = frozenset(COLUMNS) - {LINK, SEEN_ON}
_HEADER: Final = 1  # rows have the numbers that a spreadsheet shows: people look for them there
_DAY: Final = timedelta(days=1)
_EARLIEST_S: Final = 1_262_304_000  # 2010, before the first post on either platform


@dataclass(frozen=True)
class _Figure:
    """One row of the sheet, understood."""

    row_no: int
    subject: Subject
    observed_s: int
    metric: str | None
    """None: a share of an audience."""
    dimension: str
    bucket: str
    value: float

    @property
    def what(self) -> tuple[str, ...]:
        """All but the value: two rows that agree in it speak of the same figure."""
        named = (self.metric or self.dimension, self.bucket.casefold())
        return (
            self.subject.platform,
            self.subject.account,
            self.subject.post_id or "",
            str(self.observed_s),
            *named,
        )


def recognises(head: Head) -> bool:
    """Whether a sheet has the account, the day, the metric and the value."""
    return _has_columns(head.header) or any(map(_has_columns, head.sheets.values()))


def _has_columns(header: tuple[str, ...]) -> bool:
    return _VOCABULARY.knows(header) >= _NEEDED


def read(member: Member, context: Context) -> Reading:
    """Every figure in the sheet; one that has not been written in yet is read, and empty.

    Raises:
        BadExport: while batches are drawn.
    """
    sheets = head_of(member).sheets
    sheet = open_sheet(member, next((name for name, header in sheets.items() if _has_columns(header)), None))
    columns = find_columns(sheet.header, _VOCABULARY, member)
    reader = _Reader(context)
    # A workbook's other sheets are ours too: the guide and the lists.
    notices = [*extra_notice(columns), *(() if sheets else sheet.notices())]
    metrics: list[MetricNote] = []
    return Reading(
        source=source,
        platform=SEVERAL,
        account=None,
        exported_on=None,
        batches=reader.batches(sheet.rows(columns.at), notices, metrics),
        metrics=metrics,
        chosen={**sheet.chosen(), "basis": "read by a person", "timezone": context.timezone.key},
        notices=notices,
        source_rank=SOURCE_RANKS["reading"],
        is_diary=True,
    )


class _Reader:
    """One way through a sheet, and what it learns on it."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._said: dict[tuple[str, ...], tuple[int, float]] = {}
        """Row and value of each figure."""
        self._unseen = 0

    def batches(
        self, all_rows: Iterator[Rows], notices: list[str], metrics: list[MetricNote]
    ) -> Iterator[Batch]:
        """Canonical rows; `notices` and `metrics` grow at the end."""
        read = set()
        for rows in all_rows:
            figures, refused = self._figures(rows)
            read |= {figure.metric for figure in figures}
            for names, alike in _by_tables(figures).items():
                tables = {name: _table(name, alike) for name in names}
                yield Batch(tables, len(alike))
            refused += [Refusal(one.row + _HEADER, one.reason) for one in rows.ragged]
            yield Batch({}, 0, tuple(sorted(refused, key=lambda refusal: refusal.row)))
        metrics += [_note(metric, metric in read) for metric in POST_METRICS]
        if self._unseen:
            notices.append(f'rows that do not say where the figure was seen ("{SEEN_ON}"): {self._unseen}')

    def _figures(self, rows: Rows) -> tuple[list[_Figure], list[Refusal]]:
        figures, refused = [], []
        columns = {name: rows.columns[name].to_pylist() for name in rows.columns}
        for place, row_no in enumerate(pc.add(rows.row_no, _HEADER).to_pylist()):
            cells = {name: str(columns[name][place]).strip() if name in columns else "" for name in COLUMNS}
            if not any(cells.values()):
                continue
            try:
                figures.append(self._figure(row_no, cells))
                self._unseen += not cells[SEEN_ON]
            except BadRow as error:
                refused.append(Refusal(row_no, str(error)))
        return figures, refused

    def _figure(self, row_no: int, cells: Mapping[str, str]) -> _Figure:
        platform, account = self._account(cells[ACCOUNT])
        subject = subject_of(platform, account, cells[LINK])
        observed_s = noon_s(self._day(cells[READ_ON], subject), self.context.timezone)
        metric, dimension, bucket = what_of(cells[WHAT])
        if metric and subject.post_id is None:
            raise BadRow(f'"{LINK}" is empty: {metric} is of one post; only an audience is of an account')
        value = value_of(cells[VALUE], metric)
        figure = _Figure(row_no, subject, observed_s, metric, dimension, bucket, value)
        row_before, value_before = self._said.setdefault(figure.what, (row_no, value))
        if value_before != value:
            raise BadRow(f"row {row_before} gives another value of the same day: correct one of them")
        return figure

    def _account(self, cell: str) -> tuple[str, str]:
        platform, _, handle = cell.lower().replace(" ", "").partition(":")
        handle = handle.removeprefix("@")
        if handle not in self.context.accounts.get(platform, frozenset()):
            raise BadRow(
                f'"{ACCOUNT}" is no account of the campaign: {one_line(cell, 40)}:'
                " write it as in the campaign file, tiktok:@handle"
            )
        return platform, handle

    def _day(self, cell: str, subject: Subject) -> date:
        day = as_day(cell)
        if self.context.today and day > self.context.today + _DAY:
            raise BadRow(f'"{READ_ON}" lies in the future: {day}')
        made = subject.clock_s
        if made is not None and not _EARLIEST_S < made < latest_s(self.context):
            raise BadRow(f'"{LINK}" leads to a post that cannot be: its id says an impossible time')
        if made is not None and day < local_date(made, self.context.timezone) - _DAY:
            raise BadRow(f'"{READ_ON}" is {day}, before the post was made')
        return day


def _by_tables(figures: list[_Figure]) -> dict[tuple[str, ...], list[_Figure]]:
    """Figures by the tables that they belong to."""
    found: defaultdict[tuple[str, ...], list[_Figure]] = defaultdict(list)
    for figure in figures:
        said = "post_observations" if figure.metric else "audience_seen"
        found[(said, "posts_seen") if figure.subject.clock_s is not None else (said,)].append(figure)
    return found


def _table(name: str, figures: list[_Figure]) -> pa.Table:
    return pa.Table.from_pylist([_ROWS[name](figure) for figure in figures], schema=TABLES[name])


def _origin(figure: _Figure) -> dict[str, object]:
    return {
        "row_no": figure.row_no,
        "source": source,
        "platform": figure.subject.platform,
        "account": figure.subject.account,
        "observed_at": from_epoch(figure.observed_s),
        "observed_s": figure.observed_s,
        "observed_precision": "day",
    }


def _observation(figure: _Figure) -> dict[str, object]:
    return {**_origin(figure), "post_id": figure.subject.post_id, str(figure.metric): figure.value}


def _post(figure: _Figure) -> dict[str, object]:
    subject = figure.subject
    made_s = subject.clock_s or 0
    return {
        **_origin(figure),
        "post_id": subject.post_id,
        "exporter": subject.account,
        "published_at": from_epoch(made_s),
        "published_s": made_s,
        "published_basis": ID_ALONE,
        "permalink": subject.permalink,
        "media_type": subject.media_type,
    }


def _audience(figure: _Figure) -> dict[str, object]:
    subject = figure.subject
    return {
        **_origin(figure),
        "subject_type": "post" if subject.post_id else "account",
        "subject_id": subject.post_id or subject.account,
        "population": "viewers" if subject.post_id else "followers",
        "dimension": figure.dimension,
        "bucket": figure.bucket,
        "share": figure.value,
    }


_ROWS: Final[Mapping[str, Callable[[_Figure], dict[str, object]]]] = {
    "post_observations": _observation,
    "posts_seen": _post,
    "audience_seen": _audience,
}


def _note(metric: str, is_read: bool) -> MetricNote:
    words = next((words for words, name in METRICS.items() if name == metric), metric)
    return MetricNote(metric, words, None) if is_read else MetricNote(metric, None, _VOCABULARY.absent)
