"""`codebook.md` of a data package: what is in it, what each column means, what was left out and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from dashboards import words
from flows.publishable import left_out
from models.campaign import Campaign
from models.metrics import METRICS, Metric
from models.published import Table
from models.spreadsheet import FORMULA_STARTS

Rows = list[dict[str, Any]]

_NAMES: Final = {"\t": "tab", "\r": "carriage return", "\n": "line feed"}


def codebook(tables: Mapping[Table, pa.Table], campaign: Campaign) -> str:
    """The whole book; `tables` are those of the package with their rows."""
    rows = {table.name: content for table, content in tables.items()}
    sections = (
        _opening(rows["campaign"].to_pylist()[0], campaign),
        _files(tables),
        _missing(),
        _topics(campaign),
        _coverage(rows),
        _estimated(rows),
        _metrics(),
        *(_columns(table) for table in tables),
    )
    return "\n".join(line for section in sections for line in [*section, ""])


def _opening(about: Mapping[str, Any], campaign: Campaign) -> Iterator[str]:
    starts = words.listed([_NAMES.get(start, f"`{start}`") for start in FORMULA_STARTS])
    as_of, span = about["as_of"], words.days(about["starts"], about["ends"])
    yield f"# {_cell(campaign.title)}: codebook"
    yield ""
    yield f"Campaign: {span}. Data as of {words.day(as_of.date())}, {as_of:%H:%M} UTC."
    yield f"Built by rapup {about['version']}."
    yield ""
    yield "- An empty cell means *not known*, never zero. Rates and shares are 0-1."
    yield f"- Moments are UTC; days and weeks (from Monday) are those of {about['timezone']}."
    yield "- `csv/` and `parquet/` hold the same rows, ordered by each table's key. CSV is UTF-8 with commas."
    yield (
        f"- In CSV, a text that begins with one of {starts} has an apostrophe in front, so that no"
        " spreadsheet runs it as a formula. Parquet has every text as it is."
    )
    yield (
        f"- Small numbers of people are hidden by the campaign's rule, `{campaign.privacy.suppress}`."
        " A column `state` says `shown`, `suppressed` or `unknown`: the last two are different things."
    )
    yield (
        "- Creators are named partners who agreed to be named; those whose consent has ended are not in here."
        " Handles and ids of posts lead to the public posts."
    )
    yield "- `events` is the log of what happened when; `limitations.md` says what the figures cannot tell."


def _files(tables: Mapping[Table, pa.Table]) -> Iterator[str]:
    yield "## Tables"
    yield ""
    rows = [(f"`{t.name}`", t.row, words.exact(content.num_rows)) for t, content in tables.items()]
    yield from _table(("table", "one row per", "rows"), rows)


def _missing() -> Iterator[str]:
    yield "## Left out"
    yield ""
    yield "No value was replaced. These tables and columns of `published.duckdb` are not in the package:"
    yield ""
    yield from _table(("left out", "why"), [(f"`{name}`", why) for name, why in left_out().items()])


def _topics(campaign: Campaign) -> Iterator[str]:
    yield "## How posts were given topics"
    yield ""
    yield (
        "A post has every topic of which a rule matches, and is counted under one: by hand before hashtags,"
        " hashtags before whole words of the caption, words before accounts; then in this order."
    )
    yield ""
    rows = [
        (
            f"{topic.name} (`{topic.id}`)",
            ", ".join(f"#{tag}" for tag in topic.hashtags),
            ", ".join(topic.keywords),
            ", ".join(map(str, topic.accounts)),
        )
        for topic in campaign.topics
    ]
    yield from _table(("topic", "hashtags", "words", "accounts"), rows)


def _coverage(tables: Mapping[str, pa.Table]) -> Iterator[str]:
    """How much is known of each creator."""
    yield "## Coverage by creator"
    yield ""
    yield (
        "Posts that some file or reading listed, how many of them have known views, and on how many days of"
        " the campaign so far the views of the whole account are known."
    )
    yield ""
    names = {row["creator_id"]: row["name"] for row in tables["creators"].to_pylist()}
    posts, days = tables["posts"].to_pylist(), _days_known(tables)
    rows = [
        _account_row(names[row["creator_id"]], row, posts, days)
        for row in sorted(tables["accounts"].to_pylist(), key=lambda row: [*names].index(row["creator_id"]))
    ]
    heads = (
        "creator",
        "account",
        "posts",
        "views",
        "at 7 days",
        "at 28 days",
        "account days",
        "last observed",
    )
    yield from _table(heads, rows)


_Account = tuple[str, str]


def _days_known(tables: Mapping[str, pa.Table]) -> tuple[Counter[_Account], int]:
    """Days with known views by account, and how many days there were."""
    (about,) = tables["campaign"].to_pylist()
    first, last = about["starts"], min(about["ends"], about["as_of"].date())
    known = Counter(
        (row["platform"], row["account"])
        for row in tables["account_days"].to_pylist()
        if row["views"] is not None and first <= row["day"] <= last
    )
    return known, max((last - first).days + 1, 0)


def _account_row(
    creator: str, account: Mapping[str, Any], posts: Rows, days: tuple[Counter[_Account], int]
) -> Sequence[str]:
    key = (account["platform"], account["account"])
    known, of_days = days
    theirs = [post for post in posts if (post["platform"], post["account"]) == key]
    columns = ("views", "views_day_7", "views_day_28")
    newest = account["newest_observation"]
    return (
        creator,
        f"{key[0]}:@{key[1]}",
        words.exact(len(theirs)),
        *(words.exact(sum(post[column] is not None for post in theirs)) for column in columns),
        f"{words.exact(known[key])} of {words.exact(of_days)}",
        words.day(newest.date()) if newest else "never",
    )


def _estimated(tables: Mapping[str, pa.Table]) -> Iterator[str]:
    yield "## Weeks that are estimated"
    yield ""
    yield (
        "Weeks of each topic, all platforms together. *Read*: posts were read at both edges of the week."
        " *Interpolated*: some value at an edge lies on a straight line between two readings."
        " *Partial*: too little of the expected gain was seen."
    )
    yield ""
    weeks = Counter(
        (row["topic_id"], row["basis"])
        for row in tables["topic_weeks"].to_pylist()
        if row["platform"] == "all"
    )
    rows = []
    for topic in tables["topics"].to_pylist():
        numbers = [weeks[topic["topic_id"], basis] for basis in ("observed", "interpolated", "partial")]
        estimated = words.percent(numbers[1] / sum(numbers)) if sum(numbers) else ""
        rows.append((topic["name"], *map(words.exact, [sum(numbers), *numbers]), estimated))
    yield from _table(("topic", "weeks", "read", "interpolated", "partial", "share interpolated"), rows)


def _metrics() -> Iterator[str]:
    yield "## Metrics"
    yield ""
    yield from metrics_table(METRICS)


def _columns(table: Table) -> Iterator[str]:
    yield from table_section(table)


def table_section(table: Table) -> Iterator[str]:
    """A table's columns, each with its type and meaning."""
    yield f"## `{table.name}`"
    yield ""
    yield f"One row per {table.row}; key: {', '.join(table.key)}."
    yield ""
    yield from _table(
        ("column", "type", "meaning"), [(f"`{c.name}`", c.type, c.meaning) for c in table.columns]
    )


def metrics_table(metrics: Sequence[Metric]) -> Iterator[str]:
    """One line a metric: its whole passport."""
    heads = (
        *("metric", "name shown", "formula", "divided by", "unit", "hoped for"),
        *("not known when", "mind", "given by"),
    )
    yield from _table(heads, [_passport(metric) for metric in metrics])


def _passport(metric: Metric) -> tuple[str, ...]:
    return (
        f"`{metric.name}`",
        metric.label,
        metric.formula,
        metric.denominator or "",
        metric.unit,
        metric.good_direction,
        metric.undefined_when,
        metric.caveat,
        ", ".join(metric.sources),
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for row in rows:
        yield f"| {' | '.join(map(_cell, row))} |"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
