"""Where a token may be sent: over https, to a platform's own hosts, and never into a private network."""

from __future__ import annotations

import re
from ipaddress import ip_address
from socket import gaierror, getaddrinfo
from typing import Final
from urllib.parse import urlsplit

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_PATH: Final = re.compile(r"/[\w./-]*", re.ASCII)  # cannot say "@host", "\host" or "?token="


def check_base(base_url: str, hosts: frozenset[str]) -> None:
    """Refuse an address that a token must not be sent to.

    Raises:
        ValueError: it is not https to one of `hosts`, nor a loopback address.
    """
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("the API address must be a scheme, a host and a path: remove the rest")
    if host not in hosts | LOOPBACK:
        raise ValueError(f"the API address names the host {host!r}: allowed are {sorted(hosts)}")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        raise ValueError(f"the API address of {host} must start with https://")


def below(base_url: str, path: str) -> str:
    """The address of a path.

    Raises:
        ValueError: it could lead to another host, or carry a query.
    """
    if not _PATH.fullmatch(path):
        raise ValueError(f"not a path below the API address: {path!r}")
    return base_url.rstrip("/") + path


def is_allowed(url: str, base_url: str, hosts: frozenset[str]) -> bool:
    """Whether a link in an answer leads where a token may be sent."""
    try:
        parts, base = urlsplit(url), urlsplit(base_url)
        origin = (parts.scheme, parts.hostname, parts.port)
    except ValueError:
        return False
    is_platforms = origin[::2] == ("https", None) and parts.hostname in hosts
    return is_platforms or origin == (base.scheme, base.hostname, base.port)


def is_private(host: str) -> bool:
    """Whether a platform's name leads into a private network, as a name server may be made to say."""
    if host in LOOPBACK:
        return False
    try:
        found = getaddrinfo(host, None)
    except (gaierror, UnicodeError):
        return False  # there will be no connection either
    return any(not ip_address(str(entry[4][0]).partition("%")[0]).is_global for entry in found)
