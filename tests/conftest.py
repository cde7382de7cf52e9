"""What all tests share: the recorded data, and the expensive fixtures (one of each a session)."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

os.environ.setdefault("BOXOFFICE_AWS_ACCOUNT", "210987654321")
"""No test depends on the account's id being the default one: whatever assumes that fails here, pipelines included.
`tests/e2e/test_add_a_source.py` runs one under the default."""

pytest_plugins = [
    name
    for name in (
        "tests.fixtures.local_aws",
        "tests.fixtures.mocked_aws",
        "tests.fixtures.discovery",
        "tests.fixtures.landing",
        "tests.fixtures.warehouse",
        "tests.fixtures.spark",
        "tests.fixtures.bad_records",
        "tests.fixtures.stack",
        "tests.fixtures.tickit",
    )
    if importlib.util.find_spec(name)
]


@pytest.fixture(scope="session")
def recorded() -> Path:
    """Folder of real recorded data, which is not part of the repository; tests that need it are skipped without it."""
    folder = Path(os.environ.get("BOXOFFICE_RECORDED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no recorded data at {folder}")
    return folder
