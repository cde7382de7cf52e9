"""What every source's tests share."""

from __future__ import annotations

import time

import pytest

from sources.files import stores


@pytest.fixture(autouse=True)
def _an_hour_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files that a test writes have been there for an hour when they are read."""
    monkeypatch.setattr(stores, "_now", lambda: time.time() + 3600)
