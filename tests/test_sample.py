"""The sample is what its script makes, has the traits of real exports, and holds its story."""

from __future__ import annotations

import csv
import io
import re
import statistics
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.bad_exports import BAD, GOOD, write_bad_exports

ROOT = Path(__file__).parents[1]
INBOX = ROOT / "data" / "sample" / "inbox"
TWO_MEGABYTES = 2_000_000
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
PACIFIC, LONDON = ZoneInfo("America/Los_Angeles"), ZoneInfo("Europe/London")
CHANGE = date(2024, 2, 12)

Row = dict[str, str]


def test_is_made_again_byte_for_byte(tmp_path):
    make_sample(tmp_path)
    assert bytes_below(tmp_path / "inbox") == bytes_below(INBOX)


def test_script_refuses_a_folder_with_files_of_somebody_else(tmp_path):
    precious = tmp_path / "inbox" / "real.zip"
    precious.parent.mkdir()
    precious.write_bytes(b"precious")
    with pytest.raises(subprocess.CalledProcessError):
        make_sample(tmp_path)
    assert list(bytes_below(tmp_path)) == ["inbox/real.zip"]


def test_is_small():
    assert sum(map(len, bytes_below(INBOX).values())) < TWO_MEGABYTES


@pytest.mark.parametrize("kind", ["Content", "Overview"])
def test_tiktok_files_have_every_trait_of_the_format(kind):
    for path in INBOX.rglob(f"{kind}_*.zip"):
        member, content = only_member(path)
        assert (member.filename, member.compress_type) == (f"{kind}.csv", zipfile.ZIP_STORED)
        assert content.startswith(b"\xef\xbb\xbf")
        assert not content.endswith(b"\n")
        assert b"\r" not in content
        assert all(re.fullmatch(r'"([^"]|"")*"(,"([^"]|"")*")*', line) for line in lines(content))


def test_top_lists_never_exceed_15_rows_and_sometimes_reach_them():
    sizes = [len(rows(path)) for path in INBOX.rglob("Content_*.zip")]
    assert max(sizes) == 15
    assert min(sizes) > 0


def test_overviews_hold_365_days_without_a_year_and_end_on_the_day_before():
    for path in INBOX.rglob("Overview_*.zip"):
        days = [row["Date"] for row in rows(path)]
        exported = date.fromisoformat(path.parent.name)
        first = date.fromisoformat(path.name.split("_")[1])
        assert [english(first + timedelta(days=n)) for n in range(365)] == days
        assert first + timedelta(days=365) == exported


def test_overviews_have_undefined_days_and_negative_comments():
    every = [row for path in INBOX.rglob("Overview_*.zip") for row in rows(path)]
    assert any(row["Video Views"] == "undefined" for row in every)
    assert any(row["Comments"].startswith("-") for row in every)


def test_tiktok_ids_tell_the_day_of_posting():
    for path, row in tiktok_rows():
        uploaded = tiktok_clock(row["Video link"])
        shown = {local_day(uploaded + timedelta(seconds=seconds)) for seconds in (20, 150)}
        words = french if "coach.kofi" in path.name else english
        assert row["Post time"] in {words(day) for day in shown}


def test_a_french_export_shows_its_day_in_the_time_of_its_member_only():
    for path in INBOX.rglob("Content_coach.kofi*.zip"):
        exported = date(*only_member(path)[0].date_time[:3])
        assert not re.search(r"\d{4}-\d\d-\d\d", path.relative_to(INBOX).as_posix())
        assert {row["Time"] for row in rows(path)} == {french(exported)}


def test_instagram_files_use_both_column_orders_and_raw_newlines():
    headers = {path.read_text("utf-8-sig").split("\n")[0] for path in INBOX.glob("*/instagram-*/**/*.csv")}
    assert {header.split(",Views,")[1] for header in headers} == {
        "Reach,Likes,Shares,Follows,Comments,Saves",
        "Likes,Shares,Comments,Saves,Reach,Follows",
    }
    assert all(
        path.read_bytes().startswith(b'\xef\xbb\xbf"Post ID"')
        for path in INBOX.glob("*/instagram-*/**/*.csv")
    )
    assert any("\n" in row["Description"] for _, row in instagram_rows())


def test_tiktok_s_followers_files_have_every_trait_of_the_format():
    archives = [zipfile.ZipFile(path) for path in INBOX.rglob("Followers_*.zip")]
    assert len(archives) == 2
    for archive in archives:
        assert archive.namelist() == [
            *("FollowerHistory.csv", "FollowerActivity.csv", "FollowerGender.csv"),
            "FollowerTopTerritories.csv",
        ]
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        for name in archive.namelist():
            content = archive.read(name)
            assert content.startswith(b"\xef\xbb\xbf")
            assert not content.endswith(b"\n")
        shares = archive.read("FollowerTopTerritories.csv").decode("utf-8-sig").splitlines()[1:]
        assert sum(float(line.split('"')[3]) for line in shares) == pytest.approx(1)
        assert shares[-1].startswith('"Others"')


def test_instagram_publish_times_are_pacific_and_agree_with_the_id_clock():
    for _, row in instagram_rows():
        shown = datetime.strptime(row["Publish time"], "%m/%d/%Y %H:%M").replace(tzinfo=PACIFIC)
        assert abs(shown - instagram_clock(row["Permalink"])) < timedelta(minutes=3)
        assert re.fullmatch(r"18\d{15}", row["Post ID"])


def test_collaborations_of_others_have_blank_cells():
    owners = set()
    for path, row in instagram_rows():
        is_own = path.parts[-3] == f"instagram-{row['Account username']}"
        assert (row["Reach"] == "", row["Follows"] == "") == (not is_own, not is_own)
        if not is_own:
            owners.add(row["Account username"])
            assert (row["Saves"], row["Views"].isdigit()) == ("0", True)
    assert owners == {"amira.talks", "lavelle.sings", "sunday.pot.sheff"}


def test_totals_never_fall_but_for_the_one_correction():
    falls = [
        (earlier, later)
        for values in histories().values()
        for earlier, later in pairwise(values)
        if later < earlier
    ]
    assert falls == [(18_204, 16_930)]


def test_finding_help_improves_after_the_change_and_learning_disability_does_not():
    (views_before, rate_before), (views_after, rate_after) = before_and_after("#findhelpearly")
    assert rate_after / rate_before > 1.5
    assert views_after / views_before > 1.3
    (views_before, rate_before), (views_after, rate_after) = before_and_after("#seetheperson")
    assert 0.85 < rate_after / rate_before < 1.15
    assert 0.7 < views_after / views_before < 1.4


def test_one_video_goes_viral():
    best = sorted(max(values) for values in histories().values())
    assert best[-1] > 25 * statistics.median(best)
    assert best[-2] < 5 * statistics.median(best)


def test_bad_exports_are_all_written(tmp_path):
    write_bad_exports(tmp_path)
    assert set(bytes_below(tmp_path)) == {*GOOD, *BAD}
    whole = tmp_path / GOOD[0]
    assert local_day(tiktok_clock(rows(whole)[0]["Video link"])) == date(2024, 1, 5)


def make_sample(destination: Path) -> None:
    subprocess.run([sys.executable, ROOT / "tests" / "make_sample.py", destination], check=True)


def bytes_below(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def only_member(path: Path) -> tuple[zipfile.ZipInfo, bytes]:
    with zipfile.ZipFile(path) as archive:
        (member,) = archive.infolist()
        return member, archive.read(member)


def lines(content: bytes) -> list[str]:
    return content.decode("utf-8-sig").split("\n")


def rows(path: Path) -> list[Row]:
    content = only_member(path)[1] if path.suffix == ".zip" else path.read_bytes()
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def tiktok_rows() -> list[tuple[Path, Row]]:
    return [(path, row) for path in sorted(INBOX.rglob("Content_*.zip")) for row in rows(path)]


def instagram_rows() -> list[tuple[Path, Row]]:
    return [(path, row) for path in sorted(INBOX.glob("*/instagram-*/**/*.csv")) for row in rows(path)]


def tiktok_clock(link: str) -> datetime:
    return datetime.fromtimestamp(int(link.rsplit("/", 1)[1]) >> 32, UTC)


def instagram_clock(permalink: str) -> datetime:
    number = 0
    for letter in permalink.split("/")[4]:
        number = number * 64 + LETTERS.index(letter)
    return datetime.fromtimestamp(((number >> 23) + 1_314_220_021_721) / 1000, UTC)


def local_day(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()


def english(day: date) -> str:
    months = "January,February,March,April,May,June,July,August,September,October,November,December"
    return f"{months.split(',')[day.month - 1]} {day.day}"


def french(day: date) -> str:
    months = "janvier,février,mars,avril,mai,juin,juillet,août,septembre,octobre,novembre,décembre"
    return f"{day.day} {months.split(',')[day.month - 1]}"


def histories(hashtag: str = "") -> dict[str, list[int]]:
    """TikTok views per post, in the order of the weekly exports."""
    views: dict[str, list[int]] = {}
    for path, row in tiktok_rows():
        if hashtag in row["Video title"] and "coach.kofi" not in path.name:
            views.setdefault(row["Video link"], []).append(int(row["Total views"]))
    return views


def before_and_after(hashtag: str) -> list[tuple[float, float]]:
    """Median views and interactions per view of the posts published before, and since, the change."""
    newest = {row["Video link"]: row for _, row in tiktok_rows() if hashtag in row["Video title"]}
    return [
        (
            statistics.median(int(row["Total views"]) for row in half),
            sum(interactions(row) for row in half) / sum(int(row["Total views"]) for row in half),
        )
        for half in (
            [row for link, row in newest.items() if (local_day(tiktok_clock(link)) >= CHANGE) == is_after]
            for is_after in (False, True)
        )
    ]


def interactions(row: Row) -> int:
    return sum(int(row[f"Total {kind}"]) for kind in ("likes", "comments", "shares"))
