"""Whatever is in Meta's and Instagram's files: canonical rows, or one `BadExport` on one line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors import intake, registry
from connectors.base import BadExport, Context
from tests.connectors.downloads import INSIGHTS, audience, insight, insights, listed, packed, written
from tests.connectors.exports import CONTEXT, Inbox, suite_row
from tests.connectors.meta import AGES, CITIES, FOLLOWERS, card, titled, translated

FIGURES = {"Followers": "1,376", "Follower_Percentage_by_City": "London, England: 30.9%, Sheffield: 5.3%"}
DAYS = {f"2024-01-{day:02}": str(day) for day in range(1, 29)}
REAL = [
    card("Reach", DAYS),
    card("Alcance", DAYS, ("Data", "Primary")).decode("utf-16").encode("cp1252"),
    titled(FOLLOWERS, AGES, CITIES),
    translated("pt-BR", suite_row(), suite_row("2024-01-04 10:00:00", Description='a "b", c\nd 🌷')),
    insights(insight("2024-01-03 12:30:10", "🌷", Likes="1,055"), insight("2024-01-04 12:30:10", Saves="--")),
    audience(FIGURES),
    written([listed("2024-01-03 12:30:10", "🌷"), listed("2024-01-05 12:30:10", "x", "a.jpg", "b.jpg")]),
    packed({f"{INSIGHTS}/posts.json": insights(insight("2024-01-03 12:30:10", Likes="7"))}),
]
ALLOWED = replace(CONTEXT, account="lavelle.sings", read_archives=True)
CONTEXTS = [ALLOWED, replace(ALLOWED, exported_on=None), replace(ALLOWED, account=None, today=None)]
SPICE = [
    *(b'"', b",", b"\n", b"\x00", b"\xff\xfe", b"%", b"177%", b"[", b"]", b"{", b"}", b"null", b"NaN"),
    *(b"\\ud83d", b"\\u00c3", b"9" * 30, b"-", b"2024-02-30", b'"value"', b'"timestamp": 1e400', b"true"),
    *(
        "\n\n".encode("utf-16-le"),
        "%".encode("utf-16-le"),
        '"'.encode("utf-16-le"),
        b"sep=;\n",
        b"\xed\xa0\x80",
    ),
]
MANY = settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
names = st.sampled_from(["a.csv", "2024-02-06/a.json", "instagram-lavelle.sings-2024-02-06-x/a.zip"])


def feed(inbox: Inbox, data: bytes, name: str, context: Context) -> int:
    """How many rows were loaded."""
    rows = 0
    try:
        for member in intake.open_members(inbox.put(data, name), name, read_archives=context.read_archives):
            for batch in registry.read(member, context).batches:
                rows += batch.rows
                assert all(refusal.row > 0 and refusal.reason for refusal in batch.refused)
    except BadExport as refusal:
        text = str(refusal)
        assert text.isprintable()
        assert text[0] == text[0].lower()
    return rows


@given(st.sampled_from(REAL), st.data(), names, st.sampled_from(CONTEXTS))
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


@given(st.sampled_from(REAL), st.floats(0, 1), names, st.sampled_from(CONTEXTS))
@MANY
def test_truncated_files(inbox: Inbox, data: bytes, part: float, name: str, context: Context) -> None:
    feed(inbox, data[: int(len(data) * part)], name, context)


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["media", "uri", "title", "creation_timestamp", "string_map_data", "Likes", "value"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@given(
    st.sampled_from(["organic_insights_posts", "organic_insights_audience", "ig_reels_media", ""]),
    json_values,
)
@MANY
def test_downloads_of_any_shape(inbox: Inbox, root: str, value: object) -> None:
    data = written({root: value} if root else [{"media": [{"uri": "a.jpg"}]}, value])
    feed(inbox, data, "2024-02-06/a.json", ALLOWED)


@pytest.mark.parametrize("data", REAL)
def test_the_real_files_themselves_are_read(inbox: Inbox, data: bytes) -> None:
    assert feed(inbox, data, "2024-02-06/a", ALLOWED) > 0
