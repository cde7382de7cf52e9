"""A new source's files: complete, small, for names that can be names, and never over what is there."""

from __future__ import annotations

import ast
import importlib
import io
import shutil
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlfluff.core import FluffConfig, Linter
from typer.testing import CliRunner

import schemas
import sources
from infra.checkout import ROOT
from infra.checks import redshift_sql
from infra.launcher.app import app
from infra.launcher.new_source import Like, NameRefused, Skeleton
from infra.launcher.new_source.skeleton import RESOURCES
from lake.readers import reader_of
from schemas.source import Source
from sources.files import FileSource, Limits
from tests.fixtures.landing import MemoryLanding

KINDS: tuple[Like, ...] = ("tickit", "ticketmaster")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository that has only the list of resources."""
    (tmp_path / "aws_services").mkdir()
    shutil.copy(ROOT / RESOURCES, tmp_path / RESOURCES)
    return tmp_path


@pytest.mark.parametrize("like", KINDS)
def test_it_is_small_and_its_dag_is_smaller(root: Path, like: Like) -> None:
    skeleton = Skeleton("acme", like, root)
    written = skeleton.write()
    lines = {path: len((root / path).read_text().splitlines()) for path in written if path != RESOURCES}
    assert len(lines) <= 18
    assert sum(lines.values()) <= 450
    assert lines[Path("dags", f"{skeleton.pipeline}.py")] <= 40


@pytest.mark.parametrize("like", KINDS)
def test_what_is_written_is_clean(root: Path, like: Like) -> None:
    Skeleton("acme", like, root).write()
    shutil.copy(ROOT / "pyproject.toml", root)
    for arguments in (["check"], ["format", "--check"]):
        command = [sys.executable, "-m", "ruff", *arguments, "--no-cache", "."]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert redshift_sql.check_tree(root / "warehouse") == []
    fluff = Linter(config=FluffConfig.from_path(str(ROOT)))
    for path in sorted(root.rglob("*.sql")):
        faults = [str(fault) for fault in fluff.lint_string(path.read_text(), fname=str(path)).get_violations()]
        assert faults == [], path


def test_the_list_of_resources_gets_one_line(root: Path) -> None:
    before = (root / RESOURCES).read_text().splitlines()
    Skeleton("acme", "tickit", root).write()
    after = (root / RESOURCES).read_text()
    ast.parse(after)
    assert [line for line in after.splitlines() if line not in before] == [
        '        _pipeline("acme_load", "acme", entities=("items", "orders"), tables=("items", "orders")),'
    ]


@pytest.mark.parametrize("like", KINDS)
def test_its_contracts_read_every_record_of_its_sample(root: Path, like: Like, monkeypatch: pytest.MonkeyPatch) -> None:
    Skeleton("acme", like, root).write()
    for package in (schemas, sources):
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(root / package.__name__)])
    names = ("schemas.acme", "sources.acme")
    try:
        source, landing = importlib.import_module("sources.acme").SOURCE, MemoryLanding()
        if isinstance(source, FileSource):
            source.extract(landing, source.location, limits=Limits(settle_s=0))
        else:
            source.extract(landing)
        orders = list(_records(source.contract, "orders", landing))
        assert [order.order_id for order in orders] == ["O-1", "O-2", "O-3", "O-4", "O-5"]
        assert sum(order.amount for order in orders) == Decimal("164.35")
        assert [item.name for item in _records(source.contract, "items", landing)] == [
            "T-shirt",
            "Poster, signed",
            "Cap",
        ]
    finally:
        for name in names:
            sys.modules.pop(name, None)


def _records(contract: Source, entity: str, landing: MemoryLanding) -> Iterator[Any]:
    """The records that a reader reads from all landed objects of an entity."""
    reader = reader_of(contract.format(entity), contract.record(entity))
    reader.begin()
    for name in sorted(landing.names(entity)):
        for _, record in reader.read(io.BytesIO(landing.objects[name])):
            yield record


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Acme",
        "1st",
        "a-b",
        "a__b",
        "a_",
        "ac me",
        "../acme",
        "a" * 31,
        "user",
        "import",
        "etl",
        "files",
        "tickit",
        "raw",
    ],
)
def test_a_name_that_cannot_be_one_is_refused_and_nothing_is_written(root: Path, name: str) -> None:
    (root / "schemas" / "tickit").mkdir(parents=True)
    before = sorted(root.rglob("*"))
    with pytest.raises((NameRefused, FileExistsError)):
        Skeleton(name, "tickit", root).write()
    assert sorted(root.rglob("*")) == before


def test_nothing_is_written_over(root: Path) -> None:
    Skeleton("acme", "tickit", root).write()
    mine = root / "schemas" / "acme" / "__init__.py"
    mine.write_text("mine")
    with pytest.raises(FileExistsError, match="already exists: no file was written"):
        Skeleton("acme", "ticketmaster", root).write()
    assert mine.read_text() == "mine"


def test_the_command_says_why_a_name_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "sources" / "tickit").mkdir(parents=True)
    monkeypatch.setattr("infra.checkout.ROOT", root)
    result = CliRunner().invoke(app, ["new-source", "tickit", "--like", "tickit"])
    assert result.exit_code == 2
    assert "sources/tickit already exists: no file was written" in result.stderr


def test_the_next_steps_name_the_pipeline() -> None:
    assert "./boxoffice trigger acme_daily --wait" in Skeleton("acme", "ticketmaster", ROOT).next_steps()
