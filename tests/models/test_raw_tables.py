from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from models import schema
from models.raw_tables import create
from models.schema import conform
from models.store import STORE_FILE, StoreUnreadable, open_store
from tests.flows.nights import Nights


@pytest.fixture
def nights(tmp_path: Path) -> Nights:
    return Nights(tmp_path / "data", {})


NEWER = {"reach", "interactions", "follows", "link_clicks"}


def older_store(folder: Path) -> None:
    """A store as the version before the four newest metrics of account days made it."""
    older = [field for field in schema.ACCOUNT_DAYS_SEEN if field.name not in NEWER]
    connection = duckdb.connect(str(folder / STORE_FILE))
    connection.execute("CREATE SCHEMA raw")
    connection.execute(create("account_days_seen", pa.schema(older)))
    connection.execute("INSERT INTO raw.account_days_seen (load_id, views) VALUES ('old', 7)")
    connection.close()


def test_a_store_of_an_older_version_gets_the_columns_it_lacks(tmp_path: Path) -> None:
    older_store(tmp_path)
    with open_store(tmp_path) as store:
        figures = {"reach": pa.array([431]), "views": pa.array([8])}
        store.add_rows("new", {"account_days_seen": conform(figures, "account_days_seen")})
    connection = duckdb.connect(str(tmp_path / STORE_FILE), read_only=True)
    names = [name for name, *_ in connection.execute("DESCRIBE raw.account_days_seen").fetchall()]
    rows = connection.execute("SELECT load_id, views, reach FROM raw.account_days_seen ORDER BY 2").fetchall()
    connection.close()
    assert names == schema.ACCOUNT_DAYS_SEEN.names
    assert rows == [("old", 7, None), ("new", 8, 431)]


def test_a_build_gives_a_store_of_an_older_version_what_it_lacks(nights: Nights) -> None:
    nights.build()
    folder = nights.settings.data
    connection = duckdb.connect(str(folder / STORE_FILE))
    connection.execute("DROP TABLE raw.pulls")
    connection.execute("ALTER TABLE raw.account_days_seen DROP COLUMN link_clicks")
    connection.close()
    nights.build()
    assert nights.stored("SELECT count(link_clicks) FROM raw.account_days_seen") == [(0,)]
    assert nights.published("SELECT count(*) FROM marts.pulls") == [(0,)]


def test_a_build_that_lacks_nothing_does_not_touch_the_store(nights: Nights) -> None:
    nights.build()
    store = nights.settings.data / STORE_FILE
    before = (store.stat().st_mtime_ns, store.read_bytes())
    nights.build()
    assert (store.stat().st_mtime_ns, store.read_bytes()) == before


def test_a_file_that_is_no_store_keeps_its_own_message(nights: Nights) -> None:
    duckdb.connect(str(nights.settings.data / STORE_FILE)).close()
    with pytest.raises(StoreUnreadable, match="not a store that this version can read; restore a backup"):
        nights.build()
