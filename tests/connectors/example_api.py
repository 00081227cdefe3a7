"""A whole connector for an invented platform, as docs/add-a-platform.md describes it.

`GET /v1/me` tells whose token it is, `GET /v1/clips?after=` lists that account's clips, newest first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from connectors import pages, values, verdicts
from connectors.api import Visit, notes, origin
from connectors.base import Batch, Reading, Refusal
from connectors.calls import Caller, Misshapen
from connectors.http import Api
from connectors.pages import Page
from connectors.source_errors import SourceError
from connectors.strict_json import JsonObject
from connectors.tokens import Tokens
from models.schema import ACCOUNT_METRICS, POST_METRICS, SOURCE_RANKS, from_epoch

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
            raise verdicts.wrong_account(SOURCE, account, [name])
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

        row, is_whole = 0, True
        for page in pages.all_pages(fetch, visit.window.cursor, SOURCE, visit.account, "the list of clips"):
            batch = self.batch(visit, page, row)
            row, is_whole = row + len(page.items), is_whole and batch.rows == len(page.items)
            yield replace(batch, ends=batch.ends and is_whole)
            if batch.cursor is None:
                return

    def batch(self, visit: Visit, page: Page, row: int) -> Batch:
        posts = [Post(visit, n, clip) for n, clip in enumerate(page.items, row + 1) if is_clip(clip)]
        lost = [Refusal(n, "no clip") for n, clip in enumerate(page.items, row + 1) if not is_clip(clip)]
        since_s = visit.window.since_s or 0
        last = not page.has_more or (bool(posts) and all(p.clip["at"] < since_s for p in posts))
        tables = {
            "post_observations": values.to_table("post_observations", [p.observed() for p in posts]),
            "posts_seen": values.to_table("posts_seen", [p.described() for p in posts]),
        }
        refused = (*lost, *(Refusal(p.row, reason) for p in posts for reason in p.reasons))
        return Batch(tables, len(posts), refused, None if last else page.cursor, last and not lost)


@dataclass
class Post:
    visit: Visit
    row: int
    clip: JsonObject
    reasons: list[str] = field(default_factory=list)

    def observed(self) -> dict[str, object]:
        return {**self.key(), **{m: values.count(self.clip, n, self.reasons) for m, n in NATIVE.items()}}

    def described(self) -> dict[str, object]:
        at, handle = self.clip["at"], self.visit.account
        published = {"published_at": from_epoch(at), "published_s": at, "published_basis": "source"}
        shown = {"permalink": f"https://clips.example/{handle}/{self.clip['id']}", "media_type": "video"}
        caption = values.on_one_line(self.clip.get("text"))
        return {**self.key(), **published, **shown, "caption": caption, "exporter": handle}

    def key(self) -> dict[str, object]:
        return {**origin(self.visit, SOURCE, "clips", self.row), "post_id": self.clip["id"]}


def is_clip(clip: object) -> bool:
    return isinstance(clip, dict) and isinstance(clip.get("id"), str) and values.is_whole(clip.get("at"))


def caller(account: str, tokens: Tokens, misshapen: Misshapen) -> Caller:
    return Caller(SOURCE, account, tokens.access, classify, misshapen)


def classify(status: int, payload: JsonObject) -> SourceError | None:
    return None  # Clips uses HTTP statuses, and means what they say


def needs(name: str, kind: type) -> Misshapen:
    return lambda payload: None if isinstance(payload.get(name), kind) else f"no {name}"
