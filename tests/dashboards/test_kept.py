from __future__ import annotations

import os
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dashboards.kept import Kept, key_of, swap_in

MONTH_S = 31 * 24 * 3600


def test_what_was_put_is_got_and_nothing_else(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "cache")
    assert kept.get("a.svg") is None
    assert kept.put("a.svg", b"drawn") == b"drawn"
    assert kept.get("a.svg") == b"drawn"
    assert kept.get("b.svg") is None


def test_what_no_render_has_used_for_a_month_is_dropped(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    for key in ("used.svg", "unused.svg"):
        path = tmp_path / key
        kept.put(key, b"drawn")
        os.utime(path, (path.stat().st_atime - MONTH_S, path.stat().st_mtime - MONTH_S))
    kept.get("used.svg")
    kept.tidy()
    assert [path.name for path in tmp_path.iterdir()] == ["used.svg"]


@given(st.lists(st.text()), st.lists(st.text()))
def test_keys_are_equal_when_sources_are(one: list[str], other: list[str]) -> None:
    assert (key_of(one, "svg") == key_of(other, "svg")) == (one == other)


def test_a_file_of_the_same_bytes_is_left_alone(tmp_path: Path) -> None:
    path = swap_in(tmp_path / "page.html", b"one")
    before = path.stat().st_ino
    assert swap_in(path, b"one").stat().st_ino == before
    assert swap_in(path, b"two").read_bytes() == b"two"
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]
