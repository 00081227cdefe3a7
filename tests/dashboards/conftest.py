from __future__ import annotations

from pathlib import Path

import pytest

from dashboards.site import render_site
from tests.dashboards.published import Published, hostile, published, without_posts


@pytest.fixture(scope="session")
def cache(pytestconfig: pytest.Config) -> Path:
    """The Vega bundle takes seconds to make: it outlives the run, as it does for users."""
    return pytestconfig.cache.mkdir("vega")  # type: ignore[union-attr]


@pytest.fixture(scope="session")
def campaign() -> Published:
    return published()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, campaign: Published, cache: Path) -> Path:
    folder = tmp_path_factory.mktemp("site")
    render_site(campaign, folder, cache)
    return folder


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    render_site(hostile(), folder, cache)
    return folder


@pytest.fixture(scope="session")
def empty_site(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Path:
    folder = tmp_path_factory.mktemp("empty")
    render_site(without_posts(), folder, cache)
    return folder
