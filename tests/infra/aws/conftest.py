"""The stack of each environment, synthesized once a session."""

from __future__ import annotations

import pytest

from tests.infra.aws.synthesis import ENVIRONMENTS, Synthesized, synthesize


@pytest.fixture(scope="session", params=ENVIRONMENTS)
def stack(request: pytest.FixtureRequest) -> Synthesized:
    """The stack of an environment."""
    pytest.importorskip("aws_cdk")
    return synthesize(request.param)
