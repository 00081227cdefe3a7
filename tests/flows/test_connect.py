"""`rapup connect`, `disconnect` and `check`, as the person at the keyboard meets them."""

from __future__ import annotations

import hashlib
import http.client
import re
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from flows import redirect
from flows.cli import main
from flows.redirect import catch, code_in
from flows.settings import BadSettings
from tests.faults.server import RawServer, answers
from tests.faults.tiktok import ACCESS, REFRESH, Business, Display

ACCOUNT = "tiktok:@lavelle.sings"
ELSEWHERE = "https://partners.example/back"


class Desk:
    """A folder, a platform, and a person who types."""

    def __init__(self, folder: Path, server: RawServer, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.server, self.capsys = folder, server, capsys

    def rapup(self, *arguments: str) -> tuple[int, str, str]:
        code = main(["--data", str(self.folder / "data"), "--campaign", "rap-up", *arguments])
        told = self.capsys.readouterr()
        return code, told.out, told.err

    @property
    def secrets(self) -> dict[str, str]:
        folder = self.folder / "data" / "secrets"
        files = folder.glob("*") if folder.is_dir() else []
        return {path.name: path.read_text() for path in files if path.suffix != ".lock"}

    @property
    def kept(self) -> str:
        return self.secrets["tiktok-lavelle.sings.tiktok_display_api.json"]


def asked(out: str) -> dict[str, str]:
    """The query of the address that was printed."""
    (address,) = re.findall(r"https://www\.tiktok\.com/\S+", out)
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@pytest.fixture
def world() -> Display:
    return Display()


@pytest.fixture
def desk(
    world: Display, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Desk]:
    monkeypatch.chdir(tmp_path)
    with RawServer(world) as server:
        monkeypatch.setenv("TIKTOK_API_BASE", server.url)
        monkeypatch.setenv("RAPUP_TIKTOK_CLIENT_KEY", "app-key")
        monkeypatch.setenv("RAPUP_TIKTOK_CLIENT_SECRET", "S3CR3T-app")
        monkeypatch.setenv("RAPUP_REDIRECT_URI", ELSEWHERE)
        yield Desk(tmp_path, server, capsys)


def allow(desk: Desk, world: Display, **changes: str) -> str:
    """Print the address, let the owner allow it; the address that they come back with."""
    code, out, _err = desk.rapup("connect", ACCOUNT)
    assert code == 0
    query = asked(out)
    world.tokens.challenge = query["code_challenge"]
    back = {"code": world.tokens.code, "state": query["state"]} | changes
    return f"{ELSEWHERE}?" + "&".join(f"{name}={value}" for name, value in back.items())


def test_the_address_asks_for_reading_only_and_carries_state_and_proof(desk: Desk) -> None:
    code, out, _err = desk.rapup("connect", ACCOUNT)
    query = asked(out)
    assert code == 0
    assert query["client_key"] == "app-key"
    assert query["scope"] == "user.info.basic,user.info.profile,user.info.stats,video.list"
    assert query["redirect_uri"] == ELSEWHERE
    assert query["code_challenge_method"] == "S256"
    assert re.fullmatch(r"[0-9a-f]{64}", query["code_challenge"])  # in hexadecimal, as TikTok wants it
    assert len(query["state"]) >= 32
    assert "S3CR3T" not in out
    assert asked(desk.rapup("connect", ACCOUNT)[1])["state"] != query["state"]


@pytest.mark.parametrize("form", ["the whole address", "the code alone"])
def test_the_answer_is_pasted_and_the_tokens_are_kept(form: str, desk: Desk, world: Display) -> None:
    address = allow(desk, world)
    code, out, err = desk.rapup("connect", ACCOUNT, "--code", address if "address" in form else "the-code")
    assert (code, err) == (0, "")
    assert re.search(r"connected tiktok:@lavelle\.sings for tiktok_display_api until 20\d\d-", out)
    assert ACCESS in desk.kept
    assert REFRESH in desk.kept
    assert "S3CR3T" not in out
    assert list(desk.secrets) == ["tiktok-lavelle.sings.tiktok_display_api.json"]  # the proof is forgotten


def test_a_browser_on_this_machine_needs_no_pasting(
    desk: Desk, world: Display, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("RAPUP_REDIRECT_URI", f"http://127.0.0.1:{port}/callback/")
    pages: list[tuple[int, bytes]] = []

    def browse() -> None:
        note = desk.folder / "data" / "secrets" / "tiktok-lavelle.sings.tiktok_display_api.pending"
        deadline = time.monotonic() + 20
        while not note.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        state = re.search(r'"state": "([^"]+)"', note.read_text())
        verifier = re.search(r'"verifier": "([^"]+)"', note.read_text())
        assert state
        assert verifier
        world.tokens.challenge = hashlib.sha256(verifier[1].encode()).hexdigest()
        for path in (f"/callback/?code=the-code&state={state[1]}x", f"/other?state={state[1]}", None):
            target = path or f"/callback/?code=the-code&state={state[1]}"
            for _ in range(100):
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                try:
                    connection.request("GET", target)
                    answer = connection.getresponse()
                    pages.append((answer.status, answer.read()))
                    break
                except ConnectionRefusedError:
                    time.sleep(0.05)
                finally:
                    connection.close()

    browser = threading.Thread(target=browse)
    browser.start()
    code, out, _err = desk.rapup("connect", ACCOUNT)
    browser.join()
    assert code == 0
    assert "waiting here" in out
    assert ACCESS in desk.kept
    assert [status for status, _page in pages] == [404, 404, 200]
    assert b"close this window" in pages[-1][1]


def test_nobody_coming_back_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(0, 10_000, 400))
    with pytest.raises(BadSettings, match="nobody came back"):
        catch("http://127.0.0.1:0/callback/", "state", clock=lambda: float(next(ticks)))


def test_a_port_that_is_taken_is_told_with_its_cure(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("RAPUP_REDIRECT_URI", f"http://127.0.0.1:{taken.getsockname()[1]}/")
        code, _out, err = desk.rapup("connect", ACCOUNT)
    assert code == 2
    assert "RAPUP_REDIRECT_URI" in err


def test_an_answer_to_another_address_is_refused(desk: Desk, world: Display) -> None:
    address = allow(desk, world, state="of-somebody-else")
    code, _out, err = desk.rapup("connect", ACCOUNT, "--code", address)
    assert code == 2
    assert "answer to another address" in err
    assert desk.server.seen == []


def test_an_owner_who_declines_is_told(desk: Desk, world: Display) -> None:
    allow(desk, world)
    code, _out, err = desk.rapup("connect", ACCOUNT, "--code", f"{ELSEWHERE}?error=access_denied")
    assert code == 1
    assert "its owner did not allow it (access_denied)" in err


def test_a_code_without_an_address_before_it_is_refused(desk: Desk) -> None:
    code, _out, err = desk.rapup("connect", ACCOUNT, "--code", "the-code")
    assert code == 2
    assert f"first run `rapup connect {ACCOUNT}`" in err


def test_an_address_is_good_for_an_hour(desk: Desk, world: Display, monkeypatch: pytest.MonkeyPatch) -> None:
    address = allow(desk, world)
    later = time.time() + 3700
    monkeypatch.setattr("flows.connect.time.time", lambda: later)
    assert desk.rapup("connect", ACCOUNT, "--code", address)[0] == 2


@pytest.mark.parametrize("text", ["", "https://partners.example/back?state=s", "#_"])
def test_what_holds_no_code_is_refused(text: str) -> None:
    with pytest.raises(BadSettings, match="no code in it"):
        code_in(text, "s", ACCOUNT)


def test_instagrams_tail_is_no_part_of_the_code() -> None:
    assert code_in("https://partners.example/?code=abc&state=s#_", "s", ACCOUNT).reveal() == "abc"
    assert code_in(" abc#_ ", "s", ACCOUNT).reveal() == "abc"


def test_another_accounts_owner_is_refused_both_are_named_and_nothing_is_kept(
    desk: Desk, world: Display
) -> None:
    world.username = "somebody.else"
    code, _out, err = desk.rapup("connect", ACCOUNT, "--code", allow(desk, world))
    assert code == 1
    assert "filed under @lavelle.sings belongs to @somebody.else" in err
    assert desk.secrets == {}
    assert world.tokens.revoked == [ACCESS]  # nobody meant to give it


def test_what_was_not_allowed_is_told(desk: Desk, world: Display) -> None:
    address = allow(desk, world)
    told = world.tokens.told() | {"scope": "user.info.basic,user.info.profile,user.info.stats"}
    desk.server.faults = [answers(200, told)]
    code, _out, err = desk.rapup("connect", ACCOUNT, "--code", address)
    assert code == 1
    assert "not allowed: video.list" in err


@pytest.mark.parametrize(
    ("account", "words"),
    [
        ("tiktok:@nobody", "no creator of the campaign has it; there is tiktok:@lavelle.sings"),
        ("lavelle.sings", "not an account"),
        ("youtube:@lavelle.sings", "there is none of this platform"),
    ],
)
def test_an_account_that_the_campaign_does_not_have_is_refused(account: str, words: str, desk: Desk) -> None:
    code, _out, err = desk.rapup("connect", account)
    assert code == 2
    assert words in err


def test_without_the_apps_keys_the_variables_are_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RAPUP_TIKTOK_CLIENT_SECRET")
    code, _out, err = desk.rapup("connect", ACCOUNT)
    assert code == 2
    assert "RAPUP_TIKTOK_CLIENT_KEY and RAPUP_TIKTOK_CLIENT_SECRET" in err


def test_an_api_that_is_not_known_is_told_with_those_that_are(desk: Desk) -> None:
    code, _out, err = desk.rapup("connect", ACCOUNT, "--source", "instagram_login_api")
    assert code == 2
    assert "tiktok_display_api, tiktok_business_api" in err


def test_the_accounts_api_is_connected_through_its_own_login(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = Business()
    monkeypatch.setenv("RAPUP_TIKTOK_BUSINESS_APP_ID", "business-id")
    monkeypatch.setenv("RAPUP_TIKTOK_BUSINESS_APP_SECRET", "S3CR3T-business")
    with RawServer(world) as server:
        monkeypatch.setenv("TIKTOK_BUSINESS_API_BASE", server.url)
        source = ("--source", "tiktok_business_api")
        assert "code_challenge" not in asked(desk.rapup("connect", ACCOUNT, *source)[1])
        code, out, err = desk.rapup("connect", ACCOUNT, *source, "--code", "the-code")
        assert (code, err) == (
            1,
            "look at   tiktok:@lavelle.sings: not allowed: user.info.username, "
            "user.account.type, user.insights, video.insights; connect it again and allow all\n",
        )
        assert "for tiktok_business_api" in out
        assert desk.rapup("disconnect", ACCOUNT)[0] == 0
        assert world.tokens.revoked == [ACCESS]


def test_where_no_owner_is_sent_back_to_this_machine_a_page_on_the_web_is_asked_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAPUP_TIKTOK_BUSINESS_APP_ID", "business-id")
    monkeypatch.setenv("RAPUP_TIKTOK_BUSINESS_APP_SECRET", "S3CR3T-business")
    monkeypatch.delenv("RAPUP_REDIRECT_URI")
    code, _out, err = desk.rapup("connect", ACCOUNT, "--source", "tiktok_business_api")
    assert code == 2
    assert "https addresses only" in err
    assert "RAPUP_REDIRECT_URI" in err


# --- the way back


def connected(desk: Desk, world: Display) -> None:
    assert desk.rapup("connect", ACCOUNT, "--code", allow(desk, world))[0] == 0


def test_disconnecting_gives_the_permission_back_and_deletes_the_tokens(desk: Desk, world: Display) -> None:
    connected(desk, world)
    code, out, err = desk.rapup("disconnect", ACCOUNT)
    assert (code, err) == (0, "")
    assert "disconnected tiktok:@lavelle.sings: tiktok_display_api" in out
    assert (world.tokens.revoked, desk.secrets) == ([ACCESS], {})


def test_tokens_are_deleted_even_if_the_platform_refuses(desk: Desk, world: Display) -> None:
    connected(desk, world)
    desk.server.faults = [answers(403)]
    code, _out, err = desk.rapup("disconnect", ACCOUNT)
    assert code == 1
    assert "ask its owner to remove the app: TikTok: Settings" in err
    assert desk.secrets == {}


def test_a_token_in_env_can_only_be_removed_by_hand(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAPUP_TOKEN_TIKTOK_LAVELLE_SINGS", ACCESS)
    code, out, err = desk.rapup("disconnect", ACCOUNT)
    assert code == 1
    assert "it was not connected" in out
    assert "remove RAPUP_TOKEN_TIKTOK_LAVELLE_SINGS from .env" in err


# --- check


def check(desk: Desk) -> str:
    _code, out, err = desk.rapup("check")
    (line,) = [line for line in (out + err).splitlines() if "tokens" in line]
    return line


def test_check_says_until_when_an_account_is_connected(desk: Desk, world: Display) -> None:
    connected(desk, world)
    assert check(desk).startswith(
        "ok    tokens: tiktok:@lavelle.sings for tiktok_display_api: connected until"
    )


@pytest.mark.parametrize(("days", "worried"), [(8, False), (6, True), (-1, True)])
def test_check_warns_a_week_before_the_end_and_says_how_to_renew(
    days: int, worried: bool, desk: Desk, world: Display
) -> None:
    world.tokens.refresh_expires_in = 86_400 * days if days > 0 else 1
    connected(desk, world)
    if days < 0:
        time.sleep(1.1)
    line = check(desk)
    assert line.startswith("LOOK") is worried
    if worried:
        assert ("expired on" if days < 0 else "expires on") in line
        assert "run `rapup connect tiktok:@lavelle.sings --source tiktok_display_api`" in line


def test_check_warns_when_nothing_can_be_renewed(
    desk: Desk, world: Display, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected(desk, world)
    monkeypatch.delenv("RAPUP_TIKTOK_CLIENT_KEY")
    assert "cannot be renewed without RAPUP_TIKTOK_CLIENT_KEY" in check(desk)


def test_check_names_a_token_of_another_platform_and_one_of_nobody(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAPUP_TOKEN_TIKTOK_LAVELLE_SINGS", "IGAAS3CR3T")
    assert "is a token of instagram, but filed under tiktok:@lavelle.sings" in check(desk)
    monkeypatch.setenv("RAPUP_TOKEN_TIKTOK_LAVELLE_SINGS", ACCESS)
    assert "connected; its end is not told" in check(desk)
    monkeypatch.delenv("RAPUP_TOKEN_TIKTOK_LAVELLE_SINGS")
    monkeypatch.setenv("RAPUP_TOKEN_TIKTOK_NOBODY", ACCESS)
    _code, out, err = desk.rapup("check")
    assert "RAPUP_TOKEN_TIKTOK_NOBODY fits no account" in err
    assert "S3CR3T" not in out + err


def test_only_a_loopback_address_is_listened_on() -> None:
    assert redirect.can_be_caught("http://localhost:8765/")
    assert not redirect.can_be_caught("https://localhost/")
    assert not redirect.can_be_caught("http://partners.example/")
