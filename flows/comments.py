"""What turns comments into what may be stored, and how long their texts stay."""

from __future__ import annotations

import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flows.settings import BadSettings, Settings
from models.campaign import Campaign
from models.compaction import compact
from models.overlay import BadLexicon, Overlay, read_overlay
from models.privacy import Pseudonyms
from models.schema import to_epoch
from models.store import STORE_FILE, open_store

if TYPE_CHECKING:
    from models.comments import Keeper

KEY_FILE: Final = "pseudonym.key"
_BYTES: Final = 32
_FEWEST_CHARACTERS: Final = 16


def pseudonyms(settings: Settings) -> Pseudonyms:
    """The names that stand for commenters, under the key in the settings, else the one in `DIR/secrets`.

    A key is made where there is none: it must outlive the store, for without it nobody who asks to be
    erased can be found.

    Raises:
        BadSettings: the key is too short, or its file damaged or open to other people.
    """
    if settings.pseudonym_key is not None:
        key = settings.pseudonym_key.reveal()
        if len(key) < _FEWEST_CHARACTERS:
            raise BadSettings(f"RAPUP_PSEUDONYM_KEY: give it {_FEWEST_CHARACTERS} characters or more")
        return Pseudonyms(key.encode())
    return Pseudonyms(_kept_key(settings.secrets / KEY_FILE))


def _kept_key(path: Path) -> bytes:
    if not path.exists():
        _make_key(path)
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise BadSettings(f"{path}: other people of this machine can read it; run: chmod 600 {path}")
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except ValueError:
        key = b""
    if len(key) != _BYTES:
        raise BadSettings(f"{path}: damaged; restore it from its copy: no other key fits the stored comments")
    return key


def _make_key(path: Path) -> None:
    """Whole or not at all, and never in place of another that was made meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(f".{secrets.token_hex(4)}.new")
    try:
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(secrets.token_hex(_BYTES).encode())
            file.flush()
            os.fsync(file.fileno())
        if not path.exists():
            fresh.rename(path)
    finally:
        fresh.unlink(missing_ok=True)


def keeper(settings: Settings, campaign: Campaign) -> Keeper | None:
    """What makes comments storable; None: the campaign lets none be read.

    Raises:
        BadSettings: see `pseudonyms` and `overlay`.
    """
    if not campaign.comments.enabled:
        return None
    from models.comments import Keeper  # noqa: PLC0415 (a lexicon is loaded, which most runs never need)
    from models.sentiment import Scorer  # noqa: PLC0415

    return Keeper(pseudonyms(settings), Scorer(overlay(settings)))


def overlay(settings: Settings) -> Overlay:
    """The campaign's own words, from `NAME.lexicon.csv` or `.xlsx` beside the campaign file.

    Raises:
        BadSettings: the file cannot be used; a line per problem.
    """
    try:
        return read_overlay(settings.campaign_file().with_suffix(".lexicon.csv"))
    except BadLexicon as error:
        raise BadSettings(str(error)) from None


def drop_old_texts(settings: Settings, campaign: Campaign, now: datetime) -> int:
    """Delete texts that were stored more than `retention_days` ago; scores stay. How many there were.

    Raises:
        StoreBusy, StoreUnreadable: see `models.store`.
    """
    if not (settings.data / STORE_FILE).exists():
        return 0
    before = now - timedelta(days=campaign.comments.retention_days)
    with open_store(settings.data) as store:
        dropped = store.drop_texts(to_epoch(before))
    if dropped:
        compact(settings.data)  # else their bytes would stay where they were
    return dropped
