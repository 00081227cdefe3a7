from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from connectors.base import BadExport, Refusal
from connectors.instagram.headers import languages
from models.schema import ACCOUNT_METRICS
from tests.connectors.exports import CONTEXT, Inbox, Loaded, utc
from tests.connectors.meta import AGES, card, titled

MINE = replace(CONTEXT, account="lavelle.sings")
DAYS = {"2024-02-01": "431", "2024-02-02": "390"}
TITLES = [
    (metric, title)
    for language in languages()
    for metric, titles in language.daily.items()
    for title in titles
]


def days(loaded: Loaded, metric: str) -> list[tuple[date, int | None]]:
    return [(row["day"], row[metric]) for row in loaded.rows("account_days_seen")]


def refusal(inbox: Inbox, data: bytes, account: str | None = "lavelle.sings") -> str:
    with pytest.raises(BadExport) as caught:
        inbox.read(data, replace(CONTEXT, account=account), "reach.csv")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_day_is_translated_whole(inbox: Inbox) -> None:
    loaded = inbox.read(card("Reach", {"2024-02-01": "431"}), MINE)
    assert loaded.rows("account_days_seen") == [
        {
            "load_id": None,
            "row_no": 1,
            "source": "meta_business_suite_days",
            "platform": "instagram",
            "account": "lavelle.sings",
            "day": date(2024, 2, 1),
            "observed_at": datetime(2024, 2, 6, 12),
            "observed_s": utc("2024-02-06 12:00:00"),
            "observed_precision": "day",
            **dict.fromkeys(ACCOUNT_METRICS),
            "reach": 431,
        }
    ]
    assert loaded.reading.account == "lavelle.sings"
    assert loaded.native_of("reach") == "Reach"
    assert loaded.reason_of("views") == "in another of Meta Business Suite's files by day, or in none"
    assert loaded.reading.chosen == {
        "encoding": "utf-16",
        "delimiter": "comma",
        "days": "as told, without a zone",
        "exported_on": "2024-02-06",
        "exported_on_basis": "--exported-on",
        "timezone": "Europe/London",
    }


@pytest.mark.parametrize(("metric", "title"), TITLES)
def test_the_title_says_which_figure_it_is(inbox: Inbox, metric: str, title: str) -> None:
    loaded = inbox.read(card(title, DAYS, header=("Tag", "Wert")), MINE)
    assert days(loaded, metric) == [(date(2024, 2, 1), 431), (date(2024, 2, 2), 390)]


def test_every_title_is_of_a_figure_that_is_kept() -> None:
    assert {metric for metric, _ in TITLES} <= ACCOUNT_METRICS.keys()


def test_an_unknown_title_is_refused_with_those_that_are_known(inbox: Inbox) -> None:
    assert refusal(inbox, card("Aufrufe", DAYS)) == (
        "figures by day called Aufrufe: reach.csv: known are "
        '"Views", "Viewers", "Reach", "Content interactions", "Instagram profile visits",'
        ' "Instagram link clicks", "Instagram follows", "Visualizaciones", "Visualizações", "Alcance",'
        ' "Alcance do Instagram", "Interações com o conteúdo", "Visitas ao perfil do Instagram",'
        ' "Cliques no link do Instagram", "Seguidores no Instagram", "Seguidos no Instagram";'
        " if it is one of views, viewers_total, reach, interactions, profile_views, link_clicks, follows,"
        " add it under [daily] in connectors/instagram/headers_xx.toml (xx: its language)"
    )


def test_the_figures_of_a_facebook_page_are_refused_by_name(inbox: Inbox) -> None:
    assert refusal(inbox, card("Facebook visits", DAYS)) == (
        "facebook page figures by day (Facebook visits): reach.csv:"
        " choose the Instagram account and export them again"
    )


def test_two_figures_in_one_file_are_both_read_and_a_page_s_is_left_out(inbox: Inbox) -> None:
    rows = [(f"{day}T00:00:00", number) for day, number in DAYS.items()]
    tables = [
        (title, ("Data", "Primary"), rows) for title in ("Alcance no Facebook", "Alcance", "Visualizações")
    ]
    loaded = inbox.read(titled(*tables), MINE)
    assert [row["row_no"] for row in loaded.rows("account_days_seen")] == [3, 4, 5, 6]
    assert [row["views"] for row in loaded.rows("account_days_seen")] == [None, None, 431, 390]
    assert loaded.reading.notices == ("figures of a facebook page kept out: Alcance no Facebook",)


def test_somebody_must_say_whose_figures_they_are(inbox: Inbox) -> None:
    assert refusal(inbox, card("Reach", DAYS), None) == (
        "account not known: reach.csv: say it with --account, or use a folder named after the handle"
    )
    assert refusal(inbox, card("Reach", DAYS), "stranger").startswith("no campaign account: @stranger; ")


def test_a_figure_that_is_not_told_is_null(inbox: Inbox) -> None:
    loaded = inbox.read(card("Views", {"2024-02-01": "", "2024-02-02": "--", "2024-02-03": "0"}), MINE)
    assert [number for _, number in days(loaded, "views")] == [None, None, 0]
    assert loaded.refused == []


def test_thousands_may_have_commas(inbox: Inbox) -> None:
    assert days(inbox.read(card("Views", {"2024-02-01": "12,400"}), MINE), "views") == [
        (date(2024, 2, 1), 12400)
    ]


def test_rows_that_cannot_be_are_refused_each_with_its_reason(inbox: Inbox) -> None:
    rows = [
        ("2024-02-01T00:00:00", "1"),
        ("2024-02-31T00:00:00", "2"),
        ("2024-02-01T00:00:00", "3"),
        ("2024-02-04T00:00:00", "many"),
        ("2024-02-05T00:00:00",),
    ]
    loaded = inbox.read(titled(("Reach", ("Date", "Primary"), rows)), MINE)
    assert loaded.loaded == 1
    assert loaded.refused == [
        Refusal(2, '"Date" is no day: 2024-02-31T00:00:00'),
        Refusal(3, "2024-02-01 is there twice"),
        Refusal(4, '"Reach" is not a whole number: many'),
        Refusal(5, "1 cells, not 2"),
    ]


def test_days_without_figures_are_refused(inbox: Inbox) -> None:
    loaded = inbox.read(titled(("Reach", ("Date",), [("2024-02-01T00:00:00",)])), MINE)
    assert loaded.refused == [Refusal(1, "1 cells, not 2")]


def test_the_figures_of_the_period_before_are_kept_out(inbox: Inbox) -> None:
    rows = [("2024-02-01T00:00:00", "431", "7")]
    loaded = inbox.read(titled(("Reach", ("Date", "Primary", "Comparison"), rows)), MINE)
    assert days(loaded, "reach") == [(date(2024, 2, 1), 431)]
    assert loaded.reading.notices == ('column "Comparison" is not known; kept out',)


def test_a_file_without_days_is_a_load_of_none(inbox: Inbox) -> None:
    loaded = inbox.read(card("Instagram follows", {}), MINE)
    assert (loaded.reading.source, loaded.loaded, loaded.refused) == ("meta_business_suite_days", 0, [])


def test_an_export_cannot_be_older_than_its_newest_day(inbox: Inbox) -> None:
    text = refusal(inbox, card("Reach", {"2024-02-09": "1"}))
    assert text.startswith(
        "day of export 2024-02-06 (--exported-on) is before the newest day in it, 2024-02-09"
    )


def test_the_day_of_export_is_told_by_a_folder(inbox: Inbox) -> None:
    untold = replace(MINE, exported_on=None)
    loaded = inbox.read(card("Reach", DAYS), untold, "2024-02-05/reach.csv")
    assert loaded.reading.exported_on == date(2024, 2, 5)


def test_text_in_other_encodings_is_read_too(inbox: Inbox) -> None:
    text = card("Visualizações", DAYS).decode("utf-16")
    for data in (
        text.encode(),
        text.encode("utf-8-sig"),
        text.encode("cp1252"),
        text.replace("\n", "\r\n").encode(),
    ):
        assert len(days(inbox.read(data, MINE), "views")) == 2


def test_a_file_too_large_to_be_a_figure_by_day_is_refused(inbox: Inbox) -> None:
    data = card("Reach", DAYS) + "\n".encode("utf-16-le") * 1_000_001
    assert refusal(inbox, data).startswith("larger than such figures can be: reach.csv")


def test_an_audience_is_no_figure_by_day(inbox: Inbox) -> None:
    assert inbox.read(titled(AGES), MINE).reading.source == "meta_business_suite_audience"
