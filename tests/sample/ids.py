"""Ids that carry their time, as the platforms make them."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from .model import chance

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
INSTAGRAM_EPOCH_MS = 1_314_220_021_721


def post_id(platform: str, handle: str, published: datetime) -> str:
    """The id of an upload made 20 to 150 seconds before it was published."""
    dice = chance(f"id {platform} {handle} {published.isoformat()}")
    uploaded = published - timedelta(seconds=dice.randint(20, 150))
    return _tiktok_id(uploaded, dice.getrandbits(32)) if platform == "tiktok" else _shortcode(uploaded, dice)


def source_id(code: str) -> str:
    """Business Suite's 17 digits, which no rule connects with the shortcode."""
    return "18" + "".join(str(chance(f"source {code} {n}").randrange(10)) for n in range(15))


def _tiktok_id(uploaded: datetime, low_bits: int) -> str:
    return str((int(uploaded.timestamp()) << 32) | low_bits)


def _shortcode(uploaded: datetime, dice: random.Random) -> str:
    milliseconds = int(uploaded.timestamp()) * 1000 + dice.randrange(1000)
    number = ((milliseconds - INSTAGRAM_EPOCH_MS) << 23) | dice.getrandbits(23)
    letters = ""
    for _ in range(11):
        number, place = divmod(number, 64)
        letters = ALPHABET[place] + letters
    return letters
