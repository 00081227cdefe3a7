"""`Viewers` and `FollowerHistory`, in either format, from a ZIP as TikTok packs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.base import BadExport
from tests.connectors.exports import (
    CONTENT_HEADER,
    CONTEXT,
    FOLLOWER_HISTORY_HEADER,
    OVERVIEW_HEADER,
    VIEWERS_HEADER,
    Inbox,
    content_row,
    quoted,
    stored_zip,
)
from tests.connectors.workbooks import excel_workbook, tiktok_workbook

LAST = date(2024, 3, 2)
MINE = replace(CONTEXT, account="lavelle.sings", exported_on=LAST)
NAMELESS = replace(CONTEXT, exported_on=None)


def shown(day: date) -> str:
    return f"{day:%B} {day.day}"


def span(last: date, length: int) -> list[date]:
    return [last - timedelta(n) for n in reversed(range(length))]


def viewer_rows(days: Sequence[date]) -> list[list[str]]:
    return [[shown(day), str(30 + n), str(20), str(10 + n)] for n, day in enumerate(days)]


def follower_rows(days: Sequence[date]) -> list[list[str]]:
    return [[shown(day), str(800 + n), "-1"] for n, day in enumerate(days)]


def test_viewers_are_stored_on_the_day_that_the_file_shows(inbox: Inbox) -> None:
    loaded = inbox.read(quoted(VIEWERS_HEADER, viewer_rows([LAST])), MINE)
    (day,) = loaded.rows("account_days_seen")
    assert (day["source"], day["day"], day["account"]) == ("tiktok_studio_viewers", LAST, "lavelle.sings")
    assert (day["viewers_total"], day["viewers_new"], day["viewers_returning"]) == (30, 20, 10)
    assert (day["views"], loaded.reason_of("views")) == (None, "not in TikTok's file")


def test_followers_are_read_and_their_differences_are_not(inbox: Inbox) -> None:
    rows = [["March 1", "801", "nonsense"], ["March 2", "undefined", ""]]
    loaded = inbox.read(quoted(FOLLOWER_HISTORY_HEADER, rows), MINE)
    assert [row["followers"] for row in loaded.rows("account_days_seen")] == [801, None]
    assert (loaded.refused, loaded.reading.notices) == ([], ())


def test_a_workbook_gives_what_the_csv_gives(inbox: Inbox) -> None:
    rows = viewer_rows(span(LAST, 60))
    by_csv = inbox.read(quoted(VIEWERS_HEADER, rows), MINE)
    by_xlsx = inbox.read(tiktok_workbook([VIEWERS_HEADER, *rows], "Viewers"), MINE, "Viewers.xlsx")
    assert by_xlsx.rows("account_days_seen") == by_csv.rows("account_days_seen")
    assert by_xlsx.reading.chosen["sheet"] == "Viewers"


def test_days_that_excel_turned_into_dates_of_this_year_get_their_own_year_back(inbox: Inbox) -> None:
    days = span(date(2024, 1, 10), 20)
    rows = [[(float((day.replace(year=2026) - date(1899, 12, 30)).days), 1), 30, 20, 10] for day in days]
    saved = excel_workbook({"Viewers": [VIEWERS_HEADER, *rows]})
    loaded = inbox.read(saved, replace(MINE, exported_on=date(2024, 1, 10)), "Viewers.xlsx")
    assert [row["day"] for row in loaded.rows("account_days_seen")] == days


def test_a_full_date_that_contradicts_the_export_is_refused(inbox: Inbox) -> None:
    rows = [[(float((date(2026, 3, 2) - date(1899, 12, 30)).days), 2), 30, 20, 10]]
    with pytest.raises(BadExport, match="is before the newest day in it, 2026-03-02"):
        inbox.read(excel_workbook({"Viewers": [VIEWERS_HEADER, *rows]}), MINE, "Viewers.xlsx")


@pytest.mark.parametrize(
    "name",
    [
        "Viewers_lavelle.sings.zip",
        "Viewers_Lavelle.Sings (1).zip",
        "x/Viewers_lavelle.sings/2024-03-02/Viewers.csv",
    ],
)
def test_the_name_of_the_zip_or_of_its_folder_gives_the_account(inbox: Inbox, name: str) -> None:
    data = quoted(VIEWERS_HEADER, viewer_rows([LAST]))
    packed = data if name.endswith(".csv") else stored_zip({"Viewers.csv": data}, (2024, 3, 2, 9, 0, 0))
    assert inbox.read(packed, NAMELESS, name).reading.account == "lavelle.sings"


def test_two_claims_about_the_account_are_refused(inbox: Inbox) -> None:
    packed = stored_zip({"Viewers.csv": quoted(VIEWERS_HEADER, viewer_rows([LAST]))})
    with pytest.raises(BadExport, match=r"says @lavelle\.sings, the file's name @coach\.kofi"):
        inbox.read(packed, MINE, "Viewers_coach.kofi.zip")


def test_the_time_of_the_zip_gives_the_years_of_a_365_day_file(inbox: Inbox) -> None:
    days = span(LAST, 365)
    packed = stored_zip({"Viewers.csv": quoted(VIEWERS_HEADER, viewer_rows(days))}, (2024, 3, 2, 9, 0, 0))
    loaded = inbox.read(packed, NAMELESS, "Viewers_lavelle.sings.zip")
    assert [row["day"] for row in loaded.rows("account_days_seen")] == days
    assert loaded.reading.chosen["year_basis"] == "zip member's time"


def test_without_any_clue_the_years_are_asked_for(inbox: Inbox) -> None:
    data = quoted(FOLLOWER_HISTORY_HEADER, follower_rows(span(LAST, 28)))
    with pytest.raises(BadExport, match=r"years not known: .*--exported-on YYYY-MM-DD"):
        inbox.read(data, NAMELESS, "Followers_lavelle.sings/FollowerHistory.csv")


def test_a_header_alone_is_a_load_of_no_days(inbox: Inbox) -> None:
    assert inbox.read(quoted(VIEWERS_HEADER, []), NAMELESS, "Viewers.csv").batches == []


@pytest.mark.parametrize(
    ("title", "header", "row"),
    [
        ("Viewers", ("Data", "Espectadores", "Novos", "Recorrentes"), viewer_rows([LAST])[0]),
        (
            "Overview",
            ("Data", "Vistas", "Perfil", "Gostos", "Comentários", "Partilhas"),
            ["March 2", *"54321"],
        ),
        ("FollowerHistory", ("Data", "Seguidores", "Diferença"), follower_rows([LAST])[0]),
    ],
)
def test_columns_in_another_language_are_taken_by_their_places(
    inbox: Inbox, title: str, header: tuple[str, ...], row: list[str]
) -> None:
    loaded = inbox.read(quoted(header, [row]), MINE, f"{title} (2).csv")
    metric = {"Viewers": "viewers_total", "Overview": "views", "FollowerHistory": "followers"}[title]
    assert loaded.rows("account_days_seen")[0][metric] == int(row[1])
    assert loaded.native_of(metric) == header[1]
    assert f'"{header[1]}" as' in loaded.reading.notices[0]


def test_posts_in_another_language_are_taken_by_their_places(inbox: Inbox) -> None:
    header = ("Hora", "Título", "Enlace", "Publicado", "Gustos", "Comentarios", "Compartidos", "Vistas")
    loaded = inbox.read(quoted(header, [content_row()]), CONTEXT, "Content.csv")
    assert loaded.metrics[0]["views"] == 4510
    assert len(header) == len(CONTENT_HEADER)


def test_places_that_give_more_likes_than_views_are_not_believed(inbox: Inbox) -> None:
    header = ("Hora", "Título", "Enlace", "Publicado", "Vistas", "Gustos", "Comentarios", "Compartidos")
    row = content_row()
    swapped = [*row[:4], row[7], *row[4:7]]
    with pytest.raises(BadExport, match=r"more likes than views.*set TikTok to English"):
        inbox.read(quoted(header, [swapped]), CONTEXT, "Content.csv")
    days = ("Data", "Curtidas", "Perfil", "Vistas", "Comentarios", "Compartidos")
    with pytest.raises(BadExport, match="not in TikTok's order"):
        inbox.read(quoted(days, [["March 1", "9", "1", "120", "0", "0"]]), MINE, "Overview.csv")


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Besucher.csv", ("Data", "Espectadores", "Novos", "Recorrentes")),
        ("Viewers.csv", ("Data", "Espectadores", "Novos")),
        ("Viewers.csv", ("Data", "Espectadores", "Novos", "Novos")),
        ("Viewers.csv", ("Data", "Espectadores", "", "Novos")),
    ],
)
def test_another_name_or_shape_is_not_guessed(inbox: Inbox, name: str, header: tuple[str, ...]) -> None:
    with pytest.raises(BadExport, match="kind of file not known"):
        inbox.read(quoted(header, [["March 2", *"1234"][: len(header)]]), MINE, name)


def test_a_date_and_followers_alone_may_be_anybody_s(inbox: Inbox) -> None:
    with pytest.raises(BadExport, match="kind of file not known"):
        inbox.read(quoted(("Date", "Followers"), [["March 2", "801"]]), MINE, "FollowerHistory.csv")


def test_case_and_spaces_in_column_names_do_not_matter(inbox: Inbox) -> None:
    header = tuple(f" {name.upper()} " for name in OVERVIEW_HEADER)
    loaded = inbox.read(quoted(header, [["March 2", *"54321"]]), MINE)
    assert loaded.rows("account_days_seen")[0]["shares"] == 1


@given(st.dates(date(2022, 9, 1), date(2024, 9, 30)), st.integers(1, 365), st.integers(0, 2))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_range_gets_its_years_back(inbox: Inbox, last: date, length: int, lag: int) -> None:
    days = span(last, length)
    context = replace(MINE, exported_on=last + timedelta(lag))
    loaded = inbox.read(quoted(FOLLOWER_HISTORY_HEADER, follower_rows(days)), context)
    assert [row["day"] for row in loaded.rows("account_days_seen")] == days
