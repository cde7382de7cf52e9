"""Stored procedures: arguments, dynamic SQL, exception handlers, cursors."""

from __future__ import annotations

import psycopg
import pytest

from infra.local_aws.redshift.errors import RefusedByRedshift, StatementError, UnsupportedStatement
from infra.local_aws.redshift.execution import Session


@pytest.fixture
def logged(session: Session) -> Session:
    """A session with a table `log`."""
    session.run_alone("CREATE TABLE log (line VARCHAR(200))")
    return session


def _create(session: Session, head: str, body: str) -> None:
    session.run_alone(f"CREATE OR REPLACE PROCEDURE {head} AS $$ {body} $$ LANGUAGE plpgsql")


def _lines(session: Session) -> list[str | None]:
    return [line for (line,) in session.run_alone("SELECT line FROM log ORDER BY line").rows]


def test_out_arguments_are_not_passed(session: Session) -> None:
    _create(
        session,
        "split(total IN INT, low OUT INT, high OUT INT)",
        "BEGIN low := $1 / 2; high := total - low; END;",
    )
    assert session.run_alone("CALL split(7)").rows == [("3", "4")]
    session.run_alone("ALTER PROCEDURE split(INT) RENAME TO halve")
    assert session.run_alone("CALL halve(9)").rows == [("4", "5")]
    session.run_alone("DROP PROCEDURE halve(total INT, low OUT INT, high OUT INT)")


def test_overloads_are_told_apart_by_their_inputs(session: Session) -> None:
    _create(session, "area(a INT, r OUT INT)", "BEGIN r := a * a; END;")
    _create(session, "area(a INT, b INT, r OUT INT)", "BEGIN r := a * b; END;")
    assert session.run_alone("CALL area(3)").rows == [("9",)]
    assert session.run_alone("CALL area(3, 4)").rows == [("12",)]


def test_dynamic_sql_is_redshifts(logged: Session) -> None:
    _create(
        logged,
        "fill(target VARCHAR, n INOUT INT)",
        "DECLARE text VARCHAR(500); r RECORD; BEGIN "
        "text := 'CREATE TEMP TABLE ' || quote_ident(target) || ' DISTSTYLE ALL AS SELECT NVL(' || n || ', 0) AS a'; "
        "EXECUTE text; EXECUTE 'SELECT COUNT(*) FROM ' || target INTO n; "
        "FOR r IN EXECUTE 'SELECT TOP 1 a FROM ' || target LOOP "
        "INSERT INTO log VALUES ('a is ' || r.a); END LOOP; END;",
    )
    assert logged.run_alone("CALL fill('made', 5)").rows == [("1",)]
    assert _lines(logged) == ["a is 5"]


def test_dynamic_sql_runs_once_in_a_transaction(logged: Session) -> None:
    _create(
        logged, "twice()", "BEGIN FOR i IN 1..3 LOOP EXECUTE 'INSERT INTO log VALUES (' || i || ')'; END LOOP; END;"
    )
    logged.begin()
    logged.run_alone("INSERT INTO log VALUES ('before')")
    logged.run_alone("CALL twice()")
    logged.commit()
    assert _lines(logged) == ["1", "2", "3", "before"]


def test_dynamic_sql_that_redshift_refuses_fails_the_call(logged: Session) -> None:
    _create(logged, "refused()", "BEGIN INSERT INTO log VALUES ('x'); EXECUTE 'CREATE INDEX i ON log (line)'; END;")
    with pytest.raises(RefusedByRedshift, match="CREATE INDEX"):
        logged.run_alone("CALL refused()")
    assert _lines(logged) == []


def test_dynamic_sql_after_a_commit_is_not_run_twice(logged: Session) -> None:
    _create(
        logged, "late()", "BEGIN INSERT INTO log VALUES ('kept'); COMMIT; EXECUTE 'INSERT INTO log VALUES (1)'; END;"
    )
    with pytest.raises(UnsupportedStatement, match="after a COMMIT"):
        logged.run_alone("CALL late()")
    assert _lines(logged) == ["kept"]


def test_a_handlers_writes_stay_and_the_error_comes_again(logged: Session) -> None:
    _create(
        logged,
        "atomic()",
        "DECLARE n INT; BEGIN INSERT INTO log VALUES ('lost'); n := 1 / 0; "
        "EXCEPTION WHEN OTHERS THEN INSERT INTO log VALUES ('failed: ' || SQLERRM); END;",
    )
    with pytest.raises(psycopg.errors.DivisionByZero):
        logged.run_alone("CALL atomic()")
    assert _lines(logged) == ["failed: division by zero"]


def test_a_handler_of_an_inner_block_rolls_all_back(logged: Session) -> None:
    _create(
        logged,
        "inner_block()",
        "DECLARE n INT; BEGIN INSERT INTO log VALUES ('lost'); "
        "BEGIN n := 1 / 0; EXCEPTION WHEN OTHERS THEN INSERT INTO log VALUES ('kept'); END; END;",
    )
    with pytest.raises(psycopg.errors.DivisionByZero):
        logged.run_alone("CALL inner_block()")
    assert _lines(logged) == ["kept"]


def test_a_handler_raises_its_own_error(logged: Session) -> None:
    _create(
        logged,
        "own()",
        "BEGIN INSERT INTO nowhere VALUES (1); EXCEPTION WHEN OTHERS THEN RAISE EXCEPTION 'own: %', SQLSTATE; END;",
    )
    with pytest.raises(psycopg.Error, match="own: 42P01"):
        logged.run_alone("CALL own()")
    _create(logged, "own()", "BEGIN INSERT INTO nowhere VALUES (1); EXCEPTION WHEN OTHERS THEN RAISE; END;")
    with pytest.raises(psycopg.errors.UndefinedTable):
        logged.run_alone("CALL own()")


def test_a_nonatomic_procedure_goes_on_after_its_handler(logged: Session) -> None:
    logged.run_alone(
        "CREATE PROCEDURE steps() NONATOMIC AS $$ DECLARE n INT; BEGIN "
        "BEGIN INSERT INTO log VALUES ('1 stays'); n := 1 / 0; INSERT INTO log VALUES ('never'); "
        "EXCEPTION WHEN OTHERS THEN INSERT INTO log VALUES ('2 ' || SQLERRM); END; "
        "INSERT INTO log VALUES ('3 goes on'); END; $$ LANGUAGE plpgsql"
    )
    logged.run_alone("CALL steps()")
    assert _lines(logged) == ["1 stays", "2 division by zero", "3 goes on"]


def test_dynamic_sql_in_a_block_with_a_handler(logged: Session) -> None:
    _create(
        logged,
        "guarded()",
        "BEGIN EXECUTE 'INSERT INTO log VALUES (''written'')'; EXCEPTION WHEN OTHERS THEN RAISE INFO 'x'; END;",
    )
    logged.run_alone("CALL guarded()")
    assert _lines(logged) == ["written"]


def test_a_cursor_with_arguments_and_a_case_with_lists(session: Session) -> None:
    session.run_alone("CREATE TABLE n (i INT)")
    session.run_alone("INSERT INTO n VALUES (1), (2), (3)")
    _create(
        session,
        "pick(r INOUT VARCHAR(9))",
        "DECLARE c CURSOR (k INT) FOR SELECT i FROM n WHERE i >= k ORDER BY i; x RECORD; "
        "BEGIN OPEN c(2); FETCH c INTO x; CLOSE c; CASE x.i WHEN 1, 3 THEN r := 'odd'; ELSE r = 'even'; END CASE; END;",
    )
    assert session.run_alone("CALL pick('')").rows == [("even",)]


def test_a_refcursor_is_read_by_its_name(session: Session) -> None:
    session.run_alone("CREATE TABLE n (i INT)")
    session.run_alone("INSERT INTO n VALUES (1), (2)")
    _create(session, "open_n(least INT, c INOUT REFCURSOR)", "BEGIN OPEN c FOR SELECT i FROM n WHERE i >= least; END;")
    session.begin()
    session.run_alone("CALL open_n(2, 'rows_of_n')")
    assert session.run_alone("FETCH ALL FROM rows_of_n").rows == [("2",)]
    session.run_alone("CLOSE rows_of_n")
    session.commit()


def test_a_python_function_is_refused(session: Session) -> None:
    with pytest.raises(RefusedByRedshift, match="no longer supported"):
        session.run_alone("CREATE FUNCTION f (a ANYELEMENT) RETURNS INT STABLE AS $$ return 1 $$ LANGUAGE plpythonu")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT rs.explain('ANALYZE SELECT 1', false)",
        "SELECT rs.translated(relname) FROM pg_class",
        "SELECT * FROM rs.explain('SELECT 1', false)",
        "SELECT set_config('rs.sql_0', 'DROP TABLE log', false)",
        "SELECT set_config('rs.sql_0', 'DROP TABLE log', false) FROM pg_class",
        "SELECT pg_catalog.set_config('rs.sql_0', 'DROP TABLE log', false) FROM pg_class",
        "SET rs.sql_0 TO 'DROP TABLE log'",
    ],
)
def test_no_one_gives_procedures_a_translation_of_their_own(session: Session, sql: str) -> None:
    with pytest.raises(StatementError):
        session.run_alone(sql)
