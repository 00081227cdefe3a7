from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from tests.connectors.exports import Inbox

settings.register_profile("connectors", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("connectors")


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path)
