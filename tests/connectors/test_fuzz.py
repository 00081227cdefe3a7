"""The door for files under fire: whatever arrives, canonical rows or one refusal, and no crash.

Short in the ordinary run; `make fuzz` gives each test 20,000 examples, RAPUP_FUZZ_EXAMPLES any number.
"""

from __future__ import annotations

import faulthandler
import json
import os
import resource
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.base import Context
from tests.connectors.exports import (
    CONTENT_HEADER,
    CONTEXT,
    FOLLOWER_ACTIVITY_HEADER,
    FOLLOWER_GENDER_HEADER,
    FOLLOWER_HISTORY_HEADER,
    FOLLOWER_TERRITORIES_HEADER,
    OVERVIEW_HEADER,
    SUITE_HEADER,
    VIEWERS_HEADER,
    Inbox,
    content_row,
    quoted,
    stored_zip,
    suite_row,
)
from tests.connectors.test_hostile import SPICE, feed
from tests.connectors.workbooks import excel_workbook, parts_of, tiktok_workbook, zip_of

EXAMPLES = int(os.environ.get("RAPUP_FUZZ_EXAMPLES", "60"))
FIRE = settings(
    max_examples=EXAMPLES,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
MINE = replace(CONTEXT, account="lavelle.sings", read_archives=True)
CONTEXTS = st.sampled_from([MINE, CONTEXT, replace(MINE, exported_on=None), replace(MINE, today=None)])
HANG_S = 300
GROWTH_KB = 400_000

FIRST = date(2024, 1, 10)
SHOWN = [f"{day:%B} {day.day}" for day in (FIRST + timedelta(n) for n in range(27))]
TABLES: dict[str, list[tuple[str, ...]]] = {
    "Content": [CONTENT_HEADER, tuple(content_row()), tuple(content_row("2024-01-04 10:00:00"))],
    "Overview": [OVERVIEW_HEADER, *((day, "9", "undefined", "-1", "0", "2") for day in SHOWN)],
    "Viewers": [VIEWERS_HEADER, *((day, "9", "5", "4") for day in SHOWN)],
    "FollowerHistory": [FOLLOWER_HISTORY_HEADER, *((day, "900", "1") for day in SHOWN)],
    "FollowerActivity": [
        FOLLOWER_ACTIVITY_HEADER,
        *((d, str(h), "9") for d in SHOWN[-3:] for h in range(24)),
    ],
    "FollowerGender": [FOLLOWER_GENDER_HEADER, ("Female", "0.6"), ("Male", "40%")],
    "FollowerTopTerritories": [FOLLOWER_TERRITORIES_HEADER, ("GB", "0.713"), ("Others", "0.287")],
    "Suite": [SUITE_HEADER, tuple(suite_row().values())],
}
POST = {"Date": "2024-01-03 12:30:00", "Link": "x", "Likes": "1", "WhoCanView": "Everyone", "Title": "N/A"}
ARCHIVE = {
    "Profile": {"x": None},
    "Post": {"Posts": {"VideoList": [POST, POST]}},
    "Watch History": {"VideoList": [{}]},
}
BOOKS = [
    *(parts_of(tiktok_workbook(rows, title)) for title, rows in TABLES.items()),
    parts_of(excel_workbook({"A": [["a"]], **{t: [list(r) for r in rows] for t, rows in TABLES.items()}})),
]
XML_SPICE = (
    *(
        '<c r="XFD1" t="str"><v>x</v></c>',
        '<row r="1048576"/>',
        '<c t="s"><v>7</v></c>',
        "<v>7.3E+18</v>",
        "</row>",
    ),
    *(
        't="inlineStr"',
        't="d"',
        's="1"',
        's="99"',
        'r="A0"',
        "&#x0;",
        "&amp;",
        "_xD83D_",
        "]]>",
        "<!--",
        "<x:c/>",
    ),
    *(
        "<!DOCTYPE a>",
        "xml:space",
        "date1904='1'",
        "../",
        "1e999",
        "-1",
        "",
        "9" * 40,
        "NaN",
        '"',
        "<",
        "é",
        "\ufffe",
    ),
)
NAMES = st.sampled_from(
    [
        "a.csv",
        "a.zip",
        "Viewers.xlsx",
        "2024-02-06/Content.csv",
        "user_data.json",
        "Followers_lavelle.sings.zip",
    ]
)


@pytest.fixture(autouse=True)
def no_hang_and_no_hoarding() -> Iterator[None]:
    """A reader that never ends shows its stack, and one that hoards is found out."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    faulthandler.dump_traceback_later(HANG_S + EXAMPLES // 10, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < GROWTH_KB


def cut(draw: st.DrawFn, text: str | bytes, spice: st.SearchStrategy[str | bytes]) -> str | bytes:
    """`text` with a few pieces of it replaced, doubled or lost."""
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(text)))
        end = min(len(text), at + draw(st.sampled_from([0, 0, 1, 3, 20, 200])))
        piece = draw(st.one_of(spice, st.just(text[at:end] * 2)))
        text = text[:at] + piece + text[end:]  # type: ignore[operator]
    return text


@st.composite
def workbooks(draw: st.DrawFn) -> bytes:
    """Workbooks whose parts were damaged before they were packed, so that every sum is right."""
    parts = dict(draw(st.sampled_from(BOOKS)))
    for name in draw(st.lists(st.sampled_from(sorted(parts)), min_size=1, max_size=3)):
        changed = cut(draw, parts[name], st.one_of(st.sampled_from(XML_SPICE), st.text(max_size=5)))
        parts[name] = str(changed)
    if draw(st.booleans()):
        parts.pop(draw(st.sampled_from(sorted(parts))))
    return zip_of(parts)


@st.composite
def texts(draw: st.DrawFn) -> bytes:
    """Every kind of CSV, damaged, in one of the encodings that people send."""
    header, *rows = draw(st.sampled_from(list(TABLES.values())))
    data = cut(draw, quoted(header, rows), st.one_of(st.sampled_from(SPICE), st.binary(max_size=4)))
    encoding = draw(st.sampled_from(["utf-8", "utf-16", "cp1252", "utf-16-le"]))
    return (
        bytes(data) if encoding == "utf-8" else bytes(data).decode(errors="ignore").encode(encoding, "ignore")
    )


@st.composite
def archives(draw: st.DrawFn) -> bytes:
    """Data downloads with other values anywhere in their posts, damaged or not."""
    values = st.recursive(
        st.one_of(
            st.none(), st.integers(), st.floats(), st.text(max_size=9), st.sampled_from(list(POST.values()))
        ),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)
        ),
        max_leaves=6,
    )
    posts = draw(st.lists(st.one_of(values, st.fixed_dictionaries(dict.fromkeys(POST, values))), max_size=4))
    data = json.dumps(
        {**ARCHIVE, "Post": {"Posts": {"VideoList": posts}}}, indent=draw(st.sampled_from([None, 1]))
    )
    spice = st.sampled_from([b"{", b"}", b"[", b"]", b'"', b"null", b"\\", b'"VideoList":[', b"\x00", b"NaN"])
    return bytes(cut(draw, data.encode(), spice)) if draw(st.booleans()) else data.encode()


FILES = st.one_of(texts(), workbooks(), archives(), st.binary(max_size=300))
MEMBERS = st.one_of(
    st.sampled_from([*(f"{title}.csv" for title in TABLES), *(f"F/{title}.xlsx" for title in TABLES)]),
    st.sampled_from(
        ["user_data_tiktok.json", "[Content_Types].xml", "xl/workbook.xml", "../a", "Posts.txt", "a.zip"]
    ),
    st.text(min_size=1, max_size=8),
)


@given(workbooks(), NAMES, CONTEXTS)
@FIRE
def test_damaged_workbooks(inbox: Inbox, data: bytes, name: str, context: Context) -> None:
    feed(inbox, data, name, context)


@given(texts(), NAMES, CONTEXTS)
@FIRE
def test_damaged_texts(inbox: Inbox, data: bytes, name: str, context: Context) -> None:
    feed(inbox, data, name, context)


@given(archives(), CONTEXTS)
@FIRE
def test_damaged_data_downloads(inbox: Inbox, data: bytes, context: Context) -> None:
    feed(inbox, data, "user_data_tiktok.json", context)


@given(st.dictionaries(MEMBERS, FILES, max_size=4), st.data(), NAMES, CONTEXTS)
@FIRE
def test_zips_of_anything(
    inbox: Inbox, members: dict[str, bytes], draw: st.DataObject, name: str, context: Context
) -> None:
    data = stored_zip(members)
    if draw.draw(st.booleans()):
        at = draw.draw(st.integers(0, len(data)))
        data = data[:at] + draw.draw(st.binary(max_size=8)) + data[at + draw.draw(st.integers(0, 8)) :]
    feed(inbox, data, name, context)


@pytest.mark.parametrize("title", TABLES)
def test_the_files_themselves_are_read(inbox: Inbox, title: str) -> None:
    header, *rows = TABLES[title]
    csv = inbox.read(quoted(header, rows), MINE, "2024-02-06/x")
    book = inbox.read(tiktok_workbook(TABLES[title], title), MINE, "2024-02-06/x")
    assert csv.loaded == book.loaded > 0
    assert (csv.refused, book.refused) == ([], [])
