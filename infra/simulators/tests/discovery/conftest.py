"""A shared caller: its universe has 3,000 events, its clock is fixed at 2026-03-02T02:00Z, and it has no rate limit."""

from __future__ import annotations

import pytest

from infra.simulators.tests.discovery.client import Caller


@pytest.fixture(scope="module")
def api() -> Caller:
    return Caller()
