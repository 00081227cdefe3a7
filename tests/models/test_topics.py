from __future__ import annotations

from pathlib import Path

from models.campaign import load_campaign
from models.topics import Match, rule_matches, rules_of, topic_rules
from tests.builders import CAMPAIGN, Folder, a_campaign, a_post, seen

ROOT = Path(__file__).parents[2]


def test_every_rule_of_the_shipped_campaign_becomes_a_row() -> None:
    rules = topic_rules(load_campaign(ROOT / "data" / "campaigns" / "rap-up.toml")).to_pylist()
    assert rules[:2] == [
        {
            "topic_id": "finding-help",
            "rule": "hashtag",
            "rule_rank": 1,
            "topic_rank": 0,
            "key": " findhelpearly ",
            "matched_on": "#findhelpearly",
        },
        {
            "topic_id": "finding-help",
            "rule": "keyword",
            "rule_rank": 2,
            "topic_rank": 0,
            "key": " where to get help ",
            "matched_on": "where to get help",
        },
    ]
    assert {rule["topic_rank"] for rule in rules} == {0, 1, 2, 3}


def test_an_account_rule_names_platform_and_handle(tmp_path: Path) -> None:
    shipped = (ROOT / "data" / "campaigns" / "rap-up.toml").read_text(encoding="utf-8")
    path = tmp_path / "other.toml"
    path.write_text(
        shipped.replace('hashtags = ["talkathome"]', 'accounts = ["TikTok:@Amira.Talks"]'), encoding="utf-8"
    )
    rules = topic_rules(load_campaign(path)).to_pylist()
    assert [(r["rule_rank"], r["key"], r["matched_on"]) for r in rules if r["rule"] == "account"] == [
        (3, "tiktok:amira.talks", "tiktok:@amira.talks")
    ]


OVERLAPPING = CAMPAIGN.replace(
    'team-a"\naccounts = [',
    'team-a"\nhashtags = ["voices", "Café"]\nkeywords = ["first", "santé"]\naccounts = [',
)
CAPTIONS = (
    "",
    "#findhelp",
    "#FindHelp #voices",
    "#voices and my first appointment",
    "the APP, first",
    "happy snapping",
    "first… app!",
    "SANTÉ mentale #cafe\u0301",
    "#findhelper is another word, #find_help too",
    "first\u200bappointment",
    "＃ｆｉｎｄｈｅｌｐ in full width",
)


def test_the_first_match_is_by_the_surest_rule_then_by_the_order_of_the_file(tmp_path: Path) -> None:
    rules = rules_of(a_campaign(tmp_path, OVERLAPPING))
    assert rule_matches("my first appointment #voices", "tiktok:lavelle", rules) == (
        Match("voices", "hashtag", "#voices"),
        Match("help", "keyword", "first appointment"),
    )
    assert rule_matches("the app, first", "tiktok:kofi", rules) == (
        Match("help", "keyword", "app"),
        Match("voices", "keyword", "first"),
    )
    assert rule_matches(None, "tiktok:kofi", rules) == (Match("voices", "account", "tiktok:@kofi"),)
    assert rule_matches("", "tiktok:lavelle", rules) == ()


def test_one_caption_matches_as_the_published_column_does(tmp_path: Path) -> None:
    folder = Folder(tmp_path, a_campaign(tmp_path, OVERLAPPING))
    posts = {
        f"{number}{account}": (caption, account)
        for account in ("lavelle", "kofi")
        for number, caption in enumerate([*CAPTIONS, None])
    }
    folder.load(
        [a_post(id_, "2023-12-01 12:00", caption, account=who) for id_, (caption, who) in posts.items()],  # type: ignore[arg-type]
        [seen(id_, "2023-12-08 12:00", 5, account=who) for id_, (_, who) in posts.items()],
    )
    folder.build()
    published = folder.rows(
        "SELECT * FROM marts.post_topics ORDER BY post_id, is_primary DESC, rule, topic_id"
    )
    by_sql = {
        post_id: [(r["topic_id"], r["rule"], r["matched_on"]) for r in published if r["post_id"] == post_id]
        for post_id in posts
    }
    rules = rules_of(folder.campaign)
    by_python = {
        post_id: [tuple(match) for match in rule_matches(caption, f"tiktok:{account}", rules)]
        for post_id, (caption, account) in posts.items()
    }
    assert by_python == by_sql
    assert {len(matches) for matches in by_sql.values()} == {0, 1, 2}
