"""A TikTok Display API on a loopback address, and everything that can go wrong with it.

`DisplayServer` answers from a plain list of videos. `script` holds what happens to the next
requests instead, in order: a `Fault` writes its own reply, `None` leaves the request alone.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

Video = dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, list[str]]
    body: dict[str, Any]
    headers: dict[str, str]


@dataclass
class DisplayServer:
    """Speaks `/v2/user/info/` and `/v2/video/list/` while the `with` block lasts."""

    videos: list[Video] = field(default_factory=list)
    username: str = "lavelle.sings"
    followers: Any = 1200
    token: str = "S3CR3T"  # noqa: S105 - a test's
    page_size: int | None = None
    """Pages shorter than what was asked for."""
    script: list[Fault | None] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"world": self})
        self._server = _Quiet(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        return self._server.server_port

    def cursors(self) -> list[int | None]:
        """What each request for videos asked to go on from."""
        return [seen.body.get("cursor") for seen in self.seen if seen.path == "/v2/video/list/"]

    def reply(self, seen: Seen) -> tuple[int, dict[str, Any]]:
        """What TikTok would say."""
        if seen.headers.get("Authorization") != f"Bearer {self.token}":
            return 401, {"data": {}, "error": {"code": "access_token_invalid", "message": "", "log_id": "1"}}
        fields = seen.query["fields"][0].split(",")
        if (seen.method, seen.path) == ("GET", "/v2/user/info/"):
            user = {"username": self.username, "follower_count": self.followers}
            return 200, _good({"user": {name: user[name] for name in fields}})
        if (seen.method, seen.path) == ("POST", "/v2/video/list/"):
            return 200, _good(self._page(seen.body, fields))
        return 404, {"error": {"code": "unsupported_path", "message": "", "log_id": "1"}}

    def _page(self, body: dict[str, Any], fields: list[str]) -> dict[str, Any]:
        """Newest first; the cursor is the creation time of the last video, in milliseconds."""
        size = min(self.page_size or 20, body.get("max_count", 10), 20)
        newest_first = sorted(self.videos, key=lambda video: -video["create_time"])
        left = [v for v in newest_first if v["create_time"] * 1000 < body.get("cursor", 10**14)]
        page = [{name: video[name] for name in fields if name in video} for video in left[:size]]
        cursor = left[len(page) - 1]["create_time"] * 1000 if page else 0
        return {"videos": page, "cursor": cursor, "has_more": len(left) > size}


def _good(data: dict[str, Any]) -> dict[str, Any]:
    return {"data": data, "error": {"code": "ok", "message": "", "log_id": "202611010000"}}


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up early is what many tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    world: DisplayServer

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Nothing: the tests look at `seen`."""

    def _answer(self) -> None:
        self.close_connection = True
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = urlsplit(self.path)
        seen = Seen(
            self.command, parts.path, parse_qs(parts.query), json.loads(body or "{}"), dict(self.headers)
        )
        self.world.seen.append(seen)
        fault = self.world.script.pop(0) if self.world.script else None
        if fault is not None:
            fault(self)
            return
        status, payload = self.world.reply(seen)
        send(self, status, json.dumps(payload).encode())


Fault = Callable[[_Handler], None]


def send(handler: _Handler, status: int, body: bytes, headers: Iterable[tuple[str, str]] = ()) -> None:
    handler.send_response(status)
    for name, value in headers:
        handler.send_header(name, value)
    handler.send_header("Connection", "close")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def answers(status: int, body: bytes | dict[str, Any] = b"", **headers: str) -> Fault:
    """Any reply; `Retry_After="3"` becomes the header `Retry-After: 3`."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return lambda handler: send(handler, status, content, named)


def fails(status: int, code: str, **headers: str) -> Fault:
    """TikTok's own kind of error."""
    return answers(status, {"data": {}, "error": {"code": code, "message": "", "log_id": "1"}}, **headers)


def lists(videos: list[Any] | None, cursor: object, *, has_more: object = True) -> Fault:
    """A page made by hand."""
    return answers(200, _good({"videos": videos, "cursor": cursor, "has_more": has_more}))


def sends_raw(text: bytes) -> Fault:
    """Exactly these bytes, then the end of the connection."""

    def fault(handler: _Handler) -> None:
        handler.wfile.write(text)

    return fault


def cut_by_length(body: bytes = b'{"data":') -> Fault:
    return sends_raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + body)


def cut_in_a_chunk() -> Fault:
    return sends_raw(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"data":')


def hangs_up(handler: _Handler) -> None:
    """No reply at all."""


def stays_silent(handler: _Handler) -> None:
    """No reply for as long as the test lasts."""
    handler.world.over.wait()


def drips(handler: _Handler) -> None:
    """One blank after another; the body would be good JSON if it ever ended."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while not handler.world.over.wait(0.001):
        handler.wfile.write(b" ")


def floods(handler: _Handler, head: bytes = b"HTTP/1.1 200 OK") -> None:
    """A body without an end."""
    handler.wfile.write(head + b"\r\n\r\n")
    while not handler.world.over.is_set():
        handler.wfile.write(b" " * 4096)


def floods_a_redirect(handler: _Handler) -> None:
    floods(handler, b"HTTP/1.1 302 Found\r\nLocation: /login")
