"""Posts that the timetable says were boosted: no source tells of an advertisement that a team paid for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyarrow as pa

from models.campaign import BadCampaign, Campaign
from models.topics import PostKey

BOOSTED: Final = pa.schema({"platform": pa.string(), "post_id": pa.string()})


def boosted_posts(campaign: Campaign, post_key: PostKey) -> pa.Table:
    """Platform and id of every post that an event of kind `boost` names, once each.

    Raises:
        BadCampaign: a link leads to no post.
    """
    found = dict.fromkeys(_named(campaign, post_key))
    rows = [{"platform": platform, "post_id": post_id} for platform, post_id in found]
    return pa.Table.from_pylist(rows, schema=BOOSTED)


def _named(campaign: Campaign, post_key: PostKey) -> Iterator[tuple[str, str]]:
    for event in campaign.events:
        for link in event.posts:
            post = post_key(link)
            if post is None:
                where = f"{campaign.name}.toml: event {event.name!r} of {event.date}"
                raise BadCampaign(
                    f"{where}: {link[:60]!r} is no link to a post; copy it from the post's page"
                )
            yield post
