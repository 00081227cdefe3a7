"""TikTok Studio's shares of an account's followers: a bucket and a `Distribution` in each row.

Shares are fractions of 1 as text, and a header alone means fewer than 100 followers (observed in real
exports of 2026). Such a file shows neither account nor day.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from connectors.base import BadExport, Batch, Context, Member, Reading, Refusal
from connectors.columns import Vocabulary, extra_notice, find_columns
from connectors.exported import Evidence, ExportDay, export_day, first_clue
from connectors.posts import Observed
from connectors.shares import Share, exceed_the_whole, is_unsigned_percentage, parse_share, to_table
from connectors.tabular import Rows, open_sheet
from connectors.tiktok.daily import whole_table
from connectors.tiktok.headers import position_notice, vocabulary_of
from connectors.tiktok.owner import PLATFORM, owner
from connectors.wording import EXPORT_AGAIN, one_line

FOLLOWERS: Final = "followers"
TOO_FEW: Final = "no rows: TikTok gives these from 100 followers on"
_MAX_ROWS: Final = 300  # there are fewer countries


def read_shares(
    source: str, dimension: str, vocabulary: Vocabulary, member: Member, context: Context
) -> Reading:
    """The shares on the day of export; `vocabulary` calls the columns "bucket" and "share".

    Raises:
        BadExport: whose followers they are or when they were exported is not known; or they are no shares
            of one whole.
    """
    sheet = open_sheet(member)
    names = vocabulary_of(sheet.header, vocabulary)
    columns = find_columns(sheet.header, names, member)
    table = whole_table(sheet, columns, _MAX_ROWS, "rows")
    unsigned = next(filter(is_unsigned_percentage, table.columns["share"].to_pylist()), None)
    if unsigned is not None:
        raise BadExport(
            f'"{columns.native["share"]}" is {one_line(unsigned, 20)}, more than 1 and without %:'
            f" {one_line(member.name)}: {EXPORT_AGAIN}"
        )
    shares, refused = _parse(table, dimension, columns.native["share"])
    if exceed_the_whole(share.value for share in shares):
        raise BadExport(
            f'"{columns.native["share"]}" adds up to more than 1: {one_line(member.name)}: {EXPORT_AGAIN}'
        )
    is_empty = not len(table.row_no) and not table.ragged
    account = owner(member, context, is_empty=is_empty)
    exported = first_clue(member, context) if is_empty else export_day(member, context, Evidence())
    return Reading(
        source=source,
        platform=PLATFORM,
        account=account,
        exported_on=exported.day if exported else None,
        batches=_batches(source, shares, refused, account, exported, context),
        chosen={**sheet.chosen(), **(exported.chosen(context) if exported else {})},
        notices=(
            *((TOO_FEW,) if is_empty else ()),
            *position_notice(names, vocabulary),
            *extra_notice(columns),
            *sheet.notices(),
        ),
    )


def _parse(table: Rows, dimension: str, native: str) -> tuple[list[Share], tuple[Refusal, ...]]:
    shares: dict[str, Share] = {}
    refused = list(table.ragged)
    cells = (table.row_no, table.columns["bucket"], table.columns["share"])
    for row, bucket, cell in zip(*(column.to_pylist() for column in cells), strict=True):
        name = bucket.strip()
        if not name or name in shares:
            refused.append(Refusal(row, f"without a name, or there twice: {one_line(name, 40)}"))
            continue
        try:
            shares[name] = Share(row, dimension, name, parse_share(cell))
        except ValueError:
            refused.append(Refusal(row, f'"{native}" is no share from 0 to 1: {one_line(cell, 20)}'))
    return list(shares.values()), tuple(sorted(refused, key=lambda refusal: refusal.row))


def _batches(
    source: str,
    shares: list[Share],
    refused: tuple[Refusal, ...],
    account: str | None,
    exported: ExportDay | None,
    context: Context,
) -> Iterator[Batch]:
    if not shares or account is None or exported is None:
        if refused:
            yield Batch({}, 0, refused)
        return
    observed = Observed.at_noon(source, PLATFORM, exported.day, context.timezone)
    table = to_table(shares, FOLLOWERS, account, observed.columns(len(shares)))
    yield Batch({"audience_seen": table}, len(shares), refused)
