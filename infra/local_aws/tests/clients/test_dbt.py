"""dbt with Redshift's adapter: a small project, run twice as a team would."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from infra.local_aws import LocalAws

from .conftest import Environment
from .environments import environment, run

PROJECT = Path(__file__).with_name("dbt_project")


class Dbt:
    """dbt's command line on a copy of the project."""

    def __init__(self, folder: Path, env: Environment) -> None:
        self.folder = folder
        self._env = env | {"DBT_PROFILES_DIR": str(folder)}
        self._program = environment("clients").with_name("dbt")

    def __call__(self, *arguments: str) -> str:
        return run([self._program, "--no-use-colors", *arguments], self._env, self.folder)


@pytest.fixture
def dbt(tmp_path: Path, administrator: Environment) -> Dbt:
    return Dbt(shutil.copytree(PROJECT, tmp_path / "project"), administrator)


def test_a_project_is_built_twice(dbt: Dbt, clients_aws: LocalAws) -> None:
    dbt("build")
    seeds = dbt.folder / "seeds" / "venues.csv"
    seeds.write_text(seeds.read_text().replace("Ottawa", "Toronto"))
    with psycopg.connect(clients_aws.warehouse_dsn, autocommit=True) as connection:
        connection.execute("INSERT INTO shop.sales VALUES (4, 2, 7.00, '2026-12-01 20:00:00', NULL)")
        dbt("build")
        dbt("docs", "generate")
        _has_second_run(connection)
        has_grant = "SELECT has_table_privilege('client_analyst', 'dbt_box_office.sales_by_city', 'select')"
        assert connection.execute(has_grant).fetchone() == (True,)
    catalog = json.loads((dbt.folder / "target" / "catalog.json").read_text())
    sales = catalog["nodes"]["model.box_office.sales"]
    assert sales["metadata"]["comment"] == "Each sale, once; it's a dollar-quoted comment with $ and 'quotes'."
    assert sales["columns"]["sale_id"]["comment"] == "Key of the sale."


def _has_second_run(connection: psycopg.Connection) -> None:
    """Checks what the second build changed: incremental models, a materialized view, and a snapshot's history."""

    def rows(query: LiteralString) -> list[tuple[object, ...]]:
        return connection.execute(query).fetchall()

    assert rows("SELECT city, amount, sales FROM dbt_box_office.sales_by_city ORDER BY city") == [
        ("Austin", Decimal("30.50"), 2),
        ("Toronto", Decimal("12.25"), 2),
    ]
    assert rows("SELECT amount FROM dbt_box_office.mv_sales ORDER BY venue_id") == [
        (Decimal("30.50"),),
        (Decimal("12.25"),),
    ]
    assert rows("SELECT seen, COUNT(*) FROM dbt_box_office.replaced_sales GROUP BY 1") == [("again", 4)]
    history = "SELECT city, dbt_valid_to IS NULL FROM dbt_box_office.venue_history WHERE venue_id = 2 ORDER BY 2"
    assert rows(history) == [("Ottawa", False), ("Toronto", True)]
