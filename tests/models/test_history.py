"""From observations to history: days, weeks, same-age values, in the real store and builder."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.builders import CAMPAIGN, Folder, a_campaign, a_day, a_post, seen


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, a_campaign(tmp_path))


def days_of(folder: Folder) -> list[tuple[object, ...]]:
    rows = folder.rows("SELECT * FROM marts.post_days ORDER BY day")
    return [(str(r["day"])[:10], r["views_new"], r["covers_days"], r["is_correction"]) for r in rows]


def test_the_first_increment_counts_from_publication(folder: Folder) -> None:
    folder.load([a_post("11111", "2024-01-01 10:00")], [seen("11111", "2024-01-04 10:00", 300)])
    folder.build()
    assert days_of(folder) == [("2024-01-04", 300, 3, False)]


def test_a_gap_is_one_increment_that_says_how_many_days_it_covers(folder: Folder) -> None:
    folder.load(
        [a_post("11111", "2024-01-01 10:00")],
        [seen("11111", "2024-01-02 10:00", 100), seen("11111", "2024-01-09 10:00", 180)],
    )
    folder.build()
    assert days_of(folder) == [("2024-01-02", 100, 1, False), ("2024-01-09", 80, 7, False)]


def test_a_fall_is_kept_negative_and_marked_as_a_correction(folder: Folder) -> None:
    folder.load(
        [a_post("11111", "2024-01-01 10:00")],
        [seen("11111", "2024-01-02 10:00", 900), seen("11111", "2024-01-03 10:00", 870)],
    )
    folder.build()
    assert days_of(folder)[1] == ("2024-01-03", -30, 1, True)


def test_a_counter_that_starts_anew_is_a_reset_without_an_increment(folder: Folder) -> None:
    folder.load(
        [a_post("11111", "2024-01-01 10:00")],
        [seen("11111", "2024-01-02 10:00", 1000), seen("11111", "2024-01-03 10:00", 20)],
    )
    folder.build()
    row = folder.row("SELECT * FROM marts.post_days WHERE day = DATE '2024-01-03'")
    assert (row["views_new"], row["is_reset"], row["is_correction"]) == (None, True, False)


def test_the_last_observation_of_a_day_stands_for_the_day(folder: Folder) -> None:
    folder.load(
        [a_post("11111", "2024-01-01 10:00")],
        [seen("11111", "2024-01-02 09:00", 50), seen("11111", "2024-01-02 21:00", 90)],
    )
    folder.build()
    assert days_of(folder) == [("2024-01-02", 90, 1, False)]


def test_a_counter_that_is_not_known_at_both_ends_has_no_change(folder: Folder) -> None:
    folder.load(
        [a_post("11111", "2024-01-01 10:00")],
        [
            seen("11111", "2024-01-02 10:00", 100, likes=7),
            seen("11111", "2024-01-03 10:00", 150),
            seen("11111", "2024-01-04 10:00", 180, likes=9),
            seen("11111", "2024-01-05 10:00", likes=10),
            seen("11111", "2024-01-06 10:00", 200, likes=12),
        ],
    )
    folder.build()
    rows = folder.rows("SELECT * FROM marts.post_days ORDER BY day")
    assert [(row["views_new"], row["likes_new"], row["covers_days"]) for row in rows] == [
        (100, 7, 1),
        (50, None, 1),
        (30, None, 1),
        (20, 3, 2),
    ]


def test_a_day_is_a_day_of_the_campaigns_zone(folder: Folder) -> None:
    folder.load([a_post("11111", "2024-06-01 10:00")], [seen("11111", "2024-06-01 23:30", 5)])
    folder.build()
    assert days_of(folder)[0][0] == "2024-06-02"  # British summer time


def test_a_weeks_views_come_from_its_edges_not_from_the_days_of_export(folder: Folder) -> None:
    # Published Monday 1 Jan 2024 00:00; read on two Thursdays: the Monday between lies 4/7 of the way.
    folder.load(
        [a_post("11111", "2024-01-01 00:00")],
        [seen("11111", "2024-01-04 00:00", 300), seen("11111", "2024-01-11 00:00", 1000)],
    )
    folder.build()
    weeks = folder.rows("SELECT * FROM marts.topic_weeks WHERE platform = 'all' ORDER BY week")
    assert [(str(w["week"])[:10], w["views_new"], w["basis"], w["is_complete"]) for w in weeks] == [
        ("2024-01-01", 700, "interpolated", True),
        ("2024-01-08", None, "partial", False),
    ]


def test_a_reading_within_12_hours_of_the_edge_is_the_edge(folder: Folder) -> None:
    folder.load(
        [a_post("11111", "2024-01-01 00:00")],
        [seen("11111", "2024-01-08 09:00", 500, likes=10, comments=2, shares=3)],
    )
    folder.build()
    week = folder.row(
        "SELECT * FROM marts.topic_weeks WHERE platform = 'tiktok' AND week = DATE '2024-01-01'"
    )
    assert (week["views_new"], week["basis"], week["posts"], week["interactions_new"]) == (
        500,
        "observed",
        1,
        15,
    )
    assert week["engagement_rate"] == pytest.approx(15 / 500)


def test_no_line_is_drawn_over_more_than_eight_days(folder: Folder) -> None:
    folder.load(
        [a_post("11111", "2024-01-01 00:00")],
        [seen("11111", "2024-01-03 00:00", 300), seen("11111", "2024-01-19 00:00", 1000)],
    )
    folder.build()
    weeks = folder.rows("SELECT * FROM marts.topic_weeks WHERE platform = 'all' ORDER BY week")
    assert [w["views_new"] for w in weeks] == [None, None, None]
    assert [w["coverage"] for w in weeks] == [0, 0, 0]


def test_an_old_quiet_post_does_not_sink_a_weeks_coverage(folder: Folder) -> None:
    folder.load(
        [a_post("11111", "2023-11-01 00:00"), a_post("22222", "2024-01-01 00:00")],
        [
            seen("11111", "2023-11-08 00:00", 90_000),
            seen("11111", "2023-11-20 00:00", 90_010),
            seen("22222", "2024-01-08 00:00", 500),
        ],
    )
    folder.build()
    week = folder.row("SELECT * FROM marts.topic_weeks WHERE platform = 'all' AND week = DATE '2024-01-01'")
    assert week["views_new"] == 500
    assert week["coverage"] == pytest.approx(500 / (500 + 10 * 7 / 12))
    assert week["is_complete"]


def test_platform_all_is_the_sum_of_the_platforms(folder: Folder) -> None:
    folder.load(
        [
            a_post("11111", "2024-01-01 00:00"),
            a_post("ABCDEFGHIJK", "2024-01-02 00:00", platform="instagram"),
        ],
        [
            seen("11111", "2024-01-08 00:00", 500),
            seen("ABCDEFGHIJK", "2024-01-08 00:00", 40, platform="instagram"),
        ],
    )
    folder.build()
    rows = folder.rows("SELECT platform, views_new FROM marts.topic_weeks WHERE week = DATE '2024-01-01'")
    assert {r["platform"]: r["views_new"] for r in rows} == {"all": 540, "tiktok": 500, "instagram": 40}


def test_a_week_settles_three_days_after_its_end(folder: Folder) -> None:
    folder.load(
        [a_post("11111", "2024-01-01 00:00")],
        [seen("11111", "2024-01-08 00:00", 500), seen("11111", "2024-01-10 12:00", 600)],
    )
    folder.build()
    assert folder.row("SELECT * FROM marts.topic_weeks WHERE platform = 'all' AND week = DATE '2024-01-01'")[
        "is_settled"
    ] in (False,)
    folder.load(observations=[seen("11111", "2024-01-11 00:00", 650)])
    folder.build()
    assert folder.row("SELECT * FROM marts.topic_weeks WHERE platform = 'all' AND week = DATE '2024-01-01'")[
        "is_settled"
    ]


def age_of(folder: Folder, post_id: str = "11111") -> dict[str, object]:
    return folder.row(f"SELECT * FROM marts.posts WHERE post_id = '{post_id}'")  # noqa: S608 (our own id)


def test_views_at_day_7_are_observed_within_an_hour(folder: Folder) -> None:
    folder.load([a_post("11111", "2024-01-01 10:00")], [seen("11111", "2024-01-08 10:45", 500)])
    folder.build()
    post = age_of(folder)
    assert (post["views_day_7"], post["views_day_7_status"]) == (500, "observed")


def test_views_at_day_7_lie_on_the_line_between_close_readings(folder: Folder) -> None:
    folder.load(
        [a_post("11111", "2024-01-01 10:00")],
        [seen("11111", "2024-01-07 10:00", 400), seen("11111", "2024-01-09 10:00", 600)],
    )
    folder.build()
    post = age_of(folder)
    assert (post["views_day_7"], post["views_day_7_status"]) == (500, "interpolated")
    assert (post["views_day_7_low"], post["views_day_7_high"]) == (400, 600)


def test_views_at_day_7_are_never_extrapolated(folder: Folder) -> None:
    folder.load(
        [a_post("11111", "2024-01-01 10:00")],
        [seen("11111", "2024-01-07 10:00", 400), seen("11111", "2024-01-12 10:00", 700)],
    )
    folder.build()
    post = age_of(folder)
    assert (post["views_day_7"], post["views_day_7_status"]) == (None, "missing")
    assert (post["views_day_7_low"], post["views_day_7_high"]) == (400, 700)


def test_a_young_post_has_no_day_7_yet(folder: Folder) -> None:
    folder.load([a_post("11111", "2024-01-01 10:00")], [seen("11111", "2024-01-04 10:00", 400)])
    folder.build()
    assert age_of(folder)["views_day_7_status"] == "not_yet"


def test_a_reading_dated_by_its_day_is_no_evidence_for_day_7_but_good_for_day_28(folder: Folder) -> None:
    folder.load(
        [a_post("11111", "2024-01-01 12:00")],
        [
            seen("11111", "2024-01-08 12:00", 400),
            seen("11111", "2024-01-26 12:00", 900),
            seen("11111", "2024-02-02 12:00", 1000),
        ],
        source="tiktok_studio_content",
        rank="export",
        precision="day",
    )
    folder.build()
    post = age_of(folder)
    assert (post["views_day_7"], post["views_day_7_status"]) == (None, "missing")
    assert post["views_day_28_status"] == "interpolated"
    assert post["views_day_28"] == round(900 + 100 * 3 / 7)


def test_views_0_make_the_rate_unknown_not_zero(folder: Folder) -> None:
    folder.load(
        [a_post("11111", "2024-01-01 10:00")],
        [seen("11111", "2024-01-02 10:00", 0, likes=0, comments=0, shares=0)],
    )
    folder.build()
    post = age_of(folder)
    assert (post["views"], post["interactions"], post["engagement_rate"]) == (0, 0, None)


def test_interactions_are_unknown_when_one_part_is(folder: Folder) -> None:
    folder.load(
        [a_post("11111", "2024-01-01 10:00")],
        [seen("11111", "2024-01-02 10:00", 100, likes=5, comments=1)],
    )
    folder.build()
    post = age_of(folder)
    assert (post["interactions"], post["engagement_rate"], post["saves"]) == (None, None, None)


def test_the_api_is_believed_before_an_export_of_the_same_moment_metric_by_metric(folder: Folder) -> None:
    folder.load([a_post("11111", "2024-01-01 10:00")], [seen("11111", "2024-01-02 12:00", 100, likes=5)])
    folder.load(
        observations=[seen("11111", "2024-01-02 12:00", 99, likes=4, saves=7)],
        source="export",
        rank="export",
    )
    folder.build()
    post = age_of(folder)
    assert (post["views"], post["likes"], post["saves"]) == (100, 5, 7)


def test_a_replaced_load_no_longer_counts(folder: Folder) -> None:
    folder.load([a_post("11111", "2024-01-01 10:00")])
    wrong = folder.load(observations=[seen("11111", "2024-03-02 12:00", 100)])
    folder.load(observations=[seen("11111", "2024-01-02 12:00", 100)], replaces=wrong)
    folder.build()
    assert days_of(folder) == [("2024-01-02", 100, 1, False)]


def test_posts_before_the_campaign_are_left_out(folder: Folder) -> None:
    folder.load(
        [a_post("11111", "2023-08-31 10:00"), a_post("22222", "2023-09-01 10:00")],
        [seen("11111", "2023-09-02 10:00", 9), seen("22222", "2023-09-02 10:00", 9)],
    )
    folder.build()
    assert [r["post_id"] for r in folder.rows("SELECT post_id FROM marts.posts")] == ["22222"]


def test_a_post_on_a_sessions_day_has_no_period(folder: Folder) -> None:
    folder.load(
        [a_post("11111", "2024-02-06 10:00"), a_post("22222", "2024-02-05 23:30")],
        [seen("11111", "2024-02-07 10:00", 9), seen("22222", "2024-02-07 10:00", 9)],
    )
    folder.build()
    rows = folder.rows("SELECT post_id, period_id FROM marts.posts ORDER BY post_id")
    assert [r["period_id"] for r in rows] == [None, "ap1"]


def test_a_later_export_of_the_same_day_wins_but_an_unknown_value_does_not(folder: Folder) -> None:
    folder.load(days=[a_day("2024-01-01", "2024-01-05 12:00", views=100, likes=3)])
    folder.load(days=[a_day("2024-01-01", "2024-01-09 12:00", views=120, likes=None)])
    folder.build()
    day = folder.row("SELECT * FROM marts.account_days")
    assert (day["views"], day["likes"]) == (120, 3)


def test_an_account_week_is_complete_with_seven_known_days(folder: Folder) -> None:
    known = [a_day(f"2024-01-{n:02}", views=10, likes=1, comments=0, shares=0) for n in range(1, 8)]
    folder.load(days=[*known, a_day("2024-01-08", views=10, likes=None, comments=0, shares=0)])
    folder.build()
    first, second = folder.rows("SELECT * FROM marts.account_weeks ORDER BY week")
    assert (first["views"], first["interactions"], first["days"], first["is_complete"]) == (70, 7, 7, True)
    assert (second["views"], second["interactions"], second["engagement_rate"], second["is_complete"]) == (
        10,
        None,
        None,
        False,
    )


def test_a_total_below_zero_is_not_known_and_stops_no_build(folder: Folder) -> None:
    ids = [f"1111{n}" for n in range(7)]
    folder.load(
        [a_post(i, "2024-01-01 10:00") for i in ids],
        [seen(i, "2024-01-08 10:00", 90, likes=-5, comments=0, shares=0, saves=-1) for i in ids]
        + [seen(ids[0], "2024-01-09 10:00", -7, likes=3)],
    )
    folder.build()
    row = folder.rows("SELECT * FROM marts.posts ORDER BY post_id")[0]
    assert (row["views"], row["likes"], row["saves"], row["interactions"]) == (90, 3, None, None)
    assert len(folder.rows("SELECT * FROM marts.post_days WHERE post_id = '11110'")) == 1


def test_as_of_leaves_out_what_was_observed_later(folder: Folder) -> None:
    folder.load(
        [a_post("11111", "2024-01-01 10:00")],
        [seen("11111", "2024-01-02 10:00", 10), seen("11111", "2024-01-20 10:00", 99)],
    )
    folder.build(as_of=date(2024, 1, 10))
    assert age_of(folder)["views"] == 10


def test_a_creator_whose_consent_ended_is_not_published(tmp_path: Path) -> None:
    text = CAMPAIGN.replace('accounts = ["tiktok:@kofi"]\n', "", 0) + "consent_until = 2024-01-01\n"
    folder = Folder(tmp_path, a_campaign(tmp_path, text))
    folder.load(
        [a_post("33333", "2024-01-01 10:00", account="kofi")],
        [seen("33333", "2024-01-02 10:00", 10, account="kofi")],
    )
    folder.build()
    assert folder.rows("SELECT * FROM marts.posts") == []
    assert "kofi" not in str(folder.rows("SELECT * FROM marts.creators"))


def test_medians_compare_posts_at_one_age_with_their_interval(folder: Folder) -> None:
    posts = [a_post(f"1111{n}", f"2024-01-{n + 1:02} 10:00") for n in range(7)]
    readings = [
        seen(f"1111{n}", f"2024-01-{n + 8:02} 10:00", (n + 1) * 100, likes=n, comments=0, shares=0)
        for n in range(7)
    ]
    folder.load(posts, readings)
    folder.build()
    row = folder.row("SELECT * FROM marts.topic_periods WHERE topic_id = 'help' AND period_id = 'ap1'")
    assert (row["posts"], row["same_age_day"], row["posts_of_that_age"]) == (7, 7, 7)
    assert (row["median_views_same_age"], row["low"], row["high"]) == (400, 100, 700)
    assert row["engagement_rate"] == pytest.approx(21 / 2800)


def test_below_six_posts_there_is_a_median_but_no_interval(folder: Folder) -> None:
    posts = [a_post(f"1111{n}", f"2024-01-{n + 1:02} 10:00") for n in range(5)]
    folder.load(posts, [seen(f"1111{n}", f"2024-01-{n + 8:02} 10:00", n * 100) for n in range(5)])
    folder.build()
    row = folder.row("SELECT * FROM marts.topic_periods WHERE topic_id = 'help' AND period_id = 'ap1'")
    assert (row["median_views_same_age"], row["low"], row["high"]) == (200, None, None)


def test_nothing_at_all_builds_empty_tables(folder: Folder) -> None:
    folder.load()
    report = folder.build()
    assert report.as_of is None
    assert report.rows["posts"] == 0
    assert len(folder.rows("SELECT * FROM marts.sources WHERE status = 'never'")) == 3


def test_a_rate_is_never_made_of_two_moments(folder: Folder) -> None:
    folder.load(
        [a_post("11111", "2024-01-01 10:00")],
        [
            seen("11111", "2024-01-07 10:00", 100, likes=10, comments=0, shares=0),
            seen("11111", "2024-01-08 08:00", 200),
            seen("11111", "2024-01-09 08:00", 300, likes=30, comments=0, shares=0),
        ],
    )
    folder.build()
    assert age_of(folder)["views_day_7_status"] == "interpolated"
    row = folder.row("SELECT * FROM marts.topic_periods WHERE topic_id = 'help' AND period_id = 'ap1'")
    assert row["engagement_rate"] is None


def test_the_same_store_builds_the_same_tables_twice(folder: Folder) -> None:
    posts = [a_post(f"1111{n}", f"2024-01-0{n + 1} 03:00") for n in range(9)]
    readings = [
        seen(f"1111{n}", f"2024-01-{day:02} 1{n}:00", 37 * n + day * day)
        for n in range(9)
        for day in (n + 2, n + 9, n + 17, n + 22)
    ]
    folder.load(posts, readings)
    seen_once, seen_twice = (
        [folder.build(), folder.rows("SELECT * FROM marts.topic_weeks")][1] for _ in "ab"
    )
    assert seen_once == seen_twice


def test_a_post_with_few_views_has_a_rate_but_no_lead_in_an_ordered_list(folder: Folder) -> None:
    few = a_post("99999", "2024-01-01 10:00")
    many = [a_post(f"{n}" * 5, "2024-01-01 10:00") for n in range(1, 9)]
    folder.load(
        [few, *many],
        [
            seen("99999", "2024-01-20 10:00", 10, likes=3, comments=0, shares=0),
            *(
                seen(f"{n}" * 5, "2024-01-20 10:00", 10_000, likes=400 + 40 * n, comments=0, shares=0)
                for n in range(1, 9)
            ),
        ],
    )
    folder.build()
    by_rate = folder.rows("SELECT post_id FROM marts.posts ORDER BY engagement_rate DESC, post_id")
    by_low = folder.rows("SELECT post_id FROM marts.posts ORDER BY engagement_rate_low DESC, post_id")
    assert by_rate[0] == {"post_id": "99999"}
    assert by_low[0] == {"post_id": "88888"}


def test_a_post_without_a_rate_has_no_place_in_an_ordered_list(folder: Folder) -> None:
    folder.load([a_post("11111", "2024-01-01 10:00")], [seen("11111", "2024-01-20 10:00", 100)])
    folder.build()
    row = folder.row("SELECT engagement_rate, engagement_rate_low FROM marts.posts")
    assert set(row.values()) == {None}
