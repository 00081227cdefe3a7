"""Whatever bytes arrive: canonical rows, or one `BadExport` on one line. Never another exception."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors import intake, registry
from connectors.base import BadExport, Context
from tests.connectors.captures import instagram, instagram_graph, instagram_partial, ndjson, tiktok
from tests.connectors.exports import (
    CONTENT_HEADER,
    CONTEXT,
    OVERVIEW_HEADER,
    SUITE_HEADER,
    Inbox,
    content,
    content_row,
    overview,
    stored_zip,
    suite,
    suite_row,
)
from tests.connectors.sheets import reading, sheet

OVERVIEW = overview(*([f"January {n}", "1", "2", "undefined", "-4", "5"] for n in range(1, 20)))
CONTENT = content(content_row(), content_row("2024-01-04 10:00:00", Video_title='a "b", c\nd'))
SUITE = suite(suite_row(), suite_row("2024-01-04 10:00:00", Description='a "b", c\nd 🌷'))
REAL = [
    CONTENT,
    OVERVIEW,
    SUITE,
    CONTENT.decode("utf-8-sig").encode("utf-16"),
    SUITE.decode("utf-8-sig").replace("🌷", "é").encode("cp1252"),
    stored_zip({"Content.csv": CONTENT, "Overview.csv": OVERVIEW}),
    ndjson(tiktok(), tiktok("2024-01-04 10:00:00", author="coach.kofi")),
    ndjson(instagram(), instagram_graph(), instagram_partial()),
    sheet(reading(), reading(link="", what="age 18-24", value="34%")),
]
CONTEXTS = [
    replace(CONTEXT, account="lavelle.sings"),
    replace(CONTEXT, exported_on=None),
    replace(CONTEXT, exported_on=None, today=None, account="coach.kofi"),
]
MANY = settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])

names = st.sampled_from(
    ["a.csv", "a.zip", "2024-02-06/a.csv", "Overview_2024-01-01_1706000000_lavelle.sings.zip"]
)
contexts = st.sampled_from(CONTEXTS)
SPICE = [
    *(b'"', b",", b";", b"\n", b"\r", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"E+18", b"undefined", b"####"),
    *(
        "é".encode(),
        "é".encode("cp1252"),
        b"\x81",
        b"9" * 30,
        b"-",
        b"0x1f",
        b"February 29",
        b"sep=;\n",
        b"PK",
    ),
    *(b"\n" * 50, b'""', b'"\n"', b",,,,,,,,,,,\n", b"2024-02-30", b"1.234", b"29 f\xc3\xa9vrier"),
]
cells = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "undefined", "7", "-7", "1,234", "1.2K", "January 3", "February 29", "2024-02-06", "6 février"]
    ),
    st.sampled_from([*content_row(), *suite_row().values()]),
)


def feed(inbox: Inbox, data: bytes, name: str, context: Context) -> None:
    try:
        path = inbox.put(data, name)
        for member in intake.open_members(path, name, read_archives=context.read_archives):
            assert member.sha256
            for batch in registry.read(member, context).batches:
                tables = [table for name, table in batch.tables.items() if name != "audience_seen"]
                assert all(table.num_rows == batch.rows for table in tables)
                assert all(refusal.row > 0 for refusal in batch.refused)
    except BadExport as refusal:
        text = str(refusal)
        assert text.isprintable()
        assert text[0] == text[0].lower()


@given(st.binary(max_size=600), names, contexts)
@MANY
def test_random_bytes_are_refused(inbox: Inbox, data: bytes, name: str, context: Context) -> None:
    feed(inbox, data, name, context)


@given(st.sampled_from(REAL), st.data(), names, contexts)
@MANY
def test_real_files_with_other_bytes_in_them(
    inbox: Inbox, data: bytes, draw: st.DataObject, name: str, context: Context
) -> None:
    for _ in range(draw.draw(st.integers(1, 4))):
        at = draw.draw(st.integers(0, len(data)))
        cut = draw.draw(st.sampled_from([0, 1, 2, 7, 60]))
        piece = draw.draw(st.one_of(st.sampled_from(SPICE), st.binary(max_size=6)))
        data = data[:at] + piece + data[at + cut :]
    feed(inbox, data, name, context)


@given(st.sampled_from(REAL), st.floats(0, 1), names, contexts)
@MANY
def test_truncated_files(inbox: Inbox, data: bytes, part: float, name: str, context: Context) -> None:
    feed(inbox, data[: int(len(data) * part)], name, context)


@given(
    st.sampled_from([CONTENT_HEADER, OVERVIEW_HEADER, SUITE_HEADER]),
    st.lists(st.lists(cells, min_size=1, max_size=19), max_size=6),
    st.sampled_from([",", ";", "\t"]),
    contexts,
)
@MANY
def test_right_headers_over_any_cells(
    inbox: Inbox, header: tuple[str, ...], rows: list[list[str]], delimiter: str, context: Context
) -> None:
    table = [header, *((row * 19)[: len(header)] if len(row) > 1 else row for row in rows)]
    lines = (delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in table)
    feed(inbox, "\n".join(lines).encode("utf-8", "replace"), "a.csv", context)


@pytest.mark.parametrize("data", REAL)
def test_the_real_files_themselves_are_read(inbox: Inbox, data: bytes) -> None:
    context = replace(CONTEXT, account="lavelle.sings")
    path = inbox.put(data, "2024-02-06/a")
    loaded = [
        batch.rows
        for member in intake.open_members(path, "2024-02-06/a")
        for batch in registry.read(member, context).batches
    ]
    assert sum(loaded) > 0
