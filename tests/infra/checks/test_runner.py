"""`./boxoffice test --quick`: which tests are quick."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from infra.checks import runner
from tests.quick import is_quick


def item(nodeid: str, **scopes: str) -> Any:
    """A test that pytest has collected, with the scopes of its fixtures."""
    definitions = {name: [SimpleNamespace(scope=scope)] for name, scope in scopes.items()}
    return SimpleNamespace(nodeid=nodeid, _fixtureinfo=SimpleNamespace(name2fixturedefs=definitions))


@pytest.mark.parametrize(
    ("test", "quick"),
    [
        (item("tests/lake/test_a.py::test", lake="function", mocked_aws="function"), True),
        (item("tests/lake/test_a.py::test", folder="function", tmp_path_factory="session"), True),
        (item("tests/warehouse/test_a.py::test", redshift="function", redshift_server="session"), False),
        (item("tests/glue_jobs/test_a.py::test", spark="session"), False),
        (item("tests/schemas/test_a.py::test", calendar="module"), False),
        (item("tests/e2e/test_a.py::test"), False),
        (item("infra/local_aws/tests/test_a.py::test"), False),
    ],
)
def test_a_test_is_quick_if_it_shares_nothing_that_must_be_started(test: Any, quick: bool) -> None:
    assert is_quick(test) is quick


@pytest.mark.parametrize("quick", [True, False])
def test_only_quick_leaves_tests_out(quick: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(runner.children, "run", lambda command, *_: commands.append(command) or 0)

    runner.test([], quick=quick)

    assert ("tests.quick" in commands[0]) is quick
    assert "loadfile" in commands[0]
