"""What all tests share, here and in infra/: the recorded data, and the expensive fixtures (one of each a session)."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent

os.environ.setdefault("BOXOFFICE_AWS_ACCOUNT", "210987654321")
"""No test depends on the account's id being the default one: whatever assumes that fails here, pipelines included.
`tests/e2e/test_add_a_source.py` runs one under the default."""

pytest_plugins = [
    name
    for name in (
        "tests.fixtures.garbage",
        "infra.local_aws.pytest_plugin",
        "tests.fixtures.mocked_aws",
        "infra.simulators.pytest_plugin",
        "tests.fixtures.landing",
        "tests.fixtures.warehouse",
        "tests.fixtures.spark",
        "tests.fixtures.bad_records",
        "tests.fixtures.stack",
        "tests.fixtures.browser",
        "tests.fixtures.superset",
    )
    if importlib.util.find_spec(name)
]


@pytest.fixture(scope="session")
def local_aws_options() -> dict[str, Any]:
    """The local AWS of the tests knows the one workgroup of our list, as that of a stack does."""
    from aws_services import resources  # reads the account from the environment

    return {"workgroup": resources.WORKGROUP}


@pytest.fixture(scope="session")
def recorded() -> Path:
    """Folder of real recorded data, which is not part of the repository; tests that need it are skipped without it."""
    folder = Path(os.environ.get("BOXOFFICE_RECORDED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no recorded data at {folder}")
    return folder
