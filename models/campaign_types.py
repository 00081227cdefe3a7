"""What a campaign is: the timetable, the teams with their topics, the creators with their accounts.

Values are checked where they are read (`models.campaign`); here is what follows from them.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

EVENT_KINDS: Final = ("session", "test_of_change", "platform_change", "boost", "outside")
CREATOR_KINDS: Final = ("influencer", "trust")
SUPPRESS_RULES: Final = ("mhsds", "hes", "lt5")
SPC_MEASURES: Final = ("new_views", "interactions_per_1000_views", "posts")
EVERY: Final = "every"
"""Stands for each measure, or for each topic and account."""
DEFAULT_RETENTION_DAYS: Final = 15

# Any platform's word will do, so that a new connector needs no change here. A handle names a
# folder too, and Windows takes a dot off the end of those.
_ACCOUNT: Final = re.compile(r"(?P<platform>[a-z][a-z0-9]*):@?(?P<handle>[\w.-]*\w)")


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """An account on a platform; `str` of it is how the campaign file writes it."""

    platform: str
    handle: str
    """Lower case, without "@"."""

    @classmethod
    def parse(cls, text: str) -> Account:
        """The account that "tiktok:@handle" names.

        Raises:
            ValueError: `text` has not that form.
        """
        match = _ACCOUNT.fullmatch(unicodedata.normalize("NFC", text).strip().lower())
        if not match:
            raise ValueError(
                f'not an account: {text[:60]!r}; write "platform:@handle", as in "tiktok:@handle"'
            )
        return cls(match["platform"], match["handle"])

    @property
    def folder(self) -> str:
        """The name of its inbox folder: "tiktok-handle"."""
        return f"{self.platform}-{self.handle}"

    def __str__(self) -> str:
        return f"{self.platform}:@{self.handle}"


@dataclass(frozen=True, slots=True)
class TargetAudience:
    """Whom the videos are for, in the words that platforms have for it."""

    description: str
    ages: tuple[str, ...]
    """Age bands: "13-17", "65+"."""
    countries: tuple[str, ...]
    """ISO codes: "GB"."""
    places: tuple[str, ...]
    goal_share: float | None
    """Of a video's audience, 0-1."""


@dataclass(frozen=True, slots=True)
class Period:
    """An action period; both days belong to it."""

    id: str
    name: str
    starts: dt.date
    ends: dt.date


@dataclass(frozen=True, slots=True)
class Event:
    """A day that a chart should mark."""

    date: dt.date
    name: str
    kind: str
    team: str | None
    note: str | None
    posts: tuple[str, ...] = ()
    """Links of the posts that a boost was of."""


@dataclass(frozen=True, slots=True)
class Team:
    """A team of the collaborative."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Topic:
    """What a team's videos are about, and the rules by which a post belongs to it."""

    id: str
    name: str
    team: str
    hashtags: tuple[str, ...]
    keywords: tuple[str, ...]
    accounts: tuple[Account, ...]


@dataclass(frozen=True, slots=True)
class Creator:
    """A person or an organisation that makes videos."""

    id: str
    name: str
    kind: str
    accounts: tuple[Account, ...]
    communities: tuple[str, ...]
    """Declared by the creator, in their words; never inferred."""
    consent_until: dt.date | None
    language: str
    """BCP 47 tag of the language to write to them in."""


@dataclass(frozen=True, slots=True)
class Rebase:
    """A person's decision that the lines of charts start anew, with the reason that pages print."""

    date: dt.date
    reason: str
    measure: str = EVERY
    facet: str = EVERY
    """"topic:ID" or "account:PLATFORM:HANDLE", as in the published table `spc`."""


@dataclass(frozen=True, slots=True)
class Target:
    """A value that a measure should reach every week."""

    measure: str
    value: float
    facet: str = EVERY


@dataclass(frozen=True, slots=True)
class Spc:
    """How control charts are drawn."""

    baseline_weeks: int | None = None
    """None: the complete weeks before the first action period, see docs."""
    screen_outliers: bool = True
    rebases: tuple[Rebase, ...] = ()
    targets: tuple[Target, ...] = ()

    def target_of(self, measure: str, facet: str) -> float | None:
        """The target of a chart: its own, else the one of every chart of its measure."""
        values = {target.facet: target.value for target in self.targets if target.measure == measure}
        return values.get(facet, values.get(EVERY))


@dataclass(frozen=True, slots=True)
class Privacy:
    """What may be read, and how small numbers are shown."""

    read_archives: bool = False
    suppress: str = "mhsds"


@dataclass(frozen=True, slots=True)
class TikTok:
    """What TikTok does not say of its exports, and an analyst may see otherwise."""

    viewers_one_day_late: bool = True
    """A day in a Viewers file is the day after the one whose viewers it counts."""


@dataclass(frozen=True, slots=True)
class Comments:
    """Whether comments are read at all, and who answers for it."""

    enabled: bool = False
    owner: str | None = None
    read_within_hours: int | None = None
    approved_on: dt.date | None = None
    retention_days: int = DEFAULT_RETENTION_DAYS


@dataclass(frozen=True, slots=True)
class Campaign:
    """A whole campaign file, checked."""

    name: str
    title: str
    timezone: ZoneInfo
    starts: dt.date
    ends: dt.date
    target_audience: TargetAudience | None
    periods: tuple[Period, ...]
    events: tuple[Event, ...]
    teams: tuple[Team, ...]
    topics: tuple[Topic, ...]
    creators: tuple[Creator, ...]
    spc: Spc
    privacy: Privacy
    comments: Comments
    tiktok: TikTok
    contact: str | None = None
    """Whom creators tell when something is wrong, in the campaign's words."""

    def accounts(self) -> tuple[Account, ...]:
        """Every creator's accounts, in the order of the file."""
        return tuple(account for creator in self.creators for account in creator.accounts)

    def handles(self) -> Mapping[str, frozenset[str]]:
        """The handles of the campaign's accounts, by platform."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for account in self.accounts():
            found[account.platform].add(account.handle)
        return {platform: frozenset(handles) for platform, handles in found.items()}

    def creator_of(self, platform: str, handle: str) -> Creator | None:
        """Whose account it is; None if it is not the campaign's."""
        account = Account(platform, handle)
        return next((creator for creator in self.creators if account in creator.accounts), None)

    def facets(self) -> tuple[str, ...]:
        """What has a control chart: every topic, then every account."""
        topics = [f"topic:{topic.id}" for topic in self.topics]
        return (*topics, *(f"account:{a.platform}:{a.handle}" for a in self.accounts()))

    def topics_of(self, team_id: str) -> tuple[Topic, ...]:
        """A team's topics, in the order of the file."""
        return tuple(topic for topic in self.topics if topic.team == team_id)

    def period_on(self, day: dt.date) -> Period | None:
        """The action period of a day; learning sessions, for one, lie in none."""
        return next((period for period in self.periods if period.starts <= day <= period.ends), None)
