"""The stack of each environment, synthesized once a session."""

from __future__ import annotations

import importlib.util

import pytest

from tests.infra.aws.synthesis import ENVIRONMENTS, Synthesized, synthesize

# These need the CDK, and run in its own environment, which `tests/infra/test_aws.py` sees to.
WITH_CDK = ("test_checks.py", "test_stack.py")
collect_ignore = [] if importlib.util.find_spec("aws_cdk") else [*WITH_CDK]


@pytest.fixture(scope="session", params=ENVIRONMENTS)
def stack(request: pytest.FixtureRequest) -> Synthesized:
    """The stack of an environment."""
    return synthesize(request.param)
