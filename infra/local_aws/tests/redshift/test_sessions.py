"""A session's parameters and prepared statements."""

from __future__ import annotations

import psycopg
import pytest

from infra.local_aws.redshift import RefusedByRedshift, translate
from infra.local_aws.redshift.execution import Session


def test_parameters_are_set_shown_and_reset(session: Session) -> None:
    def shown(name: str) -> str | None:
        return session.run_alone(f"SHOW {name}").rows[0][0]

    assert shown("wlm_query_slot_count") == "1"
    for value in ("SET wlm_query_slot_count TO 3", "SET wlm_query_slot_count = '3'"):
        session.run_alone(value)
        assert shown("wlm_query_slot_count") == "3"
    session.run_alone("RESET wlm_query_slot_count")
    assert shown("wlm_query_slot_count") == "1"
    session.run_alone("SET query_group TO 'a''b'")
    assert session.run_alone("SELECT CURRENT_SETTING('query_group')").rows == [("a'b",)]
    session.run_alone("SET query_group TO DEFAULT")
    assert shown("query_group") == "unset"
    session.run_alone("SET SESSION statement_timeout TO 20000")
    assert shown("statement_timeout") == "20s"
    session.run_alone("SET statement_timeout TO 0")
    session.run_alone("SET app.tenant TO 'seven'")
    assert session.run_alone("SELECT CURRENT_SETTING('app.tenant')").rows == [("seven",)]
    assert session.run_alone("SELECT SET_CONFIG('app.tenant', 'eight', FALSE)").rows == [("eight",)]
    assert shown("app.tenant") == "eight"
    everything = dict(session.run_alone("SHOW ALL").rows)
    assert everything["query_group"] == "unset"
    assert {"search_path", "timezone", "enable_case_sensitive_identifier"} <= everything.keys()


def test_times_are_shown_in_the_sessions_zone(session: Session) -> None:
    session.run_alone("SET TIME ZONE 'America/New_York'")
    assert session.run_alone("SELECT '2024-01-01 12:00:00+00'::TIMESTAMPTZ").rows == [("2024-01-01 07:00:00-05",)]
    session.run_alone("RESET TIME ZONE")


def test_a_session_reads_only_if_it_is_told_to(session: Session) -> None:
    session.run_alone("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY")
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        session.run_alone("CREATE TABLE t (a INT)")
    session.connection.rollback()
    session.run_alone("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE")
    session.run_alone("CREATE TABLE t (a INT)")


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("SHOW server_version", "8.0.2"),
        ("SHOW TRANSACTION ISOLATION LEVEL", "serializable"),
        ("SHOW standard_conforming_strings", "off"),
        ("SHOW is_superuser", "on"),
        ("SHOW session_authorization", "awsuser"),
        ("SHOW TIME ZONE", "UTC"),
        ("SHOW client_encoding", "UTF8"),
        ("SHOW datestyle", "ISO, MDY"),
    ],
)
def test_drivers_are_told_what_redshift_tells_them(session: Session, statement: str, value: str) -> None:
    assert session.run_alone(statement).rows == [(value,)]


def test_a_search_path_may_have_the_users_own_schema(session: Session) -> None:
    for path in ("$user, public", "'$user', public", '"$user", "public"'):
        session.run_alone(f"SET search_path TO {path}")
        assert session.run_alone("SHOW search_path").rows == [('"$user", public',)]


@pytest.mark.parametrize(
    "statement", ["SET NAMES 'utf8'", "SET client_encoding TO UNICODE", "SET client_encoding = 'UTF-8'"]
)
def test_text_is_utf8(session: Session, statement: str) -> None:
    session.run_alone(statement)
    assert session.run_alone("SHOW client_encoding").rows == [("UTF8",)]


def test_another_encoding_is_refused() -> None:
    with pytest.raises(RefusedByRedshift, match="must be UTF8"):
        translate("SET client_encoding TO 'LATIN1'")


@pytest.mark.parametrize("level", ["SERIALIZABLE", "SNAPSHOT", "READ COMMITTED", "READ UNCOMMITTED", "REPEATABLE READ"])
def test_every_isolation_level_is_redshifts(session: Session, level: str) -> None:
    session.begin()
    session.run(f"SET TRANSACTION ISOLATION LEVEL {level}, READ WRITE")
    assert session.connection.execute("SHOW transaction_isolation").fetchone() == ("repeatable read",)
    session.commit()


def test_a_mode_of_transactions_that_does_not_exist_is_refused() -> None:
    for statement in ("SET TRANSACTION SLOWLY", "SET TRANSACTION READ ONLY; DROP TABLE t", "SET TRANSACTION"):
        with pytest.raises(RefusedByRedshift):
            translate(statement)


# -- prepared statements


def test_a_prepared_statement_is_translated_and_takes_values(session: Session) -> None:
    session.run_alone("CREATE TABLE seats (row_number INT, label CHAR(3), sold_on DATE)")
    session.run_alone(
        "PREPARE sell (int, char(3)) AS INSERT INTO seats VALUES ($1, $2, DATEADD(day, $1, '2024-01-01'))"
    )
    session.run_alone("EXECUTE sell (1, 'A1')")
    session.run_alone("EXECUTE sell (1 + 1, UPPER('b2'))")
    session.run_alone("PREPARE seat (int) AS SELECT label, NVL(sold_on, GETDATE()) FROM seats WHERE row_number = $1")
    sold = session.run_alone("EXECUTE seat (2)")
    assert [row[0].strip() for row in sold.rows] == ["B2"]
    assert sold.columns is not None
    session.run_alone("DEALLOCATE PREPARE sell")
    with pytest.raises(psycopg.errors.InvalidSqlStatementName):
        session.run_alone("EXECUTE sell (3, 'C3')")


def test_only_queries_and_changes_are_prepared() -> None:
    with pytest.raises(RefusedByRedshift, match="can be prepared"):
        translate("PREPARE p AS DROP TABLE seats")


def test_a_query_is_cancelled_by_its_process(session: Session) -> None:
    session.run_alone("CANCEL 2147483600 'no such query'")
    with pytest.raises(psycopg.errors.QueryCanceled):
        session.run_alone(f"CANCEL {session.pid}")
