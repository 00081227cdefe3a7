"""Meta Business Suite's audience export: an account's followers by age, gender, city and country.

Observed in real exports of 2026: sections under titles, shares as "17.7%" (a decimal comma in other
languages), women and men of all ages adding up to 100 %, countries by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import pyarrow as pa

from connectors.base import BadExport, Batch, Context, Head, Member, MetricNote, Reading, Refusal
from connectors.columns import Faults, kept_out, name_key, whole_numbers
from connectors.exported import Evidence, export_day
from connectors.instagram.headers import (
    audience_columns,
    audience_titles,
    by_spelling,
    data_file,
    spellings,
)
from connectors.instagram.owner import PLATFORM, owner
from connectors.instagram.sections import (
    Row,
    Section,
    read_sections,
    sections_of,
    split_ragged,
    strangers,
)
from connectors.instagram.shares import FEWEST, TOO_FEW, add_up, parse_percent
from connectors.posts import Observed
from connectors.shares import Share, exceed_the_whole, to_table
from connectors.wording import EXPORT_AGAIN, listed, one_line
from models.schema import ACCOUNT_METRICS, conform

source: Final = "meta_business_suite_audience"
_TOTAL: Final = "followers"
_GENDERS: Final[Mapping[str, str]] = {"female": "Female", "male": "Male"}
_BY_AGE: Final = frozenset({"age", *_GENDERS})
_PLACES: Final = ("city", "country")
_ELSEWHERE: Final = "not in Meta Business Suite's audience export"


def recognises(head: Head) -> bool:
    """Whether it begins with a titled table that holds no days."""
    found = sections_of(head)
    return bool(found) and not any(section.is_daily for section in found)


def read(member: Member, context: Context) -> Reading:
    """Shares of the followers of the account told, on the day of export.

    Raises:
        BadExport: whose audience it is or when it was exported is not known, or no section is.
    """
    found, chosen = read_sections(member)
    populations = by_spelling(audience_titles())
    known = [section for section in found if section.key in populations]
    if not known:
        raise _unknown(found, member)
    account = owner(member, context)
    exported = export_day(member, context, Evidence())
    observed = Observed.at_noon(source, PLATFORM, exported.day, context.timezone)
    whose = _Whose(member, account, exported.day, observed)
    parts = [_understood(section, populations[section.key]) for section in known]
    return Reading(
        source=source,
        platform=PLATFORM,
        account=account,
        exported_on=exported.day,
        batches=_batches(parts, whose),
        metrics=_notes(parts),
        chosen={**chosen, **exported.chosen(context)},
        notices=(*strangers(found, known), *(notice for part in parts for notice in part.notices())),
    )


@dataclass(frozen=True)
class _Whose:
    """Whose audience a file shows, and when."""

    member: Member
    account: str
    day: date
    observed: Observed


@dataclass(frozen=True)
class _Part:
    """A section, and what its columns mean."""

    section: Section
    population: str
    at: Mapping[str, int]
    """Position of a column by its meaning."""
    strange: tuple[str, ...]
    """Columns that mean nothing to us."""

    @property
    def place(self) -> str | None:
        """City or country, when it has shares of those."""
        return next((place for place in _PLACES if {place, "share"} <= self.at.keys()), None)

    @property
    def by_age(self) -> bool:
        """Whether it crosses ages with genders, with no gender that we would leave out of a sum."""
        return self.at.keys() >= _BY_AGE and not self.strange

    @property
    def is_total(self) -> bool:
        """Whether it is the number of followers."""
        return _TOTAL in self.at

    def notices(self) -> tuple[str, ...]:
        """What a person should know: columns left out, a section without rows."""
        title = one_line(self.section.title, 60)
        if not (self.place or self.by_age or self.is_total):
            return (
                f'columns of "{title}" are not known: {listed(self.section.header)}; kept out: add them under'
                f" [audience.columns] in {data_file()} (xx: its language)",
            )
        if not self.section.rows:
            return (f'"{title}" is empty: Instagram gives shares from {FEWEST} followers on',)
        return kept_out("column", self.strange)


def _understood(section: Section, population: str) -> _Part:
    meanings = by_spelling(audience_columns())
    named = {name: meanings.get(name_key(name)) for name in section.header}
    at = {meaning: section.header.index(name) for name, meaning in named.items() if meaning}
    return _Part(section, population, at, tuple(name for name, meaning in named.items() if not meaning))


def _batches(parts: Sequence[_Part], whose: _Whose) -> Iterator[Batch]:
    """A batch for each section; shares of too few followers are refused."""
    too_few = False
    for part in sorted(parts, key=lambda part: not part.is_total):
        rows, refused = split_ragged(part.section, len(part.section.header))
        if part.is_total:
            batch = _total(part, rows, whose)
            too_few = _fewest(batch) < FEWEST
        elif too_few:
            batch = _all_refused(rows, TOO_FEW)
        elif part.place or part.by_age:
            batch = _shares(part, rows, whose)
        else:
            batch = _all_refused(rows, "columns not known")
        yield Batch(batch.tables, batch.rows, _in_order(refused, batch.refused))


def _all_refused(rows: Sequence[Row], reason: str) -> Batch:
    return Batch({}, 0, tuple(Refusal(row.number, reason) for row in rows))


def _in_order(*refused: Sequence[Refusal]) -> tuple[Refusal, ...]:
    return tuple(sorted((one for some in refused for one in some), key=lambda refusal: refusal.row))


def _total(part: _Part, rows: Sequence[Row], whose: _Whose) -> Batch:
    """The number of followers, on the day of export."""
    row_no = pa.array([row.number for row in rows], pa.int64())
    faults = Faults(row_no)
    cells = pa.array([row.cells[part.at[_TOTAL]] for row in rows], pa.string())
    followers = whole_numbers(cells, part.section.title, faults)
    kept = faults.kept()
    if kept is not None:
        row_no, followers = row_no.take(kept), followers.take(kept)
    columns = {
        **whose.observed.columns(len(row_no)),
        "row_no": row_no,
        "account": pa.repeat(whose.account, len(row_no)),
        "day": pa.repeat(pa.scalar(whose.day, pa.date32()), len(row_no)),
        "followers": followers,
    }
    return Batch({"account_days_seen": conform(columns, "account_days_seen")}, len(row_no), faults.refusals())


def _fewest(batch: Batch) -> int:
    followers = batch.tables["account_days_seen"].column("followers").drop_null().to_pylist()
    return min(followers, default=FEWEST)


def _shares(part: _Part, rows: Sequence[Row], whose: _Whose) -> Batch:
    """A section's shares.

    Raises:
        BadExport: they add up to more than there can be.
    """
    wanted = [part.at[name] for name in _GENDERS] if part.by_age else [part.at["share"]]
    good: list[tuple[Row, list[Decimal | None]]] = []
    refused = []
    for row in rows:
        try:
            good.append((row, [parse_percent(row.cells[at]) for at in wanted]))
        except ValueError as error:
            refused.append(Refusal(row.number, f"no percentage: {one_line(str(error), 20)}"))
    if exceed_the_whole(value for _, values in good for value in values):
        title = one_line(part.section.title, 60)
        raise BadExport(
            f'shares of "{title}" add up to more than 100 %: {one_line(whose.member.name)}: {EXPORT_AGAIN}'
        )
    shares = _by_age(part, good) if part.by_age else _by_place(part, good)
    table = to_table(shares, part.population, whose.account, whose.observed.columns(len(shares)))
    return Batch({"audience_seen": table}, len(good), tuple(refused))


def _by_age(part: _Part, rows: Sequence[tuple[Row, list[Decimal | None]]]) -> list[Share]:
    """Meta crosses ages with genders: each age is the sum of its genders, each gender that of its ages."""
    ages = [Share(row.number, "age", row.cells[part.at["age"]], add_up(values)) for row, values in rows]
    is_whole = len(rows) == len(part.section.rows)  # a sum without a refused row would be too small
    last = rows[-1][0].number if rows else 0
    genders = [
        Share(last, "gender", word, add_up(values[at] for _, values in rows) if is_whole else None)
        for at, word in enumerate(_GENDERS.values())
    ]
    return [*ages, *genders] if rows else []


def _by_place(part: _Part, rows: Sequence[tuple[Row, list[Decimal | None]]]) -> list[Share]:
    place = part.place or ""
    return [Share(row.number, place, row.cells[part.at[place]], values[0]) for row, values in rows]


def _notes(parts: Sequence[_Part]) -> tuple[MetricNote, ...]:
    title = next((part.section.title for part in parts if part.is_total), None)
    others = (metric for metric in ACCOUNT_METRICS if metric != _TOTAL)
    reason = None if title else 'no section "Instagram followers" in this file'
    return (
        MetricNote(_TOTAL, title, reason),
        *(MetricNote(metric, None, _ELSEWHERE) for metric in others),
    )


def _unknown(found: Sequence[Section], member: Member) -> BadExport:
    titles, where = listed(section.title for section in found), one_line(member.name)
    if found and all(section.is_facebook for section in found):
        return BadExport(
            f"facebook page audience ({titles}): {where}: choose the Instagram account and export it again"
        )
    known = listed((f'"{title}"' for title in spellings(audience_titles())), 20)
    return BadExport(
        f"meta figures called {titles}: {where}: known are {known}; if it is one of them in another language,"
        f" add it under [audience.titles] in {data_file()} (xx: its language)"
    )
