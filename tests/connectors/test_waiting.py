"""Pace and quota: what keeps a run below a platform's limits."""

from __future__ import annotations

import json
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.usage import AppQuota, Meter, Usage, usage_of
from connectors.waiting import Pace, Rate

FORTY = Rate(40, 60, per_account=True, per_endpoint=True)
APP = Rate(100, 60)


def test_requests_below_the_rate_do_not_wait() -> None:
    pace = Pace()
    assert [pace.turn([FORTY], "a", "/list", now=0) for _ in range(40)] == [0] * 40
    assert pace.turn([FORTY], "a", "/list", now=0) == 60
    assert pace.turn([FORTY], "a", "/list", now=30) == 30


def test_a_rate_counts_by_account_and_endpoint_if_it_says_so() -> None:
    pace = Pace()
    for _ in range(40):
        pace.turn([FORTY], "a", "/list", now=0)
    assert pace.turn([FORTY], "b", "/list", now=0) == 0
    assert pace.turn([FORTY], "a", "/other", now=0) == 0


def test_of_several_rates_the_strictest_holds() -> None:
    pace = Pace()
    waits = [pace.turn([FORTY, APP], account, "/list", now=0) for account in "abc" for _ in range(40)]
    assert waits[:100] == [0] * 100
    assert waits[100:] == [60] * 20


@given(st.lists(st.floats(0, 30), max_size=60))
def test_no_window_of_a_minute_ever_holds_more_than_the_rate(gaps: list[float]) -> None:
    pace, now, made = Pace(), 0.0, []
    for gap in gaps:
        now += gap
        now += pace.turn([Rate(5, 60)], "a", "/", now)
        made.append(now)
    window: deque[float] = deque()
    for at in made:
        window.append(at)
        while window[0] <= at - 60 + 1e-6:
            window.popleft()
        assert len(window) <= 5


def headers(name: str, value: object) -> dict[str, str]:
    return {name: value if isinstance(value, str) else json.dumps(value)}


APP_USAGE = {"call_count": 28, "total_time": 25, "total_cputime": 91}
BUSINESS = {
    "1784": [
        {"type": "instagram", "call_count": 95, "total_cputime": 20, "total_time": 5,
         "estimated_time_to_regain_access": 19},
        {"type": "pages", "call_count": 12, "total_cputime": 1, "total_time": 1},
    ]
}  # fmt: skip


@pytest.mark.parametrize(
    ("told", "usage"),
    [
        ({}, None),
        (headers("X-App-Usage", APP_USAGE), Usage(0.91)),
        (headers("X-Business-Use-Case-Usage", BUSINESS), Usage(0.95, 1140.0)),
        (
            headers("X-App-Usage", APP_USAGE) | headers("X-Business-Use-Case-Usage", BUSINESS),
            Usage(0.95, 1140.0),
        ),
        (headers("X-App-Usage", "not json"), None),
        (headers("X-App-Usage", "[]"), None),
        (headers("X-App-Usage", {"call_count": "many"}), Usage(0.0)),
        (headers("X-App-Usage", {"call_count": -5, "total_time": True}), Usage(0.0)),
        (headers("X-Business-Use-Case-Usage", {"1": "x", "2": [3]}), None),
    ],
)
def test_the_fullest_quota_is_the_one_that_counts(told: dict[str, str], usage: Usage | None) -> None:
    assert usage_of(told) == usage


def test_a_meter_keeps_the_newest_word_and_silence_is_none() -> None:
    meter = Meter()
    assert meter.quota_used is None
    meter.told(headers("X-App-Usage", APP_USAGE), now=0)
    meter.told({}, now=0)
    assert meter.quota_used == 0.91
    meter.told(headers("X-App-Usage", {"call_count": 3}), now=0)
    assert meter.quota_used == 0.03


def test_a_clock_is_compared_with_that_of_the_platform() -> None:
    meter = Meter()
    meter.told({"Date": "Thu, 01 Jan 1970 01:00:00 GMT"}, now=60)
    meter.told({"Date": "yesterday"}, now=60)
    meter.told({}, now=60)
    assert meter.clock_ahead_s == 60 - 3600


def test_the_apps_quota_is_all_accounts_and_a_business_quota_is_not() -> None:
    quota = AppQuota()
    quota.told(headers("X-App-Usage", APP_USAGE))
    quota.told(headers("X-Business-Use-Case-Usage", {"1": [{"call_count": 99}]}))
    assert quota.usage == Usage(0.91)
