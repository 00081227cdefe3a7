"""The sheet for figures read from a screen, as people fill it in."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from tests.connectors.exports import tiktok_id

HEADER = ("account", "post link", "read on", "metric or audience bucket", "value", "seen on")
LINK = f"https://www.tiktok.com/@lavelle.sings/video/{tiktok_id('2024-01-03 12:30:00')}"


def reading(moment: str = "2024-01-03 12:30:00", **cells: str) -> list[str]:
    """One row: the views of a video of @lavelle.sings made at `moment` UTC."""
    row = {
        "account": "tiktok:@lavelle.sings",
        "link": f"https://www.tiktok.com/@lavelle.sings/video/{tiktok_id(moment)}",
        "day": "2024-02-06",
        "what": "views",
        "value": "12400",
        "seen": "phone, analytics",
    }
    return list((row | cells).values())


def sheet(*rows: Sequence[str], header: Sequence[str] = HEADER) -> bytes:
    """As a CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue().encode()
