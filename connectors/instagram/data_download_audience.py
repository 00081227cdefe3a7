"""The audience of Instagram's data download: followers and their shares, over some ninety days."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pyarrow as pa

from connectors.base import Batch, Context, Member, MetricNote, Reading, Refusal
from connectors.columns import Faults, whole_numbers
from connectors.exported import Evidence, export_day
from connectors.instagram.data_download_json import Item, labelled
from connectors.instagram.labels import Labels, choose, plain_thousands
from connectors.instagram.owner import PLATFORM, owner
from connectors.instagram.shares import FEWEST, TOO_FEW, parse_percent
from connectors.posts import Observed
from connectors.shares import Share, exceed_the_whole, to_table
from connectors.wording import one_line
from models.schema import ACCOUNT_METRICS, conform

_TOTAL: Final = "followers"
_GENDERS: Final = {"female": "Female", "male": "Male"}
_ENTRY: Final = re.compile(r"(.+?): ?([0-9]{1,3}(?:[.,][0-9]{1,4})?\s?%)(?:, |$)")
"""A place may have a comma in its name: a comma ends an entry only after its percentage."""
_OTHER_RANGE: Final = "figures of another range of dates: the first range alone is read"


@dataclass(frozen=True)
class _Figure:
    """What stands under one label."""

    row: int
    meaning: str
    label: str
    text: str


@dataclass(frozen=True)
class _Whose:
    account: str
    day: date
    observed: Observed


def read(source: str, values: Sequence[Any], member: Member, context: Context) -> Reading:
    """Followers and their shares on the day of the download.

    Raises:
        BadExport: whose they are or when they were downloaded is not known.
    """
    account = owner(member, context)
    exported = export_day(member, context, Evidence())
    items = [labelled(number, value) for number, value in enumerate(values, 1) if isinstance(value, dict)]
    first = items[0] if items else Item(1, {}, None, None)
    labels = choose("audience", first.labels)
    figures = _figures(first, labels)
    observed = Observed.at_noon(source, PLATFORM, exported.day, context.timezone)
    others = tuple(Refusal(len(first.labels) + at, _OTHER_RANGE) for at in range(1, len(items)))
    return Reading(
        source=source,
        platform=PLATFORM,
        account=account,
        exported_on=exported.day,
        batches=_batches(figures, labels, _Whose(account, exported.day, observed), others),
        metrics=_notes(figures),
        chosen={"part": "audience", "labels_language": labels.language, **exported.chosen(context)},
        notices=labels.notices(first.labels),
    )


def _figures(item: Item, labels: Labels) -> list[_Figure]:
    told = (
        (row, label, text, labels.meaning(label)) for row, (label, text) in enumerate(item.labels.items(), 1)
    )
    return [_Figure(row, meaning, label, text) for row, label, text, meaning in told if meaning]


def _batches(
    figures: Sequence[_Figure], labels: Labels, whose: _Whose, others: tuple[Refusal, ...]
) -> Iterator[Batch]:
    totals = [figure for figure in figures if figure.meaning == _TOTAL]
    rest = [figure for figure in figures if figure.meaning != _TOTAL]
    batch = _followers(totals, labels, whose)
    yield batch
    followers = batch.tables["account_days_seen"].column(_TOTAL).drop_null().to_pylist()
    if min(followers, default=FEWEST) < FEWEST:
        yield Batch({}, 0, (*(Refusal(figure.row, TOO_FEW) for figure in rest), *others))
    else:
        yield _shares(rest, whose, others)


def _followers(figures: Sequence[_Figure], labels: Labels, whose: _Whose) -> Batch:
    row_no = pa.array([figure.row for figure in figures], pa.int64())
    faults = Faults(row_no)
    cells = plain_thousands(pa.array([figure.text for figure in figures], pa.string()), labels)
    numbers = whole_numbers(cells, _TOTAL, faults)
    if (kept := faults.kept()) is not None:
        row_no, numbers = row_no.take(kept), numbers.take(kept)
    columns = {
        **whose.observed.columns(len(row_no)),
        "row_no": row_no,
        "account": pa.repeat(whose.account, len(row_no)),
        "day": pa.repeat(pa.scalar(whose.day, pa.date32()), len(row_no)),
        _TOTAL: numbers,
    }
    return Batch({"account_days_seen": conform(columns, "account_days_seen")}, len(row_no), faults.refusals())


def _shares(figures: Sequence[_Figure], whose: _Whose, others: tuple[Refusal, ...]) -> Batch:
    shares: list[Share] = []
    refused = list(others)
    for figure in figures:
        try:
            shares += _of(figure)
        except ValueError as error:
            label = one_line(figure.label, 60)
            refused.append(
                Refusal(figure.row, f'"{label}" is no list of percentages: {one_line(str(error), 20)}')
            )
    table = to_table(shares, "followers", whose.account, whose.observed.columns(len(shares)))
    loaded = len(figures) + len(others) - len(refused)
    return Batch({"audience_seen": table}, loaded, tuple(sorted(refused, key=lambda refusal: refusal.row)))


def _of(figure: _Figure) -> list[Share]:
    """The shares under a label: one of a gender, or a list of ages, cities or countries.

    Raises:
        ValueError: they are none, or add up to more than there can be.
    """
    if figure.meaning in _GENDERS:
        return [Share(figure.row, "gender", _GENDERS[figure.meaning], parse_percent(figure.text))]
    entries = list(_ENTRY.finditer(figure.text))
    if sum(len(entry[0]) for entry in entries) != len(figure.text):
        raise ValueError(figure.text)
    shares = [
        Share(figure.row, figure.meaning, entry[1].strip(), parse_percent(entry[2])) for entry in entries
    ]
    if exceed_the_whole(share.value for share in shares):
        raise ValueError("more than 100 %")
    return shares


def _notes(figures: Sequence[_Figure]) -> tuple[MetricNote, ...]:
    label = next((figure.label for figure in figures if figure.meaning == _TOTAL), None)
    reason = None if label else "no label for it in this file"
    others = (metric for metric in ACCOUNT_METRICS if metric != _TOTAL)
    return (
        MetricNote(_TOTAL, label, reason),
        *(MetricNote(metric, None, "not in the audience of a data download") for metric in others),
    )
