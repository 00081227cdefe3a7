"""The evaluator's paragraphs of limitations, computed from the data that they are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from dashboards import words
from dashboards.judgement import BY_CHANCE
from models.config_tables import COMPLETE_FROM, STALE_AFTER_DAYS
from models.metrics import BY_NAME
from models.spc_views import RESEMBLING

_TOP_LIST_SOURCE: Final = "tiktok_studio_content"
_ONE_PERCENT: Final = 0.01

Tables = Mapping[str, pa.Table]
Row = dict[str, Any]


def limitations(tables: Tables) -> str:
    """`limitations.md`: short paragraphs to copy, each with its numbers. `tables` are by name."""
    paragraphs = (
        _sources(tables),
        _lists(tables),
        _weeks(tables),
        _ages(tables),
        _definitions(tables),
        _topics(tables),
        _audience(tables),
        _boosting(tables),
        _charts(tables),
        _small_numbers(tables),
        _comments(tables),
        "There is no comparison group. A change after an event is associated with it: nothing here shows that"
        " the one caused the other, or that a video changed what anybody knows or does.",
    )
    return "\n\n".join(["# Limitations", *filter(None, paragraphs)]) + "\n"


def _values(tables: Tables, table: str, column: str) -> list[Any]:
    values: list[Any] = tables[table].column(column).to_pylist()
    return values


def _rows(tables: Tables, table: str) -> list[Row]:
    rows: list[Row] = tables[table].to_pylist()
    return rows


def _of(part: int, whole: int, thing: str, things: str = "") -> str:
    """A part with its whole and share: 87 of 120 posts (72 %)."""
    counted = f"{words.exact(part)} of {words.count(whole, thing, things)}"
    if not whole:
        return counted
    share = part / whole
    return f"{counted} ({'under 1 %' if 0 < share < _ONE_PERCENT else words.percent(share)})"


def _sources(tables: Tables) -> str:
    (as_of,) = _values(tables, "campaign", "as_of")
    rows = _rows(tables, "sources")
    accounts = len({(row["platform"], row["account"]) for row in rows})
    never, stale = ([row for row in rows if row["status"] == status] for status in ("never", "stale"))
    said = [
        f"The figures are as of {words.day(as_of.date())}.",
        "They are what creators' exports and the platforms themselves reported; no sample was drawn.",
        f"Something came from {_of(accounts - len(never), accounts, 'account')}.",
    ]
    if never:
        said.append(f"Nothing ever came from {_accounts(never)}.")
    if stale:
        said.append(f"Nothing came in the last {STALE_AFTER_DAYS} days from {_accounts(stale)}.")
    return " ".join(said)


def _accounts(rows: Sequence[Row]) -> str:
    return words.listed(sorted({f"@{row['account']} ({words.platform(row['platform'])})" for row in rows}))


def _lists(tables: Tables) -> str:
    listed = _values(tables, "posts", "listed_by")
    known = listed.count(_TOP_LIST_SOURCE)
    if not known:
        return ""
    return (
        f"For {_of(known, len(listed), 'post')} the only source is TikTok's Content file, which lists the 5"
        " to 15 posts of an account that do best at the moment. Posts that were never in it are missing, and"
        " the others are seen only while they are in it: medians describe the more successful posts."
    )


def _weeks(tables: Tables) -> str:
    weeks = [row["basis"] for row in _rows(tables, "topic_weeks") if row["platform"] == "all"]
    if not weeks:
        return "No week of a topic is known yet."
    interpolated, partial, observed = (
        _of(weeks.count(basis), len(weeks), "topic week") for basis in ("interpolated", "partial", "observed")
    )
    return (
        f"In {interpolated} values are interpolated between two readings."
        f" In {partial} less than {words.percent(COMPLETE_FROM)} of the expected gain was seen."
        f" In {observed} posts were read at both edges."
    )


def _ages(tables: Tables) -> str:
    posts = tables["posts"].num_rows
    if not posts:
        return "No post is known yet."
    known = {day: posts - tables["posts"].column(f"views_day_{day}").null_count for day in (7, 28)}
    ages = words.listed([f"for {_of(number, posts, 'post')} at {day} days" for day, number in known.items()])
    return " ".join([f"Views at a given age are known {ages}.", *_shares_of_periods(tables)])


def _shares_of_periods(tables: Tables) -> Iterator[str]:
    """How much of its posts each comparison of action periods rests on."""
    periods = [row for row in _rows(tables, "topic_periods") if row["posts"]]
    aged = [row for row in periods if row["posts_of_that_age"] is not None]
    if aged:
        shares = [row["posts_of_that_age"] / row["posts"] for row in aged]
        yield (
            "The action periods of a topic are compared by the posts whose views at that age are known:"
            f" {words.percent(min(shares))} to {words.percent(max(shares))} of its posts."
        )
    if len(aged) < len(periods):
        without = _of(
            len(periods) - len(aged), len(periods), "action period of a topic", "action periods of topics"
        )
        yield f"For {without} no age is known for enough posts."


def _definitions(tables: Tables) -> str:
    changes = [row for row in _rows(tables, "events") if row["kind"] == "platform_change"]
    if changes:
        told = "; ".join(f"{words.day(row['day'])}: {row['name']}" for row in changes)
        changed = f"What platforms count changed ({told})."
    else:
        changed = "No change of what a platform counts is known for the time of the campaign."
    corrected, reset = (
        words.count(_values(tables, "post_days", column).count(True), "time")
        for column in ("is_correction", "is_reset")
    )
    return (
        f"{changed} {BY_NAME['views'].caveat} Totals of a post were corrected downwards by the platform"
        f" {corrected}, and counted anew {reset}."
    )


def _topics(tables: Tables) -> str:
    posts, rows = tables["posts"].num_rows, _rows(tables, "post_topics")
    rules = [row["rule"] for row in rows if row["is_primary"]]
    by_hand = rules.count("assignment")
    several = sum(n > 1 for n in Counter((row["platform"], row["post_id"]) for row in rows).values())
    return (
        f"Topics were given to {words.count(len(rules) - by_hand, 'post')} by hashtags, words and accounts"
        f" and to {words.count(by_hand, 'post')} by a person. {_of(posts - len(rules), posts, 'post')} have"
        f" none and are in no topic's figures; {_of(several, posts, 'post')} have several and are counted"
        " under one."
    )


def _audience(tables: Tables) -> str:
    basis = _values(tables, "posts", "target_basis")
    measured = _of(basis.count("measured"), len(basis), "post")
    return (
        f"{words.ETHNICITY} The platform measured the viewers of {measured}; an account's followers, where"
        " they are given, are not the viewers of a video."
    )


def _boosting(tables: Tables) -> str:
    paid = _values(tables, "posts", "is_paid")
    return (
        f"For {_of(paid.count(None), len(paid), 'post')} it is not known whether they were advertised;"
        f" {words.count(paid.count(True), 'post is', 'posts are')} known to have been."
    )


def _charts(tables: Tables) -> str:
    charts = {
        (row["measure"], row["facet"], row["phase"]): row["autocorrelation"]
        for row in _rows(tables, "spc")
        if row["lpl"] is not None
    }
    if not charts:
        return "No control chart has limits yet, so no week is judged by them."
    related = sum(value is not None and value > RESEMBLING for value in charts.values())
    unknown = list(charts.values()).count(None)
    return (
        f"In {_of(related, len(charts), 'control chart')} neighbouring weeks resemble each other"
        f" (autocorrelation above {RESEMBLING}), so that signals are overstated; for {words.exact(unknown)}"
        f" it is not known. {BY_CHANCE}"
    )


def _small_numbers(tables: Tables) -> str:
    """Of every table whose rows say whether they may be shown."""
    return " ".join(
        f"In table {name}, {_of(states.count('suppressed'), len(states), 'row')} are suppressed, because they"
        f" would tell of a handful of people, and {words.exact(states.count('unknown'))} are not known."
        for name, table in tables.items()
        if "state" in table.column_names and (states := _values(tables, name, "state"))
    )


def _comments(tables: Tables) -> str:
    """Nothing where no comment is known."""
    rows = [row for row in _rows(tables, "comment_periods") if row["comments"]]
    if not rows:
        return ""
    hidden = _of(
        sum(row["suppressed"] is not None for row in rows),
        len(rows),
        "action period of a topic",
        "action periods of topics",
    )
    return (
        f"How {words.count(sum(row['comments'] for row in rows), 'comment')} sound was computed from words"
        " that have a score, and was not checked against people who read comments of this audience."
        f" In {hidden} with comments some counts are suppressed, because they would tell of a handful."
    )
