"""What can go wrong with a platform: one tree, so that one `except SourceError` meets all of it.

Every message is one line: what happened, for which account or endpoint, and what to do. None ever
holds a token, a query string, or a word that the platform wrote.
"""

from __future__ import annotations

from typing import ClassVar


class SourceError(Exception):
    """A platform could not be read; rows that came before it stay valid."""

    retries: ClassVar[int] = 0
    """How often it may be met again within one request before that request is given up."""


class SourceUnavailable(SourceError):
    """No whole answer: network, server error, cut or endless body."""

    retries = 99  # bounded by `Api.tries`


class RateLimited(SourceError):
    """The platform wants fewer requests, or a longer pause than a run may make."""

    retries = 99


class TokenRejected(SourceError):
    """The token is expired, revoked, or not one at all: the account must be connected again."""


class PermissionMissing(SourceError):
    """The token is good, but its owner or the platform did not grant what was asked for."""


class WrongAccount(SourceError):
    """The token belongs to another account than the one it was filed under."""


class RequestRefused(SourceError):
    """The platform does not take the request as it is, or answered with a redirect."""


class RunOver(SourceError):
    """The time that one run may take is over; the next goes on from the last page stored."""


class PaginationLoop(SourceError):
    """The list of pages has no end. Its rows are valid, but the list is not complete."""


class MalformedResponse(SourceError):
    """An answer that is not the JSON it should be; kept as a hash and a short redacted beginning."""

    retries = 1

    def __init__(
        self, source: str, endpoint: str, reason: str, excerpt: str, sha256: str, body: str = ""
    ) -> None:
        # All are `args`, so that the exception survives being pickled by a scheduler.
        super().__init__(source, endpoint, reason, excerpt, sha256, body)
        self.source = source
        self.endpoint = endpoint
        self.reason = reason
        self.excerpt = excerpt
        self.sha256 = sha256
        self.body = body
        """More of it, as redacted as the excerpt."""

    def __str__(self) -> str:
        return (
            f"{self.source}: the answer of {self.endpoint} is not usable ({self.reason}; it starts with"
            f" {self.excerpt!r}, sha256 {self.sha256}): run `rapup pull` again; if it stays, report it"
        )
