"""Posts outside the plan, each here for a reason."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from .model import (
    AMIRA_INSTAGRAM,
    AMIRA_TIKTOK,
    KOFI_TIKTOK,
    LAVELLE_INSTAGRAM,
    LAVELLE_TIKTOK,
    OUTSIDE_INSTAGRAM,
    Account,
)


class Extra(NamedTuple):
    """A post that is told in full."""

    account: Account
    day: date
    clock: str
    expected_views: int
    caption: str
    partner: str = ""


BEFORE_THE_CAMPAIGN: list[Extra] = [
    Extra(LAVELLE_TIKTOK, date(2023, 6, 14), "18:05", 7000, "New song, same bus stop 🎤 #sheffield"),
    Extra(LAVELLE_TIKTOK, date(2023, 8, 19), "17:40", 8500, "Singing in the rain on Fargate, part 2 ☔"),
    Extra(AMIRA_TIKTOK, date(2023, 7, 3), "16:20", 6000, "Tea review number 12: too much cardamom? Never ☕"),
    Extra(
        AMIRA_TIKTOK, date(2023, 8, 24), "19:15", 7500, "Results day. Whatever it says, you are still you 🌷"
    ),
    Extra(KOFI_TIKTOK, date(2023, 7, 22), "18:30", 420, "Tournoi d'été, on a fini troisièmes et heureux ⚽"),
    Extra(KOFI_TIKTOK, date(2023, 8, 26), "18:10", 510, "Nouvelle saison, nouveaux maillots !"),
]
NO_TOPIC: list[Extra] = [
    Extra(
        LAVELLE_TIKTOK, date(2023, 10, 21), "17:12", 7800, "Backstage nerves & ginger tea 🍵 #sheffieldmusic"
    ),
    # Some people write nothing at all.
    Extra(LAVELLE_TIKTOK, date(2024, 7, 12), "18:48", 6900, ""),
    # 20 minutes past midnight in British summer: still the day before in UTC.
    Extra(
        AMIRA_TIKTOK, date(2024, 6, 18), "00:20", 7200, "Can't sleep, so here is my grandmother's bread 🫓"
    ),
    Extra(AMIRA_INSTAGRAM, date(2024, 1, 14), "16:31", 5200, 'Snow day!\n\n"Just five minutes", she said ❄️'),
    Extra(KOFI_TIKTOK, date(2024, 4, 27), "19:02", 560, "Deux buts, zéro voix demain 😂"),
]
# So few views that no top list ever shows them: they exist in the account's daily totals only.
NEVER_LISTED: list[Extra] = [
    Extra(LAVELLE_TIKTOK, date(2023, 12, 26), "23:10", 7, "Boxing day walk & talk 🎄 #talkathome"),
    Extra(AMIRA_TIKTOK, date(2024, 5, 26), "06:40", 6, "Sound check, please ignore 🎙️ #seetheperson"),
    Extra(KOFI_TIKTOK, date(2024, 8, 3), "07:15", 4, "Essai vidéo, le vent a gagné 🌬️ #mybrainworks"),
]
# Made together: the partner's Business Suite lists them as well, with some cells blank.
COLLABORATIONS: list[Extra] = [
    Extra(
        AMIRA_INSTAGRAM,
        date(2023, 11, 25),
        "17:00",
        6100,
        "Lavelle sings, I translate, we both cry a bit 💛\n\n#talkathome",
        "lavelle.sings",
    ),
    Extra(
        OUTSIDE_INSTAGRAM,
        date(2024, 3, 17),
        "12:30",
        2400,
        "Soup, a song & an honest chat about mental health.\n\nSundays at 12 🍲",
        "lavelle.sings",
    ),
    Extra(
        LAVELLE_INSTAGRAM,
        date(2024, 6, 9),
        "18:20",
        720,
        'We swapped captions for a day.\nShe wrote: "he hums when he is happy" 🎶\n\n#mybrainworks',
        "amira.talks",
    ),
]
EXTRAS = BEFORE_THE_CAMPAIGN + NO_TOPIC + NEVER_LISTED + COLLABORATIONS
