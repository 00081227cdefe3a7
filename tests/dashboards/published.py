"""A small published file with invented rows, in the contract's own tables and types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import product
from math import sin
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from models.compare import Comparison
from models.intervals import Ratio
from models.published import TABLES
from models.verdicts import Names, period_verdict, sentence
from tests.dashboards import received
from tests.dashboards.charted import RATE, charted, weeks

Rows = list[dict[str, Any]]
ARROW = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
}
AS_OF = datetime(2024, 4, 12, 9)
PERIODS = [
    ("ap1", "Action period 1", date(2023, 11, 8), date(2024, 2, 5)),
    ("ap2", "Action period 2", date(2024, 2, 7), date(2024, 5, 6)),
    ("ap3", "Action period 3", date(2024, 5, 8), date(2024, 9, 22)),
]
TEAMS = [
    ("early-help", "Early help team", "finding-help", "Finding help early"),
    (
        "learning-disability",
        "Learning disability team",
        "learning-disability",
        "Understanding learning disability",
    ),
    ("neurodiversity", "Neurodiversity team", "neurodiversity", "Growing up neurodivergent"),
    ("community-wellbeing", "Community wellbeing team", "talking", "Talking about mental health at home"),
]
CREATORS = [
    ("lavelle", "Lavelle", ("tiktok", "instagram"), "lavelle.sings"),
    ("amira", "Amira", ("tiktok", "instagram"), "amira.talks"),
    ("kofi", "Coach Kofi", ("tiktok",), "coach.kofi"),
    ("trust", "Steel City Minds", ("tiktok",), "steelcity.minds"),
]
LANGUAGES = {"lavelle": "ar", "trust": "so"}
EVENTS = [
    (date(2023, 9, 28), "Big Conversation", "outside", None, None),
    (date(2023, 11, 7), "Learning session 1", "session", None, None),
    (date(2024, 2, 6), "Learning session 2", "session", None, None),
    (
        date(2024, 2, 12),
        "Captions open with a question",
        "test_of_change",
        "early-help",
        "Lavelle asks a question in the first two seconds; the team predicts more comments and shares.",
    ),
    (date(2024, 5, 7), "Learning session 3", "session", None, None),
    (date(2024, 9, 23), "Summit", "session", None, None),
]
CAPTIONS = [
    "Where do you go when it all gets too much? #findhelpearly",
    "Three words my gran never had for this 💛 #talkathome",
    "حديث بسيط عن الصحة النفسية في البيت #talkathome",
    "Santé mentale : on en parle à table ? #talkathome #sheffield",
    "POV: first appointment nerves, and what really happens in the room when you say it out loud",
    "",
]


@dataclass
class Published:
    """A reader over an in-memory published file, as `models.store.Published` is over a real one."""

    connection: duckdb.DuckDBPyConnection
    asked: list[str] = field(default_factory=list)

    def query(self, sql: str, parameters: Sequence[object] = ()) -> pd.DataFrame:
        self.asked.append(sql)
        return self.connection.execute(sql, list(parameters)).df()

    def change(self, sql: str) -> None:
        self.connection.execute(sql)


def published(tables: Mapping[str, Rows] | None = None) -> Published:
    """The invented campaign, with some tables replaced."""
    connection = duckdb.connect(":memory:")
    connection.execute("CREATE SCHEMA marts")
    content = {**invented(), **(tables or {})}
    for table in TABLES:
        types = pa.schema([(column.name, ARROW[column.type]) for column in table.columns])
        connection.register("incoming", pa.Table.from_pylist(content.get(table.name, []), schema=types))
        columns = ", ".join(
            f"CAST({column.name} AS {column.type}) AS {column.name}" for column in table.columns
        )
        create = f"CREATE TABLE marts.{table.name} AS SELECT {columns} FROM incoming"  # noqa: S608
        connection.execute(create)
        connection.unregister("incoming")
    return Published(connection)


_OF_POSTS = (
    "posts", "topic_weeks", "topic_periods", "topic_comparisons", "target_reach", "spc", "loads",
    "account_weeks", "source_metrics", "posting_times",
)  # fmt: skip


def without_posts() -> Published:
    """A campaign of which nothing has come yet."""
    sources = [{**row, "source": "none", "status": "never", "newest_observation": None} for row in _sources()]
    accounts = [{**row, "posts": 0, "newest_post": None, "newest_observation": None} for row in _accounts()]
    empty: dict[str, Rows] = {name: [] for name in _OF_POSTS}
    return published(
        {**empty, "sources": sources, "accounts": accounts, "campaign": _campaign(datetime(2023, 9, 1))}
    )


def invented() -> dict[str, Rows]:
    """Every table that pages read."""
    posts = _posts()
    return {
        "campaign": _campaign(AS_OF),
        "teams": [{"team_id": t[0], "name": t[1], "rank": n} for n, t in enumerate(TEAMS, 1)],
        "topics": [
            {"topic_id": t[2], "team_id": t[0], "name": t[3], "rank": n} for n, t in enumerate(TEAMS, 1)
        ],
        "periods": [_named(("period_id", "name", "starts", "ends"), p, n) for n, p in enumerate(PERIODS, 1)],
        "events": [_named(("day", "name", "kind", "team_id", "note"), e, n) for n, e in enumerate(EVENTS, 1)],
        "creators": [
            {
                "creator_id": c[0],
                "name": c[1],
                "kind": "influencer",
                "language": LANGUAGES.get(c[0], "en-GB"),
                "rank": n,
            }
            for n, c in enumerate(CREATORS, 1)
        ],
        "accounts": _accounts(),
        "posts": posts,
        "topic_weeks": list(_topic_weeks()),
        "topic_periods": _topic_periods(list(_topic_weeks()), posts),
        "topic_comparisons": [_comparison(n, measure) for n, measure in product(range(len(TEAMS)), MEASURES)],
        "target_reach": _target_reach(posts[0]),
        "spc": _spc(list(_topic_weeks())),
        "sources": _sources(),
        "asks": _asks(),
        "loads": [*_loads(), *received.loads()],
        "account_weeks": received.account_weeks(),
        "posting_times": received.posting_times(),
        "source_metrics": received.source_metrics(),
    }


def _named(names: Iterable[str], values: Iterable[object], rank: int) -> dict[str, Any]:
    return {**dict(zip(names, values, strict=True)), "rank": rank}


def _campaign(as_of: datetime) -> Rows:
    return [
        {
            "name": "rap-up",
            "title": "RAP-UP",
            "timezone": "Europe/London",
            "starts": date(2023, 9, 1),
            "ends": date(2024, 10, 6),
            "as_of": as_of,
            "built_at": datetime(2024, 4, 12, 10),
            "version": "0.1.0",
            "audience": "Young people from ethnically diverse communities in Sheffield",
            "goal_share": 0.4,
        }
    ]


def _accounts() -> Rows:
    return [
        {
            "platform": platform,
            "account": handle,
            "creator_id": creator,
            "posts": 14,
            "newest_observation": AS_OF,
        }
        for creator, _, platforms, handle in CREATORS
        for platform in platforms
    ]


def _posts() -> Rows:
    """A post every five days per team, alternating creators and platforms; the last team has one."""
    return [_post(n, k) for n in range(len(TEAMS)) for k in range(28 if n < 3 else 1)]


def _post(n: int, k: int) -> dict[str, Any]:
    team_id, _, topic_id, _ = TEAMS[n]
    creator, _, platforms, handle = CREATORS[(k + n) % len(CREATORS)]
    platform = platforms[k % len(platforms)]
    day = date(2023, 11, 9) + timedelta(5 * k + n)
    views = 700 + (k * 977 + n * 331) % 5200
    interactions = views // 23 if k % 7 else None
    age = (AS_OF.date() - day).days
    status = "not_yet" if age < 28 else "missing" if k % 9 == 4 else ("observed", "interpolated")[k % 2]
    known = status in {"observed", "interpolated"}
    period = next((p[0] for p in PERIODS if p[2] <= day <= p[3]), None)
    post_id = f"73{n}{k:04d}"
    path = f"@{handle}/video/{post_id}" if platform == "tiktok" else f"reel/{post_id}/"
    return {
        "platform": platform,
        "post_id": post_id,
        "account": handle,
        "creator_id": creator,
        "topic_id": topic_id,
        "team_id": team_id,
        "period_id": period,
        "published_at": datetime(day.year, day.month, day.day, 17),
        "published_on": day,
        "permalink": f"https://www.{platform}.com/{path}",
        "caption": CAPTIONS[(k + n) % len(CAPTIONS)],
        "views": views,
        "interactions": interactions,
        "engagement_rate": interactions / views if interactions is not None else None,
        "engagement_rate_low": interactions / views * 0.8 if interactions is not None else None,
        "views_day_28": int(views * 0.9) if known else None,
        "views_day_28_status": status,
    }


def _topic_weeks() -> Iterable[dict[str, Any]]:
    """Weeks with a gap, an incomplete week and an unsettled one; the third team has few, the last none."""
    mondays = [date(2023, 11, 6) + timedelta(7 * n) for n in range(23)]
    for (n, team), (k, week) in product(enumerate(TEAMS[:3]), enumerate(mondays)):
        if team is TEAMS[2] and k < 12:
            continue
        parts = {
            "tiktok": int(1500 + 600 * n + 500 * sin(k * 1.3 + n) + 40 * k),
            "instagram": 400 + (k * 137 + n * 91) % 500,
        }
        for platform, value in {**parts, "all": sum(parts.values())}.items():
            unknown, partial = k in {5, 6}, k == 11
            yield {
                "topic_id": team[2],
                "team_id": team[0],
                "platform": platform,
                "week": week,
                "posts": 1,
                "views_new": None if unknown else value,
                "interactions_new": None if unknown else value // 25,
                "engagement_rate": None if unknown else (value // 25 + k % 5 * value // 300) / value,
                "coverage": 0.0 if unknown else 0.71 if partial else 0.97,
                "basis": "partial" if unknown or partial else "interpolated",
                "is_complete": not (unknown or partial or k == 22),
                "is_settled": k < 22,
            }


def _topic_periods(weeks: Rows, posts: Rows) -> Rows:
    started = [p for p in PERIODS if p[2] <= AS_OF.date()]
    return [_topic_period(team, period, weeks, posts) for team in TEAMS for period in started]


def _topic_period(team: tuple[str, ...], period: tuple[Any, ...], weeks: Rows, posts: Rows) -> dict[str, Any]:
    full = [
        week["views_new"]
        for week in weeks
        if week["topic_id"] == team[2]
        and week["platform"] == "all"
        and week["is_complete"]
        and period[2] <= week["week"]
        and week["week"] + timedelta(6) <= period[3]
    ]
    mine = [p for p in posts if p["topic_id"] == team[2] and p["period_id"] == period[0]]
    aged = sorted(p["views_day_28"] for p in mine if p["views_day_28"] is not None)
    has = len(aged) >= 6
    return {
        "topic_id": team[2],
        "team_id": team[0],
        "period_id": period[0],
        "posts": len(mine),
        "same_age_day": 28 if has else None,
        "posts_of_that_age": len(aged) if has else None,
        "median_views_same_age": float(aged[len(aged) // 2]) if has else None,
        "low": float(aged[0]) if has else None,
        "high": float(aged[-1]) if has else None,
        "engagement_rate": 0.0417 if has else None,
        "views_new": sum(full) if full else None,
        "views_new_per_week": sum(full) / len(full) if full else None,
        "weeks": len(full),
    }


AP1_AND_2 = (PERIODS[0][1], PERIODS[1][1])
MEASURES = ("views_same_age", "engagement_rate")


def _comparison(n: int, measure: str) -> dict[str, Any]:
    """The second action period beside the first, told by the real words."""
    known = n < 3
    ratio = Ratio(1.1 + n, 0.8 if known else None, 1.6 + n if known else None, 14, 9 if known else 1)
    comparison = Comparison("views", ratio, ratio, None, 0, 23, 0.9, 0.9)
    verdict = period_verdict(comparison, "up" if n == 1 else None)
    team_id, _, topic_id, _ = TEAMS[n]
    return {
        "topic_id": topic_id,
        "team_id": team_id,
        "period_id": "ap2",
        "before_id": "ap1",
        "measure": measure,
        "same_age_day": 28,
        "posts_before": ratio.n_before,
        "posts_after": ratio.n_after,
        "ratio": ratio.value,
        "low": ratio.low,
        "high": ratio.high,
        "known_before": 0.9,
        "known_after": 0.9,
        "boosted": 0,
        "boosting_unknown": 23,
        "shift": verdict.shift,
        "verdict": verdict.kind,
        "sentence": sentence(
            verdict, comparison, Names("views per post at 28 days", PERIODS[0][1], PERIODS[1][1])
        ),
    }


def _target_reach(post: dict[str, Any]) -> Rows:
    """A video whose viewers were measured, and an account of which only the followers are known."""
    account = {"subject_type": "account", "subject_id": "lavelle.sings", "population": "followers"}
    video = {"subject_type": "post", "subject_id": post["post_id"], "population": "viewers"}
    shared = {"creator_id": "lavelle", "observed_at": AS_OF, "listed": 0.97, "goal_share": 0.4}
    words = "aged 13-17 or 18-24; in GB; in Sheffield"
    every = {"criterion": "all", "words": words, "state": "shown", "is_reading": False}
    return [
        {
            **shared, **account, **every, "platform": "tiktok", "low": 0.05, "high": 0.61, "basis": "account",
        },
        {
            **shared, **account, "platform": "tiktok", "criterion": "city", "words": "in Sheffield",
            "state": "suppressed", "basis": "account", "is_reading": False,
        },
        {
            **shared, **video, **every, "platform": post["platform"], "low": 0.45, "high": 0.7,
            "basis": "measured", "is_reading": True, "verdict": "Reaches goal",
        },
    ]  # fmt: skip


def _spc(topic_weeks: Rows) -> Rows:
    """Charts of three teams, the third of which has too few weeks, and of one account; one by views."""
    rows: Rows = []
    for team in TEAMS[:3]:
        mine = [row for row in topic_weeks if row["topic_id"] == team[2] and row["platform"] == "all"]
        columns: dict[str, Any] = {"facet": f"topic:{team[2]}", "first": mine[0]["week"]}
        loose = [n for n, row in enumerate(mine) if not (row["is_complete"] and row["is_settled"])]
        rates = [None if row["engagement_rate"] is None else 1000 * row["engagement_rate"] for row in mine]
        uneven = [100.0 + 900 * (n % 3) for n in range(len(mine))] if team is TEAMS[1] else None
        columns["is_sufficient"] = team is not TEAMS[2]
        rows += weeks([row["views_new"] for row in mine], loose=loose, **columns)
        rows += weeks(rates, uneven, loose, measure=RATE, **columns)
    account: dict[str, Any] = {"facet": "account:tiktok:lavelle.sings", "first": date(2023, 10, 2)}
    rows += weeks([5000.0 + 700 * (n * 7 % 5) for n in range(27)], loose=(26,), **account)
    rows += weeks([60.0 + n * 3 % 7 for n in range(27)], loose=(26,), measure=RATE, **account)
    return charted(rows, AS_OF.date())


def _sources() -> Rows:
    state = {
        "trust": ("none", "never", None),
        "kofi": ("tiktok_studio_content", "stale", datetime(2024, 2, 1, 12)),
    }
    return [
        {
            "platform": platform,
            "account": handle,
            "source": source,
            "newest_observation": newest,
            "status": status,
            "note": None
            if status == "fresh"
            else "nothing newer for more than 21 days: ask for a new export",
        }
        for creator, _, platforms, handle in CREATORS
        for platform in platforms
        for source, status, newest in [
            state.get(
                creator,
                (
                    "tiktok_studio_content" if platform == "tiktok" else "meta_business_suite_content",
                    "fresh",
                    AS_OF,
                ),
            )
        ]
    ]


def _asks() -> Rows:
    wanted = [
        (
            "lavelle.sings",
            "lavelle",
            "overview",
            "never received: it is the baseline, and holds at most 365 days",
        ),
        ("coach.kofi", "kofi", "content", "the newest one is old"),
        (
            "steelcity.minds",
            "trust",
            "overview",
            "never received: it is the baseline, and holds at most 365 days",
        ),
        (
            "steelcity.minds",
            "trust",
            "content",
            "never received: without it no video of this account is known",
        ),
    ]
    return [
        {"platform": "tiktok", "account": account, "creator_id": creator, "ask": ask, "reason": reason}
        for account, creator, ask, reason in wanted
    ]


def _loads() -> Rows:
    return [
        {
            "load_id": "l1",
            "source": "tiktok_studio_content",
            "platform": "tiktok",
            "account": "coach.kofi",
            "name": "kofi/screenshot.png",
            "loaded_at": AS_OF,
            "rows": 0,
            "refused": 1,
            "reason": "a picture cannot be read: ask for the CSV of the same page",
        },
        {"load_id": "l2", "name": "lavelle/Content.csv", "loaded_at": AS_OF, "rows": 9, "refused": 0},
    ]


HOSTILE = [
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "javascript:alert(1)",
    "<a href=javascript:alert(1)>x</a>",
    "<!--<script>alert(1)",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "<details open ontoggle=alert(1)>",
    "<body onload=alert(1)>",
    "<math><mtext></mtext><script>alert(1)</script></math>",
    "<form action=https://example.org><input type=submit>",
    "<meta http-equiv=refresh content=0;url=https://example.org>",
    "<base href=https://example.org>",
    "<link rel=stylesheet href=https://example.org/x.css>",
    "<style>*{display:none}</style>",
    "{{ 7 * 7 }} {% raw %}",
    "${7*7} #{7*7}",
    "\u202egnirts desrever\u202c",
    "\u2066isolated\u2069 \u200f\u200emarks",
    "line\u2028separator\u2029paragraph",
    "null\u0001and\u001bcontrol",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\\u003cscript\\u003ealert(1)",
    '=HYPERLINK("https://example.org")',
    "＜script＞alert(1)＜/script＞",
    "datum.value; constructor.constructor('alert(1)')()",
]
HOSTILE_LINKS = [
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "//www.tiktok.com.example.org/x",
    "https://www.tiktok.com@example.org/",
    "https://example.org/?https://www.tiktok.com/",
    "http://www.tiktok.com/@a/video/1",
    "https://www.tiktok.com:8443/x",
    'https://www.tiktok.com/"onmouseover="alert(1)',
    "https://www.tiktok.com\\@example.org/",
    "https://[www.tiktok.com",
]


def hostile() -> Published:
    """The invented campaign with captions, addresses, file names, handles and notes meant to break pages."""
    tables = invented()
    for n, post in enumerate(tables["posts"]):
        post["caption"] = HOSTILE[n % len(HOSTILE)]
        post["permalink"] = HOSTILE_LINKS[n % len(HOSTILE_LINKS)]
    for n, load in enumerate(tables["loads"]):
        load["name"], load["reason"] = HOSTILE[n], HOSTILE[n + 1]
    for n, source in enumerate(tables["sources"]):
        source["note"] = HOSTILE[n]
    for n, creator in enumerate(tables["creators"]):
        creator["name"] = f"{creator['name']} {HOSTILE[n]}"
    for n, topic in enumerate(tables["topics"]):
        topic["name"] = f"{topic['name']} {HOSTILE[n]}"
    tables["periods"][1]["name"] = "Period </script><script>alert(1)</script>"
    tables["events"][3]["note"] = HOSTILE[1]
    return published(tables)
