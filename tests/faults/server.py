"""A platform's server on a loopback socket, down to the bytes: what goes wrong is configuration.

`world` answers as the platform would. `faults` are what happens to the next requests instead, in
order; `None` leaves a request to the world.
"""

from __future__ import annotations

import gzip
import json
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    """One request as it arrived."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """By name in lower case."""
    body: bytes

    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body or b"{}")
        return found

    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass(frozen=True)
class Reply:
    """An answer."""

    body: bytes | dict[str, Any] = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


World = Callable[[Request], Reply]


@dataclass(frozen=True)
class Fault:
    """What happens to one request instead of its answer."""

    kind: str
    """reply, hang up, reset, silence, drip, flood, or cut: "length", "chunk", "close", "gzip"."""
    reply: Reply = Reply()


def answers(status: int, body: bytes | dict[str, Any] = b"", **headers: str) -> Fault:
    """Any answer; `Retry_After="3"` becomes the header `Retry-After: 3`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fault("reply", Reply(body, status, named))


@dataclass
class RawServer:
    """Listens while the `with` block lasts."""

    world: World
    faults: list[Fault | None] = field(default_factory=list)
    seen: list[Request] = field(default_factory=list)
    latency_s: float = 0.0
    keep_alive: bool = False
    connections: int = 0

    def __enter__(self) -> Self:
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._over.set()
        with socket.create_connection(self._listener.getsockname()):
            pass  # wakes the accepting thread
        self._accepting.join()
        self._listener.close()
        for thread in self._threads:
            thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def paths(self) -> list[str]:
        return [request.path for request in self.seen]

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self._over.is_set():
                connection.close()
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(0.2)
        with connection:
            while (request := self._read(connection)) is not None:
                with self._lock:
                    self.seen.append(request)
                    fault = self.faults.pop(0) if self.faults else None
                self._over.wait(self.latency_s)
                try:
                    if fault is not None:
                        self._fail(connection, fault)
                    else:
                        connection.sendall(self._packed(self.world(request)))
                except OSError:
                    return
                if fault is not None or not self.keep_alive:
                    return

    def _read(self, connection: socket.socket) -> Request | None:
        data = b""
        while b"\r\n\r\n" not in data:
            data += (more := self._receive(connection))
            if not more:
                return None
        head, _, body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        while len(body) < int(headers.get("content-length", 0)):
            body += self._receive(connection)
        method, target, _ = first.split(" ")
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        return Request(method, parts.path, query, headers, body)

    def _receive(self, connection: socket.socket) -> bytes:
        while not self._over.is_set():
            try:
                return connection.recv(65_536)
            except TimeoutError:
                continue
            except OSError:
                return b""
        return b""

    def _packed(self, reply: Reply) -> bytes:
        return (
            _head(reply, {"Content-Length": str(len(reply.content))}, close=not self.keep_alive)
            + reply.content
        )

    def _fail(self, connection: socket.socket, fault: Fault) -> None:
        """The bytes of one kind of fault; the connection ends after them."""
        if fault.kind == "reply":
            connection.sendall(self._packed(fault.reply))
        elif fault.kind == "reset":  # the kernel sends RST instead of FIN
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif fault.kind == "silence":
            self._over.wait(5)
        elif fault.kind in _CUTS:
            connection.sendall(_CUTS[fault.kind](fault.reply))
        elif fault.kind in _ENDLESS:
            piece, pause_s = _ENDLESS[fault.kind]
            connection.sendall(_head(fault.reply, {}))
            while not self._over.wait(pause_s):
                connection.sendall(piece)


_ENDLESS: Mapping[str, tuple[bytes, float]] = {"drip": (b" ", 0.001), "flood": (b" " * 65_536, 0)}


def _cut_gzip(reply: Reply) -> bytes:
    packed = gzip.compress(reply.content)
    return _head(reply, {"Content-Encoding": "gzip"}) + packed[: len(packed) // 2]


def _cut_chunk(reply: Reply) -> bytes:
    size = b"%x\r\n" % (len(reply.content) + 9)
    return _head(reply, {"Transfer-Encoding": "chunked"}) + size + reply.content


_CUTS: Mapping[str, Callable[[Reply], bytes]] = {
    "length": lambda reply: _head(reply, {"Content-Length": str(len(reply.content) + 9)}) + reply.content,
    "chunk": _cut_chunk,
    "close": lambda reply: _head(reply, {}) + reply.content[: len(reply.content) // 2],
    "gzip": _cut_gzip,
}


def _head(reply: Reply, more: Mapping[str, str], *, close: bool = True) -> bytes:
    headers = {**reply.headers, **more, "Connection": "close" if close else "keep-alive"}
    lines = [f"HTTP/1.1 {reply.status} X", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")
