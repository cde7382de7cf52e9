"""The pipelines that are watched in an account are those that there are."""

from __future__ import annotations

import pytest

from aws_services import resources


def test_every_star_is_watched() -> None:
    stars = pytest.importorskip("warehouse.stars", exc_type=ImportError)
    assert {star.pipeline for star in stars.stars()} == {*resources.PIPELINES}
