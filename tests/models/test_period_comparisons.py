"""Action periods beside the one before, from the store to the words that pages say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from models.campaign import BadCampaign
from models.intervals import rate_interval, ratio_of_views
from models.period_comparisons import KINDS, _new_shift, _Pair, _weeks_resemble, sustained_shift
from tests.builders import CAMPAIGN, Folder, Row, a_campaign, a_post, seen, with_accounts

BOOST = """
[[event]]
date = 2024-03-01
name = "A boost"
kind = "boost"
"""


TOPIC = """
[[topic]]
id = "{0}"
name = "{0}"
team = "team-a"
accounts = ["tiktok:@{0}"]
"""
ACCOUNTS = ("grown", "alike", "few", "ageless", "redefined", "renamed", "late", "rated")
BEFORE = (1000, 1100, 1200, 900, 800, 1300, 1250)
AFTER = (3000, 3300, 3600, 2700, 2400, 3900, 3750, 3100)
AP1, AP2 = "2023-12-01", "2024-03-01"
LIKES = np.random.default_rng(7).integers(20, 90, len(BEFORE)).tolist()


def a_folder(path: Path, more: str = "") -> Folder:
    """Each account has a topic of its own, so that what one test compares is none of another's."""
    return Folder(
        path, a_campaign(path, with_accounts(ACCOUNTS) + "".join(map(TOPIC.format, ACCOUNTS)) + more)
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """One store for the tests that only read: each looks at a topic of its own."""
    folder = a_folder(tmp_path_factory.mktemp("periods"))
    posts(folder, "grown", AP1, BEFORE)
    posts(folder, "grown", AP2, AFTER)
    posts(folder, "alike", AP1, BEFORE)
    posts(folder, "alike", AP2, BEFORE)
    posts(folder, "few", AP1, BEFORE[:5])
    posts(folder, "few", AP2, AFTER)
    posts(folder, "redefined", AP1, BEFORE)
    posts(folder, "redefined", AP2, AFTER, views_named="Plays")
    posts(folder, "renamed", AP1, BEFORE)
    posts(folder, "renamed", AP2, AFTER, views_named="view_count")
    posts(folder, "late", AP2, AFTER)
    posts(folder, "ageless", AP1, BEFORE)
    folder.load(
        [a_post("11111", "2024-03-01 10:00", "", account="ageless")],
        [seen("11111", "2024-05-30 10:00", 50, account="ageless")],
    )
    days = [date(2023, 12, 1) + timedelta(n) for n in range(len(BEFORE))]
    folder.load(
        [a_post(f"{n}" * 5, f"{day} 10:00", "", account="rated") for n, day in enumerate(days, 2)],
        [
            seen(f"{n}" * 5, f"{day + timedelta(7)} 10:00", v, account="rated", likes=x, comments=0, shares=0)
            for n, (day, v, x) in enumerate(zip(days, BEFORE, LIKES, strict=True), 2)
        ],
    )
    folder.build()
    return folder


def posts(
    folder: Folder,
    account: str,
    first: str,
    views: Sequence[int],
    rate: float = 0.05,
    views_named: str = "Total views",
    **more: object,
) -> None:
    """A post each other day from a day on, read on its 7th day: likes are a share of its views."""
    start = date.fromisoformat(first)
    days = [start + timedelta(2 * n) for n in range(len(views))]
    ids = [f"{ACCOUNTS.index(account)}{day:%Y%m%d}" for day in days]
    read = {"account": account, "comments": 0, "shares": 0}
    folder.load(
        [a_post(i, f"{day} 10:00", "", account=account, **more) for i, day in zip(ids, days, strict=True)],
        [
            seen(i, f"{day + timedelta(7)} 10:00", v, likes=round(v * rate), **read)
            for i, day, v in zip(ids, days, views, strict=True)
        ],
        views_named=views_named,
    )


def comparison(folder: Folder, topic: str, measure: str = "views_same_age") -> Row:
    rows = folder.rows("SELECT * FROM marts.topic_comparisons")
    wanted = (topic, "ap2", measure)
    (found,) = (row for row in rows if (row["topic_id"], row["period_id"], row["measure"]) == wanted)
    return found


def test_a_period_is_compared_with_the_one_before(folder: Folder) -> None:
    row, wanted = comparison(folder, "grown"), ratio_of_views(BEFORE, AFTER)
    assert (row["ratio"], row["low"], row["high"]) == (wanted.value, wanted.low, wanted.high)
    assert (row["before_id"], row["posts_before"], row["posts_after"], row["same_age_day"]) == (
        "ap1",
        7,
        8,
        7,
    )
    assert (row["known_before"], row["boosting_unknown"], row["shift"]) == (1.0, 15, None)
    # The weekly chart has no limits yet: two looks are needed for a firm word.
    assert row["verdict"] == "signal"
    assert "times the figure of Action period 1" in str(row["sentence"])


def test_two_alike_periods_have_no_change_beyond_usual_variation(folder: Folder) -> None:
    assert comparison(folder, "alike")["verdict"] == "no_change"
    assert str(comparison(folder, "alike", "engagement_rate")["sentence"]).startswith(
        "No change beyond usual variation in interactions per 1,000 views"
    )


def test_five_posts_are_too_few(folder: Folder) -> None:
    row = comparison(folder, "few")
    assert (row["verdict"], row["low"], row["high"]) == ("too_few", None, None)
    assert "at least 6 are needed in each" in str(row["sentence"])


def test_without_a_common_age_the_sentence_says_what_would_give_one(folder: Folder) -> None:
    row = comparison(folder, "ageless")
    assert (row["verdict"], row["same_age_day"], row["ratio"]) == ("too_few", None, None)
    assert "at no age are 80 %" in str(row["sentence"])


def test_nothing_is_compared_across_two_definitions_of_views(folder: Folder) -> None:
    for measure in ("views_same_age", "engagement_rate"):
        row = comparison(folder, "redefined", measure)
        assert (row["verdict"], row["ratio"], row["posts_before"]) == ("not_comparable", None, 0)
    assert "views began to be counted by another definition" in str(row["sentence"])


def test_two_names_of_one_definition_are_compared(folder: Folder) -> None:
    assert comparison(folder, "renamed")["verdict"] == "signal"


def test_a_topic_without_posts_is_too_few_and_not_left_out(folder: Folder) -> None:
    rows = folder.rows(
        "SELECT DISTINCT topic_id, verdict FROM marts.topic_comparisons"
        " WHERE topic_id IN ('late', 'voices') ORDER BY 1"
    )
    assert rows == [
        {"topic_id": "late", "verdict": "too_few"},
        {"topic_id": "voices", "verdict": "too_few"},
    ]


def test_a_period_that_has_not_begun_is_not_compared(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    posts(folder, "grown", AP1, BEFORE)
    folder.build()
    assert folder.rows("SELECT * FROM marts.topic_comparisons") == []


def test_the_rate_of_a_period_has_an_interval_over_its_posts(folder: Folder) -> None:
    row = folder.row("SELECT * FROM marts.topic_periods WHERE topic_id = 'rated' AND period_id = 'ap1'")
    wanted = rate_interval(LIKES, BEFORE)
    assert (row["engagement_rate"], row["rate_low"], row["rate_high"]) == (
        pytest.approx(wanted.value),
        wanted.low,
        wanted.high,
    )
    assert row["median_rate"] == pytest.approx(np.median(np.array(LIKES) / BEFORE))
    assert row["is_dominated"] is False


@pytest.fixture(scope="module")
def boosted(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A timetable with a boost that names its post, and one that names none."""
    link = "https://www.tiktok.com/@lavelle/video/7310000000000000001"
    folder = a_folder(tmp_path_factory.mktemp("boosted"), f'{BOOST}posts = ["{link}"]\n{BOOST}')
    folder.load(
        [
            a_post("7310000000000000001", "2024-03-01 10:00", is_paid=False),
            a_post("7310000000000000002", "2024-03-02 10:00", is_paid=False),
            a_post("7310000000000000003", "2024-03-02 10:00"),
        ]
    )
    posts(folder, "grown", AP1, BEFORE, is_paid=False)
    posts(folder, "grown", AP2, AFTER, is_paid=False)
    folder.build()
    return folder


def test_a_boosted_post_named_in_the_timetable_is_paid_whatever_the_source_says(boosted: Folder) -> None:
    rows = boosted.rows("SELECT is_paid FROM marts.posts WHERE account = 'lavelle' ORDER BY post_id")
    assert [row["is_paid"] for row in rows] == [True, False, None]


def test_a_boost_without_posts_is_told_in_the_sentence(boosted: Folder) -> None:
    assert "The timetable has a boost without naming the posts." in str(
        comparison(boosted, "grown")["sentence"]
    )


def test_a_boost_of_no_post_is_refused(tmp_path: Path) -> None:
    folder = Folder(tmp_path, a_campaign(tmp_path, f'{CAMPAIGN}{BOOST}posts = ["example.org"]\n'))
    with pytest.raises(
        BadCampaign, match=r"event 'A boost' of 2024-03-01: 'example.org' is no link to a post"
    ):
        folder.build()


def test_only_a_boost_has_posts(tmp_path: Path) -> None:
    text = CAMPAIGN + BOOST.replace('"boost"', '"session"') + 'posts = ["x"]\n'
    with pytest.raises(BadCampaign, match=r'posts of an event of kind .session.; only a "boost" has them'):
        a_campaign(tmp_path, text)


# The weekly chart in a period.

MONDAY = date(2024, 2, 12)


def weeks(values: Sequence[float | None], baseline_to: date = date(2023, 11, 6)) -> list[Row]:
    return [
        {
            "week": MONDAY + timedelta(7 * n),
            "value": value,
            "mean": 10.0,
            "is_provisional": False,
            "baseline_to": baseline_to,
        }
        for n, value in enumerate(values)
    ]


def shift(values: Sequence[float | None], **more: date) -> str | None:
    return sustained_shift(weeks(values, **more), date(2024, 2, 7), date(2024, 5, 6))


def test_seven_weeks_in_a_row_are_a_sustained_shift() -> None:
    assert shift([11] * 7) == "up"
    assert shift([9] * 7) == "down"
    assert shift([11] * 6) is None
    assert shift([11] * 6 + [10] + [11] * 3) is None  # a week on the line breaks it


def test_weeks_not_known_neither_break_nor_lengthen_a_shift() -> None:
    assert shift([11, 11, 11, None, 11, 11, 11, 11]) == "up"
    assert shift([11, 11, 11, None, 11, 11, 11]) is None


def test_a_line_that_the_period_itself_made_shows_no_shift() -> None:
    assert shift([11] * 7, baseline_to=date(2024, 3, 4)) is None


def test_a_shift_that_the_period_before_has_too_is_not_new(tmp_path: Path) -> None:
    campaign = a_campaign(tmp_path)
    topic = campaign.topics[0]
    before, after = campaign.periods
    rows = weeks([11] * 24, baseline_to=date(2023, 10, 30))
    chart = [row | {"week": date(2023, 11, 13) + timedelta(7 * n)} for n, row in enumerate(rows)]
    pair = _Pair(topic, before, after, 0, is_redefined=False)
    kind = KINDS[0]
    name = (f"topic:{topic.id}", kind.charted)
    assert _new_shift({name: chart}, pair, kind) is None
    usual = [row | {"value": 10.5 - n % 2} for n, row in enumerate(chart[:12])]
    assert _new_shift({name: [*usual, *chart[12:]]}, pair, kind) == "up"


@pytest.mark.parametrize(("autocorrelation", "resemble"), [(None, False), (0.3, False), (0.31, True)])
def test_weeks_of_the_later_period_resemble_as_their_chart_says(
    tmp_path: Path, autocorrelation: float | None, *, resemble: bool
) -> None:
    campaign = a_campaign(tmp_path)
    pair, kind = _Pair(campaign.topics[0], *campaign.periods, 0, is_redefined=False), KINDS[0]
    before = {"week": date(2023, 11, 13), "autocorrelation": 0.9}  # of a phase that has ended
    charts = {
        (f"topic:{pair.topic.id}", kind.charted): [
            before,
            {"week": date(2024, 2, 12), "autocorrelation": autocorrelation},
        ]
    }
    assert _weeks_resemble(charts, pair, kind) is resemble


def test_only_weeks_wholly_in_the_period_count() -> None:
    assert sustained_shift(weeks([11] * 8), date(2024, 2, 14), date(2024, 4, 1)) is None
    assert sustained_shift([], date(2024, 2, 7), date(2024, 5, 6)) is None


def test_weeks_of_a_phase_that_began_within_the_period_do_not_prolong_a_run() -> None:
    rows = weeks([11] * 12)
    for row in rows[6:]:
        row["baseline_to"] = rows[11]["week"]
    assert sustained_shift(rows, date(2024, 2, 7), date(2024, 5, 6)) is None
