"""The method page: what every figure means, where it comes from, what may be concluded from it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from dashboards import comparison, judged_figures, judgement, picks, posting_times, words
from dashboards.api_reads import reads_table
from dashboards.blocks import Cell, Column, Page, Points, Record, Section, Table
from dashboards.facts import Facts
from dashboards.reader import Reader, Row, rows
from models.intervals import FEWEST_POSTS
from models.metrics import BY_NAME, METRICS

FILE: Final = "method.html"
_SHORT: Final = ("views", "views_day_28", "interactions", "engagement_rate", "new_views")
_SOURCES: Final = """
SELECT s.platform, s.account, s.source, s.metric, s.native_name, s.null_reason
FROM marts.source_metrics AS s
JOIN marts.accounts AS a ON a.platform = s.platform AND a.account = s.account
ORDER BY s.platform DESC, s.account, s.source, s.metric
"""
WEEKS: Final = (
    "Monday to Sunday. A week is provisional until three days after its end, and while less than 90 % of"
    " its expected views come from posts with a reading at both ends."
)


def method_page(reader: Reader, facts: Facts) -> Page:
    """The page to cite."""
    sources = (_sources(reader), reads_table(reader))
    return Page(
        file=FILE,
        title="Method",
        heading="Method",
        standfirst="What every figure means, where it comes from, and what may be concluded from it",
        sections=(
            Section("definitions", "What the figures mean", (_definitions(),)),
            Section("sources", "Where each figure comes from", tuple(filter(None, sources))),
            Section("charts", "How the weekly charts judge", (_charts(),)),
            Section("comparisons", "How action periods are compared", (_comparisons(),)),
            Section("unknown", "What is not known, and what is hidden", (_unknown(facts),)),
            Section("edition", "This edition", (_edition(facts),)),
        ),
    )


def in_short() -> Table:
    """The measures that every page uses, for the overview."""
    return Table(
        "definitions-data",
        "The measures that every page uses",
        (Column("Measure"), Column("Is"), Column("Mind")),
        tuple(
            Record((Cell(m.label), Cell(m.formula), Cell(m.caveat))) for m in map(BY_NAME.__getitem__, _SHORT)
        ),
    )


def _definitions() -> Table:
    return Table(
        "metrics-table",
        "Definitions",
        (Column("Measure"), Column("Is"), Column("Unit"), Column("Not known when"), Column("Mind")),
        tuple(
            Record((Cell(m.label), Cell(m.formula), Cell(m.unit), Cell(m.undefined_when), Cell(m.caveat)))
            for m in METRICS
        ),
        is_whole=True,
    )


def _sources(reader: Reader) -> Table:
    """A row per account and source: what it gives under which name, and what it does not."""
    found = rows(reader, _SOURCES)
    by_source = groupby(found, key=lambda row: (row["platform"], row["account"], row["source"]))
    return Table(
        "sources-table",
        "By account and source",
        (
            Column("Account", is_kept=True),
            Column("Source"),
            Column("Gives, in the platform's own words"),
            Column("Does not give"),
        ),
        tuple(_source(*key, list(metrics)) for key, metrics in by_source),
        empty="No source has been read yet.",
        note="What a source does not give is “not known”, never 0.",
    )


def _source(platform: str, account: str, source: str, metrics: list[Row]) -> Record:
    given = [f"{_label(m['metric'])} (“{m['native_name']}”)" for m in metrics if m["native_name"]]
    return Record(
        (
            Cell(f"{words.platform(platform)} @{account}", is_public=True),
            Cell(words.source(source)),
            Cell("; ".join(given) or "nothing", is_public=True),
            Cell(". ".join(_not_given(metrics)) or "nothing is missing", is_public=True),
        ),
        {"platform": platform},
    )


def _not_given(metrics: list[Row]) -> Iterator[str]:
    """The missing figures under each reason; some are given, and yet not always."""
    missing = sorted((m for m in metrics if m["null_reason"]), key=lambda m: str(m["null_reason"]))
    for reason, found in groupby(missing, key=lambda m: str(m["null_reason"])):
        yield f"{words.listed([_label(m['metric']) for m in found])}: {reason}"


def _label(metric: str) -> str:
    label = BY_NAME[metric].label if metric in BY_NAME else metric.removesuffix("_s").replace("_", " ")
    return label[:1].lower() + label[1:]


def _charts() -> Points:
    return Points(
        (
            (
                "Limits",
                (
                    "The mean and the limits come from a baseline of weeks, fixed before anyone looks at"
                    " later ones. Where weeks vary only as they did in the baseline, nearly all lie between"
                    " the limits (XmR charts, as in NHS England's Making Data Count).",
                    "Each chart says under it which kind it is, and from which weeks its limits come.",
                ),
            ),
            (
                "Signals",
                (
                    "A week outside the limits; seven weeks in a row on one side of the mean; seven weeks in"
                    " a row that all rise or all fall; two of three weeks close to the same limit.",
                    judged_figures.KEY,
                ),
            ),
            ("Signals by chance", (judgement.BY_CHANCE,)),
            (
                "Too few weeks",
                (
                    "Limits need 13 settled weeks of a topic, four in five of them complete. Until then a"
                    " chart shows the weeks and says from when limits may exist.",
                ),
            ),
            ("Weeks", (WEEKS,)),
        )
    )


def _comparisons() -> Points:
    return Points(
        (
            ("What is compared", (comparison.NOTE,)),
            (
                "One age",
                (
                    "Older posts had more time to gather views. So posts are compared at 7 or at 28 days: the"
                    " younger age that is known for four in five posts of both periods. The page says which.",
                ),
            ),
            (
                "Intervals",
                (
                    "95 % intervals are about posts, not views: one post that did well by luck widens them."
                    f" Below {FEWEST_POSTS} posts in either period there is none, and no word.",
                ),
            ),
            (
                "“Improved”, “fell”",
                (
                    "Said only where a stricter 99 % interval leaves no change out and the weekly chart shows"
                    " a sustained shift the same way. One of the two is “a signal to look into”, all else “no"
                    " change beyond usual variation”. “Associated with” never says why.",
                ),
            ),
            (
                "Lists",
                (
                    "Videos stand newest first. Sorting by rate uses the lower end of what each video's rate"
                    " may be, so that a handful of views cannot lead.",
                    picks.SHARED_HOW,
                ),
            ),
            ("Times of publication", (posting_times.NOTE,)),
        )
    )


def _unknown(facts: Facts) -> Points:
    return Points(
        (
            (
                "Missing is not zero",
                (
                    "What no source gives is “not known”, with the reason. It is left out of sums and of"
                    " medians.",
                ),
            ),
            *(("Top lists", (line,)) for line in facts.top_list),
            (
                "Between readings",
                (BY_NAME["views_day_28"].caveat, "Nothing is drawn on beyond the last reading."),
            ),
            (
                "Who watched",
                (
                    words.ETHNICITY,
                    "Platforms tell ages, countries and places one by one, and mostly of followers, who are"
                    " not a video's viewers.",
                ),
            ),
            (
                "Small numbers",
                (
                    "Shares that stand for so few people that one could be recognised are “hidden”, by the"
                    " rule that the campaign file names. Hidden and not known are different things.",
                ),
            ),
            ("Why", ("Nothing here shows why a figure changed.",)),
        )
    )


def _edition(facts: Facts) -> Points:
    campaign = facts.campaign
    made_by = f"rapup {campaign['version'] or words.NOT_KNOWN}"
    days = words.days(campaign["starts"], campaign["ends"])
    return Points(
        (
            ("Data as of", (words.day(facts.as_of),)),
            ("Made by", (f"{made_by}, for {campaign['title']}, {days}.",)),
            ("Days", (f"Moments are grouped into days and weeks in the zone {campaign['timezone']}.",)),
        )
    )
