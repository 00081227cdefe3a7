"""The tokens of connected accounts: one file each in `DIR/secrets`, for its owner's eyes alone.

A new token is on the disk before anybody uses it: a platform that rotates refresh tokens has
killed the old one by then, and a night that is cut short must not lose an account.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from connectors.secret import Secret
from connectors.tokens import Tokens
from flows.file_lock import locked
from flows.settings import BadSettings
from models.campaign import Account
from models.swap import swap

_ROOM: Final = 16_384  # bytes: more than any token file needs
_ENDING: Final = ".json"
_NUMBERS: Final = ("issued_s", "expires_s", "refresh_expires_s")


@dataclass(frozen=True)
class TokenFiles:
    """The folder of one data folder; a file is named after account and source."""

    folder: Path

    def read(self, account: Account, source: str) -> Tokens | None:
        """The tokens of an account for one API; None: it is not connected.

        Raises:
            BadSettings: the file is damaged, of another account, or open to other people.
        """
        path = self._path(account, source)
        if not path.exists():
            return None
        self._refuse_open(path)
        kept = _parsed(path)
        said = (str(kept.get("account")), str(kept.get("source")))
        if said != (str(account), source):
            raise BadSettings(
                f"{path}: holds the token of {said[0]} for {said[1]}, not of {account} for {source};"
                f" delete it and run `rapup connect {account}`"
            )
        return _tokens(kept, path)

    def sources(self, account: Account) -> list[str]:
        """The APIs for which an account is connected."""
        start = f"{account.folder}."
        names = [path.name for path in self.folder.glob(f"*{_ENDING}")]
        found = [n.removeprefix(start).removesuffix(_ENDING) for n in names if n.startswith(start)]
        return sorted(source for source in found if "." not in source)

    def write(self, account: Account, source: str, tokens: Tokens) -> None:
        """Keep tokens: on the disk when this returns."""
        with self.room(account, source) as put:
            put(tokens)

    @contextmanager
    def room(self, account: Account, source: str) -> Iterator[Callable[[Tokens], None]]:
        """Room for new tokens, taken on the disk before the old ones are spent; `put` them once.

        Raises:
            OSError: the disk is full, or may not be written.
        """
        self._make_folder()
        path = self._path(account, source)
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        try:
            with _create(fresh) as file:
                file.write(b" " * _ROOM)
                file.flush()
                os.fsync(file.fileno())

                def put(tokens: Tokens) -> None:
                    file.seek(0)
                    file.write(_written(account, source, tokens))
                    file.truncate()
                    file.close()
                    swap(fresh, path)

                yield put
        finally:
            fresh.unlink(missing_ok=True)

    def delete(self, account: Account, source: str) -> bool:
        """Forget the tokens; False: there were none."""
        path = self._path(account, source)
        if not path.exists():
            return False
        path.unlink()
        return True

    def lock(self, account: Account, source: str) -> AbstractContextManager[None]:
        """Held by whoever renews, so that no refresh token is spent twice.

        Raises:
            LockBusy: see `flows.file_lock`.
        """
        self._make_folder()
        return locked(self._path(account, source).with_suffix(".lock"))

    def keep_note(self, name: str, note: dict[str, str] | None) -> None:
        """Keep what one command must tell the next, or (None) forget it."""
        path = self.folder / f"{name}.pending"
        path.unlink(missing_ok=True)
        if note is not None:
            self._make_folder()
            with _create(path) as file:
                file.write(json.dumps(note).encode())

    def note(self, name: str) -> dict[str, str]:
        """What was kept; empty: nothing."""
        path = self.folder / f"{name}.pending"
        return {str(k): str(v) for k, v in _parsed(path).items()} if path.exists() else {}

    def _path(self, account: Account, source: str) -> Path:
        if not re.fullmatch(r"[a-z0-9_]+", source):
            raise ValueError(f"not a source: {source!r}")
        return self.folder / f"{account.folder}.{source}{_ENDING}"

    def _make_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder.chmod(0o700)

    @staticmethod
    def _refuse_open(path: Path) -> None:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise BadSettings(f"{path}: other people of this machine can read it; run: chmod 600 {path}")


def _written(account: Account, source: str, tokens: Tokens) -> bytes:
    kept = {
        "account": str(account),
        "source": source,
        "access": tokens.access.reveal(),
        "refresh": tokens.refresh.reveal() if tokens.refresh else None,
        **{name: getattr(tokens, name) for name in _NUMBERS},
        "user_id": tokens.user_id,
        "scopes": list(tokens.scopes),
        "can_renew": tokens.can_renew,
    }
    return json.dumps(kept, indent=2).encode()


def _tokens(kept: dict[str, Any], path: Path) -> Tokens:
    try:
        refresh = kept["refresh"]
        return Tokens(
            access=Secret(kept["access"]),
            refresh=Secret(refresh) if refresh else None,
            issued_s=int(kept["issued_s"]),
            expires_s=kept["expires_s"],
            refresh_expires_s=kept["refresh_expires_s"],
            user_id=kept["user_id"],
            scopes=tuple(kept["scopes"]),
            can_renew=bool(kept["can_renew"]),
        )
    except (KeyError, TypeError, ValueError):
        raise _damaged(path) from None


def _parsed(path: Path) -> dict[str, Any]:
    try:
        kept = json.loads(path.read_bytes())
    except ValueError:
        kept = None
    if not isinstance(kept, dict):
        raise _damaged(path)
    return kept


def _damaged(path: Path) -> BadSettings:
    return BadSettings(f"{path}: damaged; delete it and connect the account again")


def _create(path: Path) -> BinaryIO:
    """A new file that nobody else could open, not even for a moment."""
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")
