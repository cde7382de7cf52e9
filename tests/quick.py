"""Chooses the tests of `./boxoffice test --quick`: those that need nothing that takes long to start.

What takes long (a local AWS, PostgreSQL, Spark, a simulator, a whole pipeline) is a fixture that a session or a module
shares. So a test that uses such a fixture, itself or through another, is left out. That asks what a test needs, and no
list has to be kept. Only the folders whose tests start processes of their own are named.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

_CHEAP = {"tmp_path_factory", "worker_id", "testrun_uid", "recorded", "pytestconfig", "doctest_namespace"}
"""Shared fixtures that start nothing."""
_WITH_PROCESSES = ("tests/bench", "tests/e2e", "tests/faults", "tests/mutation", "tests/dags", "tests/infra", "infra")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Don't even read the folders whose tests start processes: importing them takes long, too."""
    return starts_processes(collection_path.relative_to(config.rootpath).as_posix()) or None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that wait for something to start."""
    slow = [item for item in items if not is_quick(item)]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if is_quick(item)]


def starts_processes(path: str) -> bool:
    """Whether the tests of a file or folder start processes of their own."""
    return any(path == folder or path.startswith(f"{folder}/") for folder in _WITH_PROCESSES)


def is_quick(item: Any) -> bool:
    """Whether a test needs nothing that takes long to start."""
    fixtures = item._fixtureinfo.name2fixturedefs
    return not any(
        definitions[-1].scope not in ("function", "class") and name not in _CHEAP
        for name, definitions in fixtures.items()
    )
