"""Renewing tokens: early, once, and kept before they are used."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.http import Api
from connectors.secret import Secret
from connectors.source_errors import SourceError, TokenRejected, WrongAccount
from connectors.tiktok.display import DisplayApi
from connectors.tokens import Tokens
from flows.credentials import Credentials
from flows.settings import Settings
from models.campaign import Account
from tests.faults.server import RawServer, Reply, Request, answers
from tests.faults.tiktok import ACCESS, REFRESH, Display

NOW_S = 1_707_262_215
LAVELLE = Account("tiktok", "lavelle.sings")
API = DisplayApi()


class Night:
    """A data folder with one connected account, and the platform's server."""

    def __init__(self, folder: Path, server: RawServer, world: Display) -> None:
        self.server, self.world = server, world
        keys = {
            "RAPUP_TIKTOK_CLIENT_KEY": Secret("app-key"),
            "RAPUP_TIKTOK_CLIENT_SECRET": Secret("S3CR3T-app"),
        }
        self.settings = Settings(folder, app_keys=keys, api_bases={"TIKTOK_API_BASE": server.url})

    @property
    def credentials(self) -> Credentials:
        return Credentials(self.settings)

    @property
    def http(self) -> Api:
        return replace(API.open_api(self.server.url), sleep=lambda _: None)

    def keep(self, *, issued_s: int = NOW_S, life_s: int = 7200, **more: object) -> None:
        tokens = Tokens(
            Secret(ACCESS),
            Secret(REFRESH),
            issued_s,
            issued_s + life_s,
            issued_s + 15_552_000,
            can_renew=True,
        )
        self.credentials.files.write(LAVELLE, API.source, replace(tokens, **more))  # type: ignore[arg-type]

    def fresh(self, now_s: int = NOW_S, rejected: Tokens | None = None) -> str:
        return self.credentials.fresh(LAVELLE, API, self.http, now_s, rejected).access.reveal()

    def on_disk(self) -> tuple[str, str]:
        kept = self.credentials.files.read(LAVELLE, API.source)
        assert kept is not None
        return kept.access.reveal(), kept.refresh.reveal() if kept.refresh else ""


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    world = Display()
    with RawServer(world) as server:
        yield Night(tmp_path, server, world)


def test_a_token_with_much_of_its_life_left_is_used_as_it_is(night: Night) -> None:
    night.keep()
    assert night.fresh(NOW_S + 3599) == ACCESS
    assert night.server.seen == []


@pytest.mark.parametrize("after_s", [3600, 7199, 90_000])
def test_half_a_life_or_an_hour_before_the_end_it_is_renewed_and_kept(after_s: int, night: Night) -> None:
    night.keep()
    assert night.fresh(NOW_S + after_s) == "act.S3CR3T-access-1"
    assert night.on_disk() == ("act.S3CR3T-access-1", "rft.S3CR3T-refresh-1")
    assert night.fresh(NOW_S + after_s + 60) == "act.S3CR3T-access-1"
    assert night.world.tokens.renewals == 1


def test_the_lives_that_the_platform_states_are_obeyed(night: Night) -> None:
    night.world.tokens.expires_in = 60
    night.keep()
    night.fresh(NOW_S + 3600)
    kept = night.credentials.files.read(LAVELLE, API.source)
    assert kept is not None
    assert (kept.issued_s, kept.expires_s) == (NOW_S + 3600, NOW_S + 3660)
    assert kept.refresh_expires_s == NOW_S + 3600 + 15_552_000


def test_a_clock_that_is_an_hour_slow_still_renews_in_time(night: Night) -> None:
    night.keep(issued_s=NOW_S)
    true_end = NOW_S + 7200
    assert night.fresh(true_end - 3600) == "act.S3CR3T-access-1"


def test_a_clock_before_the_day_of_issue_is_not_trusted(night: Night) -> None:
    night.keep(issued_s=NOW_S, life_s=86_400)
    assert night.fresh(NOW_S - 1) == "act.S3CR3T-access-1"


def test_the_new_refresh_token_is_on_the_disk_before_the_new_access_token_is_seen(
    night: Night, tmp_path: Path
) -> None:
    night.keep()
    seen_on_disk: list[tuple[str, str]] = []
    world = night.world

    def spy(request: Request) -> Reply:
        if request.path == "/v2/user/info/":
            seen_on_disk.append(night.on_disk())
        return world(request)

    night.server.world = spy
    tokens = night.credentials.fresh(LAVELLE, API, night.http, NOW_S + 3600)
    API.owner("lavelle.sings", tokens, night.http)
    assert seen_on_disk == [("act.S3CR3T-access-1", "rft.S3CR3T-refresh-1")]


def test_many_at_once_spend_a_refresh_token_only_once(night: Night) -> None:
    night.keep()
    night.server.latency_s = 0.05
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(night.fresh(NOW_S + 3600))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["act.S3CR3T-access-1"] * 6
    assert night.world.tokens.renewals == 1


def test_a_token_that_the_platform_no_longer_takes_is_renewed_whatever_its_life_says(night: Night) -> None:
    night.keep()
    kept = night.credentials.files.read(LAVELLE, API.source)
    assert night.fresh(NOW_S, rejected=kept) == "act.S3CR3T-access-1"
    # Who comes later with the same complaint finds the new one.
    assert night.fresh(NOW_S, rejected=kept) == "act.S3CR3T-access-1"
    assert night.world.tokens.renewals == 1


def test_a_bad_night_at_the_token_endpoint_is_survived_with_the_old_token(night: Night) -> None:
    night.keep()
    night.server.faults = [answers(503)] * 5
    assert night.fresh(NOW_S + 3600) == ACCESS
    assert night.on_disk() == (ACCESS, REFRESH)


def test_past_its_end_a_token_that_cannot_be_renewed_is_told_with_its_cure(night: Night) -> None:
    night.keep()
    night.server.faults = [answers(400, {"error": "invalid_grant", "error_description": "S3CR3T"})]
    with pytest.raises(TokenRejected, match="connect the account again") as caught:
        night.fresh(NOW_S + 9000)
    assert "S3CR3T" not in str(caught.value)
    assert night.on_disk() == (ACCESS, REFRESH)


def test_without_the_apps_keys_the_variables_are_named(night: Night) -> None:
    night.keep()
    night.settings = replace(night.settings, app_keys={})
    assert night.fresh(NOW_S + 3600) == ACCESS  # it still lasts an hour
    with pytest.raises(TokenRejected, match="RAPUP_TIKTOK_CLIENT_KEY and RAPUP_TIKTOK_CLIENT_SECRET"):
        night.fresh(NOW_S + 7300)


def test_a_refresh_token_that_was_not_replaced_stays_good(night: Night) -> None:
    night.keep()
    answer = {k: v for k, v in night.world.tokens.told().items() if not k.startswith("refresh")}
    night.server.faults = [answers(200, {**answer, "access_token": "act.S3CR3T-new"})]
    assert night.fresh(NOW_S + 3600) == "act.S3CR3T-new"
    assert night.on_disk() == ("act.S3CR3T-new", REFRESH)


@pytest.mark.parametrize("answer", [{}, {"access_token": ""}, {"access_token": 5}])
def test_an_answer_without_a_token_changes_nothing(answer: dict[str, object], night: Night) -> None:
    night.keep()
    night.server.faults = [answers(200, answer)] * 2
    with pytest.raises(SourceError, match="no access_token"):
        night.fresh(NOW_S + 9000)
    assert night.on_disk() == (ACCESS, REFRESH)


# --- tokens in .env


def with_env(night: Night, token: str) -> Credentials:
    variable = "RAPUP_TOKEN_TIKTOK_LAVELLE_SINGS"
    return Credentials(replace(night.settings, tokens={variable: Secret(token)}))


def test_a_token_in_env_is_for_the_first_api_and_never_renewed(night: Night) -> None:
    credentials = with_env(night, ACCESS)
    assert [api.source for api in credentials.apis(LAVELLE)] == [API.source]
    assert credentials.fresh(LAVELLE, API, night.http, NOW_S).access.reveal() == ACCESS
    assert night.server.seen == []


def test_a_connected_account_is_read_with_its_own_tokens_not_with_those_in_env(night: Night) -> None:
    night.keep()
    assert with_env(night, "act.S3CR3T-old").fresh(LAVELLE, API, night.http, NOW_S).access.reveal() == ACCESS


@pytest.mark.parametrize(("token", "platform"), [("IGAAS3CR3T", "instagram"), ("EAAS3CR3T", "instagram")])
def test_a_token_of_another_platform_is_refused_and_both_are_named(
    token: str, platform: str, night: Night
) -> None:
    with pytest.raises(WrongAccount, match=f"token of {platform}, but filed under tiktok:@lavelle") as caught:
        with_env(night, token).held(LAVELLE, API.source)
    assert "S3CR3T" not in str(caught.value)
