"""The page about adding a source holds: its commands, run as they are written in a copy of the repository."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.e2e.launcher import PORTS, ROOT, free_ports

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1800)]  # some two minutes by itself, many on a machine that is busy

PAGE = Path("docs", "add-a-source.md")
_BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Clone:
    """A copy of the repository with a home of its own, which has this home's environments."""

    def __init__(self, folder: Path) -> None:
        self.root, self.home = folder / "boxoffice", folder / "home"
        for name in _files_of_the_repository():
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.root / name)
        if (ROOT / ".mypy_cache").is_dir():
            shutil.copytree(ROOT / ".mypy_cache", self.root / ".mypy_cache")
        self.home.mkdir()
        for name in ("venv", "venv-cdk"):
            (self.home / name).symlink_to(Path(sys.prefix).parent / name)
        ports = {f"BOXOFFICE_{name}_PORT": str(port) for name, port in zip(PORTS, free_ports(4), strict=True)}
        mine = ("AWS_", "AIRFLOW_", "BOXOFFICE_", "TICKETMASTER_", "TICKIT_", "PYTHONPATH")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(mine)}
        small = {"BOXOFFICE_SIMULATED_EVENTS": "60", "BOXOFFICE_SIMULATED_TICKIT_SCALE": "0.001"}
        self.environment = {**kept, **ports, **small, "BOXOFFICE_HOME": str(self.home)}

    def run(self, commands: str) -> str:
        """Run commands as a reader pastes them; returns what they printed. Fails the test at the first that fails."""
        done = subprocess.run(
            ["bash", "-e", "-c", commands], cwd=self.root, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
        return done.stdout


def _files_of_the_repository() -> list[str]:
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return [name for name in names if (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    fresh_clone = Clone(tmp_path_factory.mktemp("clone"))
    yield fresh_clone
    fresh_clone.run("./boxoffice down")


@pytest.fixture(scope="module")
def printed(clone: Clone) -> list[str]:
    """What each block of the page's commands printed."""
    return [clone.run(block) for block in _BLOCK.findall((clone.root / PAGE).read_text())]


def _sample(clone: Clone, name: str) -> list[dict[str, str]]:
    with (clone.root / "sources" / "acme" / "sample" / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def _rows(clone: Clone, query: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(clone.run(f'./boxoffice sql --csv "{query}"'))))


def test_the_page_makes_a_source_that_lint_finds_nothing_in(printed: list[str]) -> None:
    assert len(printed) == 2
    assert "wrote dags/acme_load.py" in printed[0]
    assert "lint: all clean" in printed[0]


def test_the_star_holds_the_sample(clone: Clone, printed: list[str]) -> None:
    orders = _rows(
        clone, "SELECT order_id, item_id, ordered_on, quantity, amount FROM acme.fact_orders ORDER BY order_id"
    )
    assert [[*row.values()] for row in orders] == [[*row.values()] for row in _sample(clone, "orders")]
    items = _rows(clone, "SELECT item_id, name, price FROM acme.dim_item WHERE item_sk <> 0 ORDER BY item_id")
    assert [[*row.values()] for row in items] == [[*row.values()] for row in _sample(clone, "items")]


def test_the_last_command_shows_revenue_to_the_cent(clone: Clone, printed: list[str]) -> None:
    for item in _sample(clone, "items"):
        orders = [Decimal(row["amount"]) for row in _sample(clone, "orders") if row["itemId"] == item["itemId"]]
        assert f"{sum(orders)}" in printed[1]
        assert item["name"] in printed[1]
