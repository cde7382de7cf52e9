"""Late-binding views, procedures and plans, for clients of the warehouse's port."""

from __future__ import annotations

import psycopg
import pytest

from .conftest import Connect

# psycopg sends a statement with parameters by the extended protocol, and one without by the simple one.
PROTOCOLS = pytest.mark.parametrize(("call", "arguments"), [("CALL fill(4, 0)", None), ("CALL fill(%s, %s)", (4, 0))])


@pytest.fixture
def filled(connect: Connect) -> psycopg.Connection:
    """A connection with a table `t` of one row, and a procedure `fill` that adds one and counts by dynamic SQL."""
    connection = connect(prepare_threshold=None)
    connection.execute("CREATE TABLE t (a INT)")
    connection.execute("INSERT INTO t VALUES (1)")
    connection.execute(
        "CREATE PROCEDURE fill(n INT, counted INOUT INT) AS $$ BEGIN INSERT INTO t VALUES (n); "
        "EXECUTE 'SELECT NVL(COUNT(*), ' || n || ') FROM t' INTO counted; END; $$ LANGUAGE plpgsql"
    )
    return connection


@PROTOCOLS
def test_dynamic_sql_runs_once(filled: psycopg.Connection, call: str, arguments: tuple[int, int] | None) -> None:
    assert filled.execute(call, arguments).fetchall() == [(2,)]
    assert filled.execute("SELECT a FROM t ORDER BY a").fetchall() == [(1,), (4,)]


@PROTOCOLS
def test_dynamic_sql_takes_part_in_the_transaction(
    filled: psycopg.Connection, call: str, arguments: tuple[int, int] | None
) -> None:
    with filled.transaction(force_rollback=True):
        filled.execute("INSERT INTO t VALUES (2)")
        assert filled.execute(call, arguments).fetchall() == [(3,)]
    assert filled.execute("SELECT a FROM t").fetchall() == [(1,)]


@pytest.mark.parametrize("arguments", [None, ()])
def test_dynamic_sql_that_is_refused_aborts(filled: psycopg.Connection, arguments: tuple[()] | None) -> None:
    filled.execute("CREATE PROCEDURE bad() AS $$ BEGIN EXECUTE 'CREATE INDEX i ON t (a)'; END; $$ LANGUAGE plpgsql")
    filled.execute("BEGIN")
    with pytest.raises(psycopg.Error, match="CREATE INDEX"):
        filled.execute("CALL bad()", arguments)
    with pytest.raises(psycopg.errors.InFailedSqlTransaction):
        filled.execute("SELECT 1")
    filled.execute("ROLLBACK")
    assert filled.execute("SELECT 5").fetchall() == [(5,)]


def test_out_arguments_are_not_passed(filled: psycopg.Connection) -> None:
    filled.execute("CREATE PROCEDURE next(i INT, o OUT INT) AS $$ BEGIN o := i + 1; END; $$ LANGUAGE plpgsql")
    assert filled.execute("CALL next(3)").fetchall() == [(4,)]
    assert filled.execute("CALL next(%s)", (5,)).fetchall() == [(6,)]


def test_a_late_binding_view_shows_new_columns(filled: psycopg.Connection, schema: str) -> None:
    filled.execute(f"CREATE VIEW late AS SELECT * FROM {schema}.t WITH NO SCHEMA BINDING")
    assert filled.execute("SELECT * FROM late").fetchall() == [(1,)]
    filled.execute("ALTER TABLE t ADD COLUMN b INT DEFAULT 3")
    assert filled.execute("SELECT * FROM late").fetchall() == [(1, 3)]


def test_a_plan_is_redshifts(filled: psycopg.Connection) -> None:
    plan = filled.execute("EXPLAIN SELECT * FROM t")
    assert plan.statusmessage == "EXPLAIN"
    assert [column.name for column in plan.description or []] == ["QUERY PLAN"]
    assert plan.fetchall()[0][0].startswith("XN Seq Scan on t  (cost=")


def test_execute_takes_redshifts_expressions_only(filled: psycopg.Connection) -> None:
    filled.execute("PREPARE plus (INT) AS SELECT a + $1 FROM t")
    assert filled.execute("EXECUTE plus(NVL(NULL, 4))").fetchall() == [(5,)]
    with pytest.raises(psycopg.Error, match="SET_CONFIG"):
        filled.execute("EXECUTE plus(pg_catalog.set_config('rs.sql_0', 'DROP TABLE t', false))")
