"""Messages to creators, ready to be copied: in the creator's language, and in English for the sender.

The words of a language are `languages/TAG.toml`; the buttons of a platform stay as its site has them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from dashboards import words
from dashboards.blocks import Message, Messages
from dashboards.facts import Facts
from dashboards.intake import asks_of, file_of
from dashboards.reader import Row

FOLDER: Final = Path(__file__).with_name("languages")
ENGLISH: Final = "en"
_KINDS: Final = {("tiktok", "overview"): "Overview", ("tiktok", "content"): "Content"}
_BUTTONS: Final = {
    ("tiktok", "overview"): "tiktok.com/tiktokstudio → Analytics → Overview → Download data → 365 days → CSV",
    ("tiktok", "content"): "tiktok.com/tiktokstudio → Analytics → Content → Download data → 365 days → CSV",
    ("instagram", "content"): "business.facebook.com → Insights → Content → Export data →"
    " {last_90_days} → CSV",
}
_ISOLATED: Final = "\u2066{}\u2069"
"""Left to right, whatever stands around it (Unicode's isolates)."""

Words = Mapping[str, str]


def messages(facts: Facts) -> Messages:
    """A message per creator who is to be asked."""
    made = (_message(facts, creator) for creator in facts.creators if asks_of(facts, (creator,)))
    return Messages(tuple(made), "Nobody has to be asked for anything: nothing is missing.")


def _message(facts: Facts, creator: Row) -> Message:
    asks = asks_of(facts, (creator,))
    wanted = str(creator["language"] or ENGLISH)
    found = tag_of(wanted)
    spoken, english = _words(found), _words(ENGLISH)
    is_english = found == ENGLISH
    is_other = is_english and wanted.partition("-")[0] != ENGLISH
    return Message(
        to=str(creator["name"]),
        about=words.listed([file_of(ask) for ask in asks]),
        text=text(spoken, facts, creator, asks),
        language=spoken["language"],
        direction=spoken["direction"],
        in_english="" if is_english else text(english, facts, creator, asks),
        note=f"There is no message in “{wanted}” yet, so this one is in English." if is_other else "",
    )


def tag_of(wanted: str) -> str:
    """The nearest language that there is: the tag less its last parts, one by one (RFC 4647, lookup)."""
    parts = wanted.split("-")
    tags = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((tag for tag in tags if tag in languages()), ENGLISH)


@cache
def languages() -> frozenset[str]:
    """The languages that there are messages in."""
    return frozenset(path.stem for path in FOLDER.glob("*.toml"))


@cache
def _words(tag: str) -> Words:
    return tomllib.loads((FOLDER / f"{tag}.toml").read_text(encoding="utf-8"))


def text(spoken: Words, facts: Facts, creator: Row, asks: tuple[Row, ...]) -> str:
    """The message in one language."""
    ask = spoken["ask_one" if len(asks) == 1 else "ask_many"]
    campaign = str(facts.campaign["title"])
    lines = [spoken["greeting"].format(name=creator["name"]), "", ask.format(campaign=campaign)]
    for number, wanted in enumerate(asks, start=1):
        lines += ["", *_asked(spoken, number, wanted)]
    return "\n".join([*lines, "", spoken["close"], "", spoken["thanks"]])


def _asked(spoken: Words, number: int, ask: Row) -> list[str]:
    """The file and where to click; what is Latin stays in its order within a text from right to left."""
    kept = _ISOLATED if spoken["direction"] == "rtl" else "{}"
    key = (ask["platform"], ask["ask"])
    file = spoken["file"].format(
        number=number,
        platform=words.platform(ask["platform"]),
        kind=_KINDS.get(key, ask["ask"]),
        account=kept.format(f"@{ask['account']}"),
    )
    buttons = _BUTTONS.get(key, "").format(last_90_days=spoken["last_90_days"])
    return [file, *([spoken["where"], kept.format(buttons)] if buttons else [])]
