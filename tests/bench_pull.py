"""What a pull costs: a thousand posts of one account, behind a platform that answers after 50 ms."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from connectors.secret import Secret
from connectors.tokens import Tokens
from flows.credentials import Credentials
from flows.settings import Settings
from models.campaign import Account
from tests.faults import instagram, tiktok
from tests.faults.server import RawServer, World

POSTS = 1_000
LATENCY_S = 0.05
_NUMBERS = range(1, POSTS + 1)
_GRAPH = instagram.Graph(
    [instagram.media(n) for n in _NUMBERS], public={"lavelle.sings": [instagram.media(n) for n in _NUMBERS]}
)
PLATFORMS: dict[str, tuple[str, str, World, Tokens]] = {
    "tiktok_display_api": (
        "tiktok:@lavelle.sings",
        "TIKTOK_API_BASE",
        tiktok.Display([tiktok.video(n) for n in _NUMBERS]),
        Tokens(Secret(tiktok.ACCESS)),
    ),
    "tiktok_business_api": (
        "tiktok:@lavelle.sings",
        "TIKTOK_BUSINESS_API_BASE",
        tiktok.Business([tiktok.item(n) for n in _NUMBERS]),
        Tokens(Secret(tiktok.ACCESS), user_id="-000lavelle"),
    ),
    **{
        source: (
            "instagram:@lavelle.sings",
            "INSTAGRAM_API_BASE",
            _GRAPH,
            Tokens(Secret(instagram.ACCESS), user_id=instagram.USER_ID),
        )
        for source in ("instagram_login_api", "instagram_graph_api")
    },
}
"""By source: the account, the setting that sends its requests here, the platform, the tokens."""


@contextmanager
def connected(folder: Path, source: str) -> Iterator[RawServer]:
    """A data folder with one connected account, and its platform while the block lasts."""
    account, variable, world, tokens = PLATFORMS[source]
    Credentials(Settings(folder)).files.write(Account.parse(account), source, tokens)
    with RawServer(world, latency_s=LATENCY_S, keep_alive=True) as server:
        if isinstance(world, instagram.Graph):
            world.base = server.url
        os.environ[variable] = server.url
        try:
            yield server
        finally:
            del os.environ[variable]
