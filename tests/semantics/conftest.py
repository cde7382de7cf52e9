"""A world of each seed, loaded once for all tests of a file, and a session as an analyst."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from aws_services import resources
from tests.fixtures.warehouse import DirectRedshift, empty
from tests.semantics import worlds


@pytest.fixture(scope="module", params=worlds.SEEDS)
def analyst(migrated_redshift: DirectRedshift, request: pytest.FixtureRequest) -> Iterator[DirectRedshift]:
    """An analyst's session on a warehouse with the world of a seed."""
    empty(migrated_redshift)
    worlds.load(migrated_redshift, request.param)
    session = migrated_redshift.sibling(f"IAMR:{resources.ANALYST_ROLE}")
    yield session
    session.close()
