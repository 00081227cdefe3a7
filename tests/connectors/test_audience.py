from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from connectors.base import BadExport, Refusal
from tests.connectors.exports import CONTEXT, Inbox, Loaded, utc
from tests.connectors.meta import AGES, CITIES, COUNTRIES, FOLLOWERS, Table, titled

MINE = replace(CONTEXT, account="lavelle.sings")
FEW: Table = (FOLLOWERS[0], FOLLOWERS[1], (("99",),))


def shares(loaded: Loaded, dimension: str) -> dict[str, float | None]:
    return {
        row["bucket"]: row["share"] for row in loaded.rows("audience_seen") if row["dimension"] == dimension
    }


def refusal(inbox: Inbox, data: bytes, account: str | None = "lavelle.sings") -> str:
    with pytest.raises(BadExport) as caught:
        inbox.read(data, replace(CONTEXT, account=account), "audience.csv")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def with_rows(table: Table, *rows: tuple[str, ...]) -> Table:
    return (table[0], table[1], rows)


def test_a_share_is_translated_whole(inbox: Inbox) -> None:
    loaded = inbox.read(titled(with_rows(CITIES, ("Sheffield", "17.7%"))), MINE)
    assert loaded.rows("audience_seen") == [
        {
            "load_id": None,
            "row_no": 1,
            "source": "meta_business_suite_audience",
            "platform": "instagram",
            "account": "lavelle.sings",
            "observed_at": datetime(2024, 2, 6, 12),
            "observed_s": utc("2024-02-06 12:00:00"),
            "observed_precision": "day",
            "subject_type": "account",
            "subject_id": "lavelle.sings",
            "population": "followers",
            "dimension": "city",
            "bucket": "Sheffield",
            "share": 0.177,
        }
    ]


def test_all_sections_are_read(inbox: Inbox) -> None:
    loaded = inbox.read(titled(FOLLOWERS, AGES, CITIES, COUNTRIES), MINE)
    assert shares(loaded, "age") == {"13-17": 0.15, "18-24": 0.65, "65+": 0.2}
    assert shares(loaded, "gender") == {"Female": 0.624, "Male": 0.376}
    assert shares(loaded, "city") == {"Sheffield": 0.177, "London, England": 0.053}
    assert shares(loaded, "country") == {"United Kingdom": 0.914, "Pakistan": 0.022}
    assert loaded.loaded == 8  # rows of the file: 1 + 3 + 2 + 2
    assert (loaded.refused, loaded.reading.notices) == ([], ())


def test_the_number_of_followers_is_that_of_the_day_of_export(inbox: Inbox) -> None:
    loaded = inbox.read(titled(FOLLOWERS, CITIES), MINE)
    (day,) = loaded.rows("account_days_seen")
    assert (day["account"], day["day"], day["followers"]) == ("lavelle.sings", date(2024, 2, 6), 9420)
    assert loaded.native_of("followers") == "Instagram followers"
    assert (
        inbox.read(titled(CITIES), MINE).reason_of("followers")
        == 'no section "Instagram followers" in this file'
    )


@pytest.mark.parametrize(
    ("cell", "share"), [("17,7%", 0.177), ("17.7 %", 0.177), ("8%", 0.08), ("0,05\xa0%", 0.0005)]
)
def test_percentages_are_read_in_any_spelling(inbox: Inbox, cell: str, share: float) -> None:
    loaded = inbox.read(titled(with_rows(CITIES, ("Sheffield", cell))), MINE)
    assert shares(loaded, "city") == {"Sheffield": share}


def test_a_portuguese_file_reads_like_the_english_one(inbox: Inbox) -> None:
    english = inbox.read(titled(FOLLOWERS, AGES, CITIES, COUNTRIES), MINE)
    tables = (
        ("Seguidores do Instagram", FOLLOWERS[1], FOLLOWERS[2]),
        ("Seguidores do Instagram por gênero e idade", ("Idade", "Mulheres", "Homens"), commas(AGES)),
        ("Seguidores do Instagram pelas principais cidades", ("Principais cidades", "Valor"), commas(CITIES)),
        (
            "Seguidores do Instagram pelos principais países",
            ("Principais países", "Valor"),
            commas(COUNTRIES),
        ),
    )
    portuguese = inbox.read(titled(*tables), MINE)
    assert portuguese.rows("audience_seen") == english.rows("audience_seen")
    assert portuguese.rows("account_days_seen") == english.rows("account_days_seen")


def commas(table: Table) -> list[tuple[str, ...]]:
    return [(name, *(cell.replace(".", ",") for cell in cells)) for name, *cells in table[2]]


def test_a_share_that_is_not_told_is_null_and_so_are_the_sums_with_it(inbox: Inbox) -> None:
    loaded = inbox.read(titled(with_rows(AGES, ("13-17", "", "4.9%"), ("18-24", "40.3%", "24.7%"))), MINE)
    assert shares(loaded, "age") == {"13-17": None, "18-24": 0.65}
    assert shares(loaded, "gender") == {"Female": None, "Male": 0.296}


@pytest.mark.parametrize("bad", [("13-17", "0,011", "4.9%"), ("13-17", "1.1%")])
def test_sums_over_a_refused_row_are_null(inbox: Inbox, bad: tuple[str, ...]) -> None:
    loaded = inbox.read(titled(with_rows(AGES, bad, ("18-24", "40.3%", "24.7%"))), MINE)
    assert loaded.refused
    assert shares(loaded, "age") == {"18-24": 0.65}
    assert shares(loaded, "gender") == {"Female": None, "Male": None}


def test_what_is_no_percentage_is_refused_with_its_row(inbox: Inbox) -> None:
    rows = (("Leeds", "0.177"), ("Sheffield", "17.7%"), ("York", "177%"), ("Hull", "<1%"), ("Bath",))
    loaded = inbox.read(titled(with_rows(CITIES, *rows)), MINE)
    assert shares(loaded, "city") == {"Sheffield": 0.177}
    assert loaded.refused == [
        Refusal(1, "no percentage: 0.177"),
        Refusal(3, "no percentage: 177%"),
        Refusal(4, "no percentage: <1%"),
        Refusal(5, "1 cells, not 2"),
    ]


def test_shares_of_more_than_everybody_are_refused(inbox: Inbox) -> None:
    text = refusal(inbox, titled(with_rows(CITIES, ("Leeds", "60%"), ("York", "43%"))))
    assert text == (
        'shares of "Instagram followers by top cities" add up to more than 100 %: audience.csv:'
        " export it again and do not open it in Excel"
    )
    rounded = with_rows(CITIES, ("Leeds", "60%"), ("York", "41.9%"))
    assert shares(inbox.read(titled(rounded), MINE), "city") == {"Leeds": 0.6, "York": 0.419}


def test_shares_of_fewer_than_100_followers_are_not_kept(inbox: Inbox) -> None:
    loaded = inbox.read(titled(CITIES, FEW), MINE)
    assert loaded.rows("audience_seen") == []
    assert [row["followers"] for row in loaded.rows("account_days_seen")] == [99]
    assert [refused.reason for refused in loaded.refused] == [
        "shares of fewer than 100 followers are not kept"
    ] * 2


def test_a_section_without_rows_is_explained(inbox: Inbox) -> None:
    loaded = inbox.read(titled(FOLLOWERS, with_rows(CITIES)), MINE)
    assert loaded.reading.notices == (
        '"Instagram followers by top cities" is empty: Instagram gives shares from 100 followers on',
    )


def test_a_gender_that_is_not_known_leaves_no_ages_that_would_be_too_small(inbox: Inbox) -> None:
    ages = (AGES[0], (*AGES[1], "Unknown"), [(*row, "1.0%") for row in AGES[2]])
    loaded = inbox.read(titled(ages, CITIES), MINE)
    assert (shares(loaded, "age"), shares(loaded, "gender")) == ({}, {})
    assert [refused.reason for refused in loaded.refused] == ["columns not known"] * 3
    assert loaded.reading.notices == (
        'columns of "Instagram followers by gender and age" are not known: Age, Women, Men, Unknown; kept'
        " out: add them under [audience.columns] in connectors/instagram/headers_xx.toml (xx: its language)",
    )


def test_sections_that_are_not_known_are_kept_out_and_named(inbox: Inbox) -> None:
    page = ("Facebook followers by gender and age", AGES[1], AGES[2])
    formats = ("Published content", ("Posts", "Stories"), (("4", "9"),))
    loaded = inbox.read(titled(page, CITIES, formats), MINE)
    assert shares(loaded, "age") == {}
    assert loaded.reading.notices == (
        'section "Published content" is not known; kept out',
        "figures of a facebook page kept out: Facebook followers by gender and age",
    )


def test_a_file_without_a_known_section_is_refused_with_those_that_are(inbox: Inbox) -> None:
    assert refusal(inbox, titled(("Follower nach Stadt", ("Stadt", "Wert"), (("Ulm", "1 %"),)))) == (
        "meta figures called Follower nach Stadt: audience.csv: known are "
        '"Instagram followers", "Instagram followers by gender and age", "Instagram followers by top cities",'
        ' "Instagram followers by top countries", "Seguidores do Instagram",'
        ' "Seguidores do Instagram por gênero e idade", "Seguidores do Instagram pelas principais cidades",'
        ' "Seguidores do Instagram pelos principais países"; if it is one of them in another language, add it'
        " under [audience.titles] in connectors/instagram/headers_xx.toml (xx: its language)"
    )
    assert refusal(inbox, titled(("Facebook followers", ("A",), (("1",),)))) == (
        "facebook page audience (Facebook followers): audience.csv: choose the Instagram account and export"
        " it again"
    )


def test_somebody_must_say_whose_audience_it_is_and_of_which_day(inbox: Inbox) -> None:
    assert refusal(inbox, titled(CITIES), None).startswith("account not known: audience.csv")
    untold = replace(MINE, exported_on=None)
    with pytest.raises(BadExport, match=r"day of export not known: audience\.csv"):
        inbox.read(titled(CITIES), untold, "audience.csv")
    assert inbox.read(titled(CITIES), untold, "2024-02-05/audience.csv").reading.exported_on == date(
        2024, 2, 5
    )
