"""How much of an audience is the one a campaign wants to reach, as far as platforms tell.

Platforms give shares by age, by country and by city, never their combination: the share meeting all
criteria is known only between two bounds. Nothing is inferred from names, faces or words, and no
platform knows ethnicity.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

from babel import Locale

from models.campaign_types import TargetAudience
from models.text import words_key

Basis = Literal["measured", "account", "unknown"]
Dimension = Literal["age", "country", "city"]
GoalVerdict = Literal["Reaches goal", "Below goal", "Too close to call"]

_ROUNDING: Final = 1e-9
_OLDEST: Final = 130
_OPEN_ENDED: Final = re.compile(r"\+|plus|above|over|older", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d{1,3}", re.ASCII)
_TIKTOK_CITY: Final = re.compile(r"([A-Z]{2}) +(.+)")
_NO_PLACE: Final = frozenset({"other", "others", "unknown", "undisclosed", ""})
_NO_COUNTRY: Final = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})  # of CLDR's two-letter codes


@dataclass(frozen=True, slots=True)
class Bounds:
    """A share, 0-1, known to lie between two ends; equal ends: known exactly."""

    low: float
    high: float

    @property
    def exact(self) -> float | None:
        """The share itself, if known."""
        return self.low if self.high - self.low < _ROUNDING else None


def share_bounds(shares: Sequence[float]) -> Bounds:
    """Between which shares those lie who meet every one of k criteria, met by one share each, 0-1.

    The bounds of Fréchet (1935): at least the sum less k - 1, at most the smallest.

    Raises:
        ValueError: no share is given, or one is not between 0 and 1.
    """
    if not shares or not all(0 <= share <= 1 for share in shares):
        raise ValueError("give at least one share, each between 0 and 1")
    high = min(shares)
    low = max(0.0, math.fsum(shares) - (len(shares) - 1))
    return Bounds(min(low, high), high)  # 1.0 + 0.3 - 1 is a little more than 0.3


def target_bounds(criteria: Sequence[Bounds]) -> Bounds:
    """As `share_bounds`, for criteria that are themselves known only between two ends.

    Raises:
        ValueError: there is no criterion.
    """
    low = share_bounds([criterion.low for criterion in criteria]).low
    return Bounds(low, share_bounds([criterion.high for criterion in criteria]).high)


def criterion_share(
    audience: TargetAudience, dimension: Dimension, shares: Mapping[str, float]
) -> Bounds | None:
    """Share of an audience that meets one criterion, 0-1, from the platform's shares by bucket.

    Buckets that cannot be told (an age band across the target's edge, "Others") and whatever the list
    leaves out may meet it or not, unless the list has every country or city asked for.
    None: the campaign has no such criterion, or the platform gives no shares.

    Raises:
        ValueError: a share is not between 0 and 1.
    """
    if not shares or not _criterion(audience, dimension):
        return None
    if not all(0 <= share <= 1 for share in shares.values()):
        raise ValueError(f"shares of an audience by {dimension} must lie between 0 and 1")
    fits = {bucket: in_target(audience, dimension, bucket) for bucket in shares}
    inside = math.fsum(shares[bucket] for bucket, fit in fits.items() if fit)
    outside = math.fsum(shares[bucket] for bucket, fit in fits.items() if fit is False)
    low = min(inside, 1.0)
    if dimension != "age" and _lists_all(audience, dimension, fits):
        return Bounds(low, low)
    unlisted = max(0.0, 1 - math.fsum(shares.values()))
    open_to = math.fsum(shares[bucket] for bucket, fit in fits.items() if fit is None) + unlisted
    return Bounds(low, max(low, min(inside + open_to, 1 - outside, 1.0)))


def in_target(audience: TargetAudience, dimension: str, bucket: str) -> bool | None:
    """Whether everybody in a platform's bucket meets the campaign's criterion; None: it cannot be told."""
    if dimension == "age":
        return _age_fits(audience.ages, bucket)
    if dimension == "country":
        return _country_fits(audience.countries, bucket)
    return _city_fits(audience, bucket) if dimension == "city" else None


def goal_verdict(bounds: Bounds | None, goal: float | None, basis: Basis) -> GoalVerdict | None:
    """The words for a video's audience; None unless the platform measured that video's own viewers."""
    if bounds is None or goal is None or basis != "measured":
        return None
    nearly = goal - _ROUNDING  # 0.9 + 0.8 + 0.7 - 2 is a little less than 0.4
    if bounds.low >= nearly:
        return "Reaches goal"
    return "Below goal" if bounds.high < nearly else "Too close to call"


def _criterion(audience: TargetAudience, dimension: Dimension) -> tuple[str, ...]:
    wanted = {"age": audience.ages, "country": audience.countries, "city": audience.places}
    return wanted[dimension]


def _lists_all(audience: TargetAudience, dimension: Dimension, fits: Mapping[str, bool | None]) -> bool:
    """Whether every country or city asked for has a bucket of its own."""
    listed = [bucket for bucket, fit in fits.items() if fit]
    alone = [_only(audience, dimension, wanted) for wanted in _criterion(audience, dimension)]
    return all(any(in_target(one, dimension, bucket) for bucket in listed) for one in alone)


def _only(audience: TargetAudience, dimension: Dimension, wanted: str) -> TargetAudience:
    if dimension == "country":
        return replace(audience, countries=(wanted,))
    return replace(audience, places=(wanted,))


def _age_fits(bands: Iterable[str], bucket: str) -> bool | None:
    """By whole years, so that 13-17 and 18-24 together hold 16-20."""
    wanted = frozenset[int]().union(*(_years(band) for band in bands))
    years = _years(bucket)
    if not years or not wanted:
        return None
    if years <= wanted:
        return True
    return None if years & wanted else False


def _years(band: str) -> frozenset[int]:
    """The ages of "18-24", "18 - 24", "AGE_18_24", "65+" or "AGE_55_PLUS"; of other words, none."""
    numbers = [int(number) for number in _NUMBER.findall(band)]
    match numbers:
        case [first] if _OPEN_ENDED.search(band):
            return frozenset(range(first, _OLDEST))
        case [first, last]:
            return frozenset(range(first, last + 1))
    return frozenset()


def _country_fits(countries: Sequence[str], bucket: str) -> bool | None:
    code = _country_codes().get(words_key(bucket))
    return code in countries if code and countries else None


@lru_cache(maxsize=1)
def _country_codes() -> Mapping[str, str]:
    """ISO codes by code and by English name, in any case."""
    names = Locale("en", "GB").territories
    codes = {code: name for code, name in names.items() if code.isalpha() and code not in _NO_COUNTRY}
    by_name = {words_key(name): code for code, name in codes.items()}
    by_code = {words_key(code): code for code in codes}
    return by_name | by_code | {words_key("UK"): "GB"}


def _city_fits(audience: TargetAudience, bucket: str) -> bool | None:
    """By the name before the first comma, as platforms write one city in several ways.

    "Sheffield, England" and "GB Sheffield" are in Sheffield, "US Sheffield" is not when the campaign is
    in GB. A place with a comma in the campaign file asks for the whole name: "Newport, Wales".
    """
    country, name = _TIKTOK_CITY.fullmatch(bucket.strip()), bucket
    if country and country[1] in _country_codes().values():
        if audience.countries and country[1] not in audience.countries:
            return False
        name = country[2]
    if not audience.places or name.strip().casefold() in _NO_PLACE:
        return None
    names = {words_key(name), words_key(name.partition(",")[0])}
    return any(words_key(place) in names for place in audience.places)
