"""An inbox of files that must be refused, each for its own reason, beside two good ones."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

LAVELLE = "lavelle/tiktok-lavelle.sings"
AMIRA = "amira/tiktok-amira.talks"
AMIRA_INSTAGRAM = "amira/instagram-amira.talks"

GOOD = (
    f"{LAVELLE}/2024-02-06/Content_lavelle.sings.zip",
    f"{AMIRA_INSTAGRAM}/2024-02-06/Sep-01-2023_Feb-05-2024_1804378027238054.csv",
)
BAD = {
    f"{LAVELLE}/2024-02-13/Content_lavelle.sings.zip": "a text with the name of a ZIP",
    f"{LAVELLE}/2024-02-20/Content_lavelle.sings.zip": "a ZIP that ends too early",
    f"{LAVELLE}/2024-02-27/Content_lavelle.sings.zip": "an empty file",
    f"{AMIRA}/2024-02-09/Content.csv": "saved by Excel: the ids have lost their digits",
    f"{AMIRA}/2024-02-16/Content_amira.talks.zip": "a row with a missing cell",
    f"{AMIRA}/2024-02-23/Content.csv": "UTF-16 without a byte order mark",
    f"{AMIRA}/2024-03-01/Content.csv": "Shift-JIS",
    f"{AMIRA_INSTAGRAM}/2024-02-13/followers.csv": "a header that no connector knows",
    f"{AMIRA_INSTAGRAM}/2024-02-20/Sep-01-2023_Feb-19-2024_1804378027238055.csv": "a Facebook page's export",
    "somebody/tiktok-not.in.any.campaign/2024-02-06/Content_not.in.any.campaign.zip": "an unknown account",
}

HEADER = (
    "Time",
    "Video title",
    "Video link",
    "Post time",
    "Total likes",
    "Total comments",
    "Total shares",
    "Total views",
)
# The id of an upload at 17:29 UTC on 5 January 2024.
VIDEO = "7320667603244624897"
META_HEADER = (
    '"Post ID","Account ID","Account username","Account name",Description,"Duration (sec)","Publish time",'
    'Permalink,"Post type","Data comment",Date,Views,Reach,Likes,Shares,Follows,Comments,Saves\n'
)
META_ROW = (
    "18012345678901234,17841400000023456,amira.talks,Amira,"
    '"Two lines,\nand ""quotes""\n\n#mybrainworks",31,"01/05/2024 09:30",'
    'https://www.instagram.com/reel/{code}/,"IG reel",,Lifetime,5120,4300,260,31,4,22,40\n'
)
FACEBOOK = (
    '"Post ID","Page ID","Page name",Title,Description,"Duration (sec)","Publish time",Permalink,'
    '"Post type","Data comment",Date,Views,Reach,"Reactions, comments and shares",Reactions,Comments,Shares\n'
    "122100000000000001,100000000000001,Somebody,,Hello,0,"
    '"01/05/2024 09:30",https://www.facebook.com/1,Photos,,Lifetime,120,90,9,7,1,1\n'
)


def write_bad_exports(folder: Path) -> None:
    """Fill `folder`, an inbox, with every file of `GOOD` and `BAD`."""
    for name, content in zip((*GOOD, *BAD), (*_good(), *_bad()), strict=True):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _good() -> list[bytes]:
    return [
        _zip(_content("February 6", "lavelle.sings")),
        ("\ufeff" + META_HEADER + META_ROW.format(code="C1uhuuJEqs8")).encode(),
    ]


def _bad() -> list[bytes]:
    """In the order of `BAD`."""
    whole = _zip(_content("February 20", "lavelle.sings"))
    return [
        b"The export is attached. Sorry for the delay!\n",
        whole[: len(whole) // 2],
        b"",
        _content("February 9", "amira.talks").replace(VIDEO, "7.32067E+18").replace('"', "").encode(),
        _zip(_content("February 16", "amira.talks").replace(',"5120"', "")),
        _content("February 23", "amira.talks").encode("utf-16-le"),
        _content("3月1日", "amira.talks").encode("shift-jis"),
        b"\xef\xbb\xbfWhen,Who,How many\n2024-02-13,everybody,12\n",
        ("\ufeff" + FACEBOOK).encode(),
        _zip(_content("February 6", "not.in.any.campaign")),
    ]


def _content(time: str, handle: str) -> str:
    link = f"https://www.tiktok.com/@{handle}/video/{VIDEO}"
    row = (time, "A caption #talkathome", link, "January 5", "260", "22", "31", "5120")
    return "\n".join(",".join(f'"{cell}"' for cell in cells) for cells in (HEADER, row))


def _zip(content: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo("Content.csv", (2024, 2, 6, 11, 0, 0)), "\ufeff" + content)
    return buffer.getvalue()
