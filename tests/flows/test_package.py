"""`rapup export`: a package that an evaluator can publish and a program can check."""

from __future__ import annotations

import json
import shutil
from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows import package, steps
from flows.cli import main
from flows.package import export
from flows.publishable import (
    COLUMNS_LEFT_OUT,
    TABLES_LEFT_OUT,
    BadPackage,
    left_out,
    publishable,
)
from flows.settings import SAMPLE_INBOX, Settings
from models import metrics, published
from models.campaign import Campaign, load_campaign
from models.published import BY_NAME
from models.store import open_published
from tests.builders import CAMPAIGN, Folder, a_campaign, a_day, a_post, seen
from tests.flows.data_package import cells, faults, read_csv

TODAY = date(2024, 6, 1)
SECRETS = CAMPAIGN.replace(
    'name = "Lavelle"', 'name = "Lavelle"\nconsent_until = 2030-01-31\ncommunities = ["secret community"]'
).replace(
    "[[team]]",
    '[[event]]\ndate = 2023-11-07\nname = "=1+1"\nkind = "session"\nnote = "Said: a | b"\n\n[[team]]',
)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Path]:
    """The sample's package, and the data folder that it was made from."""
    home = tmp_path_factory.mktemp("sample")
    settings = Settings(home / "data", "rap-up")
    campaign = settings.load_campaign()
    steps.ingest(settings, campaign, [SAMPLE_INBOX])
    steps.build(settings, campaign)
    export(settings, campaign, home / "package", TODAY)
    return settings, home / "package"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A published file full of what must not be in a package."""
    path = tmp_path_factory.mktemp("built")
    made = Folder(path, a_campaign(path, SECRETS))
    posts = [
        a_post("10001", "2023-12-01 12:00", "secret caption #findhelp", permalink="https://secret.link/1"),
        a_post("10002", "2023-12-02 12:00", "=secret caption", account="kofi"),
    ]
    made.load(
        posts,
        [seen("10001", "2023-12-08 12:00", 5), seen("10002", "2023-12-09 12:00", 7, account="kofi")],
        [a_day("2023-12-01", views=3)],
    )
    note = [
        {"platform": "tiktok", "post_id": "10002", "topic_id": "help", "note": "secret note", "row_no": 2}
    ]
    made.build(pa.Table.from_pylist(note))
    with duckdb.connect(str(path / "published.duckdb")) as file:
        file.execute("UPDATE marts.loads SET name = 'secret', reason = 'secret', notice = 'secret'")
    return made


@pytest.fixture
def folder(built: Folder, tmp_path: Path) -> Folder:
    """A copy of it that a test may change."""
    return Folder(shutil.copytree(built.path, tmp_path / "data"), built.campaign)


def exported(folder: Folder, target: Path | None = None) -> Path:
    target = target or folder.path.parent / "package"
    export(Settings(folder.path), folder.campaign, target, TODAY)
    return target


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


# --- what a program checks -----------------------------------------------------------------------


def test_the_package_of_the_sample_is_valid(sample: tuple[Settings, Path]) -> None:
    assert faults(sample[1]) == []


def test_the_descriptor_says_what_the_package_is(sample: tuple[Settings, Path]) -> None:
    told = json.loads((sample[1] / "datapackage.json").read_text(encoding="utf-8"))
    assert {name: told[name] for name in ("profile", "name", "title", "as_of")} == {
        "profile": "data-package",
        "name": "rap-up",
        "title": "RAP-UP",
        "as_of": "2024-10-04T11:00:00Z",
    }
    (posts,) = [r for r in told["resources"] if r["name"] == "posts"]
    assert {name: posts[name] for name in ("path", "format", "mediatype", "encoding")} == {
        "path": "csv/posts.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
    }
    assert posts["schema"]["primaryKey"] == ["platform", "post_id"]
    kinds = {field["name"]: field["type"] for field in posts["schema"]["fields"]}
    assert {kinds[name] for name in ("views", "duration_s", "published_at", "published_on", "is_collab")} == {
        "integer", "number", "datetime", "date", "boolean",
    }  # fmt: skip


@pytest.mark.parametrize("table", publishable(), ids=lambda table: table.name)
def test_parquet_is_the_published_table(sample: tuple[Settings, Path], table: published.Table) -> None:
    settings, folder = sample
    with open_published(settings.data) as file:
        rows = file.table(table)
        ((count,),) = file.rows("SELECT count(*) FROM query_table(?)", [f"marts.{table.name}"])
    assert pq.read_table(folder / "parquet" / f"{table.name}.parquet").equals(rows)
    assert rows.num_rows == count


@pytest.mark.parametrize("table", publishable(), ids=lambda table: table.name)
def test_csv_holds_the_same_values_as_parquet(sample: tuple[Settings, Path], table: published.Table) -> None:
    _, folder = sample
    rows = pq.read_table(folder / "parquet" / f"{table.name}.parquet").to_pylist()
    empty_is_missing = [{name: None if cell == "" else cell for name, cell in row.items()} for row in rows]
    assert read_csv(folder, table.name) == empty_is_missing


def test_the_check_sees_what_is_wrong(sample: tuple[Settings, Path], tmp_path: Path) -> None:
    def broken(name: str, old: bytes, new: bytes) -> list[str]:
        copy = tmp_path / str(len(list(tmp_path.iterdir())))
        shutil.copytree(sample[1], copy)
        content = (copy / name).read_bytes()
        assert old in content
        (copy / name).write_bytes(content.replace(old, new, 1))
        return faults(copy)

    assert broken("csv/teams.csv", b"early-help", b"earlyhelp1") == ["csv/teams.csv: hash"]
    assert "csv/teams.csv: bytes" in broken("csv/teams.csv", b"Early", b"Earlier")
    twice = broken("csv/teams.csv", b"early-help", b"neurodiversity")
    assert "csv/teams.csv: a primary key twice" in twice
    assert "csv/teams.csv: header" in broken("csv/teams.csv", b"team_id", b"team")
    assert any("is no date" in fault for fault in broken("csv/periods.csv", b"2023-11-08", b"08/11/2023"))
    assert any("is no datetime" in f for f in broken("csv/campaign.csv", b"T11:00:00Z", b" 11:00:00"))
    assert any("is no integer" in f for f in broken("csv/teams.csv", b",0", b",x"))
    assert "not listed or not there: csv/team.csv" in broken(
        "datapackage.json", b"csv/teams.csv", b"csv/team.csv"
    )


# --- the same bytes ------------------------------------------------------------------------------


def test_two_exports_are_the_same_bytes(folder: Folder) -> None:
    first, second = exported(folder), exported(folder, folder.path.parent / "again")
    assert contents(first) == contents(second)


def test_the_clock_of_the_computer_changes_nothing(folder: Folder) -> None:
    first = contents(exported(folder))
    with duckdb.connect(str(folder.path / "published.duckdb")) as file:
        file.execute("UPDATE marts.campaign SET built_at = TIMESTAMP '2031-01-01'")
        file.execute("UPDATE marts.loads SET loaded_at = TIMESTAMP '2031-01-01'")
        file.execute("UPDATE marts.sources SET last_load_at = TIMESTAMP '2031-01-01'")
    assert contents(exported(folder, folder.path.parent / "again")) == first


# --- what is left out ----------------------------------------------------------------------------


def test_nothing_that_is_left_out_is_anywhere_in_the_package(folder: Folder) -> None:
    target = exported(folder)
    with open_published(folder.path) as file:
        everything = str([file.table(table).to_pylist() for table in published.TABLES])
    assert everything.count("secret") == 8  # captions, link, note, community, load
    for name, content in contents(target).items():
        text = (
            str(pq.read_table(target / name).to_pylist()) if name.endswith(".parquet") else content.decode()
        )
        assert "secret" not in text, name


def test_every_published_column_is_in_the_package_or_told_as_left_out(folder: Folder) -> None:
    target = exported(folder)
    told = left_out()
    codebook = (target / "codebook.md").read_text(encoding="utf-8")
    for table in published.TABLES:
        header = [] if table.name in told else cells(target / "csv" / f"{table.name}.csv")[0]
        missing = [f"{table.name}.{c.name}" for c in table.columns if c.name not in header]
        for name in [table.name] if table.name in told else missing:
            assert f"| `{name}` | {told[name]} |" in codebook
    assert len(told) == codebook.split("| left out | why |\n|---|---|\n")[1].split("\n\n")[0].count("\n") + 1


# Text can hold anything: whoever publishes a new column of it decides here whether the world may read it,
# or names it in flows/publishable.py.
JUDGED = {
    "campaign": "name title timezone version audience",
    "teams": "team_id name",
    "topics": "topic_id team_id name",
    "periods": "period_id name",
    "events": "name kind team_id note",
    "creators": "creator_id name kind",
    "accounts": "platform account creator_id",
    "posts": "platform post_id account creator_id topic_id team_id period_id media_type views_day_1_status"
    " views_day_3_status views_day_7_status views_day_28_status same_age_note target_basis listed_by",
    "post_topics": "platform post_id topic_id rule",
    "post_days": "platform post_id",
    "account_days": "platform account",
    "account_weeks": "platform account creator_id",
    "topic_weeks": "topic_id team_id platform basis",
    "topic_periods": "topic_id team_id period_id",
    "topic_comparisons": "topic_id team_id period_id before_id measure shift verdict sentence",
    "posting_times": "dimension",
    "spc": "measure facet cause point_type scale phase_reason assurance",
    "audience": "platform subject_type subject_id population creator_id dimension bucket state basis",
    "target_reach": "platform subject_type subject_id population creator_id criterion words state verdict"
    " basis",
    "comment_periods": "topic_id period_id suppressed",
    "sources": "platform account source status note",
    "source_metrics": "platform account source metric native_name null_reason",
    "loads": "load_id source platform account sha256",
}


@pytest.mark.parametrize("table", publishable(), ids=lambda table: table.name)
def test_every_text_column_of_the_package_was_judged(table: published.Table) -> None:
    text = {column.name for column in table.columns if column.type == "VARCHAR"}
    assert text - set(JUDGED.get(table.name, "").split()) == set()


def test_every_reason_belongs_to_a_table_or_column_that_exists() -> None:
    columns = {f"{table.name}.{column.name}" for table in published.TABLES for column in table.columns}
    known = columns | {name.split(".")[1] for name in columns}
    assert set(COLUMNS_LEFT_OUT) <= known
    assert set(TABLES_LEFT_OUT) <= set(BY_NAME)


def test_no_key_is_left_out() -> None:
    for table in publishable():
        assert set(table.key) <= {column.name for column in table.columns}


def test_captions_and_links_of_a_later_table_are_left_out_too(monkeypatch: pytest.MonkeyPatch) -> None:
    later = published.Table(
        "later",
        "thing",
        ("id",),
        tuple(published.Column(n, "VARCHAR", n) for n in ("id", "caption", "permalink")),
    )
    monkeypatch.setattr("flows.publishable.TABLES", (later,))
    ((kept,),) = (table.columns for table in publishable())
    assert kept.name == "id"
    assert {"later.caption", "later.permalink"} <= set(left_out())


def test_text_that_a_spreadsheet_would_run_is_quoted_in_csv_and_whole_in_parquet(folder: Folder) -> None:
    target = exported(folder)
    assert [row["name"] for row in read_csv(target, "events")] == ["'=1+1"]
    assert pq.read_table(target / "parquet" / "events.parquet").column("name").to_pylist() == ["=1+1"]
    assert "has an apostrophe in front" in (target / "codebook.md").read_text(encoding="utf-8")


def test_a_suppressed_figure_stays_suppressed_and_is_counted(folder: Folder) -> None:
    with duckdb.connect(str(folder.path / "published.duckdb")) as file:
        file.execute(
            "INSERT INTO marts.audience BY NAME SELECT * FROM (VALUES"
            " ('tiktok', 'account', 'kofi', 'followers', 'age', '13-17', NULL, 'suppressed'),"
            " ('tiktok', 'account', 'kofi', 'followers', 'age', '18-24', 0.4, 'shown'))"
            " AS rows(platform, subject_type, subject_id, population, dimension, bucket, share, state)"
        )
    target = exported(folder)
    assert [(row["share"], row["state"]) for row in read_csv(target, "audience")] == [
        (None, "suppressed"),
        (0.4, "shown"),
    ]
    told = (target / "limitations.md").read_text(encoding="utf-8")
    assert "In table audience, 1 of 2 rows (50\N{NO-BREAK SPACE}%) are suppressed" in told


def with_consent(folder: Folder, until: str) -> Campaign:
    file = folder.path / "test.toml"
    file.write_text(
        SECRETS.replace("consent_until = 2030-01-31", f"consent_until = {until}"), encoding="utf-8"
    )
    return load_campaign(file)


def test_a_creator_whose_consent_has_ended_is_nowhere_in_the_package(folder: Folder) -> None:
    folder.campaign = with_consent(folder, "2023-12-31")
    folder.build()
    for name, content in contents(exported(folder)).items():
        if name.endswith(".csv"):
            assert b"10001" not in content, name
            assert b"lavelle" not in content, name


def test_consent_that_ended_since_the_build_asks_for_a_build(folder: Folder) -> None:
    ended = with_consent(folder, "2024-05-31")
    with pytest.raises(BadPackage, match=r"Lavelle: consent ended on 2024-05-31.*run `rapup build`"):
        export(Settings(folder.path), ended, folder.path.parent / "package", TODAY)
    last_day = with_consent(folder, TODAY.isoformat())
    export(Settings(folder.path), last_day, folder.path.parent / "package", TODAY)


# --- the folder ----------------------------------------------------------------------------------


def test_an_earlier_export_is_replaced(folder: Folder) -> None:
    target = exported(folder)
    post = a_post("10003", "2023-12-03 12:00")
    folder.load([post], [seen("10003", "2023-12-10 12:00", 9)], load_id="later")
    folder.build()
    assert exported(folder) == target
    assert len(read_csv(target, "posts")) == 3
    assert faults(target) == []
    assert sorted(path.name for path in target.parent.iterdir()) == ["data", "package"]


def test_an_empty_folder_is_used(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert faults(exported(folder, tmp_path / "empty")) == []


def somebodys_file(folder: Path) -> None:
    (folder / "analysis.R").write_text("my work")


def an_edited_file(folder: Path) -> None:
    (folder / "csv" / "posts.csv").write_text("my edit")


def a_missing_file(folder: Path) -> None:
    (folder / "csv" / "posts.csv").unlink()


def another_campaign(folder: Path) -> None:
    file = folder / "datapackage.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"name": "test"', '"name": "other"'))


def another_program(folder: Path) -> None:
    file = folder / "datapackage.json"
    file.write_text(file.read_text(encoding="utf-8").replace("rapup_version", "version"))


def no_json(folder: Path) -> None:
    (folder / "datapackage.json").write_text("[1, 2]")


@pytest.mark.parametrize(
    "change", [somebodys_file, an_edited_file, a_missing_file, another_campaign, another_program, no_json]
)
def test_a_folder_with_anything_else_is_refused_and_left_as_it_is(folder: Folder, change: object) -> None:
    target = exported(folder)
    assert callable(change)
    change(target)
    before = contents(target)
    with pytest.raises(BadPackage, match="is not empty: choose a new folder"):
        exported(folder)
    assert contents(target) == before


def test_a_file_in_the_way_is_refused(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(BadPackage, match="is a file: choose a new folder"):
        exported(folder, tmp_path / "file")
    assert (tmp_path / "file").read_text() == "mine"


def test_an_export_that_fails_half_way_leaves_the_earlier_one(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(exported(folder))

    def broken(_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(package, "limitations", broken)
    with pytest.raises(OSError, match="No space"):
        exported(folder)
    target = folder.path.parent / "package"
    assert contents(target) == before
    assert sorted(path.name for path in target.parent.iterdir()) == ["data", "package"]


def test_an_export_that_cannot_be_moved_in_puts_the_earlier_one_back(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = exported(folder)
    before = contents(target)
    rename = Path.rename

    def refused(self: Path, new: Path) -> Path:
        if self.name == "new":
            raise PermissionError(13, "Permission denied", str(new))
        return rename(self, new)

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(PermissionError):
        exported(folder)
    assert contents(target) == before


# --- the command ---------------------------------------------------------------------------------


def test_the_command_says_what_it_made(
    sample: tuple[Settings, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, folder = sample
    base = ["--data", str(settings.data), "--campaign", "rap-up"]
    assert main([*base, "export", str(tmp_path / "new" / "package")]) == 0
    told = capsys.readouterr().out
    assert f"exported  {len(publishable())} tables, " in told
    assert "data as of 4 Oct 2024" in told
    assert str(tmp_path / "new" / "package" / "codebook.md") in told
    assert contents(tmp_path / "new" / "package") == contents(folder)


def test_a_refusal_is_one_line_and_exit_code_2(
    sample: tuple[Settings, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = ["--data", str(sample[0].data), "--campaign", "rap-up"]
    assert main([*base, "export", str(sample[0].data)]) == 2
    assert capsys.readouterr().err.startswith(f"rapup: {sample[0].data} is not empty: choose a new folder")
    assert main(["--data", str(tmp_path), "--campaign", "rap-up", "export", str(tmp_path / "x")]) == 2
    assert "run `rapup build` first" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


# --- what people read ----------------------------------------------------------------------------


def test_the_codebook_has_every_column_with_its_meaning_and_every_metric(
    sample: tuple[Settings, Path],
) -> None:
    text = (sample[1] / "codebook.md").read_text(encoding="utf-8")
    for table in publishable():
        section = text.split(f"\n## `{table.name}`\n")[1].split("\n## ")[0]
        for column in table.columns:
            assert f"| `{column.name}` | {column.type} |" in section
    assert (
        f"| `engagement_rate` | {metrics.BY_NAME['engagement_rate'].label} | interactions / views |" in text
    )


def test_the_codebook_tells_coverage_rules_and_estimated_weeks(sample: tuple[Settings, Path]) -> None:
    text = (sample[1] / "codebook.md").read_text(encoding="utf-8")
    assert "Data as of 4 Oct 2024, 11:00 UTC." in text
    assert "| Amira | tiktok:@amira.talks | 34 | 34 | " in text
    assert " 399 of 400 | 4 Oct 2024 |" in text
    assert (
        "| Finding help early (`finding-help`) | #findhelpearly | where to get help, first appointment |"
        in text
    )
    settings, _ = sample
    with open_published(settings.data) as file:
        ((weeks, interpolated),) = file.rows(
            "SELECT count(*), count(*) FILTER (WHERE basis = 'interpolated') FROM marts.topic_weeks"
            " WHERE topic_id = 'talking' AND platform = 'all'"
        )
    assert f"| Talking about mental health at home | {weeks} | " in text
    assert f" | {interpolated} | " in text.split("| Talking about mental health at home | ")[1].split("\n")[0]


def test_a_bar_in_a_name_does_not_break_a_table_of_the_codebook(folder: Folder) -> None:
    file = folder.path / "test.toml"
    file.write_text(SECRETS.replace('name = "Voices"', 'name = "A | B"'), encoding="utf-8")
    folder.campaign = load_campaign(file)
    folder.build()
    assert "| A \\| B (`voices`) |" in (exported(folder) / "codebook.md").read_text(encoding="utf-8")


def test_the_event_log_is_a_table_of_the_package(folder: Folder) -> None:
    (event,) = read_csv(exported(folder), "events")
    assert (event["day"], event["kind"], event["note"]) == (date(2023, 11, 7), "session", "Said: a | b")


def test_moments_are_iso_in_utc(folder: Folder) -> None:
    target = exported(folder)
    header, row = cells(target / "csv" / "posts.csv")[:2]
    assert row[header.index("published_at")] == "2023-12-01T12:00:00Z"
    assert read_csv(target, "posts")[0]["published_at"] == datetime(2023, 12, 1, 12)


def test_the_contract_has_only_types_that_the_package_knows() -> None:
    assert {column.type for table in BY_NAME.values() for column in table.columns} <= {
        "VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP",
    }  # fmt: skip
