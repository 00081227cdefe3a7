"""Who follows and who watched: TikTok's Followers files, and what a person read on a screen."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from .curves import History
from .model import AMIRA_TIKTOK, LAVELLE_TIKTOK, Account, at_eleven, chance
from .tiktok import day_in_words, link, quoted, stored_entry

Files = Iterator[tuple[str, bytes]]

FOLLOWERS = [
    # account, day of the export, followers then, gained a day, women, men, shares of territories
    (LAVELLE_TIKTOK, date(2024, 10, 1), 48_200, 21, 0.61, 0.36, {"GB": 0.71, "IE": 0.06, "US": 0.05}),
    (AMIRA_TIKTOK, date(2024, 10, 4), 31_700, 14, 0.68, 0.29, {"GB": 0.64, "PK": 0.09, "SO": 0.05}),
]
OTHER_TERRITORIES = ("DE", "FR", "NL", "CA", "AU", "AE", "NG")
READ_ON = date(2024, 10, 1)
# Shares in percent, as the app shows them.
LAVELLES_FOLLOWERS = {"age 18-24": 41, "age 25-34": 33, "age 35-44": 17, "city Sheffield": 34}
VIEWERS = [
    {"age 18-24": 74, "age 25-34": 18, "country GB": 93, "city Sheffield": 81, "city Rotherham": 6},
    {"age 18-24": 29, "age 25-34": 48, "country GB": 82, "city Sheffield": 37, "city Leeds": 12},
]


def followers_files() -> Files:
    """One ZIP with four members per account."""
    for account, day, followers, gained, women, men, territories in FOLLOWERS:
        members = {
            "FollowerHistory.csv": _history(account, day, followers, gained),
            "FollowerActivity.csv": _activity(account, day, followers),
            "FollowerGender.csv": quoted(
                [
                    ("Gender", "Distribution"),
                    ("Female", f"{women}"),
                    ("Male", f"{men}"),
                    ("Other", f"{1 - women - men:.2f}"),
                ]
            ),
            "FollowerTopTerritories.csv": _territories(territories),
        }
        yield f"{account.folder}/{day}/Followers_{account.handle}.zip", _zip_of(members, day)


def _history(account: Account, day: date, followers: int, gained: int) -> bytes:
    """365 days to the day before."""
    dice = chance(f"followers {account.handle}")
    totals = [followers]
    for _ in range(364):
        totals.append(totals[-1] - max(-5, round(dice.gauss(gained, gained / 2))))
    totals.reverse()
    rows = [("Date", "Followers", "Difference in followers from previous day")]
    for n, total in enumerate(totals):
        change = total - totals[n - 1] if n else 0
        rows.append((day_in_words(day - timedelta(days=365 - n), "en"), str(total), str(change)))
    return quoted(rows)


def _activity(account: Account, day: date, followers: int) -> bytes:
    """Seven days by the hour; of the newest day only the hours that have come."""
    dice = chance(f"activity {account.handle}")
    rows = [("Date", "Hour", "Active followers")]
    for back in range(7, 0, -1):
        for hour in range(24):
            share = 0.05 + 0.3 * max(0, 1 - abs(hour - 19) / 9)
            active = round(followers * share * dice.uniform(0.9, 1.1))
            is_to_come = back == 1 and hour > 11
            shown = day_in_words(day - timedelta(days=back), "en")
            rows.append((shown, str(hour), str(0 if is_to_come else active)))
    return quoted(rows)


def _territories(told: Mapping[str, float]) -> bytes:
    left = 1 - sum(told.values())
    others = {code: round(left * 0.08 / (n + 1), 3) for n, code in enumerate(OTHER_TERRITORIES)}
    rest = 1 - sum(told.values()) - sum(others.values())
    rows = [(code, f"{share:.3f}") for code, share in {**told, **others}.items()]
    return quoted([("Top territories", "Distribution"), *rows, ("Others", f"{rest:.3f}")])


def _zip_of(members: Mapping[str, bytes], day: date) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(stored_entry(name, at_eleven(day)), content)
    return buffer.getvalue()


def readings_file(histories: list[History]) -> tuple[str, bytes]:
    """What the team saw on Lavelle's phone: her followers, and the viewers of her two largest videos."""
    mine = [h for h in histories if h.post.account is LAVELLE_TIKTOK and h.post.topic == "finding-help"]
    largest = sorted(mine, key=lambda h: (-h.at(READ_ON), h.post.post_id))[: len(VIEWERS)]
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(("account", "post link", "read on", "metric or audience bucket", "value", "seen on"))
    for bucket, percent in LAVELLES_FOLLOWERS.items():
        writer.writerow(_reading("", bucket, percent, "followers screen"))
    for history, shares in zip(largest, VIEWERS, strict=True):
        for bucket, percent in shares.items():
            writer.writerow(_reading(link(history.post), bucket, percent, "viewers of the video"))
    return "inbox/readings.csv", table.getvalue().encode()


def _reading(address: str, bucket: str, percent: int, screen: str) -> tuple[str, ...]:
    return (f"tiktok:@{LAVELLE_TIKTOK.handle}", address, READ_ON.isoformat(), bucket, f"{percent}%", screen)
