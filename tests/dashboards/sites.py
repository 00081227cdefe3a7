"""Sites that many tests look at, each rendered once for all the processes of a run."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboards.site import render_site
from tests.dashboards.hostile_corpus import poisoned
from tests.dashboards.published import Published, hostile, published, without_posts

PATIENCE_S = 300

__all__ = ["cache", "campaign", "empty_site", "hostile_site", "poisoned_site", "site"]


@pytest.fixture(scope="session")
def cache(pytestconfig: pytest.Config) -> Path:
    """The Vega bundle takes seconds to make: it outlives the run, as it does for users."""
    return pytestconfig.cache.mkdir("vega")  # type: ignore[union-attr]


@pytest.fixture(scope="session")
def campaign() -> Published:
    return published()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Path:
    return shared(tmp_path_factory, "site", lambda folder: render_site(published(), folder, cache))


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Path:
    return shared(tmp_path_factory, "hostile", lambda folder: render_site(hostile(), folder, cache))


@pytest.fixture(scope="session")
def poisoned_site(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Path:
    return shared(
        tmp_path_factory, "poisoned", lambda folder: render_site(poisoned(), folder, cache, ["pptx"])
    )


@pytest.fixture(scope="session")
def empty_site(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Path:
    return shared(tmp_path_factory, "empty", lambda folder: render_site(without_posts(), folder, cache))


def shared(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that the first process to ask makes, and the others wait for."""
    base = factory.getbasetemp()
    root = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, begun, done = (root / f"{name}{ending}" for ending in ("", ".begun", ".done"))
    try:
        begun.mkdir()
    except FileExistsError:
        until = time.monotonic() + PATIENCE_S
        while not done.exists():
            assert time.monotonic() < until, f"nobody made {folder}"
            time.sleep(0.05)
        return folder
    try:
        folder.mkdir()
        make(folder)
    finally:
        done.touch()
    return folder
