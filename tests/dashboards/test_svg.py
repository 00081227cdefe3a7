from __future__ import annotations

import logging
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from dashboards import charts
from dashboards.kept import Kept
from dashboards.svg import Artist, ChartFailed, _checked

GOOD = charts.spec(charts.bars([("TikTok", 21.0, "21"), ("Instagram", 9.0, "9")]))
BAD = {**GOOD, "layer": [{"mark": "no such mark"}]}


@pytest.fixture(scope="module")
def artist(cache: Path) -> Iterator[Artist]:
    with Artist(Kept(cache)) as artist:
        yield artist


def test_a_chart_is_drawn_under_its_own_name(artist: Artist) -> None:
    drawn = artist.draw(GOOD, "team-views", 400)
    assert drawn.startswith("<svg")
    assert 'class="mark-rect role-mark team_views_marks"' in drawn
    assert 'width="400"' in drawn


def test_a_chart_that_fails_spoils_no_other(artist: Artist, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert artist.draw(BAD, "bad", 400) == ""
    assert "chart bad could not be drawn" in caplog.text
    assert "good_marks" in artist.draw(GOOD, "good", 400)


def test_a_worker_that_hangs_is_ended(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Artist(Kept(tmp_path), seconds=0.01) as impatient, caplog.at_level(logging.WARNING):
        assert impatient.draw(GOOD, "slow", 400) == ""
    assert "the worker ended" in caplog.text


def test_the_picture_of_another_chart_is_refused() -> None:
    with pytest.raises(ChartFailed, match="another chart"):
        _checked('<svg class="marks"><g class="earlier_marks"/></svg>', "wanted")


@pytest.mark.parametrize(
    "inside",
    [
        "<script>1</script>",
        '<a href="x">1</a>',
        "<image/>",
        '<g style="x"/>',
        '<g onload="x"/>',
        "<style>x</style>",
        '<text xlink:href="x" xmlns:xlink="http://www.w3.org/1999/xlink">1</text>',
        "<![CDATA[<b>]]>",
        "<g>",
    ],
)
def test_a_picture_holds_shapes_and_text_only(inside: str) -> None:
    with pytest.raises(ChartFailed, match="more than shapes"):
        _checked(f'<svg class="marks"><g class="a_marks"/>{inside}</svg>', "a")


def test_the_text_of_a_picture_may_say_anything() -> None:
    said = "&lt;script&gt; style= onload= href= &lt;a &gt;"
    drawn = f'<svg class="marks"><g class="a_marks"/><text aria-label="{said}">{said}</text></svg>'
    assert _checked(drawn, "a") == drawn


def test_ids_are_of_this_picture_alone() -> None:
    drawn = _checked(
        '<svg x="1"><g class="a_b_marks"/><rect id="clip7"/><g clip-path="url(#clip7)"/></svg>', "a-b"
    )
    assert 'id="a-b-0"' in drawn
    assert "url(#a-b-0)" in drawn
    assert "clip7" not in drawn


def test_a_chart_that_was_drawn_before_needs_no_worker(tmp_path: Path) -> None:
    with Artist(Kept(tmp_path)) as first:
        drawn = first.draw(GOOD, "team-views", 400)
    with Artist(Kept(tmp_path)) as second:
        assert second.draw(GOOD, "team-views", 400) == drawn
        assert second._worker is None
        assert second.draw({**GOOD, "height": 99}, "team-views", 400) != drawn
        assert second._worker is not None


def test_a_kept_picture_is_checked_like_a_fresh_one(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Artist(Kept(tmp_path)) as artist, caplog.at_level(logging.WARNING):
        artist.draw(GOOD, "team-views", 400)
        kept = next(tmp_path.glob("*.svg"))
        kept.write_text(kept.read_text().replace("</svg>", "<script>1</script></svg>"))
        assert artist.draw(GOOD, "team-views", 400) == ""
    assert "more than shapes" in caplog.text


def test_a_picture_for_slides_is_twice_as_large(artist: Artist) -> None:
    picture = artist.png(artist.draw(GOOD, "team-views", 400))
    assert Image.open(BytesIO(picture)).size == (800, 192)


def test_a_picture_that_cannot_be_made_is_told(artist: Artist) -> None:
    with pytest.raises(ChartFailed):
        artist.png("<svg")


def test_the_bundle_is_kept_and_cannot_end_its_script(artist: Artist) -> None:
    script = artist.bundle()
    assert script == artist.bundle()
    assert "vegaEmbed" in script
    assert "</script" not in script.lower()
    assert "\r" not in script
