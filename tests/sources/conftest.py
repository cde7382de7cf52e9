"""What every source's tests share."""

from __future__ import annotations

import time

import pytest

from sources.files import stores


@pytest.fixture(autouse=True)
def _an_hour_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that a test writes are an hour old when they are read."""
    monkeypatch.setattr(stores, "_now", lambda: time.time() + 3600)
