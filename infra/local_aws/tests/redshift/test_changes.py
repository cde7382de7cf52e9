"""INSERT, UPDATE, DELETE and MERGE in the forms that only Redshift has."""

from __future__ import annotations

import psycopg
import pytest

from infra.local_aws.redshift.errors import StatementError
from infra.local_aws.redshift.execution import Session

Rows = list[tuple[str | None, ...]]
SETUP = [
    "CREATE TABLE stock (id INT, n INT DEFAULT 7, v SUPER)",
    "INSERT INTO stock VALUES (1, 10, 1), (2, 20, 2), (3, 30, 3)",
    "CREATE TABLE news (id INT, n INT, v SUPER)",
    "INSERT INTO news VALUES (2, 200, ARRAY(5)), (4, 400, ARRAY(6))",
]
_SET = "WHEN MATCHED THEN UPDATE SET n = s.n WHEN NOT MATCHED THEN INSERT (id, n) VALUES (s.id, s.n)"

CASES: list[tuple[str, str, Rows]] = [
    ("with before delete", "WITH w AS (SELECT id FROM news) DELETE FROM stock WHERE id IN (SELECT id FROM w)",
     [("1", "10"), ("3", "30")]),
    ("with before delete using", "WITH w AS (SELECT 3 AS id) DELETE FROM stock USING w WHERE stock.id = w.id",
     [("1", "10"), ("2", "20")]),
    ("with before update", "WITH w AS (SELECT id, n + 1 AS m, m * 2 AS k FROM news) UPDATE stock SET n = w.k FROM w"
     " WHERE stock.id = w.id", [("1", "10"), ("2", "402"), ("3", "30")]),
    ("update from a join", "UPDATE stock s SET n = a.n + b.n FROM news a JOIN news b ON a.id = b.id WHERE s.id = a.id",
     [("1", "10"), ("2", "400"), ("3", "30")]),
    ("update to the default", "UPDATE stock SET n = DEFAULT WHERE id = 1", [("1", "7"), ("2", "20"), ("3", "30")]),
    ("delete without from", "DELETE stock WHERE id > 1", [("1", "10")]),
    ("insert a query in parentheses", "INSERT INTO stock (id, n) (SELECT id, n FROM news WHERE id > 2)",
     [("1", "10"), ("2", "20"), ("3", "30"), ("4", "400")]),
    ("insert with a query of its own", "INSERT INTO stock (id) WITH w AS (SELECT 9 AS i) SELECT i FROM w",
     [("1", "10"), ("2", "20"), ("3", "30"), ("9", "7")]),
    ("insert defaults", "INSERT INTO stock DEFAULT VALUES", [("1", "10"), ("2", "20"), ("3", "30"), (None, "7")]),
    ("insert some defaults", "INSERT INTO stock (id, n) VALUES (5, DEFAULT), (6, 60)",
     [("1", "10"), ("2", "20"), ("3", "30"), ("5", "7"), ("6", "60")]),
    ("merge with a condition on one table", "MERGE INTO stock USING news AS s ON (stock.id > 2) AND (s.id = stock.id) "
     + _SET, [("1", "10"), ("2", "20"), ("2", "200"), ("3", "30"), ("4", "400")]),
    ("merge", "MERGE INTO stock USING news s ON stock.id = s.id " + _SET,
     [("1", "10"), ("2", "200"), ("3", "30"), ("4", "400")]),
]  # fmt: skip


@pytest.fixture
def stock(shared_session: Session) -> Session:
    for sql in ("DROP TABLE IF EXISTS stock", "DROP TABLE IF EXISTS news", *SETUP):
        shared_session.run_alone(sql)
    return shared_session


@pytest.mark.parametrize(("sql", "rows"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_rows_after_the_change(stock: Session, sql: str, rows: Rows) -> None:
    stock.run_alone(sql)
    assert stock.run_alone("SELECT id, n FROM stock ORDER BY id, n").rows == rows


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("WITH w AS (SELECT 1 AS id) INSERT INTO stock (id) SELECT id FROM w", "syntax error"),
        ("UPDATE stock SET (id, n) = (1, 2)", "syntax error"),
        ("MERGE INTO stock USING news s ON stock.id > s.id " + _SET, "equality"),
        ("MERGE INTO stock USING news s ON stock.id > 1 " + _SET, "equality"),
        ("MERGE INTO stock USING news s ON stock.id = s.id " + _SET.replace("s.n W", "s.v[0] W"),
         "Partial reference of SUPER column"),
    ],
)  # fmt: skip
def test_refused(stock: Session, sql: str, reason: str) -> None:
    with pytest.raises((StatementError, psycopg.Error), match=reason):
        stock.run_alone(sql)
    stock.connection.execute("ROLLBACK")
