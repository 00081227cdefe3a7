"""A whole connector for an invented platform, as docs/add-a-platform.md describes it.

`GET /v1/me` tells whose token it is, `GET /v1/clips?after=` lists that account's clips, newest first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from connectors import pages, values
from connectors.api import Visit, notes
from connectors.base import Batch, Reading, Refusal
from connectors.calls import Caller, Misshapen
from connectors.http import Api
from connectors.pages import Page
from connectors.source_errors import SourceError, WrongAccount
from connectors.strict_json import JsonObject
from connectors.tokens import Tokens
from models.schema import ACCOUNT_METRICS, POST_METRICS, SOURCE_RANKS, from_epoch, to_epoch

SOURCE = "clips_api"
NATIVE = {"views": "plays", "likes": "hearts"}


@dataclass(frozen=True)
class ClipsApi:
    source: str = SOURCE
    token_source: str = SOURCE
    platform: str = "clips"
    base_variable: str = "CLIPS_API_BASE"
    login: None = None

    def open_api(self, base_url: str | None = None) -> Api:
        return Api(base_url or "https://api.clips.example", frozenset({"api.clips.example"}))

    def owner(self, account: str, tokens: Tokens, api: Api) -> Tokens:
        name = api.get("/v1/me", caller(account, tokens, needs("name", str)))["name"]
        if name != account:
            raise WrongAccount(
                f"{SOURCE}: the token filed under @{account} is that of {values.shown_handle(name)}"
            )
        return tokens

    def read(self, visit: Visit) -> Reading:
        self.owner(visit.account, visit.tokens, visit.api)
        return Reading(
            source=SOURCE,
            platform=self.platform,
            account=visit.account,
            exported_on=visit.now.astimezone(visit.context.timezone).date(),
            batches=self.batches(visit),
            metrics=notes(NATIVE, dict.fromkeys([*POST_METRICS, *ACCOUNT_METRICS]), "not offered by Clips"),
            source_rank=SOURCE_RANKS["api"],
        )

    def batches(self, visit: Visit) -> Iterator[Batch]:
        def fetch(cursor: str | None) -> Page:
            query = {"after": cursor} if cursor else {}
            answer = visit.api.get(
                "/v1/clips", caller(visit.account, visit.tokens, needs("clips", list)), query
            )
            return Page(answer["clips"], answer.get("next"), answer.get("next") is not None)

        row = 0
        for page in pages.all_pages(fetch, visit.window.cursor, SOURCE, visit.account, "the list of clips"):
            batch, row = self.batch(visit, page, row)
            yield batch
            if batch.ends:
                return

    def batch(self, visit: Visit, page: Page, row: int) -> tuple[Batch, int]:
        observed, seen, refused = [], [], []
        for clip in page.items:
            row += 1
            if (
                not isinstance(clip, dict)
                or not isinstance(clip.get("id"), str)
                or not values.is_whole(clip.get("at"))
            ):
                refused.append(Refusal(row, "no id or no time: clip left out"))
                continue
            reasons: list[str] = []
            key = {**origin(visit, row), "post_id": clip["id"]}
            observed.append(
                {**key, **{m: values.count(clip, native, reasons) for m, native in NATIVE.items()}}
            )
            seen.append({**key, **described(visit, clip)})
            refused += [Refusal(row, f"id {clip['id']}: {reason}") for reason in reasons]
        tables = {
            "post_observations": values.to_table("post_observations", observed),
            "posts_seen": values.to_table("posts_seen", seen),
        }
        is_old = visit.window.since_s is not None and all(
            s["published_s"] < visit.window.since_s for s in seen
        )
        last = not page.has_more or (bool(seen) and is_old)
        return Batch(tables, len(seen), tuple(refused), None if last else page.cursor, last), row


def origin(visit: Visit, row: int) -> dict[str, Any]:
    moment = to_epoch(visit.now)
    where = {"row_no": row, "source": SOURCE, "platform": "clips", "account": visit.account}
    return {**where, "observed_at": from_epoch(moment), "observed_s": moment, "observed_precision": "second"}


def described(visit: Visit, clip: JsonObject) -> dict[str, Any]:
    published = {
        "published_at": from_epoch(clip["at"]),
        "published_s": clip["at"],
        "published_basis": "source",
    }
    link = f"https://clips.example/{visit.account}/{clip['id']}"
    caption = values.on_one_line(clip.get("text"))
    return {
        **published,
        "exporter": visit.account,
        "permalink": link,
        "caption": caption,
        "media_type": "video",
    }


def caller(account: str, tokens: Tokens, misshapen: Misshapen) -> Caller:
    return Caller(SOURCE, account, tokens.access, classify, misshapen)


def classify(status: int, payload: JsonObject) -> SourceError | None:
    return None  # Clips uses HTTP statuses, and means what they say


def needs(name: str, kind: type) -> Misshapen:
    return lambda payload: None if isinstance(payload.get(name), kind) else f"no {name}"
