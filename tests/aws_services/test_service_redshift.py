"""The Data API against the local AWS (or, with credentials and a workgroup instead, an account)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from aws_services._waiting import Patience
from aws_services.errors import InvalidRequest, StatementFailed
from aws_services.redshift_data import RedshiftData
from infra.local_aws import LocalAws

pytestmark = pytest.mark.service


@pytest.fixture(scope="module")
def redshift(local_aws: LocalAws) -> RedshiftData:
    return RedshiftData(patience=Patience(deadline=60, first=0.02, longest=0.5))


@pytest.fixture
def table(redshift: RedshiftData) -> Iterator[str]:
    name = f"public.t_{uuid.uuid4().hex[:12]}"
    redshift.execute(
        f"CREATE TABLE {name} (id INTEGER, name VARCHAR(40), price DECIMAL(12,2), share DOUBLE PRECISION, "
        "day DATE, at TIMESTAMP, ok BOOLEAN)"
    )
    yield name
    redshift.execute(f"DROP TABLE {name}")


def test_values_go_there_and_come_back(redshift: RedshiftData, table: str) -> None:
    name = "it's; DROP TABLE x -- ☃"
    redshift.execute(
        f"INSERT INTO {table} VALUES (CAST(:id AS INTEGER), :name, CAST(:price AS DECIMAL(12,2)), 0.5, "
        "CAST(:day AS DATE), CAST(:at AS TIMESTAMP), CAST(:ok AS BOOLEAN))",
        {
            "id": 7,
            "name": name,
            "price": Decimal("12.30"),
            "day": date(2026, 11, 20),
            "at": datetime(2026, 11, 20, 19, 30, 0, 250_000, tzinfo=UTC),
            "ok": True,
        },
    )
    redshift.execute(f"INSERT INTO {table} (id) VALUES (8)")
    rows = redshift.execute(f"SELECT * FROM {table} ORDER BY id")
    assert rows[0] == {
        "id": 7,
        "name": name,
        "price": Decimal("12.30"),
        "share": 0.5,
        "day": date(2026, 11, 20),
        "at": datetime.fromisoformat("2026-11-20T19:30:00.250"),
        "ok": True,
    }
    assert list(rows[1].values()) == [8, None, None, None, None, None, None]
    assert rows.columns == ("id", "name", "price", "share", "day", "at", "ok")


def test_a_batch_is_one_transaction(redshift: RedshiftData, table: str) -> None:
    insert = f"INSERT INTO {table} (id, name) VALUES (1, :name)"
    with pytest.raises(StatementFailed) as failed:
        redshift.batch([insert, "SELECT 1/0", insert], {"name": "canary-value"})
    assert failed.value.position == 2
    assert "SELECT 1/0" in str(failed.value)
    assert "canary-value" not in str(failed.value)
    assert redshift.execute(f"SELECT COUNT(*) AS n FROM {table}") == [{"n": 0}]

    results = redshift.batch([insert, insert, f"SELECT COUNT(*) AS n FROM {table}"], {"name": "x"})
    assert [result.has_rows for result in results] == [False, False, True]
    assert list(redshift.rows_of(results[2].statement_id)) == [{"n": 2}]


def test_the_same_token_runs_once(redshift: RedshiftData, table: str) -> None:
    token = str(uuid.uuid4())
    for _ in range(3):
        redshift.execute(f"INSERT INTO {table} (id) VALUES (1)", token=token)
    assert redshift.execute(f"SELECT COUNT(*) AS n FROM {table}") == [{"n": 1}]


def test_large_results_are_read_whole(redshift: RedshiftData, table: str) -> None:
    digits = " UNION ALL ".join(f"SELECT {digit} AS d" for digit in range(10))
    redshift.execute(
        f"INSERT INTO {table} (id, name) SELECT a.d + 10*b.d + 100*c.d + 1000*e.d, 'row' "
        f"FROM ({digits}) a CROSS JOIN ({digits}) b CROSS JOIN ({digits}) c CROSS JOIN ({digits}) e"
    )
    rows = redshift.execute(f"SELECT id FROM {table} ORDER BY id")
    assert [row["id"] for row in rows] == list(range(10_000))


@pytest.mark.parametrize(
    ("sql", "params", "reason"),
    [
        ("SELECT * FROM no_such_table", {}, "no_such_table"),
        ("SELEKT 1", {}, "(?i)syntax|SELEKT"),
    ],
)
def test_a_wrong_statement_says_why(redshift: RedshiftData, sql: str, params: dict[str, str], reason: str) -> None:
    with pytest.raises(StatementFailed, match=reason):
        redshift.execute(sql, params)


@pytest.mark.parametrize(
    ("sql", "params"),
    [("SELECT 1 AS one", {"unused": "x"}), ("SELECT :missing AS one", {"other": "x"})],
)
def test_parameters_and_statement_must_agree(redshift: RedshiftData, sql: str, params: dict[str, str]) -> None:
    with pytest.raises((InvalidRequest, StatementFailed)):
        redshift.execute(sql, params)
