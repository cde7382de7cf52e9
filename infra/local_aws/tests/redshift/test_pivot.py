"""PIVOT and UNPIVOT."""

from __future__ import annotations

import pytest

from infra.local_aws.redshift.errors import RefusedByRedshift
from infra.local_aws.redshift.execution import Session

Rows = list[tuple[str | None, ...]]


@pytest.fixture(scope="module")
def sales(shared_session: Session) -> Session:
    shared_session.run_alone("CREATE TABLE sold (shop VARCHAR(9), kind VARCHAR(9), grade INT, amount INT)")
    shared_session.run_alone(
        "INSERT INTO sold VALUES ('a', 'pen', 1, 5), ('a', 'pen', 2, 7), ('b', 'ink', NULL, 3), ('b', 'pen', 1, 1)"
    )
    shared_session.run_alone("CREATE TABLE months (shop VARCHAR(9), jan INT, feb INT)")
    shared_session.run_alone("INSERT INTO months VALUES ('a', 1, 2), ('b', NULL, 4)")
    return shared_session


CASES: list[tuple[str, str, list[str], Rows]] = [
    ("of a table", "SELECT * FROM (SELECT shop, kind, amount FROM sold) PIVOT (SUM(amount) FOR kind IN ('pen', 'ink'))"
     " ORDER BY 1", ["shop", "pen", "ink"], [("a", "12", None), ("b", "1", "3")]),
    ("without implicit columns",
     "SELECT * FROM (SELECT kind, amount FROM sold) PIVOT (MAX(amount) FOR kind IN ('pen'))",
     ["pen"], [("7",)]),
    ("counts null",
     "SELECT * FROM (SELECT shop, grade FROM sold) PIVOT (COUNT(*) FOR grade IN (1, 2, NULL)) ORDER BY 1",
     ["shop", "1", "2", "null"], [("a", "1", "1", "0"), ("b", "1", "0", "1")]),
    ("aliases", "SELECT p.high_n, p.shop FROM (SELECT shop, grade FROM sold) PIVOT (COUNT(*) AS n FOR grade IN (1 AS"
     " high, NULL none)) AS p WHERE p.none_n = 1", ["high_n", "shop"], [("1", "b")]),
    ("of a with query", "WITH w AS (SELECT shop, kind, amount FROM sold) SELECT shop, ink FROM w PIVOT (SUM(amount) FOR"
     " kind IN ('ink')) ORDER BY 1", ["shop", "ink"], [("a", None), ("b", "3")]),
    ("unpivot", "SELECT * FROM months UNPIVOT (n FOR month IN (jan, feb))",
     ["shop", "month", "n"], [("a", "jan", "1"), ("a", "feb", "2"), ("b", "feb", "4")]),
    ("unpivot with nulls and aliases", "SELECT * FROM (SELECT jan, feb FROM months) UNPIVOT INCLUDE NULLS (n FOR month"
     " IN (jan AS one, feb)) u WHERE u.month = 'one'", ["month", "n"], [("one", "1"), ("one", None)]),
    ("unpivot, then an aggregate",
     "SELECT month, SUM(n) AS s, s + 1 AS t FROM months UNPIVOT (n FOR month IN (jan, feb))"
     " GROUP BY 1 ORDER BY 1", ["month", "s", "t"], [("feb", "6", "7"), ("jan", "1", "2")]),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "columns", "rows"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_rows_and_columns(sales: Session, sql: str, columns: list[str], rows: Rows) -> None:
    outcome = sales.run_alone(sql)
    assert [column.name for column in outcome.columns or ()] == columns
    assert sorted(outcome.rows, key=str) == sorted(rows, key=str)


@pytest.mark.parametrize(
    ("clause", "reason"),
    [
        ("PIVOT (LISTAGG(amount) FOR kind IN ('pen'))", "COUNT, SUM, MIN, MAX and AVG"),
        ("PIVOT (SUM(amount) + 1 FOR kind IN ('pen'))", "COUNT, SUM, MIN, MAX and AVG|syntax|Expecting"),
        ("PIVOT (SUM(amount) FOR kind IN (shop))", "column references"),
        ("UNPIVOT (n FOR m IN (amount, nothing))", 'column "nothing" does not exist'),
    ],
)
def test_refused(sales: Session, clause: str, reason: str) -> None:
    with pytest.raises(RefusedByRedshift, match=reason):
        sales.run_alone(f"SELECT * FROM sold {clause}")
    sales.connection.execute("ROLLBACK")
