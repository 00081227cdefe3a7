"""Meta's exports through the command line, into the real store."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import duckdb
import pytest

from flows.cli import main
from tests.connectors.downloads import FOLDER, INSIGHTS, insight, insights, packed
from tests.connectors.exports import suite, suite_row
from tests.connectors.meta import CITIES, card, titled, translated

INBOX = "inbox/amira/instagram-amira.talks"
DOWNLOAD = FOLDER.replace("lavelle.sings", "amira.talks")
FIRST = suite_row("2024-01-03 12:30:10", Account_username="amira.talks")
SECOND = suite_row("2024-01-09 08:00:00", Account_username="amira.talks", Likes="77")
FILES = {
    f"{INBOX}/2024-02-05/content.csv": suite(FIRST),
    f"{INBOX}/2024-02-06/content.csv": translated("es", SECOND, FIRST | {"Likes": "51"}),
    f"{INBOX}/2024-02-06/views.csv": card("Views", {"2024-02-01": "431", "2024-02-02": "390"}),
    f"{INBOX}/2024-02-06/reach.csv": card("Alcance", {"2024-02-01": "400"}, ("Data", "Primary")),
    f"{INBOX}/2024-02-06/audience.csv": titled(CITIES),
}
TABLES = ("posts_seen", "post_observations", "account_days_seen", "audience_seen")


def rapup(data: Path, *arguments: str) -> int:
    return main(["--data", str(data), "--campaign", "rap-up", *arguments])


def imported(data: Path, names: Sequence[str]) -> list[list[tuple[object, ...]]]:
    """All that the store holds after the files came in one by one, but for the names of the loads."""
    for name in names:
        file = data / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(FILES[name])
        assert rapup(data, "ingest") == 0
    with duckdb.connect(str(data / "store.duckdb"), read_only=True) as connection:
        return [
            sorted(connection.execute(f"SELECT * EXCLUDE (load_id) FROM raw.{table}").fetchall(), key=str)  # noqa: S608
            for table in TABLES
        ]


def test_the_order_of_import_changes_nothing(tmp_path: Path) -> None:
    some = [order for at, order in enumerate(permutations(FILES)) if at % 29 == 0]
    first, *others = (imported(tmp_path / str(at), order) for at, order in enumerate(some))
    assert [len(rows) for rows in first] == [3, 3, 3, 2]
    assert all(other == first for other in others)


def test_a_refused_file_says_which_line_of_data_to_add(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / INBOX / "2024-02-06" / "content.csv"
    file.parent.mkdir(parents=True)
    file.write_bytes(suite(FIRST).replace(b"Permalink", b"Adresse"))
    assert rapup(tmp_path, "ingest") == 1
    told = "".join(capsys.readouterr())
    assert 'add permalink = ["Adresse"] under [columns] in connectors/instagram/headers_en.toml' in told


def test_a_new_column_is_kept_in_the_ledger_and_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = FIRST | {"Watch time": "31"}
    for day in ("2024-02-05", "2024-02-06"):
        file = tmp_path / INBOX / day / "content.csv"
        file.parent.mkdir(parents=True)
        file.write_bytes(suite(row, header=row))
    assert rapup(tmp_path, "ingest") == 0
    assert "".join(capsys.readouterr()).count('column "Watch time" is not known; kept out') == 1
    with duckdb.connect(str(tmp_path / "store.duckdb"), read_only=True) as connection:
        notices = connection.execute("SELECT notice FROM raw.loads").fetchall()
    assert notices == [('column "Watch time" is not known; kept out',)] * 2
    assert rapup(tmp_path, "ingest") == 0
    assert "Watch time" not in "".join(capsys.readouterr())


def test_a_data_download_in_the_inbox_is_refused_and_nothing_of_it_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / INBOX / f"{FOLDER}.zip"
    file.parent.mkdir(parents=True)
    file.write_bytes(
        packed({f"{INSIGHTS}/posts.json": insights(insight("2024-01-03 12:30:10", "private words"))})
    )
    assert rapup(tmp_path, "ingest") == 1
    told = "".join(capsys.readouterr())
    assert "private archive (instagram data download)" in told
    assert "delete it" in told
    assert b"private words" not in (tmp_path / "store.duckdb").read_bytes()


def unpacked(data: Path) -> Path:
    """A data download that somebody unpacked into the inbox, beside an export."""
    parts = {
        f"{INSIGHTS}/posts.json": insights(insight("2024-01-03 12:30:10", "private words")),
        "personal_information/information_about_you.json": b'{"secret": 1}',
        "messages/inbox/somebody/message_1.json": b'{"participants": []}',
        "media/posts/202401/17.jpg": b"\xff\xd8\xff",
    }
    for name, content in parts.items():
        file = data / INBOX / DOWNLOAD / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    (data / INBOX / "2024-02-05").mkdir()
    (data / INBOX / "2024-02-05" / "content.csv").write_bytes(suite(FIRST))
    return data / INBOX / DOWNLOAD


def test_a_data_download_that_was_unpacked_is_told_once_and_stays_shut(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unpacked(tmp_path)
    assert rapup(tmp_path, "ingest") == 1
    told = "".join(capsys.readouterr())
    assert told.count("private archive (instagram data download)") == 1
    assert f"{DOWNLOAD}: delete it, ask for" in told
    assert "1 new file, 1 row; 0 unchanged; 1 refused" in told
    assert (rapup(tmp_path, "ingest"), rapup(tmp_path, "build")) == (1, 0)
    with duckdb.connect(str(tmp_path / "store.duckdb"), read_only=True) as connection:
        names = connection.execute("SELECT file_name FROM raw.loads WHERE rows = 0").fetchall()
    assert names == [(f"amira/instagram-amira.talks/{DOWNLOAD}",)]


def test_people_are_reminded_once_of_a_data_download_that_was_unpacked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unpacked(tmp_path)
    assert rapup(tmp_path, "check") == 1
    told = "".join(capsys.readouterr())
    assert told.count("private archive lies in the inbox") == 1
    assert told.count(f"{DOWNLOAD}/") == 0


def test_with_permission_only_the_lists_of_posts_in_a_folder_are_opened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = unpacked(tmp_path)
    campaigns = tmp_path / "campaigns"
    campaigns.mkdir()
    text = (Path(__file__).parents[2] / "data" / "campaigns" / "rap-up.toml").read_text(encoding="utf-8")
    (campaigns / "rap-up.toml").write_text(text + "\n[privacy]\nread_archives = true\n", encoding="utf-8")
    assert rapup(tmp_path, "ingest") == 0
    assert "read      2 new files, 2 rows; 0 unchanged; 0 refused" in capsys.readouterr().out
    (folder / INSIGHTS / "posts.json").unlink()
    assert rapup(tmp_path, "ingest") == 1
    assert "without a list of posts as json" in "".join(capsys.readouterr())
