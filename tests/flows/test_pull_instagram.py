"""Instagram from the first click to the published file: both logins, renewals, accounts seen by others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.instagram.graph import GRAPH_API
from connectors.secret import Secret
from connectors.source_errors import TokenRejected
from connectors.tokens import Tokens
from flows.cli import main
from flows.credentials import Credentials
from flows.pull_jobs import jobs
from flows.settings import Settings
from models.campaign import Account
from tests.faults.instagram import ACCESS, USER_ID, Graph, code_of, media
from tests.faults.server import RawServer
from tests.flows.nights import Nights

LAVELLE = "instagram:@lavelle.sings"
LOGIN, FACEBOOK = "instagram_login_api", "instagram_graph_api"


@pytest.fixture
def world() -> Graph:
    return Graph(
        [media(n) for n in range(3)], public={"kofi": [media(n, username="kofi") for n in range(9, 12)]}
    )


@pytest.fixture
def server(world: Graph) -> Iterator[RawServer]:
    with RawServer(world) as running:
        world.base = running.url
        yield running


@pytest.fixture
def nights(server: RawServer, tmp_path: Path) -> Nights:
    return Nights(tmp_path / "data", {"INSTAGRAM_API_BASE": server.url})


# --- connecting


@pytest.fixture
def base(
    server: RawServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> list[str]:
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "INSTAGRAM_API_BASE": server.url,
        "RAPUP_REDIRECT_URI": "https://partners.example/back",
        "RAPUP_INSTAGRAM_APP_ID": "ig-app",
        "RAPUP_INSTAGRAM_APP_SECRET": "S3CR3T-ig",
        "RAPUP_FACEBOOK_APP_ID": "fb-app",
        "RAPUP_FACEBOOK_APP_SECRET": "S3CR3T-fb",
    }.items():
        monkeypatch.setenv(name, value)
    return ["--data", str(tmp_path / "data"), "--campaign", "rap-up"]


@pytest.mark.parametrize(
    ("source", "host", "scope"),
    [
        (LOGIN, "www.instagram.com", "instagram_business_basic,instagram_business_manage_insights"),
        (
            FACEBOOK,
            "www.facebook.com",
            "instagram_basic,instagram_manage_insights,pages_show_list,pages_read_engagement",
        ),
    ],
)
def test_either_login_ends_with_a_long_lived_token_and_the_accounts_number(
    source: str, host: str, scope: str, base: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [*base, "connect", LAVELLE, "--source", source]
    assert main(asked) == 0
    (address,) = re.findall(r"https://www\.(?:instagram|facebook)\.com/\S+", capsys.readouterr().out)
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert (urlsplit(address).hostname, query["scope"]) == (host, scope)
    assert (
        main([*asked, "--code", f"https://partners.example/back?code=the-code&state={query['state']}#_"]) == 0
    )
    kept = Credentials(Settings(Path(base[1]))).files.read(Account.parse(LAVELLE), source)
    assert kept is not None
    assert (kept.access.reveal(), kept.user_id, kept.can_renew) == (ACCESS, USER_ID, source == LOGIN)
    assert kept.expires_s is not None
    assert kept.expires_s - kept.issued_s >= 5_183_944
    told = capsys.readouterr()
    assert "S3CR3T" not in told.out + told.err


def test_instagram_has_no_call_to_give_a_permission_back_so_the_way_is_told(
    base: list[str], capsys: pytest.CaptureFixture[str], world: Graph
) -> None:
    main([*base, "connect", LAVELLE])
    assert main([*base, "connect", LAVELLE, "--code", "the-code"]) == 0
    assert main([*base, "disconnect", LAVELLE]) == 1
    assert "ask its owner to remove the app: Instagram: Settings" in capsys.readouterr().err
    main([*base, "connect", LAVELLE, "--source", FACEBOOK])
    main([*base, "connect", LAVELLE, "--source", FACEBOOK, "--code", "the-code"])
    assert main([*base, "disconnect", LAVELLE]) == 0
    assert world.revoked == 1


def test_a_used_code_is_told_and_nothing_is_kept(
    base: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    main([*base, "connect", LAVELLE])
    assert main([*base, "connect", LAVELLE, "--code", "used"]) == 1
    told = capsys.readouterr().err
    assert "used up, too old" in told
    assert "S3CR3T" not in told
    assert not list((tmp_path / "data" / "secrets").glob("*.json"))


# --- renewing


def test_a_token_of_sixty_days_renews_itself_from_its_thirtieth_day(nights: Nights, world: Graph) -> None:
    nights.connect(LAVELLE, LOGIN, ACCESS, refresh=None, can_renew=True, user_id=USER_ID)
    files = Credentials(nights.settings).files
    kept = files.read(Account.parse(LAVELLE), LOGIN)
    assert kept is not None
    files.write(Account.parse(LAVELLE), LOGIN, replace(kept, expires_s=kept.issued_s + 60 * 86_400))
    assert nights.night().is_complete
    assert world.renewals == 0
    nights.time.at += timedelta(days=29)
    assert nights.night().is_complete
    assert world.renewals == 1
    renewed = files.read(Account.parse(LAVELLE), LOGIN)
    assert renewed is not None
    assert (renewed.user_id, renewed.can_renew) == (USER_ID, True)


def test_facebooks_token_is_told_at_its_end(nights: Nights, server: RawServer) -> None:
    nights.connect(LAVELLE, FACEBOOK, "EAAS3CR3T-old", refresh=None, can_renew=False, user_id=USER_ID)
    result = nights.pull(source=FACEBOOK)[0]
    assert "it has expired (190/463); run `rapup connect instagram:@lavelle.sings`" in str(result.reason)
    way = GRAPH_API.open_api(server.url)
    with pytest.raises(TokenRejected, match="nothing renews"):
        GRAPH_API.login.renewed(None, Tokens(Secret(ACCESS)), way, "lavelle.sings", 0)


# --- reading


def test_posts_audience_and_days_are_published(nights: Nights) -> None:
    nights.connect(LAVELLE, LOGIN, ACCESS, user_id=USER_ID)
    assert nights.night().is_complete
    nights.build()
    found = nights.published("SELECT post_id, views, saves, reach FROM marts.posts ORDER BY views")
    assert found == [(code_of(n), 100 + n, 5, 90) for n in range(3)]
    assert nights.published("SELECT count(*) FROM marts.audience WHERE dimension = 'age'") == [(2,)]
    assert nights.published("SELECT max(followers), count(views) FROM marts.account_days") == [(1200, 28)]


def test_accounts_without_a_token_are_seen_by_one_connected_through_facebook(
    nights: Nights, world: Graph
) -> None:
    nights.connect(LAVELLE, FACEBOOK, ACCESS, refresh=None, can_renew=False, user_id=USER_ID)
    own, seen = nights.pull()
    assert (own.source, seen.source) == (FACEBOOK, "instagram_business_discovery")
    assert (seen.account, seen.is_complete, seen.requests) == ("instagram:@kofi", True, 1)
    nights.build()
    rows = nights.published("SELECT account, views FROM marts.posts WHERE account = 'kofi'")
    assert rows == [("kofi", 260)] * 3
    del world.public["kofi"][1]
    nights.time.at += timedelta(days=1)
    nights.pull()
    nights.build()
    assert nights.published("SELECT post_id FROM marts.posts WHERE gone_at IS NOT NULL") == [(code_of(10),)]


def test_through_instagram_login_nobody_else_is_seen(nights: Nights) -> None:
    nights.connect(LAVELLE, LOGIN, ACCESS, user_id=USER_ID)
    found = jobs(Credentials(nights.settings), nights.campaign, nights.time.at.date())
    assert [str(job) for job in found] == [f"{LAVELLE} ({LOGIN})"]


def test_a_connected_account_is_not_seen_from_outside_too(nights: Nights) -> None:
    nights.connect(LAVELLE, FACEBOOK, ACCESS, user_id=USER_ID)
    nights.connect("instagram:@kofi", LOGIN, user_id="2")
    found = jobs(Credentials(nights.settings), nights.campaign, nights.time.at.date())
    assert [str(job) for job in found] == [f"{LAVELLE} ({FACEBOOK})", f"instagram:@kofi ({LOGIN})"]


def test_what_meta_does_not_give_is_remembered_from_night_to_night(nights: Nights, world: Graph) -> None:
    world.unsupported = {"reposts"}
    nights.connect(LAVELLE, LOGIN, ACCESS, user_id=USER_ID)
    first = nights.night()
    assert "Meta does not give reposts of reels: left empty" in first.notices
    second = nights.night()
    assert second.is_complete
    assert first.requests - second.requests > 20
    nights.build()
    ((skipped,),) = nights.published("SELECT skipped FROM marts.pulls")
    assert "not given: reposts (reels)" in str(skipped)


def test_the_tokens_value_is_in_nothing_that_was_written(nights: Nights) -> None:
    nights.connect(LAVELLE, LOGIN, ACCESS, user_id=USER_ID)
    nights.night()
    nights.build()
    secrets = nights.settings.secrets
    written = b"".join(
        path.read_bytes()
        for path in nights.settings.data.rglob("*")
        if path.is_file() and secrets not in path.parents
    )
    assert b"S3CR3T" not in written
    assert Secret(ACCESS).reveal().encode() in b"".join(path.read_bytes() for path in secrets.iterdir())
