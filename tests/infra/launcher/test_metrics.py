"""`./boxoffice metrics`: lists, explains and answers by names, as an analyst, and refuses what has no answer."""

from __future__ import annotations

import json

import pytest
import yaml
from typer.testing import CliRunner, Result

from aws_services.redshift_data import Rows
from infra.launcher import queries
from infra.launcher.app import app
from semantics.catalog import load
from tests.fixtures.warehouse import DirectRedshift
from tests.warehouse.tickit.files import PIPELINE
from tests.warehouse.tickit.files import load as load_files
from tests.warehouse.tickit.test_products import FILES
from warehouse.refresh import refresh


def metrics(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["metrics", *arguments])


@pytest.fixture
def actors(redshift: DirectRedshift, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> list:
    """A warehouse with six sales, and the actors who asked it."""
    actors: list = []
    refresh(redshift, PIPELINE, load_files(redshift, FILES))  # type: ignore[arg-type]

    class DataApi:
        def execute(self, statement: str) -> Rows:
            rows = redshift.execute(statement)
            return Rows(rows, rows[0].keys() if rows else ())

    def warehouse(stack: object, actor: str) -> DataApi:
        actors.append(actor)
        return DataApi()

    monkeypatch.setenv("BOXOFFICE_HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.setattr("infra.launcher.commands.access.require_warehouse", lambda stack: None)
    monkeypatch.setattr(queries, "warehouse", warehouse)
    return actors


def test_a_question_is_answered_as_an_analyst(actors: list) -> None:
    arguments = ("query", "tickets_sold,revenue", "--by", "seller", "--order", "-tickets_sold", "--limit", "2")
    done = metrics(*arguments, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == [
        {"seller": 1, "tickets_sold": 7, "revenue": 140.00},
        {"seller": 3, "tickets_sold": 5, "revenue": 212.01},
    ]
    assert metrics(*arguments, "--csv").stdout == "seller,tickets_sold,revenue\n1,7,140.00\n3,5,212.01\n"
    assert actors == ["analyst", "analyst"]


def test_conditions_and_saved_questions(actors: list) -> None:
    arguments = (
        "query",
        "sales",
        "--where",
        "buyer__state in CA, NY",
        "--where",
        "sale__sale_date >= 2008-04-01",
        "--csv",
    )
    assert metrics(*arguments).stdout == "sales\n3\n"
    saved = metrics("query", "best_sellers_by_revenue", "--limit", "1", "--csv")
    assert saved.stdout.splitlines()[1].startswith("3,")
    narrowed = metrics("query", "best_sellers_by_revenue", "--where", "seller != 3", "--limit", "1", "--csv")
    assert narrowed.stdout.splitlines()[1].startswith("4,")


def test_sql_is_shown_and_not_run(actors: list) -> None:
    done = metrics("query", "revenue", "--by", "category__name", "--where", "category__group = O'Hara", "--sql")
    assert "FROM tickit.v_sales" in done.stdout
    assert "'O''Hara'" in done.stdout
    assert actors == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("query", "revenu"), "there is no metric 'revenu'. Did you mean revenue"),
        (("query", "revenue", "--by", "seller__stat"), "Did you mean seller__state"),
        (("query", "revenue", "--by", "venue__city"), " or tickit_venue__city?"),
        (("query", "revenue", "--where", "seller__state like N%"), "is no condition"),
        (("query", "revenue", "--where", "seller = seven"), "'seven' is not a whole number"),
        (("query", "revenue", "--order", "sales"), "to sort by"),
        (("explain", "evening"), "Did you mean evening_share"),
    ],
)
def test_what_is_wrong_is_said_without_a_warehouse(actors: list, arguments: tuple[str, ...], message: str) -> None:
    done = metrics(*arguments)
    assert done.exit_code == 2
    assert message in done.stderr
    assert actors == []


def test_lists_and_explanations_need_no_stack() -> None:
    listed = json.loads(metrics("list", "--json").stdout)
    assert {metric["name"] for metric in listed["metrics"]} == set(load().metrics)
    assert {question["name"] for question in listed["saved_questions"]} == set(load().questions)
    explained = json.loads(metrics("explain", "revenue", "--json").stdout)
    assert "seller__state" in {group["name"] for group in explained["group_by"]}
    assert "TICKIT" not in metrics("explain", "venue__city").stdout
    assert "busiest_venues" in metrics("list").stdout
    assert "Which venues have the most upcoming shows?" in metrics("explain", "busiest_venues").stdout


def test_the_export_is_yaml() -> None:
    exported = yaml.safe_load(metrics("export").stdout)
    assert exported["version"] == "0.2.0.dev0"
