"""Many accounts at once never pass a vendor's limit, and use what it allows: in simulated time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulated import simulate


@pytest.mark.parametrize(
    ("source", "accounts", "posts", "at_most_s"),
    [
        ("tiktok_display_api", 10, 60, 10),
        ("tiktok_business_api", 2, 820, 70),  # 41 requests each, and 40 a minute
        ("tiktok_business_api", 40, 20, 12),  # 80 requests, and 10 a second
        ("instagram_login_api", 4, 50, 10),
        ("instagram_graph_api", 4, 50, 10),
    ],
)
def test_accounts_are_read_together_and_no_limit_is_passed(
    source: str, accounts: int, posts: int, at_most_s: float, tmp_path: Path
) -> None:
    pulled = simulate(tmp_path / "data", source, accounts, posts)
    assert [result.reason for result in pulled.results] == [None] * accounts
    assert sum(result.requests for result in pulled.results) == pulled.vendor.asked
    assert pulled.vendor.passed == []
    assert pulled.seconds <= at_most_s


def test_a_quota_that_is_the_whole_apps_is_left_by_all_accounts_together(tmp_path: Path) -> None:
    pulled = simulate(tmp_path / "data", "instagram_business_discovery", 24, 500)
    assert pulled.vendor.passed == []
    assert 180 <= pulled.vendor.asked <= 200
    left = [str(result.reason) for result in pulled.results if not result.is_complete]
    assert len(left) == 24 - pulled.whole > 0
    assert all("of the quota" in reason for reason in left)


def test_the_watch_sees_a_limit_that_is_passed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.tiktok.business.RATES", ())
    pulled = simulate(tmp_path / "data", "tiktok_business_api", 1, 820)
    assert {limit.requests for limit in pulled.vendor.passed} == {10, 40}
