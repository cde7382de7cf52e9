"""`./boxoffice test --quick`: which tests are quick."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from infra.checks import runner
from tests.quick import is_quick, starts_processes


def item(**scopes: str) -> Any:
    """A test that pytest has collected, with the scopes of its fixtures."""
    definitions = {name: [SimpleNamespace(scope=scope)] for name, scope in scopes.items()}
    return SimpleNamespace(_fixtureinfo=SimpleNamespace(name2fixturedefs=definitions))


@pytest.mark.parametrize(
    ("test", "quick"),
    [
        (item(lake="function", mocked_aws="function"), True),
        (item(folder="function", tmp_path_factory="session"), True),
        (item(redshift="function", redshift_server="session"), False),
        (item(spark="session"), False),
        (item(calendar="module"), False),
    ],
)
def test_a_test_is_quick_if_it_shares_nothing_that_must_be_started(test: Any, quick: bool) -> None:
    assert is_quick(test) is quick


@pytest.mark.parametrize(
    ("path", "left_out"),
    [
        ("tests/e2e", True),
        ("infra/local_aws/tests/s3/test_a.py", True),
        ("tests/lake", False),
        ("tests/infra_x", False),
    ],
)
def test_folders_whose_tests_start_processes_are_left_out(path: str, left_out: bool) -> None:
    assert starts_processes(path) is left_out


@pytest.mark.parametrize("quick", [True, False])
def test_only_quick_leaves_tests_out(quick: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr("infra.children.run", lambda command, *_: commands.append(command) or 0)

    runner.test([], quick=quick)

    assert ("tests.quick" in commands[0]) is quick
    assert "loadfile" in commands[0]
