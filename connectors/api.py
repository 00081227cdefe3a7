"""What every API connector takes and gives: an account and a window of time in, a `Reading` out.

Adding one is a class with the names of `ApiSource` and a line in the registry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from connectors.base import Context, MetricNote, Reading
from connectors.tokens import Login, Tokens
from models.schema import from_epoch, to_epoch

if TYPE_CHECKING:  # the transport costs 150 ms that a run without APIs never needs
    from connectors.http import Api


@dataclass(frozen=True)
class Window:
    """Which posts are wanted, and what is known from walks before."""

    since_s: int | None = None
    """Published since, in epoch seconds; None: all there are."""
    cursor: str | None = None
    """From where an earlier walk through the same window goes on: `Batch.cursor` of its last batch."""
    not_given: dict[str, list[str]] = field(default_factory=dict)
    """What the platform refused to give, by kind of post: the connector adds to it, and asks no more."""


@dataclass(frozen=True)
class Visit:
    """One walk: whose posts are read, with whose permission, and when."""

    account: str
    """Handle of the account that is read: lower case, without "@"."""
    tokens: Tokens
    api: Api
    context: Context
    now: datetime
    """Aware; the moment of which all figures of the walk are said to be true."""
    window: Window = field(default_factory=Window)


class ApiSource(Protocol):
    """An API of a platform, read for one account."""

    @property
    def source(self) -> str:
        """Name in the ledger: "tiktok_display_api"."""

    @property
    def platform(self) -> str:
        """As the campaign file writes it: "tiktok"."""

    @property
    def login(self) -> Login | None:
        """How an account is connected; None: its owner copies a token that lasts, for `.env`."""

    @property
    def token_source(self) -> str:
        """Whose tokens it uses: its own, or those of an API through which another account is connected."""

    @property
    def base_variable(self) -> str:
        """The setting that sends tests elsewhere: "TIKTOK_API_BASE"."""

    def open_api(self, base_url: str | None = None) -> Api:
        """The way to the platform, or to a loopback address in a test. Raises `ValueError`."""

    def owner(self, account: str, tokens: Tokens, api: Api) -> Tokens:
        """The tokens with the owner's number. Raises `WrongAccount`: they are another account's."""

    def read(self, visit: Visit) -> Reading:
        """All posts of the window, newest first, and the account's own figures.

        A batch says where a later walk goes on once it is stored (`Batch.cursor`), the last one that
        the window was read to its end (`Batch.ends`). Raises `SourceError`: before the first batch, or
        while batches are drawn; those drawn before stay valid.
        """


def origin(
    visit: Visit, source: str, platform: str, row: int, account: str | None = None
) -> dict[str, object]:
    """The columns that rows of any table begin with; `account` if it is not the one that is read."""
    observed_s = to_epoch(visit.now)
    return {
        "row_no": row,
        "source": source,
        "platform": platform,
        "account": account or visit.account,
        "observed_at": from_epoch(observed_s),
        "observed_s": observed_s,
        "observed_precision": "second",
    }


def notes(native: Mapping[str, str], metrics: Iterable[str], absent: str) -> list[MetricNote]:
    """For every metric the platform's name, or why there is none."""
    return [MetricNote(m, native.get(m), None if m in native else absent) for m in metrics]
