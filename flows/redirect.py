"""The answer of an authorisation page: caught on a loopback address, or pasted from a browser."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Final
from urllib.parse import parse_qs, urlsplit

from connectors.secret import Secret
from connectors.source_errors import PermissionMissing
from connectors.wording import one_line
from flows.settings import BadSettings

PATIENCE_S: Final = 600.0
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})
_THANKS: Final = b"Thank you. You can close this window: the rest happens where rapup was started.\n"


def can_be_caught(redirect_uri: str) -> bool:
    """Whether a redirect there comes to this machine, so that it can be listened for."""
    parts = urlsplit(redirect_uri)
    return parts.scheme == "http" and parts.hostname in _LOOPBACK


def catch(
    redirect_uri: str, state: str, patience_s: float = PATIENCE_S, clock: Callable[[], float] = time.monotonic
) -> str:
    """The address to which the browser is sent with the right `state`; anything else is answered with 404.

    Raises:
        BadSettings: nobody came in time, or the port is taken.
    """
    parts = urlsplit(redirect_uri)
    caught: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        timeout = 5  # for one who connects and says nothing

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            told = parse_qs(asked.query).get("state", [""])[0]
            is_ours = asked.path == parts.path and hmac.compare_digest(told.encode(), state.encode())
            self.send_response(200 if is_ours else 404)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.end_headers()
            if is_ours:
                self.wfile.write(_THANKS)
                caught.append(self.path)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Nothing: a request holds the code."""

    try:
        server = HTTPServer((parts.hostname or "", parts.port or 80), Handler)
    except OSError:
        raise BadSettings(
            f"{redirect_uri}: the port is taken; end what uses it, or set RAPUP_REDIRECT_URI to another one"
        ) from None
    end = clock() + patience_s
    with server:
        server.timeout = 0.5
        while not caught and clock() < end:
            server.handle_request()
    if not caught:
        raise BadSettings("nobody came back from the address in time; run `rapup connect` again")
    return caught[0]


def code_in(text: str, state: str, account: str) -> Secret:
    """The code in an address, or the code itself.

    Raises:
        PermissionMissing: the owner did not allow it.
        BadSettings: it is of another attempt, or there is none.
    """
    told = parse_qs(urlsplit(text.strip()).query)
    if "error" in told:
        reason = one_line(told["error"][0], 60)
        raise PermissionMissing(f"{account}: its owner did not allow it ({reason}); ask, then connect again")
    if "state" in told and not hmac.compare_digest(told["state"][0].encode(), state.encode()):
        raise BadSettings(f"{account}: this is the answer to another address; open the newest one again")
    code = told["code"][0] if "code" in told else text.strip().removesuffix("#_")
    if not code or code.startswith("http"):
        raise BadSettings(f"{account}: no code in it; copy the whole address after allowing")
    return Secret(code)
