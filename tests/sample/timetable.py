"""On which days each account is exported."""

from __future__ import annotations

from datetime import date, timedelta

TUESDAYS = [date(2023, 9, 5) + timedelta(weeks=n) for n in range(57)]
FRIDAYS = [date(2023, 9, 8) + timedelta(weeks=n) for n in range(57)]
EVERY_OTHER_MONDAY = [date(2023, 9, 4) + timedelta(weeks=2 * n) for n in range(29)]
LAVELLES_INSTAGRAM_DAYS = [
    date(2023, 9, 26),
    date(2023, 10, 24),
    date(2023, 11, 21),
    date(2023, 12, 19),
    date(2024, 1, 9),
    date(2024, 2, 6),
    date(2024, 3, 5),
    date(2024, 4, 2),
    date(2024, 5, 7),
    date(2024, 6, 4),
    date(2024, 7, 2),
    date(2024, 7, 30),
    date(2024, 9, 3),
    date(2024, 10, 1),
]
KOFIS_GAPS = [  # in days
    12,
    9,
    21,
    7,
    30,
    14,
    5,
    18,
    11,
    26,
    8,
    16,
    23,
    6,
    13,
    28,
    10,
    19,
    7,
    25,
    15,
    12,
    9,
    20,
    17,
    11,
]
KOFIS_DAYS = [date(2023, 9, 6) + timedelta(days=sum(KOFIS_GAPS[:n])) for n in range(len(KOFIS_GAPS) + 1)]
